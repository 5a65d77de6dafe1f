//! Roda um programa em um host da bancada: entra nos namespaces dele, inicia
//! o programa e devolve o status com que ele terminou.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::linux::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitCode, ExitStatus};

use nix::sched::{CloneFlags, setns, unshare};
use nix::unistd::{chdir, sethostname};

use super::acompanhar::{amarrado, amarrar, numero};

/// O que um shell soma ao número do sinal que matou o programa.
const MORTO_POR_SINAL: i32 = 128;

/// Argumentos: pai, init, descritor da rede do host, nome do host, pasta,
/// programa e os argumentos dele.
pub fn entrar(argumentos: &[OsString]) -> io::Result<ExitCode> {
    let [pai, init, rede, host, programa, resto @ ..] = argumentos else {
        return Err(io::Error::other("faltam argumentos internos"));
    };
    let executavel = std::env::current_exe()?;
    let pasta = std::env::current_dir()?;
    entrar_nos_namespaces(Path::new("/proc").join(init).as_path(), rede)?;
    // O namespace de montagens começa na raiz dele.
    chdir(&pasta)?;
    unshare(CloneFlags::CLONE_NEWUTS)?;
    sethostname(host)?;
    amarrar(numero(pai))?;
    // O pai de quem está em outro namespace de processos tem número 0.
    let mut filho = amarrado(executavel.into(), 0, programa, resto).spawn()?;
    Ok(codigo(filho.wait()?))
}

fn entrar_nos_namespaces(init: &Path, rede: &OsString) -> io::Result<()> {
    let usuario = File::open(init.join("ns/user"))?;
    let processos = File::open(init.join("ns/pid"))?;
    let montagens = File::open(init.join("ns/mnt"))?;
    let rede = File::open(init.join("fd").join(rede))?;
    // Quem já está no namespace de usuário não pode entrar de novo.
    let nosso = fs::metadata("/proc/self/ns/user")?.st_ino();
    if usuario.metadata()?.st_ino() != nosso {
        setns(&usuario, CloneFlags::CLONE_NEWUSER)?;
    }
    setns(&processos, CloneFlags::CLONE_NEWPID)?;
    setns(&rede, CloneFlags::CLONE_NEWNET)?;
    setns(&montagens, CloneFlags::CLONE_NEWNS)?;
    Ok(())
}

fn codigo(status: ExitStatus) -> ExitCode {
    let numero = match (status.code(), status.signal()) {
        (Some(codigo), _) => codigo,
        (None, Some(sinal)) => MORTO_POR_SINAL + sinal,
        (None, None) => 1,
    };
    ExitCode::from(u8::try_from(numero).unwrap_or(1))
}
