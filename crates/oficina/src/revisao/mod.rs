//! A revisão da casa: páginas, capítulos e exercícios dizem a mesma coisa?

mod ancoras;
mod glossario;
mod mostrados;
mod nomes;
mod pagina;
mod palavras;
mod partes;
mod provas;
mod referencias;
mod tamanhos;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::casa;

/// Algo que não está certo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problema {
    /// `book/cap05-servidor-tcp.md:12`.
    pub onde: String,
    pub o_que: String,
}

impl fmt::Display for Problema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.onde, self.o_que)
    }
}

/// Uma parte da revisão: o título e o que fazer.
pub struct Parte {
    pub titulo: &'static str,
    pub revisar: fn(&Casa) -> Vec<Problema>,
    /// Se compila e executa programas, o que demora.
    pub executa: bool,
}

/// As partes, da mais rápida à mais demorada.
pub const PARTES: &[Parte] = &[
    Parte {
        titulo: "o sumário, os capítulos e os exercícios são os mesmos",
        revisar: nomes::sumario_capitulos_e_exercicios,
        executa: false,
    },
    Parte {
        titulo: "cada programa tem o seu gêmeo em Python",
        revisar: nomes::gemeos,
        executa: false,
    },
    Parte {
        titulo: "enunciado e conferência têm as mesmas etapas",
        revisar: nomes::etapas,
        executa: false,
    },
    Parte {
        titulo: "cada erro provocado tem uma página que o explica",
        revisar: nomes::sintomas,
        executa: false,
    },
    Parte {
        titulo: "cada âncora do código é mostrada, e existe a que se mostra",
        revisar: ancoras::revisar,
        executa: false,
    },
    Parte {
        titulo: "o que se gravou aparece, e toda saída foi gravada",
        revisar: mostrados::revisar,
        executa: false,
    },
    Parte {
        titulo: "cada capítulo tem as nove partes, na ordem",
        revisar: partes::revisar,
        executa: false,
    },
    Parte {
        titulo: "a primeira vez de cada termo leva ao glossário",
        revisar: glossario::revisar,
        executa: false,
    },
    Parte {
        titulo: "cada RFC está na bibliografia, e cada link leva à seção dita",
        revisar: referencias::revisar,
        executa: false,
    },
    Parte {
        titulo: "nenhuma palavra vazia, nenhum capítulo que não existe",
        revisar: palavras::revisar,
        executa: false,
    },
    Parte {
        titulo: "o texto dos exercícios está completo",
        revisar: palavras::exercicios,
        executa: false,
    },
    Parte {
        titulo: "cada listagem cabe em uma tela, ou diz por que não",
        revisar: tamanhos::revisar,
        executa: false,
    },
    Parte {
        titulo: "o esqueleto falha, a solução e os gêmeos passam",
        revisar: provas::revisar,
        executa: true,
    },
];

/// O que se revisa.
pub struct Casa {
    pub raiz: PathBuf,
    /// Só este capítulo.
    pub so: Option<String>,
}

impl Casa {
    pub fn nova(so: Option<String>) -> Casa {
        Casa {
            raiz: casa::raiz(),
            so,
        }
    }

    /// Os nomes das páginas de capítulo em SUMMARY.md, com a linha de cada um.
    fn no_sumario(&self) -> Vec<(usize, String)> {
        let sumario = self.ler("book/SUMMARY.md");
        let linhas = sumario.lines().enumerate();
        linhas
            .filter_map(|(numero, linha)| {
                let destino = linha.split_once("](")?.1.split(')').next()?;
                let nome = destino.trim_start_matches("./");
                let nome = nome.strip_suffix(".md")?.to_owned();
                e_capitulo(&nome).then_some((numero + 1, nome))
            })
            .filter(|(_, nome)| self.interessa(nome))
            .collect()
    }

    /// Os nomes das pastas de capítulo.
    fn capitulos(&self) -> Vec<String> {
        let pastas = fs::read_dir(self.raiz.join("crates"));
        let pastas = pastas.into_iter().flatten().flatten();
        let mut nomes: Vec<_> = pastas
            .map(|pasta| pasta.file_name().to_string_lossy().into_owned())
            .filter(|nome| e_capitulo(nome) && self.interessa(nome))
            .collect();
        nomes.sort();
        nomes
    }

    /// As pastas de `crates/` que têm página com o mesmo nome: os capítulos e
    /// os apêndices com programas.
    fn salas_com_pagina(&self) -> Vec<String> {
        let pastas = fs::read_dir(self.raiz.join("crates"));
        let pastas = pastas.into_iter().flatten().flatten();
        let mut nomes: Vec<_> = pastas
            .map(|pasta| pasta.file_name().to_string_lossy().into_owned())
            .filter(|nome| self.interessa(nome))
            .filter(|nome| {
                e_capitulo(nome)
                    || self.raiz.join(format!("book/{nome}.md")).is_file()
            })
            .collect();
        nomes.sort();
        nomes
    }

    /// Os números dos capítulos que existem, revisados ou não.
    fn numeros_dos_capitulos(&self) -> Vec<u32> {
        let todos = Casa {
            raiz: self.raiz.clone(),
            so: None,
        };
        let nomes = todos.capitulos();
        nomes.iter().filter_map(|n| n[3..5].parse().ok()).collect()
    }

    fn interessa(&self, nome: &str) -> bool {
        self.so.as_ref().is_none_or(|so| so == nome)
    }

    fn ler(&self, caminho: impl AsRef<Path>) -> String {
        fs::read_to_string(self.raiz.join(caminho)).unwrap_or_default()
    }

    /// O caminho como se mostra: a partir da raiz.
    fn curto(&self, caminho: &Path) -> String {
        let curto = caminho.strip_prefix(&self.raiz).unwrap_or(caminho);
        curto.to_string_lossy().into_owned()
    }

    /// Os arquivos de um capítulo com uma destas extensões, em ordem.
    fn arquivos(&self, capitulo: &str, extensoes: &[&str]) -> Vec<PathBuf> {
        let mut achados = Vec::new();
        let mut fila = vec![self.raiz.join("crates").join(capitulo)];
        while let Some(pasta) = fila.pop() {
            let entradas = fs::read_dir(pasta).into_iter().flatten().flatten();
            for caminho in entradas.map(|entrada| entrada.path()) {
                let extensao = caminho.extension().unwrap_or_default();
                if caminho.is_dir() {
                    fila.push(caminho);
                } else if extensoes.iter().any(|&e| extensao == e) {
                    achados.push(caminho);
                }
            }
        }
        achados.sort();
        achados
    }
}

fn e_capitulo(nome: &str) -> bool {
    let numero = nome.strip_prefix("cap").and_then(|resto| resto.get(..3));
    numero.is_some_and(|texto| {
        texto.ends_with('-') && texto[..2].parse::<u8>().is_ok()
    })
}

fn problema(onde: impl Into<String>, o_que: impl Into<String>) -> Problema {
    Problema {
        onde: onde.into(),
        o_que: o_que.into(),
    }
}
