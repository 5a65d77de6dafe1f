//! O que o programa escreve, linha por linha, com um teto.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex};

use crate::palco::programa::LinhaEscrita;

/// Quanto da saída do programa se guarda, em bytes; o resto é descartado.
const TETO: usize = 256 * 1024;

/// O maior pedaço guardado de uma linha, em bytes.
const MAIOR_LINHA: u64 = 4096;

/// As linhas escritas por um programa.
#[derive(Debug, Clone, Default)]
pub struct Escritos {
    linhas: Arc<Mutex<Guardadas>>,
}

#[derive(Debug, Default)]
struct Guardadas {
    linhas: Vec<LinhaEscrita>,
    bytes: usize,
    /// A saída padrão, byte a byte.
    saida: Vec<u8>,
}

impl Escritos {
    /// Lê até o fim, em uma thread própria, para que o programa nunca trave
    /// por falta de quem leia.
    pub fn acompanhar(
        &self,
        origem: impl Read + Send + 'static,
        erro: bool,
    ) -> std::thread::JoinHandle<()> {
        let escritos = self.clone();
        std::thread::spawn(move || escritos.guardar(origem, erro))
    }

    /// O que foi escrito até agora.
    pub fn linhas(&self) -> Vec<LinhaEscrita> {
        self.trava().linhas.clone()
    }

    /// A saída padrão até agora, sem nada trocado.
    pub fn saida(&self) -> Vec<u8> {
        self.trava().saida.clone()
    }

    fn guardar(&self, origem: impl Read, erro: bool) {
        let mut leitor = BufReader::new(origem);
        loop {
            let mut linha = Vec::new();
            let mut pedaco = leitor.by_ref().take(MAIOR_LINHA);
            match pedaco.read_until(b'\n', &mut linha) {
                Ok(0) | Err(_) => return,
                Ok(_) => self.anotar(&linha, erro),
            }
        }
    }

    fn anotar(&self, linha: &[u8], erro: bool) {
        let mut guardadas = self.trava();
        if guardadas.bytes >= TETO {
            return;
        }
        guardadas.bytes += linha.len();
        if !erro {
            guardadas.saida.extend(linha);
        }
        let texto = String::from_utf8_lossy(linha);
        let mut texto = sem_controles(texto.trim_end_matches(['\n', '\r']));
        if guardadas.bytes >= TETO {
            texto = "… (o programa escreveu demais; parei de guardar)".into();
        }
        guardadas.linhas.push(LinhaEscrita { texto, erro });
    }

    fn trava(&self) -> std::sync::MutexGuard<'_, Guardadas> {
        self.linhas.lock().unwrap_or_else(|e| e.into_inner())
    }
}

/// Sem sequências de controle: o programa não desenha no terminal do leitor.
fn sem_controles(texto: &str) -> String {
    let visivel = |c: char| if c.is_control() && c != '\t' { '·' } else { c };
    texto.chars().map(visivel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varias_linhas_de_uma_vez_sao_todas_guardadas() {
        let escritos = Escritos::default();
        escritos.guardar(&b"uma\nduas\ntr\xc3\xaas"[..], false);
        let textos: Vec<_> =
            escritos.linhas().into_iter().map(|l| l.texto).collect();
        assert_eq!(textos, ["uma", "duas", "três"]);
    }

    #[test]
    fn a_saida_sem_fim_e_guardada_ate_o_teto() {
        let escritos = Escritos::default();
        let sem_fim = std::io::repeat(b'a').take(10 * TETO as u64);
        escritos.guardar(sem_fim, false);
        let guardados: usize =
            escritos.linhas().iter().map(|l| l.texto.len()).sum();
        assert!(guardados <= TETO + MAIOR_LINHA as usize, "{guardados}");
    }

    #[test]
    fn as_sequencias_de_controle_nao_chegam_ao_terminal() {
        let escritos = Escritos::default();
        escritos.guardar(&b"\x1b[2Jpassou\n"[..], false);
        assert_eq!(escritos.linhas()[0].texto, "·[2Jpassou");
        assert_eq!(escritos.saida(), b"\x1b[2Jpassou\n");
    }
}
