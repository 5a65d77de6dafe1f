// mutante: etapa=tamanhos codigo=M27
use std::net::{SocketAddr, ToSocketAddrs, UdpSocket};
use std::time::{Duration, Instant};
use std::{env, io};

const ENDERECO: &str = "127.0.0.1:7010";
const PRAZO: Duration = Duration::from_secs(1);
const MAIOR_LINHA: usize = 1200;
const MAIOR_DATAGRAMA: usize = 8192;

fn main() -> io::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    if env::args().nth(2).is_some() {
        return ecoar(&endereco);
    }
    let socket = conectar(&endereco)?;
    for (numero, linha) in io::stdin().lines().enumerate() {
        let linha = linha?;
        if linha.len() > MAIOR_LINHA {
            println!("longa demais");
            continue;
        }
        match perguntar(&socket, numero, &linha) {
            Ok(resposta) => println!("{resposta}"),
            Err(_) => println!("sem resposta"),
        }
    }
    Ok(())
}

fn ecoar(endereco: &str) -> io::Result<()> {
    let socket = UdpSocket::bind(endereco)?;
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

fn conectar(endereco: &str) -> io::Result<UdpSocket> {
    let servidor = endereco.to_socket_addrs()?.next();
    let servidor = servidor.ok_or(io::ErrorKind::NotFound)?;
    let local = match servidor {
        SocketAddr::V4(_) => "0.0.0.0:0",
        SocketAddr::V6(_) => "[::]:0",
    };
    let socket = UdpSocket::bind(local)?;
    socket.connect(servidor)?;
    Ok(socket)
}

fn perguntar(
    socket: &UdpSocket,
    numero: usize,
    linha: &str,
) -> io::Result<String> {
    let fim = Instant::now() + PRAZO;
    socket.send(format!("{numero} {linha}").as_bytes())?;
    let mut buffer = vec![0; MAIOR_DATAGRAMA];
    loop {
        let resta = fim.saturating_duration_since(Instant::now());
        let resta = resta.max(Duration::from_millis(1));
        socket.set_read_timeout(Some(resta))?;
        let lidos = socket.recv(&mut buffer)?;
        let chegou = String::from_utf8_lossy(&buffer[..lidos]);
        match chegou.split_once(' ') {
            Some((n, texto)) if n == numero.to_string() => {
                return Ok(texto.to_owned());
            }
            _ if Instant::now() >= fim => {
                return Err(io::ErrorKind::TimedOut.into());
            }
            _ => {} // vazio, atrasado ou de outra pergunta: não é resposta
        }
    }
}
