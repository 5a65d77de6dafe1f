//! Errado de propósito (M01 e M02): toma cada leitura por uma mensagem.
//!
//!     cargo run --bin cap06-errado-uma-leitura -- 127.0.0.1:7006

use std::env;
use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

const ENDERECO: &str = "127.0.0.1:7006";
const TAMANHO_DO_BUFFER: usize = 4096;
const PRAZO: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let conexao = TcpStream::connect(&endereco)?;
    conexao.set_read_timeout(Some(PRAZO))?;
    receber_palavras(conexao)
}

// ANCHOR: receber_palavras
/// Pula o prefixo e mostra o resto da leitura, como se fosse uma palavra.
fn receber_palavras(mut conexao: TcpStream) -> anyhow::Result<()> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        let palavra = buffer[..lidos].get(2..).unwrap_or_default();
        println!("palavra: {:?}", String::from_utf8_lossy(palavra));
    }
}
// ANCHOR_END: receber_palavras
