//! Primeiro cliente: pede uma página e mostra cada leitura até o fim.
//!
//!     cargo run --bin cap04-leituras -- 127.0.0.1:7004 /fatias

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::{env, time::Duration};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7004";
const TAMANHO_DO_BUFFER: usize = 4096;
const SILENCIO_MAXIMO: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let mut argumentos = env::args().skip(1);
    let endereco = argumentos.next().unwrap_or(ENDERECO.into());
    let caminho = argumentos.next().unwrap_or("/".into());
    let mut conexao = TcpStream::connect(&endereco)
        .map_err(|erro| anyhow!("não conectei a {endereco} ({erro})"))?;
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    pedir(&mut conexao, &caminho)
        .map_err(|erro| anyhow!("não consegui enviar o pedido ({erro})"))?;
    ler_ate_o_fim(&mut conexao)
        .map_err(|erro| anyhow!("a leitura parou antes do fim ({erro})"))
}

// ANCHOR: pedir
/// Envia um pedido HTTP/1.0: uma linha e uma linha vazia (RFC 1945, §5).
fn pedir(conexao: &mut TcpStream, caminho: &str) -> io::Result<()> {
    let pedido = format!("GET {caminho} HTTP/1.0\r\n\r\n");
    conexao.write_all(pedido.as_bytes())
}
// ANCHOR_END: pedir

// ANCHOR: ler_ate_o_fim
/// Lê até o outro lado encerrar e conta o que veio em cada leitura.
fn ler_ate_o_fim(conexao: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    let mut total = 0;
    for leitura in 1.. {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            println!("leitura {leitura}: 0 bytes, o fim do fluxo");
            break;
        }
        println!("leitura {leitura}: {lidos} bytes");
        total += lidos;
    }
    println!("{total} bytes ao todo");
    Ok(())
}
// ANCHOR_END: ler_ate_o_fim
