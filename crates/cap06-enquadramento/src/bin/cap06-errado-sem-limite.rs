//! Errado de propósito (M26): guarda a linha, do tamanho que ela vier.
//!
//!     cargo run --bin cap06-errado-sem-limite -- 127.0.0.1:7006

use std::env;
use std::io::{self, BufRead, BufReader};
use std::net::{TcpListener, TcpStream};

const ENDERECO: &str = "127.0.0.1:7006";

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(&endereco)?;
    println!("escutando em {}", ouvinte.local_addr()?);
    loop {
        let (conexao, par) = ouvinte.accept()?;
        if let Err(erro) = receber_linhas(conexao) {
            println!("{par} caiu ({erro})");
        }
    }
}

// ANCHOR: receber_linhas
/// Espera o `\n` sem perguntar quanto já guardou.
fn receber_linhas(conexao: TcpStream) -> io::Result<()> {
    let mut leitor = BufReader::new(conexao);
    let mut linha = Vec::new();
    while leitor.read_until(b'\n', &mut linha)? > 0 {
        println!("guardei uma linha de {} bytes", linha.len());
        linha.clear();
    }
    Ok(())
}
// ANCHOR_END: receber_linhas
