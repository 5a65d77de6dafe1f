//! `oficina conferir --observar`.

use std::process::ExitCode;

use anyhow::Result;

use super::conferir::ArgumentosDeConferir;
use crate::exercicios::Exercicio;

pub fn executar(_: &ArgumentosDeConferir, _: &Exercicio) -> Result<ExitCode> {
    anyhow::bail!("--observar ainda não funciona neste sistema")
}
