//! Um servidor que demora, mas não tanto quanto o requisito tolera.

use std::thread;
use std::time::{Duration, Instant};

use super::saida::esperar_recado;
use super::{Recado, receber_pedido};
use crate::erros_classicos::Codigo;
use crate::palco::{Entrega, Interrupcao, Palco, Passo, Veredicto};

/// Quanto o servidor se cala, duas vezes. Juntas, passam de 1 s: quem conta um
/// prazo para a conversa inteira, e não o silêncio, desiste na segunda.
const PAUSA: Duration = Duration::from_millis(600);

/// O que se diz de quem desiste em cada pausa.
const NAO_ESPEROU: &str = "o servidor parou por menos de 0,6 s";
const SOMOU: &str = "o servidor enviou uma parte e parou de novo, por menos \
                     de 0,6 s; cada byte que chega recomeça a conta";

/// Uma pausa maior do que isto, quem a esticou foi a máquina: não vale.
const PAUSA_JUSTA: Duration = Duration::from_millis(900);

/// Quantas vezes se tenta, se a máquina estica as pausas.
const TENTATIVAS: u32 = 3;

/// De quanto em quanto tempo se olha para o programa.
const FATIA: Duration = Duration::from_millis(5);

/// O que houve em uma pausa.
enum Pausa {
    Justa,
    Esticada,
}

/// O recado vem com duas pausas menores do que 1 s, e tem de chegar inteiro.
pub fn pausas(palco: &mut Palco, recado: &Recado) -> Veredicto {
    palco.titulo("o servidor faz duas pausas de 0,6 s, e responde");
    for _ in 0..TENTATIVAS {
        let mut conexao = palco.receber_em(Entrega::Inteiro)?;
        let mut desde = Instant::now();
        receber_pedido(&mut conexao)?;
        let mut justas = true;
        let (antes, depois) = recado.resposta.split_at(recado.corpo + 10);
        for (parte, porque) in [(antes, NAO_ESPEROU), (depois, SOMOU)] {
            let pausa = pausar(palco, desde, porque)?;
            let envio = Instant::now();
            conexao.enviar(parte)?;
            let no_tempo = desde.elapsed() < PAUSA_JUSTA;
            justas &= no_tempo && matches!(pausa, Pausa::Justa);
            desde = envio;
        }
        let resultado = esperar_recado(palco, recado);
        conexao.fechar();
        if resultado.is_ok() || justas {
            return resultado;
        }
    }
    Err(Interrupcao::Inconclusiva(
        "a máquina está ocupada demais para uma pausa de 0,6 s".into(),
    ))
}

/// Cala-se até a pausa acabar. Quem desiste antes desiste cedo.
fn pausar(palco: &mut Palco, desde: Instant, porque: &str) -> Passo<Pausa> {
    while desde.elapsed() < PAUSA {
        let saida = palco.terminou();
        let silencio = desde.elapsed();
        match saida {
            Some(_) if silencio >= PAUSA_JUSTA => return Ok(Pausa::Esticada),
            Some(saida) => {
                return palco.falhar(
                    Codigo::EstadoErrado,
                    format!(
                        "{porque}, e o programa terminou {}; o requisito dá \
                         1 s a cada silêncio",
                        saida.em_palavras()
                    ),
                );
            }
            None => thread::sleep(FATIA),
        }
    }
    palco.narrar("servidor", "fiz", "uma pausa de 0,6 s");
    Ok(Pausa::Justa)
}
