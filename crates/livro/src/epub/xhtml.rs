//! Do HTML que o mdBook escreve ao XHTML que um EPUB pede.
//!
//! O mdBook fecha tudo o que abre, põe aspas em todo atributo e escreve como
//! entidade todo `<` que não abre uma marca. Falta fechar os elementos vazios,
//! devolver as maiúsculas do SVG e trocar o que um leitor de EPUB não tem:
//! programas, campos de formulário e partes que abrem com um clique.

use crate::html::escapar;

const VAZIOS: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "link", "meta", "param",
    "source", "track", "wbr",
];

/// Elementos trocados por outros: marca, nova marca, classe a mais.
const TROCAS: &[(&str, &str, &str)] = &[
    ("details", "div", "aberta"),
    ("summary", "p", "resumida"),
    ("fieldset", "div", ""),
    ("legend", "p", "enunciado"),
    ("label", "span", ""),
    ("button", "span", ""),
];

const ATRIBUTOS_DO_SVG: &[&str] = &[
    "clipPathUnits",
    "gradientTransform",
    "gradientUnits",
    "lengthAdjust",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "patternUnits",
    "preserveAspectRatio",
    "refX",
    "refY",
    "textLength",
    "viewBox",
];

const MARCAS_DO_SVG: &[&str] = &[
    "clipPath",
    "foreignObject",
    "linearGradient",
    "radialGradient",
    "textPath",
];

/// A página inteira, a partir do HTML do conteúdo.
pub fn pagina(titulo: &str, lingua: &str, html: &str) -> String {
    let estilo =
        "<link rel=\"stylesheet\" type=\"text/css\" href=\"estilo.css\"/>";
    envolver(titulo, lingua, estilo, &conteudo(html))
}

/// Um documento XHTML em volta do corpo.
pub fn envolver(
    titulo: &str,
    lingua: &str,
    cabeca: &str,
    corpo: &str,
) -> String {
    let (titulo, lingua) = (escapar(titulo), escapar(lingua));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" \
         xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"{lingua}\" \
         xml:lang=\"{lingua}\"><head><title>{titulo}</title>{cabeca}</head>\
         <body>{corpo}</body></html>\n"
    )
}

/// Converte as marcas, uma a uma; o texto passa igual.
fn conteudo(html: &str) -> String {
    let mut saida = String::with_capacity(html.len());
    let mut resto = html;
    while let Some(abre) = resto.find('<') {
        saida.push_str(&resto[..abre]);
        resto = &resto[abre..];
        let tamanho = match fim_do_que_some(resto) {
            Some(tamanho) => tamanho,
            None => {
                let fim = resto.find('>').map_or(resto.len(), |fim| fim + 1);
                saida.push_str(&marca(&resto[..fim]));
                fim
            }
        };
        resto = &resto[tamanho..];
    }
    saida.push_str(resto);
    saida
}

/// O tamanho de um trecho que não vai para o EPUB, se ele começa aqui.
fn fim_do_que_some(resto: &str) -> Option<usize> {
    let ate = |fim: &str| resto.find(fim).map(|posicao| posicao + fim.len());
    if resto.starts_with("<!--") {
        ate("-->")
    } else if resto.starts_with("<script") {
        ate("</script>")
    } else if resto.starts_with("<svg class=\"fio-largo\"") {
        ate("</svg>")
    } else if resto.starts_with("<input") {
        ate(">")
    } else {
        None
    }
}

fn marca(texto: &str) -> String {
    if let Some(nome) = texto.strip_prefix("</") {
        let nome = nome.trim_end_matches('>').trim();
        return format!("</{}>", trocada(nome).0);
    }
    let dentro = texto.trim_start_matches('<').trim_end_matches('>');
    let fechada = dentro.ends_with('/');
    let dentro = dentro.trim_end_matches('/').trim_end();
    let (nome, resto) = dentro.split_once(' ').unwrap_or((dentro, ""));
    let (novo, classe) = trocada(nome);
    let mut saida = format!("<{novo}");
    for (atributo, valor) in atributos(resto) {
        saida.push_str(&escrever(&atributo, valor, classe));
    }
    if !classe.is_empty() && !resto.contains("class=") {
        saida.push_str(&format!(" class=\"{classe}\""));
    }
    if nome == "svg" {
        saida.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
    }
    let vazio = fechada || VAZIOS.contains(&nome);
    saida.push_str(if vazio { "/>" } else { ">" });
    saida
}

/// O nome que a marca tem no EPUB, e a classe que ela ganha.
fn trocada(nome: &str) -> (&str, &'static str) {
    if let Some((_, novo, classe)) = TROCAS.iter().find(|t| t.0 == nome) {
        return (novo, classe);
    }
    let do_svg = MARCAS_DO_SVG
        .iter()
        .find(|svg| svg.eq_ignore_ascii_case(nome));
    (do_svg.copied().unwrap_or(nome), "")
}

/// Os pares nome e valor; o mdBook sempre põe aspas duplas.
fn atributos(texto: &str) -> Vec<(String, &str)> {
    let mut saida = Vec::new();
    let mut resto = texto.trim();
    while let Some((nome, depois)) = resto.split_once("=\"") {
        let (valor, depois) = depois.split_once('"').unwrap_or((depois, ""));
        let nome = nome.trim();
        let do_svg = ATRIBUTOS_DO_SVG
            .iter()
            .find(|svg| svg.eq_ignore_ascii_case(nome));
        let nome = do_svg.copied().unwrap_or(nome);
        saida.push((nome.to_string(), valor));
        resto = depois.trim_start();
    }
    saida
}

fn escrever(nome: &str, valor: &str, classe: &str) -> String {
    match nome {
        "xmlns" | "open" | "tabindex" => String::new(),
        "href" => format!(" href=\"{}\"", destino(valor)),
        "class" if !classe.is_empty() => {
            format!(" class=\"{valor} {classe}\"")
        }
        _ => format!(" {nome}=\"{valor}\""),
    }
}

/// Um link para outra página do livro aponta para o XHTML dela.
fn destino(valor: &str) -> String {
    if valor.contains("://") || valor.starts_with("mailto:") {
        return valor.to_string();
    }
    match valor.split_once('#') {
        Some((pagina, id)) => {
            format!("{}#{id}", pagina.replace(".html", ".xhtml"))
        }
        None => valor.replace(".html", ".xhtml"),
    }
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn os_elementos_vazios_se_fecham() {
        assert_eq!(
            conteudo("a<br>b<img src=\"x.png\" alt=\"\"><hr />"),
            "a<br/>b<img src=\"x.png\" alt=\"\"/><hr/>"
        );
    }

    #[test]
    fn o_svg_recupera_as_maiusculas_e_o_espaco_de_nomes() {
        let xhtml = conteudo(
            "<svg viewbox=\"0 0 1 1\"><lineargradient></lineargradient></svg>",
        );

        assert_eq!(
            xhtml,
            "<svg viewBox=\"0 0 1 1\" xmlns=\"http://www.w3.org/2000/svg\">\
             <linearGradient></linearGradient></svg>"
        );
    }

    #[test]
    fn o_que_so_serve_na_tela_some_ou_vira_texto() {
        let xhtml = conteudo(
            "<script type=\"application/json\">{\"a\":\"<b>\"}</script>\
             <label><input type=\"radio\" name=\"a\"> <span>x</span></label>\
             <details class=\"porque\"><summary>Por quê?</summary></details>",
        );

        assert_eq!(
            xhtml,
            "<span> <span>x</span></span><div class=\"porque aberta\">\
             <p class=\"resumida\">Por quê?</p></div>"
        );
    }

    #[test]
    fn os_links_internos_vao_para_o_xhtml() {
        assert_eq!(destino("cap05.html#m06"), "cap05.xhtml#m06");
        assert_eq!(destino("https://a.b/c.html"), "https://a.b/c.html");
    }
}
