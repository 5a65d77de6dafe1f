//! O que o sistema permite, e o que fazer quando não permite.

use std::fs;
use std::io;

use nix::errno::Errno;

use super::Bancada;
use crate::plano::Plano;
use crate::rede::{Host, Rede, RedeRuim};

/// Explica a recusa que o guarda ou o init encontrou: `número texto`.
pub(super) fn explicar(erro: &str) -> io::Error {
    let (numero, texto) = erro.split_once(' ').unwrap_or(("0", erro));
    let numero = numero.parse().unwrap_or_default();
    let recusa = [Errno::EPERM, Errno::EACCES, Errno::ENOSPC];
    let Some(causa) = causa_da_recusa() else {
        return io::Error::other(texto.to_owned());
    };
    if !recusa.contains(&Errno::from_raw(numero)) && numero != 0 {
        return io::Error::other(texto.to_owned());
    }
    io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!("{causa} ({texto})"),
    )
}

/// Por que este sistema recusaria namespaces a este usuário, e a saída.
fn causa_da_recusa() -> Option<String> {
    let saida = "rode com sudo, abra o livro no devcontainer, ou estude as \
        capturas gravadas com cargo oficina fio";
    let causa = if ler("/proc/sys/user/max_user_namespaces") == Some(0) {
        "este sistema não permite namespaces de usuário \
         (user.max_user_namespaces = 0)"
    } else if ler("/proc/sys/kernel/unprivileged_userns_clone") == Some(0) {
        "este sistema só permite namespaces a root \
         (kernel.unprivileged_userns_clone = 0)"
    } else if ler("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
        == Some(1)
    {
        "o AppArmor deste sistema (Ubuntu 24.04 e seguintes) restringe \
         namespaces a programas autorizados; para autorizar até o próximo \
         boot: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
    } else if em_conteiner() {
        "este contêiner não permite criar namespaces de rede (no Docker, \
         inicie-o com --privileged)"
    } else {
        "o sistema não permitiu criar a rede da bancada"
    };
    Some(format!("{causa}. Saídas: {saida}"))
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
        ("cabo entre dois hosts", Rede::Cabo),
        ("rede ruim (TUN)", Rede::Ruim(RedeRuim::default())),
    ];
    let mut tudo = true;
    let mut linhas = Vec::new();
    for (nome, rede) in provas {
        let plano = Plano {
            rede,
            ..Plano::default()
        };
        let resultado = Bancada::montar(&plano).and_then(|bancada| {
            let mut comando = bancada.comando(Host::A, "true", &[])?;
            if comando.status()?.success() {
                Ok(())
            } else {
                Err(io::Error::other("o programa não rodou no host"))
            }
        });
        linhas.push(match resultado {
            Ok(()) => format!("✓ {nome}"),
            Err(erro) => {
                tudo = false;
                format!("✗ {nome}: {erro}")
            }
        });
    }
    (tudo, linhas)
}
