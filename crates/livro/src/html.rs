//! Pedaços de HTML escritos de um jeito que o mdBook não estraga.
//!
//! Um bloco de HTML dentro de Markdown acaba na primeira linha em branco, e o
//! pré-processador `links` do mdBook procura `{{#…}}` em todo lugar. Por isso
//! o código vai em uma linha só, com as quebras e as chaves escritas como
//! entidades.

use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd, html};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

/// Como o mdBook lê o Markdown deste livro: as aspas ficam como o autor as
/// escreveu (`smart-punctuation = false` em `book.toml`).
pub fn opcoes() -> MarkdownOptions {
    let mut opcoes = MarkdownOptions::default();
    opcoes.smart_punctuation = false;
    opcoes
}

/// Troca por entidades o que tem significado em HTML, em texto corrido.
pub fn escapar(texto: &str) -> String {
    let mut saida = String::with_capacity(texto.len() + 16);
    for letra in texto.chars() {
        match letra {
            '&' => saida.push_str("&amp;"),
            '<' => saida.push_str("&lt;"),
            '>' => saida.push_str("&gt;"),
            '"' => saida.push_str("&quot;"),
            '{' => saida.push_str("&#123;"),
            '\n' => saida.push_str("&#10;"),
            outra => saida.push(outra),
        }
    }
    saida
}

/// Põe em uma linha só um HTML já pronto, para caber em um bloco Markdown.
///
/// As quebras dentro de `<pre>` viram entidade; as outras, espaço.
pub fn em_uma_linha(html: &str) -> String {
    let mut saida = String::with_capacity(html.len());
    let mut dentro_de_pre = false;
    for (posicao, linha) in html.lines().enumerate() {
        if posicao > 0 {
            saida.push_str(if dentro_de_pre { "&#10;" } else { " " });
        }
        dentro_de_pre = continua_em_pre(linha, dentro_de_pre);
        saida.push_str(&linha.replace("{{#", "&#123;{#"));
    }
    saida
}

fn continua_em_pre(linha: &str, antes: bool) -> bool {
    match (linha.rfind("<pre"), linha.rfind("</pre>")) {
        (Some(abre), Some(fecha)) => abre > fecha,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => antes,
    }
}

/// Markdown de vários parágrafos em HTML, em uma linha só.
pub fn de_markdown(texto: &str) -> String {
    let opcoes = opcoes();
    let mut saida = String::new();
    html::push_html(&mut saida, new_cmark_parser(texto, &opcoes));
    em_uma_linha(saida.trim())
}

/// Markdown de um parágrafo só, sem o `<p>` em volta: para `<legend>`,
/// `<label>`, `<li>` e `<figcaption>`.
pub fn de_markdown_em_linha(texto: &str) -> String {
    let opcoes = opcoes();
    let eventos = new_cmark_parser(texto, &opcoes).filter(|evento| {
        !matches!(
            evento,
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)
        )
    });
    let mut saida = String::new();
    html::push_html(&mut saida, eventos);
    em_uma_linha(saida.trim())
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn o_codigo_fica_em_uma_linha_e_sem_chaves_duplas() {
        let html = escapar("a\n\n{{#include x}} <b> & \"c\"");

        assert!(!html.contains('\n'));
        assert!(!html.contains("{{"));
        assert!(html.contains("&lt;b&gt; &amp; &quot;c&quot;"));
    }

    #[test]
    fn o_markdown_em_linha_nao_tem_paragrafo() {
        assert_eq!(
            de_markdown_em_linha("`read` devolve **0**."),
            "<code>read</code> devolve <strong>0</strong>."
        );
    }

    #[test]
    fn as_quebras_dentro_de_pre_sobrevivem() {
        let html = de_markdown("```text\na\n\nb\n```");

        assert!(html.contains("a&#10;&#10;b"), "{html}");
    }
}
