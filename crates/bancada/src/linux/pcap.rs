//! Escreve capturas: pcap, com um ponto de captura, e pcapng, com mais de um.
//!
//! Fontes: draft-ietf-opsawg-pcap (arquivo clássico, tempos em µs) e
//! draft-ietf-opsawg-pcapng (blocos SHB, IDB e EPB).

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::time::{Duration, SystemTime};

/// Quadros Ethernet (LINKTYPE_ETHERNET).
pub const ETHERNET: u16 = 1;
/// Pacotes IP sem enlace (LINKTYPE_RAW).
pub const SO_IP: u16 = 101;

/// Maior pacote que se guarda, em bytes.
pub const MAIOR_PACOTE: u32 = 65_535;

const BLOCO_DE_SECAO: u32 = 0x0A0D_0D0A;
const BLOCO_DE_INTERFACE: u32 = 1;
const BLOCO_DE_PACOTE: u32 = 6;
const OPCAO_NOME_DA_INTERFACE: u16 = 2;
const OPCAO_MARCAS_DO_PACOTE: u16 = 2;

/// De que lado da interface o pacote vinha (epb_flags, bits 0 e 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sentido {
    Recebido = 1,
    Enviado = 2,
}

/// Um pacote a gravar.
pub struct Pacote<'a> {
    pub quando: SystemTime,
    /// Posição da interface na lista dada ao abrir; em pcap, não se grava.
    pub interface: u32,
    pub sentido: Sentido,
    pub bytes: &'a [u8],
    /// Bytes que o pacote tinha na rede, se não couberam todos.
    pub tamanho: usize,
}

/// Uma captura em um arquivo.
pub struct Gravador {
    destino: BufWriter<File>,
    pcapng: bool,
    pub gravados: u64,
}

impl Gravador {
    /// Um arquivo pcap de quadros Ethernet.
    pub fn pcap(arquivo: File) -> io::Result<Self> {
        let mut destino = BufWriter::new(arquivo);
        destino.write_all(&0xA1B2_C3D4_u32.to_le_bytes())?;
        destino.write_all(&2_u16.to_le_bytes())?;
        destino.write_all(&4_u16.to_le_bytes())?;
        destino.write_all(&[0; 8])?;
        destino.write_all(&MAIOR_PACOTE.to_le_bytes())?;
        destino.write_all(&u32::from(ETHERNET).to_le_bytes())?;
        Ok(Self {
            destino,
            pcapng: false,
            gravados: 0,
        })
    }

    /// Um arquivo pcapng de pacotes IP, com uma interface para cada nome.
    pub fn pcapng(arquivo: File, interfaces: &[&str]) -> io::Result<Self> {
        let mut destino = BufWriter::new(arquivo);
        let mut secao = Vec::new();
        secao.extend(0x1A2B_3C4D_u32.to_le_bytes());
        secao.extend(1_u16.to_le_bytes());
        secao.extend(0_u16.to_le_bytes());
        secao.extend((-1_i64).to_le_bytes());
        escrever_bloco(&mut destino, BLOCO_DE_SECAO, &secao)?;
        for nome in interfaces {
            let mut bloco = Vec::new();
            bloco.extend(SO_IP.to_le_bytes());
            bloco.extend(0_u16.to_le_bytes());
            bloco.extend(MAIOR_PACOTE.to_le_bytes());
            juntar_opcao(&mut bloco, OPCAO_NOME_DA_INTERFACE, nome.as_bytes())?;
            bloco.extend([0; 4]);
            escrever_bloco(&mut destino, BLOCO_DE_INTERFACE, &bloco)?;
        }
        Ok(Self {
            destino,
            pcapng: true,
            gravados: 0,
        })
    }

    pub fn gravar(&mut self, pacote: &Pacote) -> io::Result<()> {
        let desde_1970 = pacote
            .quando
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        self.gravados += 1;
        if self.pcapng {
            self.gravar_em_pcapng(pacote, desde_1970)
        } else {
            self.gravar_em_pcap(pacote, desde_1970)
        }
    }

    fn gravar_em_pcap(
        &mut self,
        pacote: &Pacote,
        desde_1970: Duration,
    ) -> io::Result<()> {
        // Os segundos têm 32 bits sem sinal: chegam a 2106.
        let segundos = desde_1970.as_secs() as u32;
        self.destino.write_all(&segundos.to_le_bytes())?;
        self.destino
            .write_all(&desde_1970.subsec_micros().to_le_bytes())?;
        self.destino
            .write_all(&em_u32(pacote.bytes.len())?.to_le_bytes())?;
        self.destino
            .write_all(&em_u32(pacote.tamanho)?.to_le_bytes())?;
        self.destino.write_all(pacote.bytes)
    }

    fn gravar_em_pcapng(
        &mut self,
        pacote: &Pacote,
        desde_1970: Duration,
    ) -> io::Result<()> {
        let micros = desde_1970.as_micros() as u64;
        let mut bloco = Vec::with_capacity(pacote.bytes.len() + 40);
        bloco.extend(pacote.interface.to_le_bytes());
        bloco.extend(((micros >> 32) as u32).to_le_bytes());
        bloco.extend((micros as u32).to_le_bytes());
        bloco.extend(em_u32(pacote.bytes.len())?.to_le_bytes());
        bloco.extend(em_u32(pacote.tamanho)?.to_le_bytes());
        bloco.extend_from_slice(pacote.bytes);
        completar(&mut bloco);
        let marcas = (pacote.sentido as u32).to_le_bytes();
        juntar_opcao(&mut bloco, OPCAO_MARCAS_DO_PACOTE, &marcas)?;
        bloco.extend([0; 4]);
        escrever_bloco(&mut self.destino, BLOCO_DE_PACOTE, &bloco)
    }

    /// Entrega ao sistema o que ainda estava na memória.
    pub fn terminar(&mut self) -> io::Result<()> {
        self.destino.flush()
    }
}

fn escrever_bloco(
    destino: &mut impl Write,
    tipo: u32,
    corpo: &[u8],
) -> io::Result<()> {
    let tamanho = em_u32(corpo.len() + 12)?.to_le_bytes();
    destino.write_all(&tipo.to_le_bytes())?;
    destino.write_all(&tamanho)?;
    destino.write_all(corpo)?;
    destino.write_all(&tamanho)
}

fn juntar_opcao(
    bloco: &mut Vec<u8>,
    codigo: u16,
    valor: &[u8],
) -> io::Result<()> {
    let tamanho = u16::try_from(valor.len()).map_err(io::Error::other)?;
    bloco.extend(codigo.to_le_bytes());
    bloco.extend(tamanho.to_le_bytes());
    bloco.extend_from_slice(valor);
    completar(bloco);
    Ok(())
}

/// Zeros até o próximo múltiplo de 4.
fn completar(bloco: &mut Vec<u8>) {
    bloco.resize(bloco.len().next_multiple_of(4), 0);
}

fn em_u32(numero: usize) -> io::Result<u32> {
    u32::try_from(numero).map_err(io::Error::other)
}
