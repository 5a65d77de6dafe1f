//! Cliente de eco com as chamadas à mostra: envia o que você digita.
//!
//!     cargo run --bin cap03-cliente -- 127.0.0.1:7003

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use anyhow::anyhow;
use socket2::{Domain, Protocol, Socket, Type};

const ENDERECO: &str = "127.0.0.1:7003";
const PRAZO: Duration = Duration::from_secs(2);

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let endereco = std::env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let conexao = conectar(&endereco)
        .map_err(|e| anyhow!("não consegui conectar a {endereco} ({e})"))?;
    println!("conectado a {endereco}");
    conversar(&conexao)
        .and_then(|()| encerrar(conexao))
        .map_err(|e| anyhow!("a conversa parou no meio ({e})"))
}
// ANCHOR_END: main

// ANCHOR: conectar
/// getaddrinfo: um nome pode ter vários endereços; vale o que atender.
fn conectar(nome: &str) -> io::Result<Socket> {
    let mut conexao = Err(ErrorKind::NotFound.into());
    for endereco in nome.to_socket_addrs()? {
        conexao = conexao.or_else(|_| tentar(endereco));
    }
    conexao
}
// ANCHOR_END: conectar

// ANCHOR: tentar
/// socket, setsockopt e connect: um socket por tentativa.
fn tentar(endereco: SocketAddr) -> io::Result<Socket> {
    let familia = Domain::for_address(endereco);
    let conexao = Socket::new(familia, Type::STREAM, Some(Protocol::TCP))?;
    conexao.set_read_timeout(Some(PRAZO))?;
    conexao.connect(&endereco.into())?;
    Ok(conexao)
}
// ANCHOR_END: tentar

// ANCHOR: conversar
/// Envia cada linha digitada e espera que todos os bytes dela voltem.
fn conversar(conexao: &Socket) -> io::Result<()> {
    for linha in io::stdin().lines() {
        let mut bytes = (linha? + "\n").into_bytes();
        enviar_tudo(conexao, &bytes)?;
        receber(conexao, &mut bytes)?;
        io::stdout().write_all(&bytes)?;
    }
    Ok(())
}
// ANCHOR_END: conversar

// ANCHOR: enviar_tudo
/// send: o kernel aceita o que couber e diz quanto foi; insista com o resto.
fn enviar_tudo(conexao: &Socket, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        bytes = &bytes[conexao.send(bytes)?..];
    }
    Ok(())
}
// ANCHOR_END: enviar_tudo

// ANCHOR: receber
/// recv: entrega o que já chegou; repita até ter todos os que espera.
fn receber(mut conexao: &Socket, mut falta: &mut [u8]) -> io::Result<()> {
    while !falta.is_empty() {
        match conexao.read(falta)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            lidos => falta = &mut falta[lidos..],
        }
    }
    Ok(())
}
// ANCHOR_END: receber

// ANCHOR: encerrar
/// shutdown: “não envio mais”; recv até o 0: “nem eu”; close: fim.
fn encerrar(mut conexao: Socket) -> io::Result<()> {
    conexao.shutdown(Shutdown::Write)?;
    io::copy(&mut conexao, &mut io::stdout())?;
    drop(conexao);
    Ok(())
}
// ANCHOR_END: encerrar
