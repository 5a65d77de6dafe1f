//! O que se quer de uma bancada, e o que ela devolve.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;

use crate::rede::{Host, Rede};

/// O que montar.
#[derive(Clone, Debug, Default)]
pub struct Plano {
    pub rede: Rede,
    /// Onde gravar o que passa pela rede: pcap (um ponto de captura, o host
    /// `a`) ou, na rede ruim, pcapng (as duas pontas, interfaces `a` e `b`).
    pub captura: Option<PathBuf>,
    /// Se os hosts do cabo já sabem o endereço físico um do outro: a captura
    /// começa pela conversa, sem o ARP (RFC 826) que a tornou possível.
    pub sem_arp: bool,
}

/// O que a bancada conta ao ser desmontada.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resumo {
    /// Pacotes gravados na captura.
    pub capturados: u64,
    /// Pacotes que passaram e não couberam na captura.
    pub nao_capturados: u64,
    /// Pacotes que a rede ruim descartou.
    pub descartados: u64,
}

/// O host do meio da rede ruim: quem responde que o TTL acabou.
pub const MEIO: (Ipv4Addr, Ipv6Addr) = (
    Ipv4Addr::new(10, 0, 0, 254),
    Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 0xfe),
);

/// Os endereços de um host, IPv4 e IPv6: 10.0.0.1 e fd00::1 no `a`,
/// 10.0.0.2 e fd00::2 no `b`.
pub fn enderecos(host: Host) -> (Ipv4Addr, Ipv6Addr) {
    let numero = match host {
        Host::A => 1,
        Host::B => 2,
    };
    (
        Ipv4Addr::new(10, 0, 0, numero),
        Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, numero.into()),
    )
}
