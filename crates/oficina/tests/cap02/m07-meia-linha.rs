// mutante: etapa=mudos codigo=M07
use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::Duration;

const PRAZO: Duration = Duration::from_secs(1);
const LINHA_MAXIMA: u64 = 1000;
const DESTINO: &str = "localhost:7002";

fn main() -> ExitCode {
    let mut argumentos: Vec<String> = env::args().skip(1).collect();
    if argumentos.is_empty() {
        argumentos.push(DESTINO.into());
    }
    if let Some(torto) = argumentos.iter().find(|a| separar(a).is_none()) {
        eprintln!("“{torto}” não é host:porta");
        return 2.into();
    }
    let destinos = argumentos.iter().filter_map(|a| separar(a));
    for (host, porta) in destinos {
        if tentar_nome(host, porta) {
            return 0.into();
        }
    }
    1.into()
}

/// Divide "[::1]:7002" em host, sem os colchetes, e porta.
fn separar(destino: &str) -> Option<(&str, u16)> {
    let (host, porta) = destino.rsplit_once(':')?;
    let dentro = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    Some((dentro.unwrap_or(host), porta.parse().ok()?))
}

/// Tenta cada endereço do nome, na ordem; diz se algum saudou.
fn tentar_nome(host: &str, porta: u16) -> bool {
    let Ok(enderecos) = (host, porta).to_socket_addrs() else {
        println!("{host}:{porta} sem endereço");
        return false;
    };
    for endereco in enderecos {
        let resultado = tentar(endereco);
        println!("{endereco} {resultado}");
        if resultado == "conectou" {
            return true;
        }
    }
    false
}

/// Uma tentativa, com limite na conexão e na saudação.
fn tentar(endereco: SocketAddr) -> &'static str {
    match TcpStream::connect_timeout(&endereco, PRAZO) {
        Ok(conexao) => match saudar(&conexao) {
            Ok(()) => "conectou",
            Err(_) => "não saudou",
        },
        Err(erro) if erro.kind() == ErrorKind::TimedOut => "tempo esgotado",
        Err(erro) if erro.kind() == ErrorKind::ConnectionRefused => "recusada",
        Err(_) => "falhou",
    }
}

/// Lê a linha do servidor e a devolve igual.
fn saudar(mut conexao: &TcpStream) -> io::Result<()> {
    conexao.set_read_timeout(Some(PRAZO))?;
    let mut linha = Vec::new();
    let leitor = conexao.take(LINHA_MAXIMA);
    BufReader::new(leitor).read_until(b'\n', &mut linha)?;
    if linha.is_empty() {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    conexao.write_all(&linha)
}
