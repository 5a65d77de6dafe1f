//! Servidor de uma página, para se olhar com as ferramentas: responde a um
//! pedido de HTTP/1.0 por conexão.
//!
//!     cargo run --bin ferramentas-pagina -- 127.0.0.1:7080

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7080";
const PAGINA: &str = "Um socket entrega bytes.\n";
const MAIOR_PEDIDO: u64 = 8192;
const SILENCIO_MAXIMO: Duration = Duration::from_secs(60);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let ouvinte = TcpListener::bind(&endereco).map_err(|erro| {
        anyhow!("não consegui escutar em {endereco} ({erro})")
    })?;
    println!("escutando em {}", ouvinte.local_addr()?);
    loop {
        match ouvinte.accept().and_then(|(conexao, _)| atender(&conexao)) {
            Ok(pedido) => println!("atendi “{pedido}”"),
            Err(erro) => println!("não atendi ({erro})"),
        }
    }
}

/// Lê o pedido até a linha vazia, responde e devolve a primeira linha dele.
fn atender(mut conexao: &TcpStream) -> io::Result<String> {
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    let pedido = ler_pedido(conexao)?;
    let resposta = format!(
        "HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{PAGINA}",
        PAGINA.len()
    );
    conexao.write_all(resposta.as_bytes())?;
    Ok(pedido)
}

fn ler_pedido(conexao: &TcpStream) -> io::Result<String> {
    let mut linhas = BufReader::new(conexao.take(MAIOR_PEDIDO)).lines();
    let pedido = linhas.next().ok_or(ErrorKind::UnexpectedEof)??;
    for linha in linhas {
        if linha?.is_empty() {
            return Ok(pedido);
        }
    }
    Err(ErrorKind::UnexpectedEof.into())
}
