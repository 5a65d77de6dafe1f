//! Cliente de palavras: remonta as mensagens com os bytes que chegam.
//! O segundo argumento é o tamanho do buffer de leitura, em bytes.
//!
//!     cargo run --bin cap06-cliente -- 127.0.0.1:7006 7

use std::env;
use std::io::Read;
use std::net::TcpStream;
use std::num::NonZeroUsize;
use std::time::Duration;

use anyhow::{anyhow, ensure};

const ENDERECO: &str = "127.0.0.1:7006";
const TAMANHO_DO_BUFFER: &str = "7";
const PRAZO: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let tamanho = env::args().nth(2).unwrap_or(TAMANHO_DO_BUFFER.to_string());
    let tamanho: NonZeroUsize = tamanho.parse()?;
    let conexao = TcpStream::connect(&endereco).map_err(|erro| {
        anyhow!("não consegui conectar a {endereco} ({erro})")
    })?;
    conexao.set_read_timeout(Some(PRAZO))?;
    receber_palavras(conexao, vec![0; tamanho.get()])
}

// ANCHOR: receber_palavras
/// Guarda o que chega e mostra cada palavra assim que ela se completa.
fn receber_palavras(
    mut conexao: TcpStream,
    mut buffer: Vec<u8>,
) -> anyhow::Result<()> {
    let mut guardados = Vec::new();
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            ensure!(guardados.is_empty(), "o fluxo acabou em meia mensagem");
            return Ok(());
        }
        println!("chegaram {:02x?}", &buffer[..lidos]);
        guardados.extend_from_slice(&buffer[..lidos]);
        while let Some(palavra) = proxima_mensagem(&mut guardados) {
            println!("palavra: {}", String::from_utf8(palavra)?);
        }
    }
}
// ANCHOR_END: receber_palavras

// ANCHOR: proxima_mensagem
/// Retira dos bytes guardados a primeira mensagem, se já está inteira.
fn proxima_mensagem(guardados: &mut Vec<u8>) -> Option<Vec<u8>> {
    let prefixo = *guardados.first_chunk::<2>()?;
    let fim = 2 + usize::from(u16::from_be_bytes(prefixo));
    let mensagem = guardados.get(2..fim)?.to_vec();
    guardados.drain(..fim);
    Some(mensagem)
}
// ANCHOR_END: proxima_mensagem
