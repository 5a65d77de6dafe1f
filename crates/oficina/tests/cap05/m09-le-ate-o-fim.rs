// mutante: etapa=eco codigo=M09
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

/// Só responde depois que o cliente encerra.
fn atender(mut conexao: TcpStream) -> io::Result<()> {
    let mut tudo = Vec::new();
    conexao.read_to_end(&mut tudo)?;
    conexao.write_all(&tudo)
}
