//! Errado de propósito (M29): toma o envio por entrega.
//!
//!     cargo run --bin cap10-errado-entregue -- 127.0.0.1:7010

use std::env;
use std::io;
use std::net::UdpSocket;

const ENDERECO: &str = "127.0.0.1:7010";

fn main() -> io::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    guardar(&endereco, "1 nome=Ana")
}

// ANCHOR: guardar
fn guardar(endereco: &str, pedido: &str) -> io::Result<()> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    let enviados = socket.send_to(pedido.as_bytes(), endereco)?;
    println!("guardado: {enviados} bytes entregues");
    Ok(())
}
// ANCHOR_END: guardar
