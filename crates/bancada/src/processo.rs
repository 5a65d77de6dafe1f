//! Processos que não sobrevivem a quem os criou, e os sinais deles.

use std::ffi::OsString;
use std::io;
use std::process::{Child, Command, ExitCode};
use std::str::FromStr;
use std::sync::mpsc::{self, Receiver};
#[cfg(unix)]
use std::thread;
#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};

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

/// O comando que faz o mesmo que `programa argumentos…`, mas cujo fim é também
/// o fim de tudo o que o programa iniciar.
///
/// No Linux o filho é um ajudante, que acompanha o programa, devolve o status
/// dele (128 + sinal, se um sinal o matou) e leva consigo os descendentes,
/// ainda que quem o iniciou receba SIGKILL. Nos outros sistemas o filho é o
/// próprio programa.
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
    comando.args([INTERNO, "acompanhar"]);
    comando.arg(std::process::id().to_string());
    comando.arg(programa).args(argumentos);
    Ok(comando)
}

/// Manda um sinal ao programa que um comando de [`preso`], ou de uma bancada,
/// iniciou. Fora do Unix só existe o fim forçado.
pub fn sinalizar(filho: &mut Child, sinal: Sinal) -> io::Result<()> {
    // Quem já terminou e foi recolhido não tem mais número: o número pode ser
    // de outro processo.
    if filho.try_wait()?.is_some() {
        return Err(io::Error::other("o programa já terminou"));
    }
    #[cfg(target_os = "linux")]
    return sinalizar_pid(crate::linux::programa_de(filho)?, sinal);
    #[cfg(all(unix, not(target_os = "linux")))]
    return sinalizar_pid(filho.id(), sinal);
    #[cfg(not(unix))]
    return match sinal {
        Sinal::Kill => filho.kill(),
        _ => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!("este sistema não tem {}", sinal.nome()),
        )),
    };
}

/// Termina já o programa que um comando de [`preso`] iniciou, e tudo o que ele
/// iniciou.
pub fn encerrar(filho: &mut Child) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if filho.try_wait()?.is_none() {
        // O ajudante obedece levando os outros; se não puder, vai à força.
        sinalizar_pid(filho.id(), Sinal::Term)?;
        let prazo = Instant::now() + PRAZO_PARA_ENCERRAR;
        while Instant::now() < prazo {
            if filho.try_wait()?.is_some() {
                return Ok(());
            }
            thread::sleep(INTERVALO);
        }
    }
    // Só falha se ele já acabou.
    let _ = filho.kill();
    filho.wait().map(|_| ())
}

/// Para o ajudante matar e recolher os descendentes.
#[cfg(target_os = "linux")]
const PRAZO_PARA_ENCERRAR: Duration = Duration::from_secs(2);

/// De quanto em quanto se olha se um processo acabou.
#[cfg(target_os = "linux")]
const INTERVALO: Duration = Duration::from_millis(1);

#[cfg(unix)]
fn sinalizar_pid(pid: u32, sinal: Sinal) -> io::Result<()> {
    let numero = i32::try_from(pid).map_err(io::Error::other)?;
    let pid = nix::unistd::Pid::from_raw(numero);
    nix::sys::signal::kill(pid, sinal.do_sistema())?;
    Ok(())
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
