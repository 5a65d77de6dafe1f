// mutante: etapa=eco codigo=diferente
use std::net::UdpSocket;
use std::{env, io};

fn main() -> io::Result<()> {
    let endereco = env::args().nth(1).unwrap_or_default();
    let socket = UdpSocket::bind(&endereco)?;
    let mut buffer = [0; 1200];
    loop {
        let (lidos, de) = socket.recv_from(&mut buffer)?;
        let resposta = match lidos {
            1200 => b"longo demais",
            _ => &buffer[..lidos],
        };
        socket.send_to(resposta, de)?;
    }
}
