//! Experiência: os mesmos três envios por TCP e por UDP.
//!
//!     cargo run --bin cap10-fronteiras

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

const ENDERECO: &str = "127.0.0.1:0";
const PRAZO: Duration = Duration::from_secs(2);
const TEXTOS: [&str; 4] = ["um;", "dois;", "", "três;"];

fn main() -> io::Result<()> {
    por_tcp()?;
    por_udp()?;
    for tamanho in [1200, 65_507, 65_508] {
        medir(tamanho)?;
    }
    Ok(())
}

// ANCHOR: por_tcp
fn por_tcp() -> io::Result<()> {
    let ouvinte = TcpListener::bind(ENDERECO)?;
    let mut origem = TcpStream::connect(ouvinte.local_addr()?)?;
    let (mut destino, _) = ouvinte.accept()?;
    destino.set_read_timeout(Some(PRAZO))?;
    for texto in TEXTOS {
        origem.write_all(texto.as_bytes())?;
    }
    let mut buffer = [0; 4096];
    let lidos = destino.read(&mut buffer)?;
    println!("TCP: uma leitura trouxe {lidos} bytes");
    Ok(())
}
// ANCHOR_END: por_tcp

// ANCHOR: por_udp
fn por_udp() -> io::Result<()> {
    let destino = UdpSocket::bind(ENDERECO)?;
    let origem = UdpSocket::bind(ENDERECO)?;
    destino.set_read_timeout(Some(PRAZO))?;
    for texto in TEXTOS {
        origem.send_to(texto.as_bytes(), destino.local_addr()?)?;
    }
    let mut buffer = [0; 4096];
    for _ in TEXTOS {
        let (lidos, _) = destino.recv_from(&mut buffer)?;
        println!("UDP: uma leitura trouxe {lidos} bytes");
    }
    Ok(())
}
// ANCHOR_END: por_udp

// ANCHOR: medir
fn medir(tamanho: usize) -> io::Result<()> {
    let socket = UdpSocket::bind(ENDERECO)?;
    match socket.send_to(&vec![b'x'; tamanho], socket.local_addr()?) {
        Ok(_) => println!("um datagrama de {tamanho} bytes: partiu"),
        Err(erro) => println!("um datagrama de {tamanho} bytes: {erro}"),
    }
    Ok(())
}
// ANCHOR_END: medir
