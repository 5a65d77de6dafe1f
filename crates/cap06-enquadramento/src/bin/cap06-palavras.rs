//! Servidor de palavras: envia quatro mensagens, cortadas onde não convém.
//! O segundo argumento é o tamanho de cada pedaço, em bytes.
//!
//!     cargo run --bin cap06-palavras -- 127.0.0.1:7006 7

use std::env;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7006";
const PEDACO: &str = "7";
const PALAVRAS: [&str; 4] = ["olá", "coração", "pão", "fim"];
const PAUSA_ENTRE_PEDACOS: Duration = Duration::from_millis(100);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let pedaco = env::args().nth(2).unwrap_or(PEDACO.to_string());
    let pedaco: NonZeroUsize = pedaco.parse()?;
    let ouvinte = TcpListener::bind(&endereco).map_err(|erro| {
        anyhow!("não consegui escutar em {endereco} ({erro})")
    })?;
    println!("escutando em {}", ouvinte.local_addr()?);
    loop {
        let (conexao, par) = ouvinte.accept()?;
        if let Err(erro) = enviar_palavras(conexao, pedaco.get()) {
            println!("{par} caiu ({erro})");
        }
    }
}

// ANCHOR: enviar_palavras
/// Junta as mensagens em um fluxo e o envia em pedaços de `pedaco` bytes.
fn enviar_palavras(mut conexao: TcpStream, pedaco: usize) -> io::Result<()> {
    conexao.set_nodelay(true)?; // cada pedaço parte sem esperar o próximo
    let fluxo = PALAVRAS.map(enquadrar).concat();
    for parte in fluxo.chunks(pedaco) {
        conexao.write_all(parte)?;
        thread::sleep(PAUSA_ENTRE_PEDACOS); // imita uma rede lenta
    }
    Ok(())
}
// ANCHOR_END: enviar_palavras

// ANCHOR: enquadrar
/// Põe antes da palavra o tamanho dela, em dois bytes.
fn enquadrar(palavra: &str) -> Vec<u8> {
    let tamanho = u16::try_from(palavra.len()).expect("palavra curta");
    [&tamanho.to_be_bytes(), palavra.as_bytes()].concat()
}
// ANCHOR_END: enquadrar
