//! Pega uma página e diz, no estado de saída, o que aconteceu.
//!
//!     cargo run --bin cap04-pega -- 127.0.0.1:7004 /
//!
//! Estado de saída: 0 página inteira; 3 conexão recusada; 4 tempo esgotado;
//! 5 resposta cortada; 1 qualquer outro erro.

// longo: pedir, ler e dizer o motivo são a mesma história, contada inteira.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::{env, time::Duration};

const ENDERECO: &str = "127.0.0.1:7004";
const PRAZO_DE_CONEXAO: Duration = Duration::from_secs(3);
const SILENCIO_MAXIMO: Duration = Duration::from_secs(2);

// ANCHOR: main
fn main() -> ExitCode {
    let mut argumentos = env::args().skip(1);
    let endereco = argumentos.next().unwrap_or(ENDERECO.into());
    let caminho = argumentos.next().unwrap_or("/".into());
    match pegar(&endereco, &caminho) {
        Ok(corpo) if io::stdout().write_all(&corpo).is_ok() => 0.into(),
        Ok(_) => 1.into(), // quem lia a nossa saída foi embora
        Err(erro) => {
            let (estado, situacao) = explicar(&erro);
            eprintln!("{situacao} ({erro})");
            estado.into()
        }
    }
}
// ANCHOR_END: main

// ANCHOR: pegar
/// Conecta, envia o pedido e devolve o corpo da resposta, inteiro.
fn pegar(endereco: &str, caminho: &str) -> io::Result<Vec<u8>> {
    let mut conexao = conectar(endereco)?;
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    let pedido = format!("GET {caminho} HTTP/1.0\r\nHost: {endereco}\r\n\r\n");
    conexao.write_all(pedido.as_bytes())?;
    let mut leitor = BufReader::new(conexao);
    let tamanho = ler_cabecalho(&mut leitor)?;
    ler_corpo(&mut leitor, tamanho)
}
// ANCHOR_END: pegar

// ANCHOR: conectar
/// Tenta cada endereço do nome, na ordem, cada um com o seu prazo.
fn conectar(endereco: &str) -> io::Result<TcpStream> {
    let mut ultimo_erro = ErrorKind::AddrNotAvailable.into();
    for destino in endereco.to_socket_addrs()? {
        match TcpStream::connect_timeout(&destino, PRAZO_DE_CONEXAO) {
            Ok(conexao) => return Ok(conexao),
            Err(erro) => ultimo_erro = erro,
        }
    }
    Err(ultimo_erro)
}
// ANCHOR_END: conectar

// ANCHOR: ler_cabecalho
/// Lê linhas até a vazia e devolve o tamanho que a resposta anuncia.
fn ler_cabecalho(leitor: &mut impl BufRead) -> io::Result<u64> {
    let mut tamanho = None;
    for linha in leitor.lines() {
        let linha = linha?.to_ascii_lowercase();
        if linha.is_empty() {
            return tamanho.ok_or(io::Error::other("resposta sem tamanho"));
        }
        if linha.starts_with("http/") && !linha.contains(" 200 ") {
            return Err(io::Error::other(linha));
        }
        if let Some(valor) = linha.strip_prefix("content-length:") {
            tamanho = valor.trim().parse().ok();
        }
    }
    Err(ErrorKind::UnexpectedEof.into())
}
// ANCHOR_END: ler_cabecalho

// ANCHOR: ler_corpo
/// Lê `tamanho` bytes, nem um a mais; se o fim vem antes, é um erro.
fn ler_corpo(leitor: &mut impl BufRead, tamanho: u64) -> io::Result<Vec<u8>> {
    let mut corpo = Vec::new();
    let lidos = leitor.take(tamanho).read_to_end(&mut corpo)?;
    match lidos as u64 == tamanho {
        true => Ok(corpo),
        false => Err(ErrorKind::UnexpectedEof.into()),
    }
}
// ANCHOR_END: ler_corpo

// ANCHOR: explicar
/// O estado de saída e uma frase para cada tipo de erro.
fn explicar(erro: &io::Error) -> (u8, &'static str) {
    match erro.kind() {
        ErrorKind::ConnectionRefused => (3, "conexão recusada"),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => (4, "tempo esgotado"),
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => {
            (5, "resposta cortada")
        }
        _ => (1, "não deu"),
    }
}
// ANCHOR_END: explicar
