//! O que os hosts dizem por conta própria, sem que um programa peça.

use etherparse::{
    Icmpv6Header, Icmpv6Type, IpNumber, LaxPacketHeaders, NetHeaders,
    TransportHeader,
};

/// Mensagens de ICMPv6 que um kernel manda ao levantar a interface: grupos de
/// multicast (RFC 3810) e procura de roteadores (RFC 4861, §4.1).
const RUIDO_DO_ICMPV6: [u8; 5] = [130, 131, 132, 133, 143];

/// Se o pacote IP não é de conversa nenhuma: IGMP, MLD, procura de roteador.
pub fn e_ruido(pacote: &[u8]) -> bool {
    let Ok(partes) = LaxPacketHeaders::from_ip(pacote) else {
        return false;
    };
    if let Some(TransportHeader::Icmpv6(cabecalho)) = &partes.transport {
        return RUIDO_DO_ICMPV6.contains(&tipo(cabecalho));
    }
    match partes.net {
        Some(NetHeaders::Ipv4(cabecalho, _)) => {
            cabecalho.protocol == IpNumber::IGMP
        }
        _ => false,
    }
}

fn tipo(cabecalho: &Icmpv6Header) -> u8 {
    match cabecalho.icmp_type {
        Icmpv6Type::Unknown { type_u8, .. } => type_u8,
        _ => cabecalho.to_bytes()[0],
    }
}
