//! O que já foi calculado nesta execução: salvar uma página não faz colorir,
//! contar nem conferir de novo o que está nas outras.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// Resultados guardados pela soma do que os determina.
pub struct Memoria<V> {
    guardados: LazyLock<Mutex<HashMap<u64, Arc<V>>>>,
}

impl<V> Memoria<V> {
    /// Uma memória vazia.
    pub const fn nova() -> Memoria<V> {
        Memoria {
            guardados: LazyLock::new(Mutex::default),
        }
    }

    /// O resultado guardado para a chave, ou o de `fazer`, que fica guardado.
    pub fn lembrar(
        &self,
        chave: impl Hash,
        fazer: impl FnOnce() -> V,
    ) -> Arc<V> {
        let mut soma = DefaultHasher::new();
        chave.hash(&mut soma);
        let soma = soma.finish();
        if let Some(guardado) = self.guardados().get(&soma) {
            return Arc::clone(guardado);
        }
        // Sem a tranca: outra thread pode fazer o mesmo, e dá no mesmo.
        let feito = Arc::new(fazer());
        self.guardados().insert(soma, Arc::clone(&feito));
        feito
    }

    fn guardados(&self) -> MutexGuard<'_, HashMap<u64, Arc<V>>> {
        self.guardados
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// O que se tirou de cada página, que vale enquanto o texto dela é o mesmo.
/// Guarda um resultado por página: editar o dia inteiro não enche a memória.
pub struct PorPagina<V> {
    guardados: LazyLock<Mutex<HashMap<String, Lido<V>>>>,
}

struct Lido<V> {
    texto: String,
    feito: Arc<V>,
}

impl<V> PorPagina<V> {
    /// Nenhuma página lida ainda.
    pub const fn nova() -> PorPagina<V> {
        PorPagina {
            guardados: LazyLock::new(Mutex::default),
        }
    }

    /// O resultado guardado para a página, se o texto é o mesmo, ou o de
    /// `fazer`, que só pode depender do texto.
    pub fn lembrar(
        &self,
        pagina: &str,
        texto: &str,
        fazer: impl FnOnce() -> V,
    ) -> Arc<V> {
        if let Some(lido) = self.guardados().get(pagina)
            && lido.texto == texto
        {
            return Arc::clone(&lido.feito);
        }
        let feito = Arc::new(fazer());
        let lido = Lido {
            texto: texto.to_string(),
            feito: Arc::clone(&feito),
        };
        self.guardados().insert(pagina.to_string(), lido);
        feito
    }

    fn guardados(&self) -> MutexGuard<'_, HashMap<String, Lido<V>>> {
        self.guardados
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn o_mesmo_trabalho_se_faz_uma_vez_so() {
        let memoria = Memoria::nova();
        let mut vezes = 0;
        for _ in 0..3 {
            let feito = memoria.lembrar(("a", 1), || {
                vezes += 1;
                "feito"
            });
            assert_eq!(*feito, "feito");
        }

        assert_eq!(vezes, 1);
        assert_eq!(*memoria.lembrar(("b", 1), || "outro"), "outro");
    }

    #[test]
    fn a_pagina_que_muda_e_lida_de_novo_e_so_ela() {
        let memoria = PorPagina::nova();
        let ler = |pagina: &str, texto: &str| {
            let mut leu = false;
            let tamanho = memoria.lembrar(pagina, texto, || {
                leu = true;
                texto.len()
            });
            (*tamanho, leu)
        };

        assert_eq!(ler("a", "um"), (2, true));
        assert_eq!(ler("b", "outra"), (5, true));
        assert_eq!(ler("a", "um"), (2, false));
        assert_eq!(ler("a", "dois"), (4, true));
        assert_eq!(ler("b", "outra"), (5, false));
    }
}
