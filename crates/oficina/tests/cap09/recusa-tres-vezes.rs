// mutante: etapa=repeticao codigo=encerrou
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

const PRAZO: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let endereco = env::args().nth(1).expect("falta o endereço");
    let endereco = endereco.parse().expect("o endereço não serve");
    let mut conexao = None;
    for pedido in env::args().skip(2) {
        match pedir(endereco, &pedido, &mut conexao) {
            Ok(resposta) => println!("{resposta}"),
            Err(erro) => {
                eprintln!("{erro}");
                return estado(&erro).into();
            }
        }
    }
    0.into()
}

fn pedir(
    endereco: SocketAddr,
    pedido: &str,
    conexao: &mut Option<TcpStream>,
) -> io::Result<String> {
    let fim = Instant::now() + PRAZO;
    let mut espera = Duration::from_millis(50);
    loop {
        let erro = match tentar(endereco, pedido, conexao, fim) {
            Ok(resposta) => return Ok(resposta),
            Err(erro) => erro,
        };
        *conexao = None;
        let pausa = ao_acaso(espera);
        let cansou = espera >= Duration::from_millis(400)
            && erro.kind() == ErrorKind::ConnectionRefused;
        if cansou || !repetivel(&erro, pedido) || Instant::now() + pausa >= fim
        {
            return Err(erro);
        }
        thread::sleep(pausa);
        espera *= 2;
    }
}

fn tentar(
    endereco: SocketAddr,
    pedido: &str,
    guardada: &mut Option<TcpStream>,
    fim: Instant,
) -> io::Result<String> {
    let mut conexao = match guardada.take() {
        Some(conexao) => conexao,
        None => conectar(endereco, fim)?,
    };
    enviar(&mut conexao, pedido)?;
    let tamanho = ler_tamanho(&mut conexao, fim)?;
    let texto = ler_texto(&mut conexao, tamanho, fim)?;
    *guardada = Some(conexao);
    String::from_utf8(texto).map_err(io::Error::other)
}

fn conectar(endereco: SocketAddr, fim: Instant) -> io::Result<TcpStream> {
    TcpStream::connect_timeout(&endereco, resta(fim)?)
}

fn enviar(conexao: &mut TcpStream, pedido: &str) -> io::Result<()> {
    let tamanho = (pedido.len() as u16).to_be_bytes();
    conexao.write_all(&[&tamanho, pedido.as_bytes()].concat())
}

fn ler_tamanho(conexao: &mut TcpStream, fim: Instant) -> io::Result<usize> {
    let mut tamanho = [0; 2];
    encher(conexao, &mut tamanho, fim)?;
    Ok(u16::from_be_bytes(tamanho).into())
}

fn ler_texto(
    conexao: &mut TcpStream,
    tamanho: usize,
    fim: Instant,
) -> io::Result<Vec<u8>> {
    let mut texto = vec![0; tamanho];
    encher(conexao, &mut texto, fim)?;
    Ok(texto)
}

fn encher(
    conexao: &mut TcpStream,
    mut buffer: &mut [u8],
    fim: Instant,
) -> io::Result<()> {
    while !buffer.is_empty() {
        conexao.set_read_timeout(Some(resta(fim)?))?;
        match conexao.read(buffer)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            lidos => buffer = &mut buffer[lidos..],
        }
    }
    Ok(())
}

fn resta(fim: Instant) -> io::Result<Duration> {
    match fim.saturating_duration_since(Instant::now()) {
        Duration::ZERO => Err(ErrorKind::TimedOut.into()),
        resta => Ok(resta),
    }
}

fn repetivel(erro: &io::Error, pedido: &str) -> bool {
    match estado(erro) {
        3 => true,
        5 => pedido.starts_with("LER "),
        _ => false,
    }
}

fn ao_acaso(espera: Duration) -> Duration {
    let agora = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let nanos = agora.map_or(0, |agora| agora.subsec_nanos());
    espera / 2 + espera / 2 * (nanos % 1000) / 1000
}

fn estado(erro: &io::Error) -> u8 {
    match erro.kind() {
        ErrorKind::ConnectionRefused => 3,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => 4,
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::BrokenPipe => 5,
        _ => 1,
    }
}
