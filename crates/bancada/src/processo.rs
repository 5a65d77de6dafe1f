//! Processos que não sobrevivem a quem os criou, e os sinais deles.

use std::ffi::OsString;
use std::io;
use std::process::{Child, Command, ExitCode};
use std::str::FromStr;
use std::sync::mpsc::{self, Receiver};
#[cfg(unix)]
use std::thread;

/// Primeiro argumento que faz do próprio programa um ajudante da bancada.
pub(crate) const INTERNO: &str = "__bancada";

/// Um sinal que um roteiro sabe mandar (signal(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sinal {
    Int,
    Term,
    Kill,
    Stop,
    Cont,
}

impl Sinal {
    /// O nome do sistema, como `SIGINT`.
    pub fn nome(self) -> &'static str {
        match self {
            Self::Int => "SIGINT",
            Self::Term => "SIGTERM",
            Self::Kill => "SIGKILL",
            Self::Stop => "SIGSTOP",
            Self::Cont => "SIGCONT",
        }
    }

    #[cfg(unix)]
    fn do_sistema(self) -> nix::sys::signal::Signal {
        use nix::sys::signal::Signal;
        match self {
            Self::Int => Signal::SIGINT,
            Self::Term => Signal::SIGTERM,
            Self::Kill => Signal::SIGKILL,
            Self::Stop => Signal::SIGSTOP,
            Self::Cont => Signal::SIGCONT,
        }
    }

    /// O número do sinal neste sistema.
    #[cfg(unix)]
    pub fn numero(self) -> i32 {
        self.do_sistema() as i32
    }
}

impl FromStr for Sinal {
    type Err = String;

    fn from_str(texto: &str) -> Result<Self, String> {
        [Self::Int, Self::Term, Self::Kill, Self::Stop, Self::Cont]
            .into_iter()
            .find(|sinal| sinal.nome() == texto)
            .ok_or_else(|| {
                format!(
                    "não conheço o sinal “{texto}”: use SIGINT, SIGTERM, \
                     SIGKILL, SIGSTOP ou SIGCONT"
                )
            })
    }
}

/// Manda um sinal ao filho. Fora do Unix só existe o fim forçado.
#[cfg(unix)]
pub fn sinalizar(filho: &mut Child, sinal: Sinal) -> io::Result<()> {
    // Quem já terminou e foi recolhido não tem mais número: o número pode ser
    // de outro processo.
    if filho.try_wait()?.is_some() {
        return Err(io::Error::other("o programa já terminou"));
    }
    sinalizar_pid(filho.id(), sinal)
}

#[cfg(unix)]
pub(crate) fn sinalizar_pid(pid: u32, sinal: Sinal) -> io::Result<()> {
    let numero = i32::try_from(pid).map_err(io::Error::other)?;
    let pid = nix::unistd::Pid::from_raw(numero);
    nix::sys::signal::kill(pid, sinal.do_sistema())?;
    Ok(())
}

/// Manda um sinal ao filho. Fora do Unix só existe o fim forçado.
#[cfg(not(unix))]
pub fn sinalizar(filho: &mut Child, sinal: Sinal) -> io::Result<()> {
    match sinal {
        Sinal::Kill => filho.kill(),
        _ => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!("este sistema não tem {}", sinal.nome()),
        )),
    }
}

/// O comando que faz o mesmo que `programa argumentos…`, mas morre com quem o
/// iniciou, ainda que este receba SIGKILL (Linux; nos outros sistemas, não
/// muda nada).
///
/// Pede que o programa atual chame [`interno`] no começo do `main`.
pub fn preso(
    programa: impl Into<OsString>,
    argumentos: &[OsString],
) -> io::Result<Command> {
    let programa = programa.into();
    if !cfg!(target_os = "linux") {
        let mut comando = Command::new(programa);
        comando.args(argumentos);
        return Ok(comando);
    }
    let mut comando = Command::new(std::env::current_exe()?);
    comando.args([INTERNO, "soltar"]);
    comando.arg(std::process::id().to_string());
    comando.arg(programa).args(argumentos);
    Ok(comando)
}

/// O trabalho de ajudante da bancada, se é isso que os argumentos pedem.
///
/// É a primeira coisa do `main`, antes de qualquer thread: entrar em um
/// namespace só é permitido a um processo de uma thread só (setns(2)).
pub fn interno() -> Option<ExitCode> {
    let mut argumentos = std::env::args_os().skip(1);
    if argumentos.next()? != INTERNO {
        return None;
    }
    let argumentos: Vec<OsString> = argumentos.collect();
    Some(ajudar(&argumentos).unwrap_or_else(|erro| {
        eprintln!("{erro}");
        ExitCode::from(CODIGO_DE_NAO_INICIADO)
    }))
}

/// O que um shell devolve quando o programa não pôde ser iniciado.
const CODIGO_DE_NAO_INICIADO: u8 = 127;

#[cfg(target_os = "linux")]
fn ajudar(argumentos: &[OsString]) -> io::Result<ExitCode> {
    if let [tarefa, pai, programa, resto @ ..] = argumentos
        && tarefa == "soltar"
    {
        return Err(soltar(pai, programa, resto));
    }
    crate::linux::ajudar(argumentos).unwrap_or_else(|| {
        Err(io::Error::other("este é um comando interno da bancada"))
    })
}

#[cfg(not(target_os = "linux"))]
fn ajudar(_argumentos: &[OsString]) -> io::Result<ExitCode> {
    Err(io::Error::other(
        "este é um comando interno da bancada, do Linux",
    ))
}

/// Amarra este processo ao pai e se torna `programa`.
#[cfg(target_os = "linux")]
fn soltar(
    pai: &OsString,
    programa: &OsString,
    argumentos: &[OsString],
) -> io::Error {
    use std::os::unix::process::CommandExt;
    if let Err(erro) = amarrar(pai.to_str().and_then(|p| p.parse().ok())) {
        return erro;
    }
    // Quem nos iniciou pode ter bloqueado sinais (veja `ao_interromper`).
    if let Err(erro) = nix::sys::signal::SigSet::empty().thread_set_mask() {
        return erro.into();
    }
    let erro = Command::new(programa).args(argumentos).exec();
    let nome = programa.to_string_lossy();
    io::Error::new(erro.kind(), format!("não consegui iniciar {nome}: {erro}"))
}

/// Pede ao kernel o fim deste processo quando o pai acabar (prctl(2),
/// PR_SET_PDEATHSIG), e confere que ele não acabou antes do pedido.
#[cfg(target_os = "linux")]
pub(crate) fn amarrar(pai: Option<i32>) -> io::Result<()> {
    use nix::sys::signal::Signal;
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
    if pai.is_some_and(|pai| nix::unistd::getppid().as_raw() != pai) {
        return Err(io::Error::other("quem iniciou este programa já acabou"));
    }
    Ok(())
}

/// Um aviso a cada pedido de parar: Ctrl-C, SIGTERM ou SIGHUP. Sem isto o
/// programa morreria na hora; com isto, tem a vez de encerrar o que começou.
///
/// Chame antes de criar threads: as que já existem não mudam.
#[cfg(unix)]
pub fn ao_interromper() -> io::Result<Receiver<()>> {
    use nix::sys::signal::{SigSet, Signal};
    let mut sinais = SigSet::empty();
    for sinal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        sinais.add(sinal);
    }
    sinais.thread_block()?;
    let (envia, recebe) = mpsc::channel();
    thread::spawn(
        move || {
            while sinais.wait().is_ok() && envia.send(()).is_ok() {}
        },
    );
    Ok(recebe)
}

/// Fora do Unix o aviso nunca vem: o Ctrl-C encerra o programa na hora.
#[cfg(not(unix))]
pub fn ao_interromper() -> io::Result<Receiver<()>> {
    let (envia, recebe) = mpsc::channel();
    std::mem::forget(envia);
    Ok(recebe)
}
