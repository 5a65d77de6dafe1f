// mutante: etapa=engano codigo=encerrou
use std::collections::VecDeque;
use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

type Fila = VecDeque<Vec<u8>>;

fn main() -> io::Result<()> {
    let endereco = env::args().nth(1).expect("falta o endereço");
    let ouvinte = TcpListener::bind(endereco)?;
    let mut fila = Fila::new();
    for conexao in ouvinte.incoming() {
        if let Err(erro) = atender(&conexao?, &mut fila) {
            println!("uma conexão acabou mal ({erro})");
        }
    }
    Ok(())
}

fn atender(mut conexao: &TcpStream, fila: &mut Fila) -> io::Result<()> {
    conexao.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut leitor = BufReader::new(conexao);
    match ler_linha(&mut leitor)?.as_slice() {
        b"DEIXA\n" => deixar(conexao, &mut leitor, fila)?,
        b"PEGA\n" => pegar(conexao, &mut leitor, fila)?,
        _ => panic!("não entendi"),
    }
    conexao.shutdown(Shutdown::Write)?;
    io::copy(&mut leitor, &mut io::sink())?;
    Ok(())
}

fn ler_linha(leitor: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut linha = Vec::new();
    leitor.take(80).read_until(b'\n', &mut linha)?;
    Ok(linha)
}

fn deixar(
    mut conexao: &TcpStream,
    leitor: &mut impl BufRead,
    fila: &mut Fila,
) -> io::Result<()> {
    let mut recado = Vec::new();
    let tamanho = leitor.read_to_end(&mut recado)?;
    fila.push_back(recado);
    conexao.write_all(format!("GUARDEI {tamanho}\n").as_bytes())
}

fn pegar(
    mut conexao: &TcpStream,
    leitor: &mut impl BufRead,
    fila: &mut Fila,
) -> io::Result<()> {
    let Some(recado) = fila.front() else {
        return conexao.write_all(b"VAZIO\n");
    };
    conexao.write_all(format!("{}\n", recado.len()).as_bytes())?;
    conexao.write_all(recado)?;
    if ler_linha(leitor)? == b"OK\n" {
        fila.pop_front();
    }
    Ok(())
}
