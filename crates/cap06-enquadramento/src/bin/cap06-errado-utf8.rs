//! Errado de propósito (M04): decodifica o texto pedaço por pedaço.
//!
//!     cargo run --bin cap06-errado-utf8 -- 127.0.0.1:7006

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::ensure;

const ENDERECO: &str = "127.0.0.1:7006";
const PRAZO: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let conexao = TcpStream::connect(&endereco)?;
    conexao.set_read_timeout(Some(PRAZO))?;
    receber_palavras(BufReader::new(conexao))
}

// ANCHOR: receber_palavras
/// Junta os pedaços de cada palavra já transformados em texto.
fn receber_palavras(mut leitor: BufReader<TcpStream>) -> anyhow::Result<()> {
    while !leitor.fill_buf()?.is_empty() {
        let mut prefixo = [0; 2];
        leitor.read_exact(&mut prefixo)?;
        let mut faltam = usize::from(u16::from_be_bytes(prefixo));
        let mut palavra = String::new();
        while faltam > 0 {
            let chegados = leitor.fill_buf()?;
            ensure!(!chegados.is_empty(), "o fluxo acabou em meia mensagem");
            let parte = chegados.len().min(faltam);
            palavra += &String::from_utf8_lossy(&chegados[..parte]);
            leitor.consume(parte);
            faltam -= parte;
        }
        println!("palavra: {palavra}");
    }
    Ok(())
}
// ANCHOR_END: receber_palavras
