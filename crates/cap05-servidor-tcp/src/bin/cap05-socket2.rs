//! O mesmo servidor de eco, uma chamada de sistema por linha.
//!
//!     cargo run --bin cap05-socket2 -- 127.0.0.1:7005

use std::env;
use std::io::{self, Read, Write};
use std::net::SocketAddr;

use anyhow::anyhow;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};

const ENDERECO: &str = "127.0.0.1:7005";
const FILA: i32 = 128;
const TAMANHO_DO_BUFFER: usize = 4096;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = escutar(endereco.parse()?).map_err(|erro| {
        anyhow!("não consegui escutar em {endereco} ({erro})")
    })?;
    println!("escutando em {}", mostrar(&ouvinte.local_addr()?));
    loop {
        let (conexao, par) = ouvinte.accept()?;
        let par = mostrar(&par);
        println!("{par} conectou");
        match ecoar(conexao) {
            Ok(total) => println!("{par} encerrou ({total} bytes)"),
            Err(erro) => println!("{par} caiu ({erro})"),
        }
    }
}

// ANCHOR: escutar
/// As quatro chamadas que `TcpListener::bind` faz por você.
fn escutar(endereco: SocketAddr) -> io::Result<Socket> {
    let familia = Domain::for_address(endereco);
    let ouvinte = Socket::new(familia, Type::STREAM, Some(Protocol::TCP))?;
    #[cfg(unix)] // No Windows, a opção de mesmo nome faz outra coisa.
    ouvinte.set_reuse_address(true)?;
    ouvinte.bind(&endereco.into())?;
    ouvinte.listen(FILA)?;
    Ok(ouvinte)
}
// ANCHOR_END: escutar

fn mostrar(endereco: &SockAddr) -> String {
    endereco.as_socket().map_or("?".into(), |e| e.to_string())
}

/// Devolve cada byte recebido, até o cliente encerrar o lado dele.
fn ecoar(mut conexao: Socket) -> io::Result<usize> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    let mut total = 0;
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(total);
        }
        conexao.write_all(&buffer[..lidos])?;
        total += lidos;
    }
}
