//! Servidor de eco: devolve a cada cliente os bytes que ele enviou.
//!
//!     cargo run --bin cap05-servidor -- 127.0.0.1:7005

use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7005";
// ANCHOR: buffer
const TAMANHO_DO_BUFFER: usize = 4096;
// ANCHOR_END: buffer

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = escutar(&endereco)?;
    println!("escutando em {}", ouvinte.local_addr()?);
    loop {
        let (conexao, par) = aceitar(&ouvinte)?;
        println!("{par} conectou");
        match ecoar(conexao) {
            Ok(total) => println!("{par} encerrou ({total} bytes)"),
            Err(erro) => println!("{par} caiu ({erro})"),
        }
    }
}
// ANCHOR_END: main

// ANCHOR: escutar
/// Reserva o endereço e pede ao kernel que receba conexões nele.
fn escutar(endereco: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(endereco)
        .map_err(|erro| anyhow!("não consegui escutar em {endereco} ({erro})"))
}
// ANCHOR_END: escutar

// ANCHOR: aceitar
/// Retira da fila a próxima conexão; com a fila vazia, espera.
fn aceitar(ouvinte: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    loop {
        match ouvinte.accept() {
            // Este cliente desistiu ainda na fila; o próximo não tem culpa.
            Err(erro) if erro.kind() == ErrorKind::ConnectionAborted => {}
            resultado => return resultado,
        }
    }
}
// ANCHOR_END: aceitar

// ANCHOR: ecoar
/// Devolve cada byte recebido, até o cliente encerrar o lado dele.
fn ecoar(mut conexao: TcpStream) -> io::Result<usize> {
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
// ANCHOR_END: ecoar
