//! Os relatórios de uma turma: todos saem de uma [`Turma`], para uma pasta.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;

use super::Turma;

/// Como escrever os relatórios.
#[derive(Args, Debug, Clone, Default)]
pub struct OpcoesDosRelatorios {}

/// Escreve em `pasta` (que já existe) os relatórios da turma.
pub fn escrever(
    turma: &Turma,
    pasta: &Path,
    _opcoes: &OpcoesDosRelatorios,
) -> Result<()> {
    let arquivo = pasta.join("turma.json");
    let texto = serde_json::to_string_pretty(turma)?;
    fs::write(&arquivo, texto + "\n")
        .with_context(|| format!("não escrevi {}", arquivo.display()))
}
