//! A bancada: dois hosts de verdade, ligados por um cabo ou por uma rede
//! ruim, sem ser root.
//!
//! No Linux, cada host é um conjunto de namespaces (usuário, rede, processos e
//! montagens) e morre com quem o criou. Nos outros sistemas este crate compila,
//! e montar uma bancada devolve um erro que diz o que fazer.

mod processo;
mod rede;

pub use processo::{Sinal, interno, preso, sinalizar};
pub use rede::{
    Host, MTU_PADRAO, Rede, RedeRuim, descartes, duracao, mtu, porcentagem,
    vazao,
};
