//! Servidor de páginas: responde a um GET por conexão, em HTTP/1.0.
//!
//!     cargo run --bin cap04-servidor -- 127.0.0.1:7004
//!
//! Ele sabe se comportar e sabe se comportar mal: `/` responde direito,
//! `/fatias` aos poucos, `/aberta` sem encerrar, `/cortada` pela metade,
//! e `/muda` não responde.

// longo: são cinco páginas, cada uma com o seu mau comportamento.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::{env, thread, time::Duration};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7004";
const PAGINA: &str = "Um socket entrega bytes, na ordem em que saíram.\n";
const TAMANHO_DA_FATIA: usize = 24;
const PAUSA_ENTRE_FATIAS: Duration = Duration::from_millis(150);
const PACIENCIA: Duration = Duration::from_secs(10);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let ouvinte = TcpListener::bind(&endereco)
        .map_err(|erro| anyhow!("não escutei em {endereco} ({erro})"))?;
    println!("escutando em {}", ouvinte.local_addr()?);
    for conexao in ouvinte.incoming() {
        if let Err(erro) = conexao.and_then(atender) {
            eprintln!("uma conexão terminou com erro: {erro}");
        }
    }
    Ok(())
}

/// Lê o pedido inteiro, responde e encerra.
fn atender(conexao: TcpStream) -> io::Result<()> {
    conexao.set_read_timeout(Some(PACIENCIA))?;
    conexao.set_write_timeout(Some(PACIENCIA))?;
    let mut leitor = BufReader::new(conexao);
    let caminho = ler_pedido(&mut leitor)?;
    println!("GET {caminho}");
    responder(leitor.get_mut(), &caminho)?;
    if caminho == "/aberta" || caminho == "/muda" {
        io::copy(&mut leitor, &mut io::sink())?; // até o cliente desistir
    }
    Ok(())
}

/// Lê até a linha vazia que termina o pedido e devolve o caminho pedido.
fn ler_pedido(leitor: &mut impl BufRead) -> io::Result<String> {
    let mut linhas = leitor.lines();
    let pedido = linhas.next().ok_or(io::ErrorKind::UnexpectedEof)??;
    for linha in linhas {
        if linha?.is_empty() {
            let caminho = pedido.split(' ').nth(1).unwrap_or("/");
            return Ok(caminho.to_owned());
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

/// Envia a resposta do jeito que o caminho pede.
fn responder(conexao: &mut TcpStream, caminho: &str) -> io::Result<()> {
    let resposta = montar_resposta("200 OK", PAGINA);
    match caminho {
        "/" | "/aberta" => conexao.write_all(&resposta),
        "/fatias" => enviar_em_fatias(conexao, &resposta),
        "/cortada" => conexao.write_all(&resposta[..resposta.len() - 20]),
        "/muda" => Ok(()),
        _ => conexao.write_all(&montar_resposta("404 Not Found", "")),
    }
}

/// Linha de estado, um cabeçalho, linha vazia, corpo (RFC 1945, §6).
fn montar_resposta(estado: &str, corpo: &str) -> Vec<u8> {
    let tamanho = corpo.len();
    format!("HTTP/1.0 {estado}\r\nContent-Length: {tamanho}\r\n\r\n{corpo}")
        .into_bytes()
}

/// Envia aos poucos, como uma rede lenta entregaria.
fn enviar_em_fatias(conexao: &mut TcpStream, tudo: &[u8]) -> io::Result<()> {
    conexao.set_nodelay(true)?;
    for fatia in tudo.chunks(TAMANHO_DA_FATIA) {
        conexao.write_all(fatia)?;
        thread::sleep(PAUSA_ENTRE_FATIAS);
    }
    Ok(())
}
