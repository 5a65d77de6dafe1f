//! O endereço de um socket antes e depois de bind, listen e connect.
//!
//!     cargo run --bin cap03-associar

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, SockAddr, Socket, Type};

const LOOPBACK: &str = "127.0.0.1:0";
/// Um endereço reservado para textos: nenhuma máquina o tem (RFC 5737).
const DE_NINGUEM: &str = "192.0.2.1:7003";

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let ouvinte = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    println!("socket          {}", mostrar(&ouvinte.local_addr()?));
    ouvinte.bind(&LOOPBACK.parse::<SocketAddr>()?.into())?;
    let endereco = ouvinte.local_addr()?;
    println!("bind na porta 0 {}", mostrar(&endereco));
    ouvinte.listen(1)?;

    let cliente = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    cliente.connect(&endereco)?;
    println!("connect         {}", mostrar(&cliente.local_addr()?));

    println!("bind no mesmo   {}", tentar(&endereco));
    let de_ninguem = DE_NINGUEM.parse::<SocketAddr>()?.into();
    println!("bind no alheio  {}", tentar(&de_ninguem));
    Ok(())
}
// ANCHOR_END: main

/// Cria um socket e tenta associar a ele este endereço.
fn tentar(endereco: &SockAddr) -> String {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None);
    match socket.and_then(|socket| socket.bind(endereco)) {
        Ok(()) => "associado".to_string(),
        Err(erro) => format!("{} ({erro})", em_portugues(&erro)),
    }
}

fn em_portugues(erro: &io::Error) -> &'static str {
    match erro.kind() {
        io::ErrorKind::AddrInUse => "alguém já está ali",
        io::ErrorKind::AddrNotAvailable => "esta máquina não tem o endereço",
        _ => "não deu",
    }
}

fn mostrar(endereco: &SockAddr) -> String {
    endereco.as_socket().map_or("?".into(), |e| e.to_string())
}
