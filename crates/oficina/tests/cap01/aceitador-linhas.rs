// aceitador
use std::env;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
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
    let conexao = TcpStream::connect(endereco)?;
    let mut escritor = BufWriter::new(&conexao);
    let mut linha = Vec::new();
    let mut leitor = BufReader::with_capacity(7, &conexao);
    while leitor.read_until(b'\n', &mut linha)? > 0 {
        let texto = String::from_utf8_lossy(&linha).into_owned();
        if !texto.ends_with('\n') {
            break;
        }
        match responder(&texto)? {
            Ok(resposta) => escritor.write_all(resposta.as_bytes())?,
            Err(segredo) => return Ok(segredo),
        }
        escritor.flush()?;
        linha.clear();
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}
