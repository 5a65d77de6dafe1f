//! Quem chega a quem: um servidor em cada endereço, e um cliente por caminho.
//!
//!     cargo run --bin cap02-alcance

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

const PRAZO: Duration = Duration::from_secs(2);
const FILA: i32 = 16;
const CAMINHOS: [&str; 3] = ["127.0.0.1", "127.0.0.2", "::1"];
/// O endereço e, se a opção for mexida, o valor de IPV6_V6ONLY.
const SERVIDORES: [(&str, Option<bool>); 6] = [
    ("127.0.0.1", None),
    ("::1", None),
    ("0.0.0.0", None),
    ("::", None),
    ("::", Some(true)),
    ("::", Some(false)),
];

fn main() -> anyhow::Result<()> {
    let [a, b, c] = CAMINHOS;
    println!("{:<11}{a:<10}{b:<10}{c}", "escuta em");
    for (ip, so_v6) in SERVIDORES {
        let linha = match escutar(ip.parse()?, so_v6) {
            Ok(ouvinte) => CAMINHOS.map(|por| chegar(&ouvinte, por)),
            Err(_) => CAMINHOS.map(|_| "sem bind"),
        };
        let opcao = match so_v6 {
            None => "",
            Some(true) => " só IPv6",
            Some(false) => " dupla",
        };
        let [a, b, c] = linha;
        println!("{:<11}{a:<10}{b:<10}{c}", format!("{ip}{opcao}"));
    }
    Ok(())
}

// ANCHOR: escutar
/// Escuta em uma porta do sistema, com a opção antes do bind.
fn escutar(ip: IpAddr, so_v6: Option<bool>) -> io::Result<TcpListener> {
    let endereco = SocketAddr::new(ip, 0);
    let dominio = Domain::for_address(endereco);
    let socket = Socket::new(dominio, Type::STREAM, None)?;
    if let Some(so_v6) = so_v6 {
        socket.set_only_v6(so_v6)?;
    }
    socket.bind(&endereco.into())?;
    socket.listen(FILA)?;
    Ok(socket.into())
}
// ANCHOR_END: escutar

// ANCHOR: chegar
/// Conecta por um dos caminhos; diz se chegou, e como o servidor o viu.
fn chegar(ouvinte: &TcpListener, por: &str) -> &'static str {
    let tentar = || -> anyhow::Result<IpAddr> {
        let porta = ouvinte.local_addr()?.port();
        let destino = SocketAddr::new(por.parse()?, porta);
        let _cliente = TcpStream::connect_timeout(&destino, PRAZO)?;
        let (_, par) = ouvinte.accept()?;
        Ok(par.ip())
    };
    match tentar() {
        Ok(IpAddr::V6(ip)) if ip.to_ipv4_mapped().is_some() => "mapeado",
        Ok(_) => "sim",
        Err(_) => "não",
    }
}
// ANCHOR_END: chegar
