//! O livro: monta, confere, serve e recarrega "Sockets na prática".

pub mod casa;
pub mod construcao;
pub mod falha;
mod html;
mod paginas;
pub mod preprocessador;
mod realce;
mod revisao;
pub mod servidor;
