//! Um livro pequeno em uma pasta temporária, e o programa de verdade.

#![allow(dead_code, reason = "cada arquivo de teste usa uma parte")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// O programa que se testa.
pub const LIVRO: &str = env!("CARGO_BIN_EXE_livro");

const CONFIGURACAO: &str = r#"
[book]
title = "Livro de teste"
language = "pt-BR"
src = "book"

[build]
build-dir = "target/livro"
create-missing = false

[preprocessor.livro]
command = "PROGRAMA preprocessador"
before = ["links", "index"]
renderers = ["html"]

[output.html]
smart-punctuation = false

[output.html.playground]
runnable = false
"#;

const PROGRAMA: &str = "//! Um eco.\n\n// ANCHOR: eco\nfn eco() {}\n\
    // ANCHOR_END: eco\n// ANCHOR: dois\nfn a() {}\n// ANCHOR_END: dois\n\
    // ANCHOR: dois\nfn b() {}\n// ANCHOR_END: dois\n";

/// Uma página certa, com uma listagem e um link para a outra.
pub const PAGINA: &str = "# Um eco\n\nVeja [o fim](fim.md#o-fim).\n\n\
    ```rust\n{{#include ../crates/cap05-eco/src/bin/cap05-eco.rs:eco}}\n```\n";

/// O livro de teste.
pub struct Mesa {
    pasta: tempfile::TempDir,
}

impl Mesa {
    /// Duas páginas certas e um programa.
    pub fn nova() -> Mesa {
        let pasta = tempfile::tempdir().expect("pasta temporária");
        let mesa = Mesa { pasta };
        let configuracao = CONFIGURACAO.replace("PROGRAMA", LIVRO);
        mesa.escrever("book.toml", &configuracao);
        mesa.escrever(
            "book/SUMMARY.md",
            "# Sumário\n\n- [Um eco](cap05-eco.md)\n- [O fim](fim.md)\n",
        );
        mesa.escrever("book/cap05-eco.md", PAGINA);
        mesa.escrever("book/fim.md", "# Fim\n\n## O fim\n\nAcabou.\n");
        mesa.escrever("crates/cap05-eco/src/bin/cap05-eco.rs", PROGRAMA);
        mesa
    }

    pub fn raiz(&self) -> &Path {
        self.pasta.path()
    }

    pub fn caminho(&self, nome: &str) -> PathBuf {
        self.raiz().join(nome)
    }

    /// Grava como os editores gravam: um arquivo à parte que toma o lugar do
    /// outro. Quem vigia nunca vê meio arquivo.
    pub fn escrever(&self, nome: &str, texto: &str) {
        let caminho = self.caminho(nome);
        let pasta = caminho.parent().expect("pasta do arquivo");
        fs::create_dir_all(pasta).expect("criar a pasta");
        let parcial = pasta.join(".parcial");
        fs::write(&parcial, texto).expect("escrever o arquivo");
        fs::rename(parcial, caminho).expect("trocar o arquivo");
    }

    pub fn ler(&self, nome: &str) -> String {
        let caminho = self.caminho(nome);
        fs::read_to_string(&caminho)
            .unwrap_or_else(|erro| panic!("{}: {erro}", caminho.display()))
    }

    /// O programa, pronto para rodar na raiz do livro.
    pub fn comando(&self, argumentos: &[&str]) -> Command {
        let mut comando = Command::new(LIVRO);
        comando
            .args(argumentos)
            .current_dir(self.raiz())
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("MDBOOK_OUTPUT__HTML__GIT_REPOSITORY_URL");
        comando
    }

    pub fn rodar(&self, argumentos: &[&str]) -> Output {
        self.comando(argumentos).output().expect("rodar o programa")
    }

    /// Monta o livro, que está certo.
    pub fn construir(&self) {
        let saida = self.rodar(&["construir"]);
        assert!(saida.status.success(), "{}", erros(&saida));
    }

    /// Monta o livro, que está errado; devolve o que o programa reclama.
    pub fn reclamacao(&self) -> String {
        let saida = self.rodar(&["construir"]);
        let erros = erros(&saida);
        assert_eq!(saida.status.code(), Some(1), "{erros}");
        assert!(!erros.contains("panicked"), "{erros}");
        assert!(!erros.contains("backtrace"), "{erros}");
        erros
    }
}

/// O que o programa escreveu na saída de erros.
pub fn erros(saida: &Output) -> String {
    String::from_utf8_lossy(&saida.stderr).into_owned()
}
