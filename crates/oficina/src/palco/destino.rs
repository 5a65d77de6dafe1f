//! Aonde o palco se conecta: um endereço da rede ou o arquivo de um socket
//! Unix. Escrito por extenso, é o primeiro argumento do programa.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use socket2::{Domain, SockAddr, Socket, Type};

use super::conexao::da_rede;
use super::entrega::Entrega;

/// O buffer de recepção do leitor lento, em bytes.
pub const BUFFER_DO_LENTO: usize = 32 * 1024;

/// O segmento curto, em bytes: o de uma rede Ethernet.
pub const SEGMENTO_CURTO: u32 = 1460;

/// Quanto dura uma tentativa de conexão.
const TENTATIVA: Duration = Duration::from_millis(500);

/// O lugar em que o programa deve atender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destino {
    Rede(SocketAddr),
    Unix(PathBuf),
}

impl Destino {
    /// Uma tentativa de conexão, com o buffer de recepção do modo de entrega e
    /// segmentos de no máximo `segmento` bytes, onde o sistema deixa escolher.
    pub fn tentar(
        &self,
        entrega: Entrega,
        segmento: Option<u32>,
    ) -> io::Result<Socket> {
        let (familia, endereco) = match self {
            Destino::Rede(onde) => (Domain::for_address(*onde), (*onde).into()),
            Destino::Unix(onde) => (Domain::UNIX, SockAddr::unix(onde)?),
        };
        let socket = Socket::new(familia, Type::STREAM, None)?;
        if entrega == Entrega::Lento {
            socket.set_recv_buffer_size(BUFFER_DO_LENTO)?;
        }
        if familia == Domain::UNIX {
            // Com a fila cheia, quem pede espera: melhor tentar de novo.
            socket.set_nonblocking(true)?;
            socket.connect(&endereco)?;
            return Ok(socket);
        }
        #[cfg(unix)]
        if let Some(segmento) = segmento {
            socket.set_tcp_mss(segmento)?;
        }
        #[cfg(not(unix))]
        let _ = segmento;
        socket.connect_timeout(&endereco, TENTATIVA)?;
        // Em loopback, um socket pode se conectar a si mesmo por acaso.
        if da_rede(socket.local_addr()).ok() == endereco.as_socket() {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        Ok(socket)
    }
}

impl fmt::Display for Destino {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Destino::Rede(onde) => write!(f, "{onde}"),
            Destino::Unix(onde) => write!(f, "unix:{}", onde.display()),
        }
    }
}
