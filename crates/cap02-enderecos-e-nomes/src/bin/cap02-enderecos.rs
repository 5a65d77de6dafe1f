//! Lê textos como endereços IP e diz o que cada um é.
//!
//!     cargo run --bin cap02-enderecos -- 127.0.0.1 ::1 localhost

use std::env;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const TEXTOS: [&str; 14] = [
    "127.0.0.1",
    "10.0.0.2",
    "169.254.7.7",
    "203.0.113.5",
    "0.0.0.0",
    "::1",
    "fd00::2",
    "fe80::1",
    "2001:db8:0:0::5",
    "::",
    "::ffff:127.0.0.1",
    "127.1",
    "256.1.1.1",
    "localhost",
];

fn main() {
    let pedidos: Vec<String> = env::args().skip(1).collect();
    let padrao = TEXTOS.map(String::from).to_vec();
    for texto in if pedidos.is_empty() { padrao } else { pedidos } {
        println!("{texto:<17}{}", descrever(&texto));
    }
}

// ANCHOR: descrever
/// A família e o alcance do endereço; e a forma curta, se o texto não a usa.
fn descrever(texto: &str) -> String {
    let Ok(ip) = texto.parse::<IpAddr>() else {
        return "não é um endereço".to_string();
    };
    let lido = match ip {
        IpAddr::V4(v4) => format!("IPv4 {}", alcance_v4(v4)),
        IpAddr::V6(v6) => format!("IPv6 {}", alcance_v6(v6)),
    };
    match ip.to_string() == texto {
        true => lido,
        false => format!("{lido}, {ip}"),
    }
}
// ANCHOR_END: descrever

// ANCHOR: alcance
fn alcance_v4(ip: Ipv4Addr) -> &'static str {
    match ip {
        _ if ip.is_loopback() => "loopback",
        _ if ip.is_unspecified() => "qualquer",
        _ if ip.is_private() => "privado",
        _ if ip.is_link_local() => "no enlace",
        _ => "outro",
    }
}

fn alcance_v6(ip: Ipv6Addr) -> &'static str {
    match ip {
        _ if ip.is_loopback() => "loopback",
        _ if ip.is_unspecified() => "qualquer",
        _ if ip.is_unique_local() => "privado",
        _ if ip.is_unicast_link_local() => "no enlace",
        _ if ip.to_ipv4_mapped().is_some() => "mapeado",
        _ => "outro",
    }
}
// ANCHOR_END: alcance
