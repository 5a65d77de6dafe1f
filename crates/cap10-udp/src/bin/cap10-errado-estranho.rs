//! Errado de propósito (M30): aceita a resposta de qualquer um.
//!
//!     cargo run --bin cap10-errado-estranho

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

const ENDERECO: &str = "127.0.0.1:0";
const PRAZO: Duration = Duration::from_secs(2);

fn main() -> io::Result<()> {
    let cliente = UdpSocket::bind(ENDERECO)?;
    let servidor = UdpSocket::bind(ENDERECO)?;
    let estranho = UdpSocket::bind(ENDERECO)?;
    cliente.set_read_timeout(Some(PRAZO))?;
    let destino = servidor.local_addr()?;
    cliente.send_to(b"1 saldo", destino)?;
    // Os dois respondem; o estranho é mais rápido.
    estranho.send_to(b"1 1000000", cliente.local_addr()?)?;
    servidor.send_to(b"1 20", cliente.local_addr()?)?;
    println!("o servidor disse: {}", esperar(&cliente, destino)?);
    Ok(())
}

// ANCHOR: esperar
fn esperar(cliente: &UdpSocket, _alvo: SocketAddr) -> io::Result<String> {
    let mut buffer = [0; 2048];
    let (lidos, _de) = cliente.recv_from(&mut buffer)?;
    Ok(String::from_utf8_lossy(&buffer[..lidos]).into_owned())
}
// ANCHOR_END: esperar
