//! Visor: mostra os bytes de cada medida, campo por campo, e o que dizem.
//!
//!     cargo run --bin cap07-visor -- 127.0.0.1:7007

use std::env;
use std::io::{BufRead, BufReader, IsTerminal, Read, stdout};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::anyhow;
use cap07_ordem_dos_bytes::{Medida, TAMANHO};

const ENDERECO: &str = "127.0.0.1:7007";
const PRAZO: Duration = Duration::from_secs(5);
/// Sensor em azul, instante em laranja, temperatura em verde.
const CORES: [&str; 3] = ["34", "33", "32"];

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let conexao = TcpStream::connect(&endereco).map_err(|erro| {
        anyhow!("não consegui conectar a {endereco} ({erro})")
    })?;
    conexao.set_read_timeout(Some(PRAZO))?;
    receber_medidas(BufReader::new(conexao))
}

// ANCHOR: receber_medidas
/// Lê nove bytes de cada vez, até o fim do fluxo entre duas medidas.
fn receber_medidas(mut leitor: BufReader<TcpStream>) -> anyhow::Result<()> {
    while !leitor.fill_buf()?.is_empty() {
        let mut bytes = [0; TAMANHO];
        leitor.read_exact(&mut bytes).map_err(|erro| {
            anyhow!("a última medida não veio inteira ({erro})")
        })?;
        println!("{}", em_hexadecimal(&bytes));
        let m = Medida::decodificar(&bytes);
        let graus = em_graus(m.centesimos);
        println!("sensor {}, instante {}, {graus} °C", m.sensor, m.instante);
    }
    Ok(())
}
// ANCHOR_END: receber_medidas

/// Os bytes em hexadecimal, um campo de cada cor se a saída é um terminal.
fn em_hexadecimal(bytes: &[u8; TAMANHO]) -> String {
    let campos = [&bytes[..1], &bytes[1..5], &bytes[5..]];
    let pintados = campos.iter().zip(CORES).map(|(campo, cor)| {
        let hexa: Vec<_> = campo.iter().map(|b| format!("{b:02x}")).collect();
        match stdout().is_terminal() {
            true => format!("\x1b[{cor}m{}\x1b[0m", hexa.join(" ")),
            false => hexa.join(" "),
        }
    });
    pintados.collect::<Vec<_>>().join(" | ")
}

/// Centésimos de grau em graus, com vírgula.
fn em_graus(centesimos: i32) -> String {
    format!("{:.2}", f64::from(centesimos) / 100.0).replace('.', ",")
}
