// mutante: etapa=eco codigo=outro-endereco
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() {
    let ouvinte = TcpListener::bind("127.0.0.1:0").expect("não escuto");
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
            return Ok(());
        }
        conexao.write_all(&buffer[..lidos])?;
    }
}
