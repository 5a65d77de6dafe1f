//! O isolamento do próprio conferidor: no nível L2 ele entra em namespaces de
//! usuário e de rede antes de conferir, para que os dois lados da conversa
//! estejam na mesma rede privada, com loopback e mais nada.

use std::fs;
use std::io;
use std::process::{Child, Command, Stdio};

use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, bind, recv,
    send, socket_with,
};
use rustix::thread::UnshareFlags;

use super::{eu, nomes};

/// Entra em uma rede privada. Só funciona enquanto há uma thread só; se o
/// sistema não deixa, nada muda.
pub fn entrar() -> io::Result<Isolamento> {
    Prova::comecar().entrar()
}

/// Um processo que tenta o que o L2 precisa, e termina.
///
/// Num sistema que cria o namespace mas nega as capacidades dentro dele
/// (AppArmor no Ubuntu), a rede ficaria sem loopback: é preciso provar antes.
pub struct Prova(io::Result<Child>);

impl Prova {
    /// Começa a prova, sem esperar por ela.
    pub fn comecar() -> Prova {
        let prova = Command::new(eu())
            .arg(SUBCOMANDO_DA_PROVA)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Prova(prova)
    }

    /// Espera a prova terminar.
    pub(super) fn concluir(self) -> io::Result<()> {
        match self.0?.wait()?.success() {
            true => Ok(()),
            false => Err(io::ErrorKind::PermissionDenied.into()),
        }
    }

    /// O mesmo que [`entrar`], com a prova já começada.
    pub fn entrar(self) -> io::Result<Isolamento> {
        self.concluir()?;
        entrar_provado()
    }
}

fn entrar_provado() -> io::Result<Isolamento> {
    let usuario = rustix::process::getuid().as_raw();
    let grupo = rustix::process::getgid().as_raw();
    #[expect(deprecated, reason = "a forma nova pede unsafe por CLONE_FILES")]
    rustix::thread::unshare(
        UnshareFlags::NEWUSER | UnshareFlags::NEWNET | UnshareFlags::NEWNS,
    )?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("0 {usuario} 1"))?;
    fs::write("/proc/self/gid_map", format!("0 {grupo} 1"))?;
    ligar_loopback()?;
    // Sem eles, `localhost` é o que a máquina disser que é.
    let _ = nomes::trocar();
    Ok(Isolamento(()))
}

/// O conferidor está na rede privada.
#[derive(Debug, Clone, Copy)]
pub struct Isolamento(());

impl Isolamento {
    /// Faz do próximo filho **desta thread** o primeiro processo de um
    /// namespace novo. Cada thread só pode fazer isso uma vez.
    pub fn proximo_filho_em_namespace(self) -> io::Result<()> {
        #[expect(
            deprecated,
            reason = "a forma nova pede unsafe por CLONE_FILES"
        )]
        rustix::thread::unshare(UnshareFlags::NEWPID)?;
        Ok(())
    }
}

/// O padrão de IPV6_V6ONLY dos sockets novos: ip(7), `bindv6only`.
const SO_IPV6: &str = "/proc/sys/net/ipv6/bindv6only";

impl Isolamento {
    /// Nesta rede privada, e só nela, quem escuta em `[::]` não recebe IPv4, a
    /// menos que peça.
    pub fn so_ipv6_por_padrao(self) -> io::Result<()> {
        fs::write(SO_IPV6, "1")
    }
}

/// O nome do subcomando que prova os namespaces.
pub const SUBCOMANDO_DA_PROVA: &str = "__prova";

/// O subcomando escondido da prova: tenta o que o L2 precisa e termina.
pub fn executar_prova() -> std::process::ExitCode {
    let tentativa = || -> io::Result<()> {
        #[expect(
            deprecated,
            reason = "a forma nova pede unsafe por CLONE_FILES"
        )]
        rustix::thread::unshare(
            UnshareFlags::NEWUSER
                | UnshareFlags::NEWNET
                | UnshareFlags::NEWNS
                | UnshareFlags::NEWPID,
        )?;
        let privado = rustix::mount::MountPropagationFlags::PRIVATE;
        rustix::mount::mount_change("/", privado)?;
        ligar_loopback()
    };
    match tentativa() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(_) => std::process::ExitCode::FAILURE,
    }
}

/// Liga a interface de loopback por rtnetlink(7): um RTM_NEWLINK que põe
/// IFF_UP na interface 1.
fn ligar_loopback() -> io::Result<()> {
    let socket = socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        None,
    )?;
    bind(&socket, &SocketAddrNetlink::new(0, 0))?;
    send(&socket, &pedido_de_loopback(), SendFlags::empty())?;
    let mut resposta = [0_u8; 64];
    let lidos = recv(&socket, &mut resposta[..], RecvFlags::empty())?.0;
    // NLMSG_ERROR traz o erro (0 é sucesso) depois do cabeçalho de 16 bytes.
    match resposta[..lidos].get(16..20) {
        Some([0, 0, 0, 0]) => Ok(()),
        _ => Err(io::ErrorKind::PermissionDenied.into()),
    }
}

/// O cabeçalho netlink (16 bytes) e o `ifinfomsg` (16 bytes).
fn pedido_de_loopback() -> [u8; 32] {
    const RTM_NEWLINK: u16 = 16;
    const PEDIDO_COM_RESPOSTA: u16 = 1 | 4;
    const LOOPBACK: u32 = 1;
    const IFF_UP: u32 = 1;
    let mut pedido = [0_u8; 32];
    pedido[0..4].copy_from_slice(&32_u32.to_ne_bytes());
    pedido[4..6].copy_from_slice(&RTM_NEWLINK.to_ne_bytes());
    pedido[6..8].copy_from_slice(&PEDIDO_COM_RESPOSTA.to_ne_bytes());
    pedido[20..24].copy_from_slice(&LOOPBACK.to_ne_bytes());
    pedido[24..28].copy_from_slice(&IFF_UP.to_ne_bytes());
    pedido[28..32].copy_from_slice(&IFF_UP.to_ne_bytes());
    pedido
}
