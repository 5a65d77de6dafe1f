//! O programa já leu o que lhe enviamos? O Linux sabe: é a fila de recepção do
//! socket do outro lado, que em loopback está na mesma máquina.

use socket2::Socket;

#[cfg(target_os = "linux")]
use super::conexao::da_rede;

/// Quem pergunta ao sistema; onde não há a quem perguntar, não sabe nada.
#[derive(Default)]
pub struct Sonda {
    #[cfg(target_os = "linux")]
    kernel: Option<crate::sock_diag::SockDiag>,
}

#[cfg(target_os = "linux")]
impl Sonda {
    pub fn nova() -> Sonda {
        Sonda {
            kernel: crate::sock_diag::SockDiag::abrir().ok(),
        }
    }

    /// `Some(true)` se o outro lado não tem nada por ler; `None` se não se
    /// sabe.
    pub fn leu_tudo(&self, fluxo: &Socket) -> Option<bool> {
        let nosso = da_rede(fluxo.local_addr()).ok()?;
        let dele = da_rede(fluxo.peer_addr()).ok()?;
        let por_ler = self.kernel.as_ref()?.por_ler(dele, nosso).ok()?;
        Some(por_ler == 0)
    }
}

#[cfg(not(target_os = "linux"))]
impl Sonda {
    pub fn nova() -> Sonda {
        Sonda::default()
    }

    pub fn leu_tudo(&self, _: &Socket) -> Option<bool> {
        None
    }
}
