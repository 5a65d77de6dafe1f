//! Quanto tempo o programa passou parado: para quem tem prazo, e fica em
//! silêncio de propósito até ele acabar.

use std::time::{Duration, Instant};

use super::Palco;
use super::conexao::devagar;
use super::veredicto::Passo;

/// Uma olhada mais longa do que isto é o palco que ficou sem processador.
const OLHADA_MAXIMA: Duration = Duration::from_millis(20);

/// O tempo em que o programa esteve parado, e o que ele gastou do processador
/// (quem gira em falso também não termina). O que ele passa à espera da vez
/// não conta: numa máquina cheia, quem demora não é acusado de esperar.
pub struct Parada {
    parado: Duration,
    processador: Option<Duration>,
    olhada: Instant,
}

impl Palco {
    /// Começa a contar o tempo em que o programa está parado.
    pub fn parada(&self) -> Parada {
        Parada {
            parado: Duration::ZERO,
            processador: self.processador(),
            olhada: Instant::now(),
        }
    }
}

impl Parada {
    /// Olha para o programa; diz se ele já teve `limite` para si. Chame
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
            self.parado += fatia;
        }
        let gasto = esforco
            .processador
            .unwrap_or_default()
            .saturating_sub(self.processador.unwrap_or_default());
        let passou = self.parado + gasto >= limite;
        if !passou && palco.resta().is_zero() {
            return Err(devagar());
        }
        Ok(passou)
    }
}
