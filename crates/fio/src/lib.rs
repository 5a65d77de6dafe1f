//! O fio: de uma captura a uma conversa, e da conversa a uma figura.
#![warn(missing_docs)]

mod camadas;
mod captura;
mod cena;
mod conversa;
mod decodificar;
mod erro;
mod estado;
pub mod figura;
pub mod filtro;
mod frase;
mod leitor;
mod pacote;
mod pares;
mod soma;
mod tcp;
pub mod texto;

pub use camadas::{Camada, TipoDeCamada};
pub use captura::Captura;
pub use conversa::{Conversa, Direcao, Marcas, Mensagem, Numeros, Protocolo};
pub use erro::Erro;
pub use estado::{Estado, Estados};
pub use leitor::{Leitor, Ligacao, Registro};
pub use pacote::{
    Arp, Conteudo, Extremidade, Flags, Icmp, Opcoes, Pacote, Sentido, Soma,
    Tcp, Udp,
};
