//! Cliente apressado: envia 10 MiB sem esperar o eco, e demora para ler.
//!
//!     cargo run --bin cap05-rajada -- 127.0.0.1:7005

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;
use std::{env, thread};

use anyhow::{anyhow, bail};
use socket2::SockRef;

const ENDERECO: &str = "127.0.0.1:7005";
const BYTES: usize = 10 * 1024 * 1024;
const BUFFER_DE_RECEPCAO: usize = 65_536;
const DEMORA: Duration = Duration::from_secs(1);
const PRAZO: Duration = Duration::from_secs(10);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let conexao = TcpStream::connect(&endereco).map_err(|erro| {
        anyhow!("não consegui conectar a {endereco} ({erro})")
    })?;
    SockRef::from(&conexao).set_recv_buffer_size(BUFFER_DE_RECEPCAO)?;
    conexao.set_read_timeout(Some(PRAZO))?;
    let dados: Vec<u8> = (0..251).cycle().take(BYTES).collect();
    let eco = thread::scope(|escopo| {
        escopo.spawn(|| enviar(&conexao, &dados));
        receber(&conexao)
    });
    comparar(&dados, &eco)
}

/// Envia tudo de uma vez e avisa que terminou de falar.
fn enviar(mut conexao: &TcpStream, dados: &[u8]) -> io::Result<()> {
    conexao.write_all(dados)?;
    conexao.shutdown(Shutdown::Write)
}

/// Demora a começar; depois lê até o fim do fluxo, ou até uma falha.
fn receber(mut conexao: &TcpStream) -> Vec<u8> {
    thread::sleep(DEMORA); // A lentidão é o que este cliente demonstra.
    let mut eco = Vec::new();
    if let Err(erro) = conexao.read_to_end(&mut eco) {
        println!("a leitura parou no meio ({erro})");
        // Solta também o envio, que pode estar esperando espaço.
        let _ = conexao.shutdown(Shutdown::Both);
    }
    eco
}

/// Diz se o eco é igual ao que foi enviado e, se não é, o que falta.
fn comparar(dados: &[u8], eco: &[u8]) -> anyhow::Result<()> {
    println!("enviei {} bytes", dados.len());
    if eco == dados {
        println!("voltaram todos, na mesma ordem");
    } else if dados.starts_with(eco) {
        bail!("faltou o fim: voltaram só os primeiros {} bytes", eco.len());
    } else {
        bail!(
            "o meio veio falhado: voltaram cerca de {} MiB",
            eco.len() >> 20
        );
    }
    Ok(())
}
