//! Pede ao sistema cada combinação de família e tipo, e mostra a resposta.
//!
//!     cargo run --bin cap03-combinacoes

use std::io;

use socket2::{Domain, Protocol, Socket, Type};

const FAMILIAS: [(&str, Domain, Protocol); 3] = [
    ("INET", Domain::IPV4, Protocol::ICMPV4),
    ("INET6", Domain::IPV6, Protocol::ICMPV6),
    ("UNIX", Domain::UNIX, Protocol::ICMPV4),
];
const TIPOS: [(&str, Type); 3] = [
    ("STREAM", Type::STREAM),
    ("DGRAM", Type::DGRAM),
    ("RAW", Type::RAW),
];

// ANCHOR: main
fn main() {
    for (familia, dominio, icmp) in FAMILIAS {
        for (nome, tipo) in TIPOS {
            // Um socket bruto de IP precisa dizer que protocolo carrega.
            let bruto = tipo == Type::RAW && dominio != Domain::UNIX;
            let protocolo = bruto.then_some(icmp);
            let resposta = pedir(dominio, tipo, protocolo);
            let resposta = resposta.unwrap_or_else(|e| recusa(&e));
            println!("{familia:<5} × {nome:<6}  {resposta}");
        }
    }
}
// ANCHOR_END: main

// ANCHOR: pedir
/// Pede o socket; se o sistema o dá, pergunta de que tipo ele ficou.
fn pedir(
    dominio: Domain,
    tipo: Type,
    protocolo: Option<Protocol>,
) -> io::Result<String> {
    let socket = Socket::new(dominio, tipo, protocolo)?;
    let dado = socket.r#type()?;
    let nome = TIPOS.iter().find(|(_, tipo)| *tipo == dado);
    let nome = nome.map_or("outro", |(nome, _)| nome);
    Ok(format!("sim: um socket {nome}"))
}
// ANCHOR_END: pedir

fn recusa(erro: &io::Error) -> String {
    let motivo = match erro.kind() {
        io::ErrorKind::PermissionDenied => "falta privilégio",
        _ => "o sistema não oferece",
    };
    format!("não: {motivo} ({erro})")
}
