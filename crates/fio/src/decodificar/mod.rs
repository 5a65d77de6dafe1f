//! De um registro a um pacote: quem decodifica é o crate `etherparse`.

mod icmp;
mod transporte;

use std::net::IpAddr;
use std::ops::Range;

use etherparse::{
    ArpPacketSlice, EtherType, IpNumber, LaxNetSlice, LaxSlicedPacket,
    TransportSlice,
};

use crate::camadas::{Camada, TipoDeCamada};
use crate::leitor::{Ligacao, Registro};
use crate::pacote::{Arp, Conteudo, Extremidade, Pacote, Sentido, Soma};
use crate::soma;

const TAMANHO_ETHERNET: usize = 14;
const TAMANHO_SLL: usize = 16;
const TAMANHO_SLL2: usize = 20;
const TAMANHO_LOOPBACK: usize = 4;
const TAMANHO_IPV6: usize = 40;
/// `PACKET_OUTGOING`, em packet(7).
const PACOTE_SAINDO: u16 = 4;

/// Decodifica até onde der; o que não der fica em [`Pacote::defeito`].
pub(crate) fn decodificar(registro: Registro) -> Pacote {
    let mut pacote = Pacote {
        numero: 0,
        instante: registro.instante,
        interface: registro.interface,
        sentido: None,
        ligacao: registro.ligacao,
        comprimento: registro.comprimento.max(registro.bytes.len()),
        bytes: Vec::new(),
        camadas: Vec::new(),
        origem: None,
        destino: None,
        identificacao: 0,
        conteudo: Conteudo::Outro("bytes".to_owned()),
        defeito: None,
        soma: Soma::SemComo,
    };
    enlace(&mut pacote, &registro.bytes);
    pacote.bytes = registro.bytes;
    if pacote.bytes.len() < pacote.comprimento && pacote.defeito.is_none() {
        pacote.defeito = Some(format!(
            "a captura guardou {} dos {} bytes",
            pacote.bytes.len(),
            pacote.comprimento
        ));
    }
    pacote
}

fn enlace(pacote: &mut Pacote, bytes: &[u8]) {
    match pacote.ligacao {
        Ligacao::Ethernet => ethernet(pacote, bytes),
        Ligacao::IpBruto => ip(pacote, bytes, 0),
        Ligacao::Loopback => {
            marcar(pacote, TipoDeCamada::Loopback, 0..TAMANHO_LOOPBACK, bytes);
            ip(pacote, bytes, TAMANHO_LOOPBACK);
        }
        Ligacao::Sll => {
            marcar(pacote, TipoDeCamada::Sll, 0..TAMANHO_SLL, bytes);
            pacote.sentido = dois_bytes(bytes, 0).map(sentido_de);
            por_ethertype(pacote, bytes, dois_bytes(bytes, 14), TAMANHO_SLL);
        }
        Ligacao::Sll2 => {
            marcar(pacote, TipoDeCamada::Sll2, 0..TAMANHO_SLL2, bytes);
            if let Some(interface) = bytes.get(4..8) {
                let interface = interface.try_into().unwrap_or_default();
                pacote.interface = u32::from_be_bytes(interface);
            }
            let tipo = bytes.get(10).map(|byte| u16::from(*byte));
            pacote.sentido = tipo.map(sentido_de);
            por_ethertype(pacote, bytes, dois_bytes(bytes, 0), TAMANHO_SLL2);
        }
        Ligacao::Outra(numero) => {
            pacote.defeito = Some(format!(
                "não sei ler o tipo de enlace {numero} desta captura"
            ));
        }
    }
}

fn sentido_de(tipo: u16) -> Sentido {
    if tipo == PACOTE_SAINDO {
        Sentido::Saida
    } else {
        Sentido::Entrada
    }
}

pub(in crate::decodificar) fn dois_bytes(
    bytes: &[u8],
    inicio: usize,
) -> Option<u16> {
    let par = bytes.get(inicio..inicio + 2)?;
    Some(u16::from_be_bytes([par[0], par[1]]))
}

fn ethernet(pacote: &mut Pacote, bytes: &[u8]) {
    let Ok(fatias) = LaxSlicedPacket::from_ethernet(bytes) else {
        defeito(pacote, "o cabeçalho Ethernet está cortado");
        return;
    };
    let rede = fatias
        .ether_payload()
        .map_or(TAMANHO_ETHERNET, |carga| onde(bytes, carga.payload).start);
    marcar(pacote, TipoDeCamada::Ethernet, 0..rede, bytes);
    let tipo = fatias.ether_payload().map(|carga| carga.ether_type);
    rede_e_transporte(pacote, bytes, &fatias, rede, tipo);
}

fn por_ethertype(
    pacote: &mut Pacote,
    bytes: &[u8],
    tipo: Option<u16>,
    rede: usize,
) {
    let (Some(tipo), Some(resto)) = (tipo, bytes.get(rede..)) else {
        defeito(pacote, "o cabeçalho de enlace está cortado");
        return;
    };
    let tipo = EtherType(tipo);
    let fatias = LaxSlicedPacket::from_ether_type(tipo, resto);
    rede_e_transporte(pacote, bytes, &fatias, rede, Some(tipo));
}

fn ip(pacote: &mut Pacote, bytes: &[u8], rede: usize) {
    let resto = bytes.get(rede..).unwrap_or_default();
    match LaxSlicedPacket::from_ip(resto) {
        Ok(fatias) => rede_e_transporte(pacote, bytes, &fatias, rede, None),
        Err(_) => defeito(pacote, "o cabeçalho IP está cortado ou errado"),
    }
}

fn rede_e_transporte(
    pacote: &mut Pacote,
    bytes: &[u8],
    fatias: &LaxSlicedPacket<'_>,
    rede: usize,
    tipo: Option<EtherType>,
) {
    let fim = match &fatias.net {
        Some(LaxNetSlice::Ipv4(v4)) => {
            let cabecalho = v4.header();
            pacote.origem = Some(Extremidade::v4(cabecalho.source()));
            pacote.destino = Some(Extremidade::v4(cabecalho.destination()));
            pacote.identificacao = cabecalho.identification();
            let carga = onde(bytes, v4.payload().payload);
            marcar(pacote, TipoDeCamada::Ipv4, rede..carga.start, bytes);
            match cabecalho.total_len() {
                0 => bytes.len(),
                total => rede + usize::from(total),
            }
        }
        Some(LaxNetSlice::Ipv6(v6)) => {
            let cabecalho = v6.header();
            pacote.origem = Some(Extremidade::v6(cabecalho.source()));
            pacote.destino = Some(Extremidade::v6(cabecalho.destination()));
            let carga = onde(bytes, v6.payload().payload);
            marcar(pacote, TipoDeCamada::Ipv6, rede..carga.start, bytes);
            match cabecalho.payload_length() {
                0 => bytes.len(),
                total => rede + TAMANHO_IPV6 + usize::from(total),
            }
        }
        Some(LaxNetSlice::Arp(pergunta)) => {
            arp(pacote, bytes, pergunta, rede);
            return;
        }
        None => {
            sem_rede(pacote, bytes, fatias, rede, tipo);
            return;
        }
    };
    transporte(pacote, bytes, fatias, fim);
}

fn sem_rede(
    pacote: &mut Pacote,
    bytes: &[u8],
    fatias: &LaxSlicedPacket<'_>,
    rede: usize,
    tipo: Option<EtherType>,
) {
    if fatias.stop_err.is_some() {
        defeito(
            pacote,
            "o cabeçalho depois do enlace está cortado ou errado",
        );
    }
    let nome = match tipo {
        Some(EtherType::ARP) => "ARP cortado".to_owned(),
        Some(EtherType(numero)) => format!("EtherType 0x{numero:04x}"),
        None => "bytes".to_owned(),
    };
    marcar(pacote, TipoDeCamada::Dados, rede..bytes.len(), bytes);
    pacote.conteudo = Conteudo::Outro(nome);
}

fn transporte(
    pacote: &mut Pacote,
    bytes: &[u8],
    fatias: &LaxSlicedPacket<'_>,
    fim: usize,
) {
    let Some(carga) = fatias.ip_payload() else {
        return;
    };
    let inicio = onde(bytes, carga.payload).start;
    if carga.fragmented {
        resto_do_ip(pacote, bytes, inicio, fim, "fragmento IP".to_owned());
        return;
    }
    match &fatias.transport {
        Some(TransportSlice::Tcp(segmento)) => {
            transporte::tcp(pacote, bytes, segmento, fim);
        }
        Some(TransportSlice::Udp(datagrama)) => {
            transporte::udp(pacote, bytes, datagrama);
        }
        Some(TransportSlice::Icmpv4(mensagem)) => {
            icmp::icmp(pacote, bytes, mensagem, fim);
        }
        Some(TransportSlice::Icmpv6(mensagem)) => {
            icmp::icmpv6(pacote, bytes, mensagem, fim);
        }
        _ => {
            if fatias.stop_err.is_some() {
                defeito(pacote, "o cabeçalho do transporte está cortado");
            }
            let nome = nome_do_protocolo(carga.ip_number);
            resto_do_ip(pacote, bytes, inicio, fim, nome);
            return;
        }
    }
    pacote.soma = soma::conferir(pacote, bytes, inicio..fim, carga.ip_number);
}

fn nome_do_protocolo(numero: IpNumber) -> String {
    match numero {
        IpNumber::TCP => "TCP cortado".to_owned(),
        IpNumber::UDP => "UDP cortado".to_owned(),
        IpNumber::ICMP => "ICMP cortado".to_owned(),
        IpNumber::IGMP => "IGMP".to_owned(),
        IpNumber(numero) => format!("protocolo IP {numero}"),
    }
}

fn resto_do_ip(
    pacote: &mut Pacote,
    bytes: &[u8],
    inicio: usize,
    fim: usize,
    nome: String,
) {
    marcar(pacote, TipoDeCamada::Dados, inicio..fim, bytes);
    pacote.conteudo = Conteudo::Outro(nome);
}

fn arp(
    pacote: &mut Pacote,
    bytes: &[u8],
    arp: &ArpPacketSlice<'_>,
    rede: usize,
) {
    marcar(
        pacote,
        TipoDeCamada::Arp,
        rede..rede + arp.slice().len(),
        bytes,
    );
    let fisico = arp.sender_hw_addr().try_into();
    let origem = <[u8; 4]>::try_from(arp.sender_protocol_addr());
    let destino = <[u8; 4]>::try_from(arp.target_protocol_addr());
    let (Ok(fisico), Ok(origem), Ok(destino)) = (fisico, origem, destino)
    else {
        pacote.conteudo = Conteudo::Outro("ARP que não é de IPv4".to_owned());
        return;
    };
    pacote.origem = Some(Extremidade::v4(origem));
    pacote.destino = Some(Extremidade::v4(destino));
    let operacao = arp.operation().0;
    pacote.conteudo = Conteudo::Arp(Arp { operacao, fisico });
}

fn defeito(pacote: &mut Pacote, frase: &str) {
    pacote.defeito = Some(frase.to_owned());
}

/// Anota a camada, cortada ao que a captura guardou.
pub(in crate::decodificar) fn marcar(
    pacote: &mut Pacote,
    tipo: TipoDeCamada,
    intervalo: Range<usize>,
    bytes: &[u8],
) {
    let dentro = dentro(&intervalo, bytes);
    if !dentro.is_empty() {
        let (inicio, fim) = (dentro.start, dentro.end);
        pacote.camadas.push(Camada { tipo, inicio, fim });
    }
}

pub(in crate::decodificar) fn dentro(
    intervalo: &Range<usize>,
    bytes: &[u8],
) -> Range<usize> {
    let inicio = intervalo.start.min(bytes.len());
    inicio..intervalo.end.clamp(inicio, bytes.len())
}

/// Posição de uma fatia do pacote dentro dele.
pub(in crate::decodificar) fn onde(bytes: &[u8], fatia: &[u8]) -> Range<usize> {
    let distancia = fatia.as_ptr().addr().wrapping_sub(bytes.as_ptr().addr());
    let inicio = distancia.min(bytes.len());
    inicio..(inicio + fatia.len()).min(bytes.len())
}

/// O endereço IP de uma extremidade, em bytes.
pub(crate) fn octetos(ip: IpAddr) -> Vec<u8> {
    match ip {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    }
}
