// aceitador
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Pausa quando nada anda: aqui não há `poll` para esperar sem girar.
const PAUSA: Duration = Duration::from_micros(200);

fn main() -> io::Result<()> {
    let endereco = env::args().nth(1).expect("falta o endereço");
    let ouvinte = TcpListener::bind(endereco)?;
    ouvinte.set_nonblocking(true)?;
    let mut vivas = Vec::new();
    loop {
        if let Ok((conexao, _)) = ouvinte.accept() {
            conexao.set_nonblocking(true)?;
            vivas.push(Viva {
                conexao,
                pendente: vec![],
                acabou: false,
            });
        }
        if !girar(&mut vivas) {
            thread::sleep(PAUSA);
        }
    }
}

/// Atende todas as conexões em um laço só, sem esperar por nenhuma.
fn girar(vivas: &mut Vec<Viva>) -> bool {
    let mut andou = false;
    vivas.retain_mut(|viva| match viva.andar() {
        Ok(Some(passo)) => {
            andou |= passo;
            true
        }
        Ok(None) | Err(_) => false,
    });
    andou
}

struct Viva {
    conexao: TcpStream,
    pendente: Vec<u8>,
    acabou: bool,
}

impl Viva {
    /// `Some(true)` se algo passou, `None` se a conversa acabou.
    fn andar(&mut self) -> io::Result<Option<bool>> {
        let mut andou = false;
        if !self.acabou && self.pendente.len() < 65_536 {
            let mut buffer = [0; 16_384];
            match self.conexao.read(&mut buffer) {
                Ok(0) => self.acabou = true,
                Ok(lidos) => {
                    self.pendente.extend_from_slice(&buffer[..lidos]);
                    andou = true;
                }
                Err(erro) if erro.kind() == ErrorKind::WouldBlock => {}
                Err(erro) => return Err(erro),
            }
        }
        if !self.pendente.is_empty() {
            match self.conexao.write(&self.pendente) {
                Ok(enviados) => {
                    self.pendente.drain(..enviados);
                    andou = true;
                }
                Err(erro) if erro.kind() == ErrorKind::WouldBlock => {}
                Err(erro) => return Err(erro),
            }
        }
        let fim = self.acabou && self.pendente.is_empty();
        Ok((!fim).then_some(andou))
    }
}
