//! Processos que não sobrevivem a quem os criou.
//!
//! O ajudante que acompanha um programa adota os órfãos dele (prctl(2),
//! PR_SET_CHILD_SUBREAPER) e, quando o programa acaba, quando recebe SIGTERM ou
//! quando quem o iniciou acaba, mata todos antes de sair.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::prctl::{set_child_subreaper, set_pdeathsig};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getppid};

use crate::processo::INTERNO;

/// O que um shell soma ao número do sinal que matou o programa.
const MORTO_POR_SINAL: i32 = 128;

/// Para o programa começar depois do ajudante.
const PRAZO_PARA_COMECAR: Duration = Duration::from_secs(5);

/// De quanto em quanto se olha se ele já começou.
const INTERVALO: Duration = Duration::from_millis(1);

/// Os sinais do terminal são para o programa, não para quem o acompanha.
const DO_TERMINAL: [Signal; 3] =
    [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGHUP];

/// Pede ao kernel o fim deste processo quando o pai acabar (prctl(2),
/// PR_SET_PDEATHSIG), e confere que ele não acabou antes do pedido.
pub fn amarrar(pai: Option<i32>) -> io::Result<()> {
    amarrar_com(Signal::SIGKILL, pai)
}

fn amarrar_com(sinal: Signal, pai: Option<i32>) -> io::Result<()> {
    set_pdeathsig(sinal)?;
    if pai.is_some_and(|pai| getppid().as_raw() != pai) {
        return Err(io::Error::other("quem iniciou este programa já acabou"));
    }
    Ok(())
}

/// O número de processo em um argumento interno.
pub fn numero(argumento: &OsString) -> Option<i32> {
    argumento.to_str()?.parse().ok()
}

/// Amarra este processo ao pai e se torna `programa`.
pub fn soltar(
    pai: &OsString,
    programa: &OsString,
    argumentos: &[OsString],
) -> io::Error {
    // Quem nos iniciou bloqueia sinais que são do programa.
    let preparo = amarrar(numero(pai))
        .and_then(|()| Ok(SigSet::empty().thread_set_mask()?));
    if let Err(erro) = preparo {
        return erro;
    }
    let erro = Command::new(programa).args(argumentos).exec();
    let nome = programa.to_string_lossy();
    io::Error::new(erro.kind(), format!("não consegui iniciar {nome}: {erro}"))
}

/// O comando que inicia o programa amarrado a este processo, que o programa vê
/// com o número `pai`.
pub fn amarrado(
    executavel: OsString,
    pai: u32,
    programa: &OsString,
    argumentos: &[OsString],
) -> Command {
    let mut comando = Command::new(executavel);
    comando
        .args([INTERNO, "soltar"])
        .arg(pai.to_string())
        .arg(programa)
        .args(argumentos);
    comando
}

/// Inicia o programa e o acompanha até que ele, ou quem pediu, acabe.
pub fn acompanhar(
    pai: &OsString,
    programa: &OsString,
    argumentos: &[OsString],
) -> io::Result<ExitCode> {
    let mut sinais = SigSet::empty();
    sinais.add(Signal::SIGTERM);
    sinais.add(Signal::SIGCHLD);
    let mut bloqueados = sinais;
    for sinal in DO_TERMINAL {
        bloqueados.add(sinal);
    }
    bloqueados.thread_block()?;
    set_child_subreaper(true)?;
    amarrar_com(Signal::SIGTERM, numero(pai))?;
    let executavel = std::env::current_exe()?.into_os_string();
    let eu = std::process::id();
    let filho = amarrado(executavel, eu, programa, argumentos).spawn()?;
    let filho = Pid::from_raw(i32::try_from(filho.id()).unwrap_or_default());
    loop {
        let pedido = sinais.wait()?;
        let fim = recolher(filho);
        if pedido == Signal::SIGTERM || fim.is_some() {
            levar_todos()?;
            let codigo = fim.unwrap_or(MORTO_POR_SINAL + pedido as i32);
            return Ok(ExitCode::from(u8::try_from(codigo).unwrap_or(1)));
        }
    }
}

/// Recolhe quem acabou; o código de saída, se o programa está entre eles.
fn recolher(programa: Pid) -> Option<i32> {
    let mut fim = None;
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, codigo)) if pid == programa => {
                fim = Some(codigo);
            }
            Ok(WaitStatus::Signaled(pid, sinal, _)) if pid == programa => {
                fim = Some(MORTO_POR_SINAL + sinal as i32);
            }
            Ok(WaitStatus::StillAlive) | Err(_) => return fim,
            Ok(_) => {}
        }
    }
}

/// Mata os filhos até não restar nenhum: os netos, ao perderem o pai, viram
/// filhos deste processo.
fn levar_todos() -> io::Result<()> {
    loop {
        let filhos = filhos_de(std::process::id());
        if filhos.is_empty() {
            return Ok(());
        }
        for filho in filhos {
            let filho = i32::try_from(filho).map_err(io::Error::other)?;
            // Só falha se ele acabou de acabar.
            let _ = kill(Pid::from_raw(filho), Signal::SIGKILL);
        }
        // Espera um deles; os que faltam ficam para a próxima volta.
        let _ = waitpid(None, None);
    }
}

/// O programa que um ajudante acompanha: o primeiro filho dele.
pub fn programa_de(ajudante: &mut Child) -> io::Result<u32> {
    let prazo = Instant::now() + PRAZO_PARA_COMECAR;
    loop {
        if let [programa, ..] = filhos_de(ajudante.id())[..] {
            return Ok(programa);
        }
        if ajudante.try_wait()?.is_some() {
            return Err(io::Error::other("o programa já terminou"));
        }
        if Instant::now() > prazo {
            return Err(io::Error::other("o programa não começou"));
        }
        thread::sleep(INTERVALO);
    }
}

/// Os filhos de um processo de uma thread só (proc_pid_task(5)).
pub fn filhos_de(processo: u32) -> Vec<u32> {
    let filhos = format!("/proc/{processo}/task/{processo}/children");
    let filhos = fs::read_to_string(filhos).unwrap_or_default();
    filhos
        .split_whitespace()
        .filter_map(|n| n.parse().ok())
        .collect()
}
