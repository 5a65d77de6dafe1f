//! Onde cada camada começa e termina dentro dos bytes de um pacote.

/// Um trecho do pacote que pertence a um protocolo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Camada {
    /// De que protocolo.
    pub tipo: TipoDeCamada,
    /// Primeiro byte.
    pub inicio: usize,
    /// Byte seguinte ao último.
    pub fim: usize,
}

/// O protocolo de uma camada.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TipoDeCamada {
    /// Cabeçalho Ethernet, com as etiquetas de VLAN.
    Ethernet,
    /// Cabeçalho SLL do Linux.
    Sll,
    /// Cabeçalho SLL2 do Linux.
    Sll2,
    /// Os quatro bytes da família, do loopback BSD.
    Loopback,
    /// Pacote ARP.
    Arp,
    /// Cabeçalho IPv4.
    Ipv4,
    /// Cabeçalho IPv6, com as extensões.
    Ipv6,
    /// Cabeçalho TCP.
    Tcp,
    /// Cabeçalho UDP.
    Udp,
    /// Cabeçalho ICMP.
    Icmp,
    /// Cabeçalho ICMPv6.
    Icmpv6,
    /// O que o programa enviou.
    Dados,
}

impl TipoDeCamada {
    /// A letra que representa a camada nos dados da figura.
    pub fn letra(self) -> char {
        match self {
            TipoDeCamada::Ethernet => 'E',
            TipoDeCamada::Sll => 'S',
            TipoDeCamada::Sll2 => 'Z',
            TipoDeCamada::Loopback => 'L',
            TipoDeCamada::Arp => 'A',
            TipoDeCamada::Ipv4 => '4',
            TipoDeCamada::Ipv6 => '6',
            TipoDeCamada::Tcp => 'T',
            TipoDeCamada::Udp => 'U',
            TipoDeCamada::Icmp => 'I',
            TipoDeCamada::Icmpv6 => 'J',
            TipoDeCamada::Dados => 'D',
        }
    }
}
