// mutante: etapa=lotes codigo=diferente
//! O lote apaga as medidas que já estavam guardadas.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

const LIMITE: u32 = 1000;

type Medida = (u32, i32);

fn main() {
    let endereco = std::env::args().nth(1).unwrap();
    let ouvinte = TcpListener::bind(endereco).unwrap();
    for conexao in ouvinte.incoming().flatten() {
        let _ = atender(&conexao);
    }
}

fn atender(mut conexao: &TcpStream) -> io::Result<()> {
    let mut leitor = BufReader::new(conexao);
    let mut medidas: Vec<Medida> = Vec::new();
    while !leitor.fill_buf()?.is_empty() {
        match ler::<1>(&mut leitor)? {
            [b'M'] => medidas.push(ler_medida(&mut leitor)?),
            [b'C'] => {
                let inicio = u32::from_be_bytes(ler(&mut leitor)?);
                let fim = u32::from_be_bytes(ler(&mut leitor)?);
                conexao.write_all(&consultar(&medidas, inicio, fim))?;
            }
            [b'L'] => {
                let quantas = u32::from_be_bytes(ler(&mut leitor)?);
                if quantas > LIMITE {
                    return conexao.write_all(&resposta(b'E', LIMITE, 0));
                }
                medidas.clear();
                for _ in 0..quantas {
                    medidas.push(ler_medida(&mut leitor)?);
                }
            }
            _ => return Err(ErrorKind::InvalidData.into()),
        }
    }
    Ok(())
}

fn ler<const N: usize>(leitor: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    leitor.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn ler_medida(leitor: &mut impl Read) -> io::Result<Medida> {
    let instante = u32::from_be_bytes(ler(leitor)?);
    let centesimos = i32::from_be_bytes(ler(leitor)?);
    Ok((instante, centesimos))
}

fn consultar(medidas: &[Medida], inicio: u32, fim: u32) -> [u8; 9] {
    let dentro = |m: &&Medida| inicio <= m.0 && m.0 <= fim;
    let quantas = medidas.iter().filter(dentro).count() as u32;
    let maior = medidas.iter().filter(dentro).map(|m| m.1).max();
    resposta(b'R', quantas, maior.unwrap_or(0))
}

fn resposta(tipo: u8, primeiro: u32, segundo: i32) -> [u8; 9] {
    let mut bytes = [tipo; 9];
    bytes[1..5].copy_from_slice(&primeiro.to_be_bytes());
    bytes[5..].copy_from_slice(&segundo.to_be_bytes());
    bytes
}
