//! Cliente hostil: combina o formato das linhas e envia 64 MiB de uma linha
//! que nunca termina.
//!
//!     cargo run --bin cap06-sem-fim -- 127.0.0.1:7006

use std::env;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7006";
/// O formato do exercício; quem só lê linhas o toma por uma linha curta.
const FORMATO: &[u8] = b"linhas\n";
const UM_MEBIBYTE: usize = 1024 * 1024;
const MEBIBYTES: usize = 64;
const PRAZO: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let mut conexao = TcpStream::connect(&endereco).map_err(|erro| {
        anyhow!("não consegui conectar a {endereco} ({erro})")
    })?;
    conexao.set_write_timeout(Some(PRAZO))?;
    conexao.write_all(FORMATO)?;
    let sem_fim = vec![b'x'; UM_MEBIBYTE];
    for enviados in 0..MEBIBYTES {
        conexao.write_all(&sem_fim).map_err(|erro| {
            anyhow!("o servidor desistiu após {enviados} MiB ({erro})")
        })?;
    }
    println!("enviei {MEBIBYTES} MiB sem nenhum fim de linha");
    Ok(())
}
