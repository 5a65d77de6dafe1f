//! Os programas que os testes rodam nos hosts, sem depender de `ping` nem `nc`.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use bancada::{Bancada, Host, Plano};
use socket2::{Domain, Protocol, Socket, Type};

/// O primeiro argumento que faz deste teste um programa de host.
pub const PROGRAMA: &str = "programa";

const PRAZO: Duration = Duration::from_secs(20);

/// Quanto se lê de uma vez.
const BLOCO: usize = 1 << 16;

/// O que se manda, repetido: quem recebe sabe o que esperar em cada posição.
const PADRAO: [u8; 251] = {
    let mut padrao = [0; 251];
    let mut i = 0;
    while i < padrao.len() {
        padrao[i] = i as u8;
        i += 1;
    }
    padrao
};

pub fn rodar(argumentos: &[String]) -> ExitCode {
    let palavras: Vec<&str> = argumentos.iter().map(String::as_str).collect();
    let resultado = match palavras[..] {
        ["eco", endereco] => ecoar(endereco),
        ["recebe", endereco] => receber(endereco),
        ["manda", endereco, bytes] => mandar(endereco, bytes),
        ["pinga", destino, ttl, carga] => pingar(destino, ttl, carga),
        ["sai", codigo] => return ExitCode::from(codigo.parse().unwrap_or(99)),
        ["espera"] => esperar(),
        ["dono"] => ser_dono(),
        _ => Err(io::Error::other("programa desconhecido")),
    };
    match resultado {
        Ok(()) => ExitCode::SUCCESS,
        Err(erro) => {
            println!("{erro}");
            ExitCode::FAILURE
        }
    }
}

/// O comando que roda um destes programas no host.
pub fn no_host(bancada: &Bancada, host: Host, argumentos: &[&str]) -> Command {
    let exe = std::env::current_exe().unwrap();
    let mut todos = vec![OsString::from(PROGRAMA)];
    todos.extend(argumentos.iter().map(OsString::from));
    bancada.comando(host, exe, &todos).unwrap()
}

/// Inicia um servidor no host e espera que ele diga que escuta.
pub fn servidor(
    bancada: &Bancada,
    host: Host,
    argumentos: &[&str],
) -> Servidor {
    let mut filho = no_host(bancada, host, argumentos)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut saida = BufReader::new(filho.stdout.take().unwrap());
    let mut linha = String::new();
    saida.read_line(&mut linha).unwrap();
    assert!(
        linha.starts_with("escutando em"),
        "o servidor disse: {linha}"
    );
    Servidor { filho, saida }
}

pub struct Servidor {
    pub filho: Child,
    saida: BufReader<std::process::ChildStdout>,
}

impl Servidor {
    /// Espera o fim dele e devolve o resto da saída.
    pub fn terminar(mut self) -> String {
        let mut resto = String::new();
        self.saida.read_to_string(&mut resto).unwrap();
        assert!(self.filho.wait().unwrap().success(), "{resto}");
        resto
    }
}

/// Roda o programa até o fim; devolve a saída, e se ele deu certo.
pub fn rodar_no_host(
    bancada: &Bancada,
    host: Host,
    argumentos: &[&str],
) -> (bool, String) {
    let saida = no_host(bancada, host, argumentos).output().unwrap();
    let texto = String::from_utf8(saida.stdout).unwrap();
    (saida.status.success(), texto)
}

/// Atende um cliente e devolve o que ele manda.
fn ecoar(endereco: &str) -> io::Result<()> {
    let ouvinte = TcpListener::bind(endereco)?;
    println!("escutando em {}", ouvinte.local_addr()?);
    let (mut conexao, par) = ouvinte.accept()?;
    let mut saida = conexao.try_clone()?;
    let total = io::copy(&mut conexao, &mut saida)?;
    saida.shutdown(Shutdown::Write)?;
    println!("{} mandou {total} bytes", par.ip());
    Ok(())
}

/// Recebe de um cliente até o fim e diz quanto e o quê.
fn receber(endereco: &str) -> io::Result<()> {
    let ouvinte = TcpListener::bind(endereco)?;
    println!("escutando em {}", ouvinte.local_addr()?);
    let (mut conexao, _) = ouvinte.accept()?;
    conexao.set_read_timeout(Some(PRAZO))?;
    let mut buffer = vec![0; BLOCO];
    let esperado = PADRAO.repeat(BLOCO / PADRAO.len() + 2);
    let (mut total, mut certos) = (0, true);
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            break;
        }
        let inicio = total % PADRAO.len();
        certos &= buffer[..lidos] == esperado[inicio..inicio + lidos];
        total += lidos;
    }
    println!(
        "{total} bytes, {}",
        if certos { "certos" } else { "ERRADOS" }
    );
    Ok(())
}

fn mandar(endereco: &str, bytes: &str) -> io::Result<()> {
    let bytes: usize = bytes.parse().map_err(io::Error::other)?;
    let mut conexao = TcpStream::connect(endereco)?;
    conexao.set_write_timeout(Some(PRAZO))?;
    let mut dados = PADRAO.repeat(bytes / PADRAO.len() + 1);
    dados.truncate(bytes);
    conexao.write_all(&dados)?;
    conexao.shutdown(Shutdown::Write)?;
    // O fim do outro lado diz que ele recebeu tudo.
    conexao.set_read_timeout(Some(PRAZO))?;
    conexao.read_to_end(&mut Vec::new())?;
    Ok(())
}

/// Um pedido de eco ICMP (RFC 792) com o TTL dado; diz o que voltou.
fn pingar(destino: &str, ttl: &str, carga: &str) -> io::Result<()> {
    let destino: Ipv4Addr = destino.parse().map_err(io::Error::other)?;
    let ttl = ttl.parse().map_err(io::Error::other)?;
    let carga: usize = carga.parse().map_err(io::Error::other)?;
    let socket = Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::ICMPV4))?;
    socket.set_ttl_v4(ttl)?;
    socket.set_read_timeout(Some(PRAZO))?;
    let mut pedido = vec![0; 8 + carga];
    pedido[0] = 8;
    let soma = soma(&pedido);
    pedido[2..4].copy_from_slice(&soma.to_be_bytes());
    socket.send_to(&pedido, &SocketAddr::from((destino, 0)).into())?;
    let mut resposta = [0; 2048];
    let lidos = (&socket).read(&mut resposta)?;
    // A origem, o tipo e o código, depois dos 20 bytes do cabeçalho IP.
    let [.., a, b, c, d] = resposta[..16] else {
        unreachable!()
    };
    let par = Ipv4Addr::new(a, b, c, d);
    let (tipo, codigo) = (resposta[20], resposta[21]);
    println!("{par} respondeu tipo {tipo} código {codigo}, {lidos} bytes");
    Ok(())
}

/// A soma de verificação da Internet (RFC 1071).
fn soma(bytes: &[u8]) -> u16 {
    let palavras = bytes.chunks(2).map(|par| {
        u32::from(par[0]) << 8 | u32::from(*par.get(1).unwrap_or(&0))
    });
    let total: u32 = palavras.sum();
    let total = (total & 0xFFFF) + (total >> 16);
    !((total + (total >> 16)) as u16)
}

/// Espera para sempre: quem o inicia é que o termina.
fn esperar() -> io::Result<()> {
    println!("esperando");
    loop {
        std::thread::park();
    }
}

/// Monta uma bancada com um programa em cada host e espera que o matem.
fn ser_dono() -> io::Result<()> {
    let bancada = Bancada::montar(&Plano::default())?;
    for host in Host::TODOS {
        let mut filho = no_host(&bancada, host, &["espera"])
            .stdout(Stdio::piped())
            .spawn()?;
        let saida = filho.stdout.take().map(BufReader::new);
        let mut linha = String::new();
        saida.ok_or(io::ErrorKind::Other)?.read_line(&mut linha)?;
    }
    println!("pronto");
    esperar()
}
