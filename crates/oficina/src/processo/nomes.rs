//! Os nomes do livro: em um namespace de montagem próprio, `localhost` tem os
//! dois endereços, e não há servidor de DNS. Na bancada, quem manda é ela, que dá
//! nome também aos hosts.
//!
//! O que `getaddrinfo` responde depende de arquivos de cada máquina (hosts(5),
//! nsswitch.conf(5), resolv.conf(5)). Com estes, uma conversa gravada se
//! repete em qualquer uma.

#[cfg(target_os = "linux")]
use std::fs;
use std::io;
use std::net::{IpAddr, ToSocketAddrs};

#[cfg(target_os = "linux")]
use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind,
    mount_change, unmount,
};
#[cfg(target_os = "linux")]
use rustix::thread::UnshareFlags;

#[cfg(target_os = "linux")]
use super::isolamento;

/// Onde os arquivos são escritos antes de ocupar o lugar dos do sistema.
#[cfg(target_os = "linux")]
const PASSAGEM: &str = "/dev/shm";

/// Cada arquivo do sistema, e o que o livro põe no lugar dele.
#[cfg(target_os = "linux")]
const ARQUIVOS: [(&str, &str, &str); 3] = [
    (
        "hosts",
        "/etc/hosts",
        "127.0.0.1 localhost\n\
         ::1 localhost\n",
    ),
    ("nsswitch", "/etc/nsswitch.conf", "hosts: files dns\n"),
    // Ninguém atende na porta 53 de loopback: é estar sem internet.
    ("resolv", "/etc/resolv.conf", "nameserver 127.0.0.1\n"),
];

/// Entra em um namespace de montagem com os nomes do livro. Só funciona
/// enquanto há uma thread só; se o sistema não deixa, nada muda.
#[cfg(target_os = "linux")]
pub fn entrar() -> io::Result<()> {
    let usuario = rustix::process::getuid().as_raw();
    let grupo = rustix::process::getgid().as_raw();
    isolamento::Prova::comecar().concluir()?;
    #[expect(deprecated, reason = "a forma nova pede unsafe por CLONE_FILES")]
    rustix::thread::unshare(UnshareFlags::NEWUSER | UnshareFlags::NEWNS)?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{usuario} {usuario} 1"))?;
    fs::write("/proc/self/gid_map", format!("{grupo} {grupo} 1"))?;
    trocar()
}

/// Só o Linux tem namespaces.
#[cfg(not(target_os = "linux"))]
pub fn entrar() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Se `localhost` tem um endereço de cada família.
pub fn localhost_duplo() -> bool {
    let Ok(achados) = ("localhost", 0).to_socket_addrs() else {
        return false;
    };
    let ips: Vec<IpAddr> = achados.map(|e| e.ip()).collect();
    ips.iter().any(IpAddr::is_ipv4) && ips.iter().any(IpAddr::is_ipv6)
}

/// Troca os arquivos, em um namespace de montagem que já é só deste processo.
#[cfg(target_os = "linux")]
pub(super) fn trocar() -> io::Result<()> {
    let privado = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    mount_change("/", privado)?;
    mount("tmpfs", PASSAGEM, "tmpfs", MountFlags::empty(), c"size=64k")?;
    let trocados = ARQUIVOS.iter().try_for_each(|(nome, lugar, texto)| {
        let escrito = format!("{PASSAGEM}/{nome}");
        fs::write(&escrito, texto)?;
        // O que a máquina não tem não precisa ser trocado.
        match fs::metadata(lugar) {
            Ok(_) => Ok(mount_bind(&escrito, *lugar)?),
            Err(_) => Ok(()),
        }
    });
    // Os arquivos continuam onde foram postos.
    unmount(PASSAGEM, UnmountFlags::empty())?;
    trocados
}
