//! O que diz cada chamada quando o tempo acaba, e quando não é isso.
//!
//!     cargo run --bin cap09-fases

// longo: são seis experiências curtas, lado a lado.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

const ENDERECO: &str = "127.0.0.1:0";
const TEMPO_LIMITE: Duration = Duration::from_millis(300);
static PEDACO: [u8; 64 * 1024] = [0; 64 * 1024];

fn main() -> anyhow::Result<()> {
    let endereco: SocketAddr = ENDERECO.parse()?;
    mostrar("conectar, fila cheia", conectar_a_uma_fila_cheia(endereco));
    mostrar("conectar, ninguém escuta", conectar_a_ninguem(endereco));
    mostrar("ler, ele se cala", ler_do_silencio(endereco));
    mostrar("escrever, ele não lê", escrever_sem_leitor(endereco));
    mostrar("ler, não bloqueante", ler_sem_bloquear(endereco));
    mostrar("tempo limite de zero", tempo_limite_de_zero(endereco));
    Ok(())
}

fn mostrar(caso: &str, resultado: io::Result<()>) {
    let Err(erro) = resultado else {
        return println!("{caso:<26} deu certo");
    };
    let numero = erro.raw_os_error().map_or("-".into(), |n| n.to_string());
    println!(
        "{caso:<26} {:<18} {numero:>4}",
        format!("{:?}", erro.kind())
    );
}

// ANCHOR: conectar_a_uma_fila_cheia
/// Uma fila em que cabe uma conexão, já ocupada: o SYN fica sem resposta.
fn conectar_a_uma_fila_cheia(endereco: SocketAddr) -> io::Result<()> {
    let ouvinte = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    ouvinte.bind(&endereco.into())?;
    ouvinte.listen(0)?;
    let ouvinte = TcpListener::from(ouvinte);
    let _ocupante = TcpStream::connect(ouvinte.local_addr()?)?;
    let destino = ouvinte.local_addr()?;
    TcpStream::connect_timeout(&destino, TEMPO_LIMITE).map(drop)
}
// ANCHOR_END: conectar_a_uma_fila_cheia

/// Uma porta com dono, em que ninguém escuta: a resposta é um RST.
fn conectar_a_ninguem(endereco: SocketAddr) -> io::Result<()> {
    let mudo = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    mudo.bind(&endereco.into())?;
    let destino = mudo.local_addr()?.as_socket().unwrap_or(endereco);
    TcpStream::connect_timeout(&destino, TEMPO_LIMITE).map(drop)
}

// ANCHOR: ler_do_silencio
fn ler_do_silencio(endereco: SocketAddr) -> io::Result<()> {
    let (mut conexao, _calado) = um_par(endereco)?;
    conexao.set_read_timeout(Some(TEMPO_LIMITE))?;
    conexao.read(&mut [0; 1]).map(drop)
}
// ANCHOR_END: ler_do_silencio

fn escrever_sem_leitor(endereco: SocketAddr) -> io::Result<()> {
    let (mut conexao, _calado) = um_par(endereco)?;
    conexao.set_write_timeout(Some(TEMPO_LIMITE))?;
    loop {
        conexao.write_all(&PEDACO)?; // até os buffers dos dois encherem
    }
}

fn ler_sem_bloquear(endereco: SocketAddr) -> io::Result<()> {
    let (mut conexao, _calado) = um_par(endereco)?;
    conexao.set_nonblocking(true)?;
    conexao.read(&mut [0; 1]).map(drop)
}

fn tempo_limite_de_zero(endereco: SocketAddr) -> io::Result<()> {
    let (conexao, _calado) = um_par(endereco)?;
    conexao.set_read_timeout(Some(Duration::ZERO))
}

/// Duas pontas da mesma conexão; a segunda não diz nem lê nada.
fn um_par(endereco: SocketAddr) -> io::Result<(TcpStream, TcpStream)> {
    let ouvinte = TcpListener::bind(endereco)?;
    let conexao = TcpStream::connect(ouvinte.local_addr()?)?;
    let (calado, _) = ouvinte.accept()?;
    Ok((conexao, calado))
}
