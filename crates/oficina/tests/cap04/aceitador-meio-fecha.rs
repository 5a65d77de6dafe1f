// aceitador
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
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
    conexao.write_all(b"PEGA\n")?;
    conexao.shutdown(Shutdown::Write)?;
    let mut tudo = Vec::new();
    loop {
        if let Some(fim) = tudo.iter().position(|&b| b == b'\n') {
            let linha = String::from_utf8_lossy(&tudo[..=fim]);
            let tamanho = numero(&linha)?;
            if tudo.len() > fim + tamanho {
                return Ok(tudo[fim + 1..fim + 1 + tamanho].to_vec());
            }
        }
        let mut buffer = [0; 3];
        match conexao.read(&mut buffer)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            lidos => tudo.extend(&buffer[..lidos]),
        }
    }
}
