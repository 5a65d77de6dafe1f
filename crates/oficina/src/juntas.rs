//! Tarefas em ordem, mais de uma por vez.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Faz as tarefas `0..quantas`, no máximo `juntas` ao mesmo tempo, começadas
/// na ordem. `fazer` recebe o trabalhador (de 0 a `juntas` − 1) e a tarefa;
/// `receber`, cada resultado, também na ordem, e diz se os outros interessam.
/// Depois de um não, nenhuma tarefa começa, e a função volta quando terminam
/// as que já tinham começado; com `juntas` igual a 1, não há nenhuma.
pub fn em_ordem<R: Send>(
    quantas: usize,
    juntas: usize,
    fazer: impl Fn(usize, usize) -> R + Sync,
    mut receber: impl FnMut(R) -> bool,
) {
    if juntas <= 1 {
        let _ = (0..quantas).all(|tarefa| receber(fazer(0, tarefa)));
        return;
    }
    let proxima = AtomicUsize::new(0);
    let (entregar, feitas) = mpsc::channel();
    thread::scope(|escopo| {
        for trabalhador in 0..juntas.min(quantas) {
            let (proxima, fazer) = (&proxima, &fazer);
            let entregar = entregar.clone();
            escopo.spawn(move || {
                loop {
                    let tarefa = proxima.fetch_add(1, Ordering::Relaxed);
                    if tarefa >= quantas {
                        return;
                    }
                    // Se ninguém mais espera, o resultado não interessa.
                    let _ = entregar.send((tarefa, fazer(trabalhador, tarefa)));
                }
            });
        }
        drop(entregar);
        let mut adiantadas = BTreeMap::new();
        let mut esperada = 0;
        for (tarefa, resultado) in feitas {
            adiantadas.insert(tarefa, resultado);
            while let Some(resultado) = adiantadas.remove(&esperada) {
                esperada += 1;
                if !receber(resultado) {
                    proxima.store(quantas, Ordering::Relaxed);
                    return;
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn os_resultados_vem_na_ordem_das_tarefas() {
        for juntas in [1, 2, 5] {
            let mut vistos = Vec::new();
            em_ordem(
                20,
                juntas,
                |_, tarefa| tarefa,
                |tarefa| {
                    vistos.push(tarefa);
                    true
                },
            );
            assert_eq!(vistos, (0..20).collect::<Vec<_>>());
        }
    }

    #[test]
    fn duas_tarefas_andam_ao_mesmo_tempo() {
        // Cada uma espera a outra: em fila, não voltariam nunca.
        let encontro = Barrier::new(2);
        let mut trabalhadores = Vec::new();
        em_ordem(
            2,
            2,
            |trabalhador, _| {
                encontro.wait();
                trabalhador
            },
            |trabalhador| {
                trabalhadores.push(trabalhador);
                true
            },
        );
        trabalhadores.sort_unstable();
        assert_eq!(trabalhadores, [0, 1]);
    }

    #[test]
    fn depois_do_nao_nada_mais_se_recebe_nem_comeca() {
        for juntas in [1, 2] {
            let comecadas = AtomicUsize::new(0);
            let mut vistos = Vec::new();
            em_ordem(
                1000,
                juntas,
                |_, tarefa| {
                    comecadas.fetch_add(1, Ordering::Relaxed);
                    tarefa
                },
                |tarefa| {
                    vistos.push(tarefa);
                    tarefa < 3
                },
            );
            assert_eq!(vistos, [0, 1, 2, 3]);
            if juntas == 1 {
                assert_eq!(comecadas.into_inner(), 4);
            }
        }
    }
}
