//! Interfaces, endereços e rotas, pedidos ao kernel por netlink
//! (rtnetlink(7)). Tudo vale para o namespace de rede desta thread.

use std::io;
use std::net::IpAddr;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use netlink_packet_core::{
    NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST, NetlinkHeader,
    NetlinkMessage, NetlinkPayload,
};
use netlink_packet_route::address::{
    AddressAttribute, AddressHeaderFlags, AddressMessage,
};
use netlink_packet_route::link::{
    AfSpecInet6, AfSpecUnspec, In6AddrGenMode, InfoData, InfoKind, InfoVeth,
    LinkAttribute, LinkFlags, LinkInfo, LinkMessage,
};
use netlink_packet_route::neighbour::{
    NeighbourAttribute, NeighbourMessage, NeighbourState,
};
use netlink_packet_route::route::{
    RouteAttribute, RouteHeader, RouteMessage, RouteProtocol, RouteScope,
    RouteType,
};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};
use nix::net::if_::if_nametoindex;
use nix::sys::socket::{
    MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, recv, send,
    socket,
};

/// Maior resposta que se espera: um cabeçalho, um código e o eco do pedido.
const TAMANHO_DA_RESPOSTA: usize = 8192;

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
            nix::sys::socket::AddressFamily::Netlink,
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
        let mut outra = descrever(la);
        outra.attributes.push(LinkAttribute::NetNsFd(rede_de_la));
        let mut mensagem = descrever(aqui);
        mensagem.attributes.push(LinkAttribute::LinkInfo(vec![
            LinkInfo::Kind(InfoKind::Veth),
            LinkInfo::Data(InfoData::Veth(InfoVeth::Peer(outra))),
        ]));
        self.pedir(RouteNetlinkMessage::NewLink(mensagem), NOVO)
    }

    /// Levanta a interface, sem endereços IPv6 automáticos: eles falariam na
    /// rede antes de qualquer programa.
    pub fn levantar(&mut self, nome: &str) -> io::Result<()> {
        let indice = indice(nome)?;
        let mut mensagem = LinkMessage::default();
        mensagem.header.index = indice;
        mensagem.attributes.push(LinkAttribute::AfSpecUnspec(vec![
            AfSpecUnspec::Inet6(vec![AfSpecInet6::AddrGenMode(
                In6AddrGenMode::None,
            )]),
        ]));
        // Um kernel sem IPv6 recusa o pedido; o IPv4 não precisa dele.
        let _ = self.pedir(RouteNetlinkMessage::SetLink(mensagem), 0);
        let mut mensagem = LinkMessage::default();
        mensagem.header.index = indice;
        mensagem.header.flags = LinkFlags::Up;
        mensagem.header.change_mask = LinkFlags::Up;
        self.pedir(RouteNetlinkMessage::SetLink(mensagem), 0)
    }

    /// Ajusta o MTU da interface, em bytes.
    pub fn ajustar_mtu(&mut self, nome: &str, mtu: u32) -> io::Result<()> {
        let mut mensagem = LinkMessage::default();
        mensagem.header.index = indice(nome)?;
        mensagem.attributes.push(LinkAttribute::Mtu(mtu));
        self.pedir(RouteNetlinkMessage::SetLink(mensagem), 0)
    }

    /// Dá um endereço à interface; vale já, sem procurar duplicatas na rede.
    pub fn enderecar(
        &mut self,
        nome: &str,
        endereco: IpAddr,
        prefixo: u8,
    ) -> io::Result<()> {
        let mut mensagem = AddressMessage::default();
        mensagem.header.family = familia(endereco);
        mensagem.header.prefix_len = prefixo;
        mensagem.header.index = indice(nome)?;
        if endereco.is_ipv6() {
            mensagem.header.flags = AddressHeaderFlags::Nodad;
        }
        mensagem.attributes.push(AddressAttribute::Local(endereco));
        mensagem
            .attributes
            .push(AddressAttribute::Address(endereco));
        self.pedir(RouteNetlinkMessage::NewAddress(mensagem), NOVO)
    }

    /// Diz o endereço físico de um vizinho, que deixa de ser perguntado.
    pub fn apresentar(
        &mut self,
        nome: &str,
        vizinho: IpAddr,
        mac: [u8; 6],
    ) -> io::Result<()> {
        let mut mensagem = NeighbourMessage::default();
        mensagem.header.family = familia(vizinho);
        mensagem.header.ifindex = indice(nome)?;
        mensagem.header.state = NeighbourState::Permanent;
        mensagem.attributes = vec![
            NeighbourAttribute::Destination(vizinho.into()),
            NeighbourAttribute::LinkLayerAddress(mac.to_vec()),
        ];
        self.pedir(RouteNetlinkMessage::NewNeighbour(mensagem), NOVO)
    }

    /// Manda por esta interface tudo o que não tem rota melhor.
    pub fn rotear_tudo(&mut self, nome: &str, ipv6: bool) -> io::Result<()> {
        let mut mensagem = RouteMessage::default();
        mensagem.header.address_family = if ipv6 {
            AddressFamily::Inet6
        } else {
            AddressFamily::Inet
        };
        mensagem.header.table = RouteHeader::RT_TABLE_MAIN;
        mensagem.header.protocol = RouteProtocol::Static;
        mensagem.header.kind = RouteType::Unicast;
        mensagem.header.scope = if ipv6 {
            RouteScope::Universe
        } else {
            RouteScope::Link
        };
        mensagem.attributes.push(RouteAttribute::Oif(indice(nome)?));
        self.pedir(RouteNetlinkMessage::NewRoute(mensagem), NOVO)
    }

    /// Manda um pedido e espera a confirmação do kernel, que é imediata.
    fn pedir(
        &mut self,
        mensagem: RouteNetlinkMessage,
        opcoes: u16,
    ) -> io::Result<()> {
        self.numero += 1;
        let mut cabecalho = NetlinkHeader::default();
        cabecalho.flags = NLM_F_REQUEST | NLM_F_ACK | opcoes;
        cabecalho.sequence_number = self.numero;
        let mut pedido = NetlinkMessage::new(cabecalho, mensagem.into());
        pedido.finalize();
        let mut bytes = vec![0; pedido.buffer_len()];
        pedido.serialize(&mut bytes);
        send(self.socket.as_raw_fd(), &bytes, MsgFlags::empty())?;

        let mut bytes = [0; TAMANHO_DA_RESPOSTA];
        let lidos =
            recv(self.socket.as_raw_fd(), &mut bytes, MsgFlags::empty())?;
        let resposta =
            NetlinkMessage::<RouteNetlinkMessage>::deserialize(&bytes[..lidos])
                .map_err(io::Error::other)?;
        match resposta.payload {
            NetlinkPayload::Error(erro) if erro.code.is_some() => {
                Err(erro.to_io())
            }
            _ => Ok(()),
        }
    }
}

/// Cria, e recusa se já existe.
const NOVO: u16 = NLM_F_CREATE | NLM_F_EXCL;

fn descrever(ponta: &Ponta) -> LinkMessage {
    let mut mensagem = LinkMessage::default();
    mensagem.attributes = vec![
        LinkAttribute::IfName(ponta.nome.to_owned()),
        LinkAttribute::Address(ponta.mac.to_vec()),
        LinkAttribute::Mtu(ponta.mtu),
    ];
    mensagem
}

fn indice(nome: &str) -> io::Result<u32> {
    Ok(if_nametoindex(nome)?)
}

fn familia(endereco: IpAddr) -> AddressFamily {
    match endereco {
        IpAddr::V4(_) => AddressFamily::Inet,
        IpAddr::V6(_) => AddressFamily::Inet6,
    }
}
