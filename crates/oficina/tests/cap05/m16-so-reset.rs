// mutante: etapa=desistencia codigo=M16
//! Perdoa o reset; o outro nome do mesmo azar, BrokenPipe, derruba o servidor.
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let endereco = env::args().nth(1).expect("falta o endereço");
    let ouvinte = TcpListener::bind(endereco)?;
    loop {
        let (conexao, _) = ouvinte.accept()?;
        match atender(conexao) {
            Err(erro) if erro.kind() != ErrorKind::ConnectionReset => {
                return Err(erro);
            }
            _ => {}
        }
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
