//! O relatório do programa, linha por linha.

use std::net::SocketAddr;

use crate::erros_classicos::Codigo;
use crate::palco::{Conexao, Interrupcao, Palco, Passo, Veredicto};

/// O que se diz de quem tentou duas vezes, seguidas, o mesmo endereço.
const REPETIDO: &str = ": o mesmo endereço da linha anterior. Em Python, \
    `getaddrinfo` sem `type=socket.SOCK_STREAM` devolve cada endereço uma vez \
    por tipo de socket (TCP, UDP e cru)";

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
            let causa = match repete(&saida, numero) {
                true => REPETIDO,
                false => "",
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

/// Se a linha do relatório tem o mesmo endereço que a anterior.
fn repete(saida: &[String], numero: usize) -> bool {
    let endereco = |n: usize| -> Option<SocketAddr> {
        saida.get(n)?.split(' ').next()?.parse().ok()
    };
    numero > 0
        && endereco(numero).is_some()
        && endereco(numero) == endereco(numero - 1)
}
