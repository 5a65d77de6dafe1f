// mutante: etapa=limites codigo=diferente
//! Lê o segundo byte do prefixo com sinal, como o `char` de muitos compiladores.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

const LIMITE: usize = 1024;

enum Lida {
    Mensagem(Vec<u8>),
    Recusada(&'static str),
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
            Lida::Recusada(motivo) => format!("erro: mensagem {motivo}"),
            Lida::Fim => return Ok(()),
        };
        saida.write_all(&enquadrar(&resposta, prefixo))?;
        if matches!(lida, Lida::Recusada(_)) {
            return Ok(());
        }
    }
}

impl Entrada {
    fn linha(&mut self) -> io::Result<Lida> {
        loop {
            let fim = self.guardados.iter().position(|&b| b == b'\n');
            if fim.unwrap_or(self.guardados.len()) > LIMITE {
                return Ok(Lida::Recusada("longa demais"));
            }
            if let Some(fim) = fim {
                let mut linha: Vec<u8> = self.guardados.drain(..=fim).collect();
                linha.pop();
                return Ok(Lida::Mensagem(linha));
            }
            if self.ler()? == 0 {
                return Ok(self.fim());
            }
        }
    }

    fn prefixada(&mut self) -> io::Result<Lida> {
        loop {
            if let [a, b, resto @ ..] = self.guardados.as_slice() {
                let tamanho = com_sinal(*a, *b);
                if tamanho > LIMITE {
                    return Ok(Lida::Recusada("longa demais"));
                }
                if resto.len() >= tamanho {
                    let mensagem = resto[..tamanho].to_vec();
                    self.guardados.drain(..2 + tamanho);
                    return Ok(Lida::Mensagem(mensagem));
                }
            }
            if self.ler()? == 0 {
                return Ok(self.fim());
            }
        }
    }

    fn fim(&self) -> Lida {
        match self.guardados.is_empty() {
            true => Lida::Fim,
            false => Lida::Recusada("incompleta"),
        }
    }

    fn ler(&mut self) -> io::Result<usize> {
        let mut buffer = [0; 4096];
        let lidos = self.conexao.read(&mut buffer)?;
        self.guardados.extend_from_slice(&buffer[..lidos]);
        Ok(lidos)
    }
}

fn com_sinal(a: u8, b: u8) -> usize {
    let tamanho = i32::from(a as i8) * 256 + i32::from(b as i8);
    usize::try_from(tamanho).unwrap_or(usize::MAX)
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
