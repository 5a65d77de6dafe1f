//! Exercício do capítulo 4: um recado inteiro, ou o motivo.
//!
//!     cargo run --bin cap04-exercicio -- 127.0.0.1:7004
//!     cargo oficina conferir cap04

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

const ENDERECO: &str = "127.0.0.1:7004";

fn main() -> ExitCode {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    match pegar(&endereco) {
        Ok(recado) if io::stdout().write_all(&recado).is_ok() => 0.into(),
        Ok(_) => 1.into(),
        Err(erro) => {
            eprintln!("não peguei o recado ({erro})");
            estado_de_saida(&erro).into()
        }
    }
}

/// Conecta, pede e devolve o recado: os bytes dele, inteiros.
///
/// Falta escrever. Um caminho:
/// 1. conecte e limite o silêncio a 1 segundo (`set_read_timeout`);
/// 2. envie a linha `PEGA`;
/// 3. leia a linha com o tamanho, depois esse tanto de bytes, nem um a mais.
///
/// Perguntas que o seu código precisa responder:
/// - e se a linha do tamanho chegar em dois pedaços?
/// - e se o recado já vier colado nela?
/// - e se o fluxo terminar antes do último byte?
fn pegar(_endereco: &str) -> io::Result<Vec<u8>> {
    Err(io::Error::other(
        "falta escrever `pegar` em \
         crates/cap04-cliente-tcp/src/bin/cap04-exercicio.rs",
    ))
}

/// 3 conexão recusada; 4 tempo esgotado; 5 recado cortado; 1 outro erro.
///
/// Falta escrever: olhe `erro.kind()`.
fn estado_de_saida(_erro: &io::Error) -> u8 {
    1
}
