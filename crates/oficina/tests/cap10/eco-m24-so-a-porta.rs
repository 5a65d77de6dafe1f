// mutante: etapa=eco codigo=M24
use std::net::UdpSocket;
use std::{env, io};

fn main() -> io::Result<()> {
    let endereco = env::args().nth(1).unwrap_or_default();
    let (_, porta) = endereco.rsplit_once(':').unwrap_or_default();
    let socket = UdpSocket::bind(format!("0.0.0.0:{porta}"))?;
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
