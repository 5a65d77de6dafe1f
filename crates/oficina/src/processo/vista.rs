//! A vista fechada de uma entrega de turma: só o sistema, o que a vista
//! nomeia e mais nada. Nem a casa do professor, nem as outras entregas.
//!
//! No L2 é uma raiz nova, montada em memória; no L1, o Landlock nega a leitura
//! do resto; no L0 nada se esconde.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, open};
use rustix::mount::{
    MountFlags, UnmountFlags, mount, mount_bind_recursive, unmount,
};
use rustix::process::pivot_root;

use super::Vista;

/// O que todo programa precisa do sistema, se existe.
pub const SISTEMA: [&str; 15] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/localtime",
];

/// Os dispositivos que não dão acesso a nada.
const DISPOSITIVOS: [&str; 5] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
];

/// A pasta temporária do programa: some com ele.
const TEMPORARIA: &str = "/dev/shm";

/// Onde a raiz nova é montada antes de virar a raiz.
const NOVA_RAIZ: &str = "/tmp";

/// Troca a raiz pela da vista, toda só para leitura menos `vista.escrita`.
pub fn entrar(vista: &Vista) -> io::Result<()> {
    // O que a raiz nova cobre ainda se alcança pelo que já está aberto.
    let sistema = abrir(SISTEMA.iter().chain(&DISPOSITIVOS).map(Path::new));
    let lidos = vista.leitura.iter().filter(|c| !do_sistema(c, vista));
    let dela = abrir(lidos.chain(&vista.escrita));
    mount("tmpfs", NOVA_RAIZ, "tmpfs", MountFlags::NOSUID, c"size=4m")?;
    let raiz = Path::new(NOVA_RAIZ);
    for (caminho, aberto) in &sistema {
        por(raiz, caminho, aberto)?;
    }
    for escondido in &vista.escondidos {
        cobrir(&dentro(raiz, escondido));
    }
    pastas_do_kernel(raiz)?;
    for (caminho, aberto) in &dela {
        por(raiz, caminho, aberto)?;
    }
    // pivot_root(2): com “.” nos dois lados a raiz velha fica por cima da
    // nova, e sai em seguida.
    std::env::set_current_dir(raiz)?;
    pivot_root(".", ".")?;
    unmount(".", UnmountFlags::DETACH)?;
    std::env::set_current_dir("/")
}

/// Se o caminho já vem com o sistema. Montá-lo de novo descobriria o que se
/// escondeu dentro dele.
fn do_sistema(caminho: &Path, vista: &Vista) -> bool {
    let escondido = vista.escondidos.iter().any(|e| caminho.starts_with(e));
    !escondido && SISTEMA.iter().any(|pasta| caminho.starts_with(pasta))
}

fn abrir<'a>(
    caminhos: impl Iterator<Item = impl AsRef<Path> + 'a>,
) -> Vec<(PathBuf, File)> {
    let abertos = caminhos.filter_map(|caminho| {
        let caminho = caminho.as_ref().to_path_buf();
        let opcoes = OFlags::PATH | OFlags::CLOEXEC;
        let opcoes = match fs::symlink_metadata(&caminho).ok()?.is_symlink() {
            true => opcoes | OFlags::NOFOLLOW,
            false => opcoes,
        };
        let aberto = open(&caminho, opcoes, Mode::empty()).ok()?;
        Some((caminho, File::from(aberto)))
    });
    abertos.collect()
}

/// Põe na raiz nova o que está aberto, no mesmo caminho.
fn por(raiz: &Path, caminho: &Path, aberto: &File) -> io::Result<()> {
    let alvo = dentro(raiz, caminho);
    if let Some(pai) = alvo.parent() {
        fs::create_dir_all(pai)?;
    }
    let dados = aberto.metadata()?;
    if dados.is_symlink() {
        return symlink(fs::read_link(caminho)?, alvo);
    }
    if dados.is_dir() {
        fs::create_dir_all(&alvo)?;
    } else if !alvo.exists() {
        File::create(&alvo)?;
    }
    let descritor = format!("/proc/self/fd/{}", aberto.as_raw_fd());
    Ok(mount_bind_recursive(descritor, &alvo)?)
}

fn dentro(raiz: &Path, caminho: &Path) -> PathBuf {
    raiz.join(caminho.strip_prefix("/").unwrap_or(caminho))
}

/// Uma pasta vazia por cima, se o sistema a deixou à vista.
fn cobrir(alvo: &Path) {
    if alvo.is_dir() {
        let nada = MountFlags::empty();
        let _ = mount("tmpfs", alvo, "tmpfs", nada, c"size=1m");
    }
}

fn pastas_do_kernel(raiz: &Path) -> io::Result<()> {
    let proc = raiz.join("proc");
    fs::create_dir_all(&proc)?;
    let seguro = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    mount("proc", &proc, "proc", seguro, None)?;
    fs::create_dir_all(raiz.join("tmp"))?;
    let temporaria = dentro(raiz, Path::new(TEMPORARIA));
    fs::create_dir_all(&temporaria)?;
    mount("tmpfs", &temporaria, "tmpfs", seguro, c"size=64m")?;
    Ok(())
}
