//! O teclado, tecla a tecla: sem esperar o Enter, e devolvido como estava.

use std::io::{self, Read};
use std::time::Duration;

use crate::palco::{Interesse, esperar_socket};

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

    /// Espera uma tecla por até `limite`.
    pub fn tecla(&mut self, limite: Duration) -> Option<u8> {
        if self.fechado {
            std::thread::sleep(limite);
            return None;
        }
        if !ha_tecla(limite) {
            return None;
        }
        let mut tecla = [0_u8];
        match io::stdin().lock().read(&mut tecla) {
            Ok(1) => Some(tecla[0]),
            _ => {
                self.fechado = true;
                None
            }
        }
    }
}

#[cfg(unix)]
fn ha_tecla(limite: Duration) -> bool {
    esperar_socket(&io::stdin(), Interesse::Leitura, limite)
}

#[cfg(not(unix))]
fn ha_tecla(_: Duration) -> bool {
    false
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
