//! O vigia: quem escreve salva um arquivo, e o livro é montado de novo.

use super::reclamar;
use crate::construcao::pasta_das_paginas;
use crate::falha::relativo;
use anyhow::{Context as _, Result};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Silêncio que indica que o editor acabou de gravar.
const SILENCIO: Duration = Duration::from_millis(15);

/// O máximo que se espera pelo silêncio.
const PACIENCIA: Duration = Duration::from_millis(300);

/// As pastas de um capítulo de que as páginas tiram alguma coisa, e as de
/// onde vêm o tema e a figura do fio.
const PASTAS_DO_CAPITULO: &[&str] =
    &["src", "python", "c", "fio", "saidas", "tema", "figura"];

/// O que mudou.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mudanca {
    /// Algo de que o livro é feito; o texto diz o quê.
    Livro(String),
    /// O progresso do leitor.
    Progresso,
}

/// Acompanha os arquivos de que o livro é feito.
pub struct Vigia {
    raiz: PathBuf,
    fonte: PathBuf,
    notificador: RecommendedWatcher,
    eventos: Receiver<notify::Result<Event>>,
    vigiadas: BTreeSet<PathBuf>,
}

impl Vigia {
    /// Começa a vigiar; o que mudar daqui em diante não se perde.
    pub fn abrir(raiz: &Path) -> Result<Vigia> {
        let (envio, eventos) = channel();
        let notificador = notify::recommended_watcher(envio)
            .context("o sistema não deixa vigiar arquivos")?;
        let mut vigia = Vigia {
            raiz: raiz.to_path_buf(),
            fonte: pasta_das_paginas(raiz)?,
            notificador,
            eventos,
            vigiadas: BTreeSet::new(),
        };
        vigia.vigiar_pastas();
        Ok(vigia)
    }

    /// Chama `avisar` a cada leva de mudanças, para sempre.
    pub fn acompanhar(mut self, mut avisar: impl FnMut(Mudanca)) {
        while let Some(mudancas) = self.leva() {
            self.vigiar_pastas();
            for mudanca in mudancas {
                avisar(mudanca);
            }
        }
    }

    /// Espera a primeira mudança e junta as que vêm logo atrás.
    fn leva(&self) -> Option<Vec<Mudanca>> {
        let mut caminhos = BTreeSet::new();
        caminhos.extend(mudados(self.eventos.recv().ok()?));
        let limite = Instant::now() + PACIENCIA;
        while Instant::now() < limite {
            match self.eventos.recv_timeout(SILENCIO) {
                Ok(evento) => caminhos.extend(mudados(evento)),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        Some(self.classificar(&caminhos))
    }

    fn classificar(&self, caminhos: &BTreeSet<PathBuf>) -> Vec<Mudanca> {
        let progresso = super::progresso::arquivo(&self.raiz);
        let mut mudancas = Vec::new();
        if caminhos.contains(&progresso) {
            mudancas.push(Mudanca::Progresso);
        }
        let do_livro: Vec<&PathBuf> = caminhos
            .iter()
            .filter(|caminho| self.e_do_livro(caminho))
            .collect();
        if let Some(primeiro) = do_livro.first() {
            let nome = relativo(&self.raiz, primeiro);
            let texto = match do_livro.len() {
                1 => nome,
                2 => format!("{nome} e mais um arquivo"),
                varios => format!("{nome} e mais {} arquivos", varios - 1),
            };
            mudancas.push(Mudanca::Livro(texto));
        }
        mudancas
    }

    /// Se o livro é feito deste arquivo.
    fn e_do_livro(&self, caminho: &Path) -> bool {
        let nome = caminho.file_name().unwrap_or_default().to_string_lossy();
        if nome.starts_with(['.', '#']) || nome.ends_with(['~', '#']) {
            return false;
        }
        let Ok(relativo) = caminho.strip_prefix(&self.raiz) else {
            return false;
        };
        if caminho.starts_with(&self.fonte) {
            return caminho.extension().is_some();
        }
        let partes: Vec<_> = relativo
            .iter()
            .map(|parte| parte.to_string_lossy())
            .collect();
        match partes.as_slice() {
            [arquivo] => arquivo == "book.toml",
            [crates, sala, pasta, .., _] if crates == "crates" => {
                let do_tema = sala == "livro" || sala == "fio";
                let programa = do_tema && pasta == "src";
                !programa && PASTAS_DO_CAPITULO.contains(&pasta.as_ref())
            }
            [crates, _, arquivo] => {
                crates == "crates" && arquivo == "exercicio.toml"
            }
            _ => false,
        }
    }

    /// Põe sob vigia as pastas que ainda não estão.
    fn vigiar_pastas(&mut self) {
        self.vigiadas.retain(|pasta| pasta.is_dir());
        for (pasta, modo) in self.pastas() {
            if self.vigiadas.contains(&pasta) || !pasta.is_dir() {
                continue;
            }
            match self.notificador.watch(&pasta, modo) {
                Ok(()) => {
                    self.vigiadas.insert(pasta);
                }
                Err(erro) => reclamar(&format!(
                    "Não consigo vigiar {} ({erro}); recarregue à mão.",
                    pasta.display()
                )),
            }
        }
    }

    fn pastas(&self) -> Vec<(PathBuf, RecursiveMode)> {
        use RecursiveMode::{NonRecursive, Recursive};
        let crates = self.raiz.join("crates");
        let mut pastas = vec![
            (self.raiz.clone(), NonRecursive),
            (self.raiz.join(".oficina"), NonRecursive),
            (self.fonte.clone(), Recursive),
            (crates.clone(), NonRecursive),
        ];
        for sala in std::fs::read_dir(crates).into_iter().flatten().flatten() {
            pastas.push((sala.path(), NonRecursive));
            pastas.extend(
                PASTAS_DO_CAPITULO
                    .iter()
                    .map(|pasta| (sala.path().join(pasta), Recursive)),
            );
        }
        pastas
    }
}

/// Os caminhos de um evento que muda alguma coisa; ler não muda.
fn mudados(evento: notify::Result<Event>) -> Vec<PathBuf> {
    match evento {
        Ok(evento) if !matches!(evento.kind, EventKind::Access(_)) => {
            evento.paths
        }
        Ok(_) => Vec::new(),
        Err(erro) => {
            reclamar(&format!("Perdi um aviso de arquivo salvo ({erro})."));
            Vec::new()
        }
    }
}
