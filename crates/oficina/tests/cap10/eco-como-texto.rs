// mutante: etapa=eco codigo=como-texto
use std::net::UdpSocket;
use std::{env, io};

fn main() -> io::Result<()> {
    let endereco = env::args().nth(1).unwrap_or_default();
    let socket = UdpSocket::bind(&endereco)?;
    let mut buffer = [0; 1201];
    loop {
        let (lidos, de) = socket.recv_from(&mut buffer)?;
        let resposta = match lidos {
            1201 => b"longo demais",
            _ => &buffer[..lidos],
        };
        let texto = String::from_utf8_lossy(resposta);
        socket.send_to(texto.as_bytes(), de)?;
    }
}
