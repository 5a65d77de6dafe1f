//! O que uma etapa pede ao programa fora da rede: iniciar, reiniciar,
//! argumentos, entrada e saída padrão.

use std::time::{Duration, Instant};

use super::Palco;
use super::cena::{Espera, Vigilia};
use super::conexao::{devagar, do_palco};
use super::destino::Destino;
use super::programa::{Escuta, Situacao};
use super::transcricao::{Autor, amostra};
use super::veredicto::{Interrupcao, Passo};
use crate::erros_classicos::Codigo;

/// De quanto em quanto tempo se olha se o programa já terminou.
const OLHADA: Duration = Duration::from_millis(5);

/// Quanto a notícia do término pode tardar depois da queda que ele causou.
const DA_QUEDA_AO_TERMINO: Duration = Duration::from_secs(2);

/// Como o programa terminou.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saida {
    pub status: Option<i32>,
    pub sinal: Option<i32>,
}

impl Palco {
    /// Argumentos depois do endereço. Antes da primeira conexão.
    pub fn argumentos(&mut self, argumentos: &[impl AsRef<str>]) {
        self.partida.argumentos =
            argumentos.iter().map(|a| a.as_ref().to_owned()).collect();
    }

    /// Deixa a entrada padrão do programa aberta, para
    /// [`Palco::escrever_na_entrada`]. Antes da primeira conexão.
    pub fn com_entrada(&mut self) {
        self.partida.entrada = true;
    }

    /// Limita os descritores abertos do programa. Antes da primeira conexão.
    pub fn limitar_descritores(&mut self, quantos: u64) {
        self.partida.descritores = Some(quantos);
    }

    /// Inicia o programa, se ainda não foi iniciado. `conectar`, `receber` e
    /// companhia já fazem isso.
    pub fn iniciar(&mut self) -> Passo<()> {
        if self.iniciado {
            return Ok(());
        }
        self.iniciado = true;
        self.partir()
    }

    /// Encerra o programa e o inicia de novo, no mesmo endereço e com os
    /// mesmos argumentos.
    pub fn reiniciar(&mut self) -> Passo<()> {
        if self.iniciado {
            self.cena.programa().encerrar();
            self.anotar_programa("foi encerrado", "e será iniciado de novo");
        }
        self.iniciado = true;
        self.partir()
    }

    fn partir(&mut self) -> Passo<()> {
        let linha = self.partida.linha().join(" ");
        self.anotar_programa("começou", &format!("com {linha}"));
        let iniciado = self.cena.programa().iniciar(&self.partida);
        self.cena.iniciado();
        iniciado.map_err(Interrupcao::Inconclusiva)
    }

    pub(super) fn anotar_programa(&self, verbo: &'static str, detalhe: &str) {
        self.cena
            .transcricao()
            .anotar(Autor::Programa, verbo, detalhe);
    }

    /// Espera o programa terminar por si.
    pub fn esperar_que_termine(&mut self) -> Passo<Saida> {
        let mut vigilia = Vigilia::nova(&self.cena);
        let espera = vigilia.aguardar(|fatia| {
            // A própria vigília percebe o término ao fim da fatia.
            let metade = fatia.min(Duration::from_millis(2));
            std::thread::sleep(metade);
            self.terminou().is_some()
        });
        match self.terminou() {
            Some(saida) => {
                self.anotar_programa("terminou", &saida.em_palavras());
                Ok(saida)
            }
            None if espera == Espera::SemPrazo => Err(devagar()),
            None => {
                self.anotar_programa("não", "terminou");
                let girando = matches!(espera, Espera::Silencio {
                    processador: Some(fracao), ..
                } if fracao >= 0.3);
                let codigo = if girando {
                    Codigo::M07
                } else {
                    Codigo::NaoTermina
                };
                self.falhar(codigo, "esperava que o programa terminasse")
            }
        }
    }

    /// Espera o programa terminar com o estado de saída 0.
    pub fn esperar_que_termine_bem(&mut self) -> Passo<()> {
        let saida = self.esperar_que_termine()?;
        match saida.status {
            Some(0) => Ok(()),
            outro => self.falhar(
                match outro {
                    Some(_) => Codigo::EstadoErrado,
                    None => Codigo::Encerrou,
                },
                format!(
                    "esperava o estado de saída 0; o programa terminou {}",
                    saida.em_palavras()
                ),
            ),
        }
    }

    /// Como o programa terminou, se terminou.
    pub fn terminou(&self) -> Option<Saida> {
        match self.cena.situacao() {
            Situacao::Encerrado { status, sinal } => {
                Some(Saida { status, sinal })
            }
            _ => None,
        }
    }

    /// Se a conexão acabou sem nada porque o programa terminou por si e sem
    /// erro, é disso que se trata, e não do que a etapa provocou.
    pub fn se_saiu<T>(&self, passo: Passo<T>) -> Passo<T> {
        let saida = self.terminou_na_queda(&passo);
        if saida.is_none_or(|s| s.status != Some(0)) {
            return passo;
        }
        passo.map_err(|mut erro| {
            if let Interrupcao::Falha(falha) = &mut erro {
                falha.codigo = Codigo::Encerrou;
                if let Some(prova) = &mut falha.evidencia {
                    prova.diagnosticada = true;
                }
            }
            erro
        })
    }

    /// Como o programa terminou, se foi o que acabou com a conexão antes de
    /// chegar qualquer coisa. Quem termina fecha os sockets primeiro: a notícia
    /// do término vem depois do RST ou do FIN.
    pub fn terminou_na_queda<T>(&self, passo: &Passo<T>) -> Option<Saida> {
        let Err(Interrupcao::Falha(falha)) = passo else {
            return None;
        };
        let prova = falha.evidencia.as_ref()?;
        let acabou = prova.redefinida() || prova.fim();
        if !acabou || !prova.nada_chegou() {
            return None;
        }
        let prazo = Instant::now() + DA_QUEDA_AO_TERMINO;
        while self.terminou().is_none() && Instant::now() < prazo {
            std::thread::sleep(OLHADA);
        }
        self.terminou()
    }

    /// Espera o programa terminar por si; desiste depois que ele passa
    /// `limite` parado ou girando em falso. Serve a quem tem prazo, e fica em silêncio de
    /// propósito até ele acabar.
    pub fn terminou_em(&mut self, limite: Duration) -> Passo<Option<Saida>> {
        let mut parada = self.parada();
        loop {
            if let Some(saida) = self.terminou() {
                self.anotar_programa("terminou", &saida.em_palavras());
                return Ok(Some(saida));
            }
            if parada.passou_de(limite, self)? {
                self.anotar_programa("não", "terminou");
                return Ok(None);
            }
            std::thread::sleep(OLHADA);
        }
    }

    /// O tempo de processador que o programa já usou, se o sistema diz.
    pub fn processador(&self) -> Option<Duration> {
        self.cena.programa().esforco().processador
    }

    /// Escreve na entrada padrão do programa (antes: [`Palco::com_entrada`]).
    pub fn escrever_na_entrada(&mut self, conteudo: &[u8]) -> Passo<()> {
        self.narrar("teclado", "digitei", &amostra(conteudo));
        let resultado = self.cena.programa().escrever(conteudo);
        match resultado {
            // Quem terminou não lê mais: a próxima expectativa dirá.
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            resultado => resultado.map_err(do_palco),
        }
    }

    /// Fecha a entrada padrão do programa (Ctrl-D).
    pub fn fechar_entrada(&mut self) {
        self.narrar("teclado", "fechei", "a entrada (Ctrl-D)");
        self.cena.programa().fechar_entrada();
    }

    /// O que o programa escreveu na saída padrão até agora, linha por linha.
    pub fn saida(&self) -> Vec<String> {
        self.linhas(false)
    }

    /// O mesmo, byte a byte: para quando importa o último `\n`, ou um `\r`.
    pub fn saida_em_bytes(&self) -> Vec<u8> {
        self.cena.programa().saida_crua()
    }

    /// O que o programa escreveu na saída de erros até agora.
    pub fn saida_de_erros(&self) -> Vec<String> {
        self.linhas(true)
    }

    fn linhas(&self, erro: bool) -> Vec<String> {
        let escrito = self.cena.programa().escrito();
        let linhas = escrito.into_iter().filter(|linha| linha.erro == erro);
        linhas.map(|linha| linha.texto).collect()
    }

    /// Espera uma linha da saída padrão que satisfaça a condição; `o_que` a
    /// descreve para o leitor ("uma linha com “olá”").
    pub fn esperar_na_saida(
        &mut self,
        o_que: &str,
        condicao: impl Fn(&str) -> bool,
    ) -> Passo<String> {
        let achar = || self.saida().into_iter().find(|l| condicao(l));
        let mut vigilia = Vigilia::nova(&self.cena);
        let espera = vigilia.aguardar(|fatia| {
            if achar().is_some() {
                return true;
            }
            std::thread::sleep(fatia.min(Duration::from_millis(2)));
            achar().is_some()
        });
        if let Some(linha) = achar() {
            self.anotar_programa("escreveu", &format!("“{linha}”"));
            return Ok(linha);
        }
        if espera == Espera::SemPrazo {
            return Err(devagar());
        }
        let escrito = self.saida();
        let visto = match escrito.last() {
            Some(ultima) => format!("a última linha foi “{ultima}”"),
            None if self.terminou().is_some() => {
                "a saída está vazia".to_owned()
            }
            None => "a saída está vazia. Se o programa já escreveu a linha, \
                     ela ficou no buffer: fora do terminal, é preciso um \
                     `flush`"
                .to_owned(),
        };
        self.anotar_programa("não escreveu", o_que);
        self.falhar(
            Codigo::Diferente,
            format!("esperava na saída do programa {o_que}; {visto}"),
        )
    }

    /// Por que ninguém atendeu no endereço pedido.
    pub(super) fn porque_nao_conectou(
        &self,
        destino: &Destino,
        espera: Espera,
        calado: bool,
    ) -> Interrupcao {
        if let Some(saida) = self.terminou() {
            return Interrupcao::falha(
                Codigo::Encerrou,
                format!(
                    "o programa terminou {} sem atender em {destino}",
                    saida.em_palavras()
                ),
            );
        }
        let escutas = self.cena.programa().escutas();
        match (escutas, espera) {
            (_, Espera::SemPrazo) => devagar(),
            (Some(escutas), _) if calado && self.escuta_aqui(&escutas) => {
                Interrupcao::falha(
                    Codigo::FilaCheia,
                    format!(
                        "o pedido de conexão a {destino} não teve resposta"
                    ),
                )
            }
            (Some(escutas), _) if self.associa_por_udp(&escutas) => {
                Interrupcao::falha(
                    Codigo::PorUdp,
                    format!(
                        "esperava um socket de escuta TCP em {destino}; o \
                         programa o associou por UDP"
                    ),
                )
            }
            (Some(escutas), _) if !escutas.is_empty() => {
                let onde: Vec<_> =
                    escutas.iter().map(|e| e.endereco.to_string()).collect();
                Interrupcao::falha(
                    Codigo::OutroEndereco,
                    format!(
                        "esperava o programa em {destino}, e ele escuta em {}",
                        onde.join(", ")
                    ),
                )
            }
            _ => Interrupcao::falha(
                Codigo::NaoEscuta,
                format!(
                    "ninguém escuta em {destino}: o programa está rodando, \
                     mas não abriu um socket de escuta{}",
                    espera.ressalva()
                ),
            ),
        }
    }

    /// Se o programa escuta no endereço que recebeu.
    pub(super) fn escuta_aqui(&self, escutas: &[Escuta]) -> bool {
        let aqui = self.partida.endereco;
        escutas.iter().any(|e| !e.udp && e.endereco == aqui)
    }

    /// Se o programa tem um socket UDP no endereço que recebeu.
    fn associa_por_udp(&self, escutas: &[Escuta]) -> bool {
        let aqui = self.partida.endereco;
        escutas.iter().any(|e| e.udp && e.endereco == aqui)
    }
}

impl Saida {
    /// `com estado de saída 101`, `pelo sinal 11 (SIGSEGV)`.
    pub fn em_palavras(self) -> String {
        match (self.status, self.sinal) {
            (Some(status), _) => format!("com estado de saída {status}"),
            (None, Some(sinal)) => {
                format!("pelo sinal {sinal}{}", nome_do_sinal(sinal))
            }
            (None, None) => "sem dizer como".to_owned(),
        }
    }
}

fn nome_do_sinal(sinal: i32) -> &'static str {
    match sinal {
        2 => " (SIGINT)",
        6 => " (SIGABRT)",
        9 => " (SIGKILL)",
        11 => " (SIGSEGV: acesso inválido à memória)",
        13 => " (SIGPIPE: escreveu para quem já tinha fechado)",
        15 => " (SIGTERM)",
        24 => " (SIGXCPU: tempo de processador esgotado)",
        25 => " (SIGXFSZ: arquivo grande demais)",
        31 => " (SIGSYS: chamada proibida)",
        _ => "",
    }
}
