//! O `exercicio.toml` de um capítulo: o que o exercício pede, em texto.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::erros_classicos::Codigo;

/// O papel do programa do estudante.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Papel {
    Servidor,
    Cliente,
    ServidorUdp,
    ClienteUdp,
}

impl Papel {
    /// Se o programa escuta (e o palco é quem procura por ele).
    pub fn servidor(self) -> bool {
        matches!(self, Papel::Servidor | Papel::ServidorUdp)
    }
}

/// O texto de um exercício.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enunciado {
    pub titulo: String,
    pub papel: Papel,
    pub resumo: String,
    #[serde(default)]
    pub restricoes: Vec<String>,
    #[serde(default)]
    pub requisitos: Vec<String>,
    pub etapas: Vec<TextoDaEtapa>,
}

/// O texto de uma etapa.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextoDaEtapa {
    pub id: String,
    pub nome: String,
    pub tenta: String,
    pub pontos: u32,
    #[serde(default)]
    pub erros: Vec<String>,
    pub dicas: Vec<String>,
}

impl Enunciado {
    /// Lê e confere o texto de um `exercicio.toml`.
    pub fn ler(capitulo: &str, texto: &str) -> Result<Enunciado> {
        let enunciado: Enunciado = toml::from_str(texto)
            .with_context(|| format!("{capitulo}/exercicio.toml"))?;
        for etapa in &enunciado.etapas {
            let onde = format!("{capitulo}/exercicio.toml, {}", etapa.id);
            ensure!(!etapa.dicas.is_empty(), "{onde}: não há nenhuma dica");
            ensure!(etapa.pontos > 0, "{onde}: a etapa não vale pontos");
            for erro in &etapa.erros {
                ensure!(
                    Codigo::do_rotulo(erro).is_some_and(Codigo::classico),
                    "{onde}: o erro {erro} não existe"
                );
            }
        }
        Ok(enunciado)
    }

    /// A soma dos pontos das etapas.
    pub fn pontos(&self) -> u32 {
        self.etapas.iter().map(|etapa| etapa.pontos).sum()
    }
}
