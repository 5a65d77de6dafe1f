//! Perguntas ao kernel sobre sockets, por sock_diag(7): quem escuta, e quanto
//! um socket ainda tem por ler. Ler /proc/net/tcp daria o mesmo, mas percorre a
//! tabela inteira de conexões e leva milissegundos.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;

use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, bind, recv,
    send, socket_with,
};

const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
const PEDIDO: u16 = 1;
const LISTA: u16 = 0x300;
const TCP: u8 = 6;
const UDP: u8 = 17;
const ESTABELECIDA: u8 = 1;
const FECHADA: u8 = 7;
const ESCUTANDO: u8 = 10;

/// O tamanho do cabeçalho netlink, em bytes.
const CABECALHO: usize = 16;

/// O tamanho de um pedido: o cabeçalho e um `inet_diag_req_v2`.
const TAMANHO_DO_PEDIDO: usize = CABECALHO + 56;

/// Um socket de escuta (TCP) ou associado (UDP).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Achado {
    pub endereco: SocketAddr,
    pub inode: u64,
    pub udp: bool,
}

/// Uma linha aberta com o kernel.
pub struct SockDiag {
    socket: OwnedFd,
}

impl SockDiag {
    pub fn abrir() -> io::Result<SockDiag> {
        let socket = socket_with(
            AddressFamily::NETLINK,
            SocketType::DGRAM,
            SocketFlags::CLOEXEC,
            Some(SOCK_DIAG),
        )?;
        bind(&socket, &SocketAddrNetlink::new(0, 0))?;
        Ok(SockDiag { socket })
    }

    /// Todos os sockets que esperam por alguém, TCP e UDP, IPv4 e IPv6.
    pub fn escutas(&self) -> io::Result<Vec<Achado>> {
        let mut achados = Vec::new();
        for familia in [AddressFamily::INET, AddressFamily::INET6] {
            for (protocolo, estado) in [(TCP, ESCUTANDO), (UDP, FECHADA)] {
                let pedido = pedido(familia, protocolo, 1 << estado, None);
                self.perguntar(&pedido, |resposta| {
                    achados.extend(achado(resposta, protocolo == UDP));
                })?;
            }
        }
        Ok(achados)
    }

    /// Quantos bytes o socket TCP em `local`, conectado a `remoto`, ainda tem
    /// por ler.
    pub fn por_ler(
        &self,
        local: SocketAddr,
        remoto: SocketAddr,
    ) -> io::Result<u32> {
        let familia = match local {
            SocketAddr::V4(_) => AddressFamily::INET,
            SocketAddr::V6(_) => AddressFamily::INET6,
        };
        let estados = 1 << ESTABELECIDA;
        let pedido = pedido(familia, TCP, estados, Some((local, remoto)));
        let mut fila = None;
        self.perguntar(&pedido, |resposta| fila = u32_em(resposta, 56))?;
        fila.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Envia o pedido e entrega cada `inet_diag_msg` da resposta.
    fn perguntar(
        &self,
        pedido: &[u8; TAMANHO_DO_PEDIDO],
        mut ver: impl FnMut(&[u8]),
    ) -> io::Result<()> {
        send(&self.socket, pedido, SendFlags::empty())?;
        let lista = pedido[6..8] != PEDIDO.to_ne_bytes();
        let mut buffer = vec![0_u8; 32 * 1024];
        loop {
            let lidos =
                recv(&self.socket, &mut buffer[..], RecvFlags::empty())?.0;
            let mut resto = &buffer[..lidos];
            while let Some((tipo, corpo, proximo)) = mensagem(resto) {
                match tipo {
                    NLMSG_DONE => return Ok(()),
                    NLMSG_ERROR => return Err(erro(corpo)),
                    _ => ver(corpo),
                }
                resto = proximo;
            }
            if !lista {
                return Ok(());
            }
        }
    }
}

/// O pedido: `nlmsghdr` e `inet_diag_req_v2`.
fn pedido(
    familia: AddressFamily,
    protocolo: u8,
    estados: u32,
    par: Option<(SocketAddr, SocketAddr)>,
) -> [u8; TAMANHO_DO_PEDIDO] {
    let mut pedido = [0_u8; TAMANHO_DO_PEDIDO];
    let opcoes = if par.is_some() {
        PEDIDO
    } else {
        PEDIDO | LISTA
    };
    let tamanho = TAMANHO_DO_PEDIDO as u32;
    pedido[0..4].copy_from_slice(&tamanho.to_ne_bytes());
    pedido[4..6].copy_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    pedido[6..8].copy_from_slice(&opcoes.to_ne_bytes());
    pedido[16] = familia.as_raw() as u8;
    pedido[17] = protocolo;
    pedido[20..24].copy_from_slice(&estados.to_ne_bytes());
    if let Some((local, remoto)) = par {
        pedido[24..26].copy_from_slice(&local.port().to_be_bytes());
        pedido[26..28].copy_from_slice(&remoto.port().to_be_bytes());
        por_ip(&mut pedido[28..44], local.ip());
        por_ip(&mut pedido[44..60], remoto.ip());
    }
    // O biscoito (cookie) todo em 1: qualquer um serve.
    pedido[64..72].fill(0xFF);
    pedido
}

fn por_ip(destino: &mut [u8], ip: IpAddr) {
    match ip {
        IpAddr::V4(ip) => destino[..4].copy_from_slice(&ip.octets()),
        IpAddr::V6(ip) => destino[..16].copy_from_slice(&ip.octets()),
    }
}

/// A primeira mensagem: tipo, corpo e o que vem depois dela.
fn mensagem(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let tamanho = u32_em(bytes, 0)? as usize;
    let tipo = u16::from_ne_bytes(bytes.get(4..6)?.try_into().ok()?);
    let corpo = bytes.get(CABECALHO..tamanho)?;
    let proximo = tamanho.next_multiple_of(4).min(bytes.len());
    Some((tipo, corpo, &bytes[proximo..]))
}

/// `inet_diag_msg`: a família no byte 0, a porta no 4, o IP no 8, o inode no 68.
fn achado(corpo: &[u8], udp: bool) -> Option<Achado> {
    let porta = u16::from_be_bytes(corpo.get(4..6)?.try_into().ok()?);
    let ip = match i32::from(*corpo.first()?) {
        libc::AF_INET => {
            let octetos: [u8; 4] = corpo.get(8..12)?.try_into().ok()?;
            IpAddr::V4(Ipv4Addr::from(octetos))
        }
        _ => {
            let octetos: [u8; 16] = corpo.get(8..24)?.try_into().ok()?;
            IpAddr::V6(Ipv6Addr::from(octetos))
        }
    };
    Some(Achado {
        endereco: SocketAddr::new(ip, porta),
        inode: u64::from(u32_em(corpo, 68)?),
        udp,
    })
}

fn erro(corpo: &[u8]) -> io::Error {
    let numero = u32_em(corpo, 0).map_or(0, u32::cast_signed);
    io::Error::from_raw_os_error(-numero)
}

fn u32_em(bytes: &[u8], de: usize) -> Option<u32> {
    let quatro = bytes.get(de..de + 4)?;
    Some(u32::from_ne_bytes(quatro.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream, UdpSocket};

    use super::*;

    #[test]
    fn quem_escuta_e_achado_em_tcp_e_em_udp() {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let Ok(achados) = SockDiag::abrir().and_then(|s| s.escutas()) else {
            println!("pulado: este sistema não tem sock_diag");
            return;
        };
        let tem = |endereco, udp| {
            achados
                .iter()
                .any(|a| a.endereco == endereco && a.udp == udp)
        };
        assert!(tem(tcp.local_addr().unwrap(), false));
        assert!(tem(udp.local_addr().unwrap(), true));
    }

    #[test]
    fn o_que_falta_ler_e_contado_e_some_depois_da_leitura() {
        let Ok(kernel) = SockDiag::abrir() else {
            println!("pulado: este sistema não tem sock_diag");
            return;
        };
        let ouvinte = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut um = TcpStream::connect(ouvinte.local_addr().unwrap()).unwrap();
        let (mut outro, _) = ouvinte.accept().unwrap();
        um.write_all(b"quatro").unwrap();
        let (local, remoto) =
            (outro.local_addr().unwrap(), outro.peer_addr().unwrap());
        if kernel.por_ler(local, remoto).is_err() {
            println!("pulado: este sistema não tem inet_diag");
            return;
        }
        assert_eq!(kernel.por_ler(local, remoto).unwrap(), 6);
        let mut lido = [0; 6];
        outro.read_exact(&mut lido).unwrap();
        assert_eq!(kernel.por_ler(local, remoto).unwrap(), 0);
    }
}
