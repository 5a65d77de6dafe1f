//! Escuta em `[::]` com pilha dupla pedida, e não suposta.
//!
//!     cargo run --bin cap02-duas-familias -- 7002

use std::env;
use std::io::{self, Write};
use std::net::{Ipv6Addr, SocketAddr, TcpListener};

use anyhow::{Context, anyhow};
use socket2::{Domain, Socket, Type};

const PORTA: &str = "7002";
const FILA: i32 = 128;

fn main() -> anyhow::Result<()> {
    let porta = env::args().nth(1).unwrap_or(PORTA.into());
    let numero = porta.parse().context("a porta vai de 0 a 65535")?;
    let ouvinte = escutar(numero)
        .map_err(|erro| anyhow!("não consegui escutar ({erro})"))?;
    println!("escutando em {}", ouvinte.local_addr()?);
    loop {
        let (mut conexao, par) = ouvinte.accept()?;
        println!("{par} conectou");
        let saudacao = format!("olá! você chegou de {}\n", par.ip());
        if let Err(erro) = conexao.write_all(saudacao.as_bytes()) {
            println!("{par} foi embora ({erro})");
        }
    }
}

// ANCHOR: escutar
/// Um socket só, que atende as duas famílias, onde há pilha dupla.
fn escutar(porta: u16) -> io::Result<TcpListener> {
    let endereco = SocketAddr::from((Ipv6Addr::UNSPECIFIED, porta));
    let ouvinte = Socket::new(Domain::IPV6, Type::STREAM, None)?;
    #[cfg(unix)] // No Windows, a opção de mesmo nome faz outra coisa.
    ouvinte.set_reuse_address(true)?;
    ouvinte.set_only_v6(false)?;
    ouvinte.bind(&endereco.into())?;
    ouvinte.listen(FILA)?;
    Ok(ouvinte.into())
}
// ANCHOR_END: escutar
