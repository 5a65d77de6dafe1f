//! A busca do livro: o índice que o navegador carrega no primeiro uso.
//!
//! Aqui se montam as listas "palavra → seções"; quem procura é
//! `tema/busca.js`. As regras que juntam *conexão* e *conexões* são uma tabela
//! só ([`radical`]), que vai dentro do índice: os dois lados cortam igual.
//!
//! Por que não uma biblioteca pronta: MiniSearch, Lunr, Orama e FlexSearch
//! indexam no navegador, o que obriga a mandar o livro inteiro (mais de três
//! vezes o orçamento de 80 kB), e o radicalizador Snowball delas só junta
//! *conexão* e *conexões* se quem procura digitar os acentos; o Pagefind pede
//! `fetch`, que não existe em `file://`.

mod listas;
mod radical;
mod secoes;
mod sinonimos;

use crate::memoria::PorPagina;
use crate::paralelo;
use listas::{Contas, Item, Listas};
use secoes::Secao;
use serde_json::json;
use std::sync::Arc;

/// Uma página do livro, depois das diretivas.
#[derive(Debug, Clone, Copy)]
pub struct Pagina<'a> {
    /// O arquivo publicado: `cap05-servidor-tcp.html`.
    pub arquivo: &'a str,
    /// O número do capítulo, se a página é um capítulo.
    pub numero: Option<u32>,
    /// O título, como está no sumário.
    pub titulo: &'a str,
    /// O Markdown que vai para o mdBook.
    pub markdown: &'a str,
}

/// A página de onde vêm os sinônimos.
const GLOSSARIO: &str = "glossario.html";

/// As partes que toda página tem e que citam o assunto sem explicar.
const PARTES_DE_APOIO: &[&str] = &[
    "Confira o que entendeu",
    "Exercício",
    "Experimente também",
    "Para saber mais",
];
/// As páginas que falam das outras, capítulo por capítulo.
const PAGINAS_DE_APOIO: &[&str] =
    &["bibliografia.html", "guia-do-professor.html"];

/// Os dois arquivos da busca, como programas que o navegador carrega com
/// `<script>`: em `file://` não há outro jeito.
pub struct Busca {
    /// `window.indiceDaBusca = {…}`
    pub indice: String,
    /// `window.trechosDaBusca = […]`: o começo de cada seção. Só quem lê de
    /// `file://` carrega; com servidor, o trecho vem da própria página.
    pub trechos: String,
}

/// O índice de todas as páginas e os trechos das seções.
pub fn indexar(paginas: &[Pagina<'_>]) -> Busca {
    let lidas = paralelo::mapear(paginas, ler);
    let secoes: Vec<(usize, &Secao)> = lidas
        .iter()
        .enumerate()
        .flat_map(|(n, lida)| lida.iter().map(move |(secao, _)| (n, secao)))
        .collect();
    let itens: Vec<Item<'_>> = paginas
        .iter()
        .zip(&lidas)
        .flat_map(|(pagina, lida)| itens(pagina, lida))
        .collect();
    let listas = Listas::montar(&itens);
    let glossario = paginas.iter().find(|p| p.arquivo == GLOSSARIO);
    let conteudo = json!({
        "regras": radical::GRUPOS,
        "comuns": radical::COMUNS,
        "sinonimos": sinonimos::todos(glossario.map_or("", |p| p.markdown)),
        "paginas": paginas.iter().map(linha_da_pagina).collect::<Vec<_>>(),
        "secoes": secoes.iter().map(linha_da_secao).collect::<Vec<_>>(),
        "letras": listas::LETRAS,
        "palavras": listas.palavras.join(" "),
        "listas": listas.codigos.join(" "),
    });
    let comecos: Vec<&str> = secoes
        .iter()
        .map(|(_, secao)| secao.comeco.as_str())
        .collect();
    Busca {
        indice: format!("window.indiceDaBusca={conteudo};\n"),
        trechos: format!("window.trechosDaBusca={};\n", json!(comecos)),
    }
}

fn itens<'a>(
    pagina: &Pagina<'_>,
    lida: &'a [(Secao, Contas)],
) -> impl Iterator<Item = Item<'a>> {
    let de_apoio = PAGINAS_DE_APOIO.contains(&pagina.arquivo);
    lida.iter().map(move |(secao, contas)| Item {
        contas,
        de_apoio: de_apoio || PARTES_DE_APOIO.contains(&secao.nome.as_str()),
    })
}

/// As seções da página, com as palavras contadas.
fn ler(pagina: &Pagina<'_>) -> Arc<Vec<(Secao, Contas)>> {
    static LIDAS: PorPagina<Vec<(Secao, Contas)>> = PorPagina::nova();
    // O título entra na chave: é o nome da primeira seção.
    let chave = format!("{} {}", pagina.arquivo, pagina.titulo);
    LIDAS.lembrar(&chave, pagina.markdown, || {
        secoes::separar(pagina.titulo, pagina.markdown)
            .into_iter()
            .map(|secao| {
                let contas = listas::contar(&secao);
                (secao, contas)
            })
            .collect()
    })
}

fn linha_da_pagina(pagina: &Pagina<'_>) -> serde_json::Value {
    json!([pagina.arquivo, pagina.numero, pagina.titulo])
}

fn linha_da_secao((pagina, secao): &(usize, &Secao)) -> serde_json::Value {
    json!([pagina, secao.id, secao.titulo])
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn o_indice_traz_secoes_palavras_e_sinonimos() {
        let capitulo = Pagina {
            arquivo: "cap05-servidor-tcp.html",
            numero: Some(5),
            titulo: "Um servidor TCP",
            markdown: "# Um servidor TCP\n\nEscuta.\n\n## As conexões\n\nVárias.",
        };
        let glossario = Pagina {
            arquivo: "glossario.html",
            numero: None,
            titulo: "Glossário",
            markdown: "# Glossário\n\n## Tempo limite (timeout)\n\nQuanto se \
                       espera.\n",
        };
        let Busca { indice, trechos } = indexar(&[capitulo, glossario]);
        let json = indice
            .strip_prefix("window.indiceDaBusca=")
            .and_then(|resto| resto.strip_suffix(";\n"))
            .expect("um programa de uma linha");
        let lido: serde_json::Value =
            serde_json::from_str(json).expect("JSON de verdade");

        assert_eq!(lido["paginas"][0][1], 5);
        assert_eq!(lido["secoes"][1][1], "as-conexões");
        assert!(lido["sinonimos"].to_string().contains("timeout"));
        assert_eq!(
            trechos,
            "window.trechosDaBusca=[\"Escuta.\",\"Várias.\",\"Quanto se \
             espera.\"];\n"
        );
        let palavras = lido["palavras"].as_str().unwrap_or_default();
        assert!(palavras.split(' ').any(|p| p == "conect"), "{palavras}");
    }
}
