//! Confere a soma de verificação do transporte (RFC 1071).

use std::ops::Range;

use etherparse::IpNumber;
use etherparse::checksum::Sum16BitWords;

use crate::decodificar::octetos;
use crate::pacote::{Pacote, Soma};

/// Soma o pseudocabeçalho e o transporte inteiro (RFC 9293, §3.1).
pub(crate) fn conferir(
    pacote: &Pacote,
    bytes: &[u8],
    transporte: Range<usize>,
    protocolo: IpNumber,
) -> Soma {
    let Some(trecho) = bytes.get(transporte) else {
        return Soma::SemComo;
    };
    let pseudo = match protocolo {
        IpNumber::ICMP => Sum16BitWords::new(),
        _ => pseudocabecalho(pacote, trecho.len(), protocolo),
    };
    let campo = campo_da_soma(trecho, protocolo);
    let sem_soma = protocolo == IpNumber::UDP && campo == Some(0);
    if campo.is_none() || sem_soma {
        return Soma::SemComo;
    }
    if pseudo.clone().add_slice(trecho).ones_complement() == 0 {
        return Soma::Certa;
    }
    // O que o kernel deixa no campo quando a placa é quem soma.
    let adiada = (!pseudo.ones_complement()).to_be();
    if campo == Some(adiada) {
        Soma::Adiada
    } else {
        Soma::Errada
    }
}

fn campo_da_soma(trecho: &[u8], protocolo: IpNumber) -> Option<u16> {
    let inicio = match protocolo {
        IpNumber::TCP => 16,
        IpNumber::UDP => 6,
        _ => 2,
    };
    let par = trecho.get(inicio..inicio + 2)?;
    Some(u16::from_be_bytes([par[0], par[1]]))
}

fn pseudocabecalho(
    pacote: &Pacote,
    comprimento: usize,
    protocolo: IpNumber,
) -> Sum16BitWords {
    let mut soma = Sum16BitWords::new();
    for ponta in [pacote.origem, pacote.destino].into_iter().flatten() {
        soma = soma.add_slice(&octetos(ponta.ip));
    }
    let comprimento = u32::try_from(comprimento).unwrap_or_default();
    soma = soma.add_4bytes(comprimento.to_be_bytes());
    soma.add_2bytes([0, protocolo.0])
}
