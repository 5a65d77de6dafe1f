//! Recebe o arquivo, não consegue guardá-lo e vai embora sem recibo.
//!
//!     cargo run --bin cap08-desiste -- 127.0.0.1:7008

use std::env;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7008";
const SILENCIO_MAXIMO: Duration = Duration::from_secs(10);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let ouvinte = TcpListener::bind(&endereco)
        .map_err(|erro| anyhow!("não escutei em {endereco} ({erro})"))?;
    println!("escutando em {}", ouvinte.local_addr()?);
    for conexao in ouvinte.incoming() {
        match conexao.and_then(perder) {
            Ok(total) => println!("perdi {total} bytes e fui embora"),
            Err(erro) => println!("não recebi o arquivo ({erro})"),
        }
    }
    Ok(())
}

/// Lê até o fim do fluxo, como se o disco estivesse cheio.
fn perder(mut conexao: TcpStream) -> io::Result<u64> {
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    io::copy(&mut conexao, &mut io::sink())
}
