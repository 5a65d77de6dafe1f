//! O `exercicio.toml` de um capítulo: o que o exercício pede, em texto.

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::erros_classicos::Codigo;

/// O papel do programa do estudante.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// O papel em cada etapa que não diz outro.
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
    /// O papel nesta etapa, quando não é o do exercício.
    pub papel: Option<Papel>,
    /// O que o programa recebe depois do endereço, se o código da etapa não
    /// diz outra coisa.
    #[serde(default)]
    pub argumentos: Vec<String>,
    #[serde(default)]
    pub a_mao: AMao,
}

/// Como se repete uma etapa à mão, onde não é do modo de sempre. `{porta}` é
/// a porta do capítulo.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AMao {
    /// O primeiro argumento do programa; se falta, `127.0.0.1:{porta}`.
    pub endereco: Option<String>,
    /// O comando do outro terminal; se falta, o `nc` que serve ao papel.
    pub outro: Option<String>,
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

    /// O papel do programa nesta etapa.
    pub fn papel_em(&self, etapa: &TextoDaEtapa) -> Papel {
        etapa.papel.unwrap_or(self.papel)
    }

    /// A soma dos pontos das etapas.
    pub fn pontos(&self) -> u32 {
        self.etapas.iter().map(|etapa| etapa.pontos).sum()
    }
}
