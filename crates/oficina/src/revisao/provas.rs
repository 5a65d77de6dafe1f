//! A prova dupla de cada exercício: o esqueleto falha, a solução passa; e os
//! gêmeos em Python fazem o mesmo.

use std::process::Command;

use super::{Casa, Problema, problema};
use crate::construcao::Construcao;
use crate::exercicios::{EXERCICIOS, Exercicio};

/// Confere, de verdade, o esqueleto e a solução de cada exercício.
pub fn revisar(casa: &Casa) -> Vec<Problema> {
    let exercicios = EXERCICIOS.iter();
    exercicios
        .filter(|exercicio| casa.interessa(exercicio.capitulo))
        .flat_map(|exercicio| do_exercicio(casa, exercicio))
        .collect()
}

fn do_exercicio(casa: &Casa, exercicio: &Exercicio) -> Vec<Problema> {
    let curto = exercicio.curto();
    let mut problemas = Vec::new();
    for (papel, deve_passar) in [("exercicio", false), ("solucao", true)] {
        let programa = format!("{curto}-{papel}");
        let em_rust = Construcao {
            capitulo: exercicio.capitulo,
            programa: programa.clone(),
            alvo: None,
            colorida: false,
        }
        .construir();
        let fonte =
            format!("crates/{}/src/bin/{programa}.rs", exercicio.capitulo);
        match em_rust {
            Err(erro) => problemas.push(problema(fonte, erro.mensagem)),
            Ok(comando) => problemas.extend(provar(
                exercicio,
                &fonte,
                &[comando.programa],
                deve_passar,
            )),
        }
        let fonte =
            format!("crates/{}/python/{programa}.py", exercicio.capitulo);
        if casa.raiz.join(&fonte).is_file() {
            let caminho = casa.raiz.join(&fonte).to_string_lossy().into_owned();
            let comando = ["python3".to_owned(), caminho];
            problemas.extend(provar(exercicio, &fonte, &comando, deve_passar));
        }
    }
    problemas
}

/// Confere um programa em outro processo: este precisa continuar fora da rede
/// privada, para compilar os próximos.
fn provar(
    exercicio: &Exercicio,
    fonte: &str,
    comando: &[String],
    deve_passar: bool,
) -> Option<Problema> {
    let eu = std::env::current_exe().ok()?;
    let saida = Command::new(eu)
        .args(["conferir", exercicio.capitulo, "--formato", "json", "--"])
        .args(comando)
        .output();
    let saida = match saida {
        Ok(saida) => saida,
        Err(erro) => return Some(problema(fonte, erro.to_string())),
    };
    let passou = saida.status.success();
    // Falhar é o status 1: o 3 diria que o programa nem começou.
    let falhou = saida.status.code() == Some(1);
    if deve_passar == passou && deve_passar != falhou {
        return None;
    }
    let visto = match deve_passar {
        true => format!("deve passar; {}", primeira_falha(&saida.stdout)),
        false => "o esqueleto deve falhar, e passou".to_owned(),
    };
    Some(problema(fonte, visto))
}

fn primeira_falha(json: &[u8]) -> String {
    let resultado: serde_json::Value =
        serde_json::from_slice(json).unwrap_or_default();
    let etapas = resultado["etapas"].as_array().cloned().unwrap_or_default();
    match etapas.iter().find(|etapa| etapa["situacao"] != "passou") {
        Some(etapa) => format!(
            "na etapa {}: {} (semente {})",
            etapa["id"], etapa["diagnostico"]["mensagem"], resultado["semente"]
        ),
        None => "não foi conferido".to_owned(),
    }
}
