//! Uma conexão TCP do palco com o programa: receber e comparar.

use std::time::{Duration, Instant};

use super::cena::{Espera, Vigilia};
use super::conexao::{Conexao, devagar};
use super::espera_do_sistema::{Interesse, esperar_socket};
use super::evidencia::{Desfecho, Evidencia, bytes};
use super::programa::Situacao;
use super::transcricao::amostra;
use super::veredicto::{Interrupcao, Passo};
use crate::erros_classicos::Codigo;

/// Quanto se espera pelo que vem depois de um byte errado, para que a
/// comparação mostre mais do que ele.
const DEPOIS_DO_ERRO: Duration = Duration::from_millis(30);

impl Conexao {
    /// Espera exatamente estes bytes, cheguem como chegarem. O que vier a mais
    /// fica para a próxima expectativa.
    pub fn esperar_bytes(&mut self, esperado: &[u8]) -> Passo<()> {
        let resultado = self.esperar_sem_narrar(esperado);
        match &resultado {
            Ok(()) => self.narrar("recebi", &amostra(esperado)),
            Err(_) => self.narrar("esperava", &amostra(esperado)),
        }
        if let Err(Interrupcao::Falha(falha)) = &resultado
            && let Some(prova) = &falha.evidencia
        {
            self.narrar("recebi", &recebido_em_palavras(prova));
        }
        resultado
    }

    /// Espera esta linha, que termina em `\n`.
    pub fn esperar_linha(&mut self, texto: &str) -> Passo<()> {
        self.esperar_bytes(format!("{texto}\n").as_bytes())
    }

    /// Espera o fim do fluxo (FIN), sem mais nenhum byte antes dele.
    pub fn esperar_fim(&mut self) -> Passo<()> {
        let espera = self.receber_ate(|c| !c.entrada.is_empty());
        if self.entrada.is_empty()
            && self.fim == Some(Desfecho::Fim)
            && self.por_enviar == 0
        {
            self.narrar("recebi", "o fim do fluxo (FIN)");
            return Ok(());
        }
        if espera == Espera::SemPrazo {
            return Err(devagar());
        }
        let prova = self.prova(&[], espera);
        self.narrar("esperava", "o fim do fluxo (FIN)");
        self.narrar("recebi", &recebido_em_palavras(&prova));
        Err(Interrupcao::provada(prova))
    }

    /// Espera o fim do fluxo, venha ele como vier; um byte antes dele é outra
    /// resposta, e `queixa` a introduz ("depois da linha veio").
    pub fn esperar_nada_mais(&mut self, queixa: &str) -> Passo<()> {
        let Err(Interrupcao::Falha(falha)) = self.esperar_fim() else {
            return Ok(());
        };
        match falha.evidencia {
            Some(prova) if !prova.nada_chegou() => {
                let sobra = amostra(&prova.recebido);
                let mensagem = format!("{queixa} {sobra}");
                Err(Interrupcao::falha(Codigo::Diferente, mensagem))
            }
            _ => Ok(()),
        }
    }

    /// Lê uma linha, com o `\n`; serve quando o conteúdo não é previsível.
    pub fn ler_linha(&mut self) -> Passo<Vec<u8>> {
        let completa = |c: &Conexao| c.entrada.contains(&b'\n');
        let espera = self.receber_ate(completa);
        match self.entrada.iter().position(|&b| b == b'\n') {
            Some(fim) => Ok(self.tomar(fim + 1)),
            None => {
                let mut faltou =
                    self.faltou("uma linha terminada em \\n", espera);
                if let Interrupcao::Falha(falha) = &mut faltou
                    && falha.codigo == Codigo::Calado
                    && !self.entrada.is_empty()
                {
                    falha.codigo = Codigo::Diferente;
                    falha.mensagem += "; faltou o fim de linha (0a)";
                }
                Err(faltou)
            }
        }
    }

    /// Lê exatamente `quantos` bytes.
    pub fn ler(&mut self, quantos: usize) -> Passo<Vec<u8>> {
        let espera = self.receber_ate(|c| c.entrada.len() >= quantos);
        if self.entrada.len() >= quantos {
            return Ok(self.tomar(quantos));
        }
        Err(self.faltou(&bytes(quantos), espera))
    }

    /// Lê até esta sequência, inclusive (por exemplo `\r\n\r\n`).
    pub fn ler_ate(&mut self, marca: &[u8]) -> Passo<Vec<u8>> {
        let onde = |c: &Conexao| {
            c.entrada.windows(marca.len()).position(|w| w == marca)
        };
        let espera = self.receber_ate(|c| onde(c).is_some());
        match onde(self) {
            Some(inicio) => Ok(self.tomar(inicio + marca.len())),
            None => Err(self.faltou(&amostra(marca), espera)),
        }
    }

    /// Lê tudo até o fim do fluxo (FIN).
    pub fn ler_ate_o_fim(&mut self) -> Passo<Vec<u8>> {
        let espera = self.receber_ate(|_| false);
        if self.fim == Some(Desfecho::Fim) {
            return Ok(self.tomar(self.entrada.len()));
        }
        Err(self.faltou("o fim do fluxo (FIN)", espera))
    }

    /// Confere que nada chega por este tempo. Só use onde o protocolo manda o
    /// programa ficar calado: o tempo passa inteiro quando tudo vai bem.
    pub fn esperar_silencio(&mut self, quanto: Duration) -> Passo<()> {
        self.receber_o_que_houver();
        if self.entrada.is_empty() && self.fim.is_none() {
            esperar_socket(&self.fluxo, Interesse::Leitura, quanto);
            self.receber_o_que_houver();
        }
        if self.entrada.is_empty() && self.fim.is_none() {
            self.narrar("não recebi", "nada, como devia ser");
            return Ok(());
        }
        let prova = self.prova(&[], Espera::Pronto);
        self.narrar("esperava", "silêncio");
        self.narrar("recebi", &recebido_em_palavras(&prova));
        Err(Interrupcao::provada(prova))
    }

    /// Se o programa recebe o que lhe foi enviado, mesmo depois do FIN dele;
    /// falso se a resposta foi um reset.
    pub fn ainda_recebe(&mut self) -> bool {
        let cena = self.cena.clone();
        let mut caiu = false;
        Vigilia::nova(&cena).aguardar(|fatia| {
            std::thread::sleep(fatia);
            caiu = !matches!(self.fluxo.take_error(), Ok(None));
            caiu || self.leu_tudo() != Some(false)
        });
        if caiu {
            self.fim = Some(Desfecho::Redefinida);
            self.narrar("recebi", "um reset (RST)");
        }
        !caiu
    }

    /// Recebe até a condição valer, o fluxo acabar ou a paciência acabar.
    pub(super) fn receber_ate(
        &mut self,
        pronta: impl Fn(&Conexao) -> bool,
    ) -> Espera {
        self.comecar_a_ler();
        let cena = self.cena.clone();
        let mut vigilia = Vigilia::nova(&cena);
        loop {
            if self.receber_o_que_houver() > 0 {
                vigilia.progresso();
            }
            if pronta(self) || self.fim.is_some() {
                return Espera::Pronto;
            }
            let espera = vigilia.aguardar(|fatia| {
                esperar_socket(&self.fluxo, Interesse::Leitura, fatia)
            });
            if espera != Espera::Pronto {
                return espera;
            }
        }
    }

    /// Compara enquanto recebe: a primeira diferença interrompe.
    fn esperar_sem_narrar(&mut self, esperado: &[u8]) -> Passo<()> {
        let mut conferidos = 0;
        self.comecar_a_ler();
        let cena = self.cena.clone();
        let mut vigilia = Vigilia::nova(&cena);
        let espera = loop {
            if self.receber_o_que_houver() > 0 {
                vigilia.progresso();
            }
            let ate = self.entrada.len().min(esperado.len());
            if self.entrada[conferidos..ate] != esperado[conferidos..ate] {
                self.juntar_mais();
                break Espera::Pronto;
            }
            conferidos = ate;
            if conferidos == esperado.len() {
                self.entrada.drain(..conferidos);
                return Ok(());
            }
            if self.fim.is_some() {
                break Espera::Pronto;
            }
            let espera = vigilia.aguardar(|fatia| {
                esperar_socket(&self.fluxo, Interesse::Leitura, fatia)
            });
            if espera != Espera::Pronto {
                break espera;
            }
        };
        Err(self.acusar(esperado, espera))
    }

    /// A falha, com a prova; ou nenhuma acusação, se a máquina está devagar.
    fn acusar(&self, esperado: &[u8], espera: Espera) -> Interrupcao {
        match espera {
            Espera::SemPrazo => devagar(),
            _ => Interrupcao::provada(self.prova(esperado, espera)),
        }
    }

    fn juntar_mais(&mut self) {
        if self.fim.is_none() {
            esperar_socket(&self.fluxo, Interesse::Leitura, DEPOIS_DO_ERRO);
            self.receber_o_que_houver();
        }
    }

    /// A prova do que aconteceu no lugar do esperado.
    pub(super) fn prova(&self, esperado: &[u8], espera: Espera) -> Evidencia {
        let recebido = self.entrada.clone();
        let diferente = !esperado.starts_with(&recebido);
        let (segundos, processador) = match espera {
            Espera::Silencio {
                segundos,
                processador,
            } => (segundos, processador),
            _ => (0.0, None),
        };
        let desfecho = match (espera, self.fim) {
            _ if diferente => Desfecho::Diferente,
            (_, Some(fim)) => fim,
            (Espera::Encerrou, None) => Desfecho::Encerrou,
            (_, None) => Desfecho::Silencio,
        };
        Evidencia {
            esperado: esperado.to_vec(),
            recebido,
            desfecho,
            enviado: self.enviado.clone(),
            por_enviar: self.por_enviar,
            processador,
            segundos,
            terminou: self.terminou(),
            diagnosticada: false,
        }
    }

    /// Se o programa terminou; quando a conexão caiu, a notícia do término pode
    /// vir um instante depois.
    fn terminou(&self) -> bool {
        let prazo = Instant::now() + DEPOIS_DO_ERRO;
        loop {
            let situacao = self.cena.situacao();
            if matches!(situacao, Situacao::Encerrado { .. }) {
                return true;
            }
            if self.fim.is_none() || Instant::now() >= prazo {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn faltou(&mut self, o_que: &str, espera: Espera) -> Interrupcao {
        if espera == Espera::SemPrazo {
            return devagar();
        }
        let mut prova = self.prova(b"?", espera);
        if prova.desfecho == Desfecho::Diferente {
            prova.desfecho = self.fim.unwrap_or(Desfecho::Silencio);
        }
        self.narrar("esperava", o_que);
        self.narrar("recebi", &recebido_em_palavras(&prova));
        let codigo = match prova.desfecho {
            Desfecho::Silencio => Codigo::Calado,
            _ => Codigo::FechouCedo,
        };
        let mut falha = Interrupcao::provada(prova);
        if let Interrupcao::Falha(falha) = &mut falha {
            falha.codigo = codigo;
            let visto = falha.mensagem.split_once("; ").map_or("", |p| p.1);
            falha.mensagem = format!("esperava {o_que}; {visto}");
        }
        falha
    }

    fn tomar(&mut self, quantos: usize) -> Vec<u8> {
        let tomados: Vec<u8> = self.entrada.drain(..quantos).collect();
        self.narrar("recebi", &amostra(&tomados));
        tomados
    }
}

fn recebido_em_palavras(prova: &Evidencia) -> String {
    let comeco = match prova.recebido.len() {
        0 => "nada".to_owned(),
        _ => amostra(&prova.recebido),
    };
    let fim = match prova.desfecho {
        Desfecho::Diferente => "",
        Desfecho::Silencio => ", e mais nada",
        Desfecho::Fim => " e o fim do fluxo (FIN)",
        Desfecho::Redefinida => " e um reset (RST)",
        Desfecho::Encerrou => ", e o programa terminou",
    };
    format!("{comeco}{fim}")
}
