//! Cliente hostil: quatro bytes que prometem 256 MiB.
//!
//!     cargo run --bin cap07-hostil -- 127.0.0.1:7007

use std::env;
use std::io::Write;
use std::net::TcpStream;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7007";
const PROMESSA: u32 = 256 * 1024 * 1024;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let mut conexao = TcpStream::connect(&endereco).map_err(|erro| {
        anyhow!("não consegui conectar a {endereco} ({erro})")
    })?;
    conexao.write_all(&PROMESSA.to_be_bytes())?;
    println!("enviei 4 bytes e prometi {PROMESSA}");
    Ok(())
}
