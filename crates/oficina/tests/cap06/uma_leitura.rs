// mutante: etapa=coladas codigo=M01
//! Toma cada leitura por uma mensagem, com tudo o que veio nela.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

enum Lida {
    Mensagem(Vec<u8>),
    Fim,
}

struct Entrada {
    conexao: TcpStream,
    guardados: Vec<u8>,
}

fn main() {
    let endereco = std::env::args().nth(1).unwrap();
    let ouvinte = TcpListener::bind(endereco).unwrap();
    for conexao in ouvinte.incoming().flatten() {
        let _ = atender(conexao);
    }
}

fn atender(conexao: TcpStream) -> io::Result<()> {
    let mut saida = conexao.try_clone()?;
    let mut entrada = Entrada {
        conexao,
        guardados: Vec::new(),
    };
    let Lida::Mensagem(formato) = entrada.linha()? else {
        return Ok(());
    };
    let prefixo = formato == b"prefixo";
    saida.write_all(b"pronto\n")?;
    loop {
        let lida = match prefixo {
            true => entrada.prefixada()?,
            false => entrada.linha()?,
        };
        let resposta = match &lida {
            Lida::Mensagem(mensagem) => contar(mensagem),
            Lida::Fim => return Ok(()),
        };
        saida.write_all(&enquadrar(&resposta, prefixo))?;
    }
}

impl Entrada {
    fn linha(&mut self) -> io::Result<Lida> {
        if self.ler()? == 0 {
            return Ok(Lida::Fim);
        }
        let mut linha = std::mem::take(&mut self.guardados);
        linha.pop();
        Ok(Lida::Mensagem(linha))
    }

    fn prefixada(&mut self) -> io::Result<Lida> {
        if self.ler()? == 0 {
            return Ok(Lida::Fim);
        }
        let quadro = std::mem::take(&mut self.guardados);
        Ok(Lida::Mensagem(quadro[2..].to_vec()))
    }

    fn ler(&mut self) -> io::Result<usize> {
        let mut buffer = [0; 4096];
        let lidos = self.conexao.read(&mut buffer)?;
        self.guardados.extend_from_slice(&buffer[..lidos]);
        Ok(lidos)
    }
}

fn contar(mensagem: &[u8]) -> String {
    let texto = String::from_utf8_lossy(mensagem);
    format!("{} {texto}", texto.chars().count())
}

fn enquadrar(texto: &str, prefixo: bool) -> Vec<u8> {
    match prefixo {
        true => {
            let tamanho = texto.len() as u16;
            [&tamanho.to_be_bytes(), texto.as_bytes()].concat()
        }
        false => format!("{texto}\n").into_bytes(),
    }
}
