//! Da página escrita à página que o mdBook recebe: as diretivas viram HTML.
//!
//! A sintaxe de cada diretiva está em `.github/CONTRIBUTING.md`, na seção
//! "Diretivas das páginas".

mod abas;
mod aberta;
mod argumentos;
mod caixas;
mod cerca;
mod etapas;
mod exercicio;
mod expansor;
mod ficha;
mod figura;
mod inclusao;
mod listagem;
mod nota;
mod pergunta;
mod sessao;

pub use expansor::expandir;
pub use ficha::numero_do_capitulo;

use crate::falha::Falha;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// O que as diretivas precisam saber do livro.
#[derive(Debug, Clone)]
pub struct Contexto {
    /// A pasta de `book.toml`.
    pub raiz: PathBuf,
    /// A pasta das páginas.
    pub fonte: PathBuf,
    /// Endereço do repositório, para a listagem apontar para o arquivo.
    pub repositorio: Option<String>,
    /// Título de cada página do sumário, pelo caminho a partir de `fonte`.
    pub titulos: BTreeMap<PathBuf, String>,
}

/// Um ponto de uma página, para dizer onde está o erro.
#[derive(Debug, Clone, Copy)]
pub struct Lugar<'a> {
    contexto: &'a Contexto,
    /// Caminho completo da página.
    pagina: &'a Path,
    /// Linha, contada a partir de 1.
    linha: usize,
}

impl<'a> Lugar<'a> {
    /// Um erro neste ponto da página.
    fn falha(&self, texto: impl Into<String>) -> Falha {
        self.falha_em(self.pagina, self.linha, texto)
    }

    /// Um erro em um arquivo que a página usa.
    fn falha_em(
        &self,
        arquivo: &Path,
        linha: usize,
        texto: impl Into<String>,
    ) -> Falha {
        Falha::em(&self.contexto.raiz, arquivo, linha, texto)
    }

    /// O mesmo ponto, algumas linhas abaixo.
    fn abaixo(self, linhas: usize) -> Lugar<'a> {
        let linha = self.linha + linhas;
        Lugar { linha, ..self }
    }

    /// O nome da página, sem pasta nem extensão: `cap05-servidor-tcp`.
    fn nome(&self) -> &'a str {
        let nome = self.pagina.file_stem().unwrap_or_default();
        nome.to_str().unwrap_or_default()
    }

    /// O caminho completo de um arquivo citado pela página.
    fn resolver(&self, caminho: &str) -> PathBuf {
        let pasta = self.pagina.parent().unwrap_or(Path::new(""));
        normalizar(&pasta.join(caminho))
    }

    /// Lê um arquivo citado pela página; a falha diz que ele não existe.
    fn ler(&self, caminho: &str) -> Result<(PathBuf, Vec<u8>), Falha> {
        let arquivo = self.resolver(caminho);
        if !arquivo.starts_with(&self.contexto.raiz) {
            return Err(self.falha(format!(
                "`{caminho}` fica fora do projeto; use um arquivo de dentro"
            )));
        }
        match std::fs::read(&arquivo) {
            Ok(bytes) => Ok((arquivo, bytes)),
            Err(erro) => Err(self.falha(format!(
                "não consegui ler `{caminho}`; confira o caminho, que é \
                 contado a partir da página ({erro})"
            ))),
        }
    }

    /// Lê um arquivo de texto citado pela página.
    fn ler_texto(&self, caminho: &str) -> Result<(PathBuf, String), Falha> {
        let (arquivo, bytes) = self.ler(caminho)?;
        match String::from_utf8(bytes) {
            Ok(texto) => Ok((arquivo, texto.replace("\r\n", "\n"))),
            Err(_) => {
                Err(self.falha(format!("`{caminho}` não é um texto em UTF-8")))
            }
        }
    }
}

/// Resolve os `..` do caminho sem olhar o disco.
fn normalizar(caminho: &Path) -> PathBuf {
    use std::path::Component;
    let mut saida = PathBuf::new();
    for parte in caminho.components() {
        match parte {
            Component::ParentDir => {
                saida.pop();
            }
            Component::CurDir => {}
            outra => saida.push(outra),
        }
    }
    saida
}

#[cfg(test)]
pub mod bancada_de_teste {
    //! Uma página e os arquivos dela em uma pasta temporária.

    use super::*;

    pub struct Mesa {
        pub contexto: Contexto,
        _pasta: tempfile::TempDir,
    }

    impl Mesa {
        /// Cria a mesa com os arquivos dados, a partir da raiz.
        pub fn com(arquivos: &[(&str, &str)]) -> Mesa {
            let pasta = tempfile::tempdir().expect("pasta temporária");
            let raiz = pasta.path().to_path_buf();
            for (nome, texto) in arquivos {
                let caminho = raiz.join(nome);
                let acima = caminho.parent().expect("pasta do arquivo");
                std::fs::create_dir_all(acima).expect("criar a pasta");
                std::fs::write(&caminho, texto).expect("escrever o arquivo");
            }
            let contexto = Contexto {
                fonte: raiz.join("book"),
                raiz,
                repositorio: None,
                titulos: BTreeMap::new(),
            };
            Mesa {
                contexto,
                _pasta: pasta,
            }
        }

        /// Expande um texto como se fosse `book/cap05-teste.md`.
        pub fn expandir(&self, texto: &str) -> (String, Vec<String>) {
            let pagina = Path::new("cap05-teste.md");
            let (html, falhas) = expandir(&self.contexto, pagina, texto);
            (html, falhas.iter().map(ToString::to_string).collect())
        }

        /// Expande um texto que está certo.
        pub fn html(&self, texto: &str) -> String {
            let (html, falhas) = self.expandir(texto);
            assert_eq!(falhas, Vec::<String>::new(), "não deveria falhar");
            html
        }

        /// Expande um texto errado de um jeito só.
        pub fn falha(&self, texto: &str) -> String {
            let (_, falhas) = self.expandir(texto);
            assert_eq!(falhas.len(), 1, "esperava uma falha só: {falhas:?}");
            falhas[0].clone()
        }
    }
}
