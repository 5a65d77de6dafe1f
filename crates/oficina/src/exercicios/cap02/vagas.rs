//! Endereços em que ninguém escuta ainda: recusam quem chega, até que se
//! escute neles, ou se deixe a fila deles cheia.

use std::io::{self, ErrorKind};
use std::net::{
    IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream,
};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use crate::erro_do_sistema::em_portugues;
use crate::palco::{Entrega, Interrupcao, Ouvinte, Palco, Passo};

/// Quanto dura cada conexão com que se enche uma fila.
const ENCHENDO: Duration = Duration::from_millis(200);

/// Conexões que se fazem, no máximo, para encher uma fila de tamanho 0.
const CHEIA: usize = 8;

/// O enésimo endereço de loopback: 127.0.0.N.
pub const fn vizinho(n: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(127, 0, 0, n))
}

pub const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// Um endereço só desta etapa: recusa quem chega, até que se escute nele.
pub struct Vaga {
    pub endereco: SocketAddr,
    socket: Socket,
}

impl Vaga {
    pub fn nova(endereco: SocketAddr) -> io::Result<Vaga> {
        let dominio = Domain::for_address(endereco);
        let socket = Socket::new(dominio, Type::STREAM, None)?;
        if endereco.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        socket.bind(&endereco.into())?;
        let endereco = socket.local_addr()?.as_socket().unwrap_or(endereco);
        Ok(Vaga { endereco, socket })
    }

    /// Passa a escutar, e o palco atende.
    pub fn atender(
        self,
        palco: &Palco,
        nome: &str,
        entrega: Entrega,
    ) -> Passo<Ouvinte> {
        self.socket.listen(128).map_err(|erro| do_sistema(&erro))?;
        palco.ouvir_por(nome, TcpListener::from(self.socket), entrega)
    }

    /// Passa a escutar com a fila cheia: quem chega não ouve nem um não.
    pub fn emudecer(self, palco: &Palco) -> Passo<Mudo> {
        self.socket.listen(0).map_err(|erro| do_sistema(&erro))?;
        let mut fila = Vec::new();
        while fila.len() < CHEIA {
            match TcpStream::connect_timeout(&self.endereco, ENCHENDO) {
                Ok(conexao) => fila.push(conexao),
                Err(erro) if erro.kind() == ErrorKind::TimedOut => {
                    palco.narrar("mudo", "escuto", "com a fila cheia");
                    return Ok(Mudo {
                        _vaga: self,
                        _fila: fila,
                    });
                }
                Err(_) => break,
            }
        }
        Err(Interrupcao::Inconclusiva(
            "neste sistema, uma fila cheia não emudece o endereço".into(),
        ))
    }
}

/// Um endereço que não responde enquanto existir.
pub struct Mudo {
    _vaga: Vaga,
    _fila: Vec<TcpStream>,
}

/// Uma vaga em cada IP, todas na mesma porta: é a única a que o programa pode
/// se conectar no isolamento L1.
pub fn reservar<const N: usize>(ips: [IpAddr; N]) -> Passo<[Vaga; N]> {
    const TENTATIVAS: usize = 50;
    let mut erro = None;
    for _ in 0..TENTATIVAS {
        match na_mesma_porta(&ips) {
            Ok(vagas) => match <[Vaga; N]>::try_from(vagas) {
                Ok(vagas) => return Ok(vagas),
                Err(_) => break,
            },
            Err(e) => erro = Some(e),
        }
    }
    let erro = erro.unwrap_or_else(|| io::Error::other("sem portas"));
    Err(do_sistema(&erro))
}

fn na_mesma_porta(ips: &[IpAddr]) -> io::Result<Vec<Vaga>> {
    let mut vagas: Vec<Vaga> = Vec::new();
    for &ip in ips {
        let porta = vagas.first().map_or(0, |v| v.endereco.port());
        let vaga = match Vaga::nova(SocketAddr::new(ip, porta)) {
            // Fora do Linux só o 127.0.0.1 costuma existir: outra porta nele.
            Err(erro)
                if erro.kind() == ErrorKind::AddrNotAvailable
                    && ip.is_ipv4() =>
            {
                Vaga::nova(SocketAddr::new(vizinho(1), 0))?
            }
            resultado => resultado?,
        };
        vagas.push(vaga);
    }
    Ok(vagas)
}

fn do_sistema(erro: &io::Error) -> Interrupcao {
    let erro = em_portugues(erro);
    Interrupcao::Inconclusiva(format!("o sistema não deixou conferir: {erro}"))
}

/// Um endereço a que o sistema nega, na hora, toda conexão TCP, e não com uma
/// recusa: o de difusão. `None` onde ele responde outra coisa.
pub fn negado_na_hora(porta: u16) -> Option<SocketAddr> {
    let endereco = SocketAddr::from((Ipv4Addr::BROADCAST, porta));
    let erro = TcpStream::connect_timeout(&endereco, ENCHENDO).err()?;
    let outro = !matches!(
        erro.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::TimedOut
    );
    outro.then_some(endereco)
}

pub fn ha_ipv6() -> bool {
    Vaga::nova(SocketAddr::new(V6, 0)).is_ok()
}
