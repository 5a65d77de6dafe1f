//! Exercício do capítulo 7, resolvido: a estação que responde.
//!
//!     cargo run --bin cap07-solucao -- 127.0.0.1:7007
//!     cargo oficina conferir cap07 -- cargo run --bin cap07-solucao --

// longo: a solução das cinco etapas é um arquivo só, como o do leitor.

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

const ENDERECO: &str = "127.0.0.1:7007";
const LIMITE_DO_LOTE: u32 = 1000;

struct Medida {
    instante: u32,
    centesimos: i32,
}

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(&endereco)?;
    println!("escutando em {}", ouvinte.local_addr()?);
    loop {
        match ouvinte.accept() {
            Ok((conexao, par)) => {
                if let Err(erro) = atender(&conexao) {
                    println!("{par} caiu ({erro})");
                }
            }
            // Este cliente desistiu ainda na fila; o próximo não tem culpa.
            Err(erro) if erro.kind() == ErrorKind::ConnectionAborted => {}
            Err(erro) => return Err(erro.into()),
        }
    }
}

/// Trata uma mensagem de cada vez, até o fim do fluxo.
fn atender(mut conexao: &TcpStream) -> io::Result<()> {
    let mut leitor = BufReader::new(conexao);
    let mut medidas = Vec::new();
    while !leitor.fill_buf()?.is_empty() {
        let [tipo] = ler(&mut leitor)?;
        match tipo {
            b'M' => medidas.push(ler_medida(&mut leitor)?),
            b'C' => {
                let inicio = u32::from_be_bytes(ler(&mut leitor)?);
                let fim = u32::from_be_bytes(ler(&mut leitor)?);
                conexao.write_all(&consultar(&medidas, inicio, fim))?;
            }
            b'L' => {
                let quantidade = u32::from_be_bytes(ler(&mut leitor)?);
                if quantidade > LIMITE_DO_LOTE {
                    return conexao.write_all(&resposta(b'E', 1000, 0));
                }
                for _ in 0..quantidade {
                    medidas.push(ler_medida(&mut leitor)?);
                }
            }
            _ => return Err(ErrorKind::InvalidData.into()),
        }
    }
    Ok(())
}

/// Lê exatamente `N` bytes, venham em quantos pedaços vierem.
fn ler<const N: usize>(leitor: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    leitor.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn ler_medida(leitor: &mut impl Read) -> io::Result<Medida> {
    Ok(Medida {
        instante: u32::from_be_bytes(ler(leitor)?),
        centesimos: i32::from_be_bytes(ler(leitor)?),
    })
}

/// Quantas medidas há no intervalo, e a maior temperatura entre elas.
fn consultar(medidas: &[Medida], inicio: u32, fim: u32) -> [u8; 9] {
    let do_intervalo = || {
        medidas
            .iter()
            .filter(|medida| (inicio..=fim).contains(&medida.instante))
    };
    let maior = do_intervalo().map(|medida| medida.centesimos).max();
    let quantidade = do_intervalo().count() as u32;
    resposta(b'R', quantidade, maior.unwrap_or(0))
}

fn resposta(tipo: u8, primeiro: u32, segundo: i32) -> [u8; 9] {
    let mut bytes = [tipo; 9];
    bytes[1..5].copy_from_slice(&primeiro.to_be_bytes());
    bytes[5..].copy_from_slice(&segundo.to_be_bytes());
    bytes
}
