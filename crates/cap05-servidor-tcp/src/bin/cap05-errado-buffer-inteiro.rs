//! Errado de propósito (M05): devolve o buffer todo, não só o que foi lido.
//!
//!     cargo run --bin cap05-errado-buffer-inteiro -- 127.0.0.1:7005

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

const ENDERECO: &str = "127.0.0.1:7005";
// ANCHOR: buffer
const TAMANHO_DO_BUFFER: usize = 16;
// ANCHOR_END: buffer

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(&endereco)?;
    println!("escutando em {}", ouvinte.local_addr()?);
    loop {
        let (conexao, par) = ouvinte.accept()?;
        println!("{par} conectou");
        match ecoar(conexao) {
            Ok(()) => println!("{par} encerrou"),
            Err(erro) => println!("{par} caiu ({erro})"),
        }
    }
}

// ANCHOR: ecoar
/// Devolve o buffer, com o que a leitura anterior deixou nele.
fn ecoar(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    while conexao.read(&mut buffer)? > 0 {
        conexao.write_all(&buffer)?;
    }
    Ok(())
}
// ANCHOR_END: ecoar
