//! Errado de propósito (M02): toma uma leitura pela mensagem inteira.
//!
//!     cargo run --bin cap05-errado-uma-leitura -- 127.0.0.1:7005

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

const ENDERECO: &str = "127.0.0.1:7005";
const TAMANHO_DO_BUFFER: usize = 16;

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
/// Lê uma vez, responde uma vez e fecha.
fn ecoar(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    let lidos = conexao.read(&mut buffer)?;
    conexao.write_all(&buffer[..lidos])
}
// ANCHOR_END: ecoar
