//! Onde os resultados ficam: um arquivo por entrega e capítulo, escrito só por
//! quem coordena, inteiro ou nem isso. O que for interrompido se retoma.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::turma::{Registro, Turma};

/// A pasta dos registros, dentro da dos relatórios.
const REGISTROS: &str = "registros";

/// A turma sem os registros: o que `juntar` precisa saber dela.
const CABECALHO: &str = "_turma.json";

/// O que ainda não é um resultado.
const NOVO: &str = "novo";

/// Os resultados de uma turma.
pub struct Guarda {
    saida: PathBuf,
    /// Enquanto aberta, ninguém mais confere para a mesma pasta.
    _trava: File,
}

impl Guarda {
    /// Abre (ou cria) a pasta dos relatórios, só para este processo.
    pub fn abrir(saida: &Path) -> Result<Guarda> {
        let onde = || format!("não preparei a pasta {}", saida.display());
        fs::create_dir_all(saida.join(REGISTROS)).with_context(onde)?;
        let trava = File::create(saida.join(".trava")).with_context(onde)?;
        if !trancar(&trava) {
            bail!(
                "outra conferência está usando {}: espere ou escolha outra \
                 pasta com --saida",
                saida.display()
            );
        }
        let guarda = Guarda {
            saida: saida.to_owned(),
            _trava: trava,
        };
        guarda.limpar().with_context(onde)?;
        Ok(guarda)
    }

    /// A pasta em que as entregas são abertas e compiladas.
    pub fn trabalho(&self) -> PathBuf {
        self.saida.join(".trabalho")
    }

    /// O que uma conferência interrompida deixou pela metade.
    fn limpar(&self) -> std::io::Result<()> {
        let _ = fs::remove_dir_all(self.trabalho());
        fs::create_dir_all(self.trabalho())?;
        for caminho in self.arquivos() {
            if caminho.extension().is_some_and(|fim| fim == NOVO) {
                fs::remove_file(caminho)?;
            }
        }
        Ok(())
    }

    fn arquivos(&self) -> Vec<PathBuf> {
        let pasta = self.saida.join(REGISTROS);
        let entradas = fs::read_dir(pasta).into_iter().flatten().flatten();
        entradas.map(|entrada| entrada.path()).collect()
    }

    /// Apaga os registros que não estão em `ficam`.
    pub fn so_estes(&self, ficam: &[String]) -> Result<()> {
        for caminho in self.arquivos() {
            let nome = caminho.file_name().unwrap_or_default();
            if !ficam.iter().any(|fica| nome == fica.as_str()) {
                fs::remove_file(&caminho)?;
            }
        }
        Ok(())
    }

    /// O registro guardado com este nome, se está inteiro.
    pub fn ler(&self, nome: &str) -> Option<Registro> {
        let caminho = self.saida.join(REGISTROS).join(nome);
        let texto = fs::read_to_string(caminho).ok()?;
        serde_json::from_str(&texto).ok()
    }

    /// Guarda um registro: escreve ao lado, garante no disco e troca o nome.
    pub fn guardar(&self, nome: &str, registro: &Registro) -> Result<()> {
        self.escrever(nome, &serde_json::to_string_pretty(registro)?)
    }

    /// Guarda o que vale para a turma toda.
    pub fn guardar_cabecalho(&self, turma: &Turma) -> Result<()> {
        let mut vazia = turma.clone();
        vazia.registros.clear();
        self.escrever(CABECALHO, &serde_json::to_string_pretty(&vazia)?)
    }

    fn escrever(&self, nome: &str, texto: &str) -> Result<()> {
        let pasta = self.saida.join(REGISTROS);
        let destino = pasta.join(nome);
        let novo = pasta.join(format!("{nome}.{NOVO}"));
        let gravar = || -> std::io::Result<()> {
            let mut arquivo = File::create(&novo)?;
            arquivo.write_all(texto.as_bytes())?;
            arquivo.write_all(b"\n")?;
            arquivo.sync_all()?;
            fs::rename(&novo, &destino)?;
            // O nome novo também precisa chegar ao disco.
            File::open(&pasta)?.sync_all()
        };
        gravar().with_context(|| format!("não guardei {}", destino.display()))
    }
}

#[cfg(unix)]
fn trancar(trava: &File) -> bool {
    use rustix::fs::{FlockOperation, flock};
    flock(trava, FlockOperation::NonBlockingLockExclusive).is_ok()
}

#[cfg(not(unix))]
fn trancar(_trava: &File) -> bool {
    true
}

impl Drop for Guarda {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.trabalho());
    }
}

/// A turma guardada em uma pasta de relatórios, com os registros que houver.
pub fn ler_turma(saida: &Path) -> Result<Turma> {
    let pasta = saida.join(REGISTROS);
    let cabecalho = pasta.join(CABECALHO);
    let texto = fs::read_to_string(&cabecalho).with_context(|| {
        format!("{} não é uma pasta de relatórios", saida.display())
    })?;
    let mut turma: Turma = serde_json::from_str(&texto)
        .with_context(|| format!("não entendi {}", cabecalho.display()))?;
    for entrada in fs::read_dir(&pasta)? {
        let caminho = entrada?.path();
        let e_registro = caminho.extension().is_some_and(|fim| fim == "json")
            && caminho != cabecalho;
        if e_registro {
            let texto = fs::read_to_string(&caminho)?;
            let registro = serde_json::from_str(&texto).with_context(|| {
                format!("não entendi {}", caminho.display())
            })?;
            turma.registros.push(registro);
        }
    }
    turma.ordenar();
    Ok(turma)
}

/// O nome do cabeçalho, que também fica quando se apagam os outros.
pub fn cabecalho() -> String {
    CABECALHO.to_owned()
}
