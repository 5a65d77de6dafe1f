//! Escuta em um endereço e saúda quem chega, dizendo de onde o viu chegar.
//!
//!     cargo run --bin cap02-escuta -- 127.0.0.1:7002

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7002";
const SILENCIO_MAXIMO: Duration = Duration::from_secs(2);
const LINHA_MAXIMA: u64 = 200;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let ouvinte = TcpListener::bind(&endereco).map_err(|erro| {
        anyhow!("não consegui escutar em {endereco} ({erro})")
    })?;
    println!("escutando em {}", ouvinte.local_addr()?);
    loop {
        let (conexao, par) = ouvinte.accept()?;
        println!("{par} conectou");
        match saudar(&conexao, par.ip()) {
            Ok(linha) if linha.is_empty() => println!("{par} foi embora"),
            Ok(linha) => println!("{par} respondeu “{}”", linha.trim_end()),
            Err(erro) => println!("{par} não respondeu ({erro})"),
        }
    }
}

// ANCHOR: saudar
/// Saúda e lê uma linha de resposta; vazia, se o cliente só encerrou.
fn saudar(mut conexao: &TcpStream, ip: IpAddr) -> io::Result<String> {
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    conexao.write_all(format!("olá! você chegou de {ip}\n").as_bytes())?;
    let mut linha = String::new();
    let leitor = conexao.take(LINHA_MAXIMA);
    BufReader::new(leitor).read_line(&mut linha)?;
    Ok(linha)
}
// ANCHOR_END: saudar
