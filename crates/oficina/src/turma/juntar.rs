//! `oficina turma juntar`: um relatório só, das fatias de uma turma.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use super::relatorios::OpcoesDosRelatorios;

/// Junta em um relatório os resultados de várias fatias
#[derive(Args, Debug, Clone)]
pub struct ArgumentosDeJuntar {
    /// As pastas de relatórios das fatias
    #[arg(value_name = "PASTA", required = true)]
    pub pastas: Vec<PathBuf>,
    /// A pasta do relatório inteiro
    #[arg(long, value_name = "PASTA")]
    pub saida: PathBuf,
    #[command(flatten)]
    pub relatorios: OpcoesDosRelatorios,
}

pub fn executar(argumentos: &ArgumentosDeJuntar) -> Result<ExitCode> {
    bail!("não juntei {}", argumentos.saida.display())
}
