//! O que todas as conexões de uma etapa dividem: a transcrição, o relógio e a
//! vista do programa. E a vigília: esperar sem acusar quem só está devagar.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
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
    /// Se o programa, desde que foi iniciado, já fez algo que se esperava.
    comecou: AtomicBool,
}

impl Cena {
    pub fn nova(relogio: Relogio, programa: Box<dyn Programa>) -> Arc<Cena> {
        Arc::new(Cena {
            relogio,
            transcricao: Mutex::default(),
            programa: Mutex::new(programa),
            comecou: AtomicBool::new(false),
        })
    }

    /// O programa foi iniciado: tudo o que ele ainda não fez, pode ser que só
    /// esteja se preparando para fazer.
    pub fn iniciado(&self) {
        self.comecou.store(false, Ordering::Relaxed);
    }

    /// O processador que gasta, no mínimo, quem gira em falso.
    fn gasto_de_quem_gira(&self) -> Duration {
        match self.comecou.load(Ordering::Relaxed) {
            true => GASTO_DE_QUEM_GIRA,
            false => self.relogio.prazo() / 2,
        }
    }

    /// O programa conferido.
    pub fn programa(&self) -> MutexGuard<'_, Box<dyn Programa>> {
        self.programa.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Em que pé está o programa; se a etapa foi dispensada, é como se ele
    /// tivesse terminado.
    pub fn situacao(&self) -> Situacao {
        match self.relogio.dispensado() {
            true => Situacao::Encerrado {
                status: None,
                sinal: None,
            },
            false => self.programa().situacao(),
        }
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
    /// O prazo da etapa acabou com o programa ainda trabalhando: a máquina
    /// está devagar, e não dá para acusar ninguém.
    SemPrazo,
}

impl Espera {
    /// O que se acrescenta à queixa contra quem não começou, se ele ocupou o
    /// processador o tempo todo: pode ser que só demore.
    pub fn ressalva(self) -> &'static str {
        let ocupado = matches!(self, Espera::Silencio { processador, .. }
            if processador >= Some(GIRO));
        match ocupado {
            true => {
                "; ele ocupou o processador o tempo todo: se só demora a \
                 começar, dê mais prazo (--prazo 30)"
            }
            false => "",
        }
    }
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
    olhadas: u32,
    ocupadas: u32,
}

/// Fração do tempo a partir da qual um programa que devia esperar, mas quer o
/// processador, está girando em falso.
const GIRO: f64 = 0.6;

/// O tempo de processador abaixo do qual ninguém gira: só esperou a vez.
const GIRO_MINIMO: Duration = Duration::from_millis(50);

/// O que gasta, no mínimo, quem gira em falso depois de ter começado. Antes
/// disso vale a metade do prazo: uma máquina virtual, ou um compilador que
/// executa o que compila, usa segundos de processador até chegar ao `bind`.
const GASTO_DE_QUEM_GIRA: Duration = Duration::from_millis(500);

/// Das últimas olhadas, em quantas um programa que trabalha aparece ocupado.
const TRABALHANDO: usize = 2;

/// Quantas olhadas recentes contam.
const RECENTES: usize = 10;

/// Quantos prazos dura, no máximo, uma etapa em que os bytes não param de
/// chegar.
const PRAZOS_COM_PROGRESSO: u32 = 6;

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
            olhadas: 0,
            ocupadas: 0,
        }
    }

    /// Algo aconteceu: o silêncio recomeça do zero.
    pub fn progresso(&mut self) {
        self.inicio = Instant::now();
        self.silencio = Duration::ZERO;
        self.recente.clear();
        self.olhadas = 0;
        self.ocupadas = 0;
    }

    /// Repete `tentar` (que espera no máximo o tempo que recebe e diz se deu
    /// certo) até dar certo ou a paciência acabar.
    pub fn aguardar(
        &mut self,
        mut tentar: impl FnMut(Duration) -> bool,
    ) -> Espera {
        loop {
            let antes = Instant::now();
            if tentar(FATIA) {
                self.cena.comecou.store(true, Ordering::Relaxed);
                return Espera::Pronto;
            }
            if self.cena.relogio.dispensado() {
                return Espera::SemPrazo;
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
            if let Some(fim) = self.desistir() {
                return fim;
            }
        }
    }

    fn encerrou(&self) -> bool {
        let situacao = self.cena.situacao();
        matches!(situacao, Situacao::Encerrado { .. })
    }

    /// Se é hora de desistir: calado e parado, girando em falso, ou sem prazo.
    fn desistir(&mut self) -> Option<Espera> {
        self.olhar();
        if self.silencio < self.paciencia {
            let teto = self.cena.relogio.prazo() * PRAZOS_COM_PROGRESSO;
            let demais = self.cena.relogio.decorrido() > teto;
            return demais.then_some(Espera::SemPrazo);
        }
        // Trabalhou há pouco? Então está devagar, não parado; mas se não faz
        // outra coisa há muito tempo, gira em falso.
        let trabalhou = self.recente.iter().filter(|&&t| t).count();
        let trabalhando = trabalhou >= TRABALHANDO;
        let muito = self.inicio.elapsed() >= 2 * self.paciencia;
        let girando = muito
            && self.usado() >= Some(self.cena.gasto_de_quem_gira())
            && self.fracao().is_some_and(|f| f >= GIRO);
        if !trabalhando || girando {
            return Some(self.silencio());
        }
        // No fim do prazo: quem quis o processador quase o tempo todo estava
        // sem vez; quem dormiu a maior parte dele teve tempo de sobra.
        let sem_vez = 2 * self.ocupadas >= self.olhadas;
        self.cena.relogio.esgotado().then(|| match sem_vez {
            true => Espera::SemPrazo,
            false => self.silencio(),
        })
    }

    /// Anota o que o programa está fazendo agora.
    fn olhar(&mut self) {
        let agora = self.cena.programa().esforco();
        let primeira = self.olhadas == 0;
        if primeira {
            self.esforco = agora;
        }
        let trabalhou = !primeira
            && (agora.processador > self.anterior.processador
                || agora.ocupado == Some(true));
        self.anterior = agora;
        self.olhadas += 1;
        self.ocupadas += u32::from(agora.ocupado == Some(true));
        self.recente.push_back(trabalhou);
        if self.recente.len() > RECENTES {
            self.recente.pop_front();
        }
    }

    fn silencio(&self) -> Espera {
        Espera::Silencio {
            segundos: self.inicio.elapsed().as_secs_f64(),
            processador: self.fracao(),
        }
    }

    /// O processador que o programa usou desde que a espera começou.
    fn usado(&self) -> Option<Duration> {
        let agora = self.anterior.processador?;
        agora.checked_sub(self.esforco.processador?)
    }

    /// Em que fração da espera o programa quis o processador. Numa máquina
    /// cheia ele usa menos do que quer: conta também o tempo na fila.
    fn fracao(&self) -> Option<f64> {
        let usado = self.usado()?;
        let espera = self.inicio.elapsed().as_secs_f64();
        let usada = usado.as_secs_f64() / espera;
        if usado < GIRO_MINIMO {
            return Some(usada);
        }
        let querida = f64::from(self.ocupadas) / f64::from(self.olhadas.max(1));
        Some(usada.max(querida))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::palco::programa::{Escuta, LinhaEscrita, Partida};

    /// Um programa que quer o processador o tempo todo, e ganha esta parte.
    struct SemprePronto {
        inicio: Instant,
        parte: f64,
    }

    impl Programa for SemprePronto {
        fn iniciar(&mut self, _: &Partida) -> Result<(), String> {
            Ok(())
        }
        fn encerrar(&mut self) {}
        fn situacao(&mut self) -> Situacao {
            Situacao::Vivo
        }
        fn esforco(&mut self) -> Esforco {
            Esforco {
                processador: Some(self.inicio.elapsed().mul_f64(self.parte)),
                ocupado: Some(true),
            }
        }
        fn escutas(&mut self) -> Option<Vec<Escuta>> {
            None
        }
        fn escrever(&mut self, _: &[u8]) -> io::Result<()> {
            Ok(())
        }
        fn fechar_entrada(&mut self) {}
        fn escrito(&mut self) -> Vec<LinhaEscrita> {
            Vec::new()
        }
    }

    /// Como termina a espera por um programa que ganha `parte` do processador,
    /// antes ou depois de fazer a primeira coisa que se esperava dele.
    fn espera(parte: f64, comecou: bool) -> Espera {
        let inicio = Instant::now();
        let programa = Box::new(SemprePronto { inicio, parte });
        let prazo = Duration::from_secs(2);
        let cena = Cena::nova(Relogio::novo(prazo), programa);
        cena.comecou.store(comecou, Ordering::Relaxed);
        // Cabem nela, na máquina mais lenta, três olhadas: a primeira não conta.
        let paciencia = Duration::from_millis(100);
        Vigilia::com_paciencia(&cena, paciencia).aguardar(|fatia| {
            std::thread::sleep(fatia);
            false
        })
    }

    #[test]
    fn quem_espera_a_vez_nao_gira_em_falso() {
        assert_eq!(espera(0.1, true), Espera::SemPrazo);
    }

    #[test]
    fn quem_gasta_o_processador_a_toa_gira_em_falso() {
        let girando = espera(1.0, true);
        assert!(matches!(girando, Espera::Silencio { .. }), "{girando:?}");
    }

    #[test]
    fn antes_de_comecar_gira_quem_gasta_metade_do_prazo() {
        assert_eq!(espera(0.4, false), Espera::SemPrazo);
        let girando = espera(1.0, false);
        assert!(matches!(girando, Espera::Silencio { .. }), "{girando:?}");
    }
}
