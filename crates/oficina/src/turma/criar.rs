//! `oficina turma criar`: o repositório que os alunos recebem.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

/// Cria o repositório dos alunos, sem as soluções
#[derive(Args, Debug, Clone)]
pub struct ArgumentosDeCriar {
    /// A pasta que será criada
    #[arg(value_name = "DESTINO")]
    pub destino: PathBuf,
}

pub fn executar(argumentos: &ArgumentosDeCriar) -> Result<ExitCode> {
    bail!("não criei {}", argumentos.destino.display())
}
