//! A oficina: confere o programa do estudante como um par de rede de verdade e
//! dá nome ao erro.

pub mod casa;
pub mod comandos;
pub mod conferencia;
pub mod construcao;
pub mod distribuicao;
pub mod enunciado;
pub mod erro_do_sistema;
pub mod erros_classicos;
pub mod exercicios;
pub mod juntas;
pub mod palco;
pub mod portugues;
pub mod processo;
pub mod progresso;
pub mod relatorio;
pub mod revisao;
#[cfg(target_os = "linux")]
pub mod sock_diag;
pub mod turma;
