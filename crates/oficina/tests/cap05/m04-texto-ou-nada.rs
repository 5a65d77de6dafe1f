// mutante: etapa=binario codigo=M04
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

/// Só aceita UTF-8; o que não é UTF-8 encerra a conversa.
fn atender(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        let texto =
            str::from_utf8(&buffer[..lidos]).map_err(io::Error::other)?;
        conexao.write_all(texto.as_bytes())?;
    }
}
