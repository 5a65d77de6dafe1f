//! A prova de que nenhuma resposta foi junto.
//!
//! Uma linha é *própria* de uma resposta quando está em uma solução, em um
//! mutante ou em um aceitador, e não está em nenhum programa que o livro
//! mostra nem em um esqueleto. Nenhuma pode estar em uma página, em uma sessão
//! gravada ou em qualquer outro texto. No código das ferramentas e nos testes,
//! que também são programas de rede, uma linha igual é acaso
//! (`let mut texto = String::new();`); três seguidas são cópia.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::fontes;
use super::regras::{e_codigo_do_capitulo, e_resposta};

/// Uma linha menor que isto diz pouco: `use std::io;`, `return Ok(());`.
const MENOR_LINHA: usize = 24;

/// Quantas linhas próprias seguidas um programa não tem por acaso.
const SEGUIDAS: usize = 3;

/// As linhas que só existem em respostas, e de onde vêm.
pub struct Segredo {
    linhas: HashMap<String, String>,
}

impl Segredo {
    /// Lê as respostas e os programas que o livro mostra.
    pub fn ler(raiz: &Path, nomes: &[String]) -> Result<Segredo> {
        let mut mostradas = HashSet::new();
        let mut linhas = HashMap::new();
        for nome in nomes.iter().filter(|n| e_codigo_do_capitulo(n)) {
            let texto = ler(raiz, nome)?;
            if !e_resposta(nome) {
                mostradas.extend(uteis(&texto).map(str::to_owned));
            }
        }
        for nome in nomes.iter().filter(|n| e_resposta(n)) {
            let texto = ler(raiz, nome)?;
            for linha in uteis(&texto).filter(|l| !mostradas.contains(*l)) {
                linhas.insert(linha.to_owned(), nome.clone());
            }
        }
        Ok(Segredo { linhas })
    }

    /// De todos os arquivos da raiz.
    pub fn da_casa(raiz: &Path) -> Result<Segredo> {
        Segredo::ler(raiz, &fontes::listar(raiz)?)
    }

    /// Quantas linhas próprias há.
    pub fn linhas(&self) -> usize {
        self.linhas.len()
    }

    /// De que respostas são as linhas.
    pub fn respostas(&self) -> HashSet<&str> {
        self.linhas.values().map(String::as_str).collect()
    }

    /// Os lugares de uma pasta em que uma linha própria aparece.
    pub fn procurar(&self, pasta: &Path) -> Result<Vec<String>> {
        let mut achados = Vec::new();
        for nome in fontes::de_dentro(pasta)? {
            let bytes = fs::read(pasta.join(&nome))?;
            let texto = String::from_utf8_lossy(&bytes);
            let demais = if e_programa(&nome) { SEGUIDAS } else { 1 };
            let mut seguidas = 0;
            for (numero, linha) in texto.lines().enumerate() {
                let linha = linha.trim();
                let Some(de_onde) = self.linhas.get(linha) else {
                    seguidas = 0;
                    continue;
                };
                seguidas += 1;
                if seguidas >= demais {
                    let onde = format!("{nome}:{}", numero + 1);
                    achados.push(format!("{onde}: “{linha}”, de {de_onde}"));
                }
            }
        }
        Ok(achados)
    }
}

/// O código das ferramentas e os testes dos capítulos.
fn e_programa(nome: &str) -> bool {
    nome.ends_with(".rs") && !e_codigo_do_capitulo(nome)
}

fn uteis(texto: &str) -> impl Iterator<Item = &str> {
    texto
        .lines()
        .map(str::trim)
        .filter(|linha| linha.chars().count() >= MENOR_LINHA)
}

fn ler(raiz: &Path, nome: &str) -> Result<String> {
    let bytes = fs::read(raiz.join(nome))
        .with_context(|| format!("não consegui ler {nome}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
