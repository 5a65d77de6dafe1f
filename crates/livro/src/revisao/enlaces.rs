//! Links internos e endereços (`id`) de todas as páginas.
//!
//! Os endereços dos títulos são calculados como o mdBook os calcula
//! (`mdbook-html`, `utils.rs`); um teste compara com o HTML que sai.

use crate::falha::Falha;
use crate::memoria::PorPagina;
use crate::paralelo;
use mdbook_markdown::new_cmark_parser;
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Uma página depois das diretivas.
pub struct PaginaPronta<'a> {
    /// Caminho a partir da pasta das páginas.
    pub caminho: PathBuf,
    /// O texto que o autor escreveu.
    pub original: &'a str,
    /// O texto que vai para o mdBook.
    pub expandido: &'a str,
}

/// O que uma página oferece e o que ela pede.
#[derive(Debug, Default)]
struct Enlaces {
    enderecos: HashSet<String>,
    repetidos: BTreeSet<String>,
    destinos: BTreeSet<String>,
}

/// Os enlaces de cada página do livro.
type TodosOsEnlaces<'a> = BTreeMap<&'a Path, Arc<Enlaces>>;

/// Confere todos os links internos do livro.
pub fn conferir(
    raiz: &Path,
    fonte: &Path,
    paginas: &[PaginaPronta<'_>],
) -> Vec<Falha> {
    static LIDOS: PorPagina<Enlaces> = PorPagina::nova();
    let lidos = paralelo::mapear(paginas, |pagina| {
        let nome = pagina.caminho.to_string_lossy();
        LIDOS.lembrar(&nome, pagina.expandido, || coletar(pagina.expandido))
    });
    let caminhos = paginas.iter().map(|pagina| pagina.caminho.as_path());
    let enlaces: TodosOsEnlaces<'_> = caminhos.zip(lidos).collect();
    let mut falhas = Vec::new();
    for pagina in paginas {
        let arquivo = fonte.join(&pagina.caminho);
        let linha = |trecho: &str| linha_com(pagina.original, trecho);
        let desta = &enlaces[pagina.caminho.as_path()];
        for id in &desta.repetidos {
            let texto = format!(
                "o endereço `#{id}` aparece mais de uma vez na página; mude \
                 um dos títulos ou dos `id`"
            );
            falhas.push(Falha::em(raiz, &arquivo, linha(id), texto));
        }
        for destino in &desta.destinos {
            let texto = defeito(fonte, &pagina.caminho, destino, &enlaces);
            if let Some(texto) = texto {
                let linha = linha(destino);
                falhas.push(Falha::em(raiz, &arquivo, linha, texto));
            }
        }
    }
    falhas
}

/// A primeira linha do texto com o trecho, ou 1.
fn linha_com(texto: &str, trecho: &str) -> usize {
    texto
        .lines()
        .position(|linha| linha.contains(trecho))
        .map_or(1, |posicao| posicao + 1)
}

/// O que há de errado com um destino, se há.
fn defeito(
    fonte: &Path,
    pagina: &Path,
    destino: &str,
    enlaces: &TodosOsEnlaces<'_>,
) -> Option<String> {
    if destino.is_empty() {
        return Some("um link não diz para onde vai".to_string());
    }
    if tem_esquema(destino) {
        return None;
    }
    if destino.starts_with('/') {
        return Some(format!(
            "o link `{destino}` começa com `/` e quebra quando o livro mora em \
             uma subpasta; use um caminho a partir da página"
        ));
    }
    let (caminho, fragmento) = match destino.split_once('#') {
        Some((caminho, fragmento)) => (caminho, Some(fragmento)),
        None => (destino, None),
    };
    let alvo = match caminho {
        "" => pagina.to_path_buf(),
        outro => alvo(pagina, outro),
    };
    match (enlaces.get(alvo.as_path()), fragmento) {
        (Some(pagina), Some(id)) if !pagina.tem(id) => Some(format!(
            "o link `{destino}` não chega: `{}` não tem o endereço `#{id}`",
            alvo.display()
        )),
        (Some(_), _) => None,
        (None, _) if e_arquivo(fonte, &alvo) => None,
        (None, _) => Some(format!(
            "o link `{destino}` não chega: `{}` não está no livro",
            alvo.display()
        )),
    }
}

/// Um arquivo que o mdBook copia junto com as páginas.
fn e_arquivo(fonte: &Path, alvo: &Path) -> bool {
    let pagina = alvo.extension().is_some_and(|fim| fim == "md");
    !pagina && fonte.join(alvo).is_file()
}

/// A página (`.md`) ou o arquivo, a partir da pasta das páginas.
fn alvo(pagina: &Path, caminho: &str) -> PathBuf {
    let pasta = pagina.parent().unwrap_or(Path::new(""));
    let mut saida = PathBuf::new();
    for parte in pasta.join(caminho).components() {
        match parte {
            std::path::Component::ParentDir => {
                saida.pop();
            }
            std::path::Component::CurDir => {}
            outra => saida.push(outra),
        }
    }
    if saida.extension().is_some_and(|fim| fim == "html") {
        saida.set_extension("md");
    }
    saida
}

fn tem_esquema(destino: &str) -> bool {
    destino.split_once(':').is_some_and(|(esquema, _)| {
        !esquema.is_empty()
            && esquema
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
    })
}

impl Enlaces {
    fn tem(&self, id: &str) -> bool {
        self.enderecos.contains(id)
            || self.enderecos.contains(&sem_porcento(id))
    }

    fn endereco(&mut self, id: &str) {
        if !self.enderecos.insert(id.to_string()) {
            self.repetidos.insert(id.to_string());
        }
    }

    fn html(&mut self, html: &str) {
        for (nome, valor) in atributos(html) {
            match nome {
                "id" => self.endereco(valor),
                _ => {
                    self.destinos.insert(valor.replace("&amp;", "&"));
                }
            }
        }
    }
}

/// `%C3%A7` vira `ç`.
fn sem_porcento(texto: &str) -> String {
    let mut bytes = Vec::with_capacity(texto.len());
    let mut resto = texto.as_bytes();
    while let Some((byte, depois)) = resto.split_first() {
        let codigo = depois.get(..2).filter(|_| *byte == b'%');
        let valor = codigo
            .and_then(|codigo| std::str::from_utf8(codigo).ok())
            .and_then(|codigo| u8::from_str_radix(codigo, 16).ok());
        bytes.push(valor.unwrap_or(*byte));
        resto = if valor.is_some() {
            &depois[2..]
        } else {
            depois
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Recolhe os endereços e os destinos de uma página.
fn coletar(texto: &str) -> Enlaces {
    let opcoes = crate::html::opcoes();
    let mut enlaces = Enlaces::default();
    let mut enderecos = Enderecos::default();
    let mut titulo: Option<(Option<String>, String)> = None;
    for evento in new_cmark_parser(texto, &opcoes) {
        match evento {
            Event::Start(Tag::Heading { id, .. }) => {
                titulo = Some((id.map(|id| id.to_string()), String::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                let (id, texto) = titulo.take().unwrap_or_default();
                let id = enderecos.do_titulo(id, &texto);
                enlaces.endereco(&id);
            }
            Event::Text(trecho) | Event::Code(trecho) => {
                if let Some((_, texto)) = &mut titulo {
                    texto.push_str(&trecho);
                }
            }
            Event::Start(
                Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. },
            ) => {
                enlaces.destinos.insert(dest_url.to_string());
            }
            Event::Html(html) | Event::InlineHtml(html) => enlaces.html(&html),
            _ => {}
        }
    }
    enlaces
}

/// Os endereços que o mdBook dá aos títulos de uma página.
#[derive(Debug, Default)]
pub struct Enderecos {
    usados: HashSet<String>,
}

impl Enderecos {
    /// O endereço do próximo título: o que ele diz (`{#nome}`) ou o texto
    /// dele. O segundo título igual ganha `-1`, o terceiro `-2`.
    pub fn do_titulo(&mut self, dito: Option<String>, texto: &str) -> String {
        if let Some(id) = dito {
            return id;
        }
        let id = em_minusculas(texto);
        if self.usados.insert(id.clone()) {
            return id;
        }
        (1..)
            .map(|numero| format!("{id}-{numero}"))
            .find(|candidato| self.usados.insert(candidato.clone()))
            .unwrap_or_default()
    }
}

/// Letras minúsculas, espaços viram hífens, o resto some.
fn em_minusculas(texto: &str) -> String {
    texto
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|letra| match letra {
            '_' | '-' => Some(letra),
            letra if letra.is_alphanumeric() => Some(letra),
            letra if letra.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect()
}

/// Os `id`, `href` e `src` de um trecho de HTML.
fn atributos(html: &str) -> Vec<(&str, &str)> {
    let mut saida = Vec::new();
    for nome in ["id", "href", "src"] {
        let marca = format!(" {nome}=\"");
        for (posicao, _) in html.match_indices(&marca) {
            let resto = &html[posicao + marca.len()..];
            if let Some(fim) = resto.find('"') {
                saida.push((nome, &resto[..fim]));
            }
        }
    }
    saida
}

#[cfg(test)]
mod testes {
    use super::*;

    fn falhas(paginas: &[(&str, &str)]) -> Vec<String> {
        let prontas: Vec<PaginaPronta<'_>> = paginas
            .iter()
            .map(|(nome, texto)| PaginaPronta {
                caminho: PathBuf::from(nome),
                original: texto,
                expandido: texto,
            })
            .collect();
        conferir(Path::new("/r"), Path::new("/r/book"), &prontas)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn um_link_para_uma_pagina_e_um_titulo_que_existem_passa() {
        let vazias: Vec<String> = Vec::new();

        assert_eq!(
            falhas(&[
                (
                    "a.md",
                    "# A\n[x](b.md#a-ordem-dos-bytes) [y](#a) <a href=\"b.html\">z</a>"
                ),
                ("b.md", "# B\n\n## A `ordem` dos bytes\n"),
            ]),
            vazias
        );
    }

    #[test]
    fn um_link_para_uma_pagina_que_nao_existe_e_uma_falha() {
        let achadas = falhas(&[("a.md", "# A\n\nveja [x](c.md)\n")]);

        assert_eq!(achadas.len(), 1);
        assert!(achadas[0].starts_with("book/a.md:3: "), "{achadas:?}");
    }

    #[test]
    fn um_fragmento_que_nao_existe_e_uma_falha() {
        let achadas =
            falhas(&[("a.md", "# A\n\n[x](b.md#nada)\n"), ("b.md", "# B\n")]);

        assert!(achadas[0].contains("`#nada`"), "{achadas:?}");
    }

    #[test]
    fn um_link_absoluto_e_uma_falha() {
        let achadas = falhas(&[("a.md", "[x](/b.html)\n")]);

        assert!(achadas[0].contains("começa com `/`"), "{achadas:?}");
    }

    #[test]
    fn um_endereco_repetido_e_uma_falha() {
        let texto = "<div id=\"m06\"></div>\n\n<div id=\"m06\"></div>\n";
        let achadas = falhas(&[("a.md", texto)]);

        assert!(achadas[0].contains("`#m06`"), "{achadas:?}");
    }

    #[test]
    fn um_endereco_de_fora_nao_e_conferido() {
        assert!(
            falhas(&[("a.md", "[x](https://a.b/c) <mailto:a@b.c>")]).is_empty()
        );
    }

    #[test]
    fn o_endereco_pode_vir_com_porcento() {
        assert!(
            falhas(&[("a.md", "# Ação\n\n[x](#a%C3%A7%C3%A3o)\n")]).is_empty()
        );
    }
}
