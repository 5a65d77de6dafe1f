// aceitador
// As chamadas da libc, com a qual a std já vem ligada.
use std::ffi::{c_int, c_uint, c_void};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::os::fd::FromRawFd;
use std::os::unix::fs::FileTypeExt;
use std::time::Duration;
use std::{env, thread};

const AF_UNIX: u16 = 1;
const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;
const SOCK_STREAM: c_int = 1;

unsafe extern "C" {
    fn socket(familia: c_int, tipo: c_int, protocolo: c_int) -> c_int;
    fn setsockopt(
        fd: c_int,
        nivel: c_int,
        opcao: c_int,
        valor: *const c_void,
        tamanho: c_uint,
    ) -> c_int;
    fn bind(fd: c_int, endereco: *const c_void, tamanho: c_uint) -> c_int;
    fn listen(fd: c_int, fila: c_int) -> c_int;
    fn accept(fd: c_int, par: *mut c_void, tamanho: *mut c_uint) -> c_int;
}

fn main() -> io::Result<()> {
    let (familia, resto) = endereco(&env::args().nth(1).unwrap())?;
    let bytes = [familia.to_ne_bytes().to_vec(), resto].concat();
    let ouvinte = unsafe { socket(familia.into(), SOCK_STREAM, 0) };
    if familia != AF_UNIX {
        opcao(ouvinte, 1, 2, 1); // SOL_SOCKET, SO_REUSEADDR
    }
    if familia == AF_INET6 {
        opcao(ouvinte, 41, 26, 0); // IPPROTO_IPV6, IPV6_V6ONLY
    }
    let ponteiro = bytes.as_ptr().cast();
    conferir(unsafe { bind(ouvinte, ponteiro, bytes.len() as c_uint) })?;
    conferir(unsafe { listen(ouvinte, 128) })?;
    loop {
        let nulo = std::ptr::null_mut();
        match unsafe { accept(ouvinte, nulo, nulo.cast()) } {
            -1 => thread::sleep(Duration::from_millis(50)),
            fd => drop(ecoar(unsafe { File::from_raw_fd(fd) })),
        }
    }
}

/// A família e o resto do sockaddr, byte a byte.
fn endereco(texto: &str) -> io::Result<(u16, Vec<u8>)> {
    if let Some(caminho) = texto.strip_prefix("unix:") {
        match fs::symlink_metadata(caminho) {
            Ok(dados) if dados.file_type().is_socket() => {
                fs::remove_file(caminho)?;
            }
            _ => {}
        }
        return Ok((AF_UNIX, [caminho.as_bytes(), &[0]].concat()));
    }
    let endereco: SocketAddr = texto.parse().map_err(io::Error::other)?;
    let porta = endereco.port().to_be_bytes().to_vec();
    Ok(match endereco {
        SocketAddr::V4(v4) => (
            AF_INET,
            [porta, v4.ip().octets().to_vec(), vec![0; 8]].concat(),
        ),
        SocketAddr::V6(v6) => (
            AF_INET6,
            [porta, vec![0; 4], v6.ip().octets().to_vec(), vec![0; 4]].concat(),
        ),
    })
}

fn opcao(fd: c_int, nivel: c_int, opcao: c_int, valor: c_int) {
    let ponteiro = (&raw const valor).cast();
    unsafe { setsockopt(fd, nivel, opcao, ponteiro, 4) };
}

fn conferir(resultado: c_int) -> io::Result<()> {
    match resultado {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn ecoar(mut conexao: File) -> io::Result<()> {
    let mut buffer = [0; 512];
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        conexao.write_all(&buffer[..lidos])?;
    }
}
