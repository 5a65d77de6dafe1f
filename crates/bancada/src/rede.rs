//! O que liga os dois hosts, e com que defeitos.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// MTU do cabo e, se ninguém pedir outro, da rede ruim (bytes de um pacote IP).
pub const MTU_PADRAO: u16 = 1500;

/// O menor MTU que o IPv6 admite (RFC 8200, §5); com menos, só há IPv4.
pub const MTU_MINIMO: u16 = 68;

/// Um dos dois hosts da bancada. Por costume, o cliente está em `A` e o
/// servidor em `B`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    A,
    B,
}

impl Host {
    pub const TODOS: [Self; 2] = [Self::A, Self::B];

    /// O host do outro lado.
    pub fn outro(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// `a` ou `b`.
    pub fn nome(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.nome())
    }
}

impl FromStr for Host {
    type Err = String;

    fn from_str(texto: &str) -> Result<Self, String> {
        match texto {
            "a" | "A" => Ok(Self::A),
            "b" | "B" => Ok(Self::B),
            _ => Err(format!("“{texto}” não é um host: use a ou b")),
        }
    }
}

/// O que liga os hosts.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Rede {
    /// Um cabo Ethernet (par veth), MTU 1500, sem perdas.
    #[default]
    Cabo,
    /// Não há cabo: os dois programas rodam em `a` e conversam por `lo`.
    Loopback,
    /// Um roteador entre os dois, que perde, atrasa e estraga pacotes.
    Ruim(RedeRuim),
}

impl FromStr for Rede {
    type Err = String;

    /// `cabo`, `loopback` ou `ruim perda=10% atraso=50ms …`.
    fn from_str(texto: &str) -> Result<Self, String> {
        let mut palavras = texto.split_whitespace();
        let tipo = palavras.next().unwrap_or_default();
        let rede = match tipo {
            "cabo" => Self::Cabo,
            "loopback" => Self::Loopback,
            "ruim" => {
                let mut ruim = RedeRuim::default();
                for palavra in palavras.by_ref() {
                    ruim.ajustar(palavra)?;
                }
                Self::Ruim(ruim)
            }
            _ => {
                return Err(format!(
                    "não conheço a rede “{tipo}”: use cabo, loopback ou ruim"
                ));
            }
        };
        match palavras.next() {
            None => Ok(rede),
            Some(sobra) => Err(format!(
                "a rede {tipo} não tem parâmetros, mas veio “{sobra}”"
            )),
        }
    }
}

impl fmt::Display for Rede {
    /// Como em um roteiro; o inverso de [`Rede::from_str`].
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Cabo => f.write_str("cabo"),
            Self::Loopback => f.write_str("loopback"),
            Self::Ruim(ruim) => write!(f, "ruim{ruim}"),
        }
    }
}

/// Os defeitos da rede ruim, iguais nos dois sentidos. As probabilidades vão
/// de 0 a 1.
#[derive(Clone, Debug, PartialEq)]
pub struct RedeRuim {
    pub perda: f64,
    /// De uma ponta à outra, em um sentido.
    pub atraso: Duration,
    /// O atraso de cada pacote varia até isto, para mais ou para menos.
    pub variacao: Duration,
    pub duplicacao: f64,
    /// Probabilidade de um pacote ser ultrapassado pelos seguintes.
    pub troca: f64,
    /// Probabilidade de um bit da carga trocar de valor.
    pub corrupcao: f64,
    /// Bits por segundo; `None` não limita.
    pub vazao: Option<u64>,
    /// Maior pacote IP que o roteador deixa passar, em bytes.
    pub mtu: u16,
    /// A mesma semente decide o mesmo para o mesmo pacote da conversa.
    pub semente: u64,
    /// Pacotes que somem com certeza: quem mandou e qual deles, a partir de 1.
    pub descarta: Vec<(Host, u64)>,
}

impl Default for RedeRuim {
    fn default() -> Self {
        Self {
            perda: 0.0,
            atraso: Duration::ZERO,
            variacao: Duration::ZERO,
            duplicacao: 0.0,
            troca: 0.0,
            corrupcao: 0.0,
            vazao: None,
            mtu: MTU_PADRAO,
            semente: 1,
            descarta: Vec::new(),
        }
    }
}

impl RedeRuim {
    /// Ajusta um parâmetro escrito como `perda=10%`.
    pub fn ajustar(&mut self, par: &str) -> Result<(), String> {
        let Some((chave, valor)) = par.split_once('=') else {
            return Err(format!(
                "“{par}”: um parâmetro da rede é chave=valor, como perda=10%"
            ));
        };
        match chave {
            "perda" => self.perda = porcentagem(valor)?,
            "atraso" => self.atraso = duracao(valor)?,
            "variacao" => self.variacao = duracao(valor)?,
            "duplicacao" => self.duplicacao = porcentagem(valor)?,
            "troca" => self.troca = porcentagem(valor)?,
            "corrupcao" => self.corrupcao = porcentagem(valor)?,
            "vazao" => self.vazao = Some(vazao(valor)?),
            "mtu" => self.mtu = mtu(valor)?,
            "semente" => {
                self.semente = valor.parse().map_err(|_| {
                    format!("“{valor}”: a semente é um número inteiro")
                })?;
            }
            "descarta" => self.descarta = descartes(valor)?,
            _ => {
                return Err(format!(
                    "a rede ruim não tem o parâmetro “{chave}”: use perda, \
                     atraso, variacao, duplicacao, troca, corrupcao, vazao, \
                     mtu, semente ou descarta"
                ));
            }
        }
        Ok(())
    }
}

impl fmt::Display for RedeRuim {
    /// Os parâmetros que diferem do padrão, cada um depois de um espaço.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let padrao = Self::default();
        let taxas = [
            ("perda", self.perda),
            ("duplicacao", self.duplicacao),
            ("troca", self.troca),
            ("corrupcao", self.corrupcao),
        ];
        for (nome, taxa) in taxas.into_iter().filter(|(_, taxa)| *taxa > 0.0) {
            write!(f, " {nome}={}%", taxa * 100.0)?;
        }
        let tempos = [("atraso", self.atraso), ("variacao", self.variacao)];
        for (nome, tempo) in tempos.into_iter().filter(|(_, t)| !t.is_zero()) {
            write!(f, " {nome}={}us", tempo.as_micros())?;
        }
        if let Some(vazao) = self.vazao {
            write!(f, " vazao={}kbit", vazao / 1000)?;
        }
        if self.mtu != padrao.mtu {
            write!(f, " mtu={}", self.mtu)?;
        }
        write!(f, " semente={}", self.semente)?;
        for (indice, (host, numero)) in self.descarta.iter().enumerate() {
            let antes = if indice == 0 { " descarta=" } else { "," };
            write!(f, "{antes}{host}{numero}")?;
        }
        Ok(())
    }
}

/// `10%` ou `0,5%` → uma probabilidade de 0 a 1.
pub fn porcentagem(texto: &str) -> Result<f64, String> {
    texto
        .strip_suffix('%')
        .and_then(|n| n.trim().replace(',', ".").parse::<f64>().ok())
        .filter(|n| (0.0..=100.0).contains(n))
        .map(|n| n / 100.0)
        .ok_or_else(|| {
            format!("“{texto}”: esperava uma porcentagem, como 10% ou 0,5%")
        })
}

/// `50ms`, `2s` ou `300us`.
pub fn duracao(texto: &str) -> Result<Duration, String> {
    let unidades = [("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("s", 1.0)];
    unidades
        .iter()
        .find_map(|(sufixo, segundos)| {
            let numero = texto.strip_suffix(sufixo)?.trim().replace(',', ".");
            let valor = numero.parse::<f64>().ok()? * segundos;
            Duration::try_from_secs_f64(valor).ok()
        })
        .filter(|d| *d <= Duration::from_secs(3600))
        .ok_or_else(|| {
            format!("“{texto}”: esperava um tempo, como 50ms, 2s ou 300us")
        })
}

/// `1Mbit`, `512kbit` ou `2Gbit` por segundo.
pub fn vazao(texto: &str) -> Result<u64, String> {
    let unidades =
        [("Gbit", 1_000_000_000), ("Mbit", 1_000_000), ("kbit", 1000)];
    unidades
        .iter()
        .find_map(|(sufixo, bits)| {
            let numero = texto.strip_suffix(sufixo)?.trim();
            numero.parse::<u64>().ok()?.checked_mul(*bits)
        })
        .filter(|bits| *bits > 0)
        .ok_or_else(|| {
            format!("“{texto}”: esperava uma vazão, como 1Mbit ou 512kbit")
        })
}

/// Bytes, de 68 (RFC 791) a 1500.
pub fn mtu(texto: &str) -> Result<u16, String> {
    texto
        .parse()
        .ok()
        .filter(|n| (MTU_MINIMO..=MTU_PADRAO).contains(n))
        .ok_or_else(|| {
            format!("“{texto}”: o MTU vai de {MTU_MINIMO} a {MTU_PADRAO} bytes")
        })
}

/// `a4,b2`: o 4º pacote que `a` mandou e o 2º de `b`.
pub fn descartes(texto: &str) -> Result<Vec<(Host, u64)>, String> {
    texto.split(',').map(descarte).collect()
}

fn descarte(texto: &str) -> Result<(Host, u64), String> {
    let erro = || {
        format!("“{texto}”: escreva o host e o número do pacote, como a4 ou b2")
    };
    let (host, numero) = texto.split_at_checked(1).ok_or_else(erro)?;
    let host = host.parse().map_err(|_| erro())?;
    let numero = numero.parse().ok().filter(|n| *n > 0).ok_or_else(erro)?;
    Ok((host, numero))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rede_ruim_le_todos_os_parametros() {
        let rede: Rede = "ruim perda=10% atraso=50ms variacao=1,5ms \
            duplicacao=1% troca=2% corrupcao=0,5% vazao=2Mbit mtu=576 \
            semente=9 descarta=a4,b2"
            .parse()
            .unwrap();
        let esperada = RedeRuim {
            perda: 0.1,
            atraso: Duration::from_millis(50),
            variacao: Duration::from_micros(1500),
            duplicacao: 0.01,
            troca: 0.02,
            corrupcao: 0.005,
            vazao: Some(2_000_000),
            mtu: 576,
            semente: 9,
            descarta: vec![(Host::A, 4), (Host::B, 2)],
        };
        assert_eq!(rede, Rede::Ruim(esperada));
        assert_eq!(rede.to_string().parse(), Ok(rede));
    }

    #[test]
    fn um_parametro_errado_e_recusado_com_a_razao() {
        for (texto, pedaco) in [
            ("ruim perda=10", "porcentagem"),
            ("ruim perda=101%", "porcentagem"),
            ("ruim perda=-1%", "porcentagem"),
            ("ruim atraso=50", "esperava um tempo"),
            ("ruim atraso=-5ms", "esperava um tempo"),
            ("ruim vazao=0kbit", "vazão"),
            ("ruim vazao=99999999999Gbit", "vazão"),
            ("ruim mtu=9000", "MTU"),
            ("ruim descarta=c1", "como a4"),
            ("ruim descarta=ç1", "como a4"),
            ("ruim descarta=a0", "como a4"),
            ("ruim azar=1%", "azar"),
            ("ruim perda", "chave=valor"),
            ("cabo perda=1%", "não tem parâmetros"),
            ("satelite", "satelite"),
            ("", "não conheço"),
        ] {
            let erro = texto.parse::<Rede>().unwrap_err();
            assert!(erro.contains(pedaco), "{texto}: {erro}");
        }
    }
}
