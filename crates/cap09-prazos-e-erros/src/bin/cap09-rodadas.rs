//! Cronometra rodadas de pedido e resposta, de três jeitos de escrever.
//!
//!     cargo run --bin cap09-rodadas -- 127.0.0.1:7009 50 todos
//!
//! O último argumento pode ser `duas`, `nodelay` ou `uma`: um jeito só.

use std::env;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7009";
const RODADAS: u32 = 50;
const JEITOS: [&str; 3] = ["duas", "nodelay", "uma"];
const TEXTO: &[u8] = b"oi\n";
const PRAZO_DA_RODADA: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let rodadas = env::args().nth(2).map_or(Ok(RODADAS), |n| n.parse())?;
    let pedido = env::args().nth(3).unwrap_or("todos".into());
    let mut tempos = Vec::new();
    for jeito in JEITOS.iter().filter(|j| pedido == "todos" || pedido == **j) {
        let tempo = cronometrar(&endereco, rodadas, jeito)
            .map_err(|erro| anyhow!("{jeito}: não deu ({erro})"))?;
        println!("{jeito:<8} {rodadas} rodadas em {}", em_ms(tempo));
        tempos.push(tempo.as_secs_f64());
    }
    if let [duas, nodelay, uma] = tempos[..] {
        println!("duas / nodelay: cerca de {:.0} vezes", duas / nodelay);
        println!("duas / uma:     cerca de {:.0} vezes", duas / uma);
    }
    Ok(())
}

// ANCHOR: cronometrar
/// O tempo de tantas rodadas, uma depois da outra, na mesma conexão.
fn cronometrar(
    endereco: &str,
    rodadas: u32,
    jeito: &str,
) -> io::Result<Duration> {
    let mut conexao = TcpStream::connect(endereco)?;
    conexao.set_read_timeout(Some(PRAZO_DA_RODADA))?;
    conexao.set_nodelay(jeito == "nodelay")?;
    let inicio = Instant::now();
    for _ in 0..rodadas {
        match jeito {
            "uma" => em_uma_escrita(&mut conexao)?,
            _ => em_duas_escritas(&mut conexao)?,
        }
        conexao.read_exact(&mut [0; TEXTO.len()])?; // o eco
    }
    Ok(inicio.elapsed())
}
// ANCHOR_END: cronometrar

// ANCHOR: em_duas_escritas
/// O verbo em uma escrita, o texto em outra.
fn em_duas_escritas(conexao: &mut TcpStream) -> io::Result<()> {
    conexao.write_all(b"eco ")?;
    conexao.write_all(TEXTO)
}
// ANCHOR_END: em_duas_escritas

// ANCHOR: em_uma_escrita
/// Os mesmos bytes, juntos.
fn em_uma_escrita(conexao: &mut TcpStream) -> io::Result<()> {
    conexao.write_all(&[b"eco ", TEXTO].concat())
}
// ANCHOR_END: em_uma_escrita

/// Em milissegundos, com a vírgula do português.
fn em_ms(tempo: Duration) -> String {
    format!("{:.1} ms", tempo.as_secs_f64() * 1000.0).replace('.', ",")
}
