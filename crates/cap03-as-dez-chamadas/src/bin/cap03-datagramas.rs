//! sendto e recvfrom: dois sockets UDP, e o endereço que vai e que vem.
//!
//!     cargo run --bin cap03-datagramas

use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{Domain, SockAddr, Socket, Type};

const LOOPBACK: &str = "127.0.0.1:0";
const TAMANHO_DO_BUFFER: usize = 2048;
const PRAZO: Duration = Duration::from_secs(2);

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let (ana, bia) = (associado()?, associado()?);
    println!("Ana está em {}", mostrar(&ana.local_addr()?));
    println!("Bia está em {}", mostrar(&bia.local_addr()?));

    ana.send_to("oi, Bia".as_bytes(), &bia.local_addr()?)?;
    let (lidos, de_quem) = receber_de(&bia)?;
    println!("Bia recebeu {lidos} bytes de {}", mostrar(&de_quem));

    bia.send_to("oi, quem quer que seja".as_bytes(), &de_quem)?;
    let (lidos, de_quem) = receber_de(&ana)?;
    println!("Ana recebeu {lidos} bytes de {}", mostrar(&de_quem));
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: receber_de
/// recvfrom: os bytes de um datagrama e o endereço de quem o enviou.
fn receber_de(socket: &Socket) -> io::Result<(usize, SockAddr)> {
    let mut buffer = [MaybeUninit::uninit(); TAMANHO_DO_BUFFER];
    socket.recv_from(&mut buffer)
}
// ANCHOR_END: receber_de

/// Um socket UDP com endereço próprio e prazo para receber.
fn associado() -> anyhow::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    socket.bind(&LOOPBACK.parse::<SocketAddr>()?.into())?;
    socket.set_read_timeout(Some(PRAZO))?;
    Ok(socket)
}

fn mostrar(endereco: &SockAddr) -> String {
    endereco.as_socket().map_or("?".into(), |e| e.to_string())
}
