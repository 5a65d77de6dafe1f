// mutante: etapa=eco codigo=M05
use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() {
    let endereco = env::args().nth(1).expect("falta o endereço");
    let ouvinte = TcpListener::bind(endereco).expect("não escuto");
    loop {
        let Ok((conexao, _)) = ouvinte.accept() else {
            continue;
        };
        let _ = atender(conexao);
    }
}

/// Devolve o buffer todo, com os zeros que ninguém enviou.
fn atender(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    while conexao.read(&mut buffer)? > 0 {
        conexao.write_all(&buffer)?;
    }
    Ok(())
}
