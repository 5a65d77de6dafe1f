//! As chamadas do sistema que a biblioteca `nix` não cobre: criar um TUN,
//! desligar o que a placa faria pelo kernel e contar o que uma captura perdeu.
#![expect(
    unsafe_code,
    reason = "ioctl e getsockopt com estruturas que nix não tem"
)]

use std::fs::File;
use std::io;
use std::mem::{MaybeUninit, size_of};
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

use nix::libc;
use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};

/// Comandos de ethtool (linux/ethtool.h) e o que cada um liga ou desliga.
const RECURSOS_DA_PLACA: [(u32, &str); 5] = [
    (0x15, "checksum na recepção"),
    (0x17, "checksum na transmissão"),
    (0x1f, "segmentação do TCP (TSO)"),
    (0x24, "segmentação genérica (GSO)"),
    (0x2c, "recepção agrupada (GRO)"),
];

/// `struct ethtool_value` (linux/ethtool.h).
#[repr(C)]
struct ValorDeEthtool {
    comando: u32,
    valor: u32,
}

/// `struct tpacket_stats` (linux/if_packet.h).
#[repr(C)]
#[derive(Default)]
struct ContasDaCaptura {
    pacotes: u32,
    perdidos: u32,
}

/// Cria neste namespace de rede uma interface TUN: o que o kernel mandaria por
/// ela lê-se do arquivo, um pacote IP por leitura, e o que se escreve nele o
/// kernel recebe (Documentation/networking/tuntap.rst).
pub fn criar_tun(nome: &str) -> io::Result<File> {
    let tun = File::options()
        .read(true)
        .write(true)
        .open("/dev/net/tun")?;
    let mut pedido = pedido_de_interface(nome)?;
    let opcoes = libc::IFF_TUN | libc::IFF_NO_PI;
    pedido.ifr_ifru.ifru_flags =
        i16::try_from(opcoes).map_err(io::Error::other)?;
    // SAFETY: o descritor está aberto e `pedido` é um `ifreq` inteiro, que o
    // kernel lê e em que escreve só durante a chamada.
    let codigo =
        unsafe { libc::ioctl(tun.as_raw_fd(), libc::TUNSETIFF, &mut pedido) };
    conferir(codigo)?;
    Ok(tun)
}

/// Desliga o que a placa faria pelo kernel, para que a captura mostre os
/// segmentos e as somas como estariam em um cabo de verdade.
pub fn desligar_ajuda_da_placa(nome: &str) -> io::Result<()> {
    let socket = socket(
        AddressFamily::Inet,
        SockType::Datagram,
        SockFlag::SOCK_CLOEXEC,
        None,
    )?;
    for (comando, recurso) in RECURSOS_DA_PLACA {
        desligar(&socket, nome, comando).map_err(|erro| {
            io::Error::new(erro.kind(), format!("{recurso}: {erro}"))
        })?;
    }
    Ok(())
}

fn desligar(socket: &OwnedFd, nome: &str, comando: u32) -> io::Result<()> {
    let mut valor = ValorDeEthtool { comando, valor: 0 };
    let mut pedido = pedido_de_interface(nome)?;
    pedido.ifr_ifru.ifru_data = (&raw mut valor).cast();
    // SAFETY: `pedido` é um `ifreq` inteiro e aponta para `valor`, que vive
    // até depois da chamada e tem o tamanho que estes comandos leem.
    let codigo = unsafe {
        libc::ioctl(socket.as_raw_fd(), libc::SIOCETHTOOL, &mut pedido)
    };
    conferir(codigo)
}

/// Quantos pacotes não couberam no buffer da captura desde a última pergunta
/// (packet(7), PACKET_STATISTICS).
pub fn perdidos_na_captura(socket: BorrowedFd) -> io::Result<u64> {
    let mut contas = ContasDaCaptura::default();
    let mut tamanho = u32::try_from(size_of::<ContasDaCaptura>())
        .map_err(io::Error::other)?;
    // SAFETY: `contas` tem os bytes que `tamanho` diz, e o kernel escreve nela
    // só durante a chamada.
    let codigo = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_PACKET,
            libc::PACKET_STATISTICS,
            (&raw mut contas).cast(),
            &mut tamanho,
        )
    };
    conferir(codigo)?;
    Ok(contas.perdidos.into())
}

/// Um `ifreq` zerado, com o nome da interface.
fn pedido_de_interface(nome: &str) -> io::Result<libc::ifreq> {
    // SAFETY: um `ifreq` todo em zeros é válido: números, bytes e ponteiro
    // nulo.
    let mut pedido: libc::ifreq =
        unsafe { MaybeUninit::zeroed().assume_init() };
    if nome.len() >= pedido.ifr_name.len() {
        return Err(io::Error::other("nome de interface longo demais"));
    }
    for (destino, byte) in pedido.ifr_name.iter_mut().zip(nome.bytes()) {
        *destino = libc::c_char::from_ne_bytes([byte]);
    }
    Ok(pedido)
}

fn conferir(codigo: libc::c_int) -> io::Result<()> {
    if codigo < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}
