// mutante: etapa=desistencia codigo=M21
use std::env;
use std::io::{self, Read, Write};
use std::net::{SocketAddrV4, TcpListener, TcpStream};
use std::os::fd::FromRawFd;

/// `struct sockaddr_in` do Linux.
#[repr(C)]
struct Endereco {
    familia: u16,
    porta: [u8; 2],
    ip: [u8; 4],
    zeros: [u8; 8],
}

unsafe extern "C" {
    fn socket(familia: i32, tipo: i32, protocolo: i32) -> i32;
    fn bind(fd: i32, endereco: *const Endereco, tamanho: u32) -> i32;
    fn listen(fd: i32, fila: i32) -> i32;
}

/// O que `TcpListener::bind` faz, menos a opção SO_REUSEADDR.
fn escutar(endereco: SocketAddrV4) -> io::Result<TcpListener> {
    let nome = Endereco {
        familia: 2,
        porta: endereco.port().to_be_bytes(),
        ip: endereco.ip().octets(),
        zeros: [0; 8],
    };
    let fd = unsafe { socket(2, 1, 0) };
    let falhou = unsafe { bind(fd, &nome, 16) != 0 || listen(fd, 128) != 0 };
    if falhou {
        return Err(io::Error::last_os_error());
    }
    Ok(unsafe { TcpListener::from_raw_fd(fd) })
}

fn main() {
    let endereco = env::args().nth(1).expect("falta o endereço");
    let endereco = endereco.parse().expect("endereço IPv4");
    let ouvinte = escutar(endereco).expect("não escuto");
    loop {
        let Ok((conexao, _)) = ouvinte.accept() else {
            continue;
        };
        let _ = atender(conexao);
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
