//! Errado de propósito: limita a conexão e a leitura, e esquece a escrita.
//!
//!     cargo run --bin cap09-errado-so-leitura -- 127.0.0.1:7009

use std::env;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, anyhow};

const ENDERECO: &str = "127.0.0.1:7009";
const TEMPO_LIMITE: Duration = Duration::from_secs(1);
const TAMANHO_DO_TEXTO: usize = 32 * 1024 * 1024;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let destino = endereco.parse().context("o endereço não serve")?;
    let resposta = pedir(destino, &"a".repeat(TAMANHO_DO_TEXTO))
        .map_err(|erro| anyhow!("desisti ({erro})"))?;
    print!("{}", String::from_utf8_lossy(&resposta));
    Ok(())
}

// ANCHOR: pedir
fn pedir(destino: SocketAddr, texto: &str) -> io::Result<Vec<u8>> {
    let mut conexao = TcpStream::connect_timeout(&destino, TEMPO_LIMITE)?;
    conexao.set_read_timeout(Some(TEMPO_LIMITE))?;
    println!("enviando {} bytes", texto.len());
    conexao.write_all(format!("eco {texto}\n").as_bytes())?;
    println!("enviado");
    let mut resposta = vec![0; texto.len() + 1];
    conexao.read_exact(&mut resposta)?;
    Ok(resposta)
}
// ANCHOR_END: pedir
