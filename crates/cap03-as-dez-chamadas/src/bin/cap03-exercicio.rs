//! Exercício do capítulo 3: o eco, chamada por chamada.
//!
//!     cargo run --bin cap03-exercicio -- 127.0.0.1:7003
//!     cargo run --bin cap03-exercicio -- unix:/tmp/eco.sock
//!     cargo oficina conferir cap03

use std::env;

use anyhow::bail;
use socket2::Socket;

const ENDERECO: &str = "127.0.0.1:7003";

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = escutar(&endereco)?;
    println!("escutando em {endereco}");
    servir(&ouvinte)
}

/// Abre o socket de escuta: `endereço:porta` ou `unix:/caminho`.
///
/// Falta escrever. Um caminho:
/// 1. descubra a família e o endereço (`SockAddr`) a partir do texto;
/// 2. crie o socket e ligue as opções que o endereço pede;
/// 3. `bind` e `listen`.
fn escutar(_endereco: &str) -> anyhow::Result<Socket> {
    bail!(
        "falta escrever `escutar` e `servir` em \
         crates/cap03-as-dez-chamadas/src/bin/cap03-exercicio.rs"
    )
}

/// Atende um cliente depois do outro, para sempre.
///
/// Falta escrever. Perguntas que o seu código precisa responder:
/// - o que fazer quando `accept` falha?
/// - o que significa uma leitura de zero bytes?
/// - e se `send` aceitar só uma parte?
fn servir(_ouvinte: &Socket) -> anyhow::Result<()> {
    bail!("falta escrever `servir`")
}
