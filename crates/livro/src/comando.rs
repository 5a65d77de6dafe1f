//! A linha de comando.

use lexopt::{Arg, Parser, ValueExt};
use livro::servidor::Opcoes;
use std::ffi::OsString;
use std::path::PathBuf;

/// O uso, em poucas linhas, para depois de um erro.
pub const USO: &str = "\
uso: cargo run -- [--porta N] [--endereco IP] [--sem-navegador]
     cargo run -- construir [--saida PASTA] [--zip]
     cargo run -- pdf [--saida ARQUIVO]
     cargo run -- epub [--saida ARQUIVO]
     cargo run -- --ajuda";

/// A ajuda inteira.
pub const AJUDA: &str = "\
O livro \"Sockets na prática\".

  cargo run                       monta o livro, serve e recarrega a cada mudança
      --porta N                   porta (3000; se estiver ocupada, a próxima livre)
      --endereco IP               endereço em que escuta (127.0.0.1)
      --sem-navegador             não abre o navegador

  cargo run -- construir          escreve o livro em target/livro
      --saida PASTA               escreve em outra pasta
      --zip                       põe também tudo em PASTA.zip

  cargo run -- pdf                imprime o livro em target/livro.pdf (precisa do Chromium)
  cargo run -- epub               escreve o livro em target/livro.epub
      --saida ARQUIVO             escreve em outro arquivo

  cargo run -- preprocessador     é o que o mdbook comum chama (veja book.toml)";

/// O que fazer.
#[derive(Debug, PartialEq, Eq)]
pub enum Comando {
    Ajuda,
    Servir(Opcoes),
    Construir {
        saida: Option<PathBuf>,
        zip: bool,
    },
    Pdf {
        saida: Option<PathBuf>,
    },
    Epub {
        saida: Option<PathBuf>,
    },
    Preprocessar,
    /// O mdBook pergunta se uma saída serve.
    Suporta(String),
}

/// A linha de comando já lida.
#[derive(Debug, PartialEq, Eq)]
pub struct Pedido {
    pub comando: Comando,
}

/// Lê a linha de comando inteira, com o nome do programa na frente.
pub fn ler(
    palavras: impl IntoIterator<Item = OsString>,
) -> Result<Pedido, String> {
    let mut leitor = Parser::from_iter(palavras);
    let mut opcoes = Opcoes::default();
    loop {
        // O nome da opção empresta o leitor; a cópia o devolve.
        let nome = match leitor.next().map_err(traduzir)? {
            None => {
                return Ok(Pedido {
                    comando: Comando::Servir(opcoes),
                });
            }
            Some(Arg::Long(nome)) => nome.to_string(),
            Some(Arg::Short('h')) => "ajuda".to_string(),
            Some(Arg::Value(nome)) if opcoes == Opcoes::default() => {
                let comando = subcomando(&nome, &mut leitor)?;
                return Ok(Pedido { comando });
            }
            Some(outra) => return Err(estranha(&outra)),
        };
        if matches!(nome.as_str(), "ajuda" | "help") {
            return Ok(Pedido {
                comando: Comando::Ajuda,
            });
        }
        opcao_longa(&mut opcoes, &nome, &mut leitor)?;
    }
}

fn subcomando(nome: &OsString, leitor: &mut Parser) -> Result<Comando, String> {
    match nome.to_str() {
        Some("construir") => construir(leitor),
        Some("pdf") => {
            saida(leitor, false).map(|(saida, _)| Comando::Pdf { saida })
        }
        Some("epub") => {
            saida(leitor, false).map(|(saida, _)| Comando::Epub { saida })
        }
        Some("preprocessador") => preprocessador(leitor),
        _ => Err(format!("não conheço o comando {nome:?}")),
    }
}

fn opcao_longa(
    opcoes: &mut Opcoes,
    nome: &str,
    leitor: &mut Parser,
) -> Result<(), String> {
    match nome {
        "porta" => {
            let valor = leitor.value().map_err(traduzir)?;
            opcoes.porta = valor.parse().map_err(|_| {
                format!("{valor:?} não é uma porta (0 a 65535)")
            })?;
        }
        "endereco" => {
            let valor = leitor.value().map_err(traduzir)?;
            opcoes.endereco = valor
                .parse()
                .map_err(|_| format!("{valor:?} não é um endereço IP"))?;
        }
        "sem-navegador" => opcoes.navegador = false,
        outra => return Err(format!("não conheço a opção `--{outra}`")),
    }
    Ok(())
}

fn construir(leitor: &mut Parser) -> Result<Comando, String> {
    let (saida, zip) = saida(leitor, true)?;
    Ok(Comando::Construir { saida, zip })
}

/// As opções `--saida` e, se o comando a tem, `--zip`.
fn saida(
    leitor: &mut Parser,
    tem_zip: bool,
) -> Result<(Option<PathBuf>, bool), String> {
    let (mut saida, mut zip) = (None, false);
    while let Some(palavra) = leitor.next().map_err(traduzir)? {
        match palavra {
            Arg::Long("saida") => {
                let valor = leitor.value().map_err(traduzir)?;
                saida = Some(PathBuf::from(valor));
            }
            Arg::Long("zip") if tem_zip => zip = true,
            outra => return Err(estranha(&outra)),
        }
    }
    Ok((saida, zip))
}

fn preprocessador(leitor: &mut Parser) -> Result<Comando, String> {
    match leitor.next().map_err(traduzir)? {
        None => Ok(Comando::Preprocessar),
        Some(Arg::Value(nome)) if nome == "supports" => {
            let saida = leitor.value().map_err(traduzir)?;
            Ok(Comando::Suporta(saida.to_string_lossy().into_owned()))
        }
        Some(outra) => Err(estranha(&outra)),
    }
}

fn estranha(palavra: &Arg<'_>) -> String {
    match palavra {
        Arg::Short(letra) => format!("não conheço a opção `-{letra}`"),
        Arg::Long(nome) => format!("não conheço a opção `--{nome}`"),
        Arg::Value(valor) => format!("não esperava {valor:?}"),
    }
}

/// Os erros da leitura, em português.
fn traduzir(erro: lexopt::Error) -> String {
    match erro {
        lexopt::Error::MissingValue {
            option: Some(opcao),
        } => {
            format!("falta o valor de `{opcao}`")
        }
        lexopt::Error::UnexpectedValue { option, .. } => {
            format!("`{option}` não leva valor")
        }
        outro => format!("não entendi a linha de comando ({outro})"),
    }
}
