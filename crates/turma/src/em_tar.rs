//! Arquivos .tar.gz e .tar.

use std::io::{self, Read};

use anyhow::{Result, bail};
use tar::{Archive, EntryType};

use crate::destino::Destino;

/// Quanto do tar se lê, em bytes: o que se dispensa também se descomprime.
const FLUXO: u64 = 256 * 1024 * 1024;

pub fn abrir(fluxo: impl Read, destino: &mut Destino) -> Result<()> {
    let mut tar = Archive::new(Limitado {
        fluxo,
        resta: FLUXO,
    });
    let mut vazio = true;
    for entrada in tar.entries()? {
        destino.contar()?;
        vazio = false;
        let entrada = entrada.map_err(|erro| em_portugues(&erro))?;
        let nome = em_texto(&entrada.path_bytes());
        let o_que = match entrada.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {
                destino.guardar(&nome, entrada)?;
                continue;
            }
            EntryType::Directory
            | EntryType::XGlobalHeader
            | EntryType::XHeader => continue,
            EntryType::Symlink => "um link simbólico",
            EntryType::Link => "um link para outro arquivo",
            EntryType::Char | EntryType::Block => "um dispositivo",
            EntryType::Fifo => "um tubo (FIFO)",
            EntryType::GNUSparse => "um arquivo esparso",
            _ => "de um tipo desconhecido",
        };
        destino.recusar(&nome, o_que);
    }
    if vazio {
        bail!("o arquivo está vazio");
    }
    Ok(())
}

/// O tar não diz em que codificação estão os nomes.
fn em_texto(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(texto) => texto.to_owned(),
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

/// Um fluxo que dá erro, em vez de fim, quando passa do tamanho.
struct Limitado<R> {
    fluxo: R,
    resta: u64,
}

impl<R: Read> Read for Limitado<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let lidos = self.fluxo.read(buffer)?;
        self.resta = match self.resta.checked_sub(lidos as u64) {
            Some(resta) => resta,
            None => {
                self.resta = 0;
                return Err(io::ErrorKind::FileTooLarge.into());
            }
        };
        Ok(lidos)
    }
}

fn em_portugues(erro: &io::Error) -> anyhow::Error {
    match erro.kind() {
        io::ErrorKind::FileTooLarge => anyhow::anyhow!(
            "aberta, passa de {} MiB (veio a pasta target?)",
            FLUXO / 1024 / 1024
        ),
        _ => anyhow::anyhow!("o arquivo está quebrado ({erro})"),
    }
}
