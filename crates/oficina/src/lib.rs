//! A oficina: confere o programa do estudante como um par de rede de verdade e
//! dá nome ao erro.

pub mod enunciado;
pub mod erros_classicos;
pub mod exercicios;
pub mod palco;
pub mod processo;
