//! Exercício do capítulo 2: o conector teimoso.
//!
//!     cargo run --bin cap02-exercicio -- localhost:7002
//!     cargo oficina conferir cap02

use std::env;
use std::process::ExitCode;

const DESTINO: &str = "localhost:7002";

fn main() -> ExitCode {
    let mut argumentos: Vec<String> = env::args().skip(1).collect();
    if argumentos.is_empty() {
        argumentos.push(DESTINO.into());
    }
    if let Some(torto) = argumentos.iter().find(|a| separar(a).is_none()) {
        eprintln!("“{torto}” não é host:porta");
        return 2.into();
    }
    let destinos = argumentos.iter().filter_map(|a| separar(a));
    for (host, porta) in destinos {
        if tentar_nome(host, porta) {
            return 0.into();
        }
    }
    1.into()
}

/// Divide "[::1]:7002" em host, sem os colchetes, e porta.
///
/// Falta escrever: `None` se falta a porta ou se ela não cabe em um `u16`.
fn separar(_destino: &str) -> Option<(&str, u16)> {
    eprintln!(
        "falta escrever `separar` e `tentar_nome` em \
         crates/cap02-enderecos-e-nomes/src/bin/cap02-exercicio.rs"
    );
    None
}

/// Tenta cada endereço do nome, na ordem; diz se algum saudou.
///
/// Falta escrever. Um caminho:
/// 1. pergunte os endereços ao sistema: `(host, porta).to_socket_addrs()`;
/// 2. para cada um, conecte com limite (`connect_timeout`), leia a linha do
///    servidor, também com limite, e devolva-a;
/// 3. escreva a linha do relatório e pare no primeiro que saudou.
///
/// Perguntas que o seu código precisa responder:
/// - e se o nome não tem endereço?
/// - e se quem aceitou a conexão não disser nada?
/// - e se ele fechar a conexão sem saudar?
fn tentar_nome(_host: &str, _porta: u16) -> bool {
    false
}
