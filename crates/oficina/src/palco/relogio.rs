//! Quanto uma etapa espera, e por quê.

use std::time::{Duration, Instant};

/// O silêncio depois do qual um programa parado é dado por parado.
pub const PACIENCIA: Duration = Duration::from_secs(1);

/// O prazo de uma etapa inteira, se `--prazo` não diz outro.
pub const PRAZO: Duration = Duration::from_secs(10);

/// De quanto em quanto tempo uma espera olha para o programa.
pub const FATIA: Duration = Duration::from_millis(20);

/// O relógio de uma etapa.
#[derive(Debug, Clone, Copy)]
pub struct Relogio {
    inicio: Instant,
    prazo: Duration,
    paciencia: Duration,
}

impl Relogio {
    pub fn novo(prazo: Duration) -> Relogio {
        Relogio {
            inicio: Instant::now(),
            prazo,
            paciencia: PACIENCIA.min(prazo),
        }
    }

    /// O tempo que a etapa já levou.
    pub fn decorrido(&self) -> Duration {
        self.inicio.elapsed()
    }

    /// O tempo que resta do prazo da etapa.
    pub fn resta(&self) -> Duration {
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
