//! A captura do cabo: um socket de pacotes (packet(7)) em uma das pontas.

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;
use std::time::{Duration, SystemTime};

use nix::errno::Errno;
use nix::libc;
use nix::net::if_::if_nametoindex;
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, LinkAddr, MsgFlags, SockFlag,
    SockProtocol, SockType, recvmsg, setsockopt, socket, sockopt,
};

use super::pcap::{Gravador, MAIOR_PACOTE, Pacote, Sentido};
use super::ruido::e_ruido;
use super::sistema::perdidos_na_captura;

/// Quanto se pede ao kernel que guarde enquanto não lemos; ele dá o que o
/// sistema permite (`net.core.rmem_max`).
const BUFFER_DO_KERNEL: usize = 8 << 20;

/// Início dos dados de um quadro Ethernet.
const CABECALHO_ETHERNET: usize = 14;

/// Uma captura em curso.
pub struct Captura {
    socket: OwnedFd,
    interface: usize,
    /// Em `lo` cada pacote passa duas vezes: ao sair e ao entrar.
    so_recebidos: bool,
    gravador: Gravador,
    buffer: Vec<u8>,
}

impl Captura {
    /// Começa a capturar o que passa pela interface deste namespace de rede.
    pub fn abrir(interface: &str, arquivo: &Path) -> io::Result<Self> {
        let gravador = Gravador::pcap(super::criar_captura(arquivo)?)?;
        let socket = socket(
            AddressFamily::Packet,
            SockType::Raw,
            SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK,
            SockProtocol::EthAll,
        )?;
        setsockopt(&socket, sockopt::RcvBuf, &BUFFER_DO_KERNEL)?;
        setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
        Ok(Self {
            socket,
            interface: if_nametoindex(interface)? as usize,
            so_recebidos: interface == "lo",
            gravador,
            buffer: vec![0; MAIOR_PACOTE as usize + CABECALHO_ETHERNET],
        })
    }

    /// Grava tudo o que o kernel guardou; diz se havia pacotes da conversa.
    pub fn atender(&mut self) -> io::Result<bool> {
        let antes = self.gravador.gravados;
        while self.ler_um()? {}
        Ok(self.gravador.gravados > antes)
    }

    fn ler_um(&mut self) -> io::Result<bool> {
        let mut pedacos = [io::IoSliceMut::new(&mut self.buffer)];
        let mut controle = nix::cmsg_space!(libc::timespec);
        let lido = recvmsg::<LinkAddr>(
            self.socket.as_raw_fd(),
            &mut pedacos,
            Some(&mut controle),
            MsgFlags::MSG_TRUNC,
        );
        let lido = match lido {
            Ok(lido) => lido,
            Err(Errno::EAGAIN) => return Ok(false),
            // A interface caiu: a bancada está sendo desmontada.
            Err(Errno::ENETDOWN) => return Ok(true),
            Err(erro) => return Err(erro.into()),
        };
        let tamanho = lido.bytes;
        let quando = lido.cmsgs()?.find_map(|m| match m {
            ControlMessageOwned::ScmTimestampns(t) => Some(Duration::from(t)),
            _ => None,
        });
        let quando =
            quando.map_or_else(SystemTime::now, |t| SystemTime::UNIX_EPOCH + t);
        let Some(endereco) = lido.address else {
            return Ok(true);
        };
        let enviado = endereco.pkttype() == libc::PACKET_OUTGOING;
        let outra = endereco.ifindex() != self.interface;
        let bytes = &self.buffer[..tamanho.min(self.buffer.len())];
        if outra || (enviado && self.so_recebidos) || e_ruido_na_ethernet(bytes)
        {
            return Ok(true);
        }
        self.gravador.gravar(&Pacote {
            quando,
            interface: 0,
            sentido: if enviado {
                Sentido::Enviado
            } else {
                Sentido::Recebido
            },
            bytes,
            tamanho,
        })?;
        Ok(true)
    }

    /// Termina o arquivo; devolve quantos pacotes gravou e quantos perdeu.
    pub fn terminar(&mut self) -> io::Result<(u64, u64)> {
        self.gravador.terminar()?;
        let perdidos = perdidos_na_captura(self.socket.as_fd())?;
        Ok((self.gravador.gravados, perdidos))
    }

    pub fn socket(&self) -> &OwnedFd {
        &self.socket
    }
}

fn e_ruido_na_ethernet(quadro: &[u8]) -> bool {
    const IPV4: [u8; 2] = [0x08, 0x00];
    const IPV6: [u8; 2] = [0x86, 0xDD];
    let tipo = quadro.get(12..CABECALHO_ETHERNET);
    let carga = quadro.get(CABECALHO_ETHERNET..).unwrap_or_default();
    tipo.is_some_and(|t| t == IPV4 || t == IPV6) && e_ruido(carga)
}
