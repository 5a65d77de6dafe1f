//! Quanto uma etapa espera, e por quê.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// O silêncio depois do qual um programa parado é dado por parado.
pub const PACIENCIA: Duration = Duration::from_secs(1);

/// O prazo de uma etapa inteira, se `--prazo` não diz outro.
pub const PRAZO: Duration = Duration::from_secs(10);

/// De quanto em quanto tempo uma espera olha para o programa.
pub const FATIA: Duration = Duration::from_millis(20);

/// O aviso de que o resultado de uma etapa não interessa mais; as cópias são
/// do mesmo aviso.
#[derive(Debug, Clone, Default)]
pub struct Dispensa(Arc<AtomicBool>);

impl Dispensa {
    pub fn avisar(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn avisada(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// O relógio de uma etapa.
#[derive(Debug, Clone)]
pub struct Relogio {
    inicio: Instant,
    prazo: Duration,
    paciencia: Duration,
    dispensa: Dispensa,
}

impl Relogio {
    pub fn novo(prazo: Duration) -> Relogio {
        Relogio {
            inicio: Instant::now(),
            prazo,
            paciencia: PACIENCIA.min(prazo),
            dispensa: Dispensa::default(),
        }
    }

    /// O mesmo relógio, que se esgota na hora com este aviso.
    pub fn com_dispensa(mut self, dispensa: &Dispensa) -> Relogio {
        self.dispensa = dispensa.clone();
        self
    }

    /// Se o que a etapa conferir já não interessa.
    pub fn dispensado(&self) -> bool {
        self.dispensa.avisada()
    }

    /// O tempo que a etapa já levou.
    pub fn decorrido(&self) -> Duration {
        self.inicio.elapsed()
    }

    /// O tempo que resta do prazo da etapa.
    pub fn resta(&self) -> Duration {
        if self.dispensado() {
            return Duration::ZERO;
        }
        self.prazo.saturating_sub(self.decorrido())
    }

    /// O prazo da etapa inteira.
    pub fn prazo(&self) -> Duration {
        self.prazo
    }

    pub fn esgotado(&self) -> bool {
        self.resta().is_zero()
    }

    pub fn paciencia(&self) -> Duration {
        self.paciencia
    }
}
