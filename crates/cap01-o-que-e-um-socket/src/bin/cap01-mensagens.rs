//! Mensagens: dois envios, por TCP e por UDP; quantas leituras?
//!
//!     cargo run --bin cap01-mensagens

use std::env;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

const ENDERECO: &str = "127.0.0.1:0"; // 0: o sistema escolhe a porta
const PRAZO: Duration = Duration::from_secs(2);
const TAMANHO_DO_BUFFER: usize = 100;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    por_tcp(&endereco)?;
    por_udp(&endereco)
}

// ANCHOR: por_tcp
/// Envia duas vezes; depois que tudo chegou, lê uma vez.
fn por_tcp(endereco: &str) -> anyhow::Result<()> {
    let ouvinte = TcpListener::bind(endereco)?;
    let mut cliente = TcpStream::connect(ouvinte.local_addr()?)?;
    let (mut servidor, _) = ouvinte.accept()?;
    cliente.write_all("olá".as_bytes())?;
    cliente.write_all("tchau".as_bytes())?;
    servidor.set_read_timeout(Some(PRAZO))?;

    let mut buffer = [0; TAMANHO_DO_BUFFER];
    let tudo = "olátchau".len();
    while servidor.peek(&mut buffer)? < tudo {} // espera, sem retirar nada
    let lidos = servidor.read(&mut buffer)?;
    let texto = String::from_utf8_lossy(&buffer[..lidos]);
    println!("TCP: dois envios, uma leitura de {lidos} bytes: {texto}");
    Ok(())
}
// ANCHOR_END: por_tcp

// ANCHOR: por_udp
/// Envia dois datagramas; lê um de cada vez.
fn por_udp(endereco: &str) -> anyhow::Result<()> {
    let servidor = UdpSocket::bind(endereco)?;
    let cliente = UdpSocket::bind("127.0.0.1:0")?;
    cliente.send_to("olá".as_bytes(), servidor.local_addr()?)?;
    cliente.send_to("tchau".as_bytes(), servidor.local_addr()?)?;
    servidor.set_read_timeout(Some(PRAZO))?;

    let mut buffer = [0; TAMANHO_DO_BUFFER];
    for _ in 0..2 {
        let (lidos, _) = servidor.recv_from(&mut buffer)?;
        let texto = String::from_utf8_lossy(&buffer[..lidos]);
        println!("UDP: um datagrama de {lidos} bytes: {texto}");
    }
    Ok(())
}
// ANCHOR_END: por_udp
