//! Exercício do capítulo 10: um eco e perguntas, em datagramas.
//!
//!     cargo run --bin cap10-exercicio -- 127.0.0.1:7010 eco
//!     cargo run --bin cap10-exercicio -- 127.0.0.1:7010
//!     cargo oficina conferir cap10

use std::net::UdpSocket;
use std::{env, io};

use anyhow::bail;

const ENDERECO: &str = "127.0.0.1:7010";

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    match env::args().nth(2).as_deref() {
        Some("eco") => ecoar(&endereco),
        _ => perguntas(&endereco),
    }
}

/// Devolve cada datagrama a quem o enviou.
///
/// Falta escrever. Perguntas que o seu código precisa responder:
/// - a que endereço o socket se associa?
/// - a quem se responde, se muitos enviam ao mesmo socket?
/// - quantos bytes do buffer são deste datagrama? E se forem 0?
/// - como perceber que um datagrama passou do limite?
fn ecoar(_endereco: &str) -> anyhow::Result<()> {
    bail!(
        "falta escrever `ecoar` em \
         crates/cap10-udp/src/bin/cap10-exercicio.rs"
    )
}

/// Cada linha da entrada é uma pergunta.
fn perguntas(endereco: &str) -> anyhow::Result<()> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    for (numero, linha) in io::stdin().lines().enumerate() {
        match perguntar(&socket, endereco, numero, &linha?)? {
            Some(resposta) => println!("{resposta}"),
            None => println!("sem resposta"),
        }
    }
    bail!(
        "falta escrever `perguntar` em \
         crates/cap10-udp/src/bin/cap10-exercicio.rs"
    )
}

/// Envia `NUMERO LINHA` em um datagrama e devolve o texto da resposta.
///
/// Falta escrever. Perguntas que o seu código precisa responder:
/// - a linha cabe no que o protocolo permite?
/// - e se ninguém responder? E se a resposta for um erro do sistema?
/// - que tamanho tem o maior datagrama que pode chegar?
/// - quem enviou o que chegou? A qual pergunta ele responde?
/// - o que muda se o datagrama que chegou está vazio?
fn perguntar(
    _socket: &UdpSocket,
    _endereco: &str,
    _numero: usize,
    _linha: &str,
) -> io::Result<Option<String>> {
    Ok(None)
}
