//! Errado de propósito (M22): tenta um só dos endereços do nome.
//!
//!     cargo run --bin cap02-errado-primeiro -- localhost:7002

use std::env;
use std::io::{self, BufRead, BufReader, Read};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use anyhow::{Context, anyhow};

const DESTINO: &str = "localhost:7002";
const PRAZO_DE_CONEXAO: Duration = Duration::from_secs(2);
const SILENCIO_MAXIMO: Duration = Duration::from_secs(2);
const LINHA_MAXIMA: u64 = 200;

fn main() -> anyhow::Result<()> {
    let destino = env::args().nth(1).unwrap_or(DESTINO.into());
    let conexao = conectar(&destino)?;
    print!("{}", ler_linha(conexao).context("o servidor não saudou")?);
    Ok(())
}

// ANCHOR: conectar
/// Conecta ao endereço do nome, como se houvesse um só.
fn conectar(destino: &str) -> anyhow::Result<TcpStream> {
    let endereco = destino
        .to_socket_addrs()
        .with_context(|| format!("não achei o endereço de {destino}"))?
        .next()
        .context("o nome não tem endereço")?;
    TcpStream::connect_timeout(&endereco, PRAZO_DE_CONEXAO)
        .map_err(|erro| anyhow!("não conectei a {endereco} ({erro})"))
}
// ANCHOR_END: conectar

/// A linha que o servidor diz primeiro.
fn ler_linha(conexao: TcpStream) -> io::Result<String> {
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    let mut linha = String::new();
    BufReader::new(conexao.take(LINHA_MAXIMA)).read_line(&mut linha)?;
    Ok(linha)
}
