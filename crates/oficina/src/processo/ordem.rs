//! O que o conferidor pede ao cerco, em duas linhas de JSON: o preparo, que
//! pode vir com antecedência, e a ordem.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// O nível de isolamento em vigor.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
pub enum Nivel {
    #[serde(rename = "L0")]
    #[value(name = "L0", alias = "l0")]
    L0,
    #[serde(rename = "L1")]
    #[value(name = "L1", alias = "l1")]
    L1,
    #[serde(rename = "L2")]
    #[value(name = "L2", alias = "l2")]
    L2,
}

impl Nivel {
    /// O que o nível garante, em uma frase.
    pub fn descricao(self) -> &'static str {
        match self {
            Nivel::L0 => "sessão própria, limites de recursos e prazo",
            Nivel::L1 => "limites, Landlock e seccomp; rede do sistema",
            Nivel::L2 => "rede, processos e arquivos isolados",
        }
    }
}

impl fmt::Display for Nivel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Nivel::L0 = self else {
            let numero = if *self == Nivel::L1 { 1 } else { 2 };
            return write!(f, "L{numero}");
        };
        f.write_str("L0")
    }
}

/// De que o cerco se cerca, antes de saber o que vai iniciar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preparo {
    pub nivel: Nivel,
    /// O processo do conferidor.
    pub conferidor: u32,
    /// O programa e o que o comando nomeia: continuam à vista.
    pub usados: Vec<String>,
    /// Arquivos e pastas que o programa não vê (L2).
    pub escondidos: Vec<PathBuf>,
    /// A única porta TCP a que o programa pode se conectar no L1; `None`
    /// deixa conectar a qualquer uma.
    pub porta: Option<u16>,
    /// A pasta que o programa divide com o conferidor, e em que escreve.
    pub pasta: Option<PathBuf>,
    /// Só o que a vista nomeia existe; `None` deixa ver o resto.
    pub vista: Option<Vista>,
}

/// O que iniciar, e dentro de que limites.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ordem {
    pub programa: String,
    pub argumentos: Vec<String>,
    /// Se a entrada padrão vem do conferidor (senão, vazia).
    pub entrada: bool,
    /// Descritores abertos (RLIMIT_NOFILE).
    pub descritores: u64,
    /// Segundos de processador (RLIMIT_CPU).
    pub segundos: u64,
}

/// O que o programa de uma entrega vê, além do sistema, cada coisa no caminho
/// que ela já tem.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vista {
    /// O que ele lê (e executa).
    pub leitura: Vec<PathBuf>,
    /// Onde ele escreve.
    pub escrita: Vec<PathBuf>,
    /// O que se esconde se estiver dentro de uma pasta do sistema.
    pub escondidos: Vec<PathBuf>,
    /// A pasta em que o programa começa.
    pub pasta: PathBuf,
    /// O que entra no ambiente dele.
    pub ambiente: Vec<(String, String)>,
}
