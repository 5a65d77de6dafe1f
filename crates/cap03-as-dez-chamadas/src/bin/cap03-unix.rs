//! Um socket Unix: o endereço é um arquivo, e o arquivo fica.
//!
//!     cargo run --bin cap03-unix -- /tmp/cap03.sock

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use anyhow::Context;
use socket2::{Domain, SockAddr, Socket, Type};

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let padrao = || env::temp_dir().join("cap03.sock");
    let caminho = env::args().nth(1).map_or_else(padrao, PathBuf::from);

    let ouvinte = escutar(&caminho).context("o caminho já existe?")?;
    println!("escutei; o arquivo existe: {}", caminho.exists());
    println!(
        "o servidor recebeu {} bytes",
        conversar(&ouvinte, &caminho)?
    );

    drop(ouvinte);
    println!("fechei;  o arquivo existe: {}", caminho.exists());
    if let Err(erro) = escutar(&caminho) {
        println!("escutar de novo: não ({erro})");
    }
    fs::remove_file(&caminho)?;
    escutar(&caminho)?;
    println!("apaguei o arquivo; escutar de novo: sim");
    Ok(fs::remove_file(&caminho)?)
}
// ANCHOR_END: main

// ANCHOR: escutar
/// As mesmas chamadas; mudam a família e o endereço.
fn escutar(caminho: &Path) -> io::Result<Socket> {
    let ouvinte = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    ouvinte.bind(&SockAddr::unix(caminho)?)?;
    ouvinte.listen(1)?;
    Ok(ouvinte)
}
// ANCHOR_END: escutar

/// Conecta, envia um byte por letra e conta o que chegou ao outro lado.
fn conversar(ouvinte: &Socket, caminho: &Path) -> io::Result<usize> {
    let cliente = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    cliente.connect(&SockAddr::unix(caminho)?)?;
    let (mut conexao, _) = ouvinte.accept()?;
    cliente.send(b"oi")?;
    drop(cliente);
    Ok(io::copy(&mut conexao, &mut io::sink())? as usize)
}
