//! Encerra uma conexão de quatro jeitos e conta o que o outro lado viu.
//!
//!     cargo run --bin cap08-fins

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use socket2::SockRef;

const ENDERECO: &str = "127.0.0.1:0";
const PRAZO: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    mostrar("shutdown(Write)", meio_fechar)?;
    mostrar("close, com tudo lido", fechar)?;
    mostrar("close, com bytes por ler", fechar_sem_ler)?;
    mostrar("close, com SO_LINGER zero", abortar)
}

/// O outro lado envia 2 bytes, este encerra, e o outro olha o que vê.
fn mostrar(
    nome: &str,
    encerrar: fn(TcpStream) -> io::Result<Option<TcpStream>>,
) -> anyhow::Result<()> {
    let ouvinte = TcpListener::bind(ENDERECO)?;
    let mut outro = TcpStream::connect(ouvinte.local_addr()?)?;
    let (este, _) = ouvinte.accept()?;
    este.set_read_timeout(Some(PRAZO))?;
    outro.set_read_timeout(Some(PRAZO))?;
    outro.write_all(b"oi")?;
    este.peek(&mut [0; 2])?; // os bytes chegaram aqui
    let guardada = encerrar(este)?;
    println!("{nome}:");
    println!("  o outro lado lê {}", contar(outro.read(&mut [0; 8])));
    println!("  e escreve: {}", contar(outro.write(b"!")));
    println!("  e escreve de novo: {}", contar(outro.write(b"!")));
    drop(guardada);
    Ok(())
}

// ANCHOR: fins
fn meio_fechar(mut este: TcpStream) -> io::Result<Option<TcpStream>> {
    este.read_exact(&mut [0; 2])?;
    este.shutdown(Shutdown::Write)?; // fecha um sentido; o outro segue aberto
    Ok(Some(este))
}

fn fechar(mut este: TcpStream) -> io::Result<Option<TcpStream>> {
    este.read_exact(&mut [0; 2])?;
    Ok(None) // `este` deixa de existir aqui: close
}

fn fechar_sem_ler(_este: TcpStream) -> io::Result<Option<TcpStream>> {
    Ok(None)
}

fn abortar(mut este: TcpStream) -> io::Result<Option<TcpStream>> {
    este.read_exact(&mut [0; 2])?;
    SockRef::from(&este).set_linger(Some(Duration::ZERO))?;
    Ok(None)
}
// ANCHOR_END: fins

fn contar(resultado: io::Result<usize>) -> String {
    match resultado {
        Ok(1) => "1 byte".to_owned(),
        Ok(quantos) => format!("{quantos} bytes"),
        Err(erro) => format!("{erro}"),
    }
}
