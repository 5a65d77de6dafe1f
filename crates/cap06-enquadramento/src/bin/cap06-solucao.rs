//! Exercício do capítulo 6, resolvido: a próxima mensagem.
//!
//!     cargo run --bin cap06-solucao -- 127.0.0.1:7006
//!     cargo oficina conferir cap06 -- cargo run --bin cap06-solucao --

// longo: a solução das cinco etapas é um arquivo só, como o do leitor.

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

const ENDERECO: &str = "127.0.0.1:7006";
const LIMITE: usize = 1024;

#[derive(Clone, Copy)]
enum Formato {
    Linhas,
    Prefixo,
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

/// Combina o formato e responde a cada mensagem, até o fim do fluxo.
fn atender(mut conexao: &TcpStream) -> io::Result<()> {
    let mut leitor = BufReader::new(conexao); // um só, até o fim
    let formato = match ler_linha(&mut leitor)?.as_deref() {
        Some(b"linhas") => Formato::Linhas,
        Some(b"prefixo") => Formato::Prefixo,
        _ => return Err(ErrorKind::InvalidData.into()),
    };
    conexao.write_all(b"pronto\n")?;
    loop {
        let lida = match formato {
            Formato::Linhas => ler_linha(&mut leitor),
            Formato::Prefixo => ler_com_prefixo(&mut leitor),
        };
        let (resposta, acabou) = match lida {
            Ok(Some(mensagem)) => (contar(mensagem)?, false),
            Ok(None) => return Ok(()),
            Err(erro) => (recusar(erro)?, true),
        };
        conexao.write_all(&enquadrar(&resposta, formato))?;
        if acabou {
            return Ok(());
        }
    }
}

/// Lê até o `\n`; devolve `None` se o fluxo acabou antes de um byte sequer.
fn ler_linha(leitor: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
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

/// Lê o tamanho, compara com o limite e só então lê o texto.
fn ler_com_prefixo(leitor: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    if leitor.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut prefixo = [0; 2];
    leitor.read_exact(&mut prefixo)?;
    let tamanho = usize::from(u16::from_be_bytes(prefixo));
    if tamanho > LIMITE {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut mensagem = vec![0; tamanho];
    leitor.read_exact(&mut mensagem)?;
    Ok(Some(mensagem))
}

/// Só a mensagem inteira vira texto: no meio dela pode haver meio caractere.
fn contar(mensagem: Vec<u8>) -> io::Result<String> {
    let texto = String::from_utf8(mensagem)
        .map_err(|erro| io::Error::new(ErrorKind::InvalidData, erro))?;
    Ok(format!("{} {texto}", texto.chars().count()))
}

/// A resposta a uma mensagem que não se completou; outros erros seguem.
fn recusar(erro: io::Error) -> io::Result<String> {
    match erro.kind() {
        ErrorKind::InvalidData => Ok("erro: mensagem longa demais".into()),
        ErrorKind::UnexpectedEof => Ok("erro: mensagem incompleta".into()),
        _ => Err(erro),
    }
}

fn enquadrar(texto: &str, formato: Formato) -> Vec<u8> {
    match formato {
        Formato::Linhas => format!("{texto}\n").into_bytes(),
        Formato::Prefixo => {
            let tamanho = u16::try_from(texto.len()).expect("cabe no prefixo");
            [&tamanho.to_be_bytes(), texto.as_bytes()].concat()
        }
    }
}
