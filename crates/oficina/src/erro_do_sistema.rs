//! Os erros do sistema em português, com o texto original entre parênteses.

use std::io::{Error, ErrorKind};

/// `conexão recusada (Connection refused)`.
pub fn em_portugues(erro: &Error) -> String {
    let original = erro.to_string();
    let original = original.split(" (os error").next().unwrap_or(&original);
    match traducao(erro.kind()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o_texto_original_fica_entre_parenteses() {
        let recusada = Error::from_raw_os_error(111);
        if cfg!(target_os = "linux") {
            let esperado = "conexão recusada (Connection refused)";
            assert_eq!(em_portugues(&recusada), esperado);
        }
    }
}
