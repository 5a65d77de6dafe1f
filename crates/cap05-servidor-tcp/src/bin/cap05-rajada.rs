//! Cliente apressado: envia 10 MiB e só lê quando nada mais cabe no caminho.
//!
//!     cargo run --bin cap05-rajada -- 127.0.0.1:7005

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;
use std::{env, thread};

use anyhow::{anyhow, bail};

const ENDERECO: &str = "127.0.0.1:7005";
const BYTES: usize = 10 * 1024 * 1024;
const ESPERA: Duration = Duration::from_millis(500);
const PRAZO: Duration = Duration::from_secs(10);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let conexao = TcpStream::connect(&endereco).map_err(|erro| {
        anyhow!("não consegui conectar a {endereco} ({erro})")
    })?;
    let dados: Vec<u8> = (0..=255).cycle().take(BYTES).collect();
    let enviados = entupir(&conexao, &dados)?;
    conexao.set_read_timeout(Some(PRAZO))?;
    let eco = thread::scope(|escopo| {
        escopo.spawn(|| enviar(&conexao, &dados[enviados..]));
        receber(&conexao)
    });
    println!("enviei {BYTES} bytes, voltaram {}", eco.len());
    if eco != dados {
        bail!("o eco não é igual ao que enviei");
    }
    println!("o eco é igual ao que enviei");
    Ok(())
}

// ANCHOR: entupir
/// Envia sem ler, até o caminho ficar `ESPERA` sem aceitar mais um byte.
fn entupir(mut conexao: &TcpStream, dados: &[u8]) -> io::Result<usize> {
    conexao.set_write_timeout(Some(ESPERA))?;
    let mut enviados = 0;
    while enviados < dados.len() {
        match conexao.write(&dados[enviados..]) {
            Ok(aceitos) => enviados += aceitos,
            Err(erro) if demorou(&erro) => break,
            Err(erro) => return Err(erro),
        }
    }
    conexao.set_write_timeout(None)?;
    Ok(enviados)
}
// ANCHOR_END: entupir

/// O tempo limite acabou: Unix e Windows dão nomes diferentes a isso.
fn demorou(erro: &io::Error) -> bool {
    matches!(erro.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Envia o que falta e avisa que terminou de falar.
fn enviar(mut conexao: &TcpStream, resto: &[u8]) -> io::Result<()> {
    conexao.write_all(resto)?;
    conexao.shutdown(Shutdown::Write)
}

/// Lê até o fim do fluxo, ou até a conexão falhar.
fn receber(mut conexao: &TcpStream) -> Vec<u8> {
    let mut eco = Vec::new();
    if let Err(erro) = conexao.read_to_end(&mut eco) {
        println!("a leitura parou no meio ({erro})");
        // Solta também o envio, que pode estar esperando espaço.
        let _ = conexao.shutdown(Shutdown::Both);
    }
    eco
}
