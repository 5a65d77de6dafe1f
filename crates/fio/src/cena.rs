//! A cena: o que a figura e o terminal desenham, antes de virar traço.

use std::collections::HashMap;
use std::time::Duration;

use crate::captura::Captura;
use crate::conversa::{Conversa, Direcao, Mensagem, Protocolo};
use crate::estado::Estado;
use crate::frase;
use crate::pacote::{Extremidade, Flags};

/// Quantas extremidades cabem lado a lado.
const MAIS_RAIAS: usize = 4;
/// Menor pausa que merece uma marca.
const MENOR_PAUSA: Duration = Duration::from_millis(100);
/// Uma pausa é ao menos tantas vezes o intervalo mediano.
const PAUSA_RELATIVA: u32 = 4;

/// Tudo o que aparece em uma escada.
#[derive(Debug, Clone)]
pub(crate) struct Cena {
    pub raias: Vec<Raia>,
    pub passos: Vec<Passo>,
    /// Pacotes visíveis que não couberam entre as raias.
    pub fora: usize,
    /// Pacotes que passaram do limite.
    pub resto: usize,
    /// Se há um só par e os estados cabem do lado de fora.
    pub um_par: bool,
}

/// Uma linha vertical: uma extremidade da conversa.
#[derive(Debug, Clone)]
pub(crate) struct Raia {
    pub papel: Papel,
    pub nome: String,
    pub endereco: String,
    /// Estado antes do primeiro pacote.
    pub inicial: Option<Estado>,
}

/// De que cor e com que palavra a raia aparece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Papel {
    Cliente,
    Servidor,
    /// Está no caminho: fala só para avisar de um erro.
    Roteador,
    Outro,
}

/// Um pacote, no lugar dele na figura.
#[derive(Debug, Clone)]
pub(crate) struct Passo {
    pub mensagem: Mensagem,
    pub de: usize,
    pub para: usize,
    /// Depois de qual passo ele chega.
    pub pousa: usize,
    /// Tempo parado antes dele, quando chama a atenção.
    pub pausa: Option<Duration>,
    pub rotulo: String,
    pub carga: frase::Carga,
    pub frase: String,
    pub legenda: Option<String>,
}

impl Cena {
    /// Monta a cena dos pacotes visíveis, até `limite` deles.
    pub fn montar(captura: &Captura, limite: usize) -> Cena {
        let conversas = captura.conversas();
        let pontas = Pontas::escolher(&conversas);
        let mut soltos = Vec::new();
        let mut fora = 0;
        for conversa in &conversas {
            for (i, mensagem) in conversa.mensagens.iter().enumerate() {
                match pontas.do_pacote(mensagem) {
                    Some((de, para)) if de != para => {
                        let pousa = &conversa.mensagens[mensagem.pousa.max(i)];
                        soltos.push((mensagem, de, para, pousa.numero()));
                    }
                    _ => fora += 1,
                }
            }
        }
        soltos
            .sort_by_key(|(mensagem, ..)| (mensagem.tempo, mensagem.numero()));
        let resto = soltos.len().saturating_sub(limite);
        soltos.truncate(limite);
        let linhas: HashMap<usize, usize> = soltos
            .iter()
            .enumerate()
            .map(|(i, (mensagem, ..))| (mensagem.numero(), i))
            .collect();
        let um_par = pontas.raias.len() == 2
            && conversas
                .iter()
                .filter(|conversa| conversa.protocolo == Protocolo::Tcp)
                .count()
                <= 1;
        let mut passos: Vec<Passo> = soltos
            .into_iter()
            .enumerate()
            .map(|(i, (mensagem, de, para, pousa))| {
                let pousa = linhas.get(&pousa).map_or(i, |linha| i.max(*linha));
                pontas.passo(mensagem, (de, para), pousa)
            })
            .collect();
        marcar_pausas(&mut passos);
        Cena {
            raias: pontas.raias,
            passos,
            fora,
            resto,
            um_par,
        }
    }

    /// Quanto tempo a cena dura.
    pub fn duracao(&self) -> Duration {
        let instantes = || self.passos.iter().map(|p| p.mensagem.tempo);
        let comeco = instantes().min().unwrap_or_default();
        instantes().max().unwrap_or_default().saturating_sub(comeco)
    }

    /// Instante do passo desde o começo da cena.
    pub fn tempo(&self, passo: &Passo) -> Duration {
        let comeco = self.passos.first().map(|p| p.mensagem.tempo);
        passo
            .mensagem
            .tempo
            .saturating_sub(comeco.unwrap_or_default())
    }
}

/// A carga; e os números, onde não há texto que diga mais.
fn carga(mensagem: &Mensagem) -> frase::Carga {
    let mut carga = frase::carga(&mensagem.pacote);
    let (Some(numeros), Some(tcp)) = (mensagem.tcp, mensagem.cabecalho_tcp())
    else {
        return carga;
    };
    if carga.trecho.is_none() {
        carga.citado = false;
        carga.trecho = match (tcp.comprimento, numeros.ack) {
            (0, Some(ack)) if tcp.flags == Flags::ACK => {
                Some(format!("ack={}", frase::inteiro(ack.into())))
            }
            (0, _) => None,
            _ => Some(format!("seq={}", frase::inteiro(numeros.seq.into()))),
        };
    }
    carga
}

fn marcar_pausas(passos: &mut [Passo]) {
    let intervalos: Vec<Duration> = passos
        .windows(2)
        .map(|par| par[1].mensagem.tempo.saturating_sub(par[0].mensagem.tempo))
        .collect();
    let mut ordenados = intervalos.clone();
    ordenados.sort_unstable();
    let mediana = ordenados.get(ordenados.len() / 2).copied();
    let limite = MENOR_PAUSA.max(mediana.unwrap_or_default() * PAUSA_RELATIVA);
    for (passo, intervalo) in passos.iter_mut().skip(1).zip(intervalos) {
        passo.pausa = (intervalo >= limite).then_some(intervalo);
    }
}

/// As raias e a que raia pertence cada extremidade.
struct Pontas {
    raias: Vec<Raia>,
    lugar: HashMap<Extremidade, usize>,
    por_host: bool,
}

impl Pontas {
    fn escolher(conversas: &[Conversa]) -> Pontas {
        let inteiras = Pontas::com(conversas, false);
        if inteiras.raias.len() <= MAIS_RAIAS {
            return inteiras;
        }
        let mut pontas = Pontas::com(conversas, true);
        pontas.raias.truncate(MAIS_RAIAS);
        pontas.lugar.retain(|_, lugar| *lugar < MAIS_RAIAS);
        pontas
    }

    fn com(conversas: &[Conversa], por_host: bool) -> Pontas {
        let mut pontas = Pontas {
            raias: Vec::new(),
            lugar: HashMap::new(),
            por_host,
        };
        let com_porta = |conversa: &&Conversa| {
            matches!(conversa.protocolo, Protocolo::Tcp | Protocolo::Udp)
        };
        let (diretas, outras): (Vec<_>, Vec<_>) =
            conversas.iter().partition(|conversa| com_porta(conversa));
        for conversa in &diretas {
            pontas.por(conversa.cliente, Papel::Cliente, conversa);
            pontas.por(conversa.servidor, Papel::Servidor, conversa);
        }
        if diretas.is_empty() {
            for conversa in &outras {
                pontas.por(conversa.cliente, Papel::Outro, conversa);
                pontas.por(conversa.servidor, Papel::Outro, conversa);
            }
        }
        pontas.roteadores(conversas);
        pontas.roteador_no_meio();
        pontas.nomear();
        pontas
    }

    fn chave(&self, ponta: Extremidade) -> Extremidade {
        if self.por_host {
            Extremidade::so_ip(ponta.ip)
        } else {
            ponta
        }
    }

    fn por(&mut self, ponta: Extremidade, papel: Papel, conversa: &Conversa) {
        let chave = self.chave(ponta);
        if self.lugar.contains_key(&chave) {
            return;
        }
        let lado = usize::from(ponta != conversa.cliente);
        self.lugar.insert(chave, self.raias.len());
        self.raias.push(Raia {
            papel,
            nome: String::new(),
            endereco: chave.to_string(),
            inicial: conversa.iniciais.and_then(|iniciais| iniciais[lado]),
        });
    }

    /// Quem manda um erro ICMP sem ser parte da conversa é um roteador.
    fn roteadores(&mut self, conversas: &[Conversa]) {
        for conversa in conversas {
            for mensagem in &conversa.mensagens {
                let alheio = mensagem.de != conversa.cliente
                    && mensagem.de != conversa.servidor;
                if alheio && self.achar(mensagem.para).is_some() {
                    self.por(mensagem.de, Papel::Roteador, conversa);
                    let lugar = self.lugar[&self.chave(mensagem.de)];
                    self.raias[lugar].inicial = None;
                    if self.raias[lugar].papel == Papel::Outro {
                        self.raias[lugar].papel = Papel::Roteador;
                    }
                }
            }
        }
    }

    fn achar(&self, ponta: Extremidade) -> Option<usize> {
        let exata = self.lugar.get(&self.chave(ponta)).copied();
        let do_host = || {
            let mut lugares: Vec<usize> = self
                .lugar
                .iter()
                .filter(|(chave, _)| chave.ip == ponta.ip)
                .map(|(_, lugar)| *lugar)
                .collect();
            lugares.sort_unstable();
            lugares.first().copied()
        };
        exata.or_else(|| {
            if ponta.porta.is_none() {
                do_host()
            } else {
                None
            }
        })
    }

    fn do_pacote(&self, mensagem: &Mensagem) -> Option<(usize, usize)> {
        Some((self.achar(mensagem.de)?, self.achar(mensagem.para)?))
    }

    /// Quem está no caminho fica no meio do desenho.
    fn roteador_no_meio(&mut self) {
        if self.raias.len() != 3 || self.raias[2].papel != Papel::Roteador {
            return;
        }
        self.raias.swap(1, 2);
        for lugar in self.lugar.values_mut() {
            *lugar = [0, 2, 1][*lugar];
        }
    }

    fn nomear(&mut self) {
        for (papel, nome) in [
            (Papel::Cliente, "cliente"),
            (Papel::Servidor, "servidor"),
            (Papel::Roteador, "roteador"),
            (Papel::Outro, "host"),
        ] {
            let deste = |raia: &&mut Raia| raia.papel == papel;
            let quantas =
                self.raias.iter().filter(|r| r.papel == papel).count();
            for (i, raia) in self.raias.iter_mut().filter(deste).enumerate() {
                raia.nome = match (papel, quantas) {
                    (_, 1) => nome.to_owned(),
                    _ => format!("{nome} {}", i + 1),
                };
            }
        }
    }

    fn passo(
        &self,
        mensagem: &Mensagem,
        (de, para): (usize, usize),
        pousa: usize,
    ) -> Passo {
        let rotulo = frase::rotulo(&mensagem.pacote);
        let porta = match mensagem.direcao {
            Direcao::Ida => mensagem.de.porta,
            Direcao::Volta => mensagem.para.porta,
        };
        let rotulo = match porta {
            Some(porta) if self.por_host => format!("{porta} · {rotulo}"),
            _ => rotulo,
        };
        let nome = format!("o {}", self.raias[de].nome);
        Passo {
            frase: frase::acao(mensagem, &nome),
            carga: carga(mensagem),
            rotulo,
            mensagem: mensagem.clone(),
            de,
            para,
            pousa,
            pausa: None,
            legenda: None,
        }
    }
}
