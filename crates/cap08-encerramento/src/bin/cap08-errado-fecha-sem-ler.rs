//! Errado de propósito (M12): recusa o arquivo e fecha sem ler o resto.
//!
//!     cargo run --bin cap08-errado-fecha-sem-ler -- 127.0.0.1:7008

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7008";
const LIMITE: usize = 100;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let ouvinte = TcpListener::bind(&endereco)
        .map_err(|erro| anyhow!("não escutei em {endereco} ({erro})"))?;
    println!("escutando em {}", ouvinte.local_addr()?);
    for conexao in ouvinte.incoming() {
        match conexao.and_then(receber) {
            Ok(()) => println!("avisei e fechei"),
            Err(erro) => println!("não recebi o arquivo ({erro})"),
        }
    }
    Ok(())
}

// ANCHOR: receber
/// Aceita até `LIMITE` bytes; acima disso, avisa e fecha.
fn receber(mut conexao: TcpStream) -> io::Result<()> {
    let mut inicio = [0; LIMITE];
    conexao.read_exact(&mut inicio)?;
    conexao.write_all(b"grande demais\n") // e o resto, que ninguém leu?
}
// ANCHOR_END: receber
