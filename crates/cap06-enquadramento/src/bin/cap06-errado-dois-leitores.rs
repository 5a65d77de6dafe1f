//! Errado de propósito (M11): cria um `BufReader` novo a cada mensagem.
//!
//!     cargo run --bin cap06-errado-dois-leitores -- 127.0.0.1:7006

use std::env;
use std::io::BufReader;
use std::net::TcpStream;
use std::time::Duration;

use cap06_enquadramento::ler_com_prefixo;

const ENDERECO: &str = "127.0.0.1:7006";
const PRAZO: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let conexao = TcpStream::connect(&endereco)?;
    conexao.set_read_timeout(Some(PRAZO))?;
    receber_palavras(&conexao)
}

// ANCHOR: receber_palavras
/// Lê uma palavra com cada leitor, e joga o leitor fora.
fn receber_palavras(conexao: &TcpStream) -> anyhow::Result<()> {
    loop {
        let mut leitor = BufReader::new(conexao);
        let Some(palavra) = ler_com_prefixo(&mut leitor)? else {
            return Ok(());
        };
        println!("palavra: {}", String::from_utf8(palavra)?);
    }
}
// ANCHOR_END: receber_palavras
