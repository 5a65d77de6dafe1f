// mutante: etapa=eco codigo=encerrou
use std::net::UdpSocket;
use std::{env, io};

fn main() -> io::Result<()> {
    let endereco = env::args().nth(1).unwrap_or_default();
    let socket = UdpSocket::bind(&endereco)?;
    let mut buffer = [0; 1201];
    let (lidos, de) = socket.recv_from(&mut buffer)?;
    socket.send_to(&buffer[..lidos], de)?;
    Ok(())
}
