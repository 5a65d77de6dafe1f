// mutante: etapa=pedido codigo=conta-letras
use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
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

fn ler_tamanho(leitor: &mut impl BufRead) -> io::Result<usize> {
    let mut linha = String::new();
    leitor.read_line(&mut linha)?;
    numero(&linha)
}

fn pegar(endereco: &str) -> io::Result<Vec<u8>> {
    let mut conexao = conectar(endereco)?;
    conexao.write_all(b"PEGA\n")?;
    let mut leitor = BufReader::new(conexao);
    let tamanho = ler_tamanho(&mut leitor)?;
    let mut recado = Vec::new();
    // Letras, e não bytes.
    while String::from_utf8_lossy(&recado).chars().count() < tamanho {
        let mut byte = [0];
        leitor.read_exact(&mut byte)?;
        recado.extend(byte);
    }
    Ok(recado)
}
