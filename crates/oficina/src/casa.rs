//! Onde ficam as coisas: a raiz do projeto e o que há nela.

use std::fs;
use std::path::{Path, PathBuf};

/// A pasta do projeto: a que contém `book.toml` e a oficina.
///
/// É a que `OFICINA_RAIZ` diz; senão, a que se acha a partir da pasta atual, que
/// pode ser uma cópia, com o `target/` de outra; e, fora de qualquer uma, a
/// pasta de onde esta oficina foi compilada.
pub fn raiz() -> PathBuf {
    if let Some(pasta) = std::env::var_os("OFICINA_RAIZ") {
        return std::path::absolute(pasta).unwrap_or_default();
    }
    let compilada = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let atual = std::env::current_dir().unwrap_or_default();
    achar_raiz(&atual, compilada)
}

fn achar_raiz(atual: &Path, compilada: PathBuf) -> PathBuf {
    let achada = atual
        .ancestors()
        .map(Path::to_path_buf)
        .chain(std::iter::once(compilada))
        .find(|pasta| {
            pasta.join("book.toml").is_file()
                && pasta.join("crates/oficina").is_dir()
        })
        .unwrap_or_else(|| atual.to_path_buf());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copia_em_que_se_esta_vale_mais_que_a_de_onde_veio_o_programa() {
        let pasta = std::env::temp_dir()
            .join(format!("oficina-casa-{}", std::process::id()));
        let [copia, original] = ["copia", "original"].map(|n| pasta.join(n));
        for casa in [&copia, &original] {
            fs::create_dir_all(casa.join("crates/oficina")).unwrap();
            fs::write(casa.join("book.toml"), "").unwrap();
        }
        let dentro = copia.join("crates/oficina");
        let fora = pasta.canonicalize().unwrap();
        let [copia, canonica] =
            [&copia, &original].map(|p| p.canonicalize().unwrap());
        assert_eq!(achar_raiz(&dentro, original.clone()), copia);
        assert_eq!(achar_raiz(&fora, original), canonica);
        fs::remove_dir_all(&pasta).unwrap();
    }
}
