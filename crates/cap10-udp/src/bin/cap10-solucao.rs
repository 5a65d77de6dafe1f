//! Solução do capítulo 10: um eco e perguntas, em datagramas.
//!
//!     cargo run --bin cap10-solucao -- 127.0.0.1:7010 eco
//!     cargo run --bin cap10-solucao -- 127.0.0.1:7010

// longo: são dois programas em um, o servidor e o cliente.

use std::net::{SocketAddr, ToSocketAddrs, UdpSocket};
use std::time::{Duration, Instant};
use std::{env, io};

const ENDERECO: &str = "127.0.0.1:7010";
const PRAZO: Duration = Duration::from_secs(1);
/// O maior texto que se devolve, ou que se pergunta, em bytes.
const MAIOR_TEXTO: usize = 1200;
const MAIOR_DATAGRAMA: usize = 65_507;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    match env::args().nth(2).as_deref() {
        Some("eco") => ecoar(&endereco),
        _ => perguntas(&endereco),
    }
}

/// Devolve cada datagrama a quem o enviou.
fn ecoar(endereco: &str) -> anyhow::Result<()> {
    let socket = UdpSocket::bind(endereco)?;
    println!("escutando em {}", socket.local_addr()?);
    loop {
        if let Err(erro) = devolver(&socket) {
            println!("um datagrama deu errado ({erro})");
        }
    }
}

fn devolver(socket: &UdpSocket) -> io::Result<()> {
    // Com um byte a mais, o que passa do limite se vê.
    let mut buffer = [0; MAIOR_TEXTO + 1];
    let (lidos, de) = socket.recv_from(&mut buffer)?;
    let resposta = match lidos > MAIOR_TEXTO {
        true => b"longo demais".as_slice(),
        false => &buffer[..lidos],
    };
    socket.send_to(resposta, de)?;
    Ok(())
}

/// Cada linha da entrada é uma pergunta.
fn perguntas(endereco: &str) -> anyhow::Result<()> {
    let socket = conectar(endereco)?;
    for (numero, linha) in io::stdin().lines().enumerate() {
        let linha = linha?;
        if linha.len() > MAIOR_TEXTO {
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

/// Um socket que só recebe o que vem deste endereço.
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

/// Pergunta e espera, até o prazo, a resposta a esta pergunta.
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
        // Um tempo limite de zero seria um erro.
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
