//! `oficina turma conferir`: confere uma pasta de entregas.

#[cfg(target_os = "linux")]
mod andamento;
#[cfg(target_os = "linux")]
mod coordenar;
#[cfg(target_os = "linux")]
mod entregas;
#[cfg(target_os = "linux")]
mod escolha;
#[cfg(target_os = "linux")]
pub mod ferramentas;
#[cfg(target_os = "linux")]
mod fila;
pub mod guarda;
#[cfg(target_os = "linux")]
mod leitura;
#[cfg(target_os = "linux")]
pub mod operario;
#[cfg(target_os = "linux")]
mod plano;
#[cfg(target_os = "linux")]
mod preparo;
#[cfg(target_os = "linux")]
mod professor;
#[cfg(target_os = "linux")]
mod resumo;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::relatorios::OpcoesDosRelatorios;
use crate::processo::Nivel;

/// Confere uma pasta de entregas e escreve os relatórios
#[derive(Args, Debug, Clone)]
pub struct ArgumentosDeConferir {
    /// A pasta com uma entrega por aluno: pasta, .zip, .tar.gz ou arquivo
    #[arg(value_name = "ENTREGAS")]
    pub entregas: PathBuf,
    /// O capítulo: cap05, 5 ou o nome inteiro
    #[arg(long, value_name = "CAPÍTULO", conflicts_with = "todos")]
    pub capitulo: Option<String>,
    /// Todos os capítulos que têm exercício
    #[arg(long)]
    pub todos: bool,
    /// A pasta dos relatórios (se não disser, ENTREGAS-relatorio)
    #[arg(long, value_name = "PASTA")]
    pub saida: Option<PathBuf>,
    /// A turma.toml (se não disser, a que houver em ENTREGAS)
    #[arg(long, value_name = "ARQUIVO")]
    pub turma: Option<PathBuf>,
    /// Quantas entregas ao mesmo tempo
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// O nível de isolamento: L0, L1 ou L2. Sem ele, o mais forte que houver
    #[arg(long, value_name = "NÍVEL", hide_possible_values = true)]
    pub nivel: Option<Nivel>,
    /// Continua de onde parou: só confere o que falta ou mudou
    #[arg(long)]
    pub retomar: bool,
    /// Só uma parte das entregas, sempre a mesma: 3/10
    #[arg(long, value_name = "I/N")]
    pub fatia: Option<String>,
    /// O prazo de cada etapa, em segundos (se não disser, 10)
    #[arg(long, value_name = "S")]
    pub prazo: Option<f64>,
    #[command(flatten)]
    pub relatorios: OpcoesDosRelatorios,
}

#[cfg(target_os = "linux")]
pub fn executar(argumentos: &ArgumentosDeConferir) -> Result<ExitCode> {
    coordenar::executar(argumentos)
}

#[cfg(not(target_os = "linux"))]
pub fn executar(_argumentos: &ArgumentosDeConferir) -> Result<ExitCode> {
    anyhow::bail!(
        "conferir uma turma roda programas de outras pessoas, e o cerco que \
         protege a sua máquina deles só existe no Linux: abra este repositório \
         no devcontainer"
    )
}
