//! Errado de propósito (M15): toma a escrita pela prova de entrega.
//!
//!     cargo run --bin cap08-errado-sem-recibo -- 127.0.0.1:7008 carta.txt

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::{env, fs};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7008";
const ARQUIVO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/carta.txt");

fn main() -> anyhow::Result<()> {
    let mut argumentos = env::args().skip(1);
    let endereco = argumentos.next().unwrap_or(ENDERECO.into());
    let arquivo = argumentos.next().unwrap_or(ARQUIVO.into());
    let dados = fs::read(&arquivo)
        .map_err(|erro| anyhow!("não li {arquivo} ({erro})"))?;
    entregar(&endereco, &dados)
        .map_err(|erro| anyhow!("não entreguei {arquivo} ({erro})"))?;
    println!("entregue: {} bytes", dados.len());
    Ok(())
}

// ANCHOR: entregar
/// Envia tudo e avisa que acabou. Se nada deu errado, chegou?
fn entregar(endereco: &str, dados: &[u8]) -> io::Result<()> {
    let mut conexao = TcpStream::connect(endereco)?;
    conexao.write_all(dados)?;
    conexao.shutdown(Shutdown::Write)
}
// ANCHOR_END: entregar
