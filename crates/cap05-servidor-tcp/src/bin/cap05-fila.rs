//! Conta quantos clientes conectam a um servidor que nunca chama accept.
//!
//!     cargo run --bin cap05-fila

use std::env;
use std::io::{self, ErrorKind, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:0";
const PRAZO: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(&endereco).map_err(|erro| {
        anyhow!("não consegui escutar em {endereco} ({erro})")
    })?;
    println!("escutando em {}", ouvinte.local_addr()?);
    let clientes = conectar_ate_encher(ouvinte.local_addr()?)?;
    let (prontos, espera) = (clientes.len(), PRAZO.as_secs());
    println!("{prontos} clientes conectaram sem que ninguém chamasse accept");
    println!("{} deles enviaram \"oi\"", enviar_oi(&clientes)?);
    println!("o {}º não recebeu resposta em {espera} s", prontos + 1);
    Ok(())
}

/// Conecta clientes até que um deles fique sem resposta por `PRAZO`.
fn conectar_ate_encher(endereco: SocketAddr) -> io::Result<Vec<TcpStream>> {
    let mut clientes = Vec::new();
    loop {
        match TcpStream::connect_timeout(&endereco, PRAZO) {
            Ok(cliente) => clientes.push(cliente),
            Err(erro) if erro.kind() == ErrorKind::TimedOut => {
                return Ok(clientes);
            }
            Err(erro) => return Err(erro),
        }
    }
}

/// Envia "oi" por todas as conexões; devolve quantas aceitaram os bytes.
fn enviar_oi(clientes: &[TcpStream]) -> io::Result<usize> {
    for mut cliente in clientes {
        cliente.write_all(b"oi")?;
    }
    Ok(clientes.len())
}
