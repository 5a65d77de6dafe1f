//! O erro é um valor: `Result`, o `?` e quem decide o que fazer.
//!
//!     cargo run --bin minimo-erros -- 7005

use std::env;

use anyhow::{anyhow, ensure};

const PORTA: &str = "7005";
const MENOR_PORTA: u16 = 1024;

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let texto = env::args().nth(1).unwrap_or(PORTA.into());
    match ler_porta(&texto) {
        Ok(porta) => println!("a porta é {porta}"),
        Err(erro) => println!("não deu: {erro}"),
    }
    let porta = ler_porta(&texto)?;
    println!("a seguinte é {}", porta + 1);
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: ler_porta
fn ler_porta(texto: &str) -> anyhow::Result<u16> {
    let porta: u16 = texto
        .parse()
        .map_err(|erro| anyhow!("“{texto}” não é uma porta ({erro})"))?;
    ensure!(porta >= MENOR_PORTA, "a porta {porta} pede privilégio");
    Ok(porta)
}
// ANCHOR_END: ler_porta
