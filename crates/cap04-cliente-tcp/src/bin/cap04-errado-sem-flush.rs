//! Errado de propósito (M10): espera a resposta de um pedido que não saiu.
//!
//!     cargo run --bin cap04-errado-sem-flush -- 127.0.0.1:7004 /

use std::io::{self, BufWriter, Read, Write};
use std::net::TcpStream;
use std::{env, time::Duration};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7004";
const SILENCIO_MAXIMO: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let mut argumentos = env::args().skip(1);
    let endereco = argumentos.next().unwrap_or(ENDERECO.into());
    let caminho = argumentos.next().unwrap_or("/".into());
    let conexao = TcpStream::connect(&endereco)
        .map_err(|erro| anyhow!("não conectei a {endereco} ({erro})"))?;
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    let resposta = perguntar(&conexao, &caminho)
        .map_err(|erro| anyhow!("esperei a resposta em vão ({erro})"))?;
    println!("{} bytes", resposta.len());
    Ok(())
}

// ANCHOR: perguntar
/// Escreve o pedido em um buffer e espera a resposta.
fn perguntar(mut conexao: &TcpStream, caminho: &str) -> io::Result<Vec<u8>> {
    let mut escritor = BufWriter::new(conexao);
    write!(escritor, "GET {caminho} HTTP/1.0\r\n\r\n")?;
    let mut resposta = Vec::new();
    conexao.read_to_end(&mut resposta)?; // o pedido ainda está no buffer
    Ok(resposta)
}
// ANCHOR_END: perguntar
