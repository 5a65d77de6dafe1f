//! Landlock (arquivos e portas) e seccomp (chamadas do sistema): o que o
//! programa não pode fazer.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort,
    PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreated,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use seccompiler::{
    SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, apply_filter,
};

use super::{Nivel, Preparo, Vista, vista};

/// A versão do Landlock que se pede; num kernel mais antigo vale o que houver.
const VERSAO: ABI = ABI::V6;

/// Onde o programa pode escrever.
const PODE_ESCREVER: [&str; 5] = [
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/tty",
    "/dev/shm",
];

/// Aplica os dois filtros; `false` se nenhum deles é possível aqui.
pub fn aplicar(preparo: &Preparo, nivel: Nivel) -> bool {
    let arquivos = com_landlock(preparo, nivel).is_ok();
    let chamadas = com_seccomp().is_ok();
    match preparo.vista {
        // A vista fechada é o que o L1 promete a uma turma.
        Some(_) => arquivos && chamadas,
        None => arquivos || chamadas,
    }
}

/// Sem capacidades, nem depois de um `exec` como root do namespace.
pub fn largar_capacidades() -> io::Result<()> {
    use rustix::thread::{CapabilitySet, clear_ambient_capability_set};
    clear_ambient_capability_set()?;
    for capacidade in CapabilitySet::all().iter() {
        // As que este kernel não conhece não precisam ser largadas.
        let _ = rustix::thread::remove_capability_from_bounding_set(capacidade);
    }
    let mut conjuntos = rustix::thread::capabilities(None)?;
    conjuntos.effective = CapabilitySet::empty();
    conjuntos.permitted = CapabilitySet::empty();
    conjuntos.inheritable = CapabilitySet::empty();
    rustix::thread::set_capabilities(None, conjuntos)?;
    Ok(())
}

fn com_landlock(preparo: &Preparo, nivel: Nivel) -> anyhow::Result<()> {
    let escrita = AccessFs::from_write(VERSAO);
    let mut regras = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(escrita)?
        .scope(Scope::Signal)?;
    // No L2 o que a vista não nomeia nem existe.
    let vista = preparo.vista.as_ref();
    let fecha_a_vista = vista.filter(|_| nivel == Nivel::L1);
    if fecha_a_vista.is_some() {
        regras = regras.handle_access(AccessFs::from_read(VERSAO))?;
    }
    // No L2 a rede já é própria: só loopback.
    let fecha_a_rede = nivel == Nivel::L1 && preparo.porta.is_some();
    if fecha_a_rede {
        regras = regras.handle_access(AccessNet::ConnectTcp)?;
    }
    let mut criadas = regras.create()?;
    for caminho in PODE_ESCREVER {
        criadas = permitir(criadas, Path::new(caminho), escrita)?;
    }
    for pasta in vista.map_or(&[][..], |vista| &vista.escrita) {
        let leitura = fecha_a_vista.map(|_| AccessFs::from_read(VERSAO));
        let acesso = escrita | leitura.unwrap_or_default();
        criadas = permitir(criadas, pasta, acesso)?;
    }
    if let Some(vista) = fecha_a_vista {
        criadas = permitir_a_vista(criadas, vista)?;
    }
    if let Some(porta) = preparo.porta.filter(|_| fecha_a_rede) {
        let conectar = AccessNet::ConnectTcp;
        criadas = criadas.add_rule(NetPort::new(porta, conectar))?;
    }
    let estado = criadas.restrict_self()?;
    // Um kernel sem Landlock não fecha vista nenhuma: isso não é L1.
    if fecha_a_vista.is_some() && estado.ruleset == RulesetStatus::NotEnforced {
        anyhow::bail!("este kernel não tem Landlock");
    }
    Ok(())
}

/// Ler (e executar) só o sistema e o que a vista nomeia.
fn permitir_a_vista(
    mut regras: RulesetCreated,
    vista: &Vista,
) -> Result<RulesetCreated, RulesetError> {
    let leitura = AccessFs::from_read(VERSAO);
    let sempre = ["/dev", "/proc"].iter().chain(&vista::SISTEMA);
    let sempre = sempre.map(Path::new);
    for caminho in sempre.chain(vista.leitura.iter().map(PathBuf::as_path)) {
        regras = permitir(regras, caminho, leitura)?;
    }
    Ok(regras)
}

fn permitir(
    regras: RulesetCreated,
    caminho: &Path,
    acesso: BitFlags<AccessFs>,
) -> Result<RulesetCreated, RulesetError> {
    // Há acessos que só uma pasta tem, como listar.
    let acesso = match caminho.is_dir() {
        true => acesso,
        false => acesso & AccessFs::from_file(VERSAO),
    };
    match PathFd::new(caminho) {
        Ok(pasta) => regras.add_rule(PathBeneath::new(pasta, acesso)),
        // O que não existe não precisa de permissão.
        Err(_) => Ok(regras),
    }
}

/// Chamadas que um exercício nunca precisa fazer e que servem para escapar.
const PROIBIDAS: &[i64] = &[
    libc::SYS_ptrace,
    libc::SYS_process_vm_writev,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_mount_setattr,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_io_uring_setup,
    libc::SYS_userfaultfd,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_open_by_handle_at,
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_pidfd_getfd,
];

fn com_seccomp() -> anyhow::Result<()> {
    let mut regras: BTreeMap<i64, Vec<SeccompRule>> = PROIBIDAS
        .iter()
        .map(|&chamada| (chamada, Vec::new()))
        .collect();
    regras.insert(libc::SYS_clone, vec![novo_namespace()?]);
    regras.insert(libc::SYS_socket, familias_de_fora()?);
    negar(regras, libc::EPERM)?;
    // clone3 recebe as opções por ponteiro, que o filtro não lê: sem ela, a
    // libc volta a usar clone.
    negar(
        BTreeMap::from([(libc::SYS_clone3, Vec::new())]),
        libc::ENOSYS,
    )
}

fn negar(
    regras: BTreeMap<i64, Vec<SeccompRule>>,
    erro: i32,
) -> anyhow::Result<()> {
    let filtro = SeccompFilter::new(
        regras,
        SeccompAction::Allow,
        SeccompAction::Errno(u32::try_from(erro)?),
        std::env::consts::ARCH.try_into()?,
    )?;
    let programa: seccompiler::BpfProgram = filtro.try_into()?;
    apply_filter(&programa)?;
    Ok(())
}

/// `clone` com CLONE_NEWUSER: daria capacidades de novo.
fn novo_namespace() -> Result<SeccompRule, seccompiler::BackendError> {
    let opcao = u64::from(libc::CLONE_NEWUSER.cast_unsigned());
    SeccompRule::new(vec![SeccompCondition::new(
        0,
        SeccompCmpArgLen::Qword,
        SeccompCmpOp::MaskedEq(opcao),
        opcao,
    )?])
}

/// Famílias de socket que saem do namespace de rede ou falam com o kernel.
fn familias_de_fora() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let familias = [libc::AF_VSOCK, libc::AF_ALG];
    familias
        .into_iter()
        .map(|familia| {
            SeccompRule::new(vec![SeccompCondition::new(
                0,
                SeccompCmpArgLen::Dword,
                SeccompCmpOp::Eq,
                u64::from(familia.cast_unsigned()),
            )?])
        })
        .collect()
}
