//! O programa já leu o que lhe enviamos? O Linux conta em /proc/net/tcp, na
//! coluna `rx_queue` do socket do outro lado.

use std::net::{SocketAddr, TcpStream};

/// `Some(true)` se o outro lado não tem nada por ler; `None` se não se sabe.
pub fn leu_tudo(fluxo: &TcpStream) -> Option<bool> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let local = fluxo.local_addr().ok()?;
    let par = fluxo.peer_addr().ok()?;
    let tabela = match local {
        SocketAddr::V4(_) => "/proc/thread-self/net/tcp",
        SocketAddr::V6(_) => "/proc/thread-self/net/tcp6",
    };
    let conteudo = std::fs::read_to_string(tabela).ok()?;
    fila_de_recepcao(&conteudo, par.port(), local.port()).map(|n| n == 0)
}

/// `rx_queue` do socket cuja porta local é `dele` e a remota é `nossa`.
fn fila_de_recepcao(tabela: &str, dele: u16, nossa: u16) -> Option<u32> {
    tabela.lines().skip(1).find_map(|linha| {
        let mut campos = linha.split_ascii_whitespace().skip(1);
        let porta = |campo: &str| {
            u16::from_str_radix(campo.rsplit_once(':')?.1, 16).ok()
        };
        let local = porta(campos.next()?)?;
        let remota = porta(campos.next()?)?;
        let filas = campos.nth(1)?;
        if (local, remota) != (dele, nossa) {
            return None;
        }
        u32::from_str_radix(filas.split_once(':')?.1, 16).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fila_vem_da_linha_do_outro_lado() {
        let tabela = "  sl  local_address rem_address   st tx_queue rx_queue\n\
            0: 0100007F:1B5D 0100007F:9C40 01 00000000:00000007 00:00000000\n\
            1: 0100007F:9C40 0100007F:1B5D 01 00000000:00000000 00:00000000\n";
        assert_eq!(fila_de_recepcao(tabela, 0x1B5D, 0x9C40), Some(7));
        assert_eq!(fila_de_recepcao(tabela, 0x9C40, 0x1B5D), Some(0));
        assert_eq!(fila_de_recepcao(tabela, 1, 2), None);
    }
}
