//! O que o sistema permite, e o que fazer quando não permite.

use std::fs;
use std::io::{self, ErrorKind};

use super::Bancada;
use crate::plano::Plano;
use crate::rede::{Host, Rede, RedeRuim};

/// Como o guarda e o init contam um erro: se o sistema recusou, e o texto.
pub(super) fn relatar(erro: &io::Error) -> String {
    // Passar do limite de namespaces dá ENOSPC (user_namespaces(7)).
    let recusas = [ErrorKind::PermissionDenied, ErrorKind::StorageFull];
    let tipo = if recusas.contains(&erro.kind()) {
        RECUSA
    } else {
        FALHA
    };
    format!("{tipo} {erro}")
}

const RECUSA: &str = "recusa";
const FALHA: &str = "falha";

/// Explica ao leitor o que [`relatar`] contou.
pub(super) fn explicar(relato: &str) -> io::Error {
    match relato.split_once(' ') {
        Some((RECUSA, texto)) => io::Error::new(
            ErrorKind::PermissionDenied,
            format!("{} ({texto}). {O_QUE_FAZER}", causa_da_recusa()),
        ),
        Some((FALHA, texto)) => io::Error::other(texto.to_owned()),
        _ => io::Error::other(relato.to_owned()),
    }
}

const O_QUE_FAZER: &str = "O que fazer: rode com sudo, abra o livro no \
    devcontainer, ou estude as capturas gravadas com cargo oficina fio";

/// Por que este sistema recusaria namespaces a este usuário.
fn causa_da_recusa() -> &'static str {
    if ler("/proc/sys/user/max_user_namespaces") == Some(0) {
        "este sistema não permite namespaces de usuário \
         (user.max_user_namespaces = 0)"
    } else if ler("/proc/sys/kernel/unprivileged_userns_clone") == Some(0) {
        "este sistema só permite namespaces a root \
         (kernel.unprivileged_userns_clone = 0)"
    } else if ler("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
        == Some(1)
    {
        "o AppArmor deste sistema (Ubuntu 24.04 e seguintes) restringe \
         namespaces; para permitir até o próximo boot: \
         sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
    } else if em_conteiner() {
        "este contêiner não permite criar namespaces de rede (no Docker, \
         inicie-o com --privileged)"
    } else {
        "o sistema não permitiu criar a rede da bancada"
    }
}

fn ler(arquivo: &str) -> Option<i64> {
    fs::read_to_string(arquivo).ok()?.trim().parse().ok()
}

fn em_conteiner() -> bool {
    ["/.dockerenv", "/run/.containerenv"]
        .iter()
        .any(|arquivo| fs::exists(arquivo).unwrap_or_default())
}

/// O que o sistema permite, em linhas para o leitor; verdadeiro se tudo.
pub fn diagnosticar() -> (bool, Vec<String>) {
    let provas = [
        ("dois hosts e um cabo", Rede::Cabo),
        ("rede ruim (TUN)", Rede::Ruim(RedeRuim::default())),
    ];
    let mut linhas = Vec::new();
    let mut razoes: Vec<String> = Vec::new();
    for (nome, rede) in provas {
        let Err(erro) = provar(rede) else {
            linhas.push(format!("✓ {nome}"));
            continue;
        };
        linhas.push(format!("✗ {nome}"));
        let razao = erro.to_string();
        if !razoes.contains(&razao) {
            razoes.push(razao);
        }
    }
    linhas.push("✓ ler e desenhar capturas".to_owned());
    let tudo = razoes.is_empty();
    linhas.extend(razoes);
    (tudo, linhas)
}

/// Monta a bancada e roda nela o menor programa.
fn provar(rede: Rede) -> io::Result<()> {
    let plano = Plano {
        rede,
        ..Plano::default()
    };
    let bancada = Bancada::montar(&plano)?;
    let status = bancada.comando(Host::A, "true", &[])?.status()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other("o programa não rodou no host"))
    }
}
