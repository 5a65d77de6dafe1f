//! Exercício do capítulo 9, resolvido: um cliente que sabe esperar.
//!
//!     cargo run --bin cap09-solucao -- 127.0.0.1:7109 "LER caixa"
//!     cargo oficina conferir cap09 -- cargo run --bin cap09-solucao --

// longo: a solução das cinco etapas é um arquivo só, como o do leitor.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, thread};

const ENDERECO: &str = "127.0.0.1:7109";
const PRAZO: Duration = Duration::from_secs(1);
const PRIMEIRA_ESPERA: Duration = Duration::from_millis(50);

fn main() -> ExitCode {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let mut conexao = None;
    for pedido in env::args().skip(2) {
        match pedir(&endereco, &pedido, &mut conexao) {
            Ok(resposta) => println!("{resposta}"),
            Err(erro) => {
                eprintln!("desisti de “{pedido}” ({erro})");
                return estado_de_saida(&erro).into();
            }
        }
    }
    ExitCode::SUCCESS
}

/// Pede até ter a resposta, até não poder repetir ou até o prazo acabar.
fn pedir(
    endereco: &str,
    pedido: &str,
    conexao: &mut Option<TcpStream>,
) -> io::Result<String> {
    let fim = Instant::now() + PRAZO;
    let mut espera = PRIMEIRA_ESPERA;
    loop {
        let erro = match tentar(endereco, pedido, conexao, fim) {
            Ok(resposta) => return Ok(resposta),
            Err(erro) => erro,
        };
        let pausa = sortear(espera);
        if !pode_repetir(&erro, pedido) || Instant::now() + pausa >= fim {
            return Err(erro);
        }
        thread::sleep(pausa);
        espera *= 2;
    }
}

/// Uma tentativa, na conexão que houver ou em uma nova.
fn tentar(
    endereco: &str,
    pedido: &str,
    guardada: &mut Option<TcpStream>,
    fim: Instant,
) -> io::Result<String> {
    let mut conexao = match guardada.take() {
        Some(conexao) => conexao,
        None => conectar(endereco, fim)?,
    };
    conexao.set_write_timeout(Some(resta(fim)?))?;
    conexao.write_all(&montar(pedido)?)?;
    let mut tamanho = [0; 2];
    ler_exato(&mut conexao, &mut tamanho, fim)?;
    let mut texto = vec![0; u16::from_be_bytes(tamanho).into()];
    ler_exato(&mut conexao, &mut texto, fim)?;
    *guardada = Some(conexao); // só a que deu certo serve ao próximo pedido
    String::from_utf8(texto).map_err(io::Error::other)
}

/// Tenta cada endereço do nome, todos dentro do mesmo prazo.
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

/// O tamanho e o texto juntos, para uma escrita só.
fn montar(pedido: &str) -> io::Result<Vec<u8>> {
    let tamanho = u16::try_from(pedido.len()).map_err(io::Error::other)?;
    Ok([&tamanho.to_be_bytes(), pedido.as_bytes()].concat())
}

/// Enche o buffer, em quantas leituras forem precisas, até `fim`.
fn ler_exato(
    conexao: &mut TcpStream,
    mut buffer: &mut [u8],
    fim: Instant,
) -> io::Result<()> {
    while !buffer.is_empty() {
        conexao.set_read_timeout(Some(resta(fim)?))?;
        match conexao.read(buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(lidos) => buffer = &mut buffer[lidos..],
            Err(erro) if erro.kind() == ErrorKind::Interrupted => {}
            Err(erro) => return Err(erro),
        }
    }
    Ok(())
}

/// O que resta até `fim`; quem já passou dele recebe um erro.
fn resta(fim: Instant) -> io::Result<Duration> {
    let resta = fim.saturating_duration_since(Instant::now());
    match resta.is_zero() {
        true => Err(ErrorKind::TimedOut.into()),
        false => Ok(resta),
    }
}

/// Recusado, o pedido nem saiu; cortado, só se repete o que não muda nada.
fn pode_repetir(erro: &io::Error, pedido: &str) -> bool {
    match estado_de_saida(erro) {
        3 => true,
        5 => pedido.starts_with("LER "),
        _ => false,
    }
}

/// Um tempo qualquer entre a metade de `espera` e ela inteira.
fn sortear(espera: Duration) -> Duration {
    let acaso = RandomState::new().hash_one(()) % 1000;
    espera / 2 + espera / 2 * acaso as u32 / 1000
}

/// 3 recusada; 4 tempo esgotado; 5 cortada; 1 outro erro.
fn estado_de_saida(erro: &io::Error) -> u8 {
    match erro.kind() {
        ErrorKind::ConnectionRefused => 3,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => 4,
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::BrokenPipe => 5,
        _ => 1,
    }
}
