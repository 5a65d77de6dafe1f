//! Errado de propósito (M32): espera por uma resposta sem limite de tempo.
//!
//!     cargo run --bin cap04-errado-sem-prazo -- 127.0.0.1:7004 /muda

use std::env;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7004";

fn main() -> anyhow::Result<()> {
    let mut argumentos = env::args().skip(1);
    let endereco = argumentos.next().unwrap_or(ENDERECO.into());
    let caminho = argumentos.next().unwrap_or("/".into());
    let resposta = perguntar(&endereco, &caminho)
        .map_err(|erro| anyhow!("a conversa parou no meio ({erro})"))?;
    println!("{} bytes", resposta.len());
    Ok(())
}

// ANCHOR: perguntar
/// Conecta, envia o pedido e espera a resposta, o tempo que for.
fn perguntar(endereco: &str, caminho: &str) -> io::Result<Vec<u8>> {
    let mut conexao = TcpStream::connect(endereco)?;
    let pedido = format!("GET {caminho} HTTP/1.0\r\n\r\n");
    conexao.write_all(pedido.as_bytes())?;
    let mut resposta = Vec::new();
    conexao.read_to_end(&mut resposta)?; // e se não vier nada, nunca?
    Ok(resposta)
}
// ANCHOR_END: perguntar
