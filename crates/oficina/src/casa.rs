//! Onde ficam as coisas: a raiz do projeto e o que há nela.

use std::fs;
use std::path::{Path, PathBuf};

/// A pasta do projeto: a que contém `book.toml`.
///
/// É a que `OFICINA_RAIZ` diz; senão, a pasta de onde esta oficina foi
/// compilada; e, se ela mudou de lugar, a que se acha a partir da pasta atual.
pub fn raiz() -> PathBuf {
    if let Some(pasta) = std::env::var_os("OFICINA_RAIZ") {
        return std::path::absolute(pasta).unwrap_or_default();
    }
    let compilada = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let atual = std::env::current_dir().unwrap_or_default();
    let candidatas = atual.ancestors().map(Path::to_path_buf);
    let achada = std::iter::once(compilada)
        .chain(candidatas)
        .find(|pasta| pasta.join("book.toml").is_file())
        .unwrap_or(atual);
    achada.canonicalize().unwrap_or(achada)
}

/// A pasta de um capítulo.
pub fn pasta_do_capitulo(capitulo: &str) -> PathBuf {
    raiz().join("crates").join(capitulo)
}

/// A pasta onde o cargo deixa o que compila.
pub fn alvo() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(pasta) => std::path::absolute(pasta).unwrap_or_default(),
        None => raiz().join("target"),
    }
}

/// O que o programa conferido não deve ver: o histórico, o que já foi
/// compilado e as soluções, com os testes da oficina.
pub fn segredos() -> Vec<PathBuf> {
    let raiz = raiz();
    let mut segredos = vec![
        raiz.join(".git"),
        raiz.join(".oficina"),
        raiz.join("crates/oficina"),
        raiz.join("target"),
        alvo(),
    ];
    segredos.dedup();
    for capitulo in pastas(&raiz.join("crates")) {
        for pasta in ["src/bin", "python"] {
            segredos.extend(solucoes(&capitulo.join(pasta)));
        }
    }
    segredos
}

fn solucoes(pasta: &Path) -> Vec<PathBuf> {
    let arquivos = fs::read_dir(pasta).into_iter().flatten().flatten();
    arquivos
        .map(|arquivo| arquivo.path())
        .filter(|caminho| {
            let nome = caminho.file_stem().unwrap_or_default();
            nome.to_string_lossy().ends_with("-solucao")
        })
        .collect()
}

fn pastas(pasta: &Path) -> Vec<PathBuf> {
    let entradas = fs::read_dir(pasta).into_iter().flatten().flatten();
    let mut pastas: Vec<_> = entradas
        .map(|entrada| entrada.path())
        .filter(|caminho| caminho.is_dir())
        .collect();
    pastas.sort();
    pastas
}
