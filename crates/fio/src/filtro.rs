//! A linguagem de filtro: pequena, em português.
//!
//! ```text
//! tcp   udp   icmp   arp   ipv4   ipv6          o protocolo
//! porta 7005                                    de origem ou de destino
//! host 10.0.0.2                                 de origem ou de destino
//! pacotes 1-9      pacotes 3,5,8-               pelo número na captura
//! com dados                                     leva carga útil
//! A e B    A B    A ou B    não A    (A ou B)   combinações
//! ```
//!
//! `e` pode ser omitido; `não` vale mais que `e`, que vale mais que `ou`.

use std::net::IpAddr;

use crate::Erro;
use crate::pacote::{Conteudo, Pacote};

/// Até onde parênteses e negações podem se aninhar.
const MAIS_FUNDO: usize = 32;

/// Um filtro já entendido.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filtro {
    /// Aceita tudo.
    Tudo,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP ou ICMPv6.
    Icmp,
    /// ARP.
    Arp,
    /// Qualquer coisa sobre IPv4.
    Ipv4,
    /// Qualquer coisa sobre IPv6.
    Ipv6,
    /// A porta de um dos lados.
    Porta(u16),
    /// O endereço de um dos lados.
    Host(IpAddr),
    /// Números de pacote, em intervalos que incluem as pontas.
    Pacotes(Vec<(usize, usize)>),
    /// Leva carga útil.
    ComDados,
    /// Os dois.
    E(Box<Filtro>, Box<Filtro>),
    /// Um ou outro.
    Ou(Box<Filtro>, Box<Filtro>),
    /// O contrário.
    Nao(Box<Filtro>),
}

impl Filtro {
    /// Entende um filtro; o vazio aceita tudo.
    ///
    /// # Errors
    ///
    /// [`Erro::Filtro`] com a coluna da palavra errada.
    pub fn ler(texto: &str) -> Result<Filtro, Erro> {
        let palavras = palavras(texto);
        let fim = texto.chars().count() + 1;
        let mut leitura = Leitura {
            palavras,
            lidas: 0,
            fim,
            fundo: 0,
            acabou: false,
        };
        if leitura.palavras.is_empty() {
            return Ok(Filtro::Tudo);
        }
        let filtro = leitura.alternativa()?;
        match leitura.atual() {
            None => Ok(filtro),
            Some(palavra) => {
                Err(leitura.erro(format!("não esperava “{palavra}” aqui")))
            }
        }
    }

    /// Se o pacote passa.
    pub fn aceita(&self, pacote: &Pacote) -> bool {
        let pontas = [pacote.origem, pacote.destino];
        match self {
            Filtro::Tudo => true,
            Filtro::Tcp => matches!(pacote.conteudo, Conteudo::Tcp(_)),
            Filtro::Udp => matches!(pacote.conteudo, Conteudo::Udp(_)),
            Filtro::Icmp => matches!(pacote.conteudo, Conteudo::Icmp(_)),
            Filtro::Arp => matches!(pacote.conteudo, Conteudo::Arp(_)),
            Filtro::Ipv4 => {
                !matches!(pacote.conteudo, Conteudo::Arp(_))
                    && pontas[0].is_some_and(|ponta| ponta.ip.is_ipv4())
            }
            Filtro::Ipv6 => pontas[0].is_some_and(|ponta| ponta.ip.is_ipv6()),
            Filtro::Porta(porta) => pontas
                .iter()
                .flatten()
                .any(|ponta| ponta.porta == Some(*porta)),
            Filtro::Host(ip) => {
                pontas.iter().flatten().any(|ponta| ponta.ip == *ip)
            }
            Filtro::Pacotes(intervalos) => intervalos
                .iter()
                .any(|(de, ate)| (*de..=*ate).contains(&pacote.numero)),
            Filtro::ComDados => pacote.comprimento_dos_dados() > 0,
            Filtro::E(um, outro) => um.aceita(pacote) && outro.aceita(pacote),
            Filtro::Ou(um, outro) => um.aceita(pacote) || outro.aceita(pacote),
            Filtro::Nao(outro) => !outro.aceita(pacote),
        }
    }
}

/// As palavras do filtro e a coluna em que cada uma começa.
fn palavras(texto: &str) -> Vec<(String, usize)> {
    let mut palavras: Vec<(String, usize)> = Vec::new();
    let mut colada = false;
    for (coluna, letra) in (1..).zip(texto.chars()) {
        match letra {
            '(' | ')' => {
                palavras.push((letra.to_string(), coluna));
                colada = false;
            }
            _ if letra.is_whitespace() => colada = false,
            _ if colada => {
                if let Some((palavra, _)) = palavras.last_mut() {
                    palavra.extend(letra.to_lowercase());
                }
            }
            _ => {
                palavras.push((letra.to_lowercase().collect(), coluna));
                colada = true;
            }
        }
    }
    palavras
}

struct Leitura {
    palavras: Vec<(String, usize)>,
    lidas: usize,
    fim: usize,
    fundo: usize,
    /// Se faltou palavra quando se quis ler mais uma.
    acabou: bool,
}

impl Leitura {
    fn atual(&self) -> Option<&str> {
        self.palavras
            .get(self.lidas)
            .map(|(palavra, _)| palavra.as_str())
    }

    fn proxima(&mut self) -> Option<String> {
        let palavra = self.atual().map(str::to_owned);
        self.acabou = palavra.is_none();
        self.lidas += usize::from(palavra.is_some());
        palavra
    }

    fn coluna(&self, indice: usize) -> usize {
        self.palavras
            .get(indice)
            .map_or(self.fim, |(_, coluna)| *coluna)
    }

    /// Um erro na palavra que ainda não foi lida.
    fn erro(&self, motivo: String) -> Erro {
        Erro::Filtro {
            coluna: self.coluna(self.lidas),
            motivo,
        }
    }

    /// Um erro na palavra que acabou de ser lida.
    fn erro_na_ultima(&self, motivo: String) -> Erro {
        let ultima = self.lidas.saturating_sub(1);
        let coluna = if self.acabou {
            self.fim
        } else {
            self.coluna(ultima)
        };
        Erro::Filtro { coluna, motivo }
    }

    fn alternativa(&mut self) -> Result<Filtro, Erro> {
        let mut filtro = self.conjuncao()?;
        while self.atual() == Some("ou") {
            self.lidas += 1;
            let outro = self.conjuncao()?;
            filtro = Filtro::Ou(Box::new(filtro), Box::new(outro));
        }
        Ok(filtro)
    }

    fn conjuncao(&mut self) -> Result<Filtro, Erro> {
        let mut filtro = self.termo()?;
        while !matches!(self.atual(), None | Some("ou" | ")")) {
            if self.atual() == Some("e") {
                self.lidas += 1;
            }
            let outro = self.termo()?;
            filtro = Filtro::E(Box::new(filtro), Box::new(outro));
        }
        Ok(filtro)
    }

    fn termo(&mut self) -> Result<Filtro, Erro> {
        self.fundo += 1;
        if self.fundo > MAIS_FUNDO {
            return Err(self.erro("parênteses ou “não” demais".to_owned()));
        }
        let filtro = self.termo_sem_limite();
        self.fundo -= 1;
        filtro
    }

    fn termo_sem_limite(&mut self) -> Result<Filtro, Erro> {
        let Some(palavra) = self.proxima() else {
            return Err(self.erro("o filtro termina antes da hora".to_owned()));
        };
        match palavra.as_str() {
            "tcp" => Ok(Filtro::Tcp),
            "udp" => Ok(Filtro::Udp),
            "icmp" => Ok(Filtro::Icmp),
            "arp" => Ok(Filtro::Arp),
            "ipv4" => Ok(Filtro::Ipv4),
            "ipv6" => Ok(Filtro::Ipv6),
            "porta" => self.porta(),
            "host" => self.host(),
            "pacote" | "pacotes" => self.pacotes(),
            "com" => self.com_dados(),
            "não" | "nao" => Ok(Filtro::Nao(Box::new(self.termo()?))),
            "(" => self.entre_parenteses(),
            outra => Err(self.erro_na_ultima(format!(
                "não conheço “{outra}”; conheço tcp, udp, icmp, arp, ipv4, \
                 ipv6, porta, host, pacotes, com dados, e, ou, não"
            ))),
        }
    }

    fn porta(&mut self) -> Result<Filtro, Erro> {
        let porta = self.proxima().and_then(|palavra| palavra.parse().ok());
        porta.map(Filtro::Porta).ok_or_else(|| {
            self.erro_na_ultima(
                "depois de “porta” vem um número de 0 a 65535".to_owned(),
            )
        })
    }

    fn host(&mut self) -> Result<Filtro, Erro> {
        let ip = self.proxima().and_then(|palavra| palavra.parse().ok());
        ip.map(Filtro::Host).ok_or_else(|| {
            self.erro_na_ultima(
                "depois de “host” vem um endereço IP, como 10.0.0.2".to_owned(),
            )
        })
    }

    fn com_dados(&mut self) -> Result<Filtro, Erro> {
        match self.proxima().as_deref() {
            Some("dados") => Ok(Filtro::ComDados),
            _ => {
                Err(self
                    .erro_na_ultima("depois de “com” vem “dados”".to_owned()))
            }
        }
    }

    fn pacotes(&mut self) -> Result<Filtro, Erro> {
        let lista = self.proxima().unwrap_or_default();
        let intervalos: Option<Vec<(usize, usize)>> =
            lista.split(',').map(intervalo).collect();
        intervalos.map(Filtro::Pacotes).ok_or_else(|| {
            self.erro_na_ultima(
                "depois de “pacotes” vêm números, como 4, 1-9 ou 3,5,8-"
                    .to_owned(),
            )
        })
    }

    fn entre_parenteses(&mut self) -> Result<Filtro, Erro> {
        let filtro = self.alternativa()?;
        match self.proxima().as_deref() {
            Some(")") => Ok(filtro),
            _ => Err(self.erro("falta fechar o parêntese".to_owned())),
        }
    }
}

fn intervalo(texto: &str) -> Option<(usize, usize)> {
    let (de, ate) = match texto.split_once('-') {
        None => (texto.parse().ok()?, texto.parse().ok()?),
        Some((de, "")) => (de.parse().ok()?, usize::MAX),
        Some((de, ate)) => (de.parse().ok()?, ate.parse().ok()?),
    };
    (de <= ate && de > 0).then_some((de, ate))
}
