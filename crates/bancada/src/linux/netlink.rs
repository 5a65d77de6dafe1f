//! Interfaces, endereços e rotas, pedidos ao kernel por netlink
//! (netlink(7), rtnetlink(7)). Tudo vale para o namespace de rede desta thread.
//!
//! São seis mensagens. Os crates que as sabem todas custam mais de um quarto
//! do tempo de compilar a oficina; aqui elas são escritas byte a byte.

use std::io;
use std::net::IpAddr;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use nix::libc;
use nix::net::if_::if_nametoindex;
use nix::sys::socket::{
    AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType,
    bind, recv, send, socket,
};

/// Maior resposta que se espera: um cabeçalho, um código e o eco do pedido.
const TAMANHO_DA_RESPOSTA: usize = 8192;

/// `struct nlmsghdr` (linux/netlink.h), em bytes.
const CABECALHO: usize = 16;

/// Atributos e mensagens começam em múltiplos de 4.
const ALINHAMENTO: usize = 4;

/// O atributo de um par veth que descreve a outra ponta (linux/veth.h).
const VETH_INFO_PEER: u16 = 1;

/// Como se formam os endereços IPv6 automáticos (linux/if_link.h).
const IFLA_INET6_ADDR_GEN_MODE: u16 = 8;

/// Nenhum endereço IPv6 automático (linux/if_link.h).
const IN6_ADDR_GEN_MODE_NONE: u8 = 1;

/// Cria, e recusa se já existe.
const NOVO: i32 = libc::NLM_F_CREATE | libc::NLM_F_EXCL;

/// Uma ponta de um cabo.
pub struct Ponta<'a> {
    pub nome: &'a str,
    pub mac: [u8; 6],
    pub mtu: u32,
}

/// Uma conversa com o kernel sobre o namespace de rede em que foi aberta.
pub struct Netlink {
    socket: OwnedFd,
    numero: u32,
}

impl Netlink {
    pub fn abrir() -> io::Result<Self> {
        let socket = socket(
            AddressFamily::Netlink,
            SockType::Raw,
            SockFlag::SOCK_CLOEXEC,
            SockProtocol::NetlinkRoute,
        )?;
        bind(socket.as_raw_fd(), &NetlinkAddr::new(0, 0))?;
        Ok(Self { socket, numero: 0 })
    }

    /// Cria um par veth: uma ponta aqui, a outra no namespace de rede `la`.
    pub fn criar_cabo(
        &mut self,
        aqui: &Ponta,
        la: &Ponta,
        rede_de_la: RawFd,
    ) -> io::Result<()> {
        let outra = Campos::da_interface(0, 0)
            .descrever(la)
            .atributo(libc::IFLA_NET_NS_FD, &rede_de_la.to_ne_bytes());
        let dados = Campos::default().atributo(VETH_INFO_PEER, &outra.0);
        let tipo = Campos::default()
            .atributo(libc::IFLA_INFO_KIND, b"veth")
            .atributo(libc::IFLA_INFO_DATA, &dados.0);
        let cabo = Campos::da_interface(0, 0)
            .descrever(aqui)
            .atributo(libc::IFLA_LINKINFO, &tipo.0);
        self.pedir(libc::RTM_NEWLINK, NOVO, &cabo)
    }

    /// Levanta a interface, sem endereços IPv6 automáticos: eles falariam na
    /// rede antes de qualquer programa.
    pub fn levantar(&mut self, nome: &str) -> io::Result<()> {
        let indice = if_nametoindex(nome)?;
        let modo = Campos::default()
            .atributo(IFLA_INET6_ADDR_GEN_MODE, &[IN6_ADDR_GEN_MODE_NONE]);
        let ipv6 = Campos::default().atributo(familia_ipv6(), &modo.0);
        let mudo = Campos::da_interface(indice, 0)
            .atributo(libc::IFLA_AF_SPEC, &ipv6.0);
        // Um kernel sem IPv6 recusa o pedido; o IPv4 não precisa dele.
        let _ = self.pedir(libc::RTM_NEWLINK, 0, &mudo);
        let de_pe = Campos::da_interface(indice, libc::IFF_UP);
        self.pedir(libc::RTM_NEWLINK, 0, &de_pe)
    }

    /// Ajusta o MTU da interface, em bytes.
    pub fn ajustar_mtu(&mut self, nome: &str, mtu: u32) -> io::Result<()> {
        let pedido = Campos::da_interface(if_nametoindex(nome)?, 0)
            .atributo(libc::IFLA_MTU, &mtu.to_ne_bytes());
        self.pedir(libc::RTM_NEWLINK, 0, &pedido)
    }

    /// Dá um endereço à interface; vale já, sem procurar duplicatas na rede.
    pub fn enderecar(
        &mut self,
        nome: &str,
        endereco: IpAddr,
        prefixo: u8,
    ) -> io::Result<()> {
        // `struct ifaddrmsg` (linux/if_addr.h).
        let marcas = if endereco.is_ipv6() {
            libc::IFA_F_NODAD
        } else {
            0
        };
        let mut pedido = Campos::default();
        pedido
            .0
            .extend([familia(endereco), prefixo, marcas as u8, 0]);
        pedido.0.extend(if_nametoindex(nome)?.to_ne_bytes());
        let bytes = bytes(endereco);
        let pedido = pedido
            .atributo(libc::IFA_LOCAL, &bytes)
            .atributo(libc::IFA_ADDRESS, &bytes);
        self.pedir(libc::RTM_NEWADDR, NOVO, &pedido)
    }

    /// Diz o endereço físico de um vizinho, que deixa de ser perguntado.
    pub fn apresentar(
        &mut self,
        nome: &str,
        vizinho: IpAddr,
        mac: [u8; 6],
    ) -> io::Result<()> {
        // `struct ndmsg` (linux/neighbour.h).
        let mut pedido = Campos::default();
        pedido.0.extend([familia(vizinho), 0, 0, 0]);
        pedido.0.extend(if_nametoindex(nome)?.to_ne_bytes());
        pedido.0.extend(libc::NUD_PERMANENT.to_ne_bytes());
        pedido.0.extend([0, 0]);
        let pedido = pedido
            .atributo(libc::NDA_DST, &bytes(vizinho))
            .atributo(libc::NDA_LLADDR, &mac);
        self.pedir(libc::RTM_NEWNEIGH, NOVO, &pedido)
    }

    /// Manda por esta interface tudo o que não tem rota melhor.
    pub fn rotear_tudo(&mut self, nome: &str, ipv6: bool) -> io::Result<()> {
        let (familia, alcance) = if ipv6 {
            (libc::AF_INET6, libc::RT_SCOPE_UNIVERSE)
        } else {
            (libc::AF_INET, libc::RT_SCOPE_LINK)
        };
        // `struct rtmsg` (linux/rtnetlink.h).
        let mut pedido = Campos::default();
        pedido.0.extend([familia as u8, 0, 0, 0]);
        pedido.0.extend([libc::RT_TABLE_MAIN, libc::RTPROT_STATIC]);
        pedido.0.extend([alcance, libc::RTN_UNICAST]);
        pedido.0.extend([0; 4]);
        let indice = if_nametoindex(nome)?.to_ne_bytes();
        let pedido = pedido.atributo(libc::RTA_OIF, &indice);
        self.pedir(libc::RTM_NEWROUTE, NOVO, &pedido)
    }

    /// Manda um pedido e espera a confirmação do kernel, que é imediata.
    fn pedir(
        &mut self,
        tipo: u16,
        opcoes: i32,
        campos: &Campos,
    ) -> io::Result<()> {
        self.numero += 1;
        let opcoes = opcoes | libc::NLM_F_REQUEST | libc::NLM_F_ACK;
        let mut pedido = Vec::with_capacity(CABECALHO + campos.0.len());
        pedido.extend(((CABECALHO + campos.0.len()) as u32).to_ne_bytes());
        pedido.extend(tipo.to_ne_bytes());
        pedido.extend((opcoes as u16).to_ne_bytes());
        pedido.extend(self.numero.to_ne_bytes());
        pedido.extend([0; 4]);
        pedido.extend_from_slice(&campos.0);
        send(self.socket.as_raw_fd(), &pedido, MsgFlags::empty())?;

        let mut resposta = [0; TAMANHO_DA_RESPOSTA];
        let lidos =
            recv(self.socket.as_raw_fd(), &mut resposta, MsgFlags::empty())?;
        conferir(&resposta[..lidos])
    }
}

/// A resposta a um pedido com NLM_F_ACK é uma mensagem de erro; o código 0 diz
/// que deu certo, e os outros são -errno.
fn conferir(resposta: &[u8]) -> io::Result<()> {
    let tipo = resposta.get(4..6).and_then(|b| b.try_into().ok());
    let tipo = tipo.map(|bytes| i32::from(u16::from_ne_bytes(bytes)));
    let codigo = resposta.get(CABECALHO..CABECALHO + 4);
    let codigo = codigo
        .and_then(|b| b.try_into().ok())
        .map(i32::from_ne_bytes);
    match (tipo, codigo) {
        (Some(libc::NLMSG_ERROR), Some(0)) => Ok(()),
        (Some(libc::NLMSG_ERROR), Some(codigo)) => {
            Err(io::Error::from_raw_os_error(-codigo))
        }
        _ => Err(io::Error::other("resposta inesperada do kernel")),
    }
}

/// O corpo de uma mensagem, ou o conteúdo de um atributo com outros dentro.
#[derive(Default)]
struct Campos(Vec<u8>);

impl Campos {
    /// `struct ifinfomsg` (linux/rtnetlink.h): que interface, e o que ligar.
    fn da_interface(indice: u32, ligar: i32) -> Self {
        let mut campos = Vec::from([0; 4]);
        campos.extend(indice.to_ne_bytes());
        campos.extend(ligar.to_ne_bytes());
        campos.extend(ligar.to_ne_bytes());
        Self(campos)
    }

    fn descrever(self, ponta: &Ponta) -> Self {
        let nome = [ponta.nome.as_bytes(), b"\0"].concat();
        self.atributo(libc::IFLA_IFNAME, &nome)
            .atributo(libc::IFLA_ADDRESS, &ponta.mac)
            .atributo(libc::IFLA_MTU, &ponta.mtu.to_ne_bytes())
    }

    /// `struct rtattr`: tamanho, tipo, valor, e zeros até o alinhamento.
    fn atributo(mut self, tipo: u16, valor: &[u8]) -> Self {
        let tamanho = (ALINHAMENTO + valor.len()) as u16;
        self.0.extend(tamanho.to_ne_bytes());
        self.0.extend(tipo.to_ne_bytes());
        self.0.extend_from_slice(valor);
        self.0.resize(self.0.len().next_multiple_of(ALINHAMENTO), 0);
        self
    }
}

fn familia(endereco: IpAddr) -> u8 {
    match endereco {
        IpAddr::V4(_) => libc::AF_INET as u8,
        IpAddr::V6(_) => libc::AF_INET6 as u8,
    }
}

/// Dentro de IFLA_AF_SPEC, o tipo de cada atributo é uma família.
fn familia_ipv6() -> u16 {
    libc::AF_INET6 as u16
}

fn bytes(endereco: IpAddr) -> Vec<u8> {
    match endereco {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn um_atributo_tem_tamanho_tipo_valor_e_alinhamento() {
        let campos = Campos::default()
            .atributo(3, b"abc")
            .atributo(4, &[1, 2, 3, 4]);
        let esperado = [
            &7_u16.to_ne_bytes()[..],
            &3_u16.to_ne_bytes(),
            b"abc\0",
            &8_u16.to_ne_bytes(),
            &4_u16.to_ne_bytes(),
            &[1, 2, 3, 4],
        ];
        assert_eq!(campos.0, esperado.concat());
    }

    #[test]
    fn a_resposta_do_kernel_vira_erro_ou_nao() {
        let resposta = |tipo: u16, codigo: i32| {
            let mut bytes = vec![20, 0, 0, 0];
            bytes.extend(tipo.to_ne_bytes());
            bytes.extend([0; 10]);
            bytes.extend(codigo.to_ne_bytes());
            bytes
        };
        assert!(conferir(&resposta(2, 0)).is_ok());
        let erro = conferir(&resposta(2, -libc::EPERM)).unwrap_err();
        assert_eq!(erro.kind(), io::ErrorKind::PermissionDenied);
        assert!(conferir(&resposta(16, 0)).is_err());
        assert!(conferir(&[2, 0]).is_err());
    }
}
