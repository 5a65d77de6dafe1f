//! `oficina dica`: um nível a mais a cada vez.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use super::escolher;
use crate::erros_classicos::Codigo;
use crate::exercicios::Exercicio;
use crate::progresso::Progresso;
use crate::relatorio::texto::dobrar;
use crate::relatorio::tinta::{Cor, Tinta};

/// Dá uma dica da etapa em que você está; cada chamada conta um pouco mais
#[derive(Args, Debug)]
pub struct ArgumentosDaDica {
    /// O capítulo: cap05, 5 ou o nome inteiro. Sem ele, o primeiro por resolver
    #[arg(value_name = "CAPÍTULO")]
    pub capitulo: Option<String>,
    /// A etapa, se não for a primeira que ainda não passou
    #[arg(long, value_name = "N")]
    pub etapa: Option<usize>,
}

pub fn executar(argumentos: &ArgumentosDaDica) -> Result<ExitCode> {
    let exercicio = escolher(argumentos.capitulo.as_deref())?;
    print!("{}", uma_a_mais(exercicio, argumentos.etapa)?);
    Ok(ExitCode::SUCCESS)
}

/// O texto das dicas que já valem, com uma nova, e o progresso anotado.
pub fn uma_a_mais(
    exercicio: &Exercicio,
    etapa: Option<usize>,
) -> Result<String> {
    let enunciado = exercicio.enunciado()?;
    let mut progresso = Progresso::ler();
    let feito = progresso.no_capitulo(exercicio.capitulo);
    let primeira_aberta = enunciado
        .etapas
        .iter()
        .position(|etapa| !feito.etapas.contains(&etapa.id))
        .map(|posicao| posicao + 1);
    let ultima = enunciado.etapas.len();
    let numero = etapa.or(primeira_aberta).unwrap_or(ultima);
    let texto = numero
        .checked_sub(1)
        .and_then(|posicao| enunciado.etapas.get(posicao))
        .with_context(|| {
            let quantas = enunciado.etapas.len();
            format!("a etapa {numero} não existe: vão de 1 a {quantas}")
        })?;
    if etapa.is_none() && primeira_aberta.is_none() {
        return Ok(ja_resolvido(exercicio));
    }
    let ha = texto.dicas.len();
    let valem = progresso.mais_uma_dica(exercicio.capitulo, &texto.id, ha);
    progresso.guardar();
    let titulo = format!("Etapa {numero}: {}", texto.nome);
    let parou_em = feito.diagnostico(&texto.id);
    Ok(montar(&titulo, parou_em, &texto.dicas, valem))
}

fn ja_resolvido(exercicio: &Exercicio) -> String {
    let curto = exercicio.curto();
    format!(
        "\n  Você já resolveu este exercício.\n  \
         As dicas de uma etapa: cargo oficina dica {curto} --etapa N\n"
    )
}

/// As dicas de uma etapa, depois da pista do erro em que ela parou.
fn montar(
    titulo: &str,
    parou_em: Option<Codigo>,
    dicas: &[String],
    valem: usize,
) -> String {
    let tinta = Tinta::da_saida();
    let mut texto = format!("\n{}\n", tinta.pintar(Cor::Forte, titulo));
    if let Some(codigo) = parou_em {
        let erro = codigo.erro();
        let rotulo = format!("A última conferência parou em: {}", erro.nome);
        texto
            .push_str(&format!("\n  {}\n", tinta.pintar(Cor::Errado, &rotulo)));
        texto.push_str(&dobrar(erro.pista));
    }
    for (posicao, dica) in dicas[..valem].iter().enumerate() {
        let rotulo = format!("Dica {} de {}", posicao + 1, dicas.len());
        texto
            .push_str(&format!("\n  {}\n", tinta.pintar(Cor::Acento, &rotulo)));
        texto.push_str(&dobrar(dica));
    }
    if valem == dicas.len() {
        let fim = "Não há mais dicas desta etapa.";
        texto.push_str(&format!("\n  {}\n", tinta.pintar(Cor::Suave, fim)));
    }
    texto
}
