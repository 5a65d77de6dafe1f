//! Errado de propósito: dá a cada leitura o prazo da conversa inteira.
//!
//!     cargo run --bin cap09-errado-cada-leitura -- 127.0.0.1:7009 gotas

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

const ENDERECO: &str = "127.0.0.1:7009";
const PEDIDO: &str = "gotas";
const PRAZO: Duration = Duration::from_secs(1);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let pedido = env::args().nth(2).unwrap_or(PEDIDO.into());
    let destino = endereco.parse().context("o endereço não serve")?;
    let inicio = Instant::now();
    let resposta =
        pedir(destino, &pedido).map_err(|erro| anyhow!("desisti ({erro})"))?;
    let levou = format!("{:.1} s", inicio.elapsed().as_secs_f64());
    let levou = levou.replace('.', ",");
    println!("o prazo era de {} s, e passaram {levou}", PRAZO.as_secs());
    print!("{resposta}");
    Ok(())
}

// ANCHOR: pedir
fn pedir(destino: SocketAddr, pedido: &str) -> io::Result<String> {
    let mut conexao = TcpStream::connect_timeout(&destino, PRAZO)?;
    conexao.set_read_timeout(Some(PRAZO))?;
    conexao.set_write_timeout(Some(PRAZO))?;
    conexao.write_all(format!("{pedido}\n").as_bytes())?;
    let mut linha = String::new();
    BufReader::new(conexao).read_line(&mut linha)?;
    Ok(linha)
}
// ANCHOR_END: pedir
