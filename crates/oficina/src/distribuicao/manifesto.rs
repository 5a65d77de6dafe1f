//! O que foi, o que mudou e o que ficou, com o motivo.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Onde o manifesto fica no repositório dos alunos.
pub const ARQUIVO: &str = ".github/MANIFESTO.md";

/// A conta do que foi deixado de fora e por quê.
#[derive(Debug, Default)]
pub struct Manifesto {
    capitulos: Vec<&'static str>,
    fora: BTreeMap<&'static str, Vec<String>>,
    mudados: Vec<String>,
    novos: Vec<&'static str>,
}

impl Manifesto {
    pub(super) fn novo(capitulos: &[&'static str]) -> Manifesto {
        Manifesto {
            capitulos: capitulos.to_vec(),
            ..Manifesto::default()
        }
    }

    pub(super) fn fora(&mut self, nome: &str, motivo: &'static str) {
        self.fora.entry(motivo).or_default().push(nome.to_owned());
    }

    pub(super) fn mudou(&mut self, nome: &str) {
        self.mudados.push(nome.to_owned());
    }

    pub(super) fn novo_arquivo(&mut self, nome: &'static str) {
        self.novos.push(nome);
    }

    /// Quantos arquivos ficaram de fora.
    pub fn quantos_fora(&self) -> usize {
        self.fora.values().map(Vec::len).sum()
    }

    /// Se este arquivo ficou de fora.
    pub fn ficou_fora(&self, nome: &str) -> bool {
        self.fora.values().flatten().any(|fora| fora == nome)
    }

    /// O manifesto em Markdown.
    pub fn texto(&self) -> String {
        let mut texto = String::from(
            "# O que há neste repositório\n\n\
             Criado por `cargo oficina turma criar`, a partir do livro \
             completo.\n\n## Capítulos\n\n",
        );
        let linha = |texto: &mut String, nome: &str| {
            writeln!(texto, "- `{nome}`").expect("escrever na memória");
        };
        for nome in &self.capitulos {
            linha(&mut texto, nome);
        }
        texto.push_str("\n## O que ficou de fora, e por quê\n");
        for (motivo, nomes) in &self.fora {
            write!(texto, "\n### {motivo} ({})\n\n", nomes.len())
                .expect("escrever na memória");
            for nome in nomes {
                linha(&mut texto, nome);
            }
        }
        texto.push_str("\n## O que foi adaptado\n\n");
        for nome in &self.mudados {
            linha(&mut texto, nome);
        }
        texto.push_str("\n## O que é só deste repositório\n\n");
        for nome in &self.novos {
            linha(&mut texto, nome);
        }
        texto
    }
}
