//! Esperado × recebido, com o dedo no primeiro byte que difere.

use super::evidencia::Evidencia;
use super::transcricao::em_hexadecimal;

/// Quantos bytes aparecem antes e depois da diferença.
const ANTES: usize = 6;
const DEPOIS: usize = 10;

/// As linhas de uma comparação, sem cor:
///
/// ```text
/// esperado  byte 4…  c3 a7 c3 a3 6f   “ção”
/// recebido  byte 4…  ef bf bd         “�”
///                    ^^ byte 4
/// ```
pub fn comparar(prova: &Evidencia) -> Vec<String> {
    let aqui = prova.primeira_diferenca();
    let de = aqui.saturating_sub(ANTES);
    let esperado = janela(&prova.esperado, de, aqui);
    let recebido = janela(&prova.recebido, de, aqui);
    let largura = largura_hex(esperado).max(largura_hex(recebido));
    let inicio = format!("byte {de}: ");
    let dedo = " ".repeat("esperado  ".len() + inicio.len() + (aqui - de) * 3);
    vec![
        format!("esperado  {inicio}{}", lado(esperado, largura)),
        format!("recebido  {inicio}{}", lado(recebido, largura)),
        format!("{dedo}^^ o byte {aqui}{}", legenda(prova, aqui)),
    ]
}

fn janela(conteudo: &[u8], de: usize, aqui: usize) -> &[u8] {
    let fim = conteudo.len().min(aqui + DEPOIS);
    &conteudo[de.min(fim)..fim]
}

fn largura_hex(conteudo: &[u8]) -> usize {
    (conteudo.len() * 3).max("(nada)".len())
}

fn lado(conteudo: &[u8], largura: usize) -> String {
    if conteudo.is_empty() {
        return format!("{:largura$}", "(nada)");
    }
    let hexadecimal = em_hexadecimal(conteudo);
    let texto = super::transcricao::visivel(&String::from_utf8_lossy(conteudo));
    let texto: String = texto
        .chars()
        .map(|c| if c.is_control() { '·' } else { c })
        .collect();
    format!("{hexadecimal:largura$} “{texto}”")
}

fn legenda(prova: &Evidencia, aqui: usize) -> String {
    match (prova.esperado.get(aqui), prova.recebido.get(aqui)) {
        (Some(certo), Some(outro)) => {
            format!(": esperava {certo:02x}, veio {outro:02x}")
        }
        (Some(certo), None) => {
            format!(": esperava {certo:02x}, e não veio nada")
        }
        (None, Some(outro)) => {
            format!(": não esperava mais nada, e veio {outro:02x}")
        }
        (None, None) => String::new(),
    }
}
