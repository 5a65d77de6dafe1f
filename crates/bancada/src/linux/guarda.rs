//! O processo que guarda a bancada, e o primeiro processo dela.
//!
//! Quem monta a bancada inicia o guarda; o guarda entra em namespaces novos e
//! inicia o init, que é o processo 1 lá dentro. Cada um pede ao kernel para
//! morrer com o seu pai, e com o processo 1 morre o namespace de processos
//! inteiro (pid_namespaces(7)): nada sobrevive a quem montou.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::net::IpAddr;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::process::Command;

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, setns, unshare};
use nix::unistd::{Gid, Uid, getegid, geteuid};

use super::acompanhar::{amarrar, numero};
use super::captura::Captura;
use super::netlink::{Netlink, Ponta};
use super::roteador::Roteador;
use super::sistema::{criar_tun, desligar_ajuda_da_placa};
use super::vigia::{Trabalho, vigiar};
use super::{INTERFACE, anunciar};
use crate::plano::enderecos;
use crate::processo::INTERNO;
use crate::rede::{Host, MTU_PADRAO, Rede, RedeRuim};

/// Bits da rede de um cabo, como em 10.0.0.1/24 e fd00::1/64.
const PREFIXOS_DO_CABO: (u8, u8) = (24, 64);
/// Em uma ligação ponto a ponto, o endereço é só do host.
const PREFIXOS_PONTO_A_PONTO: (u8, u8) = (32, 128);

/// Pasta vazia, das que todo Linux tem, em que se monta por um instante a
/// memória que guarda o `/etc/hosts` da bancada.
const PASTA_DE_PASSAGEM: &str = "/mnt";

/// O que dizer quando não há TUN; o módulo do kernel pode não estar carregado.
const SEM_TUN: &str =
    "não criei a interface TUN (talvez falte sudo modprobe tun)";

/// O guarda: separa-se do sistema e inicia o init, até o fim dele.
pub fn guardar(pai: &OsString, resto: &[OsString]) -> io::Result<()> {
    let executavel = std::env::current_exe()?;
    isolar()?;
    amarrar(numero(pai))?;
    let mut init = Command::new(executavel)
        .args([INTERNO, "init"])
        .args(resto)
        .spawn()?;
    anunciar(&format!("init {}", init.id()))?;
    init.wait()?;
    Ok(())
}

/// Namespaces novos. Quem é root e não pode criar o de usuário (há sistemas
/// que o proíbem a todos) cria os outros sem ele.
fn isolar() -> io::Result<()> {
    let (uid, gid) = (geteuid(), getegid());
    let outros = CloneFlags::CLONE_NEWNET
        | CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWPID;
    match unshare(outros | CloneFlags::CLONE_NEWUSER) {
        Ok(()) => mapear(uid, gid),
        Err(_) if uid.is_root() => Ok(unshare(outros)?),
        Err(erro) => Err(erro.into()),
    }
}

/// Dentro, este usuário é root (user_namespaces(7)).
fn mapear(uid: Uid, gid: Gid) -> io::Result<()> {
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("0 {uid} 1"))?;
    fs::write("/proc/self/gid_map", format!("0 {gid} 1"))
}

/// O init: monta os hosts e a rede, e cuida dela até o fim.
pub fn iniciar(rede: &str, captura: &Path, sem_arp: bool) -> io::Result<()> {
    amarrar(None)?;
    let rede: Rede = rede.parse().map_err(io::Error::other)?;
    let captura = Some(captura).filter(|c| !c.as_os_str().is_empty());
    preparar_arquivos(&rede);
    let a = criar_host()?;
    let b = match rede {
        Rede::Loopback => a.try_clone()?,
        _ => criar_host()?,
    };
    let hosts = [a, b];
    let trabalho = match &rede {
        Rede::Loopback => loopback(captura)?,
        Rede::Cabo => cabo(&hosts, captura, sem_arp)?,
        Rede::Ruim(ruim) => rede_ruim(&hosts, ruim, captura)?,
    };
    let [a, b] = hosts.each_ref().map(AsRawFd::as_raw_fd);
    anunciar(&format!("pronto {a} {b}"))?;
    vigiar(trabalho)
}

/// `/proc` só com os processos de dentro, e os hosts pelo nome. Sem isso a
/// bancada ainda serve: há contêineres que não o permitem.
fn preparar_arquivos(rede: &Rede) {
    let nada: Option<&str> = None;
    let privado = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    if mount(nada, "/", nada, privado, nada).is_err() {
        return;
    }
    let _ = mount(
        Some("proc"),
        "/proc",
        Some("proc"),
        MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC,
        nada,
    );
    let _ = dar_nomes(rede);
}

fn dar_nomes(rede: &Rede) -> io::Result<()> {
    let nada: Option<&str> = None;
    let passagem = Path::new(PASTA_DE_PASSAGEM);
    let vazio = MsFlags::empty();
    mount(Some("tmpfs"), passagem, Some("tmpfs"), vazio, nada)?;
    let hosts = passagem.join("hosts");
    let resultado = fs::write(&hosts, nomes(rede)).and_then(|()| {
        let destino = "/etc/hosts";
        Ok(mount(Some(&hosts), destino, nada, MsFlags::MS_BIND, nada)?)
    });
    umount2(passagem, MntFlags::MNT_DETACH)?;
    resultado
}

/// O `/etc/hosts` da bancada.
fn nomes(rede: &Rede) -> String {
    let mut texto = "127.0.0.1 localhost\n::1 localhost\n".to_owned();
    for host in Host::TODOS {
        let (v4, v6) = match rede {
            Rede::Loopback => (
                IpAddr::from(std::net::Ipv4Addr::LOCALHOST),
                IpAddr::from(std::net::Ipv6Addr::LOCALHOST),
            ),
            _ => (enderecos(host).0.into(), enderecos(host).1.into()),
        };
        texto += &format!("{v4} {host}\n{v6} {host}\n");
    }
    texto
}

/// Um namespace de rede novo, em que esta thread fica, com `lo` de pé.
fn criar_host() -> io::Result<File> {
    unshare(CloneFlags::CLONE_NEWNET)?;
    Netlink::abrir()?.levantar("lo")?;
    File::open("/proc/thread-self/ns/net")
        .or_else(|_| File::open("/proc/self/ns/net"))
}

fn entrar(host: &File) -> io::Result<()> {
    Ok(setns(host, CloneFlags::CLONE_NEWNET)?)
}

fn loopback(captura: Option<&Path>) -> io::Result<Trabalho> {
    let captura = captura.map(|c| Captura::abrir("lo", c)).transpose()?;
    Ok(Trabalho::Cabo(captura))
}

/// O endereço físico de cada ponta do cabo, administrado localmente.
fn mac(host: Host) -> [u8; 6] {
    match host {
        Host::A => [2, 0, 0, 0, 0, 0x0a],
        Host::B => [2, 0, 0, 0, 0, 0x0b],
    }
}

fn cabo(
    hosts: &[File; 2],
    captura: Option<&Path>,
    sem_arp: bool,
) -> io::Result<Trabalho> {
    let [a, b] = hosts;
    let ponta = |host| Ponta {
        nome: INTERFACE,
        mac: mac(host),
        mtu: MTU_PADRAO.into(),
    };
    entrar(a)?;
    let criado = Netlink::abrir()?.criar_cabo(
        &ponta(Host::A),
        &ponta(Host::B),
        b.as_raw_fd(),
    );
    criado.map_err(|erro| com("não criei o cabo (veth)", &erro))?;
    for (host, rede) in Host::TODOS.into_iter().zip(hosts) {
        entrar(rede)?;
        desligar_ajuda_da_placa(INTERFACE)?;
        Netlink::abrir()?.levantar(INTERFACE)?;
        enderecar(host, PREFIXOS_DO_CABO)?;
        if sem_arp {
            apresentar(host.outro())?;
        }
    }
    entrar(a)?;
    let captura = captura.map(|c| Captura::abrir(INTERFACE, c)).transpose()?;
    Ok(Trabalho::Cabo(captura))
}

fn rede_ruim(
    hosts: &[File; 2],
    ruim: &RedeRuim,
    captura: Option<&Path>,
) -> io::Result<Trabalho> {
    let mut tuns = Vec::new();
    for (host, rede) in Host::TODOS.into_iter().zip(hosts) {
        entrar(rede)?;
        let tun = criar_tun(INTERFACE).map_err(|erro| com(SEM_TUN, &erro))?;
        let mut netlink = Netlink::abrir()?;
        netlink.ajustar_mtu(INTERFACE, MTU_PADRAO.into())?;
        netlink.levantar(INTERFACE)?;
        enderecar(host, PREFIXOS_PONTO_A_PONTO)?;
        netlink.rotear_tudo(INTERFACE, false)?;
        let _ = netlink.rotear_tudo(INTERFACE, true);
        tuns.push(tun);
    }
    let [a, b] = <[File; 2]>::try_from(tuns)
        .map_err(|_| io::Error::other("faltou uma interface"))?;
    let roteador = Roteador::novo(ruim.clone(), [a, b], captura)?;
    Ok(Trabalho::Ruim(Box::new(roteador)))
}

fn enderecar(host: Host, prefixos: (u8, u8)) -> io::Result<()> {
    let (v4, v6) = enderecos(host);
    let mut netlink = Netlink::abrir()?;
    netlink.enderecar(INTERFACE, v4.into(), prefixos.0)?;
    // Há kernels sem IPv6; a bancada fica só com IPv4.
    let _ = netlink.enderecar(INTERFACE, v6.into(), prefixos.1);
    Ok(())
}

/// Diz ao host desta thread quem é o outro.
fn apresentar(outro: Host) -> io::Result<()> {
    let (v4, v6) = enderecos(outro);
    let mut netlink = Netlink::abrir()?;
    netlink.apresentar(INTERFACE, v4.into(), mac(outro))?;
    let _ = netlink.apresentar(INTERFACE, v6.into(), mac(outro));
    Ok(())
}

fn com(contexto: &str, erro: &io::Error) -> io::Error {
    io::Error::new(erro.kind(), format!("{contexto}: {erro}"))
}
