//! Conversa: leva o que você digita ao outro lado e mostra o que vem de lá.
//!
//!     cargo run --bin cap01-conversa -- 127.0.0.1:7001 escuta
//!     cargo run --bin cap01-conversa -- 127.0.0.1:7001

use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7001";
const TAMANHO_DO_BUFFER: usize = 4096;

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let escuta = env::args().nth(2).is_some_and(|papel| papel == "escuta");
    let conexao = if escuta {
        esperar(&endereco)?
    } else {
        conectar(&endereco)?
    };
    conversar(conexao).map_err(|erro| anyhow!("a conversa caiu ({erro})"))?;
    eprintln!("o outro lado encerrou");
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: esperar
/// O servidor: escuta no endereço e espera um cliente, um só.
fn esperar(endereco: &str) -> anyhow::Result<TcpStream> {
    let ouvinte = TcpListener::bind(endereco).map_err(|erro| {
        anyhow!("não consegui escutar em {endereco} ({erro})")
    })?;
    println!("escutando em {}", ouvinte.local_addr()?);
    let (conexao, par) = ouvinte.accept()?;
    eprintln!("{par} conectou");
    Ok(conexao)
}
// ANCHOR_END: esperar

// ANCHOR: conectar
/// O cliente: procura quem escuta no endereço.
fn conectar(endereco: &str) -> anyhow::Result<TcpStream> {
    let conexao = TcpStream::connect(endereco)
        .map_err(|erro| anyhow!("não conectei a {endereco} ({erro})"))?;
    eprintln!("conectado a {}", conexao.peer_addr()?);
    Ok(conexao)
}
// ANCHOR_END: conectar

// ANCHOR: conversar
/// Os dois sentidos ao mesmo tempo, até o outro lado encerrar o dele.
fn conversar(conexao: TcpStream) -> io::Result<()> {
    let ida = conexao.try_clone()?;
    thread::spawn(move || {
        // Se o envio falha, quem percebe é a leitura, na outra thread.
        let _ = repassar(io::stdin(), &ida);
        ida.shutdown(Shutdown::Write)
    });
    repassar(conexao, io::stdout())
}

/// Copia bytes de um lugar a outro, à medida que chegam, até o fim.
fn repassar(mut origem: impl Read, mut destino: impl Write) -> io::Result<()> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    loop {
        let lidos = origem.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        destino.write_all(&buffer[..lidos])?;
        destino.flush()?;
    }
}
// ANCHOR_END: conversar
