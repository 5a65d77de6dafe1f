//! Errado de propósito (M27): recebe em um buffer de 16 bytes.
//!
//!     cargo run --bin cap10-errado-buffer -- 127.0.0.1:7010

use std::collections::HashMap;
use std::net::UdpSocket;
use std::{env, io, str};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7010";
const TAMANHO_DO_BUFFER: usize = 16;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let socket = UdpSocket::bind(&endereco).map_err(|erro| {
        anyhow!("não consegui escutar em {endereco} ({erro})")
    })?;
    println!("escutando em {}", socket.local_addr()?);
    let mut valores = HashMap::new();
    loop {
        if let Err(erro) = atender(&socket, &mut valores) {
            println!("um datagrama deu errado ({erro})");
        }
    }
}

// ANCHOR: atender
/// Recebe um datagrama e, se ele é um pedido, responde a quem o enviou.
fn atender(
    socket: &UdpSocket,
    valores: &mut HashMap<String, String>,
) -> io::Result<()> {
    let mut buffer = [0; TAMANHO_DO_BUFFER];
    let (lidos, de) = socket.recv_from(&mut buffer)?;
    println!("{de} enviou {lidos} bytes");
    if let Some(resposta) = responder(&buffer[..lidos], valores) {
        socket.send_to(resposta.as_bytes(), de)?;
    }
    Ok(())
}
// ANCHOR_END: atender

/// `7 nome=Ana` guarda; `7 nome` consulta. O número volta na resposta.
fn responder(
    pedido: &[u8],
    valores: &mut HashMap<String, String>,
) -> Option<String> {
    let (numero, texto) = str::from_utf8(pedido).ok()?.split_once(' ')?;
    if let Some((chave, valor)) = texto.split_once('=') {
        valores.insert(chave.to_string(), valor.to_string());
        return Some(format!("{numero} guardado"));
    }
    let valor = valores.get(texto).map_or("(nada)", String::as_str);
    Some(format!("{numero} {valor}"))
}
