//! Errado de propósito: conhece só um dos nomes do tempo esgotado.
//!
//!     cargo run --bin cap09-errado-so-um-nome -- 127.0.0.1:7009 muda

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

const ENDERECO: &str = "127.0.0.1:7009";
const PEDIDO: &str = "muda";
const TEMPO_LIMITE: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let pedido = env::args().nth(2).unwrap_or(PEDIDO.into());
    let Ok(destino) = endereco.parse() else {
        eprintln!("o endereço não serve: {endereco}");
        return ExitCode::from(2);
    };
    match pedir(destino, &pedido) {
        Ok(resposta) => print!("{resposta}"),
        Err(erro) => return explicar(&erro),
    }
    ExitCode::SUCCESS
}

fn pedir(destino: SocketAddr, pedido: &str) -> io::Result<String> {
    let mut conexao = TcpStream::connect_timeout(&destino, TEMPO_LIMITE)?;
    conexao.set_read_timeout(Some(TEMPO_LIMITE))?;
    conexao.set_write_timeout(Some(TEMPO_LIMITE))?;
    conexao.write_all(format!("{pedido}\n").as_bytes())?;
    let mut linha = String::new();
    BufReader::new(conexao).read_line(&mut linha)?;
    Ok(linha)
}

// ANCHOR: explicar
fn explicar(erro: &io::Error) -> ExitCode {
    if erro.kind() == ErrorKind::TimedOut {
        eprintln!("o servidor demorou demais");
        return ExitCode::from(4);
    }
    eprintln!("erro inesperado: {erro}");
    ExitCode::from(1)
}
// ANCHOR_END: explicar
