//! Escreve SVG e HTML sem deixar o texto virar marcação.

/// Texto pronto para ficar entre etiquetas ou dentro de um atributo.
pub(crate) fn escapar(texto: &str) -> String {
    let mut saida = String::with_capacity(texto.len());
    for letra in texto.chars() {
        match letra {
            '&' => saida.push_str("&amp;"),
            '<' => saida.push_str("&lt;"),
            '>' => saida.push_str("&gt;"),
            '"' => saida.push_str("&quot;"),
            // Proibidos em HTML e em XML, mesmo como referência.
            letra if letra.is_control() && letra != '\n' => {
                saida.push('\u{fffd}');
            }
            letra => saida.push(letra),
        }
    }
    saida
}

/// Uma coordenada com no máximo uma casa decimal.
pub(crate) fn ponto(valor: f64) -> String {
    let arredondado = (valor * 10.0).round() / 10.0;
    if arredondado.fract() == 0.0 {
        format!("{arredondado:.0}")
    } else {
        format!("{arredondado:.1}")
    }
}

/// Base64 comum (RFC 4648, §4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETRAS: &[u8; 64] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut saida = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for trio in bytes.chunks(3) {
        let tres = [
            trio[0],
            trio.get(1).copied().unwrap_or(0),
            trio.get(2).copied().unwrap_or(0),
        ];
        let todos = u32::from_be_bytes([0, tres[0], tres[1], tres[2]]);
        for i in 0..4 {
            let valor = (todos >> (18 - 6 * i)) & 63;
            let letra = char::from(LETRAS[valor as usize]);
            saida.push(if i <= trio.len() { letra } else { '=' });
        }
    }
    saida
}
