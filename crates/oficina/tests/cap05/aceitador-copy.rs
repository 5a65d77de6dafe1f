// aceitador
use std::env;
use std::io;
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

/// A biblioteca padrão já tem este laço.
fn atender(conexao: TcpStream) -> io::Result<()> {
    io::copy(&mut &conexao, &mut &conexao)?;
    Ok(())
}
