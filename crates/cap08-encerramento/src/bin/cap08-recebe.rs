//! Recebe um arquivo por conexão e responde com um recibo.
//!
//!     cargo run --bin cap08-recebe -- 127.0.0.1:7008

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use anyhow::anyhow;
use cap08_encerramento::{SOMA_VAZIA, somar};

const ENDERECO: &str = "127.0.0.1:7008";
const TAMANHO_DO_BUFFER: usize = 64 * 1024;
const SILENCIO_MAXIMO: Duration = Duration::from_secs(10);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let ouvinte = TcpListener::bind(&endereco)
        .map_err(|erro| anyhow!("não escutei em {endereco} ({erro})"))?;
    println!("escutando em {}", ouvinte.local_addr()?);
    for conexao in ouvinte.incoming() {
        match conexao.and_then(receber) {
            Ok(recibo) => print!("{recibo}"),
            Err(erro) => println!("não recebi o arquivo ({erro})"),
        }
    }
    Ok(())
}

// ANCHOR: receber
/// Lê até o fim do fluxo, envia o recibo e encerra.
fn receber(mut conexao: TcpStream) -> io::Result<String> {
    conexao.set_read_timeout(Some(SILENCIO_MAXIMO))?;
    let mut buffer = vec![0; TAMANHO_DO_BUFFER];
    let (mut total, mut soma) = (0, SOMA_VAZIA);
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            break; // o outro lado não envia mais nada, mas ainda ouve
        }
        total += lidos;
        soma = somar(soma, &buffer[..lidos]);
    }
    let recibo = format!("recebi {total} bytes, soma {soma:08x}\n");
    conexao.write_all(recibo.as_bytes())?;
    Ok(recibo)
}
// ANCHOR_END: receber
