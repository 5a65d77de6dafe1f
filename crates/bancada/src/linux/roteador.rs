//! A rede ruim: um roteador entre duas interfaces TUN, que perde, atrasa e
//! estraga o que passa, e conta o que viu nas duas pontas.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use nix::fcntl::{FcntlArg, OFlag, fcntl};

use super::pacote;
use super::pcap::{Gravador, Pacote, Sentido};
use super::ruido::e_ruido;
use super::sorte::{Destino, Sorte};
use crate::plano::{MEIO, Resumo};
use crate::rede::{Host, RedeRuim};

/// Maior pacote que se lê de um TUN.
const MAIOR_PACOTE: usize = 65_535;

/// Pacotes lidos de uma ponta antes de olhar a outra.
const RAJADA: usize = 64;

/// Quanto a fila do enlace lento guarda; o que chega com ela cheia é
/// descartado, como em um roteador de verdade.
const FILA: Duration = Duration::from_millis(500);

/// O menor atraso a mais de um pacote que será ultrapassado.
const ATRASO_DA_TROCA: Duration = Duration::from_millis(5);

/// Quanto esperar, em uma rede que perde, pela retransmissão do último pacote:
/// o menor RTO do Linux é 200 ms, e dobra a cada tentativa.
const PACIENCIA: Duration = Duration::from_millis(500);

/// O roteador e o que ele lembra.
pub struct Roteador {
    rede: RedeRuim,
    tuns: [File; 2],
    sentidos: [Caminho; 2],
    fila: BinaryHeap<Reverse<Entrega>>,
    /// Ordem de chegada: desempata entregas do mesmo instante.
    chegadas: u64,
    gravador: Option<Gravador>,
    descartados: u64,
    buffer: Vec<u8>,
}

/// Um sentido da rede, de um host ao outro.
struct Caminho {
    sorte: Sorte,
    /// Quando o enlace termina de transmitir o que já aceitou.
    livre: Instant,
    /// A entrega mais tarde já marcada: quem vem depois não a ultrapassa.
    ultima: Instant,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Entrega {
    quando: Instant,
    chegada: u64,
    para: usize,
    bytes: Vec<u8>,
}

impl Roteador {
    /// Um roteador entre o TUN de `a` e o de `b`.
    pub fn novo(
        rede: RedeRuim,
        tuns: [File; 2],
        captura: Option<&Path>,
    ) -> io::Result<Self> {
        for tun in &tuns {
            fcntl(tun, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        }
        let gravador = match captura {
            None => None,
            Some(arquivo) => {
                let arquivo = super::criar_captura(arquivo)?;
                let nomes = Host::TODOS.map(Host::nome);
                Some(Gravador::pcapng(arquivo, &nomes)?)
            }
        };
        let agora = Instant::now();
        let sentidos = Host::TODOS.map(|host| Caminho {
            sorte: Sorte::nova(&rede, host),
            livre: agora,
            ultima: agora,
        });
        Ok(Self {
            rede,
            tuns,
            sentidos,
            fila: BinaryHeap::new(),
            chegadas: 0,
            gravador,
            descartados: 0,
            buffer: vec![0; MAIOR_PACOTE],
        })
    }

    /// Recebe o que chegou e entrega o que está na hora; diz se algo passou.
    pub fn atender(&mut self) -> io::Result<bool> {
        let mut passou = false;
        for host in Host::TODOS {
            for _ in 0..RAJADA {
                let Some(bytes) = self.ler(host)? else { break };
                passou |= self.receber(host, bytes)?;
            }
        }
        Ok(self.entregar_os_da_hora()? || passou)
    }

    fn ler(&mut self, host: Host) -> io::Result<Option<Vec<u8>>> {
        let mut tun = &self.tuns[host as usize];
        match tun.read(&mut self.buffer) {
            Ok(lidos) => Ok(Some(self.buffer[..lidos].to_vec())),
            Err(erro) if erro.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(erro) if erro.kind() == io::ErrorKind::Interrupted => Ok(None),
            Err(erro) => Err(erro),
        }
    }

    /// Um pacote que o host mandou.
    fn receber(&mut self, de: Host, mut bytes: Vec<u8>) -> io::Result<bool> {
        let Some(rotulo) = pacote::rotulo(&bytes) else {
            return Ok(false);
        };
        if e_ruido(&bytes) || !pacote::individual(rotulo.destino) {
            return Ok(false);
        }
        self.gravar(de, Sentido::Enviado, &bytes)?;
        let resposta = if rotulo.destino == MEIO.0 || rotulo.destino == MEIO.1 {
            pacote::responder_eco(&bytes)
        } else if rotulo.ttl <= 1 {
            pacote::tempo_esgotado(&bytes)
        } else if bytes.len() <= self.rede.mtu.into() {
            pacote::gastar_ttl(&mut bytes);
            self.encaminhar(de, bytes, rotulo.fim_do_cabecalho);
            return Ok(true);
        } else if rotulo.divisivel {
            pacote::gastar_ttl(&mut bytes);
            for fragmento in pacote::fragmentar(&bytes, self.rede.mtu) {
                self.encaminhar(de, fragmento, rotulo.fim_do_cabecalho);
            }
            return Ok(true);
        } else {
            pacote::grande_demais(&bytes, self.rede.mtu)
        };
        if let Some(resposta) = resposta {
            let quando = Instant::now() + self.rede.atraso;
            self.marcar(quando, de, resposta);
        }
        Ok(true)
    }

    /// Leva o pacote ao outro host, com a sorte que ele tiver.
    fn encaminhar(&mut self, de: Host, mut bytes: Vec<u8>, cabecalho: usize) {
        let agora = Instant::now();
        let caminho = &mut self.sentidos[de as usize];
        let destino = caminho.sorte.proxima(&bytes);
        let partida = caminho.transmitir(agora, bytes.len(), self.rede.vazao);
        let (Some(partida), false) = (partida, destino.perdido) else {
            self.descartados += 1;
            return;
        };
        if let Some(sorte) = destino.corrompido {
            pacote::corromper(&mut bytes, cabecalho, sorte);
        }
        let quando = caminho.chegada(partida, &destino);
        if destino.duplicado {
            self.marcar(quando, de.outro(), bytes.clone());
        }
        self.marcar(quando, de.outro(), bytes);
    }

    fn marcar(&mut self, quando: Instant, para: Host, bytes: Vec<u8>) {
        self.chegadas += 1;
        let chegada = self.chegadas;
        let para = para as usize;
        self.fila.push(Reverse(Entrega {
            quando,
            chegada,
            para,
            bytes,
        }));
    }

    fn entregar_os_da_hora(&mut self) -> io::Result<bool> {
        let mut entregou = false;
        while let Some(Reverse(proxima)) = self.fila.peek() {
            if proxima.quando > Instant::now() {
                break;
            }
            let Some(Reverse(entrega)) = self.fila.pop() else {
                break;
            };
            let host = Host::TODOS[entrega.para];
            self.gravar(host, Sentido::Recebido, &entrega.bytes)?;
            // Um host sem memória para o pacote o perde, como na vida.
            let _ = (&self.tuns[entrega.para]).write(&entrega.bytes);
            entregou = true;
        }
        Ok(entregou)
    }

    fn gravar(
        &mut self,
        host: Host,
        sentido: Sentido,
        bytes: &[u8],
    ) -> io::Result<()> {
        let Some(gravador) = &mut self.gravador else {
            return Ok(());
        };
        gravador.gravar(&Pacote {
            quando: SystemTime::now(),
            interface: host as u32,
            sentido,
            bytes,
            tamanho: bytes.len(),
        })
    }

    /// Quanto falta para a próxima entrega marcada.
    pub fn ate_a_proxima_entrega(&self) -> Duration {
        match self.fila.peek() {
            None => Duration::MAX,
            Some(Reverse(entrega)) => {
                entrega.quando.saturating_duration_since(Instant::now())
            }
        }
    }

    /// Depois de quanto tempo sem pacotes a conversa pode ter acabado.
    pub fn paciencia(&self) -> Duration {
        let ida = self.rede.atraso + self.rede.variacao;
        let perde = self.rede.perda > 0.0
            || self.rede.corrupcao > 0.0
            || !self.rede.descarta.is_empty();
        ida * 2 + if perde { PACIENCIA } else { Duration::ZERO }
    }

    pub fn tuns(&self) -> &[File; 2] {
        &self.tuns
    }

    pub fn terminar(self) -> io::Result<Resumo> {
        let mut capturados = 0;
        if let Some(mut gravador) = self.gravador {
            gravador.terminar()?;
            capturados = gravador.gravados;
        }
        let descartados = self.descartados;
        Ok(Resumo {
            capturados,
            nao_capturados: 0,
            descartados,
        })
    }
}

impl Caminho {
    /// Quando o último bit sai, se o enlace o aceita.
    fn transmitir(
        &mut self,
        agora: Instant,
        bytes: usize,
        vazao: Option<u64>,
    ) -> Option<Instant> {
        let Some(vazao) = vazao else {
            return Some(agora);
        };
        let inicio = agora.max(self.livre);
        if inicio > agora + FILA {
            return None;
        }
        let segundos = bytes as f64 * 8.0 / vazao as f64;
        self.livre = inicio + Duration::from_secs_f64(segundos);
        Some(self.livre)
    }

    /// Quando o pacote chega ao outro lado.
    fn chegada(&mut self, partida: Instant, destino: &Destino) -> Instant {
        let chegada = partida + destino.atraso;
        if destino.trocado {
            return chegada + ATRASO_DA_TROCA.max(destino.atraso / 2);
        }
        self.ultima = self.ultima.max(chegada);
        self.ultima
    }
}
