//! Errado de propósito (M14): pensa que descartar um clone fecha a conexão.
//!
//!     cargo run --bin cap08-errado-clone -- 127.0.0.1:7008 carta.txt

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use std::{env, fs};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7008";
const ARQUIVO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/carta.txt");
const SILENCIO_MAXIMO: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let mut argumentos = env::args().skip(1);
    let endereco = argumentos.next().unwrap_or(ENDERECO.into());
    let arquivo = argumentos.next().unwrap_or(ARQUIVO.into());
    let dados = fs::read(&arquivo)
        .map_err(|erro| anyhow!("não li {arquivo} ({erro})"))?;
    let recibo = entregar(&endereco, &dados)
        .map_err(|erro| anyhow!("não sei se {arquivo} chegou ({erro})"))?;
    println!("o recibo: {recibo:?}");
    Ok(())
}

// ANCHOR: entregar
/// Envia tudo por um clone, descarta o clone e espera o recibo.
fn entregar(endereco: &str, dados: &[u8]) -> io::Result<String> {
    let mut conexao = TcpStream::connect(endereco)?;
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    let mut escritor = conexao.try_clone()?;
    escritor.write_all(dados)?;
    drop(escritor); // fechou o sentido de ida?
    let mut recibo = String::new();
    conexao.read_to_string(&mut recibo)?;
    Ok(recibo)
}
// ANCHOR_END: entregar
