//! As caixas com Markdown dentro: o que o leitor vai conseguir fazer e
//! "sintoma → causa".

use super::Lugar;
use crate::falha::Falha;

/// Abre a caixa do que o leitor vai conseguir fazer.
pub const CONSEGUIR: &str = "<div class=\"conseguir\">\
    <p class=\"rotulo\">O que você vai conseguir fazer</p>";

/// Passa do sintoma para a causa.
pub const CAUSA: &str = "</div><div class=\"causa\">";

/// Fecha a caixa do sintoma.
pub const FECHA_SINTOMA: &str = "</div></aside>";

/// Abre `{{#sintoma M06}}`; o código, que pode faltar, vira o `id` da caixa. O
/// de um fato (`sem-recuo`) não é mostrado: a ele só levam os links.
pub fn sintoma(lugar: Lugar<'_>, codigo: &str) -> Result<String, Falha> {
    if codigo.is_empty() {
        return Ok("<aside class=\"sintoma\" role=\"note\">\
                   <div class=\"visto\">"
            .to_string());
    }
    if e_fato(codigo) {
        return Ok(format!(
            "<aside class=\"sintoma\" role=\"note\" id=\"{codigo}\">\
             <div class=\"visto\">"
        ));
    }
    if !e_codigo(codigo) {
        return Err(lugar.falha(format!(
            "`{codigo}` não é o código de um erro clássico; escreva \
             `{{{{#sintoma M06}}}}`, de M01 a M40, o nome de um fato, como \
             `{{{{#sintoma sem-recuo}}}}`, ou sem código"
        )));
    }
    Ok(format!(
        "<aside class=\"sintoma\" role=\"note\" id=\"{}\">\
         <p class=\"codigo\">{codigo}</p><div class=\"visto\">",
        codigo.to_lowercase()
    ))
}

/// `M` e dois algarismos.
pub fn e_codigo(texto: &str) -> bool {
    texto.strip_prefix('M').is_some_and(|numero| {
        numero.len() == 2 && numero.chars().all(|c| c.is_ascii_digit())
    })
}

/// O nome de um fato que o corretor diz: minúsculas e hifens.
fn e_fato(texto: &str) -> bool {
    texto.chars().all(|c| c == '-' || c.is_ascii_lowercase())
}

#[cfg(test)]
mod testes {
    use crate::paginas::bancada_de_teste::Mesa;

    fn mesa() -> Mesa {
        Mesa::com(&[("book/cap05-teste.md", "")])
    }

    #[test]
    fn o_sintoma_vem_antes_da_causa_e_tem_endereco() {
        let html = mesa().html(
            "{{#sintoma M06}}\na conversa para.\n{{#causa}}\n`write` parcial.\n\
             {{/sintoma}}",
        );

        assert!(html.contains("id=\"m06\""), "{html}");
        assert!(
            html.contains("<b class=\"rotulo\">Sintoma:</b> a conversa para."),
            "{html}"
        );
        assert!(
            html.contains("<b class=\"rotulo\">Causa:</b> `write` parcial."),
            "{html}"
        );
    }

    #[test]
    fn o_codigo_do_sintoma_pode_faltar() {
        let html = mesa().html("{{#sintoma}}\na\n{{#causa}}\nb\n{{/sintoma}}");

        assert!(!html.contains(" id="), "{html}");
    }

    #[test]
    fn um_fato_tem_endereco_e_nao_tem_codigo() {
        let html = mesa()
            .html("{{#sintoma sem-recuo}}\na\n{{#causa}}\nb\n{{/sintoma}}");

        assert!(html.contains("id=\"sem-recuo\""), "{html}");
        assert!(!html.contains("class=\"codigo\""), "{html}");
    }

    #[test]
    fn um_codigo_que_nao_existe_e_uma_falha() {
        let falha =
            mesa().falha("{{#sintoma X1}}\na\n{{#causa}}\nb\n{{/sintoma}}");

        assert!(falha.contains("`X1`"), "{falha}");
    }

    #[test]
    fn um_sintoma_sem_causa_e_uma_falha() {
        let falha = mesa().falha("{{#sintoma M06}}\na\n{{/sintoma}}");

        assert!(falha.contains("{{#causa}}"), "{falha}");
    }

    #[test]
    fn uma_causa_solta_e_uma_falha() {
        let falha = mesa().falha("{{#causa}}");

        assert!(falha.contains("dentro de `{{#sintoma}}`"), "{falha}");
    }

    #[test]
    fn a_caixa_do_que_se_vai_conseguir_aceita_markdown() {
        let html =
            mesa().html("# T\n\n{{#conseguir}}\n* um\n* dois\n{{/conseguir}}");

        assert!(html.contains("<div class=\"conseguir\">"), "{html}");
        assert!(html.contains("\n\n* um\n* dois\n\n</div>"), "{html}");
    }
}
