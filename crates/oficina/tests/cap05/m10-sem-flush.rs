// mutante: etapa=eco codigo=M10
use std::env;
use std::io::{self, BufWriter, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() {
    let ouvinte = TcpListener::bind(env::args().nth(1).unwrap()).unwrap();
    for conexao in ouvinte.incoming().flatten() {
        if let Err(erro) = ecoar(&conexao) {
            println!("{erro}");
        }
    }
}

fn ecoar(mut conexao: &TcpStream) -> io::Result<()> {
    let mut escritor = BufWriter::new(conexao);
    let mut buffer = [0; 4096];
    loop {
        match conexao.read(&mut buffer)? {
            0 => return escritor.flush(),
            lidos => escritor.write_all(&buffer[..lidos])?,
        }
    }
}
