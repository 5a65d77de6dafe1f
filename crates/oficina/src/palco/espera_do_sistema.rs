//! Esperar por um socket, com limite de tempo.

use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// O que se espera do socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interesse {
    Leitura,
    Escrita,
    Ambos,
}

/// Espera até `limite`; diz se o socket ficou pronto (ou com erro).
pub fn esperar_socket(
    socket: &impl rustix::fd::AsFd,
    interesse: Interesse,
    limite: Duration,
) -> bool {
    let eventos = match interesse {
        Interesse::Leitura => PollFlags::IN,
        Interesse::Escrita => PollFlags::OUT,
        Interesse::Ambos => PollFlags::IN | PollFlags::OUT,
    };
    let mut alvo = [PollFd::new(socket, eventos)];
    let limite = Timespec::try_from(limite).unwrap_or_default();
    poll(&mut alvo, Some(&limite)).is_ok_and(|prontos| prontos > 0)
}
