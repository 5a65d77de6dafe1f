//! Uma função para tudo o que se lê: a trait `Read`.
//!
//!     cargo run --bin minimo-leitores

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};

// ANCHOR: main
fn main() -> io::Result<()> {
    println!("da memória: {} bytes", contar("olá".as_bytes())?);

    let ouvinte = TcpListener::bind("127.0.0.1:0")?;
    let mut cliente = TcpStream::connect(ouvinte.local_addr()?)?;
    cliente.write_all("coração".as_bytes())?;
    cliente.shutdown(Shutdown::Write)?;
    let (conexao, _) = ouvinte.accept()?;
    println!("da rede: {} bytes", contar(conexao)?);
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: contar
/// Lê até o fim, de onde quer que seja, e diz quantos bytes vieram.
fn contar(mut leitor: impl Read) -> io::Result<usize> {
    let mut buffer = [0; 4];
    let mut total = 0;
    loop {
        match leitor.read(&mut buffer)? {
            0 => return Ok(total),
            lidos => total += lidos,
        }
    }
}
// ANCHOR_END: contar
