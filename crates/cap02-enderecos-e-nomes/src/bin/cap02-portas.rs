//! As portas que o sistema escolhe, e as que ele guarda para si.
//!
//!     cargo run --bin cap02-portas

use std::net::{TcpListener, TcpStream};

const PORTA_LIVRE: &str = "127.0.0.1:0";
const PORTA_CONHECIDA: &str = "127.0.0.1:80";

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let um = TcpListener::bind(PORTA_LIVRE)?;
    let outro = TcpListener::bind(PORTA_LIVRE)?;
    println!("pedi a porta 0 e ganhei {}", um.local_addr()?);
    println!("pedi de novo, e ganhei  {}", outro.local_addr()?);

    let cliente = TcpStream::connect(um.local_addr()?)?;
    println!("o cliente saiu por      {}", cliente.local_addr()?);

    match TcpListener::bind(um.local_addr()?) {
        Ok(_) => println!("a mesma porta, duas vezes: deu certo"),
        Err(erro) => println!("a mesma porta, duas vezes: {erro}"),
    }
    match TcpListener::bind(PORTA_CONHECIDA) {
        Ok(_) => println!("a porta 80: deu certo"),
        Err(erro) => println!("a porta 80: {erro}"),
    }
    Ok(())
}
// ANCHOR_END: main
