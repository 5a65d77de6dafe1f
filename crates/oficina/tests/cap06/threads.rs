// aceitador
//! Uma thread e um `BufReader` por conexão.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

const LIMITE: usize = 1024;

type Lida = io::Result<Option<Vec<u8>>>;

fn main() {
    let endereco = std::env::args().nth(1).unwrap();
    let ouvinte = TcpListener::bind(endereco).unwrap();
    for conexao in ouvinte.incoming().flatten() {
        thread::spawn(move || atender(&conexao));
    }
}

fn atender(mut conexao: &TcpStream) -> io::Result<()> {
    let mut leitor = BufReader::new(conexao);
    let prefixo = match ler_linha(&mut leitor)?.as_deref() {
        Some(b"linhas") => false,
        Some(b"prefixo") => true,
        _ => return Ok(()),
    };
    conexao.write_all(b"pronto\n")?;
    loop {
        let lida = match prefixo {
            true => ler_com_prefixo(&mut leitor),
            false => ler_linha(&mut leitor),
        };
        let (resposta, acabou) = match lida {
            Ok(Some(mensagem)) => (contar(&mensagem), false),
            Ok(None) => return Ok(()),
            Err(erro) => (format!("erro: mensagem {}", motivo(&erro)), true),
        };
        conexao.write_all(&enquadrar(&resposta, prefixo))?;
        if acabou {
            return Ok(());
        }
    }
}

fn ler_linha(leitor: &mut BufReader<&TcpStream>) -> Lida {
    let mut linha = Vec::new();
    leitor
        .take(LIMITE as u64 + 1)
        .read_until(b'\n', &mut linha)?;
    match linha.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(linha)),
        Some(_) if linha.len() == LIMITE => Err(ErrorKind::InvalidData.into()),
        Some(_) => Err(ErrorKind::UnexpectedEof.into()),
    }
}

fn ler_com_prefixo(leitor: &mut BufReader<&TcpStream>) -> Lida {
    let mut prefixo = [0; 2];
    if leitor.fill_buf()?.is_empty() {
        return Ok(None);
    }
    leitor.read_exact(&mut prefixo)?;
    let tamanho = usize::from(u16::from_be_bytes(prefixo));
    if tamanho > LIMITE {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut mensagem = vec![0; tamanho];
    leitor.read_exact(&mut mensagem)?;
    Ok(Some(mensagem))
}

fn motivo(erro: &io::Error) -> &'static str {
    match erro.kind() {
        ErrorKind::InvalidData => "longa demais",
        _ => "incompleta",
    }
}

fn contar(mensagem: &[u8]) -> String {
    let texto = String::from_utf8_lossy(mensagem);
    format!("{} {texto}", texto.chars().count())
}

fn enquadrar(texto: &str, prefixo: bool) -> Vec<u8> {
    match prefixo {
        true => {
            let tamanho = texto.len() as u16;
            [&tamanho.to_be_bytes(), texto.as_bytes()].concat()
        }
        false => format!("{texto}\n").into_bytes(),
    }
}
