//! As palavras: as que dizem ao leitor que ele é lento, os capítulos que não
//! existem e o texto dos exercícios.

use super::pagina::{Tipo, sem_codigo};
use super::{Casa, Problema, problema};
use crate::enunciado::Enunciado;
use crate::erros_classicos::Codigo;
use crate::exercicios::EXERCICIOS;

/// O que não se escreve, e por quê: quem não achou simples se sente lento.
const VAZIAS: &[&str] = &[
    "simplesmente",
    "basta",
    "bastam",
    "obviamente",
    "óbvio",
    "é óbvio",
    "trivial",
    "trivialmente",
    "facilmente",
    "é só",
];

/// Quantas etapas cabem em um exercício, e quantas dicas em cada uma.
const ETAPAS: std::ops::RangeInclusive<usize> = 3..=5;
const DICAS: usize = 3;

/// Nenhuma palavra vazia nas páginas, nos programas e nos exercícios; nenhuma
/// menção a um capítulo que não existe.
pub fn revisar(casa: &Casa) -> Vec<Problema> {
    let mut problemas = Vec::new();
    let existentes = casa.numeros_dos_capitulos();
    for pagina in casa.paginas() {
        let lidas = pagina.linhas.iter().filter(|l| l.tipo != Tipo::Codigo);
        for linha in lidas {
            let texto = sem_codigo(&linha.texto);
            let achados = vazia(&texto)
                .into_iter()
                .chain(capitulos_que_faltam(&linha.texto, &existentes));
            let onde = pagina.onde(linha.numero);
            problemas.extend(achados.map(|t| problema(&onde, t)));
        }
    }
    for capitulo in casa.capitulos() {
        for arquivo in casa.arquivos(&capitulo, &["rs", "py", "toml"]) {
            let curto = casa.curto(&arquivo);
            for (indice, linha) in casa.ler(&curto).lines().enumerate() {
                if let Some(texto) = vazia(linha) {
                    let onde = format!("{curto}:{}", indice + 1);
                    problemas.push(problema(onde, texto));
                }
            }
        }
    }
    problemas
}

/// A palavra vazia de uma linha, se há.
fn vazia(linha: &str) -> Option<String> {
    let minuscula = format!(" {} ", linha.to_lowercase());
    let separada: String = minuscula
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let achada = VAZIAS
        .iter()
        .find(|palavra| separada.contains(&format!(" {palavra} ")))?;
    Some(format!(
        "“{achada}” diz a quem não achou fácil que ele é lento; tire, ou diga \
         o que fazer"
    ))
}

/// `capítulo 14`, se não há o 14.
fn capitulos_que_faltam(linha: &str, existentes: &[u32]) -> Option<String> {
    let minuscula = linha.to_lowercase();
    let numeros = minuscula.split("capítulo ").skip(1).filter_map(|depois| {
        let fim = depois.find(|c: char| !c.is_ascii_digit())?;
        depois[..fim].parse::<u32>().ok()
    });
    let falta = numeros.into_iter().find(|n| !existentes.contains(n))?;
    Some(format!(
        "o capítulo {falta} não existe; não conte com ele antes da hora"
    ))
}

/// O texto de cada exercício: etapas, dicas, pontos, códigos e pontuação.
pub fn exercicios(casa: &Casa) -> Vec<Problema> {
    let mut problemas = Vec::new();
    for exercicio in EXERCICIOS {
        if !casa.interessa(exercicio.capitulo) {
            continue;
        }
        let arquivo = format!("crates/{}/exercicio.toml", exercicio.capitulo);
        // O que não se lê já é acusado por `nomes::etapas`.
        if let Ok(enunciado) = exercicio.enunciado() {
            let texto = casa.ler(&arquivo);
            for (trecho, o_que) in defeitos(&enunciado) {
                let linha = linha_com(&texto, &trecho);
                problemas.push(problema(format!("{arquivo}:{linha}"), o_que));
            }
        }
    }
    problemas
}

/// O trecho em que está cada defeito, e o que ele é.
fn defeitos(enunciado: &Enunciado) -> Vec<(String, String)> {
    let mut achados = Vec::new();
    let mut acusar = |trecho: &str, o_que: String| {
        achados.push((trecho.to_owned(), o_que));
    };
    if enunciado.requisitos.is_empty() {
        acusar("titulo", "o exercício não tem requisitos".to_owned());
    }
    let frases = enunciado.restricoes.iter().chain(&enunciado.requisitos);
    for frase in frases.chain([&enunciado.resumo]) {
        if !frase.ends_with('.') {
            acusar(frase, "a frase não termina em ponto final".to_owned());
        }
    }
    let quantas = enunciado.etapas.len();
    if !ETAPAS.contains(&quantas) {
        let texto = format!("são {quantas} etapas; faça de 3 a 5");
        acusar("titulo", texto);
    }
    for etapa in &enunciado.etapas {
        let dicas = etapa.dicas.len();
        if dicas != DICAS {
            let texto = format!(
                "a etapa `{}` tem {dicas} dica(s); são {DICAS}: a pergunta, o \
                 caminho, o código",
                etapa.id
            );
            acusar(&format!("\"{}\"", etapa.id), texto);
        }
        for erro in &etapa.erros {
            if Codigo::do_rotulo(erro).is_none() {
                let texto = format!("`{erro}` não é um erro do catálogo");
                acusar(&format!("\"{}\"", etapa.id), texto);
            }
        }
    }
    achados
}

/// A linha do arquivo com o trecho; 1 se ele não está lá como se lê.
fn linha_com(texto: &str, trecho: &str) -> usize {
    let inicio: String = trecho.chars().take(20).collect();
    let achada = texto.lines().position(|linha| linha.contains(&inicio));
    achada.map_or(1, |indice| indice + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_palavra_vazia_e_acusada_inteira_e_so_ela() {
        for linha in ["Basta rodar.", "Isto é só um teste", "(obviamente)"] {
            assert!(vazia(linha).is_some(), "{linha}");
        }
        for linha in ["Bastante bytes", "ele só lê", "triviais?"] {
            assert_eq!(vazia(linha), None, "{linha}");
        }
    }

    #[test]
    fn o_capitulo_que_nao_existe_e_acusado() {
        let linha = "veja o [capítulo 6](a.md) e o capítulo 14.";
        let texto = capitulos_que_faltam(linha, &[6]).unwrap_or_default();
        assert!(texto.contains("capítulo 14"), "{texto}");
        assert_eq!(capitulos_que_faltam(linha, &[6, 14]), None);
    }

    #[test]
    fn um_exercicio_mal_escrito_e_acusado_por_inteiro() {
        let texto = r#"
            titulo = "T"
            papel = "servidor"
            resumo = "Sem ponto"
            restricoes = []
            requisitos = []
            [[etapas]]
            id = "eco"
            nome = "n"
            tenta = "t"
            pontos = 1
            erros = ["M99"]
            dicas = ["uma."]
        "#;
        let enunciado: Enunciado = toml::from_str(texto).unwrap();
        let achados = defeitos(&enunciado);
        let achados: Vec<_> = achados.iter().map(|(_, o)| o).collect();
        let juntos = format!("{achados:?}");
        for trecho in [
            "não tem requisitos",
            "ponto final",
            "são 1 etapas",
            "1 dica(s)",
            "`M99`",
        ] {
            assert!(juntos.contains(trecho), "{trecho}: {juntos}");
        }
    }
}
