//! O teclado, tecla a tecla: sem esperar o Enter, e devolvido como estava.

use std::io;

use super::vigia::Vigia;

/// O teclado enquanto a oficina observa.
pub struct Teclado {
    #[cfg(unix)]
    antes: Option<rustix::termios::Termios>,
    fechado: bool,
}

impl Teclado {
    /// Passa a entregar cada tecla na hora. Se a entrada não é um terminal,
    /// lê os bytes dela do mesmo jeito.
    #[cfg(unix)]
    pub fn tecla_a_tecla() -> io::Result<Teclado> {
        use rustix::termios::{
            LocalModes, OptionalActions, isatty, tcgetattr, tcsetattr,
        };
        let entrada = io::stdin();
        if !isatty(&entrada) {
            return Ok(Teclado {
                antes: None,
                fechado: false,
            });
        }
        let antes = tcgetattr(&entrada)?;
        let mut modo = antes.clone();
        // Sem ISIG, Ctrl-C chega como tecla, e a saída é sempre em ordem.
        modo.local_modes
            .remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        tcsetattr(&entrada, OptionalActions::Now, &modo)?;
        Ok(Teclado {
            antes: Some(antes),
            fechado: false,
        })
    }

    #[cfg(not(unix))]
    pub fn tecla_a_tecla() -> io::Result<Teclado> {
        Ok(Teclado { fechado: true })
    }

    /// Espera uma tecla, ou um aviso da vigia (e então devolve `None`).
    #[cfg(unix)]
    pub fn tecla_ou_aviso(&mut self, vigia: &Vigia) -> Option<u8> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let entrada = io::stdin();
        let mut alvos: Vec<_> = vigia
            .avisos()
            .into_iter()
            .map(|aviso| PollFd::from_borrowed_fd(aviso, PollFlags::IN))
            .collect();
        let avisos = alvos.len();
        if !self.fechado {
            alvos.push(PollFd::new(&entrada, PollFlags::IN));
        }
        let limite = Timespec::try_from(vigia.intervalo()).unwrap_or_default();
        // Interrompida por um sinal, a espera recomeça na próxima volta.
        let _ = poll(&mut alvos, Some(&limite));
        let ha_tecla = alvos.get(avisos)?.revents();
        if ha_tecla.is_empty() {
            return None;
        }
        let mut tecla = [0_u8];
        // Direto do descritor: um buffer esconderia da espera a tecla seguinte.
        match rustix::io::read(&entrada, &mut tecla) {
            Ok(1) => Some(tecla[0]),
            _ => {
                self.fechado = true;
                None
            }
        }
    }

    /// Aqui o teclado não se lê tecla a tecla: só passa o tempo.
    #[cfg(not(unix))]
    pub fn tecla_ou_aviso(&mut self, vigia: &Vigia) -> Option<u8> {
        std::thread::sleep(vigia.intervalo());
        None
    }
}

impl Drop for Teclado {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(antes) = &self.antes {
            use rustix::termios::{OptionalActions, tcsetattr};
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, antes);
        }
    }
}
