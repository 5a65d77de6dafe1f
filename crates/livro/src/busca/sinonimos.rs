//! As palavras que se procuram uma pela outra: *soquete* e *socket*, *timeout*
//! e *tempo limite*.
//!
//! A autoridade é o glossário. Um termo tem sinônimos de dois jeitos: entre
//! parênteses no título (`## Tempo limite (timeout)`) ou em uma linha que
//! começa por `Também:` (`Também: *soquete*, ponto de comunicação.`).

use super::radical::palavras;
use mdbook_markdown::new_cmark_parser;
use mdbook_markdown::pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

/// O que vale com ou sem glossário: as palavras que um leitor traz de fora.
const DE_FORA: &[&[&str]] = &[
    &["socket", "soquete"],
    &["tempo limite", "timeout"],
    &["fim do fluxo", "eof"],
    &["confirmação", "ack"],
    &["associar", "bind"],
    &["escutar", "listen"],
    &["aceitar", "accept"],
    &["enquadramento", "framing"],
    &["ordem dos bytes", "endianness", "big endian"],
    &["difusão", "broadcast"],
    &["soma de verificação", "checksum"],
    &["pilha dupla", "dual stack"],
    &["meio fechamento", "half close"],
    &["laço de eventos", "event loop"],
    &["tempo de ida e volta", "rtt"],
    &["fila de conexões pendentes", "backlog"],
    &["descritor de arquivo", "file descriptor"],
    &["posse", "ownership"],
    &["impasse", "deadlock"],
    &["utf", "utf8"],
];

/// O que começa a linha de sinônimos no glossário.
const TAMBEM: &str = "Também:";

/// Os grupos de sinônimos, cada expressão com as palavras já dobradas.
pub fn todos(glossario: &str) -> Vec<Vec<String>> {
    let mut grupos: Vec<Vec<String>> = DE_FORA
        .iter()
        .map(|grupo| grupo.iter().map(|termo| dobrado(termo)).collect())
        .collect();
    for grupo in do_glossario(glossario) {
        juntar(&mut grupos, grupo);
    }
    grupos
}

/// Um grupo que repete uma expressão já conhecida entra no grupo dela.
fn juntar(grupos: &mut Vec<Vec<String>>, novo: Vec<String>) {
    let conhecido = grupos
        .iter_mut()
        .find(|grupo| novo.iter().any(|termo| grupo.contains(termo)));
    match conhecido {
        Some(grupo) => {
            for termo in novo {
                if !grupo.contains(&termo) {
                    grupo.push(termo);
                }
            }
        }
        None => grupos.push(novo),
    }
}

fn do_glossario(markdown: &str) -> Vec<Vec<String>> {
    let opcoes = crate::html::opcoes();
    let mut grupos: Vec<Vec<String>> = Vec::new();
    let mut texto = String::new();
    for evento in new_cmark_parser(markdown, &opcoes) {
        match evento {
            Event::Start(Tag::Heading { .. } | Tag::Paragraph) => texto.clear(),
            Event::Text(t) | Event::Code(t) => texto.push_str(&t),
            Event::SoftBreak => texto.push(' '),
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => {
                grupos.push(do_titulo(&texto));
            }
            Event::End(TagEnd::Paragraph) => {
                if let Some(grupo) = grupos.last_mut() {
                    grupo.extend(da_linha(&texto));
                }
            }
            _ => {}
        }
    }
    grupos.retain(|grupo| grupo.len() > 1);
    grupos
}

/// `Tempo limite (timeout)` → `tempo limite`, `timeout`.
fn do_titulo(titulo: &str) -> Vec<String> {
    cheios(titulo.split(['(', ')', ',', '/']))
}

/// `Também: soquete, tomada.` → `soquete`, `tomada`.
fn da_linha(paragrafo: &str) -> Vec<String> {
    let Some((_, lista)) = paragrafo.split_once(TAMBEM) else {
        return Vec::new();
    };
    let lista = lista.split(['.', '\n']).next().unwrap_or_default();
    cheios(lista.split([',', ';']))
}

fn dobrado(termo: &str) -> String {
    palavras(termo).join(" ")
}

fn cheios<'a>(termos: impl Iterator<Item = &'a str>) -> Vec<String> {
    termos
        .map(dobrado)
        .filter(|termo| !termo.is_empty())
        .collect()
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn o_glossario_acrescenta_sinonimos() {
        let grupos = todos(
            "# Glossário\n\n## Vazão (throughput)\n\nQuantos bytes passam.\n\n\
             ## Socket\n\nUma extremidade.\n\nTambém: *soquete*, tomada.\n",
        );
        let tem = |uma: &str, outra: &str| {
            grupos.iter().any(|grupo| {
                grupo.iter().any(|t| t == uma)
                    && grupo.iter().any(|t| t == outra)
            })
        };

        assert!(tem("vazao", "throughput"), "{grupos:?}");
        assert!(tem("soquete", "tomada"), "{grupos:?}");
        assert!(tem("timeout", "tempo limite"), "{grupos:?}");
    }
}
