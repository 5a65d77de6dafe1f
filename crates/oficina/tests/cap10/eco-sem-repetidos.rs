// mutante: etapa=eco codigo=calado
use std::collections::HashSet;
use std::net::UdpSocket;
use std::{env, io};

fn main() -> io::Result<()> {
    let endereco = env::args().nth(1).unwrap_or_default();
    let socket = UdpSocket::bind(&endereco)?;
    let mut buffer = [0; 1201];
    let mut vistos = HashSet::new();
    loop {
        let (lidos, de) = socket.recv_from(&mut buffer)?;
        if !vistos.insert(buffer[..lidos].to_vec()) {
            continue;
        }
        let resposta = match lidos {
            1201 => b"longo demais",
            _ => &buffer[..lidos],
        };
        socket.send_to(resposta, de)?;
    }
}
