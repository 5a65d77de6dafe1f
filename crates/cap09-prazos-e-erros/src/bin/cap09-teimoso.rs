//! Cliente que tenta de novo, quando pode, com esperas cada vez maiores.
//!
//!     cargo run --bin cap09-teimoso -- 127.0.0.1:7009 derruba

// longo: tentar, escolher se repete e esperar são a mesma história.

use std::env;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

const ENDERECO: &str = "127.0.0.1:7009";
const PEDIDO: &str = "derruba";
const PRAZO: Duration = Duration::from_secs(3);
const PRIMEIRA_ESPERA: Duration = Duration::from_millis(100);
const TAMANHO_DO_BUFFER: usize = 1024;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let pedido = env::args().nth(2).unwrap_or(PEDIDO.into());
    let destino = endereco.parse().context("o endereço não serve")?;
    let resposta = insistir(destino, &pedido, Instant::now() + PRAZO)
        .map_err(|erro| anyhow!("desisti de “{pedido}” ({erro})"))?;
    println!("{resposta}");
    Ok(())
}

// ANCHOR: insistir
/// Repete a tentativa até dar certo, até não poder, ou até `fim`.
fn insistir(
    destino: SocketAddr,
    pedido: &str,
    fim: Instant,
) -> io::Result<String> {
    let mut espera = PRIMEIRA_ESPERA;
    loop {
        let erro = match tentar(destino, pedido, fim) {
            Ok(resposta) => return Ok(resposta),
            Err(erro) => erro,
        };
        let pausa = sortear(espera);
        if !pode_repetir(&erro, pedido) || Instant::now() + pausa >= fim {
            return Err(erro);
        }
        println!("não deu ({erro}); espero {} ms", pausa.as_millis());
        thread::sleep(pausa);
        espera *= 2;
    }
}
// ANCHOR_END: insistir

/// Uma tentativa: uma conexão nova, o pedido e a linha da resposta.
fn tentar(
    destino: SocketAddr,
    pedido: &str,
    fim: Instant,
) -> io::Result<String> {
    let mut conexao = TcpStream::connect_timeout(&destino, resta(fim)?)?;
    conexao.set_write_timeout(Some(resta(fim)?))?;
    conexao.write_all(format!("{pedido}\n").as_bytes())?;
    let (mut linha, mut buffer) = (Vec::new(), [0; TAMANHO_DO_BUFFER]);
    while !linha.ends_with(b"\n") {
        conexao.set_read_timeout(Some(resta(fim)?))?;
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Err(io::Error::new(
                ErrorKind::UnexpectedEof,
                "o fluxo acabou antes da resposta",
            ));
        }
        linha.extend(&buffer[..lidos]);
    }
    linha.pop();
    String::from_utf8(linha).map_err(io::Error::other)
}

/// O que resta até `fim`; quem já passou dele recebe um erro.
fn resta(fim: Instant) -> io::Result<Duration> {
    let resta = fim.saturating_duration_since(Instant::now());
    match resta.is_zero() {
        true => Err(ErrorKind::TimedOut.into()),
        false => Ok(resta),
    }
}

// ANCHOR: pode_repetir
/// Recusado, o pedido nem saiu daqui. Cortado, talvez tenha sido atendido:
/// só se repete o que não muda nada do outro lado.
fn pode_repetir(erro: &io::Error, pedido: &str) -> bool {
    match erro.kind() {
        ErrorKind::ConnectionRefused => true,
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::BrokenPipe => !pedido.starts_with("soma"),
        _ => false,
    }
}
// ANCHOR_END: pode_repetir

// ANCHOR: sortear
/// Um tempo qualquer entre a metade de `espera` e ela inteira.
fn sortear(espera: Duration) -> Duration {
    // A std não tem gerador de números ao acaso, mas as chaves de um
    // `RandomState` são sorteadas a cada um que se cria.
    let acaso = RandomState::new().hash_one(()) % 1000;
    espera / 2 + espera / 2 * acaso as u32 / 1000
}
// ANCHOR_END: sortear
