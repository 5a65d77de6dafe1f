//! Experiência: quantas leituras são precisas para receber três envios?
//!
//!     cargo run --bin cap06-pedacos

use std::env;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:0";
const TAMANHO_DO_BUFFER: usize = 4096;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(&endereco).map_err(|erro| {
        anyhow!("não consegui escutar em {endereco} ({erro})")
    })?;

    println!("três envios: um; dois; três;");
    enviar(&ouvinte, &["um;", "dois;", "três;"])?;
    mostrar_leituras(&ouvinte)?;

    println!("um envio de 10000 bytes");
    enviar(&ouvinte, &[&"x".repeat(10_000)])?;
    mostrar_leituras(&ouvinte)
}

// ANCHOR: enviar
/// Conecta, envia cada texto com uma chamada e encerra a conexão.
fn enviar(ouvinte: &TcpListener, textos: &[&str]) -> anyhow::Result<()> {
    let mut conexao = TcpStream::connect(ouvinte.local_addr()?)?;
    for texto in textos {
        conexao.write_all(texto.as_bytes())?;
    }
    Ok(())
}
// ANCHOR_END: enviar

// ANCHOR: mostrar_leituras
/// Aceita a conexão e conta o que cada leitura traz, até o fim do fluxo.
fn mostrar_leituras(ouvinte: &TcpListener) -> anyhow::Result<()> {
    let (mut conexao, _) = ouvinte.accept()?;
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    let mut leitura = 0;
    loop {
        let lidos = conexao.read(&mut buffer)?;
        leitura += 1;
        println!("  leitura {leitura}: {lidos} bytes");
        if lidos == 0 {
            return Ok(());
        }
    }
}
// ANCHOR_END: mostrar_leituras
