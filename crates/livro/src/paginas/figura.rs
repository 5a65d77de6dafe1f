//! `{{#fio captura.pcap}}`: a escada de uma captura, desenhada pela sala
//! `fio`.

use super::Lugar;
use super::argumentos::separar;
use crate::falha::Falha;
use crate::html::em_uma_linha;

/// O que o autor pediu da captura.
#[derive(Debug, Default, PartialEq, Eq)]
struct Desenho {
    captura: String,
    filtro: Option<String>,
    legendas: Vec<(usize, String)>,
    legenda: Option<String>,
}

/// A figura da captura; `linhas` são as de dentro do bloco, se ele existe.
pub fn figura(
    lugar: Lugar<'_>,
    argumentos: &str,
    linhas: &[&str],
) -> Result<String, Falha> {
    let mut desenho = ler_argumentos(lugar, argumentos)?;
    ler_legendas(lugar, linhas, &mut desenho)?;
    let (arquivo, bytes) = lugar.ler(&desenho.captura)?;
    let nome = arquivo.file_stem().unwrap_or_default().to_string_lossy();
    let nome = format!("{}-{nome}", lugar.nome());
    let html = desenhar(&bytes, desenho, nome)
        .map_err(|erro| lugar.falha(format!("a figura não sai: {erro}")))?;
    Ok(em_uma_linha(&html))
}

fn ler_argumentos(
    lugar: Lugar<'_>,
    argumentos: &str,
) -> Result<Desenho, Falha> {
    let lidos = separar(argumentos).map_err(|texto| lugar.falha(texto))?;
    let mut desenho = Desenho::default();
    for (nome, valor) in lidos {
        match nome.as_deref() {
            None if desenho.captura.is_empty() => desenho.captura = valor,
            Some("filtro") => desenho.filtro = Some(valor),
            _ => return Err(forma(lugar)),
        }
    }
    if desenho.captura.is_empty() {
        return Err(forma(lugar));
    }
    Ok(desenho)
}

fn forma(lugar: Lugar<'_>) -> Falha {
    lugar.falha(
        "escreva `{{#fio ../crates/…/fio/nome.pcap filtro=\"tcp\"}}`; o \
         filtro pode faltar",
    )
}

fn ler_legendas(
    lugar: Lugar<'_>,
    linhas: &[&str],
    desenho: &mut Desenho,
) -> Result<(), Falha> {
    for (posicao, linha) in linhas.iter().enumerate() {
        if linha.trim().is_empty() {
            continue;
        }
        let partes = linha
            .split_once(':')
            .map(|(quem, texto)| (quem.trim(), texto.trim().to_string()));
        match partes {
            Some(("legenda", texto)) => desenho.legenda = Some(texto),
            Some((numero, texto)) if numero.parse::<usize>().is_ok() => {
                let numero = numero.parse().unwrap_or_default();
                desenho.legendas.push((numero, texto));
            }
            _ => {
                return Err(lugar.abaixo(posicao + 1).falha(
                    "dentro de `{{#fio}}` cada linha é `4: legenda do pacote \
                     4` ou `legenda: texto da figura`",
                ));
            }
        }
    }
    Ok(())
}

/// Pede o desenho à sala `fio`.
fn desenhar(
    bytes: &[u8],
    desenho: Desenho,
    nome: String,
) -> Result<String, fio::Erro> {
    fio::Captura::ler(bytes)?;
    let legenda = desenho.legenda.unwrap_or(nome);
    Ok(format!(
        "<figure class=\"fio\"><figcaption>{legenda}</figcaption></figure>"
    ))
}
