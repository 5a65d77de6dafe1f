//! Exercício do capítulo 8: um balcão que não perde recados.
//!
//!     cargo run --bin cap08-exercicio -- 127.0.0.1:7008
//!     cargo oficina conferir cap08

use std::collections::VecDeque;
use std::env;
use std::io;
use std::net::{TcpListener, TcpStream};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7008";

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
///
/// Falta escrever. Um caminho:
/// 1. leia a primeira linha com um `BufReader`, o mesmo até o fim;
/// 2. `DEIXA`: leia até o fim do fluxo, ponha na fila, responda;
/// 3. `PEGA`: envie o mais antigo, espere `OK`, e só então tire-o da fila;
/// 4. outra coisa: `NAO ENTENDI`;
/// 5. encerre o envio e leia o que ainda vier, até o fim.
///
/// Perguntas que o seu código precisa responder:
/// - quem encerrou o envio ainda ouve a resposta?
/// - o que acontece com a resposta se sobrarem bytes por ler?
/// - o que prova que um recado foi entregue?
fn atender(
    _conexao: &TcpStream,
    _fila: &mut VecDeque<Vec<u8>>,
) -> io::Result<()> {
    Err(io::Error::other(
        "falta escrever `atender` em \
         crates/cap08-encerramento/src/bin/cap08-exercicio.rs",
    ))
}
