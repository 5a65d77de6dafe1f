//! Exercício do capítulo 5, resolvido: um eco que não perde nada.
//!
//!     cargo run --bin cap05-solucao -- 127.0.0.1:7005
//!     cargo oficina conferir cap05 -- cargo run --bin cap05-solucao --

use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

const ENDERECO: &str = "127.0.0.1:7005";
const TAMANHO_DO_BUFFER: usize = 4096;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(&endereco)?;
    println!("escutando em {}", ouvinte.local_addr()?);
    servir(&ouvinte)
}

/// Atende um cliente depois do outro, para sempre.
fn servir(ouvinte: &TcpListener) -> anyhow::Result<()> {
    loop {
        match ouvinte.accept() {
            Ok((conexao, par)) => {
                if let Err(erro) = ecoar(conexao) {
                    println!("{par} caiu ({erro})");
                }
            }
            // Este cliente desistiu ainda na fila; o próximo não tem culpa.
            Err(erro) if erro.kind() == ErrorKind::ConnectionAborted => {}
            Err(erro) => return Err(erro.into()),
        }
    }
}

/// Devolve cada byte recebido, até o cliente encerrar o lado dele.
fn ecoar(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        conexao.write_all(&buffer[..lidos])?;
    }
}
