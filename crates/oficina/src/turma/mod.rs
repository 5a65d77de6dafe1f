//! A turma: de uma pasta de entregas a notas justas e explicadas.
//!
//! O motor ([`conferir`]) confere cada entrega dentro do cerco e guarda um
//! [`Registro`] por entrega e capítulo; os relatórios ([`relatorios`]) são
//! feitos só a partir da [`Turma`], que junta os registros e calcula as notas.

pub mod conferir;
pub mod configuracao;
pub mod criar;
pub mod datas;
pub mod juntar;
pub mod notas;
pub mod registro;
pub mod relatorios;
pub mod residuos;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

pub use configuracao::Configuracao;
pub use notas::{CapituloDaTurma, EtapaDaTurma, Nota, Turma};
pub use registro::{Diagnostico, EtapaRegistrada, Registro, Situacao};

/// Cria o repositório de uma turma, confere as entregas e junta relatórios
#[derive(Args, Debug, Clone)]
pub struct ArgumentosDaTurma {
    #[command(subcommand)]
    comando: ComandoDaTurma,
}

#[derive(Subcommand, Debug, Clone)]
enum ComandoDaTurma {
    Criar(criar::ArgumentosDeCriar),
    Conferir(conferir::ArgumentosDeConferir),
    Juntar(juntar::ArgumentosDeJuntar),
}

pub fn executar(argumentos: &ArgumentosDaTurma) -> Result<ExitCode> {
    match &argumentos.comando {
        ComandoDaTurma::Criar(argumentos) => criar::executar(argumentos),
        ComandoDaTurma::Conferir(argumentos) => conferir::executar(argumentos),
        ComandoDaTurma::Juntar(argumentos) => juntar::executar(argumentos),
    }
}
