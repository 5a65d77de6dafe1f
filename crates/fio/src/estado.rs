//! Os estados do TCP (RFC 9293, §3.3.2) nos dois lados de uma conversa,
//! deduzidos do que cada lado enviou e recebeu.

use std::fmt;

use crate::conversa::{Direcao, Mensagem};
use crate::pacote::Flags;

/// Até onde se procura a prova de que um SYN ou FIN já tinha chegado.
const MAIOR_BUSCA: usize = 1000;

/// Estado de um lado da conexão (RFC 9293, §3.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Estado {
    /// Sem conexão.
    Closed,
    /// À espera de um SYN.
    Listen,
    /// Enviou SYN.
    SynSent,
    /// Recebeu SYN e respondeu.
    SynReceived,
    /// Conexão feita.
    Established,
    /// Enviou FIN.
    FinWait1,
    /// O FIN enviado foi confirmado.
    FinWait2,
    /// Recebeu FIN; falta encerrar o lado dele.
    CloseWait,
    /// Os dois lados enviaram FIN ao mesmo tempo.
    Closing,
    /// Enviou FIN depois de receber o do outro.
    LastAck,
    /// Terminou; espera 2 MSL pelos retardatários.
    TimeWait,
}

impl Estado {
    /// Se este lado guarda uma conexão que ainda pode levar dados ou FIN.
    pub fn conectado(self) -> bool {
        !matches!(self, Estado::Closed | Estado::Listen | Estado::TimeWait)
    }

    /// O nome do padrão, como `ss` e `netstat` o mostram.
    pub fn nome(self) -> &'static str {
        match self {
            Estado::Closed => "CLOSED",
            Estado::Listen => "LISTEN",
            Estado::SynSent => "SYN-SENT",
            Estado::SynReceived => "SYN-RECEIVED",
            Estado::Established => "ESTABLISHED",
            Estado::FinWait1 => "FIN-WAIT-1",
            Estado::FinWait2 => "FIN-WAIT-2",
            Estado::CloseWait => "CLOSE-WAIT",
            Estado::Closing => "CLOSING",
            Estado::LastAck => "LAST-ACK",
            Estado::TimeWait => "TIME-WAIT",
        }
    }
}

impl fmt::Display for Estado {
    fn fmt(&self, saida: &mut fmt::Formatter<'_>) -> fmt::Result {
        saida.pad(self.nome())
    }
}

/// Os estados do cliente e do servidor; `None` quando a captura não diz.
pub type Estados = [Option<Estado>; 2];

/// Um lado da conexão, visto de fora.
#[derive(Clone, Copy)]
struct Lado {
    estado: Option<Estado>,
    /// Número que vem depois do FIN deste lado, quando já enviou.
    depois_do_fin: Option<u32>,
}

/// Anota depois de qual mensagem cada uma chega ao outro lado.
pub(crate) fn pousar(mensagens: &mut [Mensagem]) {
    for i in 0..mensagens.len() {
        mensagens[i].pousa = entrega(mensagens, i);
    }
}

/// Anota em cada mensagem o que mudou, e devolve os estados do começo.
///
/// As mensagens já devem ter passado por [`pousar`].
pub(crate) fn anotar(mensagens: &mut [Mensagem]) -> Estados {
    let iniciais = estados_iniciais(mensagens);
    let mut lados = iniciais.map(|estado| Lado {
        estado,
        depois_do_fin: None,
    });
    let mut voando: Vec<usize> = Vec::new();
    for i in 0..mensagens.len() {
        ao_enviar(&mut lados, &mut mensagens[i]);
        voando.push(i);
        let mut chegam: Vec<usize> = Vec::new();
        voando.retain(|mensagem| {
            let chega = mensagens[*mensagem].pousa <= i;
            chegam.extend(chega.then_some(*mensagem));
            !chega
        });
        chegam.sort_by_key(|mensagem| mensagens[*mensagem].chegada);
        for chegada in chegam {
            ao_chegar(&mut lados, &mut mensagens[chegada]);
        }
        mensagens[i].estados = Some(lados.map(|lado| lado.estado));
    }
    iniciais
}

fn estados_iniciais(mensagens: &[Mensagem]) -> Estados {
    let falou = |direcao| {
        mensagens
            .iter()
            .filter(|mensagem| mensagem.direcao == direcao)
            .find_map(Mensagem::flags)
    };
    let Some(primeiras) = falou(Direcao::Ida) else {
        return [Some(Estado::Established); 2];
    };
    if !primeiras.tem(Flags::SYN) {
        return [Some(Estado::Established); 2];
    }
    let servidor = match falou(Direcao::Volta) {
        // Abertura simultânea (RFC 9293, §3.5, figura 7).
        Some(f) if f.tem(Flags::SYN) && !f.tem(Flags::ACK) => {
            Some(Estado::Closed)
        }
        Some(f) if f.tem(Flags::SYN) => Some(Estado::Listen),
        Some(f) if f.tem(Flags::RST) => Some(Estado::Closed),
        _ => None,
    };
    [Some(Estado::Closed), servidor]
}

/// Depois de qual mensagem esta chega ao outro lado. Se a captura viu a
/// chegada, é certo. Senão, quase sempre logo; mas se o outro lado ainda envia
/// sem confirmar um SYN ou FIN, é que não o recebeu.
fn entrega(mensagens: &[Mensagem], i: usize) -> usize {
    if mensagens[i].marcas.perdida {
        return i;
    }
    if let Some(chegada) = mensagens[i].chegada {
        let antes = mensagens.partition_point(|m| m.tempo < chegada);
        return antes.saturating_sub(1).max(i);
    }
    let Some(numeros) = mensagens[i].tcp else {
        return i;
    };
    let flags = mensagens[i].flags().unwrap_or_default();
    if !flags.tem(Flags::SYN) && !flags.tem(Flags::FIN) {
        return i;
    }
    let mut chegada = i;
    let depois = mensagens.iter().enumerate().skip(i + 1).take(MAIOR_BUSCA);
    for (j, outra) in depois {
        let Some(resposta) = outra.tcp else { continue };
        if outra.direcao == mensagens[i].direcao {
            continue;
        }
        match resposta.ack {
            Some(ack) if alcanca(ack, numeros.fim) => return chegada,
            _ if outra.flags().is_some_and(|f| f.tem(Flags::RST)) => {
                return chegada;
            }
            _ => chegada = j,
        }
    }
    i
}

fn alcanca(ack: u32, fim: u32) -> bool {
    ack.wrapping_sub(fim) < 1 << 31
}

fn ao_enviar(lados: &mut [Lado; 2], mensagem: &mut Mensagem) {
    let (Some(flags), Some(numeros)) = (mensagem.flags(), mensagem.tcp) else {
        return;
    };
    let lado = &mut lados[mensagem.direcao as usize];
    let novo = depois_de_enviar(lado.estado, flags);
    if flags.tem(Flags::FIN) {
        lado.depois_do_fin = Some(numeros.fim);
    }
    if novo != lado.estado {
        lado.estado = novo;
        mensagem.mudou_ao_enviar = novo;
    }
}

fn depois_de_enviar(estado: Option<Estado>, flags: Flags) -> Option<Estado> {
    use Estado::{
        CloseWait, Closed, Established, FinWait1, LastAck, Listen, SynReceived,
        SynSent,
    };
    let novo = match estado? {
        _ if flags.tem(Flags::RST) => Closed,
        Closed if flags.tem(Flags::SYN) => SynSent,
        Listen | SynSent if flags.tem(Flags::SYN) && flags.tem(Flags::ACK) => {
            SynReceived
        }
        Established | SynReceived if flags.tem(Flags::FIN) => FinWait1,
        CloseWait if flags.tem(Flags::FIN) => LastAck,
        mesmo => mesmo,
    };
    Some(novo)
}

fn ao_chegar(lados: &mut [Lado; 2], mensagem: &mut Mensagem) {
    let (Some(flags), Some(numeros)) = (mensagem.flags(), mensagem.tcp) else {
        return;
    };
    if mensagem.marcas.perdida || mensagem.marcas.soma_errada {
        return;
    }
    let lado = &mut lados[1 - mensagem.direcao as usize];
    let confirma_fin = match (numeros.ack, lado.depois_do_fin) {
        (Some(ack), Some(fim)) => alcanca(ack, fim),
        _ => false,
    };
    let novo = depois_de_receber(lado.estado, flags, confirma_fin);
    if novo != lado.estado {
        lado.estado = novo;
        mensagem.mudou_ao_chegar = novo;
    }
}

fn depois_de_receber(
    estado: Option<Estado>,
    flags: Flags,
    confirma_fin: bool,
) -> Option<Estado> {
    use Estado::{
        CloseWait, Closed, Closing, Established, FinWait1, FinWait2, LastAck,
        Listen, SynReceived, SynSent, TimeWait,
    };
    let estado = estado?;
    if flags.tem(Flags::RST) {
        // Uma abertura passiva volta a escutar (RFC 9293, §3.10.7.4).
        let volta = matches!(estado, SynReceived | Listen);
        return Some(if volta { Listen } else { Closed });
    }
    let confirmado = match estado {
        Listen if flags.tem(Flags::SYN) => SynReceived,
        SynSent if flags.tem(Flags::SYN) && flags.tem(Flags::ACK) => {
            Established
        }
        SynSent if flags.tem(Flags::SYN) => SynReceived,
        SynReceived if flags.tem(Flags::ACK) => Established,
        FinWait1 if confirma_fin => FinWait2,
        Closing if confirma_fin => TimeWait,
        LastAck if confirma_fin => Closed,
        mesmo => mesmo,
    };
    let novo = match confirmado {
        Established if flags.tem(Flags::FIN) => CloseWait,
        FinWait1 if flags.tem(Flags::FIN) => Closing,
        FinWait2 if flags.tem(Flags::FIN) => TimeWait,
        mesmo => mesmo,
    };
    Some(novo)
}
