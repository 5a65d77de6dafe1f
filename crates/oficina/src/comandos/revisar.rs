//! `oficina revisar`: a casa confere a si mesma.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::exercicios::Exercicio;
use crate::relatorio::tinta::{Cor, Tinta};
use crate::revisao::{Casa, PARTES};

/// Revisa a casa: páginas, capítulos, âncoras e exercícios
#[derive(Args, Debug)]
pub struct ArgumentosDeRevisar {
    /// Só este capítulo
    #[arg(value_name = "CAPÍTULO")]
    pub capitulo: Option<String>,
    /// Só o que se lê: não executa os exercícios
    #[arg(long)]
    pub texto: bool,
}

pub fn executar(argumentos: &ArgumentosDeRevisar) -> Result<ExitCode> {
    let tinta = Tinta::da_saida();
    let so = argumentos.capitulo.as_ref().map(|nome| {
        Exercicio::procurar(nome)
            .map_or(nome.clone(), |exercicio| exercicio.capitulo.to_owned())
    });
    let casa = Casa::nova(so);
    let mut quantos = 0;
    let partes = PARTES.iter();
    for parte in partes.filter(|p| !(p.executa && argumentos.texto)) {
        let problemas = (parte.revisar)(&casa);
        let marca = match problemas.is_empty() {
            true => tinta.pintar(Cor::Certo, "✓"),
            false => tinta.pintar(Cor::Errado, "✗"),
        };
        println!("{marca} {}", parte.titulo);
        for problema in &problemas {
            println!("    {problema}");
        }
        quantos += problemas.len();
    }
    if quantos == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nproblemas: {quantos}");
    Ok(ExitCode::FAILURE)
}
