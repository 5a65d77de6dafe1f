//! A vista de arquivos do programa no nível L2: processos só os dele, tudo para
//! leitura, sem as soluções.

use std::fs;
use std::io;
use std::path::Path;

use rustix::mount::{
    MountFlags, MountPropagationFlags, mount, mount_bind, mount_change,
    mount_remount,
};
use rustix::thread::UnshareFlags;

use super::Ordem;

/// Processos que cabem no namespace do programa (Linux ≥ 6.14).
const MAIOR_PID: &str = "1024";

/// A pasta temporária do programa: some com ele.
const TEMPORARIA: &str = "/dev/shm";

/// Entra em um namespace de montagem e prepara a vista. Roda como o primeiro
/// processo de um namespace de processos novo.
pub fn isolar(ordem: &Ordem) -> io::Result<()> {
    if std::process::id() != 1 {
        return Err(io::ErrorKind::Unsupported.into());
    }
    #[expect(deprecated, reason = "a forma nova pede unsafe por CLONE_FILES")]
    rustix::thread::unshare(UnshareFlags::NEWNS | UnshareFlags::NEWIPC)?;
    let privado = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    mount_change("/", privado)?;
    so_os_seus_processos()?;
    esvaziar(Path::new("/run"));
    for escondido in &ordem.escondidos {
        esconder(escondido, ordem)?;
    }
    so_para_leitura();
    mount(
        "tmpfs",
        TEMPORARIA,
        "tmpfs",
        MountFlags::empty(),
        c"size=32m",
    )?;
    Ok(())
}

fn so_os_seus_processos() -> io::Result<()> {
    let seguro = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    mount("proc", "/proc", "proc", seguro, None)?;
    // Em kernels mais antigos o limite é do sistema inteiro e não se escreve.
    let _ = fs::write("/proc/sys/kernel/pid_max", MAIOR_PID);
    // Nenhum namespace de usuário dentro deste.
    let _ = fs::write("/proc/sys/user/max_user_namespaces", "0");
    Ok(())
}

/// Põe um arquivo vazio, ou uma pasta vazia, no lugar do que se esconde.
fn esconder(caminho: &Path, ordem: &Ordem) -> io::Result<()> {
    // O que o próprio comando usa não se esconde.
    let usado = |texto: &String| {
        let texto = Path::new(texto);
        texto == caminho
            || fs::canonicalize(texto).is_ok_and(|real| real == caminho)
    };
    if usado(&ordem.programa) || ordem.argumentos.iter().any(usado) {
        return Ok(());
    }
    match fs::metadata(caminho) {
        Ok(dados) if dados.is_dir() => {
            esvaziar(caminho);
            Ok(())
        }
        Ok(_) => Ok(mount_bind("/dev/null", caminho)?),
        Err(_) => Ok(()),
    }
}

fn esvaziar(pasta: &Path) {
    // Uma pasta que não existe já está escondida.
    let _ = mount("tmpfs", pasta, "tmpfs", MountFlags::empty(), c"size=64k");
}

/// Remonta tudo só para leitura, mantendo as opções que já valiam (num
/// namespace de usuário elas não podem ser retiradas).
fn so_para_leitura() {
    let tabela = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    for linha in tabela.lines() {
        let campos: Vec<&str> = linha.split(' ').collect();
        let (Some(onde), Some(opcoes)) = (campos.get(4), campos.get(5)) else {
            continue;
        };
        if onde.starts_with("/proc") || onde.starts_with("/dev/") {
            continue;
        }
        let onde = onde.replace("\\040", " ");
        let opcoes = opcoes_de(opcoes) | MountFlags::BIND | MountFlags::RDONLY;
        // O que o sistema não deixa remontar, as permissões e o Landlock
        // ainda protegem.
        let _ = mount_remount(onde.as_str(), opcoes, c"");
    }
}

fn opcoes_de(texto: &str) -> MountFlags {
    let mut opcoes = MountFlags::empty();
    for opcao in texto.split(',') {
        opcoes |= match opcao {
            "nosuid" => MountFlags::NOSUID,
            "nodev" => MountFlags::NODEV,
            "noexec" => MountFlags::NOEXEC,
            "noatime" => MountFlags::NOATIME,
            "nodiratime" => MountFlags::NODIRATIME,
            "relatime" => MountFlags::RELATIME,
            _ => MountFlags::empty(),
        };
    }
    opcoes
}
