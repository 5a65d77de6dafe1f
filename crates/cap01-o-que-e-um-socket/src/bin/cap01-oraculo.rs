//! Oráculo: conta um segredo a quem acerta três somas.
//!
//!     cargo run --bin cap01-oraculo -- 127.0.0.1:7001

use std::env;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7001";
const PACIENCIA: Duration = Duration::from_secs(120);
const LINHA_MAXIMA: u64 = 100;
const QUANTAS_SOMAS: usize = 3;
const PALAVRAS: [&str; 4] = ["coração", "ipê", "maracujá", "sabiá"];

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let ouvinte = TcpListener::bind(&endereco).map_err(|erro| {
        anyhow!("não consegui escutar em {endereco} ({erro})")
    })?;
    println!("escutando em {}", ouvinte.local_addr()?);
    loop {
        let (conexao, par) = ouvinte.accept()?;
        println!("{par} conectou");
        match atender(&conexao) {
            Ok(fim) => println!("{par} {fim}"),
            Err(erro) => println!("{par} caiu ({erro})"),
        }
    }
}

/// A conversa inteira com um cliente.
fn atender(mut conexao: &TcpStream) -> io::Result<&'static str> {
    conexao.set_read_timeout(Some(PACIENCIA))?;
    let mut leitor = BufReader::new(conexao);
    conexao.write_all("oráculo: quem vem lá?\n".as_bytes())?;
    if !ler_linha(&mut leitor)?.starts_with("sou ") {
        conexao.write_all(b"errado\n")?;
        return Ok("não se apresentou");
    }
    let somas: Vec<_> = (0..QUANTAS_SOMAS).map(|_| sortear()).collect();
    let linhas: Vec<_> = somas
        .iter()
        .map(|(a, b)| format!("some {a} {b}\n"))
        .collect();
    conexao.write_all(linhas.concat().as_bytes())?;
    for (a, b) in somas {
        if ler_linha(&mut leitor)? != (a + b).to_string() {
            conexao.write_all(b"errado\n")?;
            return Ok("não acertou as somas");
        }
    }
    let (a, b) = sortear();
    let segredo = format!("{}-{b}", PALAVRAS[a % PALAVRAS.len()]);
    conexao.write_all(format!("segredo {segredo}\n").as_bytes())?;
    Ok("recebeu o segredo")
}

/// Uma linha, sem o fim dela; vazia se o cliente encerrou.
fn ler_linha(leitor: &mut impl BufRead) -> io::Result<String> {
    let mut linha = String::new();
    leitor.take(LINHA_MAXIMA).read_line(&mut linha)?;
    Ok(linha.trim_end().to_owned())
}

/// Dois números de 100 a 999, diferentes a cada vez.
fn sortear() -> (usize, usize) {
    let acaso = RandomState::new().hash_one("oráculo") as usize;
    (acaso % 900 + 100, acaso / 1000 % 900 + 100)
}
