//! O que está errado no livro, e onde: `arquivo:linha: o que fazer`.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Um erro de quem escreve o livro, com o lugar em que ele está.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Falha {
    /// Caminho a partir da raiz do projeto, sempre com `/`.
    pub arquivo: String,
    /// Linha do arquivo, contada a partir de 1.
    pub linha: usize,
    /// O que está errado e o que fazer, em uma frase.
    pub texto: String,
}

impl Falha {
    /// Junta o lugar e a explicação; `arquivo` fica relativo a `raiz`.
    pub fn em(
        raiz: &Path,
        arquivo: &Path,
        linha: usize,
        texto: impl Into<String>,
    ) -> Falha {
        Falha {
            arquivo: relativo(raiz, arquivo),
            linha,
            texto: texto.into(),
        }
    }
}

impl fmt::Display for Falha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.arquivo, self.linha, self.texto)
    }
}

/// Todas as falhas de uma montagem, na ordem de arquivo e linha.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Falhas(Vec<Falha>);

impl Falhas {
    /// Devolve `Ok` se não há falha nenhuma.
    pub fn conferir(mut lista: Vec<Falha>) -> Result<(), Falhas> {
        if lista.is_empty() {
            return Ok(());
        }
        lista.sort();
        lista.dedup();
        Err(Falhas(lista))
    }

    /// As falhas, já em ordem.
    pub fn lista(&self) -> &[Falha] {
        &self.0
    }
}

impl fmt::Display for Falhas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (posicao, falha) in self.0.iter().enumerate() {
            let quebra = if posicao == 0 { "" } else { "\n" };
            write!(f, "{quebra}{falha}")?;
        }
        Ok(())
    }
}

impl Error for Falhas {}

/// O caminho como as mensagens o mostram: a partir da raiz, com `/`.
pub fn relativo(raiz: &Path, arquivo: &Path) -> String {
    let caminho = arquivo.strip_prefix(raiz).unwrap_or(arquivo);
    caminho.to_string_lossy().replace('\\', "/")
}

/// A explicação completa de um erro, sem pilha de chamadas: as falhas do
/// livro uma por linha, ou a cadeia de causas em uma linha só.
pub fn explicar(erro: &anyhow::Error) -> String {
    if let Some(falhas) = erro.downcast_ref::<Falhas>() {
        return falhas.to_string();
    }
    let causas: Vec<String> = erro.chain().map(causa).collect();
    causas.join(": ")
}

/// Uma causa; a do sistema sai em português, com a original ao lado.
fn causa(causa: &(dyn Error + 'static)) -> String {
    let Some(erro) = causa.downcast_ref::<io::Error>() else {
        return causa.to_string();
    };
    let motivo = match erro.kind() {
        ErrorKind::NotFound => "não existe",
        ErrorKind::PermissionDenied => "sem permissão",
        ErrorKind::AlreadyExists => "já existe",
        ErrorKind::AddrInUse => "o endereço está ocupado",
        ErrorKind::AddrNotAvailable => "o endereço não é desta máquina",
        ErrorKind::NotADirectory => "não é uma pasta",
        ErrorKind::IsADirectory => "é uma pasta",
        ErrorKind::ReadOnlyFilesystem => "o disco é só de leitura",
        ErrorKind::StorageFull => "o disco está cheio",
        _ => return erro.to_string(),
    };
    format!("{motivo} ({erro})")
}

#[cfg(test)]
mod testes {
    use super::*;
    use anyhow::Context as _;

    #[test]
    fn o_erro_do_sistema_sai_em_portugues_com_o_original_ao_lado() {
        let sistema = std::fs::read("/nao/existe/aqui");
        let erro = sistema.context("não li o arquivo").expect_err("falta");
        let texto = explicar(&erro);

        assert!(
            texto.starts_with("não li o arquivo: não existe ("),
            "{texto}"
        );
        assert!(!texto.contains('\n'), "{texto}");
    }
}
