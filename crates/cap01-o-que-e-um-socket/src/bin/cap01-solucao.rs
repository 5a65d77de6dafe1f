//! Exercício do capítulo 1, resolvido: o oráculo.
//!
//!     cargo run --bin cap01-solucao -- 127.0.0.1:7001
//!     cargo oficina conferir cap01 -- cargo run --bin cap01-solucao --

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

const ENDERECO: &str = "127.0.0.1:7001";
const PRAZO: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    match consultar(&endereco) {
        Ok(segredo) => {
            println!("{segredo}");
            ExitCode::SUCCESS
        }
        Err(erro) => {
            eprintln!("não soube o segredo ({erro})");
            ExitCode::FAILURE
        }
    }
}

/// Conversa com o oráculo e devolve o segredo.
fn consultar(endereco: &str) -> io::Result<String> {
    let mut conexao = TcpStream::connect(endereco)?;
    conexao.set_read_timeout(Some(PRAZO))?;
    let mut leitor = BufReader::new(conexao.try_clone()?);
    loop {
        let mut linha = String::new();
        leitor.read_line(&mut linha)?;
        match responder(&linha)? {
            Fala::Diga(resposta) => {
                conexao.write_all(format!("{resposta}\n").as_bytes())?;
            }
            Fala::Fim(segredo) => return Ok(segredo),
        }
    }
}

/// O que fazer depois de uma linha do oráculo.
enum Fala {
    /// Responder esta linha.
    Diga(String),
    /// Acabou: este é o segredo.
    Fim(String),
}

/// Decide o que fazer com uma linha do oráculo.
fn responder(linha: &str) -> io::Result<Fala> {
    let Some(linha) = linha.strip_suffix('\n') else {
        return Err(ErrorKind::UnexpectedEof.into());
    };
    let palavras: Vec<_> = linha.split_whitespace().collect();
    match palavras[..] {
        ["oráculo:", ..] => Ok(Fala::Diga("sou Ana".into())),
        ["some", a, b] => Ok(Fala::Diga((numero(a)? + numero(b)?).to_string())),
        ["segredo", segredo] => Ok(Fala::Fim(segredo.into())),
        _ => Err(io::Error::other(linha)),
    }
}

fn numero(palavra: &str) -> io::Result<u64> {
    palavra.parse().map_err(io::Error::other)
}
