//! ICMP e ICMPv6: as mensagens de eco, de erro e de vizinhança.

use std::net::Ipv6Addr;
use std::ops::Range;

use etherparse::{
    Icmpv4Slice, Icmpv6Slice, IpNumber, LaxNetSlice, LaxSlicedPacket,
};

use crate::camadas::TipoDeCamada;
use crate::decodificar::{dentro, dois_bytes, marcar, onde};
use crate::pacote::{Conteudo, Extremidade, Icmp, Pacote};

const TAMANHO_ICMP: usize = 8;

pub(super) fn icmp(
    pacote: &mut Pacote,
    bytes: &[u8],
    icmp: &Icmpv4Slice<'_>,
    fim: usize,
) {
    let inicio = onde(bytes, icmp.slice()).start;
    let eco = matches!(icmp.type_u8(), 0 | 8);
    let erro = matches!(icmp.type_u8(), 3 | 5 | 11 | 12);
    let mensagem = Icmp {
        v6: false,
        tipo: icmp.type_u8(),
        codigo: icmp.code_u8(),
        eco: eco.then(|| dois_de(icmp.bytes5to8())),
        citado: if erro { citado(icmp.payload()) } else { None },
        alvo: None,
        dados: 0..0,
    };
    guardar_icmp(pacote, bytes, mensagem, TipoDeCamada::Icmp, inicio..fim);
}

pub(super) fn icmpv6(
    pacote: &mut Pacote,
    bytes: &[u8],
    icmp: &Icmpv6Slice<'_>,
    fim: usize,
) {
    let inicio = onde(bytes, icmp.slice()).start;
    let eco = matches!(icmp.type_u8(), 128 | 129);
    let erro = icmp.type_u8() < 128;
    let vizinho = matches!(icmp.type_u8(), 135 | 136);
    let alvo: Option<[u8; 16]> = icmp
        .payload()
        .get(..16)
        .and_then(|alvo| alvo.try_into().ok());
    let mensagem = Icmp {
        v6: true,
        tipo: icmp.type_u8(),
        codigo: icmp.code_u8(),
        eco: eco.then(|| dois_de(icmp.bytes5to8())),
        citado: if erro { citado(icmp.payload()) } else { None },
        alvo: alvo.filter(|_| vizinho).map(|ip| Ipv6Addr::from(ip).into()),
        dados: 0..0,
    };
    guardar_icmp(pacote, bytes, mensagem, TipoDeCamada::Icmpv6, inicio..fim);
}

fn guardar_icmp(
    pacote: &mut Pacote,
    bytes: &[u8],
    mut mensagem: Icmp,
    tipo: TipoDeCamada,
    intervalo: Range<usize>,
) {
    let meio = (intervalo.start + TAMANHO_ICMP).min(intervalo.end);
    let dados = meio..intervalo.end.max(meio);
    marcar(pacote, tipo, intervalo.start..meio, bytes);
    marcar(pacote, TipoDeCamada::Dados, dados.clone(), bytes);
    mensagem.dados = dentro(&dados, bytes);
    pacote.conteudo = Conteudo::Icmp(mensagem);
}

fn dois_de(bytes: [u8; 4]) -> (u16, u16) {
    let [a, b, c, d] = bytes;
    (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]))
}

/// Origem e destino do pacote que uma mensagem de erro ICMP devolve: o
/// cabeçalho IP e ao menos 8 bytes depois dele (RFC 792, pp. 4 a 7).
fn citado(bytes: &[u8]) -> Option<(Extremidade, Extremidade)> {
    let fatias = LaxSlicedPacket::from_ip(bytes).ok()?;
    let (origem, destino) = match fatias.net.as_ref()? {
        LaxNetSlice::Ipv4(v4) => (
            Extremidade::v4(v4.header().source()),
            Extremidade::v4(v4.header().destination()),
        ),
        LaxNetSlice::Ipv6(v6) => (
            Extremidade::v6(v6.header().source()),
            Extremidade::v6(v6.header().destination()),
        ),
        LaxNetSlice::Arp(_) => return None,
    };
    let carga = fatias.ip_payload()?;
    let com_portas = matches!(carga.ip_number, IpNumber::TCP | IpNumber::UDP);
    match (dois_bytes(carga.payload, 0), dois_bytes(carga.payload, 2)) {
        (Some(da_porta), Some(para_porta)) if com_portas => {
            Some((origem.na_porta(da_porta), destino.na_porta(para_porta)))
        }
        _ => Some((origem, destino)),
    }
}
