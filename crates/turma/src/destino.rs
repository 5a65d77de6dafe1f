//! Onde os arquivos da entrega são postos, e o que não se põe.

use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// Quantas entradas um arquivo pode ter.
const ENTRADAS: usize = 10_000;

/// O maior arquivo que se guarda, em bytes.
const MAIOR_ARQUIVO: u64 = 8 * 1024 * 1024;

/// Quanto se guarda ao todo, em bytes.
const TOTAL: u64 = 64 * 1024 * 1024;

/// Quantas vezes maior que o arquivo fechado pode ser o que sai dele. Texto
/// de programa encolhe umas 5 vezes; uma bomba, mais de mil.
const RAZAO: u64 = 200;

/// Até este total a razão não conta, em bytes.
const SEM_RAZAO: u64 = 1024 * 1024;

/// O maior nome de uma pasta ou de um arquivo, em bytes.
const MAIOR_NOME: usize = 200;

/// Quantas pastas uma dentro da outra.
const FUNDURA: usize = 24;

/// Quantas observações se contam uma a uma.
const OBSERVACOES: usize = 8;

/// O que vem junto com um projeto e não é o exercício.
const DISPENSADOS: [&str; 9] = [
    ".git",
    "target",
    "node_modules",
    "__MACOSX",
    "__pycache__",
    ".venv",
    ".vscode",
    ".idea",
    ".DS_Store",
];

/// A pasta em que se abre uma entrega.
pub struct Destino {
    pasta: PathBuf,
    fechado: u64,
    guardado: u64,
    entradas: usize,
    observacoes: Vec<String>,
    caladas: usize,
}

impl Destino {
    /// `fechado` é o tamanho do arquivo que se abre, em bytes.
    pub fn novo(pasta: &Path, fechado: u64) -> Destino {
        Destino {
            pasta: pasta.to_owned(),
            fechado,
            guardado: 0,
            entradas: 0,
            observacoes: Vec::new(),
            caladas: 0,
        }
    }

    /// O que o professor deve saber.
    pub fn observacoes(&self) -> Vec<String> {
        let mut todas = self.observacoes.clone();
        if self.caladas > 0 {
            todas.push(format!("e mais {} observações assim", self.caladas));
        }
        todas
    }

    pub fn observar(&mut self, texto: String) {
        match self.observacoes.len() < OBSERVACOES {
            true => self.observacoes.push(texto),
            false => self.caladas += 1,
        }
    }

    /// Conta mais uma entrada; com entradas demais, recusa a entrega.
    pub fn contar(&mut self) -> Result<()> {
        self.entradas += 1;
        self.caber(self.entradas)
    }

    /// Recusa a entrega se ela tem entradas demais.
    pub fn caber(&self, entradas: usize) -> Result<()> {
        if entradas > ENTRADAS {
            bail!("tem mais de {ENTRADAS} arquivos");
        }
        Ok(())
    }

    /// Guarda um arquivo comum, se o nome e o tamanho deixam.
    pub fn guardar(&mut self, nome: &str, conteudo: impl Read) -> Result<()> {
        let caminho = match caminho_seguro(nome) {
            Ok(caminho) => caminho,
            Err(motivo) => {
                self.observar(format!("ignorei “{}”: {motivo}", visivel(nome)));
                return Ok(());
            }
        };
        if dispensado(&caminho) {
            return Ok(());
        }
        match self.escrever(&caminho, conteudo) {
            Ok(None) => self.conferir_total(),
            Ok(Some(motivo)) => {
                self.observar(format!("ignorei “{}”: {motivo}", visivel(nome)));
                self.conferir_total()
            }
            Err(erro) => {
                let _ = fs::remove_file(self.pasta.join(&caminho));
                let nome = visivel(nome);
                self.observar(format!("ignorei “{nome}”: quebrado ({erro})"));
                Ok(())
            }
        }
    }

    /// O que não é arquivo comum fica de fora.
    pub fn recusar(&mut self, nome: &str, o_que: &str) {
        let dispensado = caminho_seguro(nome).is_ok_and(|c| dispensado(&c));
        if !dispensado {
            self.observar(format!("ignorei “{}”: é {o_que}", visivel(nome)));
        }
    }

    fn conferir_total(&self) -> Result<()> {
        if self.guardado > TOTAL {
            bail!("aberta, passa de {} MiB", TOTAL / 1024 / 1024);
        }
        let permitido = self.fechado.saturating_mul(RAZAO).max(SEM_RAZAO);
        if self.guardado > permitido {
            bail!(
                "é uma bomba: {} bytes viram mais de {} (razão acima de {RAZAO})",
                self.fechado,
                self.guardado
            );
        }
        Ok(())
    }

    /// O motivo de não guardar; o erro é de leitura.
    fn escrever(
        &mut self,
        caminho: &Path,
        conteudo: impl Read,
    ) -> io::Result<Option<&'static str>> {
        let alvo = self.pasta.join(caminho);
        if let Some(pai) = alvo.parent()
            && fs::create_dir_all(pai).is_err()
        {
            return Ok(Some("há um arquivo com o nome da pasta dele"));
        }
        let criado =
            OpenOptions::new().write(true).create_new(true).open(&alvo);
        let Ok(mut arquivo) = criado else {
            return Ok(Some("o nome se repete, e vale o primeiro"));
        };
        let mut limitado = conteudo.take(MAIOR_ARQUIVO + 1);
        let escritos = io::copy(&mut limitado, &mut arquivo)?;
        self.guardado += escritos;
        if escritos > MAIOR_ARQUIVO {
            fs::remove_file(&alvo)?;
            return Ok(Some("passa de 8 MiB"));
        }
        Ok(None)
    }
}

fn dispensado(caminho: &Path) -> bool {
    caminho
        .iter()
        .any(|parte| DISPENSADOS.iter().any(|nome| parte == *nome))
}

/// O caminho, só se ele fica dentro do destino.
fn caminho_seguro(nome: &str) -> Result<PathBuf, &'static str> {
    let nome = nome.replace('\\', "/");
    if nome.starts_with('/') || nome.get(1..2) == Some(":") {
        return Err("é um caminho absoluto");
    }
    let mut caminho = PathBuf::new();
    for parte in nome.split('/') {
        match parte {
            "" | "." => {}
            ".." => return Err("sai da pasta da entrega"),
            parte if parte.len() > MAIOR_NOME => {
                return Err("o nome é longo demais");
            }
            parte if parte.contains('\0') => return Err("o nome é inválido"),
            parte => caminho.push(parte),
        }
    }
    match caminho.iter().count() {
        0 => Err("não tem nome"),
        n if n > FUNDURA => Err("há pastas demais uma dentro da outra"),
        _ => Ok(caminho),
    }
}

/// Sem controles, e sem encher a linha.
fn visivel(nome: &str) -> String {
    const MAIOR: usize = 60;
    let trocar = |c: char| if c.is_control() { '·' } else { c };
    let curto: String = nome.chars().take(MAIOR).map(trocar).collect();
    let cortado = nome.chars().count() > MAIOR;
    if cortado { curto + "…" } else { curto }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_um_caminho_de_dentro_e_aceito() {
        for nome in ["a.rs", "./a.rs", "src/bin/a.rs", "src\\bin\\a.rs"] {
            assert!(caminho_seguro(nome).is_ok(), "{nome}");
        }
        let longo = "x".repeat(MAIOR_NOME + 1);
        let fundo = "a/".repeat(FUNDURA + 1);
        for nome in [
            "",
            ".",
            "/etc/passwd",
            "../a.rs",
            "a/../../b",
            "..\\a.rs",
            "C:\\a.rs",
            "\\\\servidor\\a.rs",
            "a\0b",
            &longo,
            &fundo,
        ] {
            assert!(caminho_seguro(nome).is_err(), "{nome}");
        }
    }
}
