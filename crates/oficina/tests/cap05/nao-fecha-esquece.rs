// mutante: etapa=eco codigo=nao-fecha
use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};

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

fn atender(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            conexao.shutdown(Shutdown::Write)?;
            std::mem::forget(conexao); // o descritor fica para sempre
            return Ok(());
        }
        conexao.write_all(&buffer[..lidos])?;
    }
}
