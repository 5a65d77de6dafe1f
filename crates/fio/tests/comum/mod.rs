//! Fabrica capturas para os testes: pacotes do `etherparse` em pcap e pcapng.
#![allow(dead_code, reason = "cada teste usa só uma parte")]

use std::path::PathBuf;

use etherparse::{PacketBuilder, PacketBuilderStep, TcpHeader, UdpHeader};
use fio::{Captura, Registro};

pub const CLIENTE: [u8; 4] = [10, 0, 0, 1];
pub const SERVIDOR: [u8; 4] = [10, 0, 0, 2];
pub const PORTA_DO_CLIENTE: u16 = 48534;
pub const PORTA_DO_SERVIDOR: u16 = 7005;
/// Números iniciais perto do fim dos 32 bits, para a volta acontecer.
pub const INICIAL_DO_CLIENTE: u32 = u32::MAX - 4;
pub const INICIAL_DO_SERVIDOR: u32 = 1_000_000;

/// De que lado vem o segmento.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum De {
    Cliente,
    Servidor,
}

/// Um segmento a fabricar, com números relativos.
#[derive(Clone)]
pub struct Segmento {
    pub de: De,
    pub seq: u32,
    pub ack: Option<u32>,
    pub flags: &'static str,
    pub dados: Vec<u8>,
    pub janela: u16,
    pub ms: u64,
    pub identificacao: u16,
}

/// Um segmento como `tcp(De::Cliente, 0, None, "S", b"")`.
pub fn tcp(
    de: De,
    seq: u32,
    ack: Option<u32>,
    flags: &'static str,
    dados: &[u8],
) -> Segmento {
    Segmento {
        de,
        seq,
        ack,
        flags,
        dados: dados.to_vec(),
        janela: 64_000,
        ms: 0,
        identificacao: 0,
    }
}

impl Segmento {
    pub fn janela(self, janela: u16) -> Self {
        Segmento { janela, ..self }
    }

    pub fn aos(self, ms: u64) -> Self {
        Segmento { ms, ..self }
    }

    pub fn identificado(self, identificacao: u16) -> Self {
        Segmento {
            identificacao,
            ..self
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let (origem, destino, portas, iniciais) = match self.de {
            De::Cliente => (
                CLIENTE,
                SERVIDOR,
                (PORTA_DO_CLIENTE, PORTA_DO_SERVIDOR),
                (INICIAL_DO_CLIENTE, INICIAL_DO_SERVIDOR),
            ),
            De::Servidor => (
                SERVIDOR,
                CLIENTE,
                (PORTA_DO_SERVIDOR, PORTA_DO_CLIENTE),
                (INICIAL_DO_SERVIDOR, INICIAL_DO_CLIENTE),
            ),
        };
        let mut cabecalho = TcpHeader::new(
            portas.0,
            portas.1,
            iniciais.0.wrapping_add(self.seq),
            self.janela,
        );
        cabecalho.ack = self.ack.is_some();
        let ack = self.ack.map(|ack| iniciais.1.wrapping_add(ack));
        cabecalho.acknowledgment_number = ack.unwrap_or(0);
        cabecalho.syn = self.flags.contains('S');
        cabecalho.fin = self.flags.contains('F');
        cabecalho.rst = self.flags.contains('R');
        cabecalho.psh = self.flags.contains('P');
        let mut ip = etherparse::Ipv4Header::new(
            0,
            64,
            etherparse::IpNumber::TCP,
            origem,
            destino,
        )
        .expect("cabe");
        ip.identification = self.identificacao;
        let construtor = ethernet()
            .ip(etherparse::IpHeaders::Ipv4(ip, Default::default()))
            .tcp_header(cabecalho);
        let mut bytes = Vec::new();
        construtor.write(&mut bytes, &self.dados).expect("cabe");
        bytes
    }

    pub fn registro(&self) -> Registro {
        registro(self.bytes(), self.ms)
    }
}

pub fn ethernet() -> PacketBuilderStep<etherparse::Ethernet2Header> {
    PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2])
}

/// Um datagrama UDP do cliente para o servidor.
pub fn udp(dados: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    ethernet()
        .ipv4(CLIENTE, SERVIDOR, 64)
        .udp(PORTA_DO_CLIENTE, PORTA_DO_SERVIDOR)
        .write(&mut bytes, dados)
        .expect("cabe");
    assert!(bytes.len() >= UdpHeader::LEN);
    bytes
}

pub fn registro(bytes: Vec<u8>, ms: u64) -> Registro {
    Registro {
        instante: ms * 1_000_000,
        interface: 0,
        ligacao: fio::Ligacao::Ethernet,
        comprimento: bytes.len(),
        bytes,
    }
}

/// A captura dos segmentos, um a cada milissegundo se nenhum diz quando.
pub fn captura(segmentos: &[Segmento]) -> Captura {
    let marcados = segmentos.iter().any(|segmento| segmento.ms > 0);
    let registros = segmentos.iter().zip(0..).map(|(segmento, i)| {
        let ms = if marcados { segmento.ms } else { i };
        registro(segmento.bytes(), ms)
    });
    Captura::de_registros(registros)
}

/// A conversa do capítulo 5: abre, envia, ecoa, encerra.
pub fn eco() -> Vec<Segmento> {
    use De::{Cliente, Servidor};
    let fala = "olá, mundo!".as_bytes();
    vec![
        tcp(Cliente, 0, None, "S", b""),
        tcp(Servidor, 0, Some(1), "S", b""),
        tcp(Cliente, 1, Some(1), "", b""),
        tcp(Cliente, 1, Some(1), "P", fala),
        tcp(Servidor, 1, Some(13), "", b""),
        tcp(Servidor, 1, Some(13), "P", fala),
        tcp(Cliente, 13, Some(13), "F", b""),
        tcp(Servidor, 13, Some(14), "F", b""),
        tcp(Cliente, 14, Some(14), "", b""),
    ]
}

/// Como escrever um pcap.
#[derive(Clone, Copy)]
pub struct Formato {
    pub big_endian: bool,
    pub nano: bool,
    pub ligacao: u32,
}

pub const COMUM: Formato = Formato {
    big_endian: false,
    nano: false,
    ligacao: 1,
};

fn u32_em(big_endian: bool, valor: u32) -> [u8; 4] {
    if big_endian {
        valor.to_be_bytes()
    } else {
        valor.to_le_bytes()
    }
}

fn u16_em(big_endian: bool, valor: u16) -> [u8; 2] {
    if big_endian {
        valor.to_be_bytes()
    } else {
        valor.to_le_bytes()
    }
}

/// Um arquivo pcap com os pacotes, um a cada milissegundo.
pub fn pcap(formato: Formato, pacotes: &[Vec<u8>]) -> Vec<u8> {
    let magico = if formato.nano {
        0xa1b2_3c4d
    } else {
        0xa1b2_c3d4
    };
    let big = formato.big_endian;
    let mut arquivo = Vec::new();
    arquivo.extend(u32_em(big, magico));
    arquivo.extend(u16_em(big, 2));
    arquivo.extend(u16_em(big, 4));
    for campo in [0, 0, 65_535, formato.ligacao] {
        arquivo.extend(u32_em(big, campo));
    }
    for (pacote, i) in pacotes.iter().zip(0_u32..) {
        let fracao = if formato.nano {
            i * 1_000_000
        } else {
            i * 1000
        };
        let tamanho = u32::try_from(pacote.len()).expect("cabe");
        for campo in [1, fracao, tamanho, tamanho] {
            arquivo.extend(u32_em(big, campo));
        }
        arquivo.extend(pacote);
    }
    arquivo
}

fn bloco(big: bool, tipo: u32, corpo: &[u8]) -> Vec<u8> {
    let sobra = corpo.len().next_multiple_of(4) - corpo.len();
    let tamanho = u32::try_from(corpo.len() + sobra + 12).expect("cabe");
    let mut bloco = Vec::new();
    bloco.extend(u32_em(big, tipo));
    bloco.extend(u32_em(big, tamanho));
    bloco.extend(corpo);
    bloco.extend(std::iter::repeat_n(0, sobra));
    bloco.extend(u32_em(big, tamanho));
    bloco
}

/// Um arquivo pcapng; cada pacote diz em que interface e em que milissegundo.
pub fn pcapng(
    big: bool,
    interfaces: u32,
    pacotes: &[(u32, u64, Vec<u8>)],
) -> Vec<u8> {
    let mut secao = u32_em(big, 0x1a2b_3c4d).to_vec();
    secao.extend(u16_em(big, 1));
    secao.extend(u16_em(big, 0));
    secao.extend([0xff; 8]);
    let mut arquivo = bloco(big, 0x0a0d_0d0a, &secao);
    for _ in 0..interfaces {
        let mut corpo = u16_em(big, 1).to_vec();
        corpo.extend(u16_em(big, 0));
        corpo.extend(u32_em(big, 65_535));
        arquivo.extend(bloco(big, 1, &corpo));
    }
    for (interface, ms, pacote) in pacotes {
        let micros = ms * 1000;
        let tamanho = u32::try_from(pacote.len()).expect("cabe");
        let alto = u32::try_from(micros >> 32).expect("cabe");
        let mut corpo = Vec::new();
        let campos = [*interface, alto, micros as u32, tamanho, tamanho];
        for campo in campos {
            corpo.extend(u32_em(big, campo));
        }
        corpo.extend(pacote);
        arquivo.extend(bloco(big, 6, &corpo));
    }
    arquivo
}

/// O caminho de uma captura guardada com os testes.
pub fn caminho(nome: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/capturas")
        .join(nome)
}

/// Uma captura guardada com os testes.
pub fn guardada(nome: &str) -> Captura {
    let bytes = std::fs::read(caminho(nome)).expect("a captura existe");
    Captura::ler(&bytes).expect("a captura se lê")
}

/// Números ao acaso, sempre os mesmos para a mesma semente (xorshift64).
pub struct Acaso(pub u64);

impl Acaso {
    pub fn proximo(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// De 0 até `limite`, sem chegar nele.
    pub fn ate(&mut self, limite: usize) -> usize {
        (self.proximo() % limite.max(1) as u64) as usize
    }
}
