//! O que já foi calculado nesta execução: salvar uma página não faz colorir de
//! novo as listagens das outras.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

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

    fn guardados(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<V>>> {
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
}
