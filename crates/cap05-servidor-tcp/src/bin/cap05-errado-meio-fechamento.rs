//! Errado de propósito (M13): toma o fim do envio pelo fim da conversa.
//!
//!     cargo run --bin cap05-errado-meio-fechamento -- 127.0.0.1:7005

use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};

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
/// Devolve cada linha completa; no fim do fluxo, esquece o que devia.
fn ecoar(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    let mut pendente = Vec::new();
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return conexao.shutdown(Shutdown::Both);
        }
        pendente.extend_from_slice(&buffer[..lidos]);
        let fim = pendente.iter().rposition(|&b| b == b'\n');
        if let Some(fim) = fim {
            conexao.write_all(&pendente[..=fim])?;
            pendente.drain(..=fim);
        }
    }
}
// ANCHOR_END: ecoar
