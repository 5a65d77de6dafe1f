//! O mesmo trabalho em muitas páginas, com todos os processadores.

use std::thread;

/// Aplica `trabalho` a cada item, na ordem, repartindo entre threads.
pub fn mapear<T: Sync, R: Send>(
    itens: &[T],
    trabalho: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let quantas = thread::available_parallelism().map_or(1, usize::from);
    let tamanho = itens.len().div_ceil(quantas).max(1);
    let trabalho = &trabalho;
    thread::scope(|escopo| {
        let partes: Vec<_> = itens
            .chunks(tamanho)
            .map(|parte| {
                escopo.spawn(move || {
                    parte.iter().map(trabalho).collect::<Vec<R>>()
                })
            })
            .collect();
        let resultados = partes.into_iter().map(|parte| {
            parte
                .join()
                .unwrap_or_else(|panico| std::panic::resume_unwind(panico))
        });
        resultados.flatten().collect()
    })
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn a_ordem_dos_resultados_e_a_dos_itens() {
        let numeros: Vec<usize> = (0..101).collect();
        let dobros: Vec<usize> = numeros.iter().map(|n| n * 2).collect();

        assert_eq!(mapear(&numeros, |n| n * 2), dobros);
        assert!(mapear(&[] as &[u8], |n| *n).is_empty());
    }
}
