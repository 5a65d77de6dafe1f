//! `oficina lista`: os exercícios e o que já foi feito.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::exercicios::{EXERCICIOS, Exercicio};
use crate::progresso::Progresso;
use crate::relatorio::tinta::{Cor, Tinta};

/// Mostra os exercícios e o seu progresso
#[derive(Args, Debug)]
pub struct ArgumentosDaLista {}

pub fn executar(_: &ArgumentosDaLista) -> Result<ExitCode> {
    let tinta = Tinta::da_saida();
    let progresso = Progresso::ler();
    println!();
    for exercicio in EXERCICIOS {
        println!("{}", linha(tinta, &progresso, exercicio)?);
    }
    let resolvidos = EXERCICIOS
        .iter()
        .filter(|exercicio| progresso.resolvido(exercicio.capitulo));
    let (feitos, total) = (resolvidos.count(), EXERCICIOS.len());
    println!("\n  {feitos} de {total} exercícios resolvidos");
    if let Some(proximo) = EXERCICIOS
        .iter()
        .find(|exercicio| !progresso.resolvido(exercicio.capitulo))
    {
        let comando = format!("cargo oficina conferir {}", proximo.curto());
        println!("  O próximo: {}", tinta.pintar(Cor::Acento, &comando));
    }
    Ok(ExitCode::SUCCESS)
}

fn linha(
    tinta: Tinta,
    progresso: &Progresso,
    exercicio: &Exercicio,
) -> Result<String> {
    let enunciado = exercicio.enunciado()?;
    let feito = progresso.no_capitulo(exercicio.capitulo);
    let total = exercicio.etapas.len();
    let passaram = feito.etapas.len().min(total);
    let marca = match (feito.resolvido, passaram) {
        (true, _) => tinta.pintar(Cor::Certo, "✓"),
        (false, 0) => tinta.pintar(Cor::Suave, "·"),
        (false, _) => tinta.pintar(Cor::Acento, "›"),
    };
    let quantas = if feito.resolvido { total } else { passaram };
    let barra = format!(
        "{}{}",
        tinta.pintar(Cor::Certo, &"━━".repeat(quantas)),
        tinta.pintar(Cor::Suave, &"╌╌".repeat(total - quantas)),
    );
    let espaco = " ".repeat(2 * 5_usize.saturating_sub(total));
    let nome = format!("{:28}", exercicio.capitulo);
    Ok(format!(
        "  {marca} {nome} {barra}{espaco}  {quantas} de {total}  {}",
        tinta.pintar(Cor::Suave, &enunciado.titulo)
    ))
}
