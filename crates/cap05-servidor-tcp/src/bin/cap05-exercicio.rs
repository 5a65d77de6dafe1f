//! Exercício do capítulo 5: um eco que não perde nada.
//!
//!     cargo run --bin cap05-exercicio -- 127.0.0.1:7005
//!     cargo oficina conferir cap05

use std::env;
use std::io;
use std::net::{TcpListener, TcpStream};

use anyhow::bail;

const ENDERECO: &str = "127.0.0.1:7005";

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(&endereco)?;
    println!("escutando em {}", ouvinte.local_addr()?);
    servir(&ouvinte)
}

/// Atende um cliente depois do outro, para sempre.
///
/// Falta escrever. Um caminho:
/// 1. aceite a próxima conexão (`accept`) e entregue-a a `ecoar`;
/// 2. se `ecoar` devolver um erro, mostre-o e siga para o próximo cliente;
/// 3. repita.
fn servir(_ouvinte: &TcpListener) -> anyhow::Result<()> {
    bail!(
        "falta escrever `servir` e `ecoar` em \
         crates/cap05-servidor-tcp/src/bin/cap05-exercicio.rs"
    )
}

/// Devolve cada byte recebido, até o cliente encerrar o lado dele.
///
/// Falta escrever. Perguntas que o seu código precisa responder:
/// - quantos bytes do buffer esta leitura preencheu?
/// - o que significa uma leitura de zero bytes?
/// - e se o outro lado aceitar só uma parte do que você envia?
#[allow(dead_code)] // Apague esta linha quando `servir` chamar `ecoar`.
fn ecoar(_conexao: TcpStream) -> io::Result<()> {
    Err(io::Error::other("falta escrever `ecoar`"))
}
