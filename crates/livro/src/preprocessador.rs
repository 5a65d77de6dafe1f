//! O pré-processador do mdBook: o mesmo dentro deste programa e quando o
//! `mdbook` comum o chama (`cargo run -q -p livro -- preprocessador`).

use crate::acabamento;
use crate::falha::{Falha, Falhas};
use crate::glossario::{self, Glossario};
use crate::paginas::{Contexto, expandir};
use crate::paralelo;
use crate::revisao::{
    PaginaPronta, codigo_a_mao, conferir_enlaces, conferir_sumario,
};
use anyhow::{Context as _, Result};
use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Nome no `book.toml`: `[preprocessor.livro]`.
pub const NOME: &str = "livro";

/// Troca as diretivas por HTML e confere o livro inteiro.
pub struct Preprocessador;

impl Preprocessor for Preprocessador {
    fn name(&self) -> &str {
        NOME
    }

    fn run(&self, contexto: &PreprocessorContext, livro: Book) -> Result<Book> {
        processar(contexto, livro)
    }

    fn supports_renderer(&self, saida: &str) -> Result<bool> {
        Ok(aceita(saida))
    }
}

/// Só o HTML: as diretivas viram HTML.
pub fn aceita(saida: &str) -> bool {
    saida == "html"
}

/// O outro lado do protocolo do mdBook: o livro entra e sai em JSON.
pub fn conversar(entrada: impl Read, saida: impl Write) -> Result<()> {
    let (contexto, livro) = parse_input(entrada)
        .context("o mdbook não mandou o livro que se esperava")?;
    let livro = processar(&contexto, livro)?;
    serde_json::to_writer(saida, &livro)
        .context("não foi possível devolver o livro ao mdbook")
}

fn processar(contexto: &PreprocessorContext, mut livro: Book) -> Result<Book> {
    let raiz = contexto.root.canonicalize().with_context(|| {
        format!("não encontrei a pasta {}", contexto.root.display())
    })?;
    let fonte = raiz.join(&contexto.config.book.src);
    let (capitulos, mut falhas) = conferir_sumario(&raiz, &fonte);
    let html = contexto.config.html_config().unwrap_or_default();
    if html.smart_punctuation {
        falhas.push(Falha::em(
            &raiz,
            &raiz.join("book.toml"),
            1,
            "falta `smart-punctuation = false` em `[output.html]`; sem isso \
             os endereços dos títulos seriam outros",
        ));
    }
    let contexto = Contexto {
        raiz,
        fonte,
        repositorio: html.git_repository_url.clone(),
        titulos: capitulos
            .into_iter()
            .map(|capitulo| (capitulo.caminho, capitulo.titulo))
            .collect(),
    };
    let originais = originais(&livro);
    let mut prontas = expandir_tudo(&contexto, &originais, &mut falhas);
    livro.for_each_chapter_mut(|capitulo| {
        let caminho = capitulo.source_path.as_ref();
        if let Some(texto) = caminho.and_then(|nome| prontas.remove(nome)) {
            capitulo.content = texto;
        }
    });
    falhas.extend(enlaces(&contexto, &livro, &originais));
    Falhas::conferir(falhas)?;
    let indice = Path::new(acabamento::INDICE);
    if html.additional_js.iter().any(|arquivo| arquivo == indice) {
        acabamento::indexar(&contexto.raiz, &livro)?;
    }
    let glossario = originais
        .get(Path::new(glossario::ARQUIVO))
        .map(|texto| Glossario::ler(texto))
        .unwrap_or_default();
    acabamento::acabar(&mut livro, &glossario);
    Ok(livro)
}

/// O texto de cada página, como o autor a escreveu.
fn originais(livro: &Book) -> BTreeMap<PathBuf, String> {
    livro
        .chapters()
        .filter_map(|capitulo| {
            Some((capitulo.source_path.clone()?, capitulo.content.clone()))
        })
        .collect()
}

/// Troca as diretivas de todas as páginas.
fn expandir_tudo(
    contexto: &Contexto,
    originais: &BTreeMap<PathBuf, String>,
    falhas: &mut Vec<Falha>,
) -> BTreeMap<PathBuf, String> {
    let paginas: Vec<(&PathBuf, &String)> = originais.iter().collect();
    let expandidas = paralelo::mapear(&paginas, |(caminho, texto)| {
        let arquivo = contexto.fonte.join(caminho);
        let (expandido, mut erradas) = expandir(contexto, caminho, texto);
        erradas.extend(codigo_a_mao(&contexto.raiz, &arquivo, texto));
        (expandido, erradas)
    });
    let mut prontas = BTreeMap::new();
    for ((caminho, _), (texto, erradas)) in paginas.iter().zip(expandidas) {
        falhas.extend(erradas);
        prontas.insert(caminho.to_path_buf(), texto);
    }
    prontas
}

/// Os links do livro já expandido, com as linhas do texto original.
fn enlaces(
    contexto: &Contexto,
    livro: &Book,
    originais: &BTreeMap<PathBuf, String>,
) -> Vec<Falha> {
    let paginas: Vec<PaginaPronta<'_>> = livro
        .chapters()
        .filter_map(|capitulo| {
            let caminho = capitulo.source_path.clone()?;
            let original = originais.get(&caminho)?;
            let expandido = &capitulo.content;
            Some(PaginaPronta {
                caminho,
                original,
                expandido,
            })
        })
        .collect();
    conferir_enlaces(&contexto.raiz, &contexto.fonte, &paginas)
}
