// mutante: etapa=volume codigo=M06
use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

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

/// Descarta o que `write` responde; o tempo limite o faz aceitar uma parte.
fn atender(mut conexao: TcpStream) -> io::Result<()> {
    conexao.set_write_timeout(Some(Duration::from_millis(1)))?;
    let mut buffer = vec![0; 65_536];
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        let _ = conexao.write(&buffer[..lidos]);
    }
}
