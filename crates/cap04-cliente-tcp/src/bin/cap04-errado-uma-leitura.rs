//! Errado de propósito (M02): toma uma leitura pela resposta inteira.
//!
//!     cargo run --bin cap04-errado-uma-leitura -- 127.0.0.1:7004 /fatias

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::{env, time::Duration};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7004";
const TAMANHO_DO_BUFFER: usize = 4096;
const SILENCIO_MAXIMO: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let mut argumentos = env::args().skip(1);
    let endereco = argumentos.next().unwrap_or(ENDERECO.into());
    let caminho = argumentos.next().unwrap_or("/".into());
    let mut conexao = TcpStream::connect(&endereco)
        .map_err(|erro| anyhow!("não conectei a {endereco} ({erro})"))?;
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    let resposta = perguntar(&mut conexao, &caminho)?;
    println!("{resposta}");
    Ok(())
}

// ANCHOR: perguntar
/// Envia o pedido e devolve o que a primeira leitura trouxer.
fn perguntar(conexao: &mut TcpStream, caminho: &str) -> io::Result<String> {
    let pedido = format!("GET {caminho} HTTP/1.0\r\n\r\n");
    conexao.write_all(pedido.as_bytes())?;
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    let lidos = conexao.read(&mut buffer)?; // uma vez só
    Ok(String::from_utf8_lossy(&buffer[..lidos]).into_owned())
}
// ANCHOR_END: perguntar
