//! O repositório dos alunos: o livro, os esqueletos e o corretor, sem as
//! respostas.
//!
//! Nada aqui é uma segunda versão do código: cada arquivo é copiado, reescrito
//! por uma regra de texto ou deixado de fora com um motivo ([`regras`]). O que
//! sai é um repositório que compila e se confere sozinho.

mod capitulos;
mod codigo;
mod fontes;
mod manifesto;
mod paginas;
mod regras;
mod tranca;
mod vazamento;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

pub use capitulos::escolher;
pub use manifesto::{ARQUIVO as MANIFESTO, Manifesto};
pub use vazamento::Segredo;

use regras::Caminho;

/// O que se quer criar.
pub struct Pedido<'a> {
    /// A raiz deste livro.
    pub raiz: &'a Path,
    /// A pasta nova: não existe, ou está vazia.
    pub destino: &'a Path,
    /// Os nomes dos capítulos que vão: `cap05-servidor-tcp`.
    pub capitulos: Vec<&'static str>,
}

/// Cria o repositório e devolve o que foi e o que ficou.
///
/// Escreve primeiro em uma pasta ao lado: se algo falha, o destino continua
/// como estava.
pub fn criar(pedido: &Pedido) -> Result<Manifesto> {
    recusar_cheia(pedido.destino)?;
    let fontes = fontes::listar(pedido.raiz)?;
    let obra = obra(pedido.destino)?;
    let resultado = escrever(pedido, &fontes, &obra).and_then(|manifesto| {
        conferir_segredo(pedido, &fontes, &obra)?;
        mudar(&obra, pedido.destino)?;
        Ok(manifesto)
    });
    if resultado.is_err() {
        // O que falhou já está sendo contado; a sobra não muda isso.
        let _ = fs::remove_dir_all(&obra);
    }
    resultado
}

fn recusar_cheia(destino: &Path) -> Result<()> {
    if !destino.exists() {
        return Ok(());
    }
    let mut dentro = fs::read_dir(destino)
        .with_context(|| format!("não consegui abrir {}", destino.display()))?;
    ensure!(
        dentro.next().is_none(),
        "{} já tem arquivos; escolha uma pasta nova",
        destino.display()
    );
    Ok(())
}

/// A pasta provisória, no mesmo disco do destino.
fn obra(destino: &Path) -> Result<PathBuf> {
    let destino = std::path::absolute(destino)?;
    let (Some(pai), Some(nome)) = (destino.parent(), destino.file_name())
    else {
        bail!("{} não serve de destino", destino.display());
    };
    let nome = nome.to_string_lossy();
    let obra = pai.join(format!(".{nome}-{}", std::process::id()));
    fs::create_dir_all(&obra)
        .with_context(|| format!("não consegui criar {}", obra.display()))?;
    Ok(obra)
}

fn escrever(
    pedido: &Pedido,
    fontes: &[String],
    obra: &Path,
) -> Result<Manifesto> {
    let regras = regras::Regras::novas(pedido, fontes)?;
    let mut manifesto = Manifesto::novo(&pedido.capitulos);
    for nome in fontes {
        let origem = pedido.raiz.join(nome);
        let bytes = || {
            fs::read(&origem)
                .with_context(|| format!("não consegui ler {nome}"))
        };
        match regras.caminho(nome) {
            Caminho::Fora(motivo) => manifesto.fora(nome, motivo),
            Caminho::Copia => gravar(obra, nome, &bytes()?)?,
            Caminho::Reescreve(regra) => {
                let antes = String::from_utf8(bytes()?)
                    .with_context(|| format!("{nome} não é UTF-8"))?;
                let depois = regra(&regras, nome, &antes)?;
                if depois != antes {
                    manifesto.mudou(nome);
                }
                gravar(obra, nome, depois.as_bytes())?;
            }
        }
        copiar_permissoes(&origem, &obra.join(nome));
    }
    for (nome, texto) in regras::modelos(&pedido.capitulos)? {
        manifesto.novo_arquivo(nome);
        gravar(obra, nome, texto.as_bytes())?;
    }
    gravar(obra, manifesto::ARQUIVO, manifesto.texto().as_bytes())?;
    Ok(manifesto)
}

fn gravar(obra: &Path, nome: &str, bytes: &[u8]) -> Result<()> {
    let caminho = obra.join(nome);
    if let Some(pasta) = caminho.parent() {
        fs::create_dir_all(pasta)?;
    }
    fs::write(&caminho, bytes)
        .with_context(|| format!("não consegui escrever {}", caminho.display()))
}

/// Um script continua executável.
fn copiar_permissoes(origem: &Path, copia: &Path) {
    if let (Ok(dados), true) = (fs::metadata(origem), copia.is_file()) {
        // Sem isto, a cópia só perde o bit de execução.
        let _ = fs::set_permissions(copia, dados.permissions());
    }
}

/// A última porta: nenhuma linha própria de uma resposta está na cópia.
fn conferir_segredo(
    pedido: &Pedido,
    fontes: &[String],
    obra: &Path,
) -> Result<()> {
    let segredo = Segredo::ler(pedido.raiz, fontes)?;
    let achados = segredo.procurar(obra)?;
    if let Some(primeiro) = achados.first() {
        bail!(
            "o repositório levaria {} linha(s) das respostas; a primeira: \
             {primeiro}",
            achados.len()
        );
    }
    Ok(())
}

fn mudar(obra: &Path, destino: &Path) -> Result<()> {
    if destino.exists() {
        fs::remove_dir(destino)?;
    }
    fs::rename(obra, destino)
        .with_context(|| format!("não consegui criar {}", destino.display()))
}
