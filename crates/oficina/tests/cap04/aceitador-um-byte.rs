// aceitador
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let endereco = env::args().nth(1).expect("falta o endereço");
    match pegar(&endereco) {
        Ok(recado) => {
            io::stdout().write_all(&recado).expect("saída fechada");
            0.into()
        }
        Err(erro) => {
            eprintln!("{erro}");
            estado(&erro).into()
        }
    }
}

fn estado(erro: &io::Error) -> u8 {
    match erro.kind() {
        ErrorKind::ConnectionRefused => 3,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => 4,
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => 5,
        _ => 1,
    }
}

fn conectar(endereco: &str) -> io::Result<TcpStream> {
    let conexao = TcpStream::connect(endereco)?;
    conexao.set_read_timeout(Some(Duration::from_secs(1)))?;
    Ok(conexao)
}

fn numero(linha: &str) -> io::Result<usize> {
    match linha.strip_suffix('\n') {
        Some(numero) => numero.trim().parse().map_err(io::Error::other),
        None => Err(ErrorKind::UnexpectedEof.into()),
    }
}

fn pegar(endereco: &str) -> io::Result<Vec<u8>> {
    let mut conexao = conectar(endereco)?;
    for byte in b"PEGA\n" {
        conexao.write_all(&[*byte])?;
    }
    let mut linha = Vec::new();
    while linha.last() != Some(&b'\n') {
        linha.push(um_byte(&mut conexao)?);
    }
    let tamanho = numero(&String::from_utf8_lossy(&linha))?;
    (0..tamanho).map(|_| um_byte(&mut conexao)).collect()
}

fn um_byte(conexao: &mut TcpStream) -> io::Result<u8> {
    let mut byte = [0];
    conexao.read_exact(&mut byte)?;
    Ok(byte[0])
}
