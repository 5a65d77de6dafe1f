//! O laço do init: captura ou roteia até que mandem parar.

use std::io;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::signal::SigSet;
use nix::sys::time::TimeSpec;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::read;

use super::anunciar;
use super::captura::Captura;
use super::roteador::Roteador;
use crate::plano::Resumo;

/// De quanto em quanto, sem nada a fazer, se recolhem processos órfãos.
const INTERVALO_DOS_ORFAOS: Duration = Duration::from_millis(500);

/// Depois do pedido de fim, a conversa acabou quando a rede se cala por este
/// tempo: mais que um ACK atrasado (40 ms no Linux) e o atraso da rede.
const SILENCIO: Duration = Duration::from_millis(60);

/// Quanto se espera pelo silêncio.
const PRAZO_DO_SILENCIO: Duration = Duration::from_secs(3);

/// Do que o init cuida, além de existir.
pub enum Trabalho {
    Cabo(Option<Captura>),
    Ruim(Box<Roteador>),
}

/// Cuida do trabalho até o pedido de fim (uma linha na entrada) ou até que a
/// entrada feche, que é quando quem montou a bancada acabou.
pub fn vigiar(mut trabalho: Trabalho) -> io::Result<()> {
    let mut fim: Option<Instant> = None;
    let mut ultimo = Instant::now();
    loop {
        let espera = match fim {
            None => INTERVALO_DOS_ORFAOS,
            Some(pedido) => {
                let agora = Instant::now();
                let calado = ultimo.max(pedido) + trabalho.silencio();
                let limite = calado.min(pedido + PRAZO_DO_SILENCIO);
                if agora >= limite {
                    return despedir(trabalho);
                }
                limite - agora
            }
        };
        match esperar(&trabalho, espera, fim.is_none())? {
            Aviso::Parar if fim.is_none() => fim = Some(Instant::now()),
            Aviso::Abandonado => return Ok(()),
            _ => {}
        }
        if trabalho.atender()? {
            ultimo = Instant::now();
        }
        recolher_orfaos();
    }
}

enum Aviso {
    Nada,
    Parar,
    Abandonado,
}

impl Trabalho {
    fn silencio(&self) -> Duration {
        match self {
            Self::Cabo(_) => SILENCIO,
            Self::Ruim(roteador) => SILENCIO + roteador.paciencia(),
        }
    }

    fn atender(&mut self) -> io::Result<bool> {
        match self {
            Self::Cabo(Some(captura)) => captura.atender(),
            Self::Cabo(None) => Ok(false),
            Self::Ruim(roteador) => roteador.atender(),
        }
    }

    fn terminar(self) -> io::Result<Resumo> {
        match self {
            Self::Cabo(None) => Ok(Resumo::default()),
            Self::Cabo(Some(mut captura)) => {
                let (capturados, nao_capturados) = captura.terminar()?;
                Ok(Resumo {
                    capturados,
                    nao_capturados,
                    descartados: 0,
                })
            }
            Self::Ruim(roteador) => roteador.terminar(),
        }
    }
}

/// Espera um pacote, a hora de um pacote atrasado ou uma ordem.
fn esperar(
    trabalho: &Trabalho,
    no_maximo: Duration,
    ouvir: bool,
) -> io::Result<Aviso> {
    let entrada = io::stdin();
    let mut arquivos = vec![PollFd::new(entrada.as_fd(), PollFlags::POLLIN)];
    let mut espera = no_maximo;
    match trabalho {
        Trabalho::Cabo(None) => {}
        Trabalho::Cabo(Some(captura)) => {
            let socket = captura.socket().as_fd();
            arquivos.push(PollFd::new(socket, PollFlags::POLLIN));
        }
        Trabalho::Ruim(roteador) => {
            for tun in roteador.tuns() {
                arquivos.push(PollFd::new(tun.as_fd(), PollFlags::POLLIN));
            }
            espera = espera.min(roteador.ate_a_proxima_entrega());
        }
    }
    // Depois da ordem de parar, a entrada pode fechar: não é mais notícia.
    let visiveis = if ouvir {
        &mut arquivos[..]
    } else {
        &mut arquivos[1..]
    };
    let prazo = TimeSpec::from_duration(espera);
    match ppoll(visiveis, Some(prazo), Some(SigSet::empty())) {
        Ok(_) | Err(Errno::EINTR) => {}
        Err(erro) => return Err(erro.into()),
    }
    if !ouvir || !arquivos[0].any().unwrap_or_default() {
        return Ok(Aviso::Nada);
    }
    let mut ordem = [0; 64];
    match read(entrada.as_fd(), &mut ordem)? {
        0 => Ok(Aviso::Abandonado),
        _ => Ok(Aviso::Parar),
    }
}

/// O processo 1 recebe os órfãos de todos; sem isto, ficariam zumbis.
fn recolher_orfaos() {
    while let Ok(status) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
        if status == WaitStatus::StillAlive {
            break;
        }
    }
}

fn despedir(trabalho: Trabalho) -> io::Result<()> {
    let Resumo {
        capturados,
        nao_capturados,
        descartados,
    } = trabalho.terminar()?;
    anunciar(&format!("fim {capturados} {nao_capturados} {descartados}"))
}
