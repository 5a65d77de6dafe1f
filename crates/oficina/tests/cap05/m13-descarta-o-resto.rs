// mutante: etapa=meio_fechamento codigo=M13
use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

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

/// Uma thread lê, outra escreve; no fim do fluxo, fecha sem esperar a escrita.
fn atender(mut conexao: TcpStream) -> io::Result<()> {
    let (guarda, retira) = mpsc::channel::<Vec<u8>>();
    let mut saida = conexao.try_clone()?;
    thread::spawn(move || {
        for pedaco in retira {
            if saida.write_all(&pedaco).is_err() {
                return;
            }
        }
    });
    let mut buffer = [0; 4096];
    loop {
        let lidos = conexao.read(&mut buffer)?;
        if lidos == 0 {
            return conexao.shutdown(Shutdown::Both);
        }
        let _ = guarda.send(buffer[..lidos].to_vec());
    }
}
