//! Cliente com prazo: do `connect` à última letra, nem um segundo a mais.
//!
//!     cargo run --bin cap09-paciente -- 127.0.0.1:7009 fatias 2
//!
//! Estado de saída: 0 resposta inteira; 3 conexão recusada; 4 prazo esgotado;
//! 5 resposta cortada; 1 qualquer outro erro.

// longo: as quatro esperas e o motivo são a mesma história, contada inteira.

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const ENDERECO: &str = "127.0.0.1:7009";
const PEDIDO: &str = "agora";
const PRAZO_EM_SEGUNDOS: &str = "2";
const LINHA_MAXIMA: u64 = 1024;

// ANCHOR: main
fn main() -> ExitCode {
    let mut argumentos = env::args().skip(1);
    let mut argumento =
        |padrao: &str| argumentos.next().unwrap_or(padrao.into());
    let (endereco, pedido) = (argumento(ENDERECO), argumento(PEDIDO));
    let segundos = argumento(PRAZO_EM_SEGUNDOS).parse().unwrap_or(2);

    let inicio = Instant::now();
    let fim = inicio + Duration::from_secs(segundos);
    let resultado = pedir(&endereco, &pedido, fim);
    let levou = em_segundos(inicio.elapsed());
    match resultado {
        Ok(resposta) => println!("{resposta} (em {levou})"),
        Err(erro) => {
            let (estado, motivo) = explicar(&erro);
            eprintln!("desisti em {levou}: {motivo} ({erro})");
            return estado.into();
        }
    }
    ExitCode::SUCCESS
}
// ANCHOR_END: main

/// Com a vírgula do português.
fn em_segundos(tempo: Duration) -> String {
    format!("{:.1} s", tempo.as_secs_f64()).replace('.', ",")
}

// ANCHOR: pedir
/// Conecta, pede e devolve a linha da resposta, tudo antes de `fim`.
fn pedir(endereco: &str, pedido: &str, fim: Instant) -> io::Result<String> {
    let conexao = conectar(endereco, fim)?;
    let mut conexao = ComPrazo { conexao, fim };
    conexao.write_all(format!("{pedido}\n").as_bytes())?;
    ler_linha(conexao)
}
// ANCHOR_END: pedir

// ANCHOR: resta
/// O que resta até `fim`; quem já passou dele recebe um erro.
fn resta(fim: Instant) -> io::Result<Duration> {
    let resta = fim.saturating_duration_since(Instant::now());
    match resta.is_zero() {
        true => Err(ErrorKind::TimedOut.into()),
        false => Ok(resta),
    }
}
// ANCHOR_END: resta

// ANCHOR: conectar
/// Tenta cada endereço do nome, na ordem, todos dentro do mesmo prazo.
fn conectar(endereco: &str, fim: Instant) -> io::Result<TcpStream> {
    let mut ultimo_erro = ErrorKind::AddrNotAvailable.into();
    for destino in endereco.to_socket_addrs()? {
        match TcpStream::connect_timeout(&destino, resta(fim)?) {
            Ok(conexao) => return Ok(conexao),
            Err(erro) => ultimo_erro = erro,
        }
    }
    Err(ultimo_erro)
}
// ANCHOR_END: conectar

// ANCHOR: com_prazo
/// Uma conexão em que cada chamada recebe só o tempo que resta.
struct ComPrazo {
    conexao: TcpStream,
    fim: Instant,
}

impl Read for ComPrazo {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.conexao.set_read_timeout(Some(resta(self.fim)?))?;
        self.conexao.read(buffer)
    }
}

impl Write for ComPrazo {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.conexao.set_write_timeout(Some(resta(self.fim)?))?;
        self.conexao.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.conexao.flush()
    }
}
// ANCHOR_END: com_prazo

// ANCHOR: ler_linha
/// Lê uma linha; o fim do fluxo antes do fim dela é um erro.
fn ler_linha(conexao: ComPrazo) -> io::Result<String> {
    let mut linha = String::new();
    BufReader::new(conexao.take(LINHA_MAXIMA)).read_line(&mut linha)?;
    match linha.strip_suffix('\n') {
        Some(linha) => Ok(linha.to_owned()),
        None => Err(ErrorKind::UnexpectedEof.into()),
    }
}
// ANCHOR_END: ler_linha

// ANCHOR: explicar
/// O estado de saída e uma frase para cada tipo de erro.
fn explicar(erro: &io::Error) -> (u8, &'static str) {
    match erro.kind() {
        ErrorKind::ConnectionRefused => (3, "conexão recusada"),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => (4, "prazo esgotado"),
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::BrokenPipe => (5, "resposta cortada"),
        _ => (1, "não deu"),
    }
}
// ANCHOR_END: explicar
