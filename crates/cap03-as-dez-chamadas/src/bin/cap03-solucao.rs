//! Exercício do capítulo 3, resolvido: o eco, chamada por chamada.
//!
//!     cargo run --bin cap03-solucao -- 127.0.0.1:7003
//!     cargo run --bin cap03-solucao -- unix:/tmp/eco.sock

// longo: a solução das cinco etapas é um arquivo só, como o do leitor.
use std::io::{self, Read};
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;
use std::{env, fs, thread};

use anyhow::{Context, ensure};
use socket2::{Domain, SockAddr, Socket, Type};

const ENDERECO: &str = "127.0.0.1:7003";
const FILA: i32 = 128;
const TAMANHO_DO_BUFFER: usize = 4096;
const PAUSA: Duration = Duration::from_millis(100);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = escutar(&endereco)
        .with_context(|| format!("não consegui escutar em {endereco}"))?;
    println!("escutando em {endereco}");
    servir(&ouvinte)
}

/// Abre o socket de escuta: `endereço:porta` ou `unix:/caminho`.
fn escutar(endereco: &str) -> anyhow::Result<Socket> {
    let ouvinte = match endereco.strip_prefix("unix:") {
        Some(caminho) => associar_unix(caminho)?,
        None => {
            let mut enderecos = endereco.to_socket_addrs()?;
            associar(enderecos.next().context("o nome não tem endereço")?)?
        }
    };
    ouvinte.listen(FILA)?;
    Ok(ouvinte)
}

/// Um socket IPv4, ou IPv6 que atende também IPv4.
fn associar(endereco: SocketAddr) -> io::Result<Socket> {
    let ouvinte =
        Socket::new(Domain::for_address(endereco), Type::STREAM, None)?;
    #[cfg(unix)] // No Windows, a opção de mesmo nome faz outra coisa.
    ouvinte.set_reuse_address(true)?;
    if endereco.is_ipv6() {
        ouvinte.set_only_v6(false)?;
    }
    ouvinte.bind(&endereco.into())?;
    Ok(ouvinte)
}

/// Um socket Unix; o que uma execução anterior deixou no caminho é apagado.
fn associar_unix(caminho: &str) -> anyhow::Result<Socket> {
    if let Ok(dados) = fs::symlink_metadata(caminho) {
        ensure!(e_socket(dados.file_type()), "{caminho} não é um socket");
        fs::remove_file(caminho)?;
    }
    let ouvinte = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    ouvinte.bind(&SockAddr::unix(caminho)?)?;
    Ok(ouvinte)
}

#[cfg(unix)]
fn e_socket(tipo: fs::FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_socket(&tipo)
}

#[cfg(not(unix))]
fn e_socket(_: fs::FileType) -> bool {
    false
}

/// Atende um cliente depois do outro, para sempre.
fn servir(ouvinte: &Socket) -> anyhow::Result<()> {
    loop {
        match ouvinte.accept() {
            Ok((conexao, _)) => {
                if let Err(erro) = ecoar(conexao) {
                    eprintln!("um cliente caiu ({erro})");
                }
            }
            Err(erro) => {
                eprintln!("não consegui aceitar ({erro})");
                thread::sleep(PAUSA);
            }
        }
    }
}

/// Devolve cada byte recebido, até o cliente encerrar o lado dele.
fn ecoar(mut conexao: Socket) -> io::Result<()> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    loop {
        let mut resto = match conexao.read(&mut buffer)? {
            0 => return Ok(()),
            lidos => &buffer[..lidos],
        };
        while !resto.is_empty() {
            resto = &resto[conexao.send(resto)?..];
        }
    }
}
