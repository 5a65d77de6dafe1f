//! As diretivas que abrem, levam Markdown dentro e fecham.

use super::{Lugar, abas, caixas};
use crate::falha::Falha;

/// Uma diretiva que abriu e ainda não fechou.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aberta {
    Abas { linha: usize, linguas: Vec<String> },
    Conseguir { linha: usize },
    Sintoma { linha: usize, causa: bool },
}

impl Aberta {
    /// O nome da diretiva.
    pub fn nome(&self) -> &'static str {
        match self {
            Aberta::Abas { .. } => "abas",
            Aberta::Conseguir { .. } => "conseguir",
            Aberta::Sintoma { .. } => "sintoma",
        }
    }

    /// A linha em que ela abriu.
    pub fn linha(&self) -> usize {
        match self {
            Aberta::Abas { linha, .. }
            | Aberta::Conseguir { linha }
            | Aberta::Sintoma { linha, .. } => *linha,
        }
    }
}

/// O HTML que fecha a caixa, se ela está completa. Quando algo dentro dela já
/// falhou, não vale a pena reclamar também do que falta.
pub fn fim(
    lugar: Lugar<'_>,
    aberta: &Aberta,
    ja_falhou: bool,
) -> Result<&'static str, Falha> {
    let abriu = Lugar {
        linha: aberta.linha(),
        ..lugar
    };
    match aberta {
        Aberta::Abas { linguas, .. } if linguas.len() < 2 && !ja_falhou => {
            Err(abriu.falha(
                "um conjunto de abas tem pelo menos duas linguagens; um bloco \
                 sozinho não precisa de `{{#abas}}`",
            ))
        }
        Aberta::Sintoma { causa: false, .. } => Err(abriu.falha(
            "o sintoma não tem causa; falta a linha `{{#causa}}` antes de \
             `{{/sintoma}}`",
        )),
        Aberta::Abas { .. } => Ok(abas::FECHA),
        Aberta::Conseguir { .. } => Ok("</div>"),
        Aberta::Sintoma { .. } => Ok(caixas::FECHA_SINTOMA),
    }
}
