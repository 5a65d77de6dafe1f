//! Quem fala primeiro? Conecta, espera um pouco e, se o outro lado se cala,
//! diz a ele o que veio no segundo argumento.
//!
//!     cargo run --bin cap01-quem-fala -- 127.0.0.1:22
//!     cargo run --bin cap01-quem-fala -- 127.0.0.1:3000 "GET / HTTP/1.0"

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:22";
const ESPERA: Duration = Duration::from_secs(1);
const MAIOR_LINHA: u64 = 500;
const MOSTRADAS: usize = 15;

fn main() -> anyhow::Result<()> {
    let mut argumentos = env::args().skip(1);
    let endereco = argumentos.next().unwrap_or(ENDERECO.into());
    let conexao = TcpStream::connect(&endereco)
        .map_err(|erro| anyhow!("não conectei a {endereco} ({erro})"))?;
    conexao.set_read_timeout(Some(ESPERA))?;
    ouvir(&conexao, argumentos.next())
        .map_err(|erro| anyhow!("a conversa parou ({erro})"))
}

// ANCHOR: ouvir
/// Mostra o começo da primeira linha de quem falar primeiro.
fn ouvir(conexao: &TcpStream, fala: Option<String>) -> io::Result<()> {
    // peek espera o primeiro byte, e o deixa no lugar.
    match conexao.peek(&mut [0]) {
        Ok(0) => println!("ele encerrou sem falar"),
        Ok(_) => println!("ele falou primeiro: “{}”", ler_linha(conexao)?),
        Err(erro) if esgotou(&erro) => return responder(conexao, fala),
        Err(erro) => return Err(erro),
    }
    Ok(())
}

fn responder(mut conexao: &TcpStream, fala: Option<String>) -> io::Result<()> {
    println!("ele se calou: espera que eu fale");
    if let Some(fala) = fala {
        println!("eu disse: “{fala}”");
        conexao.write_all(format!("{fala}\r\n\r\n").as_bytes())?;
        println!("ele respondeu: “{}”", ler_linha(conexao)?);
    }
    Ok(())
}

/// O silêncio durou a espera inteira: o erro tem dois nomes, um
/// no Unix e outro no Windows.
fn esgotou(erro: &io::Error) -> bool {
    matches!(erro.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
// ANCHOR_END: ouvir

fn ler_linha(conexao: &TcpStream) -> io::Result<String> {
    let mut linha = Vec::new();
    let mut leitor = BufReader::new(conexao.take(MAIOR_LINHA));
    leitor.read_until(b'\n', &mut linha)?;
    let texto = String::from_utf8_lossy(&linha);
    Ok(texto.trim_end().chars().take(MOSTRADAS).collect())
}
