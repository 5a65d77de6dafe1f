//! O livro: monta, confere, serve e recarrega "Sockets na prática".

mod acabamento;
mod busca;
pub mod casa;
pub mod construcao;
pub mod epub;
pub mod falha;
mod glossario;
mod html;
mod memoria;
mod mesa;
pub mod pacote;
mod paginas;
mod paralelo;
pub mod pdf;
pub mod preprocessador;
mod realce;
mod revisao;
pub mod servidor;
