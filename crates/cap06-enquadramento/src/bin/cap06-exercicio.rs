//! Exercício do capítulo 6: a próxima mensagem.
//!
//!     cargo run --bin cap06-exercicio -- 127.0.0.1:7006
//!     cargo oficina conferir cap06

use std::env;
use std::io::{self, BufRead};
use std::net::{TcpListener, TcpStream};

use anyhow::bail;

const ENDERECO: &str = "127.0.0.1:7006";

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(&endereco)?;
    println!("escutando em {}", ouvinte.local_addr()?);
    servir(&ouvinte)
}

/// Atende um cliente depois do outro, para sempre.
///
/// Falta escrever. O laço de `accept` é o do capítulo 5; o que muda é o que
/// acontece com cada conexão.
fn servir(_ouvinte: &TcpListener) -> anyhow::Result<()> {
    bail!(
        "falta escrever `servir`, `atender` e `proxima_mensagem` em \
         crates/cap06-enquadramento/src/bin/cap06-exercicio.rs"
    )
}

/// Combina o formato e responde a cada mensagem, até o fim do fluxo.
///
/// Falta escrever. Um caminho:
/// 1. leia a primeira linha: é `linhas` ou `prefixo`;
/// 2. responda `pronto\n`;
/// 3. peça a próxima mensagem e responda, até não haver mais nenhuma.
#[allow(dead_code)] // Apague esta linha quando `servir` chamar `atender`.
fn atender(_conexao: &TcpStream) -> io::Result<()> {
    Err(io::Error::other("falta escrever `atender`"))
}

/// Devolve a próxima mensagem inteira; `None` se o fluxo acabou entre duas.
///
/// `_leitor` é um `BufReader`, um só por conexão (tire o `_` ao usá-lo).
///
/// Falta escrever. Perguntas que o seu código precisa responder:
/// - onde ficam os bytes que chegaram e ainda não são desta mensagem?
/// - o que acontece se só metade dela, ou do prefixo, já chegou?
/// - quando você já sabe que ela é longa demais?
/// - e se o fluxo acabar no meio?
#[allow(dead_code)] // Apague esta linha quando `atender` a chamar.
fn proxima_mensagem(_leitor: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    Err(io::Error::other("falta escrever `proxima_mensagem`"))
}
