//! Errado de propósito (M01): toma cada leitura por uma linha do oráculo.
//!
//!     cargo run --bin cap01-errado-uma-leitura -- 127.0.0.1:7001

use std::env;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7001";
const PRAZO: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    consultar(&endereco)
}

// ANCHOR: consultar
/// Responde a cada leitura como se fosse uma linha.
fn consultar(endereco: &str) -> anyhow::Result<()> {
    let mut conexao = TcpStream::connect(endereco)?;
    conexao.set_read_timeout(Some(PRAZO))?;
    let mut buffer = [0; 1024];
    loop {
        let lidos = conexao
            .read(&mut buffer)
            .map_err(|erro| anyhow!("esperei a próxima em vão ({erro})"))?;
        let linha = String::from_utf8_lossy(&buffer[..lidos]).into_owned();
        println!("li {lidos} bytes");
        let palavras: Vec<_> = linha.split_whitespace().collect();
        match palavras[..] {
            ["some", a, b, ..] => {
                let soma = a.parse::<u64>()? + b.parse::<u64>()?;
                println!("respondo uma soma");
                conexao.write_all(format!("{soma}\n").as_bytes())?;
            }
            ["segredo", ..] | [] => return Ok(()),
            _ => conexao.write_all(b"sou Ana\n")?,
        }
    }
}
// ANCHOR_END: consultar
