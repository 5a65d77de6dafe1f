//! Estação: envia a cada cliente as suas três últimas medidas.
//!
//!     cargo run --bin cap07-estacao -- 127.0.0.1:7007

use std::env;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};

use anyhow::anyhow;
use cap07_ordem_dos_bytes::Medida;

const ENDERECO: &str = "127.0.0.1:7007";
const MEDIDAS: [Medida; 3] = [
    Medida {
        sensor: 1,
        instante: 1000,
        centesimos: 2150,
    },
    Medida {
        sensor: 2,
        instante: 86_400,
        centesimos: -325,
    },
    Medida {
        sensor: 3,
        instante: 4_000_000_000,
        centesimos: 1,
    },
];

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(&endereco).map_err(|erro| {
        anyhow!("não consegui escutar em {endereco} ({erro})")
    })?;
    println!("escutando em {}", ouvinte.local_addr()?);
    loop {
        let (conexao, par) = ouvinte.accept()?;
        if let Err(erro) = enviar_medidas(conexao) {
            println!("{par} caiu ({erro})");
        }
    }
}

// ANCHOR: enviar_medidas
/// Envia as medidas, nove bytes cada, e encerra a conexão.
fn enviar_medidas(mut conexao: TcpStream) -> io::Result<()> {
    let bytes = MEDIDAS.map(|medida| medida.codificar()).concat();
    conexao.write_all(&bytes)
}
// ANCHOR_END: enviar_medidas
