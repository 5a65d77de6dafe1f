//! Um registro decodificado: quem, para quem, o quê.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use crate::camadas::Camada;
use crate::decodificar::decodificar;
use crate::leitor::{Ligacao, Registro};

/// Um pacote da captura, decodificado até onde foi possível.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pacote {
    /// Número na captura; o primeiro é 1, como no Wireshark. Quando a captura
    /// viu os dois lados, as duas vistas do pacote têm o mesmo número.
    pub numero: usize,
    /// Instante da captura, em nanossegundos desde 1970.
    pub instante: u64,
    /// Interface em que foi visto.
    pub interface: u32,
    /// De que lado da interface, quando a captura diz (SLL e SLL2).
    pub sentido: Option<Sentido>,
    /// Cabeçalho de enlace.
    pub ligacao: Ligacao,
    /// Comprimento no fio, em bytes.
    pub comprimento: usize,
    /// O que foi guardado dele.
    pub bytes: Vec<u8>,
    /// As camadas reconhecidas, de fora para dentro.
    pub camadas: Vec<Camada>,
    /// De onde veio; `None` quando o pacote não chega a dizer.
    pub origem: Option<Extremidade>,
    /// Para onde vai.
    pub destino: Option<Extremidade>,
    /// Identificação do IPv4 (RFC 791, §3.1); 0 quando não há.
    pub identificacao: u16,
    /// O que o pacote leva.
    pub conteudo: Conteudo,
    /// O que há de errado com ele, em uma frase.
    pub defeito: Option<String>,
    /// Se a soma de verificação do transporte confere.
    pub soma: Soma,
}

impl From<Registro> for Pacote {
    /// Decodifica até onde der; o que não der fica em [`Pacote::defeito`]. O
    /// número fica 0: quem numera é a captura.
    fn from(registro: Registro) -> Self {
        decodificar(registro)
    }
}

impl Pacote {
    /// Os bytes que o programa enviou (a carga útil de TCP, UDP e eco ICMP).
    pub fn dados(&self) -> &[u8] {
        let intervalo = match &self.conteudo {
            Conteudo::Tcp(tcp) => &tcp.dados,
            Conteudo::Udp(udp) => &udp.dados,
            Conteudo::Icmp(icmp) => &icmp.dados,
            Conteudo::Arp(_) | Conteudo::Outro(_) => return &[],
        };
        self.bytes.get(intervalo.clone()).unwrap_or_default()
    }

    /// Comprimento do IP em diante, em bytes: o enlace pode mudar no caminho.
    pub(crate) fn comprimento_do_ip(&self) -> usize {
        let enlace = match self.ligacao {
            Ligacao::Ethernet => 14,
            Ligacao::Sll => 16,
            Ligacao::Sll2 => 20,
            Ligacao::Loopback => 4,
            Ligacao::IpBruto | Ligacao::Outra(_) => 0,
        };
        self.comprimento.saturating_sub(enlace)
    }

    /// Quantos bytes de carga útil o pacote tinha no fio, mesmo que a captura
    /// tenha guardado menos.
    pub fn comprimento_dos_dados(&self) -> usize {
        match &self.conteudo {
            Conteudo::Tcp(tcp) => tcp.comprimento,
            Conteudo::Udp(udp) => udp.comprimento,
            _ => self.dados().len(),
        }
    }
}

/// De que lado da interface o pacote foi visto.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sentido {
    /// Saindo deste host.
    Saida,
    /// Entrando neste host.
    Entrada,
}

/// Um endereço e, quando o protocolo tem, uma porta.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Extremidade {
    /// Endereço IP.
    pub ip: IpAddr,
    /// Porta de TCP ou UDP.
    pub porta: Option<u16>,
}

impl Extremidade {
    /// A extremidade sem porta.
    pub fn so_ip(ip: IpAddr) -> Self {
        Extremidade { ip, porta: None }
    }

    pub(crate) fn v4(bytes: [u8; 4]) -> Self {
        Extremidade::so_ip(Ipv4Addr::from(bytes).into())
    }

    pub(crate) fn v6(bytes: [u8; 16]) -> Self {
        Extremidade::so_ip(Ipv6Addr::from(bytes).into())
    }

    pub(crate) fn na_porta(self, porta: u16) -> Self {
        Extremidade {
            porta: Some(porta),
            ..self
        }
    }
}

impl fmt::Display for Extremidade {
    fn fmt(&self, saida: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.ip, self.porta) {
            (IpAddr::V6(ip), Some(porta)) => write!(saida, "[{ip}]:{porta}"),
            (ip, Some(porta)) => write!(saida, "{ip}:{porta}"),
            (ip, None) => write!(saida, "{ip}"),
        }
    }
}

/// O protocolo e o cabeçalho dele.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conteudo {
    /// Um segmento TCP.
    Tcp(Tcp),
    /// Um datagrama UDP.
    Udp(Udp),
    /// ICMP ou ICMPv6.
    Icmp(Icmp),
    /// ARP.
    Arp(Arp),
    /// Outra coisa, com o nome dela.
    Outro(String),
}

/// Cabeçalho TCP (RFC 9293, §3.1), números como no fio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tcp {
    /// Número de sequência absoluto.
    pub seq: u32,
    /// Número de confirmação absoluto.
    pub ack: u32,
    /// Os bits de controle.
    pub flags: Flags,
    /// Janela sem escala.
    pub janela: u16,
    /// As opções conhecidas.
    pub opcoes: Opcoes,
    /// Onde estão os dados, em `Pacote::bytes`.
    pub dados: Range<usize>,
    /// Quantos bytes de dados o segmento tinha no fio.
    pub comprimento: usize,
}

impl Tcp {
    /// Quanto da sequência o segmento ocupa: dados, SYN e FIN
    /// (`SEG.LEN`, RFC 9293, §3.3.1).
    pub fn ocupa(&self) -> u32 {
        self.comprimento as u32
            + u32::from(self.flags.tem(Flags::SYN))
            + u32::from(self.flags.tem(Flags::FIN))
    }
}

/// Os bits de controle do TCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags(pub u16);

impl Flags {
    /// Fim dos dados deste lado.
    pub const FIN: Flags = Flags(1);
    /// Começo da conexão.
    pub const SYN: Flags = Flags(1 << 1);
    /// Reset.
    pub const RST: Flags = Flags(1 << 2);
    /// Entregue já ao programa.
    pub const PSH: Flags = Flags(1 << 3);
    /// O campo de confirmação vale.
    pub const ACK: Flags = Flags(1 << 4);
    /// O ponteiro de urgência vale.
    pub const URG: Flags = Flags(1 << 5);
    /// Eco de congestionamento (RFC 3168).
    pub const ECE: Flags = Flags(1 << 6);
    /// Janela de congestionamento reduzida (RFC 3168).
    pub const CWR: Flags = Flags(1 << 7);
    /// Bit AE (RFC 9768), antes NS.
    pub const AE: Flags = Flags(1 << 8);

    /// Se todos os bits de `outras` estão ligados.
    pub fn tem(self, outras: Flags) -> bool {
        self.0 & outras.0 == outras.0
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, saida: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NOMES: [(Flags, &str); 9] = [
            (Flags::SYN, "SYN"),
            (Flags::FIN, "FIN"),
            (Flags::RST, "RST"),
            (Flags::PSH, "PSH"),
            (Flags::ACK, "ACK"),
            (Flags::URG, "URG"),
            (Flags::ECE, "ECE"),
            (Flags::CWR, "CWR"),
            (Flags::AE, "AE"),
        ];
        let ligadas: Vec<&str> = NOMES
            .iter()
            .filter(|(flag, _)| self.tem(*flag))
            .map(|(_, nome)| *nome)
            .collect();
        saida.write_str(&ligadas.join(", "))
    }
}

/// As opções do TCP que o livro explica.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opcoes {
    /// Maior segmento que este lado recebe (RFC 9293, §3.7.1), em bytes.
    pub mss: Option<u16>,
    /// Expoente da escala da janela (RFC 7323, §2).
    pub escala: Option<u8>,
    /// Se este lado entende confirmações seletivas (RFC 2018, §2).
    pub sack_permitido: bool,
    /// Intervalos já recebidos fora de ordem (RFC 2018, §3).
    pub sack: Vec<(u32, u32)>,
    /// Marca de tempo e eco dela (RFC 7323, §3).
    pub tempos: Option<(u32, u32)>,
}

/// Cabeçalho UDP (RFC 768).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Udp {
    /// Onde estão os dados, em `Pacote::bytes`.
    pub dados: Range<usize>,
    /// Quantos bytes de dados o datagrama tinha no fio.
    pub comprimento: usize,
}

/// Mensagem ICMP (RFC 792) ou ICMPv6 (RFC 4443), NDP inclusive (RFC 4861).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icmp {
    /// Se é ICMPv6.
    pub v6: bool,
    /// Campo "type".
    pub tipo: u8,
    /// Campo "code".
    pub codigo: u8,
    /// Identificador e sequência, nas mensagens de eco.
    pub eco: Option<(u16, u16)>,
    /// O pacote que esta mensagem de erro devolve: origem e destino dele.
    pub citado: Option<(Extremidade, Extremidade)>,
    /// O endereço procurado ou anunciado, no NDP.
    pub alvo: Option<IpAddr>,
    /// Onde estão os dados, em `Pacote::bytes`.
    pub dados: Range<usize>,
}

/// Pacote ARP de IPv4 sobre Ethernet (RFC 826).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arp {
    /// 1 é pergunta, 2 é resposta.
    pub operacao: u16,
    /// Endereço físico de quem fala.
    pub fisico: [u8; 6],
}

/// Se a soma de verificação confere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Soma {
    /// Confere.
    Certa,
    /// Não confere: o pacote se estragou no caminho.
    Errada,
    /// Foi deixada para a placa calcular: no loopback e com offload a captura
    /// vê só a soma do pseudocabeçalho.
    Adiada,
    /// Não há soma, ou a captura não guardou o pacote inteiro.
    SemComo,
}
