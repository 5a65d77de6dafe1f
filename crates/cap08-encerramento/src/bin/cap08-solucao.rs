//! Exercício do capítulo 8, resolvido: um balcão que não perde recados.
//!
//!     cargo run --bin cap08-solucao -- 127.0.0.1:7008
//!     cargo oficina conferir cap08 -- cargo run --bin cap08-solucao --

// longo: a solução das cinco etapas é um arquivo só, como o do leitor.

use std::collections::VecDeque;
use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7008";
const LINHA_MAXIMA: u64 = 80;
const SILENCIO_MAXIMO: Duration = Duration::from_secs(10);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let ouvinte = TcpListener::bind(&endereco)
        .map_err(|erro| anyhow!("não escutei em {endereco} ({erro})"))?;
    println!("escutando em {}", ouvinte.local_addr()?);
    let mut fila = VecDeque::new();
    for conexao in ouvinte.incoming() {
        if let Err(erro) = conexao.and_then(|c| atender(&c, &mut fila)) {
            println!("uma conexão acabou mal ({erro})");
        }
    }
    Ok(())
}

/// Lê a primeira linha, faz o que ela pede e encerra a conexão.
fn atender(
    mut conexao: &TcpStream,
    fila: &mut VecDeque<Vec<u8>>,
) -> io::Result<()> {
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    let mut leitor = BufReader::new(conexao);
    match ler_linha(&mut leitor)?.as_slice() {
        b"DEIXA\n" => deixar(conexao, &mut leitor, fila)?,
        b"PEGA\n" => pegar(conexao, &mut leitor, fila)?,
        _ => conexao.write_all(b"NAO ENTENDI\n")?,
    }
    encerrar(conexao, &mut leitor)
}

/// Uma linha com o `\n`; incompleta, se o fluxo acabou ou ela é longa demais.
fn ler_linha(leitor: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut linha = Vec::new();
    leitor.take(LINHA_MAXIMA).read_until(b'\n', &mut linha)?;
    Ok(linha)
}

/// O recado é tudo o que vem até o fim do fluxo.
fn deixar(
    mut conexao: &TcpStream,
    leitor: &mut impl BufRead,
    fila: &mut VecDeque<Vec<u8>>,
) -> io::Result<()> {
    let mut recado = Vec::new();
    let tamanho = leitor.read_to_end(&mut recado)?;
    fila.push_back(recado);
    conexao.write_all(format!("GUARDEI {tamanho}\n").as_bytes())
}

/// Entrega o mais antigo, que só sai da fila depois do OK.
fn pegar(
    mut conexao: &TcpStream,
    leitor: &mut impl BufRead,
    fila: &mut VecDeque<Vec<u8>>,
) -> io::Result<()> {
    let Some(recado) = fila.front() else {
        return conexao.write_all(b"VAZIO\n");
    };
    conexao.write_all(format!("{}\n", recado.len()).as_bytes())?;
    conexao.write_all(recado)?;
    if ler_linha(leitor)? == b"OK\n" {
        fila.pop_front();
    }
    Ok(())
}

/// Encerra o envio e lê o que sobrou: sem bytes por ler não há reset.
fn encerrar(conexao: &TcpStream, leitor: &mut impl Read) -> io::Result<()> {
    conexao.shutdown(Shutdown::Write)?;
    io::copy(leitor, &mut io::sink())?;
    Ok(())
}
