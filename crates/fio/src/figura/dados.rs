//! O que o script da figura precisa saber, em JSON compacto.

use std::fmt::Write as _;

use crate::cena::{Cena, Passo};
use crate::estado::Estado;
use crate::figura::desenho::cor;
use crate::figura::escrita::base64;

/// Quantos bytes de cada pacote vão na figura.
const MAIS_BYTES: usize = 256;
/// O mesmo, em uma figura comprida: os cabeçalhos e o começo dos dados.
const MENOS_BYTES: usize = 96;
/// A partir de quantos passos a figura é comprida.
const COMPRIDA: usize = 20;

/// Um bloco `<script type="application/json">`, que nenhum navegador executa.
///
/// `r`: raias `[cor, nome, endereço, estado]`; `p`: pacotes
/// `[número, de, para, frase, camadas, bytes em base64, comprimento, mudanças]`,
/// com as camadas como `E0T34…` (letra e posição em que começa) e as mudanças
/// como pares de raia e estado.
pub(crate) fn html(cena: &Cena) -> String {
    let mut json = String::from("{\"r\":[");
    for (i, raia) in cena.raias.iter().enumerate() {
        let inicial = raia.inicial.map_or("", Estado::nome);
        let textos = [
            &cor(cena, i).to_string(),
            &raia.nome,
            &raia.endereco,
            inicial,
        ];
        lista(&mut json, i, &textos.map(texto));
    }
    json.push_str("],\"p\":[");
    let comprida = cena.passos.len() > COMPRIDA;
    let limite = if comprida { MENOS_BYTES } else { MAIS_BYTES };
    for (i, passo) in cena.passos.iter().enumerate() {
        lista(&mut json, i, &pacote(passo, limite));
    }
    json.push_str("]}");
    format!(
        "<script type=\"application/json\" class=\"fio-dados\">{json}</script>"
    )
}

fn pacote(passo: &Passo, limite: usize) -> [String; 8] {
    let pacote = &passo.mensagem.pacote;
    let guardados = &pacote.bytes[..pacote.bytes.len().min(limite)];
    let mut camadas = String::new();
    for camada in &pacote.camadas {
        let _ = write!(camadas, "{}{}", camada.tipo.letra(), camada.inicio);
        camadas.push(' ');
    }
    let fim = pacote.camadas.last().map_or(0, |camada| camada.fim);
    let _ = write!(camadas, "F{fim}");
    [
        pacote.numero.to_string(),
        passo.de.to_string(),
        passo.para.to_string(),
        texto(&frase(passo)),
        texto(&camadas),
        texto(&base64(guardados)),
        pacote.comprimento.to_string(),
        mudancas(passo),
    ]
}

/// O que acontece no passo e, se há, o que o autor diz dele.
fn frase(passo: &Passo) -> String {
    match &passo.legenda {
        Some(legenda) => format!("{} — {legenda}", passo.frase),
        None => passo.frase.clone(),
    }
}

fn mudancas(passo: &Passo) -> String {
    let pares = [
        (passo.de, passo.mensagem.mudou_ao_enviar),
        (passo.para, passo.mensagem.mudou_ao_chegar),
    ];
    let textos: Vec<String> = pares
        .into_iter()
        .filter_map(|(raia, estado)| {
            Some(format!("{raia},{}", texto(estado?.nome())))
        })
        .collect();
    format!("[{}]", textos.join(","))
}

fn lista(json: &mut String, indice: usize, valores: &[String]) {
    if indice > 0 {
        json.push(',');
    }
    let _ = write!(json, "[{}]", valores.join(","));
}

/// Um texto JSON (RFC 8259, §7) que também pode ficar dentro de HTML.
fn texto(texto: &str) -> String {
    let mut saida = String::from("\"");
    for letra in texto.chars() {
        match letra {
            '"' => saida.push_str("\\\""),
            '\\' => saida.push_str("\\\\"),
            '<' | '\u{0}'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(saida, "\\u{:04x}", letra as u32);
            }
            letra => saida.push(letra),
        }
    }
    saida.push('"');
    saida
}
