//! Exercício do capítulo 4, resolvido: um recado inteiro, ou o motivo.
//!
//!     cargo run --bin cap04-solucao -- 127.0.0.1:7004
//!     cargo oficina conferir cap04 -- cargo run --bin cap04-solucao --

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

const ENDERECO: &str = "127.0.0.1:7004";
const SILENCIO_MAXIMO: Duration = Duration::from_secs(1);
const LINHA_MAXIMA: u64 = 32; // um u64 tem até 20 algarismos

fn main() -> ExitCode {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    match pegar(&endereco) {
        Ok(recado) if io::stdout().write_all(&recado).is_ok() => 0.into(),
        Ok(_) => 1.into(),
        Err(erro) => {
            eprintln!("não peguei o recado ({erro})");
            estado_de_saida(&erro).into()
        }
    }
}

/// Conecta, pede e devolve o recado: os bytes dele, inteiros.
fn pegar(endereco: &str) -> io::Result<Vec<u8>> {
    let mut conexao = TcpStream::connect(endereco)?;
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    conexao.write_all(b"PEGA\n")?;
    let mut leitor = BufReader::new(conexao);
    let tamanho = ler_tamanho(&mut leitor)?;
    ler_recado(&mut leitor, tamanho)
}

/// Lê a primeira linha; sem o fim de linha, ela foi cortada.
fn ler_tamanho(leitor: &mut impl BufRead) -> io::Result<u64> {
    let mut linha = String::new();
    leitor.take(LINHA_MAXIMA).read_line(&mut linha)?;
    match linha.strip_suffix('\n') {
        Some(numero) => numero.trim().parse().map_err(io::Error::other),
        None => Err(ErrorKind::UnexpectedEof.into()),
    }
}

/// Lê `tamanho` bytes, nem um a mais; se o fim vem antes, é um erro.
fn ler_recado(leitor: &mut impl BufRead, tamanho: u64) -> io::Result<Vec<u8>> {
    let mut recado = Vec::new();
    let lidos = leitor.take(tamanho).read_to_end(&mut recado)?;
    if lidos as u64 == tamanho {
        Ok(recado)
    } else {
        Err(ErrorKind::UnexpectedEof.into())
    }
}

/// 3 conexão recusada; 4 tempo esgotado; 5 recado cortado; 1 outro erro.
fn estado_de_saida(erro: &io::Error) -> u8 {
    match erro.kind() {
        ErrorKind::ConnectionRefused => 3,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => 4,
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => 5,
        _ => 1,
    }
}
