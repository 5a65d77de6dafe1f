// mutante: etapa=sem_segredo codigo=estado-errado
use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

fn main() {
    let endereco = env::args().nth(1).expect("falta o endereço");
    let segredo = consultar(&endereco).expect("sem segredo");
    println!("{segredo}");
}

fn soma(a: &str, b: &str) -> io::Result<u64> {
    let numero = |n: &str| n.parse::<u64>().map_err(io::Error::other);
    Ok(numero(a)? + numero(b)?)
}

/// A resposta a uma linha, ou o segredo.
fn responder(linha: &str) -> io::Result<Result<String, String>> {
    let palavras: Vec<_> = linha.split_whitespace().collect();
    match palavras[..] {
        ["oráculo:", ..] => Ok(Ok("sou Ana\n".into())),
        ["some", a, b] => Ok(Ok(format!("{}\n", soma(a, b)?))),
        ["segredo", s] => Ok(Err(s.into())),
        _ => Err(io::Error::other(linha)),
    }
}

fn consultar(endereco: &str) -> io::Result<String> {
    let mut conexao = TcpStream::connect(endereco)?;
    let mut leitor = BufReader::new(conexao.try_clone()?);
    loop {
        let mut linha = String::new();
        leitor.read_line(&mut linha)?;
        if linha.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match responder(&linha)? {
            Ok(resposta) => conexao.write_all(resposta.as_bytes())?,
            Err(segredo) => return Ok(segredo),
        }
    }
}
