//! Errado de propósito: sem resposta, pede de novo, seja o que for.
//!
//!     cargo run --bin cap09-errado-repete -- 127.0.0.1:7009 "soma 10"

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, anyhow};

const ENDERECO: &str = "127.0.0.1:7009";
const PEDIDO: &str = "soma 10";
const TEMPO_LIMITE: Duration = Duration::from_secs(1);
const TENTATIVAS: u32 = 3;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let pedido = env::args().nth(2).unwrap_or(PEDIDO.into());
    let destino = endereco.parse().context("o endereço não serve")?;
    let resposta = insistir(destino, &pedido)
        .map_err(|erro| anyhow!("desisti ({erro})"))?;
    println!("resposta: {resposta}");
    Ok(())
}

// ANCHOR: insistir
fn insistir(destino: SocketAddr, pedido: &str) -> io::Result<String> {
    let mut resultado = pedir(destino, pedido);
    for _ in 1..TENTATIVAS {
        if resultado.is_err() {
            resultado = pedir(destino, pedido);
        }
    }
    resultado
}
// ANCHOR_END: insistir

fn pedir(destino: SocketAddr, pedido: &str) -> io::Result<String> {
    let mut conexao = TcpStream::connect_timeout(&destino, TEMPO_LIMITE)?;
    conexao.set_read_timeout(Some(TEMPO_LIMITE))?;
    conexao.set_write_timeout(Some(TEMPO_LIMITE))?;
    conexao.write_all(format!("{pedido}\n").as_bytes())?;
    let mut linha = String::new();
    BufReader::new(conexao).read_line(&mut linha)?;
    match linha.strip_suffix('\n') {
        Some(linha) => Ok(linha.to_owned()),
        None => Err(io::Error::new(
            ErrorKind::UnexpectedEof,
            "o fluxo acabou antes da resposta",
        )),
    }
}
