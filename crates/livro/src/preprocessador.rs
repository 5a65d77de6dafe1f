//! O pré-processador do mdBook: o mesmo dentro deste programa e quando o
//! `mdbook` comum o chama (`cargo run -q -p livro -- preprocessador`).

use crate::acabamento;
use crate::falha::{Falha, Falhas};
use crate::glossario::{self, Glossario};
use crate::paginas::{Contexto, expandir};
use crate::revisao::{self, PaginaPronta, conferir_enlaces, conferir_sumario};
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
    let mut originais = BTreeMap::new();
    livro.for_each_chapter_mut(|capitulo| {
        let Some(caminho) = capitulo.source_path.clone() else {
            return;
        };
        let arquivo = contexto.fonte.join(&caminho);
        let (texto, erradas) = expandir(&contexto, &caminho, &capitulo.content);
        falhas.extend(erradas);
        falhas.extend(revisao::codigo_a_mao(
            &contexto.raiz,
            &arquivo,
            &capitulo.content,
        ));
        let original = std::mem::replace(&mut capitulo.content, texto);
        originais.insert(caminho, original);
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
