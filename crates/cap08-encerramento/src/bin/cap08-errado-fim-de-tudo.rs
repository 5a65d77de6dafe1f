//! Errado de propósito (M13): toma o fim do fluxo pelo fim da conversa.
//!
//!     cargo run --bin cap08-errado-fim-de-tudo -- 127.0.0.1:7008

use std::env;
use std::io::{self, Read};
use std::net::{TcpListener, TcpStream};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7008";
const TAMANHO_DO_BUFFER: usize = 64 * 1024;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let ouvinte = TcpListener::bind(&endereco)
        .map_err(|erro| anyhow!("não escutei em {endereco} ({erro})"))?;
    println!("escutando em {}", ouvinte.local_addr()?);
    for conexao in ouvinte.incoming() {
        match conexao.and_then(receber) {
            Ok(total) => println!("{total} bytes, e o cliente foi embora"),
            Err(erro) => println!("não recebi o arquivo ({erro})"),
        }
    }
    Ok(())
}

// ANCHOR: receber
/// Lê até o fim do fluxo e fecha: se o cliente encerrou, já foi embora.
fn receber(mut conexao: TcpStream) -> io::Result<usize> {
    let mut buffer = vec![0; TAMANHO_DO_BUFFER];
    let mut total = 0;
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(total); // para que responder?
        }
        total += lidos;
    }
}
// ANCHOR_END: receber
