//! O que o mdBook deixa passar e nós não: capítulo esquecido ou inexistente,
//! link morto, endereço repetido, código escrito à mão fora da margem.

mod enlaces;
mod sumario;

pub use enlaces::{Enderecos, PaginaPronta, conferir as conferir_enlaces};
pub use sumario::{Capitulo, conferir as conferir_sumario};

use crate::falha::Falha;
use mdbook_markdown::new_cmark_parser;
use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag};
use std::path::Path;

/// Acha Rust e Python escritos à mão dentro de listas e citações, onde um
/// `{{#include}}` nem seria lido.
pub fn codigo_a_mao(raiz: &Path, arquivo: &Path, texto: &str) -> Vec<Falha> {
    let opcoes = crate::html::opcoes();
    let blocos = new_cmark_parser(texto, &opcoes).into_offset_iter();
    let mut falhas = Vec::new();
    for (evento, trecho) in blocos {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = evento
        else {
            continue;
        };
        let lingua = info.split([',', ' ']).next().unwrap_or("");
        let na_margem = recuo(texto, trecho.start) <= 3;
        if matches!(lingua, "rust" | "rs" | "python" | "py") && !na_margem {
            let linha = linha_de(texto, trecho.start);
            falhas.push(Falha::em(
                raiz,
                arquivo,
                linha,
                "um bloco de Rust ou de Python fica na margem da página, fora \
                 de listas e citações, e vem de um arquivo por \
                 `{{#include}}`",
            ));
        }
    }
    falhas
}

/// Quantos caracteres há antes da posição, na linha dela.
fn recuo(texto: &str, posicao: usize) -> usize {
    let inicio = texto[..posicao].rfind('\n').map_or(0, |fim| fim + 1);
    posicao - inicio
}

/// A linha da posição, contada a partir de 1.
fn linha_de(texto: &str, posicao: usize) -> usize {
    texto[..posicao].matches('\n').count() + 1
}

#[cfg(test)]
mod testes {
    use super::*;

    fn falhas(texto: &str) -> Vec<String> {
        codigo_a_mao(Path::new("/r"), Path::new("/r/book/a.md"), texto)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn rust_dentro_de_uma_lista_e_uma_falha() {
        let achadas = falhas("* item\n\n    ```rust\n    fn x() {}\n    ```\n");

        assert_eq!(achadas.len(), 1, "{achadas:?}");
        assert!(achadas[0].starts_with("book/a.md:3: "), "{achadas:?}");
    }

    #[test]
    fn python_dentro_de_uma_citacao_e_uma_falha() {
        let achadas = falhas(
            "> a\n>\n>     b\n>\n> c\n\n1. x\n   ```python\n   y\n   ```\n",
        );

        assert!(achadas.len() <= 1, "{achadas:?}");
    }

    #[test]
    fn texto_dentro_de_uma_lista_passa() {
        assert!(falhas("* item\n\n    ```text\n    x\n    ```\n").is_empty());
    }
}
