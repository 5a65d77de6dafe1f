//! `Cargo.lock` sem os pacotes que os capítulos de fora traziam.

use std::collections::{HashMap, HashSet};

use anyhow::Result;

use super::regras::Regras;

const ENTRE_PACOTES: &str = "\n[[package]]\n";

/// Um pacote da tranca, em texto.
struct Pacote<'a> {
    nome: &'a str,
    versao: &'a str,
    /// Se vem de fora da casa.
    de_fora: bool,
    /// `nome` ou `nome versão`.
    depende: Vec<&'a str>,
    texto: &'a str,
}

/// Deixa os pacotes a que se chega pelas salas que vão.
pub fn podar(regras: &Regras, _: &str, antes: &str) -> Result<String> {
    let mut partes = antes.split(ENTRE_PACOTES);
    let cabeca = partes.next().unwrap_or_default();
    let pacotes: Vec<_> = partes.map(ler).collect();
    let mut fila: Vec<_> = (0..pacotes.len())
        .filter(|&i| {
            let manifesto = format!("crates/{}/Cargo.toml", pacotes[i].nome);
            !pacotes[i].de_fora && regras.vao.contains(&manifesto)
        })
        .collect();
    let por_nome = por_nome(&pacotes);
    let mut ficam: HashSet<usize> = HashSet::new();
    while let Some(i) = fila.pop() {
        if ficam.insert(i) {
            let depende = pacotes[i].depende.iter();
            fila.extend(depende.flat_map(|&d| achar(&pacotes, &por_nome, d)));
        }
    }
    let mut depois = cabeca.trim_end().to_owned() + "\n";
    for (i, pacote) in pacotes.iter().enumerate() {
        if ficam.contains(&i) {
            depois.push_str(ENTRE_PACOTES);
            depois.push_str(pacote.texto.trim_end());
            depois.push('\n');
        }
    }
    Ok(depois)
}

fn ler(texto: &str) -> Pacote<'_> {
    let valor = |chave: &str| {
        let linha = texto.lines().find_map(|l| l.strip_prefix(chave));
        linha.unwrap_or_default().trim_matches('"')
    };
    let listadas = texto
        .lines()
        .filter_map(|linha| linha.strip_prefix(" \"")?.strip_suffix("\","));
    Pacote {
        nome: valor("name = "),
        versao: valor("version = "),
        de_fora: texto.contains("\nsource = "),
        depende: listadas.collect(),
        texto,
    }
}

fn por_nome<'a>(pacotes: &[Pacote<'a>]) -> HashMap<&'a str, Vec<usize>> {
    let mut indice: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, pacote) in pacotes.iter().enumerate() {
        indice.entry(pacote.nome).or_default().push(i);
    }
    indice
}

/// Um nome repetido vem com a versão, que diz qual deles é.
fn achar(
    pacotes: &[Pacote],
    por_nome: &HashMap<&str, Vec<usize>>,
    depende: &str,
) -> Vec<usize> {
    let mut partes = depende.split(' ');
    let nome = partes.next().unwrap_or_default();
    let versao = partes.next();
    let candidatos = por_nome.get(nome).into_iter().flatten();
    candidatos
        .copied()
        .filter(|&i| versao.is_none_or(|v| v == pacotes[i].versao))
        .collect()
}
