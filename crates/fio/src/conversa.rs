//! Da captura às conversas: quem fala com quem, mensagem a mensagem.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::captura::Captura;
use crate::estado::{self, Estado, Estados};
use crate::pacote::{Conteudo, Extremidade, Flags, Pacote, Soma, Tcp};
use crate::pares::Par;
use crate::tcp;

/// Protocolo de uma conversa.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocolo {
    /// TCP (RFC 9293).
    Tcp,
    /// UDP (RFC 768).
    Udp,
    /// ICMP e ICMPv6, quando não falam de outra conversa.
    Icmp,
    /// ARP (RFC 826).
    Arp,
    /// Outro protocolo sobre IP.
    Outro,
}

impl Protocolo {
    /// O nome, para mostrar.
    pub fn nome(self) -> &'static str {
        match self {
            Protocolo::Tcp => "TCP",
            Protocolo::Udp => "UDP",
            Protocolo::Icmp => "ICMP",
            Protocolo::Arp => "ARP",
            Protocolo::Outro => "IP",
        }
    }
}

/// Em que sentido vai uma mensagem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direcao {
    /// Do cliente para o servidor.
    Ida = 0,
    /// Do servidor (ou do caminho) para o cliente.
    Volta = 1,
}

/// O que duas extremidades disseram uma à outra.
#[derive(Debug, Clone)]
pub struct Conversa {
    /// O protocolo.
    pub protocolo: Protocolo,
    /// Quem começou: enviou o primeiro SYN, ou o primeiro pacote visto.
    pub cliente: Extremidade,
    /// O outro lado.
    pub servidor: Extremidade,
    /// As mensagens visíveis, na ordem em que foram enviadas.
    pub mensagens: Vec<Mensagem>,
    /// Estados antes da primeira mensagem, em TCP.
    pub iniciais: Option<Estados>,
}

/// Um pacote, no lugar dele na conversa.
#[derive(Debug, Clone)]
pub struct Mensagem {
    /// O pacote, como foi visto ao ser enviado.
    pub pacote: Arc<Pacote>,
    /// Quando foi enviado, desde o começo da captura.
    pub tempo: Duration,
    /// Quando chegou, se a captura viu os dois lados.
    pub chegada: Option<Duration>,
    /// Quem enviou.
    pub de: Extremidade,
    /// Para quem.
    pub para: Extremidade,
    /// Em que sentido vai.
    pub direcao: Direcao,
    /// Números relativos, em TCP.
    pub tcp: Option<Numeros>,
    /// O que aconteceu com ela.
    pub marcas: Marcas,
    /// Estados do cliente e do servidor depois dela, em TCP.
    pub estados: Option<Estados>,
    /// O estado em que quem enviou entrou ao enviar.
    pub mudou_ao_enviar: Option<Estado>,
    /// O estado em que quem recebeu entrou ao receber.
    pub mudou_ao_chegar: Option<Estado>,
    /// Índice do pacote na captura.
    pub(crate) indice: usize,
    /// Índice da mensagem depois da qual esta chega; em geral, o dela mesma.
    pub(crate) pousa: usize,
}

/// Os números de um segmento TCP, contados a partir do começo da conexão.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numeros {
    /// Sequência relativa: o SYN é 0, o primeiro byte é 1.
    pub seq: u32,
    /// Sequência relativa depois deste segmento.
    pub fim: u32,
    /// Confirmação relativa, quando o bit ACK está ligado.
    pub ack: Option<u32>,
    /// Janela em bytes, já com a escala combinada no handshake.
    pub janela: u32,
}

/// O que aconteceu com um pacote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marcas {
    /// O remetente enviou de novo o que já tinha enviado.
    pub retransmissao: bool,
    /// A rede entregou o mesmo pacote mais de uma vez.
    pub duplicada: bool,
    /// Chegou depois de um pacote enviado depois dele.
    pub fora_de_ordem: bool,
    /// Repete a última confirmação: falta um pedaço (RFC 5681, §2).
    pub ack_duplicado: bool,
    /// Saiu de um lado e não chegou ao outro.
    pub perdida: bool,
    /// A soma de verificação não confere.
    pub soma_errada: bool,
    /// Pergunta se o outro lado ainda está lá (RFC 9293, §3.8.4).
    pub mantem_viva: bool,
    /// Este lado não tem onde guardar mais dados (RFC 9293, §3.8.6).
    pub janela_zero: bool,
}

impl Marcas {
    /// As marcas, por extenso.
    pub fn nomes(self) -> Vec<&'static str> {
        let pares = [
            (self.perdida, "perdido"),
            (self.retransmissao, "retransmissão"),
            (self.duplicada, "duplicado"),
            (self.fora_de_ordem, "fora de ordem"),
            (self.ack_duplicado, "ACK duplicado"),
            (self.soma_errada, "soma errada"),
            (self.mantem_viva, "keep-alive"),
            (self.janela_zero, "janela 0"),
        ];
        let ligadas = pares.into_iter().filter(|(ligada, _)| *ligada);
        ligadas.map(|(_, nome)| nome).collect()
    }
}

impl Mensagem {
    fn nova(
        captura: &Captura,
        par: Par,
        (de, para): (Extremidade, Extremidade),
        direcao: Direcao,
    ) -> Self {
        let pacote = &captura.todos()[par.saida];
        let chegou = par.chegada.map(|indice| &captura.todos()[indice]);
        let estragou = chegou.unwrap_or(pacote).soma == Soma::Errada;
        Mensagem {
            tempo: captura.tempo(pacote),
            chegada: chegou.map(|pacote| captura.tempo(pacote)),
            indice: par.saida,
            de,
            para,
            direcao,
            tcp: None,
            marcas: Marcas {
                soma_errada: estragou,
                perdida: par.perdido,
                duplicada: par.duplicado,
                ..Marcas::default()
            },
            estados: None,
            mudou_ao_enviar: None,
            mudou_ao_chegar: None,
            pousa: 0,
            pacote: Arc::clone(pacote),
        }
    }

    /// Número do pacote na captura.
    pub fn numero(&self) -> usize {
        self.pacote.numero
    }

    /// O cabeçalho TCP, se houver.
    pub fn cabecalho_tcp(&self) -> Option<&Tcp> {
        match &self.pacote.conteudo {
            Conteudo::Tcp(tcp) => Some(tcp),
            _ => None,
        }
    }

    /// Os bits de controle do TCP, se houver.
    pub fn flags(&self) -> Option<Flags> {
        self.cabecalho_tcp().map(|tcp| tcp.flags)
    }

    /// Os bytes que o programa enviou.
    pub fn dados(&self) -> &[u8] {
        self.pacote.dados()
    }
}

/// O que identifica uma conversa: o protocolo e as duas pontas, em ordem.
type Chave = (Protocolo, Extremidade, Extremidade);

fn chave(protocolo: Protocolo, um: Extremidade, outro: Extremidade) -> Chave {
    (protocolo, um.min(outro), um.max(outro))
}

/// Separa a captura em conversas; as que o filtro escondeu inteiras não vêm.
pub(crate) fn separar(captura: &Captura) -> Vec<Conversa> {
    let mut separador = Separador::default();
    for par in captura.pares() {
        separador.receber(captura, *par);
    }
    let mut conversas = separador.conversas;
    for conversa in &mut conversas {
        trocados_no_caminho(&mut conversa.mensagens);
        if conversa.protocolo == Protocolo::Tcp {
            tcp::numerar(&mut conversa.mensagens);
            tcp::marcar(&mut conversa.mensagens);
        }
        estado::pousar(&mut conversa.mensagens);
        if conversa.protocolo == Protocolo::Tcp {
            conversa.iniciais = Some(estado::anotar(&mut conversa.mensagens));
        }
        esconder(captura, conversa);
    }
    conversas.retain(|conversa| !conversa.mensagens.is_empty());
    conversas
}

/// Marca o que chegou depois de algo enviado depois (só com os dois lados).
fn trocados_no_caminho(mensagens: &mut [Mensagem]) {
    for direcao in [Direcao::Ida, Direcao::Volta] {
        let mut primeira_depois: Option<Duration> = None;
        let deste = |mensagem: &&mut Mensagem| mensagem.direcao == direcao;
        for mensagem in mensagens.iter_mut().rev().filter(deste) {
            let Some(chegada) = mensagem.chegada else {
                continue;
            };
            let ultrapassada = primeira_depois.is_some_and(|d| chegada > d);
            mensagem.marcas.fora_de_ordem |= ultrapassada;
            let menor = primeira_depois.map_or(chegada, |d| d.min(chegada));
            primeira_depois = Some(menor);
        }
    }
}

/// Tira as mensagens que o filtro escondeu e refaz os índices de chegada.
fn esconder(captura: &Captura, conversa: &mut Conversa) {
    let visiveis: Vec<bool> = conversa
        .mensagens
        .iter()
        .map(|mensagem| captura.visivel(mensagem.indice))
        .collect();
    let mut antes = vec![0; visiveis.len()];
    let mut quantas = 0_usize;
    for (i, visivel) in visiveis.iter().enumerate() {
        quantas += usize::from(*visivel);
        antes[i] = quantas;
    }
    let mut i = 0;
    conversa.mensagens.retain_mut(|mensagem| {
        mensagem.pousa =
            antes.get(mensagem.pousa).map_or(0, |n| n.saturating_sub(1));
        i += 1;
        visiveis[i - 1]
    });
}

#[derive(Default)]
struct Separador {
    conversas: Vec<Conversa>,
    abertas: HashMap<Chave, usize>,
}

impl Separador {
    fn receber(&mut self, captura: &Captura, par: Par) {
        let pacote = &captura.todos()[par.saida];
        let (Some(de), Some(para)) = (pacote.origem, pacote.destino) else {
            return;
        };
        let (protocolo, de, para) = match &pacote.conteudo {
            Conteudo::Tcp(tcp) => {
                self.talvez_recomecar(chave(Protocolo::Tcp, de, para), tcp);
                (Protocolo::Tcp, de, para)
            }
            Conteudo::Udp(_) => (Protocolo::Udp, de, para),
            Conteudo::Arp(_) => (Protocolo::Arp, de, para),
            Conteudo::Outro(_) => (Protocolo::Outro, de, para),
            Conteudo::Icmp(icmp) => {
                if let Some((origem, destino)) = icmp.citado
                    && self.erro_icmp(captura, par, (origem, destino))
                {
                    return;
                }
                let alvo = icmp.alvo.filter(|_| para.ip.is_multicast());
                (Protocolo::Icmp, de, alvo.map_or(para, Extremidade::so_ip))
            }
        };
        self.guardar(captura, par, protocolo, (de, para));
    }

    /// Um SYN com outro número inicial é outra conexão nas mesmas portas.
    fn talvez_recomecar(&mut self, chave: Chave, tcp: &Tcp) {
        if !tcp.flags.tem(Flags::SYN) || tcp.flags.tem(Flags::ACK) {
            return;
        }
        let Some(indice) = self.abertas.get(&chave) else {
            return;
        };
        let primeiro = self.conversas[*indice].mensagens[0].cabecalho_tcp();
        let mesma = primeiro.is_some_and(|primeiro| {
            primeiro.flags.tem(Flags::SYN)
                && (primeiro.seq == tcp.seq
                    || self.conversas[*indice].mensagens.len() < 2)
        });
        if !mesma {
            self.abertas.remove(&chave);
        }
    }

    fn guardar(
        &mut self,
        captura: &Captura,
        par: Par,
        protocolo: Protocolo,
        pontas: (Extremidade, Extremidade),
    ) {
        let pacote = &captura.todos()[par.saida];
        let (de, para) = pontas;
        let indice = *self
            .abertas
            .entry(chave(protocolo, de, para))
            .or_insert(self.conversas.len());
        if indice == self.conversas.len() {
            self.conversas.push(comecar(pacote, protocolo, pontas));
        }
        let conversa = &mut self.conversas[indice];
        let ida = de == conversa.cliente;
        let direcao = if ida { Direcao::Ida } else { Direcao::Volta };
        let mensagem = Mensagem::nova(captura, par, pontas, direcao);
        conversa.mensagens.push(mensagem);
    }

    /// Um erro ICMP entra na conversa do pacote que ele devolve.
    fn erro_icmp(
        &mut self,
        captura: &Captura,
        par: Par,
        (origem, destino): (Extremidade, Extremidade),
    ) -> bool {
        let pacote = &captura.todos()[par.saida];
        let achada = [Protocolo::Tcp, Protocolo::Udp, Protocolo::Icmp]
            .into_iter()
            .find_map(|protocolo| {
                self.abertas.get(&chave(protocolo, origem, destino))
            });
        let (Some(indice), Some(de)) = (achada, pacote.origem) else {
            return false;
        };
        let conversa = &mut self.conversas[*indice];
        let de = if de.ip == destino.ip { destino } else { de };
        let ida = de == conversa.cliente;
        let direcao = if ida { Direcao::Ida } else { Direcao::Volta };
        let mensagem = Mensagem::nova(captura, par, (de, origem), direcao);
        conversa.mensagens.push(mensagem);
        true
    }
}

fn comecar(
    pacote: &Pacote,
    protocolo: Protocolo,
    (de, para): (Extremidade, Extremidade),
) -> Conversa {
    let syn_ack = match &pacote.conteudo {
        Conteudo::Tcp(tcp) => {
            tcp.flags.tem(Flags::SYN) && tcp.flags.tem(Flags::ACK)
        }
        _ => false,
    };
    let (cliente, servidor) = if syn_ack { (para, de) } else { (de, para) };
    Conversa {
        protocolo,
        cliente,
        servidor,
        mensagens: Vec::new(),
        iniciais: None,
    }
}
