//! Sensor: fala o protocolo do exercício: duas medidas, um lote e consultas.
//!
//!     cargo run --bin cap07-sensor -- 127.0.0.1:7007

use std::env;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7007";
const PRAZO: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let mut conexao = TcpStream::connect(&endereco).map_err(|erro| {
        anyhow!("não consegui conectar a {endereco} ({erro})")
    })?;
    conexao.set_read_timeout(Some(PRAZO))?;
    enviar(&mut conexao, b'M', 1000, 2150)?;
    enviar(&mut conexao, b'M', 86_400, -325)?;
    consultar(&mut conexao, 0, u32::MAX)?;
    conexao.write_all(&[b'L', 0, 0, 0, 1])?;
    conexao.write_all(&[0, 0, 0x0f, 0xa0, 0, 0, 0x0b, 0xb8])?;
    consultar(&mut conexao, 4000, 4000)?;
    consultar(&mut conexao, 100_000, 200_000)
}

/// Envia nove bytes: o tipo, um inteiro sem sinal e um com sinal.
fn enviar(
    conexao: &mut TcpStream,
    tipo: u8,
    primeiro: u32,
    segundo: i32,
) -> anyhow::Result<()> {
    let mut bytes = vec![tipo];
    bytes.extend(primeiro.to_be_bytes());
    bytes.extend(segundo.to_be_bytes());
    Ok(conexao.write_all(&bytes)?)
}

// ANCHOR: consultar
/// Pergunta pelo intervalo e mostra os nove bytes da resposta.
fn consultar(
    conexao: &mut TcpStream,
    inicio: u32,
    fim: u32,
) -> anyhow::Result<()> {
    enviar(conexao, b'C', inicio, fim.cast_signed())?; // os mesmos 4 bytes
    let mut bytes = [0; 9];
    conexao
        .read_exact(&mut bytes)
        .map_err(|erro| anyhow!("faltou a resposta ({erro})"))?;
    let [tipo, a, b, c, d, e, f, g, h] = bytes;
    let quantas = u32::from_be_bytes([a, b, c, d]);
    let maior = i32::from_be_bytes([e, f, g, h]);
    println!("{inicio} a {fim}: {} {quantas} {maior}", char::from(tipo));
    Ok(())
}
// ANCHOR_END: consultar
