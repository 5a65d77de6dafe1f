//! Quatro formas de marcar onde uma mensagem acaba, lidas de um fluxo que
//! chega byte a byte.
//!
//!     cargo run --bin cap06-formas

use std::env;
use std::io::{self, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use cap06_enquadramento::{
    ler_ate_o_fim, ler_com_prefixo, ler_fixa, ler_linha,
};

const ENDERECO: &str = "127.0.0.1:0";

type Leitor = BufReader<TcpStream>;

fn main() -> anyhow::Result<()> {
    mostrar("delimitador", "oi\nolá\n", ler_linha)?;
    mostrar("prefixo de tamanho", "\0\x02oi\0\x04olá", ler_com_prefixo)?;
    mostrar("tamanho fixo", "oi        olá      ", ler_fixa)?;
    mostrar("fim da conexão", "oi olá", ler_ate_o_fim)
}

/// Envia o texto byte a byte e mostra as mensagens que `ler` remonta.
fn mostrar(
    forma: &str,
    texto: &'static str,
    ler: fn(&mut Leitor) -> io::Result<Option<Vec<u8>>>,
) -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.to_string());
    let ouvinte = TcpListener::bind(endereco)?;
    let origem = TcpStream::connect(ouvinte.local_addr()?)?;
    thread::spawn(move || gotejar(origem, texto.as_bytes()));
    let (conexao, _) = ouvinte.accept()?;
    let mut leitor = BufReader::new(conexao);
    println!("{forma}: {} bytes", texto.len());
    while let Some(mensagem) = ler(&mut leitor)? {
        println!("  \"{}\"", String::from_utf8(mensagem)?);
    }
    Ok(())
}

/// Envia um byte de cada vez e encerra a conexão.
fn gotejar(mut origem: TcpStream, bytes: &[u8]) -> io::Result<()> {
    origem.set_nodelay(true)?; // cada byte parte sozinho
    bytes.chunks(1).try_for_each(|byte| origem.write_all(byte))
}
