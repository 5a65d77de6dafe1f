// mutante: etapa=eco codigo=M12
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

/// Lê 16 bytes, responde e fecha, com o resto por ler.
fn atender(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 16];
    let lidos = conexao.read(&mut buffer)?;
    conexao.write_all(&buffer[..lidos])
}
