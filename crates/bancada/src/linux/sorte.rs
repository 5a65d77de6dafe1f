//! O que acontece a cada pacote da rede ruim, decidido pela semente e por quem
//! o pacote é na conversa ([`super::identidade`]).

use std::time::Duration;

use super::identidade::{Identidade, Identidades};
use crate::rede::{Host, RedeRuim};

/// A sorte dos pacotes que um host manda.
pub struct Sorte {
    rede: RedeRuim,
    host: Host,
    /// Pacotes que este host já mandou.
    mandados: u64,
    identidades: Identidades,
}

/// O que acontece a um pacote.
#[derive(Clone, Debug, PartialEq)]
pub struct Destino {
    pub perdido: bool,
    pub duplicado: bool,
    /// Chega depois dos que vêm atrás dele.
    pub trocado: bool,
    /// Um número ao acaso, que escolhe o bit que troca de valor.
    pub corrompido: Option<u64>,
    pub atraso: Duration,
}

/// As perguntas que se fazem à sorte: cada uma tem números próprios, para que
/// mudar a perda não mude quem se atrasa.
#[derive(Clone, Copy)]
enum Pergunta {
    Perda = 1,
    Duplicacao,
    Troca,
    Corrupcao,
    Bit,
    Variacao,
}

impl Sorte {
    pub fn nova(rede: &RedeRuim, host: Host) -> Self {
        Self {
            rede: rede.clone(),
            host,
            mandados: 0,
            identidades: Identidades::default(),
        }
    }

    /// O destino do próximo pacote do host.
    pub fn proxima(&mut self, pacote: &[u8]) -> Destino {
        self.mandados += 1;
        let identidade = self.identidades.proxima(pacote);
        let rede = &self.rede;
        let numero = |pergunta| self.numero(identidade, pergunta);
        let acontece = |pergunta, chance| fracao(numero(pergunta)) < chance;
        let descartado = rede.descarta.contains(&(self.host, self.mandados));
        let corrompido = acontece(Pergunta::Corrupcao, rede.corrupcao)
            .then(|| numero(Pergunta::Bit));
        Destino {
            perdido: descartado || acontece(Pergunta::Perda, rede.perda),
            duplicado: acontece(Pergunta::Duplicacao, rede.duplicacao),
            trocado: acontece(Pergunta::Troca, rede.troca),
            corrompido,
            atraso: self.atraso(fracao(numero(Pergunta::Variacao))),
        }
    }

    /// O atraso da rede, mais ou menos a variação; `sorte` vai de 0 a 1.
    fn atraso(&self, sorte: f64) -> Duration {
        let desvio = self.rede.variacao.as_secs_f64() * (2.0 * sorte - 1.0);
        let segundos = self.rede.atraso.as_secs_f64() + desvio;
        Duration::from_secs_f64(segundos.max(0.0))
    }

    fn numero(&self, identidade: Identidade, pergunta: Pergunta) -> u64 {
        let [fluxo, trecho, vez] = identidade;
        [self.host as u64, fluxo, trecho, vez, pergunta as u64]
            .iter()
            .fold(misturar(self.rede.semente), |mistura, parte| {
                misturar(mistura ^ misturar(*parte))
            })
    }
}

/// De 0 (inclusive) a 1 (exclusive).
fn fracao(numero: u64) -> f64 {
    const BITS: u32 = f64::MANTISSA_DIGITS;
    (numero >> (u64::BITS - BITS)) as f64 / (1_u64 << BITS) as f64
}

/// `SplitMix64` (Steele, Lea e Flood, 2014): espalha os 64 bits.
fn misturar(numero: u64) -> u64 {
    let mut z = numero.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACOTES: usize = 20_000;

    fn rede() -> RedeRuim {
        RedeRuim {
            perda: 0.05,
            duplicacao: 0.1,
            troca: 0.02,
            corrupcao: 0.01,
            atraso: Duration::from_millis(10),
            variacao: Duration::from_millis(4),
            descarta: vec![(Host::A, 3)],
            ..RedeRuim::default()
        }
    }

    fn destinos(rede: &RedeRuim, host: Host) -> Vec<Destino> {
        let mut sorte = Sorte::nova(rede, host);
        (0..PACOTES).map(|_| sorte.proxima(&[])).collect()
    }

    #[test]
    fn a_mesma_semente_da_a_mesma_sorte_e_outra_da_outra() {
        let mut rede = rede();
        let primeira = destinos(&rede, Host::A);
        assert_eq!(primeira, destinos(&rede, Host::A));
        assert_ne!(primeira, destinos(&rede, Host::B));
        rede.semente += 1;
        assert_ne!(primeira, destinos(&rede, Host::A));
    }

    #[test]
    fn as_frequencias_sao_as_pedidas() {
        let rede = rede();
        let destinos = destinos(&rede, Host::B);
        let conferir = |nome, pedida: f64, quem: fn(&Destino) -> bool| {
            let vezes = destinos.iter().filter(|d| quem(d)).count() as f64;
            let n = PACOTES as f64;
            // Cinco desvios padrão da binomial: uma em 1,7 milhão.
            let margem = 5.0 * (pedida * (1.0 - pedida) / n).sqrt();
            let vista = vezes / n;
            assert!((vista - pedida).abs() < margem, "{nome}: {vista}");
        };
        conferir("perda", rede.perda, |d| d.perdido);
        conferir("duplicação", rede.duplicacao, |d| d.duplicado);
        conferir("troca", rede.troca, |d| d.trocado);
        conferir("corrupção", rede.corrupcao, |d| d.corrompido.is_some());
        let atrasos = destinos.iter().map(|d| d.atraso);
        let (menor, maior) = (atrasos.clone().min(), atrasos.max());
        assert!(menor >= Some(Duration::from_millis(6)), "{menor:?}");
        assert!(maior <= Some(Duration::from_millis(14)), "{maior:?}");
    }

    #[test]
    fn o_pacote_marcado_some_mesmo_sem_perda() {
        let mut rede = RedeRuim {
            perda: 0.0,
            ..rede()
        };
        let some = |rede: &RedeRuim, host| -> Vec<usize> {
            let destinos = destinos(rede, host);
            let perdidos = destinos.iter().enumerate();
            perdidos
                .filter(|(_, d)| d.perdido)
                .map(|(i, _)| i + 1)
                .collect()
        };
        assert_eq!(some(&rede, Host::A), [3]);
        assert!(some(&rede, Host::B).is_empty());
        rede.descarta = vec![(Host::B, 1), (Host::B, 5)];
        assert_eq!(some(&rede, Host::B), [1, 5]);
    }
}
