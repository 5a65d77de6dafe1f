//! O palco: o outro lado da conversa, visto por uma etapa.
//!
//! Uma etapa é uma função que recebe o palco e conversa com o programa pela
//! rede. Ela não conhece o processo: recebe um endereço, um relógio, uma
//! transcrição e um acaso com semente. O mesmo código confere o programa em
//! Rust, o gêmeo em Python e um par de dentro de um teste.

mod associacao;
mod cena;
mod comparacao;
mod conexao;
mod conversa;
mod datagramas;
mod descritores;
mod destino;
mod entrega;
mod espera_do_sistema;
mod evidencia;
mod expectativa;
mod familias;
mod leitura_do_par;
mod no_programa;
mod ouvinte;
mod panico;
mod parada;
pub mod programa;
mod relogio;
mod sorte;
mod transcricao;
mod veredicto;

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::Socket;

pub use cena::Cena;
pub use comparacao::comparar;
pub use conexao::Conexao;
pub use datagramas::{Datagrama, Datagramas};
pub use destino::Destino;
pub use entrega::{Entrega, Rede};
pub(crate) use espera_do_sistema::{Interesse, esperar_socket};
pub use evidencia::{Desfecho, Evidencia, GIRANDO, bytes, milhar};
pub use no_programa::Saida;
pub use ouvinte::{Ouvinte, Reserva};
pub use panico::confissao;
pub use parada::Parada;
pub use relogio::{Dispensa, PACIENCIA, PRAZO, Relogio};
pub use sorte::Sorte;
pub use transcricao::{Autor, Linha, Transcricao, amostra};
pub use veredicto::{Diagnosticar, Falha, Interrupcao, Passo, Veredicto};

use cena::Vigilia;
use destino::{BUFFER_DO_LENTO, SEGMENTO_CURTO};
use familias::Pasta;
use programa::{Partida, Programa};

use crate::erro_do_sistema::em_portugues;
use crate::erros_classicos::Codigo;

/// De quanto em quanto tempo se tenta de novo um endereço que recusou, no
/// começo e no fim: quem acabou de iniciar costuma escutar logo.
const INTERVALOS: (Duration, Duration) =
    (Duration::from_micros(200), Duration::from_millis(2));

/// Quanto se espera a porta certa depois de ver o programa escutar em outra.
const ESPERA_NO_LUGAR_ERRADO: Duration = Duration::from_millis(300);

/// O outro lado da conversa.
pub struct Palco {
    cena: Arc<Cena>,
    partida: Partida,
    iniciado: bool,
    sorte: Sorte,
    /// Onde fica o socket Unix desta etapa; some com ela.
    pasta: Option<Pasta>,
    /// Os sockets que perguntaram se o programa já recebe datagramas.
    sondas: Vec<UdpSocket>,
    /// O maior segmento TCP das próximas conexões, se não é o do sistema.
    segmento: Option<u32>,
}

impl Palco {
    /// `endereco` é onde o programa deve escutar (papel de servidor). No papel
    /// de cliente, quem escolhe o endereço é [`Palco::ouvir`].
    pub fn novo(
        programa: Box<dyn Programa>,
        endereco: SocketAddr,
        relogio: Relogio,
        semente: u64,
    ) -> Palco {
        Palco {
            cena: Cena::nova(relogio, programa),
            partida: Partida {
                endereco,
                caminho: None,
                nome: None,
                argumentos: Vec::new(),
                entrada: false,
                descritores: None,
            },
            iniciado: false,
            sorte: Sorte::nova(semente),
            pasta: None,
            sondas: Vec::new(),
            segmento: None,
        }
    }

    /// Onde o programa deve escutar.
    pub fn endereco(&self) -> SocketAddr {
        self.partida.endereco
    }

    /// O que todas as conexões deste palco dividem.
    pub fn cena(&self) -> &Arc<Cena> {
        &self.cena
    }

    /// O tempo que resta do prazo da etapa.
    pub fn resta(&self) -> Duration {
        self.cena.relogio.resta()
    }

    /// O acaso desta etapa: com a mesma semente, os mesmos bytes.
    pub fn sorte(&mut self) -> &mut Sorte {
        &mut self.sorte
    }

    /// Escreve um título na transcrição: o que vai ser tentado agora.
    pub fn titulo(&self, texto: impl std::fmt::Display) {
        let texto = texto.to_string();
        self.cena.transcricao().anotar(Autor::Titulo, "", &texto);
    }

    /// Escreve uma linha na transcrição, em nome de `nome`.
    pub fn narrar(&self, nome: &str, verbo: &'static str, detalhe: &str) {
        self.cena.anotar(nome, verbo, detalhe);
    }

    /// Uma falha que a própria etapa descobriu.
    pub fn falhar<T>(
        &self,
        codigo: Codigo,
        mensagem: impl Into<String>,
    ) -> Passo<T> {
        Err(Interrupcao::falha(codigo, mensagem))
    }

    /// Passa a usar o IPv6 (`[::1]`). Antes da primeira conexão.
    pub fn usar_ipv6(&mut self) {
        self.partida
            .endereco
            .set_ip(IpAddr::V6(Ipv6Addr::LOCALHOST));
    }

    /// Daqui em diante os segmentos TCP são os de uma rede Ethernet. Em
    /// loopback cabem 64 KiB em cada um, e por isso o sistema guarda alguns MiB
    /// do que o programa envia (`tcp_wmem`, tcp(7)).
    pub fn encurtar_segmentos(&mut self) {
        self.segmento = Some(SEGMENTO_CURTO);
    }

    /// Conecta ao programa, no papel de "cliente", com entrega *inteira*. Na
    /// primeira vez, inicia o programa.
    pub fn conectar(&mut self) -> Passo<Conexao> {
        self.conectar_como("cliente", Entrega::Inteiro)
    }

    /// O mesmo que [`Palco::conectar`], com outro modo de entrega.
    pub fn conectar_em(&mut self, entrega: Entrega) -> Passo<Conexao> {
        self.conectar_como("cliente", entrega)
    }

    /// Conecta com um nome próprio ("Ana", "Beto"), para mais de um cliente.
    ///
    /// Não há conexão de teste: a primeira conexão é a que vale, e é tentada
    /// de novo enquanto o endereço recusar.
    pub fn conectar_como(
        &mut self,
        nome: &str,
        entrega: Entrega,
    ) -> Passo<Conexao> {
        self.conectar_a(nome, &self.partida.destino(), entrega)
    }

    fn conectar_a(
        &mut self,
        nome: &str,
        destino: &Destino,
        entrega: Entrega,
    ) -> Passo<Conexao> {
        self.iniciar()?;
        let fluxo = self.insistir(nome, destino, entrega)?;
        self.conferir_interfaces()?;
        let detalhe = match entrega {
            Entrega::Inteiro => format!("a {destino}"),
            outra => format!("a {destino}; entrega: {outra}"),
        };
        self.cena.anotar(nome, "conectei", &detalhe);
        Conexao::nova(self.cena.clone(), nome, fluxo, entrega)
    }

    /// Tenta conectar até dar certo ou ficar claro que não dará.
    fn insistir(
        &self,
        nome: &str,
        destino: &Destino,
        entrega: Entrega,
    ) -> Passo<Socket> {
        let mut conectado = None;
        let mut erro = None;
        let mut vigilia = Vigilia::nova(&self.cena);
        let mut errado_desde = None;
        let mut intervalo = INTERVALOS.0;
        let espera = vigilia.aguardar(|fatia| {
            let fim = Instant::now() + fatia;
            loop {
                match destino.tentar(entrega, self.segmento) {
                    Ok(fluxo) => conectado = Some(fluxo),
                    Err(e) => erro = Some(e),
                }
                if conectado.is_some() || Instant::now() >= fim {
                    break;
                }
                std::thread::sleep(intervalo);
                intervalo = INTERVALOS.1.min(intervalo * 11 / 10);
            }
            conectado.is_some() || self.no_lugar_errado(&mut errado_desde)
        });
        if let Some(fluxo) = conectado {
            return Ok(fluxo);
        }
        let calado = erro.as_ref().is_some_and(sem_resposta);
        let recusa = erro.map_or(String::new(), |e| em_portugues(&e));
        let detalhe = format!("a {destino}: {recusa}");
        self.cena.anotar(nome, "não conectei", &detalhe);
        Err(self.porque_nao_conectou(destino, espera, calado))
    }

    /// Se o programa já escuta, há tempo bastante, só em outros endereços.
    fn no_lugar_errado(&self, desde: &mut Option<Instant>) -> bool {
        match self.cena.programa().escutas() {
            Some(escutas) if !escutas.is_empty() => {
                let desde = desde.get_or_insert_with(Instant::now);
                desde.elapsed() >= ESPERA_NO_LUGAR_ERRADO
            }
            _ => false,
        }
    }

    /// Depois que o sistema aceitou a conexão: o programa escuta só no
    /// endereço pedido, ou em todas as interfaces (M24)?
    fn conferir_interfaces(&self) -> Passo<()> {
        let porta = self.partida.endereco.port();
        if self.partida.endereco.ip().is_unspecified() {
            return Ok(());
        }
        let escutas = self.cena.programa().escutas().unwrap_or_default();
        let aberta = escutas.iter().find(|e| {
            e.endereco.port() == porta && e.endereco.ip().is_unspecified()
        });
        match aberta {
            Some(aberta) => Err(Interrupcao::falha(
                Codigo::M24,
                format!(
                    "pedi que escutasse em {}, e o programa escuta em {}",
                    self.partida.endereco, aberta.endereco
                ),
            )),
            None => Ok(()),
        }
    }
}

/// Se o pedido de conexão não teve resposta: nem sim, nem não.
fn sem_resposta(erro: &io::Error) -> bool {
    matches!(
        erro.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
    )
}
