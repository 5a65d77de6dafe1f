//! Exercício do capítulo 1: o oráculo.
//!
//!     cargo run --bin cap01-exercicio -- 127.0.0.1:7001
//!     cargo oficina conferir cap01

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::ExitCode;

const ENDERECO: &str = "127.0.0.1:7001";

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
#[allow(dead_code)] // Apague esta linha quando `responder` usar as duas.
enum Fala {
    /// Responder esta linha.
    Diga(String),
    /// Acabou: este é o segredo.
    Fim(String),
}

/// Decide o que fazer com uma linha do oráculo.
///
/// Falta escrever. Perguntas que o seu código precisa responder:
/// - o que o oráculo quer ouvir depois da saudação?
/// - e depois de `some 417 286`?
/// - o que é o segredo em `segredo ipê-4821`?
/// - e se a linha for `errado`? E se estiver vazia, porque o fluxo acabou?
fn responder(_linha: &str) -> io::Result<Fala> {
    Err(io::Error::other(
        "falta escrever `responder` em \
         crates/cap01-o-que-e-um-socket/src/bin/cap01-exercicio.rs",
    ))
}
