//! Cliente de eco: envia o que você digita e mostra o que voltou.
//!
//!     cargo run --bin cap05-cliente -- 127.0.0.1:7005

use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7005";
const TAMANHO_DO_BUFFER: usize = 4096;
const PRAZO: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let mut conexao = conectar(&endereco)?;
    conversar(&mut conexao)
        .map_err(|erro| anyhow!("a conversa parou no meio ({erro})"))?;
    encerrar(&mut conexao)
        .map_err(|erro| anyhow!("o servidor não encerrou ({erro})"))
}

/// Pede uma conexão; cada leitura nela espera no máximo `PRAZO`.
fn conectar(endereco: &str) -> anyhow::Result<TcpStream> {
    let conexao = TcpStream::connect(endereco).map_err(|erro| {
        anyhow!("não consegui conectar a {endereco} ({erro})")
    })?;
    conexao.set_read_timeout(Some(PRAZO))?;
    Ok(conexao)
}

// ANCHOR: conversar
/// Envia cada pedaço digitado e espera que todos os bytes dele voltem.
fn conversar(conexao: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    loop {
        let lidos = io::stdin().read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        conexao.write_all(&buffer[..lidos])?;
        conexao.read_exact(&mut buffer[..lidos])?;
        io::stdout().write_all(&buffer[..lidos])?;
        io::stdout().flush()?;
    }
}
// ANCHOR_END: conversar

// ANCHOR: encerrar
/// Avisa que não enviará mais nada e mostra o que ainda chegar.
fn encerrar(conexao: &mut TcpStream) -> io::Result<()> {
    conexao.shutdown(Shutdown::Write)?;
    io::copy(conexao, &mut io::stdout())?;
    Ok(())
}
// ANCHOR_END: encerrar
