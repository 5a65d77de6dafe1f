//! Descritores: os cinco sockets de um servidor com dois clientes, à mostra.
//!
//!     cargo run --bin cap01-descritores -- 127.0.0.1:0

use std::env;
use std::net::{TcpListener, TcpStream};
#[cfg(unix)]
use std::os::fd::AsRawFd;
#[cfg(windows)]
use std::os::windows::io::AsRawSocket;

const ENDERECO: &str = "127.0.0.1:0"; // 0: o sistema escolhe a porta

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let ouvinte = TcpListener::bind(endereco)?;
    let onde = ouvinte.local_addr()?;
    println!("escutando em {onde}");
    println!("descritor {}: escuta em {onde}", numero(&ouvinte));

    let ana = TcpStream::connect(onde)?;
    mostrar("o lado de Ana", &ana)?;
    let (com_ana, _) = ouvinte.accept()?;
    mostrar("o servidor, com Ana", &com_ana)?;

    let bia = TcpStream::connect(onde)?;
    mostrar("o lado de Bia", &bia)?;
    let (com_bia, _) = ouvinte.accept()?;
    mostrar("o servidor, com Bia", &com_bia)?;

    println!("Ana vai embora, e Caio chega");
    drop((ana, com_ana));
    let caio = TcpStream::connect(onde)?;
    mostrar("o lado de Caio", &caio)
}
// ANCHOR_END: main

// ANCHOR: mostrar
/// O descritor de um socket conectado, e os dois endereços que ele liga.
fn mostrar(quem: &str, conexao: &TcpStream) -> anyhow::Result<()> {
    let (aqui, par) = (conexao.local_addr()?, conexao.peer_addr()?);
    println!("descritor {}: {aqui} → {par}  {quem}", numero(conexao));
    Ok(())
}
// ANCHOR_END: mostrar

/// O número com que o sistema conhece o socket.
#[cfg(unix)]
fn numero(socket: &impl AsRawFd) -> i32 {
    socket.as_raw_fd()
}

/// No Windows um socket não é um arquivo, e o número é de outra lista.
#[cfg(windows)]
fn numero(socket: &impl AsRawSocket) -> u64 {
    socket.as_raw_socket()
}
