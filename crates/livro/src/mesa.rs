//! Uma pasta de trabalho ao lado do que se vai escrever, que some no fim.

use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A pasta; some quando sai de cena.
pub struct Mesa(PathBuf);

impl Mesa {
    /// Abre a pasta, no mesmo disco de `destino`: a troca no fim é um nome.
    pub fn ao_lado(destino: &Path, trabalho: &str) -> Result<Mesa> {
        let acima = destino.parent().unwrap_or(Path::new(""));
        let nome = format!(".livro-{trabalho}.em-obra-{}", std::process::id());
        let pasta = acima.join(nome);
        fs::create_dir_all(&pasta).with_context(|| {
            format!("não foi possível escrever em {}", acima.display())
        })?;
        Ok(Mesa(pasta))
    }

    /// O caminho da pasta.
    pub fn pasta(&self) -> &Path {
        &self.0
    }
}

impl Drop for Mesa {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
