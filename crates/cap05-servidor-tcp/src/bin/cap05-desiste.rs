//! Cliente que desiste: depois do primeiro eco, aborta com um reset.
//!
//!     cargo run --bin cap05-desiste -- 127.0.0.1:7005

use std::env;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::anyhow;
use socket2::SockRef;

const ENDERECO: &str = "127.0.0.1:7005";
const FRASE: &str = "já volto\n";
const PRAZO: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let mut conexao = TcpStream::connect(&endereco).map_err(|erro| {
        anyhow!("não consegui conectar a {endereco} ({erro})")
    })?;
    conexao.set_read_timeout(Some(PRAZO))?;
    conexao.write_all(FRASE.as_bytes())?;
    conexao.read_exact(&mut [0; FRASE.len()])?;
    abortar(conexao)?;
    println!("desisti");
    Ok(())
}

// ANCHOR: abortar
/// Com espera zero, fechar vira um reset (RST): nada mais é entregue.
fn abortar(conexao: TcpStream) -> anyhow::Result<()> {
    SockRef::from(&conexao).set_linger(Some(Duration::ZERO))?;
    drop(conexao);
    Ok(())
}
// ANCHOR_END: abortar
