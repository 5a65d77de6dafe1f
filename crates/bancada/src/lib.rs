//! A bancada: dois hosts de verdade, ligados por um cabo ou por uma rede
//! ruim, sem ser root.
//!
//! No Linux, cada host é um namespace de rede, dentro de um namespace de
//! usuário em que somos root; um processo guarda tudo e morre com quem montou
//! a bancada, e com ele morrem os programas, as interfaces e as rotas. Nos
//! outros sistemas este crate compila, e montar uma bancada devolve um erro
//! que diz o que fazer.
//!
//! ```no_run
//! use bancada::{Bancada, Host, Plano};
//!
//! // A primeira coisa do `main`: este programa é também o ajudante.
//! if let Some(_codigo) = bancada::interno() { /* devolva-o */ }
//! let mut bancada = Bancada::montar(&Plano::default())?;
//! let mut ping = bancada.comando(Host::A, "ping", &["-c1".into(), "b".into()])?;
//! assert!(ping.status()?.success());
//! bancada.desmontar()?;
//! # Ok::<(), std::io::Error>(())
//! ```

mod plano;
mod processo;
mod rede;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod outros;

#[cfg(target_os = "linux")]
pub use linux::{Bancada, diagnosticar};
#[cfg(not(target_os = "linux"))]
pub use outros::{Bancada, diagnosticar};
pub use plano::{MEIO, Plano, Resumo, enderecos};
pub use processo::{
    Sinal, ao_interromper, encerrar, interno, preso, sinalizar,
};
pub use rede::{
    Host, MTU_PADRAO, Rede, RedeRuim, descartes, duracao, mtu, porcentagem,
    vazao,
};
