//! O cerco nasce antes de ser preciso: enquanto uma etapa conversa, o da
//! próxima já está de pé e espera a ordem.

use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard};

use super::isolamento::Isolamento;
use super::{Preparo, SUBCOMANDO_DO_CERCO, eu};

/// Um cerco de pé, que ainda não recebeu a ordem.
pub struct Recem {
    pub cerco: Child,
    /// O nosso lado da entrada padrão do cerco.
    pub socket: UnixStream,
    /// De que ele já se cercou.
    preparo: Option<Preparo>,
    /// A thread de que o cerco é filho: se ela terminasse, ele terminaria.
    pub mae: Sender<()>,
}

/// Um cerco que está nascendo.
struct Nascendo {
    nascido: Receiver<io::Result<Child>>,
    socket: UnixStream,
    preparo: Option<Preparo>,
    mae: Sender<()>,
}

impl Recem {
    /// O mesmo cerco, que se cerca disto.
    pub fn com_preparo(mut self, preparo: &Preparo) -> io::Result<Recem> {
        enviar(&self.socket, preparo)?;
        self.preparo = Some(preparo.clone());
        Ok(self)
    }

    fn encerrar(mut self) {
        let _ = self.cerco.kill();
        let _ = self.cerco.wait();
    }
}

fn enviar(mut socket: &UnixStream, preparo: &Preparo) -> io::Result<()> {
    writeln!(socket, "{}", serde_json::to_string(preparo)?)
}

impl Nascendo {
    fn comecar(isolamento: Option<Isolamento>) -> io::Result<Nascendo> {
        let (nosso, dele) = UnixStream::pair()?;
        let (mae, fim) = mpsc::channel::<()>();
        let (entregar, nascido) = mpsc::channel();
        // A thread é o que entra no namespace de processos novo.
        std::thread::spawn(move || {
            let filho = isolamento
                .map_or(Ok(()), Isolamento::proximo_filho_em_namespace)
                .and_then(|()| cerco(dele).spawn());
            let _ = entregar.send(filho);
            // Termina quando o outro lado do canal é descartado.
            let _ = fim.recv();
        });
        Ok(Nascendo {
            nascido,
            socket: nosso,
            preparo: None,
            mae,
        })
    }

    /// O preparo pode ser enviado antes que o cerco esteja de pé.
    fn enviar(&mut self, preparo: &Preparo) -> io::Result<()> {
        enviar(&self.socket, preparo)?;
        self.preparo = Some(preparo.clone());
        Ok(())
    }

    fn esperar(self) -> io::Result<Recem> {
        Ok(Recem {
            cerco: self.nascido.recv().map_err(io::Error::other)??,
            socket: self.socket,
            preparo: self.preparo,
            mae: self.mae,
        })
    }
}

/// Inicia um cerco e espera que ele esteja de pé.
pub fn nascer(isolamento: Option<Isolamento>) -> io::Result<Recem> {
    Nascendo::comecar(isolamento)?.esperar()
}

/// Guarda no máximo um cerco à espera; as cópias dividem o mesmo.
#[derive(Clone, Default)]
pub struct Viveiro {
    guarda: Arc<Guarda>,
}

/// Se ninguém quis o cerco que esperava, ele termina com o viveiro.
#[derive(Default)]
struct Guarda(Mutex<Proximo>);

#[derive(Default)]
enum Proximo {
    #[default]
    Nenhum,
    Nascendo(Nascendo),
    Pronto(Recem),
}

impl Viveiro {
    /// Começa o próximo cerco, sem esperar por ele; com `preparo`, ele já se
    /// cerca.
    pub fn preparar(
        &self,
        isolamento: Option<Isolamento>,
        preparo: Option<&Preparo>,
    ) {
        let mut proximo = self.trava();
        if !matches!(*proximo, Proximo::Nenhum) {
            return;
        }
        let nascendo =
            Nascendo::comecar(isolamento).and_then(|mut nascendo| {
                preparo.map_or(Ok(()), |preparo| nascendo.enviar(preparo))?;
                Ok(nascendo)
            });
        // Se não deu certo, quem precisar dele dirá por quê.
        if let Ok(nascendo) = nascendo {
            *proximo = Proximo::Nascendo(nascendo);
        }
    }

    /// O cerco que espera, se serve para este preparo; senão, um que nasce
    /// agora.
    pub fn retirar(
        &self,
        isolamento: Option<Isolamento>,
        preparo: &Preparo,
    ) -> io::Result<Recem> {
        let recem = self.esperado(isolamento)?;
        match &recem.preparo {
            Some(feito) if feito == preparo => Ok(recem),
            None => recem.com_preparo(preparo),
            Some(_) => {
                recem.encerrar();
                nascer(isolamento)?.com_preparo(preparo)
            }
        }
    }

    fn esperado(&self, isolamento: Option<Isolamento>) -> io::Result<Recem> {
        let proximo = std::mem::take(&mut *self.trava());
        let mut recem = match proximo {
            Proximo::Pronto(recem) => recem,
            Proximo::Nascendo(nascendo) => nascendo.esperar()?,
            Proximo::Nenhum => return nascer(isolamento),
        };
        // No L0, o programa anterior pode tê-lo encerrado.
        match recem.cerco.try_wait() {
            Ok(None) => Ok(recem),
            _ => nascer(isolamento),
        }
    }

    /// O processo do cerco que espera, se há um.
    pub fn pid(&self) -> Option<u32> {
        let mut proximo = self.trava();
        if let Proximo::Nascendo(nascendo) = std::mem::take(&mut *proximo)
            && let Ok(recem) = nascendo.esperar()
        {
            *proximo = Proximo::Pronto(recem);
        }
        match &*proximo {
            Proximo::Pronto(recem) => Some(recem.cerco.id()),
            _ => None,
        }
    }

    fn trava(&self) -> MutexGuard<'_, Proximo> {
        self.guarda.0.lock().unwrap_or_else(|e| e.into_inner())
    }
}

impl Drop for Guarda {
    fn drop(&mut self) {
        let proximo = self.0.get_mut().unwrap_or_else(|e| e.into_inner());
        let recem = match std::mem::take(proximo) {
            Proximo::Nascendo(nascendo) => nascendo.esperar().ok(),
            Proximo::Pronto(recem) => Some(recem),
            Proximo::Nenhum => None,
        };
        if let Some(recem) = recem {
            recem.encerrar();
        }
    }
}

fn cerco(socket: UnixStream) -> Command {
    let mut comando = Command::new(eu());
    comando
        .arg(SUBCOMANDO_DO_CERCO)
        .env_clear()
        .envs(ambiente())
        .stdin(Stdio::from(OwnedFd::from(socket)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    comando
}

/// O ambiente do programa: o mínimo, igual em toda máquina.
fn ambiente() -> Vec<(&'static str, String)> {
    let herdada = |nome: &'static str| {
        std::env::var(nome).ok().map(|valor| (nome, valor))
    };
    let fixas = [
        ("LANG", "C.UTF-8".to_owned()),
        ("TMPDIR", "/dev/shm".to_owned()),
        ("PYTHONUNBUFFERED", "1".to_owned()),
        ("PYTHONDONTWRITEBYTECODE", "1".to_owned()),
    ];
    let herdadas = ["PATH", "HOME"].into_iter().filter_map(herdada);
    herdadas.chain(fixas).collect()
}
