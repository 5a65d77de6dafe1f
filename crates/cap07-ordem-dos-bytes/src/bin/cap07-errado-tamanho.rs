//! Errado de propósito (M26): reserva o tamanho que o cliente declarou.
//!
//!     cargo run --bin cap07-errado-tamanho -- 127.0.0.1:7007

use std::env;
use std::io::{self, Read};
use std::net::{TcpListener, TcpStream};

const ENDERECO: &str = "127.0.0.1:7007";

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(&endereco)?;
    println!("escutando em {}", ouvinte.local_addr()?);
    loop {
        let (conexao, par) = ouvinte.accept()?;
        match receber_nota(conexao) {
            Ok(()) => println!("{par} encerrou"),
            Err(erro) => println!("{par} caiu ({erro})"),
        }
    }
}

// ANCHOR: receber_nota
/// Lê um tamanho de quatro bytes e acredita nele.
fn receber_nota(mut conexao: TcpStream) -> io::Result<()> {
    let mut prefixo = [0; 4];
    conexao.read_exact(&mut prefixo)?;
    let tamanho = u32::from_be_bytes(prefixo) as usize;
    let mut nota = vec![0; tamanho];
    println!("reservei {} bytes", nota.len());
    conexao.read_exact(&mut nota)
}
// ANCHOR_END: receber_nota
