//! Um livro de mentira, com um capítulo e os roteiros que o teste quiser.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// A pasta do livro; some no fim do teste.
pub struct Livro(PathBuf);

impl Livro {
    pub fn novo() -> Self {
        static NUMERO: AtomicU32 = AtomicU32::new(0);
        let numero = NUMERO.fetch_add(1, Ordering::Relaxed);
        let nome = format!("livro-de-prova-{}-{numero}", std::process::id());
        let raiz = std::env::temp_dir().join(nome);
        let livro = Self(raiz);
        for pasta in ["fio", "saidas"] {
            std::fs::create_dir_all(livro.capitulo().join(pasta)).unwrap();
        }
        livro.escrever("book.toml", "");
        livro.escrever("crates/cap99-prova/Cargo.toml", "");
        livro
    }

    pub fn capitulo(&self) -> PathBuf {
        self.0.join("crates/cap99-prova")
    }

    pub fn escrever(&self, arquivo: impl AsRef<Path>, texto: &str) {
        std::fs::write(self.0.join(arquivo), texto).unwrap();
    }

    /// Um roteiro do capítulo.
    pub fn roteiro(&self, nome: &str, texto: &str) {
        let arquivo = format!("crates/cap99-prova/fio/{nome}.roteiro");
        self.escrever(arquivo, texto);
    }

    /// O comando da oficina, na pasta do livro.
    pub fn oficina(&self, argumentos: &[&str]) -> Command {
        let mut comando = Command::new(env!("CARGO_BIN_EXE_oficina"));
        comando.current_dir(&self.0).args(argumentos);
        comando
    }

    pub fn rodar(&self, argumentos: &[&str]) -> Fim {
        Fim::de(self.oficina(argumentos).output().unwrap())
    }
}

impl Drop for Livro {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// O que um comando deu.
#[derive(Debug)]
pub struct Fim {
    pub codigo: Option<i32>,
    pub saida: String,
    pub erros: String,
}

impl Fim {
    pub fn de(saida: Output) -> Self {
        Self {
            codigo: saida.status.code(),
            saida: String::from_utf8(saida.stdout).unwrap(),
            erros: String::from_utf8(saida.stderr).unwrap(),
        }
    }
}
