//! Pergunta ao sistema que endereços tem cada nome.
//!
//!     cargo run --bin cap02-resolve -- localhost:7002

use std::env;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, ToSocketAddrs};
use std::process::ExitCode;

const DESTINO: &str = "localhost:7002";

fn main() -> ExitCode {
    let mut destinos: Vec<String> = env::args().skip(1).collect();
    if destinos.is_empty() {
        destinos.push(DESTINO.into());
    }
    let mut estado = ExitCode::SUCCESS;
    for destino in destinos {
        match resolver(&destino) {
            Ok(enderecos) => mostrar(&destino, &enderecos),
            Err(erro) => {
                eprintln!("{destino}: {} ({erro})", explicar(&erro));
                estado = ExitCode::FAILURE;
            }
        }
    }
    estado
}

// ANCHOR: resolver
/// Os endereços do nome, na ordem em que o sistema aconselha tentá-los.
fn resolver(destino: &str) -> io::Result<Vec<SocketAddr>> {
    Ok(destino.to_socket_addrs()?.collect())
}
// ANCHOR_END: resolver

fn mostrar(destino: &str, enderecos: &[SocketAddr]) {
    println!("{destino}");
    for endereco in enderecos {
        let familia = if endereco.is_ipv4() { "IPv4" } else { "IPv6" };
        println!("  {familia}  {endereco}");
    }
}

// ANCHOR: explicar
/// Quem falhou: o texto, ou o nome?
fn explicar(erro: &io::Error) -> &'static str {
    match erro.kind() {
        ErrorKind::InvalidInput => "não é nome:porta",
        _ => "não achei o endereço",
    }
}
// ANCHOR_END: explicar
