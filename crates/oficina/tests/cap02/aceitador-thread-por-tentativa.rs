// aceitador
// Cada tentativa em uma thread, que bloqueia à vontade; quem conta o tempo é
// o canal. A thread que não voltou morre com o processo.
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::process::exit;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use std::{env, io, thread};

const UM_SEGUNDO: Duration = Duration::from_secs(1);

enum Noticia {
    Conectou,
    Recusada,
    Falhou,
    Saudou,
    Encerrou,
}

fn main() {
    let destinos: Vec<String> = env::args().skip(1).collect();
    for destino in &destinos {
        if !bem_escrito(destino) {
            eprintln!("não entendi {destino}");
            exit(2);
        }
    }
    for destino in &destinos {
        match enderecos(destino) {
            Ok(lista) => lista.into_iter().for_each(visitar),
            Err(_) => println!("{destino} sem endereço"),
        }
    }
    exit(1);
}

fn bem_escrito(destino: &str) -> bool {
    let porta = destino.rsplit(':').next().unwrap_or_default();
    destino.contains(':') && porta.parse::<u16>().is_ok()
}

fn enderecos(destino: &str) -> io::Result<Vec<SocketAddr>> {
    match destino.parse() {
        Ok(literal) => Ok(vec![literal]),
        Err(_) => Ok(destino.to_socket_addrs()?.collect()),
    }
}

fn visitar(endereco: SocketAddr) {
    let noticias = partir(endereco);
    let palavra = match noticias.recv_timeout(UM_SEGUNDO) {
        Ok(Noticia::Conectou) => match noticias.recv_timeout(UM_SEGUNDO) {
            Ok(Noticia::Saudou) => "conectou",
            _ => "não saudou",
        },
        Ok(Noticia::Recusada) => "recusada",
        Ok(_) => "falhou",
        Err(_) => "tempo esgotado",
    };
    println!("{endereco} {palavra}");
    if palavra == "conectou" {
        exit(0);
    }
}

fn partir(endereco: SocketAddr) -> Receiver<Noticia> {
    let (conta, noticias) = channel();
    thread::spawn(move || {
        let mut conexao = match TcpStream::connect(endereco) {
            Ok(conexao) => conexao,
            Err(e) if e.kind() == io::ErrorKind::ConnectionRefused => {
                return conta.send(Noticia::Recusada);
            }
            Err(_) => return conta.send(Noticia::Falhou),
        };
        conta.send(Noticia::Conectou)?;
        let mut linha = Vec::new();
        let mut byte = [0];
        while linha.last() != Some(&b'\n') {
            match conexao.read(&mut byte) {
                Ok(1) => linha.push(byte[0]),
                _ => return conta.send(Noticia::Encerrou),
            }
        }
        match conexao.write_all(&linha) {
            Ok(()) => conta.send(Noticia::Saudou),
            Err(_) => conta.send(Noticia::Encerrou),
        }
    });
    noticias
}
