//! Entrega um arquivo e só acredita no recibo.
//!
//!     cargo run --bin cap08-entrega -- 127.0.0.1:7008 carta.txt

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;
use std::{env, fs};

use anyhow::{anyhow, ensure};
use cap08_encerramento::{SOMA_VAZIA, somar};

const ENDERECO: &str = "127.0.0.1:7008";
const ARQUIVO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/carta.txt");
const SILENCIO_MAXIMO: Duration = Duration::from_secs(10);

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let mut argumentos = env::args().skip(1);
    let endereco = argumentos.next().unwrap_or(ENDERECO.into());
    let arquivo = argumentos.next().unwrap_or(ARQUIVO.into());
    let dados = fs::read(&arquivo)
        .map_err(|erro| anyhow!("não li {arquivo} ({erro})"))?;
    let recibo = entregar(&endereco, &dados)
        .map_err(|erro| anyhow!("não sei se {arquivo} chegou ({erro})"))?;
    let esperado = escrever_recibo(&dados);
    ensure!(recibo == esperado, "o recibo não confere: {recibo:?}");
    println!("entregue: {}", recibo.trim_end());
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: entregar
/// Envia tudo, avisa que acabou e espera o recibo.
fn entregar(endereco: &str, dados: &[u8]) -> io::Result<String> {
    let mut conexao = TcpStream::connect(endereco)?;
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    conexao.write_all(dados)?;
    // Acabou, mas continuo ouvindo. Se a conexão já caiu, a leitura dirá.
    conexao.shutdown(Shutdown::Write).ok();
    let mut recibo = String::new();
    conexao.read_to_string(&mut recibo)?;
    Ok(recibo)
}
// ANCHOR_END: entregar

/// O recibo de quem recebeu estes bytes, todos e nesta ordem.
fn escrever_recibo(dados: &[u8]) -> String {
    let (total, soma) = (dados.len(), somar(SOMA_VAZIA, dados));
    format!("recebi {total} bytes, soma {soma:08x}\n")
}
