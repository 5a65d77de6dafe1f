//! O que todas as conexões de uma etapa dividem: a transcrição, o relógio e a
//! vista do programa. E a vigília: esperar sem acusar quem só está devagar.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::programa::{Esforco, Programa, Situacao};
use super::relogio::{FATIA, Relogio};
use super::transcricao::{Autor, Transcricao};

/// O que as partes do palco dividem.
pub struct Cena {
    pub relogio: Relogio,
    transcricao: Mutex<Transcricao>,
    programa: Mutex<Box<dyn Programa>>,
}

impl Cena {
    pub fn nova(relogio: Relogio, programa: Box<dyn Programa>) -> Arc<Cena> {
        Arc::new(Cena {
            relogio,
            transcricao: Mutex::default(),
            programa: Mutex::new(programa),
        })
    }

    /// O programa conferido.
    pub fn programa(&self) -> MutexGuard<'_, Box<dyn Programa>> {
        self.programa.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// A transcrição até agora.
    pub fn transcricao(&self) -> MutexGuard<'_, Transcricao> {
        self.transcricao.lock().unwrap_or_else(|e| e.into_inner())
    }

    pub fn anotar(&self, nome: &str, verbo: &'static str, detalhe: &str) {
        let autor = Autor::Palco(nome.to_owned());
        self.transcricao().anotar(autor, verbo, detalhe);
    }
}

/// Como terminou uma espera.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Espera {
    /// Aconteceu o que se esperava.
    Pronto,
    /// Nada aconteceu, e o programa está parado (ou girando em falso).
    Silencio {
        segundos: f64,
        processador: Option<f64>,
    },
    /// O programa terminou.
    Encerrou,
}

/// Uma espera pelo programa. O silêncio só conta enquanto o programa está
/// parado: quem ainda trabalha tem até o prazo da etapa.
pub struct Vigilia<'a> {
    cena: &'a Cena,
    paciencia: Duration,
    inicio: Instant,
    silencio: Duration,
    esforco: Esforco,
    anterior: Esforco,
    recente: VecDeque<bool>,
}

/// Fração de um processador a partir da qual um programa que devia esperar
/// está girando em falso.
const GIRO: f64 = 0.6;

impl<'a> Vigilia<'a> {
    pub fn nova(cena: &'a Cena) -> Vigilia<'a> {
        Vigilia::com_paciencia(cena, cena.relogio.paciencia())
    }

    pub fn com_paciencia(cena: &'a Cena, paciencia: Duration) -> Vigilia<'a> {
        Vigilia {
            cena,
            paciencia,
            inicio: Instant::now(),
            silencio: Duration::ZERO,
            esforco: Esforco::default(),
            anterior: Esforco::default(),
            recente: VecDeque::new(),
        }
    }

    /// Algo aconteceu: o silêncio recomeça do zero.
    pub fn progresso(&mut self) {
        self.inicio = Instant::now();
        self.silencio = Duration::ZERO;
        self.recente.clear();
    }

    /// Repete `tentar` (que espera no máximo o tempo que recebe e diz se deu
    /// certo) até dar certo ou a paciência acabar.
    pub fn aguardar(
        &mut self,
        mut tentar: impl FnMut(Duration) -> bool,
    ) -> Espera {
        loop {
            let fatia = FATIA.min(self.cena.relogio.resta());
            let antes = Instant::now();
            if tentar(fatia) {
                return Espera::Pronto;
            }
            // Se foi o conferidor que ficou sem processador, o atraso é dele.
            self.silencio += antes.elapsed().min(FATIA * 2);
            if self.encerrou() {
                // O que ele enviou antes de sair ainda pode estar chegando.
                let chegou = tentar(FATIA);
                return if chegou {
                    Espera::Pronto
                } else {
                    Espera::Encerrou
                };
            }
            if self.cansou() {
                return self.silencio();
            }
        }
    }

    fn encerrou(&self) -> bool {
        let situacao = self.cena.programa().situacao();
        matches!(situacao, Situacao::Encerrado { .. })
    }

    /// Se é hora de desistir: calado e parado, girando em falso, ou sem prazo.
    fn cansou(&mut self) -> bool {
        let agora = self.cena.programa().esforco();
        let primeira = self.recente.is_empty();
        if primeira {
            self.esforco = agora;
        }
        let trabalhou = !primeira
            && (agora.processador > self.anterior.processador
                || agora.ocupado == Some(true));
        self.anterior = agora;
        self.recente.push_back(trabalhou);
        if self.recente.len() > 10 {
            self.recente.pop_front();
        }
        if self.cena.relogio.esgotado() {
            return true;
        }
        if self.silencio < self.paciencia {
            return false;
        }
        // Trabalhou há pouco? Então está devagar, não parado; mas se não faz
        // outra coisa há muito tempo, gira em falso.
        let trabalhando = self.recente.iter().any(|&t| t);
        !trabalhando
            || self.inicio.elapsed() >= 2 * self.paciencia
                && self.fracao().is_some_and(|fracao| fracao >= GIRO)
    }

    fn silencio(&self) -> Espera {
        Espera::Silencio {
            segundos: self.inicio.elapsed().as_secs_f64(),
            processador: self.fracao(),
        }
    }

    /// Quanto de um processador o programa usou durante a espera.
    fn fracao(&self) -> Option<f64> {
        let usado = self
            .anterior
            .processador?
            .checked_sub(self.esforco.processador?)?;
        Some(usado.as_secs_f64() / self.inicio.elapsed().as_secs_f64())
    }
}
