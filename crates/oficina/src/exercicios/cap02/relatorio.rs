//! O relatório do programa, linha por linha.

use std::net::SocketAddr;

use crate::erros_classicos::Codigo;
use crate::palco::{Conexao, Interrupcao, Palco, Passo, Veredicto};

/// O que se diz de quem tentou duas vezes, seguidas, o mesmo endereço.
const REPETIDO: &str = ": o mesmo endereço da linha anterior. Em Python, \
    `getaddrinfo` sem `type=socket.SOCK_STREAM` devolve cada endereço uma vez \
    por tipo de socket (TCP, UDP e cru)";

/// O que se diz de quem escreveu o relatório no outro lugar.
const NA_DE_ERROS: &str = ": ele está na saída de erros";

/// O que se diz de quem tentou os endereços do nome em outra ordem.
const OUTRA_ORDEM: &str = ": a ordem é a que o sistema dá, sem escolher nem \
    ordenar. Java põe os IPv4 na frente, a não ser com \
    `-Djava.net.preferIPv6Addresses=system`";

/// A saída padrão, linha por linha, com o programa já terminado.
pub fn conferir_relatorio(palco: &Palco, esperado: &[String]) -> Veredicto {
    let saida = palco.saida();
    for linha in &saida {
        palco.narrar("relatório", "diz", linha);
    }
    let fim = "(fim do relatório)";
    for numero in 0..esperado.len().max(saida.len()) {
        let pedida = esperado.get(numero).map_or(fim, String::as_str);
        let vista = saida.get(numero).map_or(fim, String::as_str);
        if pedida != vista {
            let na_de_erros = || {
                let erros = palco.saida_de_erros();
                saida.is_empty() && erros.iter().any(|linha| linha == pedida)
            };
            let causa = if repete(&saida, numero) {
                REPETIDO
            } else if na_de_erros() {
                NA_DE_ERROS
            } else {
                ""
            };
            return palco.falhar(
                Codigo::Diferente,
                format!(
                    "na linha {} do relatório, esperava “{pedida}”; \
                     veio “{vista}”{causa}",
                    numero + 1
                ),
            );
        }
    }
    Ok(())
}

/// Quem não chegou ao servidor porque repetiu um endereço percorreu a lista:
/// o motivo é a repetição.
pub fn explicar_repeticao(
    palco: &Palco,
    visita: Passo<Conexao>,
) -> Passo<Conexao> {
    let saida = palco.saida();
    let repetida = (1..saida.len()).find(|&n| repete(&saida, n));
    match (visita, repetida) {
        (Err(Interrupcao::Falha(_)), Some(numero)) => palco.falhar(
            Codigo::Diferente,
            format!(
                "a linha {} do relatório é “{}”{REPETIDO}",
                numero + 1,
                saida[numero]
            ),
        ),
        (visita, _) => visita,
    }
}

/// Se a primeira linha do relatório tem um endereço do nome, e não o primeiro:
/// é a ordem que se diz.
pub fn conferir_a_ordem(palco: &Palco, ordem: &[SocketAddr]) -> Veredicto {
    let primeira = palco.saida().first().and_then(|linha| endereco(linha));
    let (Some(primeiro), Some(veio)) = (ordem.first(), primeira) else {
        return Ok(());
    };
    if veio == *primeiro || !ordem.contains(&veio) {
        return Ok(());
    }
    palco.falhar(
        Codigo::Diferente,
        format!(
            "o primeiro endereço do nome, para o sistema, é {primeiro}; o \
             programa tentou antes {veio}{OUTRA_ORDEM}"
        ),
    )
}

/// O endereço no começo de uma linha do relatório.
fn endereco(linha: &str) -> Option<SocketAddr> {
    linha.split(' ').next()?.parse().ok()
}

/// Se a linha do relatório tem o mesmo endereço que a anterior.
fn repete(saida: &[String], numero: usize) -> bool {
    let onde = |n: usize| saida.get(n).and_then(|linha| endereco(linha));
    numero > 0 && onde(numero).is_some() && onde(numero) == onde(numero - 1)
}
