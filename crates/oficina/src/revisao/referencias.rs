//! Os RFCs: o rótulo e o endereço dizem o mesmo, e todos estão na bibliografia.

use std::collections::BTreeMap;

use super::pagina::{Pagina, Tipo};
use super::{Casa, Problema, problema};

/// Onde moram os RFCs que o livro cita.
const SITIO: &str = "https://www.rfc-editor.org/rfc/rfc";

const BIBLIOGRAFIA: &str = "bibliografia";

/// Cada RFC citado em uma página está na bibliografia, e cada link leva à
/// seção que o rótulo diz.
pub fn revisar(casa: &Casa) -> Vec<Problema> {
    let bibliografia = citados(&casa.pagina(BIBLIOGRAFIA));
    let mut problemas = Vec::new();
    for pagina in casa.paginas() {
        problemas.extend(dos_links(&pagina));
        for (rfc, linha) in citados(&pagina) {
            if !bibliografia.contains_key(&rfc) {
                let texto = format!(
                    "o RFC {rfc} não está em book/{BIBLIOGRAFIA}.md; \
                     acrescente-o com uma frase"
                );
                problemas.push(problema(pagina.onde(linha), texto));
            }
        }
    }
    problemas
}

/// Os RFCs de uma página, com a linha da primeira vez.
fn citados(pagina: &Pagina) -> BTreeMap<u32, usize> {
    let mut achados = BTreeMap::new();
    for linha in pagina.linhas.iter().filter(|l| l.tipo != Tipo::Codigo) {
        let minuscula = linha.texto.to_lowercase();
        for pedaco in minuscula.split("rfc").skip(1) {
            if let Some(numero) = numero(pedaco.trim_start()) {
                achados.entry(numero).or_insert(linha.numero);
            }
        }
    }
    achados
}

fn dos_links(pagina: &Pagina) -> Vec<Problema> {
    let mut problemas = Vec::new();
    for linha in &pagina.linhas {
        for (rotulo, destino) in links(&linha.texto) {
            let Some(resto) = destino.strip_prefix(SITIO) else {
                continue;
            };
            if let Some(texto) = defeito(rotulo, resto) {
                problemas.push(problema(pagina.onde(linha.numero), texto));
            }
        }
    }
    problemas
}

/// O que há de errado em `[RFC 9293, §3.5](…rfc9293#section-3.5)`.
fn defeito(rotulo: &str, resto: &str) -> Option<String> {
    let no_destino = numero(resto);
    let no_rotulo = rotulo
        .split_once("RFC ")
        .and_then(|(_, depois)| numero(depois));
    if no_rotulo.is_some() && no_rotulo != no_destino {
        return Some(format!("o rótulo “{rotulo}” leva ao RFC {resto}"));
    }
    let secao = rotulo.split_once('§').map(|(_, secao)| secao.trim());
    let fragmento = resto.split_once("#section-").map(|(_, f)| f);
    match (secao, fragmento) {
        (Some(secao), Some(fragmento)) if secao != fragmento => Some(format!(
            "o rótulo diz §{secao}, e o link leva à seção {fragmento}"
        )),
        (Some(secao), None) => Some(format!(
            "o link de “{rotulo}” não leva à seção: acrescente \
             `#section-{secao}`"
        )),
        _ => None,
    }
}

/// Os pares `[rótulo](destino)` de uma linha.
fn links(linha: &str) -> Vec<(&str, &str)> {
    let mut achados = Vec::new();
    let mut resto = linha;
    while let Some(meio) = resto.find("](") {
        let rotulo = resto[..meio].rsplit('[').next().unwrap_or_default();
        let depois = &resto[meio + 2..];
        let fim = depois.find(')').unwrap_or(depois.len());
        achados.push((rotulo, &depois[..fim]));
        resto = &depois[fim..];
    }
    achados
}

/// O número no começo do texto.
fn numero(texto: &str) -> Option<u32> {
    let fim = texto
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(texto.len());
    texto[..fim].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn os_rfcs_citados_saem_uma_vez_com_a_linha() {
        let pagina = Pagina::ler(
            "cap05-teste",
            "a [RFC 9293, §3.5](https://www.rfc-editor.org/rfc/rfc9293)\n\
             o RFC 768, o RFC 9293\n```text\nRFC 1\n```\n",
        );
        let citados: Vec<_> = citados(&pagina).into_iter().collect();
        assert_eq!(citados, [(768, 2), (9293, 1)]);
    }

    #[test]
    fn o_link_que_nao_leva_aonde_o_rotulo_diz_e_acusado() {
        for (rotulo, resto, trecho) in [
            ("RFC 9293, §3.5", "9293#section-3.6", "leva à seção 3.6"),
            ("RFC 9293, §3.5", "9293", "#section-3.5"),
            ("RFC 768", "9293", "leva ao RFC 9293"),
            ("§3.4", "9293#section-3.5", "§3.4"),
        ] {
            let defeito = defeito(rotulo, resto).unwrap_or_default();
            assert!(defeito.contains(trecho), "{rotulo} {resto}: {defeito}");
        }
        assert_eq!(defeito("RFC 9293, §3.5", "9293#section-3.5"), None);
        assert_eq!(defeito("RFC 768", "768"), None);
        assert_eq!(defeito("RFC 791, apêndice B", "791#page-39"), None);
    }
}
