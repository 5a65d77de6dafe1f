// mutante: etapa=eco codigo=M24
use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() {
    let endereco = env::args().nth(1).expect("falta o endereço");
    let (_, porta) = endereco.rsplit_once(':').expect("endereço:porta");
    let ouvinte =
        TcpListener::bind(format!("0.0.0.0:{porta}")).expect("não escuto");
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
