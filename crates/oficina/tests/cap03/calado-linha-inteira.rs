// mutante: etapa=eco codigo=calado
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixListener;
use std::time::Duration;
use std::{env, fs, io, thread};

fn main() {
    let endereco = env::args().nth(1).unwrap();
    if let Some(caminho) = endereco.strip_prefix("unix:") {
        if let Ok(dados) = fs::symlink_metadata(caminho) {
            assert!(dados.file_type().is_socket(), "não é um socket");
            fs::remove_file(caminho).unwrap();
        }
        let ouvinte = UnixListener::bind(caminho).unwrap();
        servir(|| ouvinte.accept().map(|aceita| aceita.0));
    }
    // Na pilha dupla, um socket para cada família; se o primeiro já recebe
    // IPv4, o segundo não consegue o endereço, e não faz falta.
    if endereco.starts_with("[::]") {
        let ouvinte = TcpListener::bind(&endereco).unwrap();
        if let Ok(outro) =
            TcpListener::bind(endereco.replace("[::]", "0.0.0.0"))
        {
            thread::spawn(move || servir(|| outro.accept().map(|a| a.0)));
        }
        servir(|| ouvinte.accept().map(|aceita| aceita.0));
    }
    let ouvinte = TcpListener::bind(&endereco).unwrap();
    servir(|| ouvinte.accept().map(|aceita| aceita.0));
}

fn servir<C: Read + Write>(aceitar: impl Fn() -> io::Result<C>) {
    loop {
        match aceitar() {
            Ok(conexao) => drop(ecoar(conexao)),
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}

fn ecoar(conexao: impl Read + Write) -> io::Result<()> {
    let mut conexao = BufReader::new(conexao);
    loop {
        let mut linha = Vec::new();
        if conexao.read_until(b'\n', &mut linha)? == 0 {
            return Ok(());
        }
        conexao.get_mut().write_all(&linha)?;
    }
}
