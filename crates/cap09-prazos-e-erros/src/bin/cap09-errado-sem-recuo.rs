//! Errado de propósito: tenta de novo no mesmo instante, até o prazo.
//!
//!     cargo run --bin cap09-errado-sem-recuo -- 127.0.0.1:7009

use std::env;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

const ENDERECO: &str = "127.0.0.1:7009";
const PRAZO: Duration = Duration::from_secs(1);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let destino = endereco.parse().context("o endereço não serve")?;
    let mut tentativas = 0;
    match conectar(destino, Instant::now() + PRAZO, &mut tentativas) {
        Ok(_) => println!("conectei"),
        Err(erro) => bail!(
            "desisti em {} s: cerca de {tentativas} tentativas ({erro})",
            PRAZO.as_secs()
        ),
    }
    Ok(())
}

// ANCHOR: conectar
fn conectar(
    destino: SocketAddr,
    fim: Instant,
    tentativas: &mut u32,
) -> io::Result<TcpStream> {
    loop {
        *tentativas += 1;
        match TcpStream::connect_timeout(&destino, PRAZO) {
            Err(_) if Instant::now() < fim => {} // e de novo, e de novo
            resultado => return resultado,
        }
    }
}
// ANCHOR_END: conectar
