//! Errado de propósito (M31): põe um texto inteiro em um datagrama.
//!
//!     cargo run --bin cap10-errado-gigante

use std::env;
use std::net::UdpSocket;

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7010";
const TAMANHO_DO_TEXTO: usize = 70_000;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let texto = "x".repeat(TAMANHO_DO_TEXTO);
    guardar(&endereco, &texto)
}

// ANCHOR: guardar
fn guardar(endereco: &str, texto: &str) -> anyhow::Result<()> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket
        .send_to(format!("1 texto={texto}").as_bytes(), endereco)
        .map_err(|erro| anyhow!("não consegui enviar ({erro})"))?;
    Ok(())
}
// ANCHOR_END: guardar
