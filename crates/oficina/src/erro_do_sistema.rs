//! Os erros do sistema em português, com o texto original entre parênteses.

use std::io::{Error, ErrorKind};

/// `conexão recusada (Connection refused)`.
pub fn em_portugues(erro: &Error) -> String {
    let original = erro.to_string();
    let original = original.split(" (os error").next().unwrap_or(&original);
    let sem_nome = erro.raw_os_error().and_then(sem_nome_na_std);
    match traducao(erro.kind()).or(sem_nome) {
        Some(texto) => format!("{texto} ({original})"),
        None => original.to_owned(),
    }
}

fn traducao(tipo: ErrorKind) -> Option<&'static str> {
    Some(match tipo {
        ErrorKind::ConnectionRefused => "conexão recusada",
        ErrorKind::ConnectionReset => "conexão redefinida pelo outro lado",
        ErrorKind::ConnectionAborted => "conexão abortada",
        ErrorKind::NotConnected => "não conectado",
        ErrorKind::AddrInUse => "endereço já em uso",
        ErrorKind::AddrNotAvailable => "endereço indisponível",
        ErrorKind::BrokenPipe => "o outro lado já fechou",
        ErrorKind::TimedOut => "tempo limite esgotado",
        ErrorKind::WouldBlock => "recurso ocupado, tente de novo",
        ErrorKind::PermissionDenied => "permissão negada",
        ErrorKind::NotFound => "não encontrado",
        ErrorKind::OutOfMemory => "sem memória",
        ErrorKind::ExecutableFileBusy => "o programa está sendo gravado",
        ErrorKind::UnexpectedEof => "fim antes da hora",
        ErrorKind::NotADirectory => "há no caminho o que não é pasta",
        ErrorKind::IsADirectory => "é uma pasta",
        ErrorKind::ReadOnlyFilesystem => "só se pode ler ali",
        ErrorKind::StorageFull => "o disco está cheio",
        _ => return None,
    })
}

/// Os erros que a std ainda não distingue: EMFILE e ENFILE, errno(3).
#[cfg(unix)]
fn sem_nome_na_std(codigo: i32) -> Option<&'static str> {
    match rustix::io::Errno::from_raw_os_error(codigo) {
        rustix::io::Errno::MFILE => Some("acabaram os descritores do programa"),
        rustix::io::Errno::NFILE => Some("acabaram os descritores do sistema"),
        _ => None,
    }
}

#[cfg(not(unix))]
fn sem_nome_na_std(_: i32) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_falta_de_descritores_se_diz_em_portugues() {
        let erro = Error::from_raw_os_error(24);
        let esperado =
            "acabaram os descritores do programa (Too many open files)";
        assert_eq!(em_portugues(&erro), esperado);
    }

    #[test]
    fn o_texto_original_fica_entre_parenteses() {
        let recusada = Error::from_raw_os_error(111);
        if cfg!(target_os = "linux") {
            let esperado = "conexão recusada (Connection refused)";
            assert_eq!(em_portugues(&recusada), esperado);
        }
    }
}
