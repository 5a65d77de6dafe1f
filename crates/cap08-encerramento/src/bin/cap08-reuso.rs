//! Reabre uma porta em TIME-WAIT, com e sem SO_REUSEADDR em cada servidor.
//!
//!     cargo run --bin cap08-reuso

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

const ENDERECO: ([u8; 4], u16) = ([127, 0, 0, 1], 0);
const PRAZO: Duration = Duration::from_secs(5);

fn main() -> io::Result<()> {
    for primeiro in [false, true] {
        for segundo in [false, true] {
            let ouvinte = escutar(ENDERECO.into(), primeiro)?;
            let endereco = deixar_em_time_wait(ouvinte)?;
            let resultado = match escutar(endereco, segundo) {
                Ok(_) => "escutou".to_owned(),
                Err(erro) => format!("{erro}"),
            };
            let (antes, depois) = (sim_ou_nao(primeiro), sim_ou_nao(segundo));
            println!("antes: {antes}  depois: {depois}  {resultado}");
        }
    }
    Ok(())
}

// ANCHOR: escutar
/// bind e listen, com ou sem SO_REUSEADDR.
fn escutar(endereco: SocketAddr, reusar: bool) -> io::Result<Socket> {
    let ouvinte = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    ouvinte.set_reuse_address(reusar)?;
    ouvinte.bind(&endereco.into())?;
    ouvinte.listen(1)?;
    Ok(ouvinte)
}
// ANCHOR_END: escutar

// ANCHOR: deixar_em_time_wait
/// O servidor encerra primeiro, e a porta dele fica em TIME-WAIT.
fn deixar_em_time_wait(ouvinte: Socket) -> io::Result<SocketAddr> {
    let nosso = ouvinte.local_addr()?;
    let endereco = nosso.as_socket().ok_or(io::ErrorKind::InvalidData)?;
    let mut cliente = TcpStream::connect(endereco)?;
    cliente.set_read_timeout(Some(PRAZO))?;
    drop(ouvinte.accept()?); // este lado envia o primeiro FIN
    drop(ouvinte);
    io::copy(&mut cliente, &mut io::sink())?; // o FIN chegou ao cliente
    Ok(endereco) // aqui o cliente fecha, e o segundo FIN vai
}
// ANCHOR_END: deixar_em_time_wait

fn sim_ou_nao(reusar: bool) -> &'static str {
    if reusar { "com" } else { "sem" }
}
