// mutante: etapa=volume codigo=segura
use std::env;
use std::io::{self, BufWriter, Read, Write};
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

fn atender(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    let mut escritor = BufWriter::new(conexao.try_clone()?);
    loop {
        let lidos = conexao.read(&mut buffer)?;
        escritor.write_all(&buffer[..lidos])?;
        if lidos == 0 {
            return escritor.flush();
        }
        if lidos < buffer.len() {
            escritor.flush()?; // e se a rajada acabar no fim do buffer?
        }
    }
}
