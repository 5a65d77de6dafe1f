//! Exercício do capítulo 7: a estação que responde.
//!
//!     cargo run --bin cap07-exercicio -- 127.0.0.1:7007
//!     cargo oficina conferir cap07

use std::env;
use std::io;
use std::net::{TcpListener, TcpStream};

use anyhow::bail;

const ENDERECO: &str = "127.0.0.1:7007";

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(&endereco)?;
    println!("escutando em {}", ouvinte.local_addr()?);
    servir(&ouvinte)
}

/// Atende um cliente depois do outro, para sempre.
///
/// Falta escrever. O laço de `accept` é o dos capítulos anteriores.
fn servir(_ouvinte: &TcpListener) -> anyhow::Result<()> {
    bail!(
        "falta escrever `servir`, `atender` e `consultar` em \
         crates/cap07-ordem-dos-bytes/src/bin/cap07-exercicio.rs"
    )
}

/// Trata uma mensagem de cada vez, até o fim do fluxo.
///
/// Falta escrever. Perguntas que o seu código precisa responder:
/// - quantos bytes ainda faltam, depois de conhecido o tipo?
/// - em que ordem vêm os quatro bytes de um inteiro?
/// - qual inteiro tem sinal?
/// - o que fazer com um lote de 4294967295 medidas?
/// - e com um tipo que não existe, ou com o fim no meio da mensagem?
#[allow(dead_code)] // Apague esta linha quando `servir` chamar `atender`.
fn atender(_conexao: &TcpStream) -> io::Result<()> {
    Err(io::Error::other("falta escrever `atender`"))
}

/// Quantas medidas há no intervalo, e a maior temperatura entre elas.
///
/// Falta escrever.
#[allow(dead_code)] // Apague esta linha quando `atender` a chamar.
fn consultar(_inicio: u32, _fim: u32) -> [u8; 9] {
    [0; 9]
}
