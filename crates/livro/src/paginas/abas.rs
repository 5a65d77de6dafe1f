//! Abas de linguagem: `{{#abas}}` … blocos de código … `{{/abas}}`.
//!
//! Sem JavaScript, as abas ficam uma embaixo da outra, cada uma com o título
//! da linguagem.

use super::cerca::Cerca;
use crate::realce::Lingua;

/// Abre o conjunto de abas.
pub const ABRE: &str = "<div class=\"abas\">";

/// Fecha o conjunto de abas.
pub const FECHA: &str = "</div>";

/// Uma aba: o título, no nível certo, e a listagem.
pub fn aba(cerca: &Cerca, nivel: usize, listagem: &str) -> String {
    let lingua = Lingua::da_cerca(&cerca.lingua);
    format!(
        "<section class=\"aba\" data-lingua=\"{}\">\
         <h{nivel} class=\"lingua\">{}</h{nivel}>{listagem}</section>",
        lingua.classe(),
        lingua.nome()
    )
}

#[cfg(test)]
mod testes {
    use crate::paginas::bancada_de_teste::Mesa;

    fn mesa() -> Mesa {
        Mesa::com(&[
            ("book/cap05-teste.md", ""),
            ("crates/a/a.rs", "fn a() {}\n"),
            ("crates/a/a.py", "a()\n"),
        ])
    }

    const RUST: &str = "```rust\n{{#include ../crates/a/a.rs}}\n```\n";
    const PYTHON: &str = "```python\n{{#include ../crates/a/a.py}}\n```\n";

    #[test]
    fn cada_linguagem_vira_uma_aba_com_titulo() {
        let texto = format!(
            "## O programa\n\n{{{{#abas}}}}\n{RUST}\n{PYTHON}{{{{/abas}}}}"
        );
        let html = mesa().html(&texto);

        assert!(
            html.contains(
                "<section class=\"aba\" data-lingua=\"python\">\
                 <h3 class=\"lingua\">Python</h3>"
            ),
            "{html}"
        );
        assert_eq!(html.matches("class=\"aba\"").count(), 2);
    }

    #[test]
    fn abas_sem_fim_sao_uma_falha_na_linha_em_que_abrem() {
        let falha = mesa().falha(&format!("a\n\n{{{{#abas}}}}\n{RUST}"));

        assert!(falha.starts_with("book/cap05-teste.md:3: "), "{falha}");
        assert!(falha.contains("{{/abas}}"), "{falha}");
    }

    #[test]
    fn texto_entre_as_abas_e_uma_falha() {
        let texto = format!("{{{{#abas}}}}\nsolto\n{RUST}{{{{/abas}}}}");
        let falha = mesa().falha(&texto);

        assert!(falha.starts_with("book/cap05-teste.md:2: "), "{falha}");
    }

    #[test]
    fn a_mesma_linguagem_duas_vezes_e_uma_falha() {
        let texto = format!("{{{{#abas}}}}\n{RUST}{RUST}{{{{/abas}}}}");
        let falha = mesa().falha(&texto);

        assert!(falha.contains("duas abas de Rust"), "{falha}");
    }

    #[test]
    fn abas_com_menos_de_duas_linguagens_sao_uma_falha() {
        let texto = format!("{{{{#abas}}}}\n{RUST}{{{{/abas}}}}");
        let falha = mesa().falha(&texto);

        assert!(falha.contains("pelo menos duas"), "{falha}");
    }

    #[test]
    fn um_fecha_sem_abre_e_uma_falha() {
        let falha = mesa().falha("{{/abas}}");

        assert!(falha.contains("não há `{{#abas}}` aberto"), "{falha}");
    }
}
