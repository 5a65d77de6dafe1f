//! Onde fica o livro: a pasta de `book.toml`, achada de qualquer subpasta.

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Sobe da pasta atual até a que tem `book.toml`.
pub fn raiz() -> Result<PathBuf> {
    let aqui = std::env::current_dir()?;
    let manifesto = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let achada = acima(&aqui).or_else(|| manifesto.as_deref().and_then(acima));
    match achada {
        Some(pasta) => Ok(pasta.canonicalize()?),
        None => bail!(
            "não encontrei `book.toml` em {} nem acima; entre na pasta do \
             projeto",
            aqui.display()
        ),
    }
}

fn acima(pasta: &Path) -> Option<PathBuf> {
    pasta
        .ancestors()
        .find(|pasta| pasta.join("book.toml").is_file())
        .map(Path::to_path_buf)
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn o_livro_e_achado_de_uma_subpasta() {
        let pasta = tempfile::tempdir().expect("pasta temporária");
        let funda = pasta.path().join("crates/a/src");
        std::fs::create_dir_all(&funda).expect("criar a pasta");
        std::fs::write(pasta.path().join("book.toml"), "").expect("escrever");

        assert_eq!(acima(&funda).as_deref(), Some(pasta.path()));
    }
}
