//! Em que porta o livro atende.

use super::{Opcoes, dizer, reclamar};
use anyhow::{Context as _, Result, bail};
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};

/// Quantas portas seguidas tentar.
const TENTATIVAS: u16 = 100;

/// Escuta na porta pedida ou na próxima livre.
pub fn abrir(endereco: IpAddr, porta: u16) -> Result<TcpListener> {
    for candidata in porta..=porta.saturating_add(TENTATIVAS) {
        match TcpListener::bind((endereco, candidata)) {
            Ok(ouvinte) => return Ok(ouvinte),
            Err(erro) if erro.kind() == ErrorKind::AddrInUse => {}
            Err(erro) => {
                let onde = SocketAddr::new(endereco, candidata);
                return Err(erro).with_context(|| {
                    format!("não consegui escutar em {onde}")
                });
            }
        }
    }
    bail!("nenhuma porta livre entre {porta} e {}", porta + TENTATIVAS)
}

/// Diz o que o leitor precisa saber do endereço.
pub fn avisar(opcoes: &Opcoes, endereco: SocketAddr) {
    if opcoes.porta != 0 && endereco.port() != opcoes.porta {
        dizer(&format!(
            "A porta {} está ocupada; uso a {}.",
            opcoes.porta,
            endereco.port()
        ));
    }
    if !opcoes.endereco.is_loopback() {
        reclamar(&format!(
            "Atenção: em {} o livro fica visível para toda a rede, e não só \
             para esta máquina.",
            opcoes.endereco
        ));
    }
}

#[cfg(test)]
mod testes {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn uma_porta_ocupada_leva_a_proxima_livre() {
        let aqui = IpAddr::from(Ipv4Addr::LOCALHOST);
        let ocupada = TcpListener::bind((aqui, 0)).expect("escutar");
        let porta = ocupada.local_addr().expect("endereço").port();
        let ouvinte = abrir(aqui, porta).expect("próxima porta");

        assert!(ouvinte.local_addr().expect("endereço").port() > porta);
    }
}
