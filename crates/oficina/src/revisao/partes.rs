//! As nove partes de uma página de capítulo, na ordem das outras.

use super::pagina::{Pagina, Tipo};
use super::{Casa, Problema, problema};

/// Uma parte da página: o título e o que não pode faltar nela.
struct Parte {
    titulo: &'static str,
    /// Cada uma destas: alguma linha da parte começa por ela.
    pede: &'static [&'static [&'static str]],
}

/// O que precisa aparecer antes da primeira seção.
const ABERTURA: &[&str] = &["{{#ficha", "{{#conseguir"];

/// Uma figura: desenhada na página ou tirada de uma captura.
const FIGURA: &[&str] = &["<figure", "{{#fio"];

/// As partes com título fixo. A ideia, que vem antes de “O programa”, tem o
/// título que cada capítulo quiser.
const PARTES: &[Parte] = &[
    parte("O programa", &[&["{{#include"]]),
    parte("No fio", &[&["{{#fio"]]),
    parte("O mesmo em Python", &[]),
    parte("O que dá errado", &[&["{{#sintoma"]]),
    parte("Confira o que entendeu", &[&["{{#pergunta"]]),
    parte("Exercício", &[&["{{#exercicio"]]),
    parte("Experimente também", &[]),
    parte("Para saber mais", &[&["* ", "- "]]),
];

/// Quantas perguntas cabem em “Confira o que entendeu”.
const PERGUNTAS: std::ops::RangeInclusive<usize> = 3..=5;

const fn parte(
    titulo: &'static str,
    pede: &'static [&'static [&'static str]],
) -> Parte {
    Parte { titulo, pede }
}

/// Cada página de capítulo tem as nove partes, na ordem.
pub fn revisar(casa: &Casa) -> Vec<Problema> {
    let paginas = casa.paginas_de_capitulo();
    paginas.iter().flat_map(da_pagina).collect()
}

fn da_pagina(pagina: &Pagina) -> Vec<Problema> {
    let mut problemas = Vec::new();
    let secoes = secoes(pagina);
    let primeira = secoes.first().map_or(usize::MAX, |(numero, _)| *numero);
    for diretiva in ABERTURA {
        if !tem(pagina, 1, primeira, &[diretiva]) {
            let texto = format!(
                "falta `{diretiva}…}}}}` entre o título e a primeira seção"
            );
            problemas.push(problema(pagina.onde(1), texto));
        }
    }
    let mut depois_de: (usize, &str) = (0, "");
    for parte in PARTES {
        let achada = secoes.iter().position(|(_, t)| t == parte.titulo);
        let Some(indice) = achada else {
            let texto = format!("falta a parte “## {}”", parte.titulo);
            problemas.push(problema(pagina.onde(1), texto));
            continue;
        };
        let (numero, titulo) = (secoes[indice].0, parte.titulo);
        let fim = secoes.get(indice + 1).map_or(usize::MAX, |s| s.0);
        if numero < depois_de.0 {
            let texto = format!(
                "“{titulo}” vem depois de “{}”: as partes têm a mesma ordem \
                 em todas as páginas",
                depois_de.1
            );
            problemas.push(problema(pagina.onde(numero), texto));
        }
        depois_de = (numero, titulo);
        for pede in parte.pede {
            if !tem(pagina, numero, fim, pede) {
                let texto = format!("“{titulo}” não tem nenhum `{}…`", pede[0]);
                problemas.push(problema(pagina.onde(numero), texto));
            }
        }
        if titulo == "O programa" {
            problemas.extend(da_ideia(pagina, &secoes[..indice], numero, fim));
        }
        if titulo == "Confira o que entendeu" {
            problemas.extend(das_perguntas(pagina, numero, fim));
        }
    }
    problemas
}

/// A ideia é o que vem antes do programa. Até o fim dele já se viu uma figura
/// e a saída gravada de um programa.
fn da_ideia(
    pagina: &Pagina,
    antes: &[(usize, String)],
    programa: usize,
    fim: usize,
) -> Vec<Problema> {
    let mut problemas = Vec::new();
    let mut acusar = |texto: &str| {
        problemas.push(problema(pagina.onde(programa), texto));
    };
    if antes.is_empty() {
        acusar("a ideia, com uma seção própria, vem antes de “O programa”");
    }
    if !tem(pagina, 1, fim, FIGURA) {
        acusar(
            "a página não tem figura até aqui; desenhe uma (`<figure>` com \
             SVG) ou mostre uma captura (`{{#fio}}`) antes de “No fio”",
        );
    }
    if !tem(pagina, 1, fim, &["{{#sessao"]) {
        acusar(
            "a página não tem saída gravada até aqui; mostre o programa \
             rodando (`{{#sessao}}`) antes de “No fio”",
        );
    }
    problemas
}

fn das_perguntas(pagina: &Pagina, de: usize, ate: usize) -> Option<Problema> {
    let perguntas = pagina.linhas.iter().filter(|linha| {
        (de..ate).contains(&linha.numero)
            && linha.texto.starts_with("{{#pergunta")
    });
    let quantas = perguntas.count();
    let texto = format!(
        "“Confira o que entendeu” tem {quantas} pergunta(s); escreva de {} a {}",
        PERGUNTAS.start(),
        PERGUNTAS.end()
    );
    (!PERGUNTAS.contains(&quantas)).then(|| problema(pagina.onde(de), texto))
}

/// Os títulos de segundo nível, com a linha de cada um.
fn secoes(pagina: &Pagina) -> Vec<(usize, String)> {
    let titulos = pagina.linhas.iter().filter(|l| l.tipo == Tipo::Titulo);
    titulos
        .filter_map(|linha| {
            let titulo = linha.texto.strip_prefix("## ")?;
            Some((linha.numero, titulo.trim().to_owned()))
        })
        .collect()
}

/// Se alguma linha de `de` até antes de `ate` começa por um destes textos.
fn tem(pagina: &Pagina, de: usize, ate: usize, inicios: &[&str]) -> bool {
    pagina.linhas.iter().any(|linha| {
        let texto = linha.texto.trim_start();
        (de..ate).contains(&linha.numero)
            && inicios.iter().any(|inicio| texto.starts_with(inicio))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTEIRA: &str = "# T\n{{#ficha leitura=1}}\n{{#conseguir}}\na\n\
        {{/conseguir}}\n## Uma ideia\n<figure>\n</figure>\n## O programa\n\
        ```rust\n{{#include a.rs}}\n```\n{{#sessao a.txt}}\n## No fio\n\
        {{#fio a.pcap}}\n## O mesmo em Python\n## O que dá errado\n\
        {{#sintoma M01}}\n## Confira o que entendeu\n{{#pergunta}}\n\
        {{/pergunta}}\n{{#pergunta}}\n{{/pergunta}}\n{{#pergunta}}\n\
        {{/pergunta}}\n## Exercício\n{{#exercicio}}\n## Experimente também\n\
        ## Para saber mais\n* [a](b)\n";

    fn achar(texto: &str) -> Vec<String> {
        let pagina = Pagina::ler("cap05-teste", texto);
        da_pagina(&pagina).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn uma_pagina_inteira_nao_tem_problemas() {
        assert_eq!(achar(INTEIRA), [""; 0]);
    }

    #[test]
    fn a_parte_que_falta_e_acusada_pelo_nome() {
        let problemas = achar(&INTEIRA.replace("## No fio\n", ""));
        assert_eq!(
            problemas,
            ["book/cap05-teste.md:1: falta a parte “## No fio”"]
        );
    }

    #[test]
    fn a_parte_fora_de_ordem_e_acusada_na_linha_dela() {
        let trocada = INTEIRA.replace("## No fio", "## X").replace(
            "## Exercício",
            "## No fio\n{{#fio b.pcap}}\n## Exercício",
        );
        let problemas = achar(&trocada);
        assert!(
            problemas[0].contains(":16: “O mesmo em Python” vem depois de"),
            "{problemas:?}"
        );
    }

    #[test]
    fn a_parte_vazia_a_ideia_sem_figura_e_a_falta_de_perguntas_sao_acusadas() {
        let sem = INTEIRA
            .replace("{{#sessao a.txt}}\n", "")
            .replace("<figure>\n</figure>\n", "")
            .replacen("{{#pergunta}}\n{{/pergunta}}\n", "", 1);
        let problemas = achar(&sem).join("\n");
        for trecho in ["não tem saída gravada", "não tem figura", "2 pergunta"]
        {
            assert!(problemas.contains(trecho), "{trecho}: {problemas}");
        }
    }
}
