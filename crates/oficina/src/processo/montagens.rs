//! A vista de arquivos do programa no nível L2: processos só os dele, tudo para
//! leitura, sem as soluções.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use rustix::mount::{
    MountFlags, MountPropagationFlags, mount, mount_bind, mount_change,
    mount_remount,
};
use rustix::thread::UnshareFlags;

use super::{Preparo, vista};

/// Processos que cabem no namespace do programa (Linux ≥ 6.14).
const MAIOR_PID: &str = "1024";

/// Os que cabem no de uma entrega de turma, que divide a máquina com outras;
/// o kernel não aceita menos de 301.
const MAIOR_PID_DA_TURMA: &str = "320";

/// A pasta temporária do programa: some com ele.
const TEMPORARIA: &str = "/dev/shm";

/// Entra em um namespace de montagem e prepara a vista. Roda como o primeiro
/// processo de um namespace de processos novo.
pub fn isolar(preparo: &Preparo) -> io::Result<()> {
    if std::process::id() != 1 {
        return Err(io::ErrorKind::Unsupported.into());
    }
    #[expect(deprecated, reason = "a forma nova pede unsafe por CLONE_FILES")]
    rustix::thread::unshare(UnshareFlags::NEWNS | UnshareFlags::NEWIPC)?;
    let privado = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    mount_change("/", privado)?;
    let maior = match preparo.vista {
        Some(_) => MAIOR_PID_DA_TURMA,
        None => MAIOR_PID,
    };
    so_os_seus_processos(maior)?;
    if let Some(mut fechada) = preparo.vista.clone() {
        fechada.escrita.extend(preparo.pasta.clone());
        vista::entrar(&fechada)?;
        so_para_leitura(&fechada.escrita);
        return Ok(());
    }
    esvaziar(Path::new("/run"));
    let usados = usados(preparo);
    for escondido in &preparo.escondidos {
        esconder(escondido, &usados)?;
    }
    so_para_leitura(&[]);
    // O tmpfs novo encobre a pasta: é preciso tê-la aberta antes.
    let pasta = preparo.pasta.as_deref();
    let aberta = pasta.map(File::open).transpose()?;
    mount(
        "tmpfs",
        TEMPORARIA,
        "tmpfs",
        MountFlags::empty(),
        c"size=32m",
    )?;
    if let (Some(pasta), Some(aberta)) = (pasta, aberta) {
        fs::create_dir_all(pasta)?;
        let descritor = format!("/proc/self/fd/{}", aberta.as_raw_fd());
        mount_bind(descritor, pasta)?;
    }
    Ok(())
}

fn so_os_seus_processos(maior_pid: &str) -> io::Result<()> {
    let seguro = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    mount("proc", "/proc", "proc", seguro, None)?;
    // Em kernels mais antigos o limite é do sistema inteiro e não se escreve.
    let _ = fs::write("/proc/sys/kernel/pid_max", maior_pid);
    // Nenhum namespace de usuário dentro deste.
    let _ = fs::write("/proc/sys/user/max_user_namespaces", "0");
    Ok(())
}

/// Põe um arquivo vazio, ou uma pasta vazia, no lugar do que se esconde. Os
/// arquivos que o próprio comando usa continuam à vista.
fn esconder(caminho: &Path, usados: &[PathBuf]) -> io::Result<()> {
    match fs::metadata(caminho) {
        Ok(dados) if dados.is_file() && usados.iter().any(|u| u == caminho) => {
            Ok(())
        }
        Ok(dados) if dados.is_dir() => esconder_pasta(caminho, usados),
        Ok(_) => Ok(mount_bind("/dev/null", caminho)?),
        Err(_) => Ok(()),
    }
}

fn esconder_pasta(pasta: &Path, usados: &[PathBuf]) -> io::Result<()> {
    let dentro: Vec<_> = usados
        .iter()
        .filter(|usado| usado.starts_with(pasta) && usado.is_file())
        .filter_map(|usado| Some((usado, File::open(usado).ok()?)))
        .collect();
    esvaziar(pasta);
    for (usado, aberto) in dentro {
        fs::create_dir_all(usado.parent().unwrap_or(pasta))?;
        File::create(usado)?;
        let descritor = format!("/proc/self/fd/{}", aberto.as_raw_fd());
        mount_bind(descritor, usado)?;
    }
    Ok(())
}

/// Os arquivos que o comando nomeia, com o caminho inteiro.
fn usados(preparo: &Preparo) -> Vec<PathBuf> {
    preparo
        .usados
        .iter()
        .filter_map(|texto| fs::canonicalize(texto).ok())
        .collect()
}

fn esvaziar(pasta: &Path) {
    // Uma pasta que não existe já está escondida.
    let _ = mount("tmpfs", pasta, "tmpfs", MountFlags::empty(), c"size=64k");
}

/// Remonta tudo só para leitura, mantendo as opções que já valiam (num
/// namespace de usuário elas não podem ser retiradas).
fn so_para_leitura(menos: &[PathBuf]) {
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
        if menos.iter().any(|pasta| Path::new(&onde) == pasta) {
            continue;
        }
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
