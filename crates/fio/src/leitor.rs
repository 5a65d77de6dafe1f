//! Lê pcap e pcapng aos poucos: um registro por vez, com memória limitada.

use std::io::Read;

use pcap_parser::nom;
use pcap_parser::pcapng::{Block, parse_block_be, parse_block_le};
use pcap_parser::{
    InterfaceDescriptionBlock, PcapError, PcapHeader, parse_pcap_frame,
    parse_pcap_frame_be, parse_pcap_frame_modified, parse_pcap_header,
};

use crate::Erro;

/// Maior bloco aceito, em bytes: o mesmo limite do Wireshark para um pacote
/// (`WTAP_MAX_PACKET_SIZE_STANDARD`, 256 KiB), com folga para as opções.
const MAIOR_BLOCO: usize = 1 << 20;
/// Quanto se pede à fonte por vez, em bytes.
const PEDACO: usize = 64 * 1024;
/// Quantas interfaces um pcapng pode declarar antes de parecer um ataque.
const MAIS_INTERFACES: usize = 4096;
const MAGICO_DE_SECAO: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];
const ORDEM_LITTLE: [u8; 4] = [0x4d, 0x3c, 0x2b, 0x1a];
const NS_POR_SEGUNDO: u128 = 1_000_000_000;

/// O cabeçalho de enlace com que cada registro começa.
///
/// Fonte: <https://www.tcpdump.org/linktypes.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ligacao {
    /// `LINKTYPE_NULL` e `LINKTYPE_LOOP`: quatro bytes com a família.
    Loopback,
    /// `LINKTYPE_ETHERNET`.
    Ethernet,
    /// `LINKTYPE_RAW`, `LINKTYPE_IPV4` e `LINKTYPE_IPV6`: IP sem enlace.
    IpBruto,
    /// `LINKTYPE_LINUX_SLL`: o que `tcpdump -i any` grava.
    Sll,
    /// `LINKTYPE_LINUX_SLL2`: o mesmo, com o número da interface.
    Sll2,
    /// Qualquer outra, pelo número.
    Outra(u32),
}

impl Ligacao {
    /// A ligação do número que o arquivo traz (os 16 bits de baixo; os de
    /// cima dizem o tamanho do FCS).
    pub fn do_numero(numero: u32) -> Self {
        match numero & 0xffff {
            0 | 108 => Ligacao::Loopback,
            1 => Ligacao::Ethernet,
            12 | 14 | 101 | 228 | 229 => Ligacao::IpBruto,
            113 => Ligacao::Sll,
            276 => Ligacao::Sll2,
            outra => Ligacao::Outra(outra),
        }
    }
}

/// Um pacote como o arquivo o guarda, ainda sem decodificar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registro {
    /// Instante da captura, em nanossegundos desde 1970.
    pub instante: u64,
    /// Interface em que foi visto (pcapng); 0 em pcap.
    pub interface: u32,
    /// Cabeçalho de enlace dos bytes.
    pub ligacao: Ligacao,
    /// Comprimento que o pacote tinha no fio, em bytes.
    pub comprimento: usize,
    /// O que foi guardado dele.
    pub bytes: Vec<u8>,
}

/// Itera pelos registros de uma captura sem guardá-la inteira.
///
/// Usa no máximo cerca de 1 MiB, qualquer que seja o tamanho da captura.
/// Depois do primeiro erro, o iterador termina.
///
/// ```
/// let bytes = std::fs::read("tests/capturas/eco.pcap").unwrap();
/// let leitor = fio::Leitor::novo(&bytes[..]).unwrap();
/// assert!(leitor.map(Result::unwrap).count() > 8);
/// ```
pub struct Leitor<R> {
    fonte: Fonte<R>,
    formato: Formato,
    acabou: bool,
}

enum Formato {
    Pcap(PcapHeader),
    Ng {
        big_endian: bool,
        interfaces: Vec<Interface>,
    },
}

#[derive(Clone, Copy)]
struct Interface {
    ligacao: Ligacao,
    unidades_por_segundo: u64,
    deslocamento: i64,
    limite: u32,
}

/// O que um bloco rendeu.
enum Passo {
    Registro(Registro),
    Nada,
}

impl<R: Read> Leitor<R> {
    /// Reconhece o formato pelos primeiros bytes.
    ///
    /// # Errors
    ///
    /// [`Erro::Formato`] quando não é captura; [`Erro::Leitura`] quando a
    /// fonte falha.
    pub fn novo(leitura: R) -> Result<Self, Erro> {
        let mut fonte = Fonte::nova(leitura);
        fonte.encher()?;
        let formato = if fonte.disponivel().starts_with(&MAGICO_DE_SECAO) {
            Formato::Ng {
                big_endian: false,
                interfaces: Vec::new(),
            }
        } else {
            Formato::Pcap(cabecalho_pcap(&mut fonte)?)
        };
        Ok(Leitor {
            fonte,
            formato,
            acabou: false,
        })
    }

    fn proximo(&mut self) -> Result<Option<Registro>, Erro> {
        loop {
            if self.fonte.vazia()? {
                return Ok(None);
            }
            if let Passo::Registro(registro) = self.um_passo()? {
                return Ok(Some(registro));
            }
        }
    }

    fn um_passo(&mut self) -> Result<Passo, Erro> {
        loop {
            let dados = self.fonte.disponivel();
            let resposta = match &mut self.formato {
                Formato::Pcap(cabecalho) => quadro_pcap(cabecalho, dados),
                Formato::Ng {
                    big_endian,
                    interfaces,
                } => bloco_ng(big_endian, interfaces, dados),
            };
            match resposta {
                Ok((usados, passo)) => {
                    self.fonte.consumir(usados);
                    return Ok(passo);
                }
                Err(Falha::Falta) => self.fonte.pedir_mais()?,
                Err(Falha::Motivo(motivo)) => {
                    let posicao = self.fonte.posicao;
                    return Err(Erro::Malformada { posicao, motivo });
                }
            }
        }
    }
}

impl<R: Read> Iterator for Leitor<R> {
    type Item = Result<Registro, Erro>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.acabou {
            return None;
        }
        let proximo = self.proximo().transpose();
        self.acabou = !matches!(proximo, Some(Ok(_)));
        proximo
    }
}

/// Por que um bloco não pôde ser lido: falta pedaço dele, ou está errado.
enum Falha {
    Falta,
    Motivo(String),
}

impl From<nom::Err<PcapError<&[u8]>>> for Falha {
    fn from(erro: nom::Err<PcapError<&[u8]>>) -> Self {
        match erro {
            nom::Err::Incomplete(_) => Falha::Falta,
            _ => Falha::Motivo(
                "o tamanho ou o tipo do bloco não faz sentido".to_owned(),
            ),
        }
    }
}

fn cabecalho_pcap<R: Read>(fonte: &mut Fonte<R>) -> Result<PcapHeader, Erro> {
    match parse_pcap_header(fonte.disponivel()) {
        Ok((resto, cabecalho)) => {
            let usados = fonte.disponivel().len() - resto.len();
            fonte.consumir(usados);
            Ok(cabecalho)
        }
        Err(_) => Err(Erro::Formato),
    }
}

fn quadro_pcap(
    cabecalho: &PcapHeader,
    dados: &[u8],
) -> Result<(usize, Passo), Falha> {
    let ler = match (cabecalho.is_modified_format(), cabecalho.is_bigendian()) {
        (true, _) => parse_pcap_frame_modified,
        (false, true) => parse_pcap_frame_be,
        (false, false) => parse_pcap_frame,
    };
    let (resto, quadro) = ler(dados)?;
    let fracao = u64::from(quadro.ts_usec);
    let fator = if cabecalho.is_nanosecond_precision() {
        1
    } else {
        1000
    };
    let registro = Registro {
        instante: u64::from(quadro.ts_sec) * 1_000_000_000 + fracao * fator,
        interface: 0,
        ligacao: Ligacao::do_numero(cabecalho.network.0 as u32),
        comprimento: quadro.origlen as usize,
        bytes: quadro.data.to_vec(),
    };
    Ok((dados.len() - resto.len(), Passo::Registro(registro)))
}

fn bloco_ng(
    big_endian: &mut bool,
    interfaces: &mut Vec<Interface>,
    dados: &[u8],
) -> Result<(usize, Passo), Falha> {
    if dados.starts_with(&MAGICO_DE_SECAO) {
        // A ordem dos bytes pode mudar a cada seção (pcapng, §4.1).
        let ordem = dados.get(8..12).ok_or(Falha::Falta)?;
        *big_endian = ordem != ORDEM_LITTLE;
    }
    let ler = if *big_endian {
        parse_block_be
    } else {
        parse_block_le
    };
    let (resto, bloco) = ler(dados)?;
    let passo = match bloco {
        Block::SectionHeader(_) => {
            interfaces.clear();
            Passo::Nada
        }
        Block::InterfaceDescription(descricao) => {
            declarar(interfaces, &descricao)?;
            Passo::Nada
        }
        Block::EnhancedPacket(pacote) => {
            let interface = interface_de(interfaces, pacote.if_id)?;
            let marca =
                u64::from(pacote.ts_high) << 32 | u64::from(pacote.ts_low);
            let guardados = (pacote.caplen as usize).min(pacote.data.len());
            Passo::Registro(Registro {
                instante: interface.instante(marca),
                interface: pacote.if_id,
                ligacao: interface.ligacao,
                comprimento: pacote.origlen as usize,
                bytes: pacote.data[..guardados].to_vec(),
            })
        }
        Block::SimplePacket(pacote) => {
            let interface = interface_de(interfaces, 0)?;
            let mut guardados = pacote.data.len().min(pacote.origlen as usize);
            if interface.limite > 0 {
                guardados = guardados.min(interface.limite as usize);
            }
            Passo::Registro(Registro {
                instante: 0,
                interface: 0,
                ligacao: interface.ligacao,
                comprimento: pacote.origlen as usize,
                bytes: pacote.data[..guardados].to_vec(),
            })
        }
        _ => Passo::Nada,
    };
    Ok((dados.len() - resto.len(), passo))
}

fn declarar(
    interfaces: &mut Vec<Interface>,
    descricao: &InterfaceDescriptionBlock<'_>,
) -> Result<(), Falha> {
    if interfaces.len() >= MAIS_INTERFACES {
        return Err(Falha::Motivo("interfaces demais".to_owned()));
    }
    let unidades = descricao.ts_resolution().filter(|unidades| *unidades > 0);
    interfaces.push(Interface {
        ligacao: Ligacao::do_numero(descricao.linktype.0 as u32),
        unidades_por_segundo: unidades.ok_or_else(|| {
            Falha::Motivo("a resolução do relógio não faz sentido".to_owned())
        })?,
        deslocamento: descricao.ts_offset(),
        limite: descricao.snaplen,
    });
    Ok(())
}

fn interface_de(
    interfaces: &[Interface],
    numero: u32,
) -> Result<Interface, Falha> {
    interfaces.get(numero as usize).copied().ok_or_else(|| {
        Falha::Motivo(format!(
            "um pacote fala da interface {numero}, que não foi declarada"
        ))
    })
}

impl Interface {
    /// Nanossegundos desde 1970 da marca de tempo `marca`.
    fn instante(self, marca: u64) -> u64 {
        let ns = u128::from(marca) * NS_POR_SEGUNDO
            / u128::from(self.unidades_por_segundo);
        let ns = u64::try_from(ns).unwrap_or(u64::MAX);
        let deslocamento = self.deslocamento.saturating_mul(1_000_000_000);
        ns.saturating_add_signed(deslocamento)
    }
}

/// Os bytes que já chegaram e ainda não foram usados.
struct Fonte<R> {
    leitura: R,
    bytes: Vec<u8>,
    inicio: usize,
    posicao: u64,
    no_fim: bool,
}

impl<R: Read> Fonte<R> {
    fn nova(leitura: R) -> Self {
        Fonte {
            leitura,
            bytes: Vec::new(),
            inicio: 0,
            posicao: 0,
            no_fim: false,
        }
    }

    fn disponivel(&self) -> &[u8] {
        &self.bytes[self.inicio..]
    }

    fn consumir(&mut self, usados: usize) {
        self.inicio += usados;
        self.posicao += usados as u64;
    }

    fn vazia(&mut self) -> Result<bool, Erro> {
        if self.disponivel().is_empty() {
            self.encher()?;
        }
        Ok(self.disponivel().is_empty())
    }

    /// O bloco não cabe no que já chegou: lê mais, até o limite.
    fn pedir_mais(&mut self) -> Result<(), Erro> {
        let posicao = self.posicao;
        if self.no_fim {
            return Err(Erro::Cortada { posicao });
        }
        if self.disponivel().len() >= MAIOR_BLOCO {
            let motivo = format!("um bloco maior que {MAIOR_BLOCO} bytes");
            return Err(Erro::Malformada { posicao, motivo });
        }
        self.encher()
    }

    /// Joga fora o que já foi usado e lê até um pedaço da fonte.
    fn encher(&mut self) -> Result<(), Erro> {
        self.bytes.drain(..self.inicio);
        self.inicio = 0;
        let lidos = self
            .leitura
            .by_ref()
            .take(PEDACO as u64)
            .read_to_end(&mut self.bytes)
            .map_err(|erro| Erro::Leitura(erro.to_string()))?;
        self.no_fim = lidos == 0;
        Ok(())
    }
}
