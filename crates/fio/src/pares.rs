//! Quando a captura viu os dois lados do fio, cada pacote aparece duas vezes:
//! ao sair e ao chegar. Aqui as duas viram uma, e o que não chegou se perdeu.
//!
//! Um lado é uma interface (pcapng, SLL2 ou [`Captura::juntar`]) e, quando a
//! captura diz, o sentido nela.
//!
//! [`Captura::juntar`]: crate::Captura::juntar

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::net::IpAddr;

use crate::camadas::TipoDeCamada;
use crate::pacote::{Conteudo, Pacote, Sentido, Soma};

/// Um pacote, visto de um lado ou dos dois.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Par {
    /// Índice do pacote ao sair (ou da única vez em que foi visto).
    pub saida: usize,
    /// Índice do mesmo pacote ao chegar.
    pub chegada: Option<usize>,
    /// Saiu e não chegou.
    pub perdido: bool,
    /// É uma segunda entrega do mesmo pacote.
    pub duplicado: bool,
}

impl Par {
    fn sozinho(saida: usize) -> Par {
        Par {
            saida,
            chegada: None,
            perdido: false,
            duplicado: false,
        }
    }
}

/// De onde um pacote foi visto.
type Vista = (u32, Option<Sentido>);
/// De quem para quem.
type Rumo = (IpAddr, IpAddr);
/// Onde um rumo é visto sair e chegar.
type Lados = HashMap<Rumo, (Vista, Vista)>;

fn vista(pacote: &Pacote) -> Vista {
    (pacote.interface, pacote.sentido)
}

fn rumo(pacote: &Pacote) -> Option<Rumo> {
    Some((pacote.origem?.ip, pacote.destino?.ip))
}

/// Dá às duas vistas de um pacote o mesmo número, na ordem em que saíram; com
/// um lado só, o número é o da captura, como no Wireshark.
pub(crate) fn numerar(pacotes: &mut [Pacote], pares: &[Par]) {
    for pacote in pacotes.iter_mut() {
        pacote.numero = 0;
    }
    for (numero, par) in (1..).zip(pares) {
        for indice in [Some(par.saida), par.chegada].into_iter().flatten() {
            pacotes[indice].numero = numero;
        }
    }
    // Os vistos só no meio do caminho ficam por último.
    let sem_numero = pacotes.iter_mut().filter(|pacote| pacote.numero == 0);
    for (numero, pacote) in (pares.len() + 1..).zip(sem_numero) {
        pacote.numero = numero;
    }
}

/// Junta as duas vistas de cada pacote, na ordem em que saíram.
pub(crate) fn emparelhar(pacotes: &[Pacote]) -> Vec<Par> {
    let vistas: HashSet<Vista> = pacotes.iter().map(vista).collect();
    let mut ordem: Vec<usize> = (0..pacotes.len()).collect();
    if vistas.len() < 2 {
        return ordem.into_iter().map(Par::sozinho).collect();
    }
    // Quem grava duas interfaces grava um punhado de uma, depois da outra.
    ordem.sort_by_key(|indice| pacotes[*indice].instante);
    let lados = lados(pacotes, &ordem);
    let mut casamento = Casamento::default();
    for indice in ordem {
        casamento.receber(&lados, indice, &pacotes[indice]);
    }
    let mut pares = casamento.pares;
    let ultimos = ultimos_vistos(pacotes);
    for par in &mut pares {
        let pacote = &pacotes[par.saida];
        let Some((de, para)) = rumo(pacote).and_then(|r| lados.get(&r)) else {
            continue;
        };
        let saiu = vista(pacote) == *de;
        let ainda_olhava = ultimos.get(&para.0) > Some(&pacote.instante);
        par.perdido = saiu && par.chegada.is_none() && ainda_olhava;
    }
    pares
}

/// O instante do último pacote visto em cada interface.
fn ultimos_vistos(pacotes: &[Pacote]) -> HashMap<u32, u64> {
    let mut ultimos = HashMap::new();
    for pacote in pacotes {
        let ultimo = ultimos.entry(pacote.interface).or_insert(0);
        *ultimo = pacote.instante.max(*ultimo);
    }
    ultimos
}

/// O que não muda no caminho: as pontas, a identificação e o que vai dentro
/// do IP (o TTL e a soma do cabeçalho mudam).
fn impressao(pacote: &Pacote) -> u64 {
    let mut resumo = DefaultHasher::new();
    (pacote.origem, pacote.destino, pacote.identificacao).hash(&mut resumo);
    let depois_do_ip = pacote.camadas.iter().find(|camada| {
        !matches!(
            camada.tipo,
            TipoDeCamada::Ethernet
                | TipoDeCamada::Sll
                | TipoDeCamada::Sll2
                | TipoDeCamada::Loopback
                | TipoDeCamada::Ipv4
                | TipoDeCamada::Ipv6
        )
    });
    let fim = pacote.camadas.last().map_or(0, |camada| camada.fim);
    if let Some(camada) = depois_do_ip {
        pacote.bytes.get(camada.inicio..fim).hash(&mut resumo);
    }
    resumo.finish()
}

/// A mesma coisa para um pacote que se estragou no caminho: só o que costuma
/// sobrar inteiro.
fn impressao_fraca(pacote: &Pacote) -> Option<u64> {
    let mut resumo = DefaultHasher::new();
    (pacote.origem?.ip, pacote.destino?.ip).hash(&mut resumo);
    (pacote.identificacao, pacote.comprimento_do_ip()).hash(&mut resumo);
    (pacote.identificacao != 0).then(|| resumo.finish())
}

/// Descobre de que lado cada rumo sai, por votação: o mesmo pacote é visto
/// primeiro onde sai. Um empate no relógio vale meio voto para cada lado.
fn lados(pacotes: &[Pacote], ordem: &[usize]) -> Lados {
    let mut primeira: HashMap<u64, &Pacote> = HashMap::new();
    let mut votos: HashMap<Rumo, HashMap<(Vista, Vista), usize>> =
        HashMap::new();
    for pacote in ordem.iter().map(|indice| &pacotes[*indice]) {
        let Some(rumo) = rumo(pacote) else { continue };
        let antes = *primeira.entry(impressao(pacote)).or_insert(pacote);
        let (sai, chega) = (vista(antes), vista(pacote));
        if sai == chega {
            continue;
        }
        let votos = votos.entry(rumo).or_default();
        let empate = antes.instante == pacote.instante && sai.1 == chega.1;
        *votos.entry((sai, chega)).or_default() += 2 - usize::from(empate);
        *votos.entry((chega, sai)).or_default() += usize::from(empate);
    }
    let eleitos: HashMap<Rumo, Eleito> = votos
        .into_iter()
        .filter_map(|(rumo, votos)| Some((rumo, eleger(votos)?)))
        .collect();
    sem_contradicao(&eleitos)
}

/// Por onde um rumo sai e chega, e por quantos votos a mais.
type Eleito = ((Vista, Vista), usize);

fn eleger(votos: HashMap<(Vista, Vista), usize>) -> Option<Eleito> {
    let mut ordem: Vec<Eleito> = votos.into_iter().collect();
    ordem.sort_by_key(|((sai, chega), votos)| {
        (std::cmp::Reverse(*votos), sai.0, chega.0)
    });
    let segundo = ordem.get(1).map_or(0, |(_, votos)| *votos);
    let (par, votos) = *ordem.first()?;
    Some((par, votos - segundo))
}

/// O que vai por um caminho volta por ele: se os dois rumos discordam, vale o
/// mais votado; e o rumo em que tudo se perdeu sai por onde o outro chega.
fn sem_contradicao(eleitos: &HashMap<Rumo, Eleito>) -> Lados {
    let mut lados = Lados::new();
    for (rumo, (par, votos)) in eleitos {
        let contrario = (rumo.1, rumo.0);
        let manda = match eleitos.get(&contrario) {
            Some((_, outros)) => (votos, *rumo) > (outros, contrario),
            None => true,
        };
        if manda {
            lados.insert(*rumo, *par);
            lados.insert(contrario, volta(*par));
        }
    }
    lados
}

/// O caminho de volta: sai por onde o outro chega, com os sentidos no lugar.
fn volta((sai, chega): (Vista, Vista)) -> (Vista, Vista) {
    ((chega.0, sai.1), (sai.0, chega.1))
}

#[derive(Default)]
struct Casamento {
    pares: Vec<Par>,
    por_impressao: HashMap<u64, Vec<usize>>,
    por_fraca: HashMap<u64, Vec<usize>>,
}

impl Casamento {
    fn receber(&mut self, lados: &Lados, indice: usize, pacote: &Pacote) {
        let achado = rumo(pacote).and_then(|rumo| lados.get(&rumo));
        let Some((sai, chega)) = achado else {
            self.pares.push(Par::sozinho(indice));
            return;
        };
        if vista(pacote) == *chega {
            self.chegou(indice, pacote);
        } else if vista(pacote) == *sai {
            self.saiu(indice, pacote);
        }
        // Visto no meio do caminho: não diz nada de novo.
    }

    fn saiu(&mut self, indice: usize, pacote: &Pacote) {
        let lugar = self.pares.len();
        self.pares.push(Par::sozinho(indice));
        self.por_impressao
            .entry(impressao(pacote))
            .or_default()
            .push(lugar);
        if let Some(fraca) = impressao_fraca(pacote) {
            self.por_fraca.entry(fraca).or_default().push(lugar);
        }
    }

    fn chegou(&mut self, indice: usize, pacote: &Pacote) {
        let mesmos = self.por_impressao.get(&impressao(pacote));
        let estragado = pacote.soma == Soma::Errada
            || matches!(pacote.conteudo, Conteudo::Outro(_));
        let parecidos = impressao_fraca(pacote)
            .filter(|_| estragado && mesmos.is_none())
            .and_then(|fraca| self.por_fraca.get(&fraca));
        let candidatos = mesmos.or(parecidos).cloned().unwrap_or_default();
        // O último que saiu antes disto; os relógios podem empatar.
        let livre = candidatos
            .iter()
            .rev()
            .find(|lugar| self.pares[**lugar].chegada.is_none());
        match livre {
            Some(lugar) => self.pares[*lugar].chegada = Some(indice),
            None => self.pares.push(Par {
                duplicado: !candidatos.is_empty(),
                ..Par::sozinho(indice)
            }),
        }
    }
}
