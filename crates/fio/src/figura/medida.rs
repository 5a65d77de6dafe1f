//! Quanto espaço um texto ocupa, estimado: quem desenha não tem as fontes.

/// Largura estimada, em pixels, de um texto sem serifa.
pub(crate) fn largura(texto: &str, tamanho: f64, negrito: bool) -> f64 {
    let emes: f64 = texto.chars().map(largura_da_letra).sum();
    emes * tamanho * if negrito { 1.08 } else { 1.0 }
}

/// Largura de um texto de largura fixa.
pub(crate) fn largura_fixa(texto: &str, tamanho: f64) -> f64 {
    texto.chars().count() as f64 * tamanho * 0.61
}

fn largura_da_letra(letra: char) -> f64 {
    match letra {
        'i' | 'l' | 'j' | 'I' | '.' | ',' | ':' | ';' | '|' | '!' | '\'' => {
            0.29
        }
        'f' | 't' | 'r' | ' ' | '(' | ')' | '[' | ']' | '-' | '·' => 0.37,
        'm' | 'w' | 'M' | 'W' | '…' | '@' | '%' | '↵' | '⇥' => 0.92,
        'A'..='Z' => 0.68,
        '\u{1100}'.. if !('\u{2000}'..'\u{2e80}').contains(&letra) => 1.1,
        _ => 0.58,
    }
}

/// Corta o texto para caber em `espaco` pixels, com reticências.
pub(crate) fn caber(texto: &str, tamanho: f64, espaco: f64) -> String {
    if largura(texto, tamanho, false) <= espaco {
        return texto.to_owned();
    }
    let mut usado = largura("…", tamanho, false);
    let inicio: String = texto
        .chars()
        .take_while(|letra| {
            usado += largura_da_letra(*letra) * tamanho;
            usado <= espaco
        })
        .collect();
    format!("{}…", inicio.trim_end())
}

/// Quebra o texto em linhas de até `espaco` pixels, entre palavras.
pub(crate) fn quebrar(texto: &str, tamanho: f64, espaco: f64) -> Vec<String> {
    let mut linhas: Vec<String> = Vec::new();
    for palavra in texto.split_whitespace() {
        let palavra = caber(palavra, tamanho, espaco);
        match linhas.last_mut() {
            Some(linha)
                if largura(&format!("{linha} {palavra}"), tamanho, false)
                    <= espaco =>
            {
                linha.push(' ');
                linha.push_str(&palavra);
            }
            _ => linhas.push(palavra),
        }
    }
    linhas
}
