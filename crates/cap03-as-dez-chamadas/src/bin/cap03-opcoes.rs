//! setsockopt e getsockopt: o que o sistema deu, o que se pediu, o que ficou.
//!
//!     cargo run --bin cap03-opcoes

use std::io;

use socket2::{Domain, Socket, Type};

const BUFFER_PEDIDO: usize = 10_000;

// ANCHOR: main
fn main() -> io::Result<()> {
    let socket = Socket::new(Domain::IPV6, Type::STREAM, None)?;

    let antes = socket.reuse_address()?;
    socket.set_reuse_address(true)?;
    mostrar("SO_REUSEADDR", antes, true, socket.reuse_address()?);

    let antes = socket.tcp_nodelay()?;
    socket.set_tcp_nodelay(true)?;
    mostrar("TCP_NODELAY", antes, true, socket.tcp_nodelay()?);

    let antes = socket.only_v6()?;
    socket.set_only_v6(false)?;
    mostrar("IPV6_V6ONLY", antes, false, socket.only_v6()?);

    let antes = socket.recv_buffer_size()?;
    socket.set_recv_buffer_size(BUFFER_PEDIDO)?;
    let ficou = socket.recv_buffer_size()?;
    mostrar("SO_RCVBUF", antes, BUFFER_PEDIDO, ficou);
    Ok(())
}
// ANCHOR_END: main

fn mostrar<T: ToString>(opcao: &str, antes: T, pedi: T, ficou: T) {
    let [antes, pedi, ficou] = [antes, pedi, ficou].map(|v| v.to_string());
    println!("{opcao:<12}  era {antes:<6}  pedi {pedi:<5}  ficou {ficou}");
}
