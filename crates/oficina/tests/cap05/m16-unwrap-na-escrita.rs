// mutante: etapa=desistencia codigo=M16
//! Trata o erro da leitura; o da escrita derruba o servidor.
use std::env;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() {
    let endereco = env::args().nth(1).expect("falta o endereço");
    let ouvinte = TcpListener::bind(endereco).expect("não escuto");
    loop {
        let (conexao, _) = ouvinte.accept().expect("accept");
        atender(conexao);
    }
}

fn atender(mut conexao: TcpStream) {
    let mut buffer = [0; 4096];
    loop {
        match conexao.read(&mut buffer) {
            Ok(0) => return,
            Ok(lidos) => conexao.write_all(&buffer[..lidos]).unwrap(),
            Err(erro) => {
                eprintln!("a leitura falhou: {erro}");
                return;
            }
        }
    }
}
