//! Que erro explica o que chegou, ou não, no lugar do eco.

use crate::erros_classicos::Codigo;
use crate::palco::{Entrega, Evidencia};

/// Todo buffer que se enche por inteiro é múltiplo disto, em bytes.
const BLOCO_MINIMO: usize = 16;

/// Uma parte do que foi recebido nunca foi enviada: no meio, ou do fim.
pub fn faltou_um_pedaco(prova: &Evidencia) -> Option<Codigo> {
    let acabou = prova.fim() || prova.redefinida();
    let calou = prova.silencio() && prova.por_enviar == 0;
    let faltou = prova.so_o_comeco() && (acabou || calou);
    (faltou || prova.pulou().is_some()).then_some(Codigo::M06)
}

/// O eco, ou o fim dele, ficou no programa.
pub fn guardou(prova: &Evidencia) -> Option<Codigo> {
    prova.silencio().then_some(Codigo::Segura)
}

/// O eco só saiu depois que chegou muito mais. Quem lê até encher um buffer, e
/// quem copia para um até enchê-lo, solta blocos inteiros; quem escreve por um
/// `BufWriter` solta o que havia nele quando o próximo pedaço não coube.
pub fn quem_segura(soltos: usize) -> Codigo {
    match soltos % BLOCO_MINIMO {
        0 => Codigo::Segura,
        _ => Codigo::M10,
    }
}

/// O eco veio até um byte zero.
pub fn parou_no_zero(prova: &Evidencia) -> Option<Codigo> {
    let proximo = prova.esperado.get(prova.recebido.len());
    (prova.so_o_comeco() && prova.silencio() && proximo == Some(&0))
        .then_some(Codigo::ParaNoZero)
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
        // Cada byte veio em uma leitura: quem devolveu dois não leu uma vez só.
        Entrega::GotaAGota if cortou && recebidos > 1 && !prova.terminou => {
            Some(Codigo::FechouCedo)
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
    // O -1 que algumas linguagens devolvem no fim vira, em um byte, ff.
    if !prova.nada_chegou() && prova.recebido.iter().all(|&b| b == 0xff) {
        return Some(Codigo::M07);
    }
    (!prova.nada_chegou()).then_some(Codigo::M05)
}
