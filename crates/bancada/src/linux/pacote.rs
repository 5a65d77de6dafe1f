//! O que um roteador faz com um pacote IP: gasta o TTL, divide o que não cabe
//! e avisa quem mandou (RFC 791, RFC 792, RFC 8200, RFC 4443).

use std::net::IpAddr;

use etherparse::icmpv4::{DestUnreachableHeader, TimeExceededCode};
use etherparse::icmpv6::TimeExceededCode as TimeExceededCodeV6;
use etherparse::{
    Icmpv4Type, Icmpv6Type, IpSlice, Ipv4Header, LaxPacketHeaders,
    PacketBuilder, TransportHeader,
};

use crate::plano::MEIO;

/// TTL dos pacotes que o host do meio manda.
const TTL: u8 = 64;

/// Quanto do pacote original um aviso leva: o bastante para que o aviso
/// inteiro caiba em 576 bytes (RFC 1812, §4.3.2.3) ou 1280 (RFC 4443, §2.4).
const ORIGINAL_NO_AVISO_V4: usize = 576 - 28;
const ORIGINAL_NO_AVISO_V6: usize = 1280 - 48;

/// Unidade do deslocamento de um fragmento, em bytes (RFC 791).
const UNIDADE_DE_FRAGMENTO: usize = 8;

/// O que interessa do cabeçalho IP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotulo {
    pub origem: IpAddr,
    pub destino: IpAddr,
    /// TTL (IPv4) ou limite de saltos (IPv6).
    pub ttl: u8,
    /// Se o roteador pode dividi-lo: IPv4 sem o bit DF.
    pub divisivel: bool,
    /// Onde acaba o cabeçalho IP, em bytes.
    pub fim_do_cabecalho: usize,
}

/// Lê o cabeçalho; `None` se não é um pacote IP inteiro.
pub fn rotulo(pacote: &[u8]) -> Option<Rotulo> {
    let rotulo = match IpSlice::from_slice(pacote).ok()? {
        IpSlice::Ipv4(ip) => {
            let cabecalho = ip.header();
            Rotulo {
                origem: cabecalho.source_addr().into(),
                destino: cabecalho.destination_addr().into(),
                ttl: cabecalho.ttl(),
                divisivel: !cabecalho.dont_fragment(),
                fim_do_cabecalho: cabecalho.slice().len(),
            }
        }
        IpSlice::Ipv6(ip) => {
            let cabecalho = ip.header();
            Rotulo {
                origem: cabecalho.source_addr().into(),
                destino: cabecalho.destination_addr().into(),
                ttl: cabecalho.hop_limit(),
                divisivel: false,
                fim_do_cabecalho: cabecalho.slice().len(),
            }
        }
    };
    Some(rotulo)
}

/// Um salto a menos; `pacote` já foi lido por [`rotulo`] e tem TTL > 1.
pub fn gastar_ttl(pacote: &mut [u8]) {
    if let Ok((mut cabecalho, _)) = Ipv4Header::from_slice(pacote) {
        cabecalho.time_to_live -= 1;
        cabecalho.header_checksum = cabecalho.calc_header_checksum();
        let bytes = cabecalho.to_bytes();
        pacote[..bytes.len()].copy_from_slice(&bytes);
    } else {
        pacote[7] -= 1;
    }
}

/// O aviso de que o TTL acabou; `None` se o original não merece aviso.
pub fn tempo_esgotado(original: &[u8]) -> Option<Vec<u8>> {
    avisar(
        original,
        Icmpv4Type::TimeExceeded(TimeExceededCode::TtlExceededInTransit),
        Icmpv6Type::TimeExceeded(TimeExceededCodeV6::HopLimitExceeded),
    )
}

/// O aviso de que o pacote não cabe em `mtu` bytes e não pode ser dividido.
pub fn grande_demais(original: &[u8], mtu: u16) -> Option<Vec<u8>> {
    let next_hop_mtu = mtu;
    avisar(
        original,
        Icmpv4Type::DestinationUnreachable(
            DestUnreachableHeader::FragmentationNeeded { next_hop_mtu },
        ),
        Icmpv6Type::PacketTooBig { mtu: mtu.into() },
    )
}

fn avisar(original: &[u8], v4: Icmpv4Type, v6: Icmpv6Type) -> Option<Vec<u8>> {
    if e_aviso(original) {
        return None;
    }
    let mut aviso = Vec::new();
    match rotulo(original)?.origem {
        IpAddr::V4(origem) => {
            let ate = original.len().min(ORIGINAL_NO_AVISO_V4);
            PacketBuilder::ipv4(MEIO.0.octets(), origem.octets(), TTL)
                .icmpv4(v4)
                .write(&mut aviso, &original[..ate])
                .ok()?;
        }
        IpAddr::V6(origem) => {
            let ate = original.len().min(ORIGINAL_NO_AVISO_V6);
            PacketBuilder::ipv6(MEIO.1.octets(), origem.octets(), TTL)
                .icmpv6(v6)
                .write(&mut aviso, &original[..ate])
                .ok()?;
        }
    }
    Some(aviso)
}

/// Um erro ICMP não provoca outro (RFC 1122, §3.2.2).
fn e_aviso(pacote: &[u8]) -> bool {
    let Ok(partes) = LaxPacketHeaders::from_ip(pacote) else {
        return true;
    };
    match partes.transport {
        Some(TransportHeader::Icmpv4(c)) => !matches!(
            c.icmp_type,
            Icmpv4Type::EchoRequest(_)
                | Icmpv4Type::EchoReply(_)
                | Icmpv4Type::TimestampRequest(_)
                | Icmpv4Type::TimestampReply(_)
        ),
        Some(TransportHeader::Icmpv6(c)) => !matches!(
            c.icmp_type,
            Icmpv6Type::EchoRequest(_) | Icmpv6Type::EchoReply(_)
        ),
        _ => false,
    }
}

/// A resposta do host do meio a um `ping` para ele; `None` a qualquer outro
/// pacote.
pub fn responder_eco(pacote: &[u8]) -> Option<Vec<u8>> {
    let rotulo = rotulo(pacote)?;
    let partes = LaxPacketHeaders::from_ip(pacote).ok()?;
    let carga = partes.payload.slice();
    let mut resposta = Vec::new();
    match (partes.transport?, rotulo.origem) {
        (TransportHeader::Icmpv4(cabecalho), IpAddr::V4(origem)) => {
            let Icmpv4Type::EchoRequest(eco) = cabecalho.icmp_type else {
                return None;
            };
            PacketBuilder::ipv4(MEIO.0.octets(), origem.octets(), TTL)
                .icmpv4(Icmpv4Type::EchoReply(eco))
                .write(&mut resposta, carga)
                .ok()?;
        }
        (TransportHeader::Icmpv6(cabecalho), IpAddr::V6(origem)) => {
            let Icmpv6Type::EchoRequest(eco) = cabecalho.icmp_type else {
                return None;
            };
            PacketBuilder::ipv6(MEIO.1.octets(), origem.octets(), TTL)
                .icmpv6(Icmpv6Type::EchoReply(eco))
                .write(&mut resposta, carga)
                .ok()?;
        }
        _ => return None,
    }
    Some(resposta)
}

/// Divide um pacote IPv4 em fragmentos de até `mtu` bytes.
pub fn fragmentar(pacote: &[u8], mtu: u16) -> Vec<Vec<u8>> {
    let Ok((original, carga)) = Ipv4Header::from_slice(pacote) else {
        return Vec::new();
    };
    let dito = original.payload_len().unwrap_or_default().into();
    let carga = &carga[..carga.len().min(dito)];
    let cabe = usize::from(mtu).saturating_sub(original.header_len());
    let pedaco = cabe / UNIDADE_DE_FRAGMENTO * UNIDADE_DE_FRAGMENTO;
    if pedaco == 0 {
        return Vec::new();
    }
    let ultimo = carga.len().div_ceil(pedaco).saturating_sub(1);
    let fragmento = |(indice, dados): (usize, &[u8])| {
        let mut cabecalho = original.clone();
        let inicio = indice * pedaco / UNIDADE_DE_FRAGMENTO;
        let antes = usize::from(original.fragment_offset.value());
        let deslocamento = u16::try_from(antes + inicio).ok()?;
        cabecalho.fragment_offset = deslocamento.try_into().ok()?;
        cabecalho.more_fragments |= indice < ultimo;
        cabecalho.set_payload_len(dados.len()).ok()?;
        cabecalho.header_checksum = cabecalho.calc_header_checksum();
        let mut bytes = cabecalho.to_bytes().to_vec();
        bytes.extend_from_slice(dados);
        Some(bytes)
    };
    carga
        .chunks(pedaco)
        .enumerate()
        .filter_map(fragmento)
        .collect()
}

/// Se o pacote vai a um só destino: o roteador não repassa multicast.
pub fn individual(destino: IpAddr) -> bool {
    match destino {
        IpAddr::V4(v4) => !v4.is_multicast() && !v4.is_broadcast(),
        IpAddr::V6(v6) => !v6.is_multicast(),
    }
}

/// Troca um bit da carga do pacote, escolhido por `sorte`.
pub fn corromper(pacote: &mut [u8], fim_do_cabecalho: usize, sorte: u64) {
    let bits = pacote.len().saturating_sub(fim_do_cabecalho) as u64 * 8;
    if let Some(bit) = sorte.checked_rem(bits) {
        pacote[fim_do_cabecalho + (bit / 8) as usize] ^= 1 << (bit % 8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [u8; 4] = [10, 0, 0, 1];
    const B: [u8; 4] = [10, 0, 0, 2];

    fn udp(tamanho: usize, ttl: u8) -> Vec<u8> {
        let carga: Vec<u8> = (0..tamanho).map(|i| i as u8).collect();
        let mut pacote = Vec::new();
        PacketBuilder::ipv4(A, B, ttl)
            .udp(1000, 2000)
            .write(&mut pacote, &carga)
            .unwrap();
        // O construtor liga o DF; este pacote pode ser dividido.
        pacote[6] = 0;
        let (mut cabecalho, _) = Ipv4Header::from_slice(&pacote).unwrap();
        cabecalho.header_checksum = cabecalho.calc_header_checksum();
        pacote[..20].copy_from_slice(&cabecalho.to_bytes());
        pacote
    }

    #[test]
    fn um_salto_gasta_um_do_ttl_e_refaz_a_soma() {
        let mut pacote = udp(10, 9);
        gastar_ttl(&mut pacote);
        let (cabecalho, _) = Ipv4Header::from_slice(&pacote).unwrap();
        assert_eq!(cabecalho.time_to_live, 8);
        assert_eq!(cabecalho.header_checksum, cabecalho.calc_header_checksum());
    }

    #[test]
    fn os_fragmentos_remontam_o_pacote() {
        let pacote = udp(1400, 64);
        let fragmentos = fragmentar(&pacote, 576);
        assert_eq!(fragmentos.len(), 3);
        let mut remontado = Vec::new();
        for (indice, fragmento) in fragmentos.iter().enumerate() {
            assert!(fragmento.len() <= 576);
            let (c, dados) = Ipv4Header::from_slice(fragmento).unwrap();
            assert_eq!(c.header_checksum, c.calc_header_checksum());
            assert_eq!(c.more_fragments, indice < 2);
            let inicio = usize::from(c.fragment_offset.value()) * 8;
            assert_eq!(inicio, remontado.len());
            remontado.extend_from_slice(dados);
        }
        assert_eq!(remontado, pacote[20..]);
    }

    #[test]
    fn o_aviso_leva_o_comeco_do_original_e_nao_provoca_outro() {
        let original = udp(1400, 1);
        let aviso = tempo_esgotado(&original).unwrap();
        assert_eq!(aviso.len(), 576);
        let lido = rotulo(&aviso).unwrap();
        assert_eq!(lido.origem, IpAddr::from(MEIO.0));
        assert_eq!(lido.destino, IpAddr::from(A));
        assert_eq!(aviso[28..], original[..548]);
        assert_eq!(tempo_esgotado(&aviso), None);
        let aviso = grande_demais(&original, 576).unwrap();
        assert_eq!(aviso[20..22], [3, 4]);
        assert_eq!(u16::from_be_bytes([aviso[26], aviso[27]]), 576);
    }

    #[test]
    fn o_host_do_meio_responde_ao_ping() {
        let mut ping = Vec::new();
        PacketBuilder::ipv4(A, MEIO.0.octets(), 64)
            .icmpv4_echo_request(7, 1)
            .write(&mut ping, b"abc")
            .unwrap();
        let resposta = responder_eco(&ping).unwrap();
        assert_eq!(rotulo(&resposta).unwrap().destino, IpAddr::from(A));
        assert_eq!(resposta[20..22], [0, 0]);
        assert_eq!(&resposta[28..], b"abc");
        assert_eq!(responder_eco(&udp(3, 64)), None);
    }

    #[test]
    fn corromper_troca_um_bit_e_so_da_carga() {
        let original = udp(100, 64);
        for sorte in [0, 1, 863, 864, u64::MAX] {
            let mut pacote = original.clone();
            corromper(&mut pacote, 20, sorte);
            let trocados: u32 = original
                .iter()
                .zip(&pacote)
                .map(|(x, y)| (x ^ y).count_ones())
                .sum();
            assert_eq!(trocados, 1);
            assert_eq!(original[..20], pacote[..20]);
        }
        corromper(&mut [], 20, 5);
    }
}
