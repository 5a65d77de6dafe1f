//! Errado de propósito (M32): espera a resposta sem tempo limite.
//!
//!     cargo run --bin cap10-errado-sem-prazo -- 127.0.0.1:7010

use std::net::{SocketAddr, ToSocketAddrs, UdpSocket};
use std::{env, io};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7010";
/// O maior datagrama possível em IPv4 tem 65507 bytes de carga útil.
const MAIOR_DATAGRAMA: usize = 65_507;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let socket = conectar(&endereco)
        .map_err(|erro| anyhow!("não entendi {endereco} ({erro})"))?;
    for linha in io::stdin().lines() {
        match perguntar(&socket, &linha?) {
            Ok(resposta) => println!("{resposta}"),
            Err(erro) => println!("sem resposta ({erro})"),
        }
    }
    Ok(())
}

// ANCHOR: conectar
/// Um socket que só fala com este endereço. Nenhum datagrama parte aqui.
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
// ANCHOR_END: conectar

/// Envia um datagrama e espera um.
fn perguntar(socket: &UdpSocket, linha: &str) -> io::Result<String> {
    socket.send(linha.as_bytes())?;
    let mut buffer = vec![0; MAIOR_DATAGRAMA];
    let lidos = socket.recv(&mut buffer)?;
    Ok(String::from_utf8_lossy(&buffer[..lidos]).into_owned())
}
