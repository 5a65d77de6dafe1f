//! poll: uma espera só, por muitos sockets, com prazo.
//!
//!     cargo run --bin cap03-poll

use std::net::SocketAddr;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::{Domain, Socket, Type};

const LOOPBACK: &str = "127.0.0.1:0";
const PRAZO: Duration = Duration::from_millis(300);

fn main() -> anyhow::Result<()> {
    let (ana, bia) = (associado()?, associado()?);
    println!("ninguém enviou: {}", quem_tem_algo(&ana, &bia)?);

    ana.send_to(b"oi", &bia.local_addr()?)?;
    println!("Ana enviou a Bia: {}", quem_tem_algo(&ana, &bia)?);

    bia.send_to(b"oi", &ana.local_addr()?)?;
    println!("Bia enviou a Ana: {}", quem_tem_algo(&ana, &bia)?);
    Ok(())
}

// ANCHOR: quem_tem_algo
/// Espera até `PRAZO` que um dos dois, ou ambos, tenham o que ler.
fn quem_tem_algo(ana: &Socket, bia: &Socket) -> anyhow::Result<String> {
    let prazo = Timespec::try_from(PRAZO)?;
    let mut alvos = [ana, bia].map(|s| PollFd::new(s, PollFlags::IN));
    let prontos = poll(&mut alvos, Some(&prazo))?;
    let nomes: Vec<_> = ["Ana", "Bia"]
        .iter()
        .zip(&alvos)
        .filter(|(_, alvo)| alvo.revents().contains(PollFlags::IN))
        .map(|(nome, _)| nome)
        .collect();
    Ok(format!("{prontos} com algo para ler {nomes:?}"))
}
// ANCHOR_END: quem_tem_algo

/// Um socket UDP com endereço próprio.
fn associado() -> anyhow::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    socket.bind(&LOOPBACK.parse::<SocketAddr>()?.into())?;
    Ok(socket)
}
