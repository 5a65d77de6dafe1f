//! O que se faz com a página depois das diretivas e da revisão: o número do
//! capítulo, a linha acima do título, as definições do glossário e o índice da
//! busca.

use crate::busca;
use crate::glossario::Glossario;
use crate::paginas::numero_do_capitulo;
use crate::paralelo;
use anyhow::{Context as _, Result};
use mdbook_preprocessor::book::{Book, BookItem, Chapter, SectionNumber};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Onde ficam os arquivos da busca, a partir da raiz. `book.toml` os põe em
/// `additional-js`, e o mdBook os copia para a saída.
pub const INDICE: &str = "target/busca/indice.js";
const TRECHOS: &str = "target/busca/trechos.js";

/// Dá o acabamento a todas as páginas.
pub fn acabar(livro: &mut Book, glossario: &Glossario) {
    definir_os_termos(livro, glossario);
    let mut parte: Option<String> = None;
    for item in &mut livro.items {
        match item {
            BookItem::PartTitle(titulo) => parte = Some(titulo.clone()),
            BookItem::Chapter(capitulo) => {
                arvore(capitulo, parte.as_deref());
            }
            BookItem::Separator => {}
        }
    }
}

/// Leva a definição aos links para o glossário, com todos os processadores.
fn definir_os_termos(livro: &mut Book, glossario: &Glossario) {
    let paginas: Vec<(PathBuf, &str)> = livro
        .chapters()
        .filter_map(|c| Some((c.path.clone()?, c.content.as_str())))
        .collect();
    let marcados = paralelo::mapear(&paginas, |(caminho, texto)| {
        (caminho.clone(), glossario.marcar(texto))
    });
    let mut marcados: HashMap<PathBuf, String> = marcados.into_iter().collect();
    livro.for_each_chapter_mut(|capitulo| {
        let caminho = capitulo.path.as_ref();
        if let Some(texto) = caminho.and_then(|nome| marcados.remove(nome)) {
            capitulo.content = texto;
        }
    });
}

fn arvore(capitulo: &mut Chapter, parte: Option<&str>) {
    pagina(capitulo, parte);
    for item in &mut capitulo.sub_items {
        if let BookItem::Chapter(dentro) = item {
            arvore(dentro, parte);
        }
    }
}

fn pagina(capitulo: &mut Chapter, parte: Option<&str>) {
    let Some(caminho) = &capitulo.path else {
        return;
    };
    let numero = numero(caminho);
    // Um apêndice na lista do sumário não ganha número de capítulo.
    if capitulo.number.is_some() {
        capitulo.number = numero.map(|numero| SectionNumber::new([numero]));
    }
    // O modelo escreve o sumário com este caminho, e um link precisa ser
    // para a página pronta. O mdBook só troca a extensão.
    capitulo.path = Some(caminho.with_extension("html"));
    let texto = &capitulo.content;
    if let Some(olho) = olho(numero, parte) {
        capitulo.content = format!("<p class=\"olho\">{olho}</p>\n\n{texto}");
    }
}

/// `Capítulo 5 · TCP`
fn olho(numero: Option<u32>, parte: Option<&str>) -> Option<String> {
    let parte = parte.map(crate::html::escapar);
    match (numero, parte) {
        (Some(numero), Some(parte)) => {
            Some(format!("Capítulo {numero} · {parte}"))
        }
        (Some(numero), None) => Some(format!("Capítulo {numero}")),
        (None, parte) => parte,
    }
}

fn numero(caminho: &Path) -> Option<u32> {
    numero_do_capitulo(caminho.file_stem()?.to_str()?)
}

/// Escreve os arquivos da busca que mudaram.
pub fn indexar(raiz: &Path, livro: &Book) -> Result<()> {
    let arquivos: Vec<String> = livro
        .chapters()
        .filter_map(|capitulo| capitulo.path.as_ref())
        .map(|caminho| caminho.with_extension("html"))
        .map(|caminho| caminho.to_string_lossy().replace('\\', "/"))
        .collect();
    let paginas: Vec<busca::Pagina<'_>> = livro
        .chapters()
        .zip(&arquivos)
        .map(|(capitulo, arquivo)| busca::Pagina {
            arquivo,
            numero: numero(Path::new(arquivo)),
            titulo: &capitulo.name,
            markdown: &capitulo.content,
        })
        .collect();
    let busca = busca::indexar(&paginas);
    for (nome, texto) in [(INDICE, busca.indice), (TRECHOS, busca.trechos)] {
        let arquivo = raiz.join(nome);
        gravar_se_mudou(&arquivo, &texto).with_context(|| {
            format!("não foi possível escrever {}", arquivo.display())
        })?;
    }
    Ok(())
}

/// Grava em um arquivo à parte e troca, para nunca haver meio índice.
fn gravar_se_mudou(arquivo: &Path, texto: &str) -> std::io::Result<()> {
    if fs::read_to_string(arquivo).is_ok_and(|antes| antes == texto) {
        return Ok(());
    }
    let pasta = arquivo.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(pasta)?;
    let parcial = pasta.join(format!(".indice-{}", std::process::id()));
    fs::write(&parcial, texto)?;
    fs::rename(parcial, arquivo)
}

#[cfg(test)]
mod testes {
    use super::*;

    fn capitulo(nome: &str) -> BookItem {
        let texto = "# Título\n".to_string();
        let mut capitulo = Chapter::new("T", texto, nome, Vec::new());
        capitulo.number = Some(SectionNumber::new([1]));
        capitulo.into()
    }

    fn acabado(itens: Vec<BookItem>) -> Chapter {
        let mut livro = Book::new_with_items(itens);
        acabar(&mut livro, &Glossario::default());
        livro.chapters().last().expect("capítulo").clone()
    }

    #[test]
    fn o_numero_do_capitulo_vem_do_nome_do_arquivo() {
        let parte = BookItem::PartTitle("TCP".to_string());
        let pronto = acabado(vec![parte, capitulo("cap05-servidor-tcp.md")]);

        assert_eq!(pronto.number, Some(SectionNumber::new([5])));
        assert_eq!(pronto.path, Some(PathBuf::from("cap05-servidor-tcp.html")));
        assert!(
            pronto
                .content
                .starts_with("<p class=\"olho\">Capítulo 5 · TCP</p>"),
            "{}",
            pronto.content
        );
    }

    #[test]
    fn a_pagina_de_abertura_nao_tem_olho() {
        assert_eq!(acabado(vec![capitulo("index.md")]).content, "# Título\n");
    }
}
