//! ERRADO de propósito (M17): quando `accept` falha, tenta de novo na hora.
//!
//!     cargo run --bin cap03-errado-gira -- 127.0.0.1:7003

use std::env;
use std::io::{self, ErrorKind, Read};
use std::net::ToSocketAddrs;

use anyhow::anyhow;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};

const ENDERECO: &str = "127.0.0.1:7003";
const FILA: i32 = 128;
const TAMANHO_DO_BUFFER: usize = 4096;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = escutar(&endereco)
        .map_err(|e| anyhow!("não consegui escutar em {endereco} ({e})"))?;
    println!("escutando em {}", mostrar(&ouvinte.local_addr()?));
    loop {
        let (conexao, par) = aceitar(&ouvinte);
        println!("{} conectou", mostrar(&par));
        match ecoar(conexao) {
            Ok(total) => println!("{} encerrou ({total} bytes)", mostrar(&par)),
            Err(erro) => println!("{} caiu ({erro})", mostrar(&par)),
        }
    }
}

/// getaddrinfo, socket, setsockopt, bind e listen, nesta ordem.
fn escutar(nome: &str) -> io::Result<Socket> {
    let endereco = nome.to_socket_addrs()?.next().ok_or(ErrorKind::NotFound)?;
    let familia = Domain::for_address(endereco);
    let ouvinte = Socket::new(familia, Type::STREAM, Some(Protocol::TCP))?;
    #[cfg(unix)] // No Windows, a opção de mesmo nome faz outra coisa.
    ouvinte.set_reuse_address(true)?;
    ouvinte.bind(&endereco.into())?;
    ouvinte.listen(FILA)?;
    Ok(ouvinte)
}

// ANCHOR: aceitar
/// accept: retira da fila a conexão mais antiga, em um socket novo.
fn aceitar(ouvinte: &Socket) -> (Socket, SockAddr) {
    loop {
        if let Ok(aceita) = ouvinte.accept() {
            return aceita;
        }
    }
}
// ANCHOR_END: aceitar

/// recv e send, até o 0; o close é o fim de `conexao`.
fn ecoar(mut conexao: Socket) -> io::Result<usize> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    let mut total = 0;
    loop {
        let mut resto = match conexao.read(&mut buffer)? {
            0 => return Ok(total),
            lidos => &buffer[..lidos],
        };
        total += resto.len();
        while !resto.is_empty() {
            resto = &resto[conexao.send(resto)?..];
        }
    }
}

fn mostrar(endereco: &SockAddr) -> String {
    endereco.as_socket().map_or("?".into(), |e| e.to_string())
}
