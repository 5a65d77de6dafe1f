//! Saber na hora que um arquivo foi salvo, ou que a conferência terminou, sem
//! olhar de tempos em tempos: inotify(7) e pidfd_open(2), onde há.

use std::path::PathBuf;
use std::time::Duration;

#[cfg(target_os = "linux")]
pub use linux::Vigia;
#[cfg(not(target_os = "linux"))]
pub use simples::Vigia;

/// De quanto em quanto tempo se olha o que ninguém avisa.
const SEM_AVISO: Duration = Duration::from_millis(20);

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeSet;
    use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
    use std::process::Child;

    use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    use super::{Duration, PathBuf, SEM_AVISO};

    /// Mesmo com avisos, em um sistema de arquivos de rede eles podem faltar.
    const COM_AVISO: Duration = Duration::from_millis(500);

    /// Quem avisa.
    pub struct Vigia {
        arquivos: Option<OwnedFd>,
        conferencia: Option<OwnedFd>,
    }

    impl Vigia {
        /// Vigia as pastas destes arquivos: um editor pode escrever em outro
        /// arquivo e trocar os nomes.
        pub fn nova(arquivos: &[PathBuf]) -> Vigia {
            let pastas: BTreeSet<_> =
                arquivos.iter().filter_map(|a| a.parent()).collect();
            let vigiar = || {
                let vigia = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
                for pasta in pastas {
                    let aqui = match pasta.as_os_str().is_empty() {
                        true => ".".as_ref(),
                        false => pasta,
                    };
                    let salvou = WatchFlags::CLOSE_WRITE | WatchFlags::MOVED_TO;
                    // Uma pasta que não existe não muda.
                    let _ = add_watch(&vigia, aqui, salvou);
                }
                rustix::io::Result::Ok(vigia)
            };
            Vigia {
                arquivos: vigiar().ok(),
                conferencia: None,
            }
        }

        /// Avisa também quando este processo terminar.
        pub fn acompanhar(&mut self, conferencia: &Child) {
            let pid = i32::try_from(conferencia.id()).ok();
            self.conferencia = pid
                .and_then(Pid::from_raw)
                .and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
        }

        /// A conferência terminou, e já não há o que avisar.
        pub fn dispensar(&mut self) {
            self.conferencia = None;
        }

        /// O que fica pronto para ler quando há um aviso.
        pub fn avisos(&self) -> Vec<BorrowedFd<'_>> {
            let avisos = [&self.arquivos, &self.conferencia];
            avisos.into_iter().flatten().map(AsFd::as_fd).collect()
        }

        /// Quanto esperar por um aviso antes de olhar por conta própria.
        pub fn intervalo(&self) -> Duration {
            match self.arquivos {
                Some(_) => COM_AVISO,
                None => SEM_AVISO,
            }
        }

        /// Descarta os avisos já dados.
        pub fn descartar(&self) {
            let mut avisos = [0_u8; 4096];
            let Some(vigia) = &self.arquivos else { return };
            while rustix::io::read(vigia, &mut avisos).is_ok() {}
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod simples {
    use super::{Duration, PathBuf, SEM_AVISO};

    /// Aqui ninguém avisa: olha-se de tempos em tempos.
    pub struct Vigia;

    impl Vigia {
        pub fn nova(_: &[PathBuf]) -> Vigia {
            Vigia
        }

        pub fn acompanhar(&mut self, _: &std::process::Child) {}

        pub fn dispensar(&mut self) {}

        #[cfg(unix)]
        pub fn avisos(&self) -> Vec<std::os::fd::BorrowedFd<'_>> {
            Vec::new()
        }

        pub fn intervalo(&self) -> Duration {
            SEM_AVISO
        }

        pub fn descartar(&self) {}
    }
}
