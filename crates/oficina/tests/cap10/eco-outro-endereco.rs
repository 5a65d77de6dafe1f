// mutante: etapa=eco codigo=outro-endereco
use std::net::UdpSocket;
use std::{env, io};

fn main() -> io::Result<()> {
    let _endereco = env::args().nth(1).unwrap_or_default();
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let mut buffer = [0; 1201];
    loop {
        let (lidos, de) = socket.recv_from(&mut buffer)?;
        let resposta = match lidos {
            1201 => b"longo demais",
            _ => &buffer[..lidos],
        };
        socket.send_to(resposta, de)?;
    }
}
