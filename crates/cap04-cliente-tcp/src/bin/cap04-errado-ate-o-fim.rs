//! Errado de propósito (M09): espera o fim de uma conexão que fica aberta.
//!
//!     cargo run --bin cap04-errado-ate-o-fim -- 127.0.0.1:7004 /aberta

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::{env, time::Duration};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7004";
const SILENCIO_MAXIMO: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let mut argumentos = env::args().skip(1);
    let endereco = argumentos.next().unwrap_or(ENDERECO.into());
    let caminho = argumentos.next().unwrap_or("/".into());
    let mut conexao = TcpStream::connect(&endereco)
        .map_err(|erro| anyhow!("não conectei a {endereco} ({erro})"))?;
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    let mut resposta = Vec::new();
    let resultado = perguntar(&mut conexao, &caminho, &mut resposta);
    println!("{} bytes na memória", resposta.len());
    resultado.map_err(|erro| anyhow!("esperei o fim em vão ({erro})"))
}

// ANCHOR: perguntar
/// Envia o pedido e lê até o outro lado encerrar.
fn perguntar(
    conexao: &mut TcpStream,
    caminho: &str,
    resposta: &mut Vec<u8>,
) -> io::Result<()> {
    let pedido = format!("GET {caminho} HTTP/1.0\r\n\r\n");
    conexao.write_all(pedido.as_bytes())?;
    conexao.read_to_end(resposta)?; // e se ele não encerrar?
    Ok(())
}
// ANCHOR_END: perguntar
