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
    medir(&mut conexao, 1000, 2150)?;
    medir(&mut conexao, 86_400, -325)?;
    consultar(&mut conexao, 0, u32::MAX)?;
    conexao.write_all(&[b'L', 0, 0, 0, 1])?;
    conexao.write_all(&[0, 0, 0x0f, 0xa0, 0, 0, 0x0b, 0xb8])?;
    consultar(&mut conexao, 4000, 4000)?;
    consultar(&mut conexao, 100_000, 200_000)
}

/// Envia uma medida.
fn medir(
    conexao: &mut TcpStream,
    instante: u32,
    centesimos: i32,
) -> anyhow::Result<()> {
    enviar(
        conexao,
        b'M',
        instante.to_be_bytes(),
        centesimos.to_be_bytes(),
    )
}

/// Envia nove bytes: o tipo e dois inteiros de quatro.
fn enviar(
    conexao: &mut TcpStream,
    tipo: u8,
    primeiro: [u8; 4],
    segundo: [u8; 4],
) -> anyhow::Result<()> {
    Ok(conexao.write_all(&[&[tipo][..], &primeiro, &segundo].concat())?)
}

// ANCHOR: consultar
/// Pergunta pelo intervalo e mostra os nove bytes da resposta.
fn consultar(
    conexao: &mut TcpStream,
    inicio: u32,
    fim: u32,
) -> anyhow::Result<()> {
    enviar(conexao, b'C', inicio.to_be_bytes(), fim.to_be_bytes())?;
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
