//! Errado de propósito (M25): lê os números como se fossem little-endian.
//!
//!     cargo run --bin cap07-errado-ordem -- 127.0.0.1:7007

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::time::Duration;

const ENDERECO: &str = "127.0.0.1:7007";
const PRAZO: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let conexao = TcpStream::connect(&endereco)?;
    conexao.set_read_timeout(Some(PRAZO))?;
    receber_medidas(BufReader::new(conexao))
}

// ANCHOR: receber_medidas
/// Lê cada campo como este processador o guardaria na memória.
fn receber_medidas(mut leitor: BufReader<TcpStream>) -> anyhow::Result<()> {
    while !leitor.fill_buf()?.is_empty() {
        let mut bytes = [0; 9];
        leitor.read_exact(&mut bytes)?;
        let [sensor, a, b, c, d, e, f, g, h] = bytes;
        let instante = u32::from_le_bytes([a, b, c, d]);
        let centesimos = i32::from_le_bytes([e, f, g, h]);
        let graus = em_graus(centesimos);
        println!("sensor {sensor}, instante {instante}, {graus} °C");
    }
    Ok(())
}
// ANCHOR_END: receber_medidas

/// Centésimos de grau em graus, com vírgula.
fn em_graus(centesimos: i32) -> String {
    format!("{:.2}", f64::from(centesimos) / 100.0).replace('.', ",")
}
