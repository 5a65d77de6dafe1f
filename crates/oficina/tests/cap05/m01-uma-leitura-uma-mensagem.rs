// mutante: etapa=eco codigo=M01
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

/// Cada leitura é uma mensagem, e uma mensagem acaba no primeiro \n.
fn atender(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        let fim = buffer[..lidos].iter().position(|&b| b == b'\n');
        let mensagem = fim.map_or(lidos, |fim| fim + 1);
        conexao.write_all(&buffer[..mensagem])?;
    }
}
