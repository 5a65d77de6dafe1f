//! Espera em uma conexão parada e pede ao kernel que vigie o outro lado.
//!
//!     cargo run --bin cap09-keepalive -- 127.0.0.1:7009

use std::env;
use std::io::{self, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use socket2::{SockRef, TcpKeepalive};

const ENDERECO: &str = "127.0.0.1:7009";
const SILENCIO: Duration = Duration::from_secs(1);
const INTERVALO: Duration = Duration::from_secs(1);
const PERGUNTAS: u32 = 3;
const PRAZO: Duration = Duration::from_secs(7);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let mut conexao = TcpStream::connect(&endereco)
        .map_err(|erro| anyhow!("não conectei a {endereco} ({erro})"))?;
    mostrar_padrao(&conexao).context("não li as opções")?;
    vigiar(&conexao).context("não liguei o keep-alive")?;
    conexao.set_read_timeout(Some(PRAZO))?;
    println!("conectado, e calado");
    let inicio = Instant::now();
    let fim = match conexao.read(&mut [0; 1]) {
        Ok(0) => "o outro lado encerrou".to_owned(),
        Ok(_) => "chegou um byte".to_owned(),
        Err(erro) => erro.to_string(),
    };
    println!("depois de {} s: {fim}", inicio.elapsed().as_secs());
    Ok(())
}

/// O que o sistema faria por esta conexão se ninguém pedisse nada.
fn mostrar_padrao(conexao: &TcpStream) -> io::Result<()> {
    let socket = SockRef::from(conexao);
    let ligado = if socket.keepalive()? {
        "ligado"
    } else {
        "desligado"
    };
    println!("o padrão: {ligado}");
    println!(
        "  TCP_KEEPIDLE  = {}",
        socket.tcp_keepalive_time()?.as_secs()
    );
    println!(
        "  TCP_KEEPINTVL = {}",
        socket.tcp_keepalive_interval()?.as_secs()
    );
    println!("  TCP_KEEPCNT   = {}", socket.tcp_keepalive_retries()?);
    Ok(())
}

// ANCHOR: vigiar
/// Depois de `SILENCIO`, até `PERGUNTAS` perguntas, uma a cada `INTERVALO`.
fn vigiar(conexao: &TcpStream) -> io::Result<()> {
    let opcoes = TcpKeepalive::new()
        .with_time(SILENCIO)
        .with_interval(INTERVALO)
        .with_retries(PERGUNTAS);
    SockRef::from(conexao).set_tcp_keepalive(&opcoes)
}
// ANCHOR_END: vigiar
