//! Quanto tempo o programa passou parado: para quem tem prazo, e fica em
//! silêncio de propósito até ele acabar.

use std::time::{Duration, Instant};

use super::Palco;
use super::conexao::devagar;
use super::veredicto::Passo;

/// Uma olhada mais longa do que isto é o palco que ficou sem processador.
const OLHADA_MAXIMA: Duration = Duration::from_millis(20);

/// O tempo em que o programa esteve parado. O que ele passa trabalhando, ou à
/// espera da vez de trabalhar, não conta: numa máquina cheia, quem demora não
/// é acusado de esperar.
pub struct Parada {
    total: Duration,
    olhada: Instant,
}

impl Palco {
    /// Começa a contar o tempo em que o programa está parado.
    pub fn parada(&self) -> Parada {
        Parada {
            total: Duration::ZERO,
            olhada: Instant::now(),
        }
    }
}

impl Parada {
    /// Olha para o programa; diz se ele já esteve parado por `limite`. Chame
    /// a cada poucos milissegundos. É inconclusivo se o prazo da etapa acaba
    /// antes.
    pub fn passou_de(
        &mut self,
        limite: Duration,
        palco: &Palco,
    ) -> Passo<bool> {
        let fatia = self.olhada.elapsed().min(OLHADA_MAXIMA);
        self.olhada = Instant::now();
        let esforco = palco.cena().programa().esforco();
        if esforco.ocupado != Some(true) {
            self.total += fatia;
        }
        if self.total < limite && palco.resta().is_zero() {
            return Err(devagar());
        }
        Ok(self.total >= limite)
    }
}
