//! Os nomes em Rust do apêndice “A mesma API”, pedidos ao compilador: se um
//! deles não existe, este arquivo não compila. O teste `nomes` confere que a
//! página e este arquivo falam dos mesmos.

use std::io::{self, Error, Read, Write};
use std::net::{
    IpAddr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket,
};
use std::option::IntoIter;
use std::str::FromStr;

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

/// Nomes e endereços.
pub fn enderecos() {
    type Resolver = fn(&SocketAddr) -> io::Result<IntoIter<SocketAddr>>;
    let _: Resolver = ToSocketAddrs::to_socket_addrs;
    let _: fn(SocketAddr) -> SockAddr = SockAddr::from;
    let _ = SockAddr::as_socket;
    let _ = IpAddr::from_str;
    let _ = SocketAddr::from_str;
    let _ = u16::to_be_bytes;
    let _ = u16::from_be_bytes;
    let _ = u32::to_be_bytes;
    let _ = u32::from_be_bytes;
}

/// O que existe na `std` para uma conexão TCP.
pub fn tcp() {
    let _ = TcpListener::bind::<SocketAddr>;
    let _ = TcpListener::accept;
    let _ = TcpListener::incoming;
    let _ = TcpListener::local_addr;
    let _ = TcpListener::set_nonblocking;
    let _ = TcpStream::connect::<SocketAddr>;
    let _ = TcpStream::connect_timeout;
    let _ = TcpStream::local_addr;
    let _ = TcpStream::peer_addr;
    let _ = TcpStream::peek;
    let _ = TcpStream::set_nodelay;
    let _ = TcpStream::set_nonblocking;
    let _ = TcpStream::set_read_timeout;
    let _ = TcpStream::set_ttl;
    let _ = TcpStream::set_write_timeout;
    let _ = TcpStream::shutdown;
    let _ = TcpStream::take_error;
    let _ = TcpStream::try_clone;
    let _: fn(&mut TcpStream, &mut [u8]) -> io::Result<usize> = Read::read;
    let _: fn(&mut TcpStream, &mut [u8]) -> io::Result<()> = Read::read_exact;
    let _: fn(&mut TcpStream, &[u8]) -> io::Result<usize> = Write::write;
    let _: fn(&mut TcpStream, &[u8]) -> io::Result<()> = Write::write_all;
}

/// O que existe na `std` para UDP.
pub fn udp() {
    let _ = UdpSocket::bind::<SocketAddr>;
    let _ = UdpSocket::connect::<SocketAddr>;
    let _ = UdpSocket::local_addr;
    let _ = UdpSocket::peek_from;
    let _ = UdpSocket::peer_addr;
    let _ = UdpSocket::recv;
    let _ = UdpSocket::recv_from;
    let _ = UdpSocket::send;
    let _ = UdpSocket::send_to::<SocketAddr>;
    let _ = UdpSocket::set_broadcast;
    let _ = UdpSocket::set_nonblocking;
    let _ = UdpSocket::set_read_timeout;
    let _ = UdpSocket::try_clone;
}

/// O que o `socket2` oferece: um método por chamada de sistema.
pub fn socket2() {
    let _ = Domain::IPV4;
    let _ = Domain::IPV6;
    let _ = Domain::UNIX;
    let _ = Type::STREAM;
    let _ = Type::DGRAM;
    let _ = Protocol::TCP;
    let _ = Protocol::UDP;
    let _ = Protocol::ICMPV4;
    let _ = Socket::accept;
    let _ = Socket::bind;
    let _ = Socket::connect;
    let _ = Socket::connect_timeout;
    let _ = Socket::listen;
    let _ = Socket::local_addr;
    let _ = Socket::new;
    let _ = Socket::peer_addr;
    let _ = Socket::recv;
    let _ = Socket::recv_from;
    let _ = Socket::reuse_address;
    let _ = Socket::send;
    let _ = Socket::send_to;
    let _ = Socket::set_broadcast;
    let _ = Socket::set_keepalive;
    let _ = Socket::set_linger;
    let _ = Socket::set_nonblocking;
    let _ = Socket::set_only_v6;
    let _ = Socket::set_read_timeout;
    let _ = Socket::set_recv_buffer_size;
    let _ = Socket::set_reuse_address;
    let _ = Socket::set_send_buffer_size;
    let _ = Socket::set_tcp_keepalive;
    let _ = Socket::set_tcp_nodelay;
    let _ = Socket::set_ttl_v4;
    let _ = Socket::set_write_timeout;
    let _ = Socket::shutdown;
    let _ = Socket::take_error;
    let _ = Socket::try_clone;
}

/// Os pedidos que o `Type` só tem onde o sistema os tem.
#[cfg(not(target_os = "redox"))]
pub fn bruto() {
    let _ = Type::RAW;
}

/// Os erros.
pub fn erros() {
    let _ = Error::kind;
    let _ = Error::last_os_error;
    let _ = Error::raw_os_error;
}
