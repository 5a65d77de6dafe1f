// mutante: etapa=fatias codigo=M03
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let endereco = env::args().nth(1).expect("falta o endereço");
    match pegar(&endereco) {
        Ok(recado) => {
            io::stdout().write_all(&recado).expect("saída fechada");
            0.into()
        }
        Err(erro) => {
            eprintln!("{erro}");
            estado(&erro).into()
        }
    }
}

fn estado(erro: &io::Error) -> u8 {
    match erro.kind() {
        ErrorKind::ConnectionRefused => 3,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => 4,
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => 5,
        _ => 1,
    }
}

fn conectar(endereco: &str) -> io::Result<TcpStream> {
    let conexao = TcpStream::connect(endereco)?;
    conexao.set_read_timeout(Some(Duration::from_secs(1)))?;
    Ok(conexao)
}

fn completo(recado: Vec<u8>, tamanho: usize) -> io::Result<Vec<u8>> {
    match recado.len() == tamanho {
        true => Ok(recado),
        false => Err(ErrorKind::UnexpectedEof.into()),
    }
}

fn ler_recado(leitor: &mut impl Read, tamanho: usize) -> io::Result<Vec<u8>> {
    let mut recado = Vec::new();
    leitor.take(tamanho as u64).read_to_end(&mut recado)?;
    completo(recado, tamanho)
}

fn pegar(endereco: &str) -> io::Result<Vec<u8>> {
    let mut conexao = conectar(endereco)?;
    conexao.write_all(b"PEGA\n")?;
    let mut inicio = [0; 256];
    let lidos = conexao.read(&mut inicio)?; // supõe que a linha veio inteira
    if lidos == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let chegou = &inicio[..lidos];
    let fim = chegou.iter().position(|&b| b == b'\n');
    let (linha, resto) = chegou.split_at(fim.map_or(lidos, |fim| fim + 1));
    let linha = String::from_utf8_lossy(linha);
    let numero: String =
        linha.chars().take_while(char::is_ascii_digit).collect();
    let tamanho: usize = numero.parse().map_err(io::Error::other)?;
    let mut leitor = resto.chain(conexao);
    ler_recado(&mut leitor, tamanho)
}
