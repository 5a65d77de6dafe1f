//! Errado de propósito (M07): não percebe que o cliente terminou.
//!
//!     cargo run --bin cap05-errado-ignora-fim -- 127.0.0.1:7005

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

const ENDERECO: &str = "127.0.0.1:7005";
const TAMANHO_DO_BUFFER: usize = 4096;

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
/// Depois do fim do fluxo, `read` devolve 0 para sempre, sem esperar.
fn ecoar(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    loop {
        let lidos = conexao.read(&mut buffer)?;
        conexao.write_all(&buffer[..lidos])?;
    }
}
// ANCHOR_END: ecoar
