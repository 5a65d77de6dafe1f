//! `oficina turma criar`: o repositório que os alunos recebem.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::casa;
use crate::distribuicao::{self, Pedido, escolher};

/// O que vale quando não se diz quais capítulos.
const TODOS: &str = "1-99";

/// Cria o repositório dos alunos, sem as soluções
#[derive(Args, Debug, Clone)]
pub struct ArgumentosDeCriar {
    /// A pasta nova: não pode ter arquivos
    #[arg(value_name = "DESTINO")]
    pub destino: PathBuf,
    /// Os capítulos que vão, como 1-5,8. Sem esta opção, todos
    #[arg(
        long,
        value_name = "LISTA",
        default_value = TODOS,
        hide_default_value = true
    )]
    pub capitulos: String,
}

pub fn executar(argumentos: &ArgumentosDeCriar) -> Result<ExitCode> {
    let capitulos = escolher(&argumentos.capitulos)?;
    let curtos: Vec<_> = capitulos
        .iter()
        .filter_map(|capitulo| capitulo.split('-').next())
        .collect();
    let manifesto = distribuicao::criar(&Pedido {
        raiz: &casa::raiz(),
        destino: &argumentos.destino,
        capitulos: capitulos.clone(),
    })?;
    let destino = argumentos.destino.display();
    println!("criei {destino} com {}", curtos.join(", "));
    println!(
        "  ficaram de fora {} arquivos; a lista, com os motivos, está em\n  \
         {destino}/{}\n",
        manifesto.quantos_fora(),
        distribuicao::MANIFESTO
    );
    println!("Confira, guarde no git e publique:\n");
    println!("    cd {destino}");
    println!("    cargo oficina lista");
    println!("    git init --initial-branch main");
    println!("    git add --all && git commit -m \"Exercícios\"");
    Ok(ExitCode::SUCCESS)
}
