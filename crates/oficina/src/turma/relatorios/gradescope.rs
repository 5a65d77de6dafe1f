//! `results.json` do Gradescope, como está em
//! [Autograder Specifications][especificacao], “Output format”.
//!
//! A nota do topo leva o desconto por atraso, na escala dos pontos do
//! exercício; a etapa extra tem máximo 0, que é como o Gradescope soma pontos
//! a mais. Uma etapa privada vai com `visibility: hidden`: o aluno não a vê.
//!
//! [especificacao]: https://gradescope-autograders.readthedocs.io/en/latest/specs/

use std::time::Duration;

use serde_json::{Value, json};

use super::{impedimento, nome_para_o_aluno, recado};
use crate::turma::Turma;
use crate::turma::registro::{EtapaRegistrada, Registro, SituacaoDaEtapa};

/// O `results.json` de um registro.
pub fn resultado(turma: &Turma, registro: &Registro) -> Value {
    let nota = turma.nota(registro);
    let pontos = f64::from(nota.pontos + nota.pontos_extras);
    let vale = f64::from(100 - nota.desconto.min(100)) / 100.0;
    let duracao = Duration::from_millis(registro.duracao_ms);
    let testes: Vec<_> = registro.etapas.iter().map(teste).collect();
    json!({
        "score": centesimos(pontos * vale),
        "execution_time": duracao.as_secs_f64(),
        "output": geral(registro, nota.desconto),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": testes,
    })
}

fn centesimos(valor: f64) -> f64 {
    (valor * 100.0).round() / 100.0
}

/// O que se diz da entrega inteira.
fn geral(registro: &Registro, desconto: u32) -> String {
    let mut partes: Vec<_> = impedimento(registro).into_iter().collect();
    if desconto > 0 {
        partes.push(format!("entregue com atraso: menos {desconto} %"));
    }
    partes.join("\n")
}

fn teste(etapa: &EtapaRegistrada) -> Value {
    let passou = etapa.passou();
    let mut linhas = vec![recado(etapa)];
    if !passou && !etapa.privada {
        linhas.extend(etapa.transcricao.iter().cloned());
    }
    linhas.retain(|linha| !linha.is_empty());
    let mut teste = json!({
        "name": nome_para_o_aluno(etapa),
        "score": if passou { etapa.pontos } else { 0 },
        "max_score": if etapa.extra { 0 } else { etapa.pontos },
        "output": linhas.join("\n"),
        "visibility": if etapa.privada { "hidden" } else { "visible" },
    });
    // Uma etapa que não se executou não passou nem falhou.
    if etapa.situacao != SituacaoDaEtapa::NaoExecutada {
        teste["status"] = if passou { "passed" } else { "failed" }.into();
    }
    teste
}
