//! Tenta cada endereço de um nome, na ordem, até um deles aceitar.
//!
//!     cargo run --bin cap02-conecta -- localhost:7002

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
/// A primeira conexão que der certo, entre os endereços do nome.
fn conectar(destino: &str) -> anyhow::Result<TcpStream> {
    let enderecos = destino
        .to_socket_addrs()
        .with_context(|| format!("não achei o endereço de {destino}"))?;
    for endereco in enderecos {
        match TcpStream::connect_timeout(&endereco, PRAZO_DE_CONEXAO) {
            Ok(conexao) => {
                println!("{endereco} aceitou");
                return Ok(conexao);
            }
            Err(erro) => println!("{endereco} falhou ({erro})"),
        }
    }
    Err(anyhow!("nenhum endereço de {destino} aceitou"))
}
// ANCHOR_END: conectar

/// A linha que o servidor diz primeiro.
fn ler_linha(conexao: TcpStream) -> io::Result<String> {
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    let mut linha = String::new();
    BufReader::new(conexao.take(LINHA_MAXIMA)).read_line(&mut linha)?;
    Ok(linha)
}
