//! O programa conferido como processo: iniciar com limites, olhar de longe e
//! encerrar com tudo o que ele iniciou.
//!
//! Três níveis de isolamento, do mais fraco ao mais forte:
//!
//! * **L0**: sessão própria, limites de recursos (rlimits), prazo, e o fim de
//!   todos os descendentes (o conferidor é o subreaper deles);
//! * **L1**: o mesmo, com Landlock (só escreve na pasta temporária) e seccomp;
//! * **L2**: o mesmo, em namespaces próprios de usuário, rede, processos e
//!   montagem: só loopback, sem ver outros processos, arquivos só para leitura
//!   e sem as soluções.

use std::path::PathBuf;

#[cfg(target_os = "linux")]
pub mod arvore;
#[cfg(target_os = "linux")]
pub mod cerco;
#[cfg(target_os = "linux")]
mod filtros;
#[cfg(target_os = "linux")]
pub mod isolamento;
#[cfg(target_os = "linux")]
mod montagens;
pub mod nomes;
mod ordem;
mod saidas;
#[cfg(not(target_os = "linux"))]
mod simples;
#[cfg(target_os = "linux")]
mod submissao;
#[cfg(target_os = "linux")]
mod tarefa;
#[cfg(target_os = "linux")]
mod vista;
#[cfg(target_os = "linux")]
mod viveiro;

#[cfg(target_os = "linux")]
pub use isolamento::Isolamento;
pub use ordem::{Nivel, Ordem, Preparo, Vista};
pub use saidas::Escritos;
#[cfg(not(target_os = "linux"))]
pub use simples::{Submissao, Viveiro};
#[cfg(target_os = "linux")]
pub use submissao::Submissao;
#[cfg(target_os = "linux")]
pub use tarefa::{Fim, Tarefa};
#[cfg(target_os = "linux")]
pub use vista::SISTEMA;
#[cfg(target_os = "linux")]
pub use viveiro::Viveiro;

/// O nome do subcomando que vira o cerco do programa.
pub const SUBCOMANDO_DO_CERCO: &str = "__cerco";

/// O comando com que o programa do estudante é iniciado.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comando {
    pub programa: String,
    pub argumentos: Vec<String>,
}

impl Comando {
    /// O comando em uma linha, como se digita.
    pub fn linha(&self) -> String {
        let partes = [vec![self.programa.clone()], self.argumentos.clone()];
        partes.concat().join(" ")
    }
}

/// O programa desta oficina, para iniciar outra cópia dele: a mesma, ainda que
/// o arquivo tenha sido compilado de novo ou apagado.
pub fn eu() -> PathBuf {
    match cfg!(target_os = "linux") {
        true => PathBuf::from("/proc/self/exe"),
        false => std::env::current_exe().unwrap_or_default(),
    }
}
