//! Errado de propósito (M06): não confere quantos bytes `write` aceitou.
//!
//!     cargo run --bin cap05-errado-write -- 127.0.0.1:7005

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

const ENDERECO: &str = "127.0.0.1:7005";
// ANCHOR: buffer
const TAMANHO_DO_BUFFER: usize = 65_536;
// ANCHOR_END: buffer
const ESPERA: Duration = Duration::from_millis(10);

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
/// Descarta o que `write` responde: quantos bytes ele aceitou.
fn ecoar(mut conexao: TcpStream) -> io::Result<()> {
    conexao.set_write_timeout(Some(ESPERA))?;
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        let _ = conexao.write(&buffer[..lidos]);
    }
}
// ANCHOR_END: ecoar
