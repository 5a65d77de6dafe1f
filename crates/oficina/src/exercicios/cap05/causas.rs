//! Que erro explica o que chegou, ou não, no lugar do eco.

use crate::erros_classicos::Codigo;
use crate::palco::{Entrega, Evidencia};

/// Uma parte do que foi recebido nunca foi enviada: no meio, ou do fim.
pub fn faltou_um_pedaco(prova: &Evidencia) -> Option<Codigo> {
    let acabou = prova.fim() || prova.redefinida();
    let calou = prova.silencio() && prova.por_enviar == 0;
    let faltou = prova.so_o_comeco() && (acabou || calou);
    (faltou || prova.pulou().is_some()).then_some(Codigo::M06)
}

/// O eco ficou no programa, à espera de mais.
pub fn guardou(prova: &Evidencia) -> Option<Codigo> {
    prova.silencio().then_some(Codigo::M10)
}

/// Faltou o que veio depois da primeira mensagem: uma leitura, uma mensagem.
pub fn so_a_primeira(prova: &Evidencia, primeira: usize) -> Option<Codigo> {
    (prova.so_o_comeco() && prova.recebido.len() == primeira)
        .then_some(Codigo::M01)
}

/// O que a forma da entrega revela sobre um eco incompleto.
pub fn pelo_corte(prova: &Evidencia, entrega: Entrega) -> Option<Codigo> {
    let recebidos = prova.recebido.len();
    let acabou = prova.fim() || prova.redefinida();
    let cortou = acabou && prova.esperado.starts_with(&prova.recebido);
    match entrega {
        // A mensagem veio em uma escrita só: o reset diz que ficou por ler.
        Entrega::Inteiro if prova.so_o_comeco() && prova.redefinida() => {
            Some(Codigo::M12)
        }
        // Fechou quando leu o primeiro byte de um caractere acentuado.
        Entrega::GotaAGota
            if cortou && !prova.esperado[recebidos].is_ascii() =>
        {
            Some(Codigo::M04)
        }
        // Das leituras em que a mensagem chegou, só a última teve resposta.
        Entrega::GotaAGota
            if recebidos > 0 && prova.esperado.ends_with(&prova.recebido) =>
        {
            Some(Codigo::M02)
        }
        _ => None,
    }
}

/// A primeira mensagem teve eco; a segunda, não, e a conexão acabou.
pub fn parou_na_primeira(prova: &Evidencia) -> Option<Codigo> {
    let acabou = prova.fim() || prova.redefinida();
    (acabou && prova.nada_chegou()).then_some(Codigo::M02)
}

/// A causa de um eco errado, pelo que se viu no fio.
pub fn causa(prova: &Evidencia) -> Option<Codigo> {
    if prova.fim() || prova.redefinida() {
        if prova.terminou {
            return Some(Codigo::Encerrou);
        }
        return match prova.nada_chegou() {
            true => Some(Codigo::M08),
            false => Some(Codigo::M02),
        };
    }
    None
}

/// O mesmo, onde o conteúdo foi escolhido para quebrar quem o toma por texto.
pub fn como_texto(prova: &Evidencia) -> Option<Codigo> {
    if prova.texto_corrompido() || prova.fim() || prova.redefinida() {
        return Some(Codigo::M04);
    }
    None
}

/// O que explica a falta do fim do fluxo.
pub fn sem_fim(prova: &Evidencia) -> Option<Codigo> {
    if prova.silencio() && prova.girando() {
        return Some(Codigo::M07);
    }
    if prova.silencio() && prova.nada_chegou() {
        return Some(Codigo::M13);
    }
    if prova.redefinida() {
        return Some(Codigo::M12);
    }
    (!prova.nada_chegou()).then_some(Codigo::M05)
}
