//! close age sobre o descritor; shutdown, sobre a conexão.
//!
//!     cargo run --bin cap03-fechar

use std::io::{self, ErrorKind, Read};
use std::net::{Shutdown, SocketAddr};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

const LOOPBACK: &str = "127.0.0.1:0";
/// Quanto se espera antes de dizer que nada chegou.
const ESPERA: Duration = Duration::from_millis(300);

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let (deste_lado, do_outro) = par()?;
    let copia = deste_lado.try_clone()?;

    drop(deste_lado);
    println!("fechei um descritor; o outro lado vê {}", ver(&do_outro)?);

    copia.shutdown(Shutdown::Write)?;
    println!("shutdown(Write);     o outro lado vê {}", ver(&do_outro)?);

    do_outro.send(b"ainda ouve?")?;
    let ouvido = (&copia).read(&mut [0; 64])?;
    println!("e deste lado ainda chegaram {ouvido} bytes");
    Ok(())
}
// ANCHOR_END: main

/// As duas pontas de uma conexão.
fn par() -> anyhow::Result<(Socket, Socket)> {
    let ouvinte = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    ouvinte.bind(&LOOPBACK.parse::<SocketAddr>()?.into())?;
    ouvinte.listen(1)?;
    let deste_lado = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    deste_lado.connect(&ouvinte.local_addr()?)?;
    let do_outro = ouvinte.accept()?.0;
    for ponta in [&deste_lado, &do_outro] {
        ponta.set_read_timeout(Some(ESPERA))?;
    }
    Ok((deste_lado, do_outro))
}

/// O que uma leitura encontra: bytes, o fim ou nada.
fn ver(mut conexao: &Socket) -> io::Result<String> {
    match conexao.read(&mut [0; 64]) {
        Ok(0) => Ok("o fim do fluxo".into()),
        Ok(lidos) => Ok(format!("{lidos} bytes")),
        Err(erro)
            if matches!(
                erro.kind(),
                ErrorKind::WouldBlock | ErrorKind::TimedOut
            ) =>
        {
            Ok("nada: a conexão segue aberta".into())
        }
        Err(erro) => Err(erro),
    }
}
