// mutante: etapa=desistencia codigo=M16
use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() {
    let endereco = env::args().nth(1).expect("falta o endereço");
    let ouvinte = TcpListener::bind(endereco).expect("não escuto");
    loop {
        let (conexao, _) = ouvinte.accept().expect("accept");
        atender(conexao).expect("erro na conexão");
    }
}

fn atender(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        conexao.write_all(&buffer[..lidos])?;
    }
}
