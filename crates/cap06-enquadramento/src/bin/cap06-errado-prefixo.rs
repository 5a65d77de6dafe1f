//! Errado de propósito (M03): supõe que o prefixo chega inteiro.
//!
//!     cargo run --bin cap06-errado-prefixo -- 127.0.0.1:7006

use std::env;
use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7006";
const PRAZO: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let conexao = TcpStream::connect(&endereco)?;
    conexao.set_read_timeout(Some(PRAZO))?;
    receber_palavras(conexao)
}

// ANCHOR: receber_palavras
/// Lê a palavra com cuidado, mas o prefixo com um `read` só.
fn receber_palavras(mut conexao: TcpStream) -> anyhow::Result<()> {
    loop {
        let mut prefixo = [0; 2];
        if conexao.read(&mut prefixo)? == 0 {
            return Ok(());
        }
        let tamanho = usize::from(u16::from_be_bytes(prefixo));
        println!("vem uma palavra de {tamanho} bytes");
        let mut palavra = vec![0; tamanho];
        conexao
            .read_exact(&mut palavra)
            .map_err(|erro| anyhow!("faltou o resto da palavra ({erro})"))?;
        println!("palavra: {}", String::from_utf8(palavra)?);
    }
}
// ANCHOR_END: receber_palavras
