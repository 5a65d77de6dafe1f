//! Errado de propósito (M28): toma o datagrama vazio pelo fim da conversa.
//!
//!     cargo run --bin cap10-errado-vazio -- 127.0.0.1:7010

use std::collections::HashMap;
use std::net::UdpSocket;
use std::{env, io, str};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7010";
/// O maior pedido que este servidor aceita, em bytes.
const MAIOR_PEDIDO: usize = 1200;

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let socket = UdpSocket::bind(&endereco).map_err(|erro| {
        anyhow!("não consegui escutar em {endereco} ({erro})")
    })?;
    println!("escutando em {}", socket.local_addr()?);
    let mut valores = HashMap::new();
    while atender(&socket, &mut valores)? {}
    Ok(())
}

// ANCHOR: atender
/// Atende um datagrama; devolve se ainda há o que receber.
fn atender(
    socket: &UdpSocket,
    valores: &mut HashMap<String, String>,
) -> io::Result<bool> {
    let mut buffer = [0; MAIOR_PEDIDO + 1];
    let (lidos, de) = socket.recv_from(&mut buffer)?;
    println!("{de} enviou {lidos} bytes");
    if lidos == 0 {
        println!("{de} encerrou");
        return Ok(false);
    }
    if let Some(resposta) = responder(&buffer[..lidos], valores) {
        socket.send_to(resposta.as_bytes(), de)?;
    }
    Ok(true)
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
