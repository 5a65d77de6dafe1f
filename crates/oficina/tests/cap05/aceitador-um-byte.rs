// aceitador
use std::env;
use std::io::{self, BufReader, BufWriter, Read, Write};
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

/// Um byte por vez, com leitura e escrita em buffer.
fn atender(conexao: TcpStream) -> io::Result<()> {
    let mut entrada = BufReader::new(conexao.try_clone()?);
    let mut saida = BufWriter::new(conexao);
    let mut byte = [0; 1];
    loop {
        if entrada.buffer().is_empty() {
            saida.flush()?;
        }
        if entrada.read(&mut byte)? == 0 {
            return saida.flush();
        }
        saida.write_all(&byte)?;
    }
}
