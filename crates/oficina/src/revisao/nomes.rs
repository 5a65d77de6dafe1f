//! O que se confere só pelos nomes: sumário, pastas, gêmeos, etapas e códigos.

use super::{Casa, Problema, problema};
use crate::erros_classicos::Codigo;
use crate::exercicios::EXERCICIOS;
use crate::relatorio::pagina;

/// SUMMARY ⇄ `crates/` ⇄ exercícios conhecidos pela oficina.
pub fn sumario_capitulos_e_exercicios(casa: &Casa) -> Vec<Problema> {
    let mut problemas = Vec::new();
    let paginas = casa.no_sumario();
    let pastas = casa.capitulos();
    for (linha, nome) in &paginas {
        let onde = format!("book/SUMMARY.md:{linha}");
        if !casa.raiz.join(format!("book/{nome}.md")).is_file() {
            problemas.push(problema(&onde, format!("{nome}.md não existe")));
        }
        if !pastas.contains(nome) {
            let falta = format!("não há a pasta crates/{nome}");
            problemas.push(problema(&onde, falta));
        }
    }
    for nome in &pastas {
        let onde = format!("crates/{nome}");
        if !paginas.iter().any(|(_, pagina)| pagina == nome) {
            let falta = format!("book/SUMMARY.md não tem {nome}.md");
            problemas.push(problema(&onde, falta));
        }
        if !EXERCICIOS.iter().any(|e| e.capitulo == nome) {
            let falta = "a oficina não conhece o exercício: falta a linha em \
                         crates/oficina/src/exercicios/mod.rs";
            problemas.push(problema(&onde, falta));
        }
    }
    problemas
}

/// Cada `src/bin/X.rs` tem `python/X.py`, e o contrário.
pub fn gemeos(casa: &Casa) -> Vec<Problema> {
    let mut problemas = Vec::new();
    for capitulo in casa.salas_com_pagina() {
        let pasta = casa.raiz.join("crates").join(&capitulo);
        for arquivo in casa.arquivos(&capitulo, &["rs", "py"]) {
            let nome = arquivo.file_stem().unwrap_or_default();
            let nome = nome.to_string_lossy();
            let mae = arquivo.parent().unwrap_or(&pasta);
            // O módulo `capNN_assunto.py` é o gêmeo de `src/lib.rs`.
            let modulo = capitulo.replace('-', "_");
            let gemeo = if nome == modulo.as_str() {
                pasta.join("src/lib.rs")
            } else if mae == pasta.join("src/bin") {
                pasta.join(format!("python/{nome}.py"))
            } else if mae == pasta.join("python") {
                pasta.join(format!("src/bin/{nome}.rs"))
            } else {
                continue;
            };
            if !gemeo.is_file() {
                let falta = format!("falta o gêmeo {}", casa.curto(&gemeo));
                problemas.push(problema(casa.curto(&arquivo), falta));
            }
        }
    }
    problemas
}

/// Os `id` do `exercicio.toml` são os da tabela, na mesma ordem.
pub fn etapas(casa: &Casa) -> Vec<Problema> {
    let mut problemas = Vec::new();
    for exercicio in EXERCICIOS {
        if !casa.interessa(exercicio.capitulo) {
            continue;
        }
        let onde = format!("crates/{}/exercicio.toml", exercicio.capitulo);
        match exercicio.enunciado() {
            Err(erro) => problemas.push(problema(onde, format!("{erro:#}"))),
            Ok(enunciado) => {
                let pedidas = enunciado.etapas.iter().map(|e| e.id.as_str());
                let conferidas = exercicio.etapas.iter().map(|e| e.id);
                if !pedidas.clone().eq(conferidas.clone()) {
                    let texto = format!(
                        "as etapas são {:?}, e a oficina confere {:?}",
                        pedidas.collect::<Vec<_>>(),
                        conferidas.collect::<Vec<_>>()
                    );
                    problemas.push(problema(onde, texto));
                }
            }
        }
    }
    problemas
}

/// Cada código de `erros` tem a caixa `{{#sintoma MNN}}` em alguma página.
pub fn sintomas(casa: &Casa) -> Vec<Problema> {
    let mut problemas = Vec::new();
    for exercicio in EXERCICIOS {
        if !casa.interessa(exercicio.capitulo) {
            continue;
        }
        let Ok(enunciado) = exercicio.enunciado() else {
            continue;
        };
        for etapa in &enunciado.etapas {
            let codigos = etapa.erros.iter().filter_map(|erro| {
                Codigo::do_rotulo(erro).filter(|codigo| codigo.classico())
            });
            for codigo in codigos {
                if pagina(codigo, exercicio.capitulo).is_none() {
                    problemas.push(problema(
                        format!("book/{}.md", exercicio.capitulo),
                        format!(
                            "a etapa {} provoca {codigo}, e nenhuma página \
                             tem {{{{#sintoma {codigo}}}}}",
                            etapa.id
                        ),
                    ));
                }
            }
        }
    }
    problemas
}
