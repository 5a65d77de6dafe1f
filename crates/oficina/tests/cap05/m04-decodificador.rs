// mutante: etapa=binario codigo=M04
use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

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

/// Junta os pedaços de cada caractere, mas conta que tudo seja texto.
fn atender(mut conexao: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    let mut pendente = Vec::new();
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        pendente.extend_from_slice(&buffer[..lidos]);
        let inteiros = caracteres_inteiros(&pendente);
        let texto = String::from_utf8_lossy(&pendente[..inteiros]);
        conexao.write_all(texto.as_bytes())?;
        pendente.drain(..inteiros);
    }
}

/// Até onde vai o texto, sem um caractere que ainda pode se completar.
fn caracteres_inteiros(bytes: &[u8]) -> usize {
    match str::from_utf8(bytes) {
        Err(erro) if erro.error_len().is_none() => erro.valid_up_to(),
        _ => bytes.len(),
    }
}
