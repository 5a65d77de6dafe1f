//! O fio: de uma captura a uma conversa, e da conversa a uma figura.
//!
//! Biblioteca pura: recebe bytes e devolve texto; não abre arquivo, não olha o
//! relógio, não fala com a rede.
//!
//! 1. [`Leitor`] percorre um pcap ou pcapng de qualquer tamanho, um
//!    [`Registro`] por vez; [`Captura`] guarda os pacotes decodificados.
//! 2. [`Captura::filtrar`] esconde o que não interessa ([`filtro`]), e
//!    [`Captura::conversas`] diz quem falou com quem: números relativos,
//!    retransmissões, estados do TCP nos dois lados.
//! 3. [`figura::html`] desenha a escada para a página, [`figura::pagina`] para
//!    um arquivo que se abre sozinho, e [`texto::escada`] para o terminal.
//!
//! # Os dois lados do fio
//!
//! Se a captura viu um pacote sair de um host e chegar ao outro, as duas vistas
//! viram uma mensagem só, com o instante da partida e o da chegada; a que não
//! chegou é marcada como perdida, e as que se cruzaram são desenhadas cruzadas.
//! Isso vale para um pcapng com duas interfaces, para o que `tcpdump -i any`
//! grava (SLL2) e para duas capturas juntadas por [`Captura::juntar`].
//!
//! ```
//! let bytes = std::fs::read("tests/capturas/eco.pcap").unwrap();
//! let captura = fio::Captura::ler(&bytes)?;
//! let conversas = captura.filtrar("tcp porta 7005")?.conversas();
//! assert_eq!(conversas[0].servidor.to_string(), "127.0.0.1:7005");
//! assert_eq!(conversas[0].mensagens[3].dados(), "olá, mundo!".as_bytes());
//! # Ok::<(), fio::Erro>(())
//! ```
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
