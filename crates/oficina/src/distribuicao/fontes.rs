//! Os arquivos deste livro: os que o git conhece ou, sem git, os da pasta.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Pastas que nunca são fonte de nada.
const GERADAS: &[&str] =
    &[".git", ".oficina", "target", "node_modules", "__pycache__"];

/// Os caminhos, a partir da raiz, com `/` e em ordem.
///
/// Com git, só os que ele guarda: um rascunho seu na pasta do capítulo não vai
/// parar na mão dos alunos. E um esqueleto que você resolveu no lugar para a
/// cópia aqui.
pub fn listar(raiz: &Path) -> Result<Vec<String>> {
    let Some(guardados) = git(raiz, &["ls-files", "-z"]) else {
        return na_pasta(raiz);
    };
    let mexidos = git(raiz, &["status", "--porcelain", "-z", "--", "crates"])
        .unwrap_or_default();
    let mexido = mexidos
        .split('\0')
        .filter_map(|linha| linha.get(3..))
        .find(|nome| e_esqueleto(nome));
    ensure!(
        mexido.is_none(),
        "{} está diferente do que o git guarda, e iria assim para os alunos; \
         desfaça ou guarde a mudança",
        mexido.unwrap_or_default()
    );
    let mut nomes: Vec<_> = guardados
        .split('\0')
        .filter(|nome| raiz.join(nome).is_file())
        .map(str::to_owned)
        .collect();
    nomes.sort();
    Ok(nomes)
}

/// `crates/capNN-…/src/bin/capNN-exercicio.rs` ou o gêmeo em Python.
fn e_esqueleto(nome: &str) -> bool {
    nome.ends_with("-exercicio.rs") || nome.ends_with("-exercicio.py")
}

/// A saída de um comando do git, se a raiz é um repositório dele.
fn git(raiz: &Path, argumentos: &[&str]) -> Option<String> {
    if !raiz.join(".git").exists() {
        return None;
    }
    let saida = Command::new("git")
        .arg("-C")
        .arg(raiz)
        .args(argumentos)
        .output()
        .ok()?;
    let texto = String::from_utf8(saida.stdout).ok()?;
    saida.status.success().then_some(texto)
}

fn na_pasta(raiz: &Path) -> Result<Vec<String>> {
    let mut nomes = Vec::new();
    let mut fila = vec![raiz.to_path_buf()];
    while let Some(pasta) = fila.pop() {
        let entradas = fs::read_dir(&pasta)
            .with_context(|| format!("não consegui ler {}", pasta.display()))?;
        for entrada in entradas {
            let entrada = entrada?;
            let nome = entrada.file_name();
            let tipo = entrada.file_type()?;
            if tipo.is_dir() && !GERADAS.iter().any(|&g| nome == g) {
                fila.push(entrada.path());
            } else if tipo.is_file() {
                nomes.push(relativo(raiz, &entrada.path()));
            }
        }
    }
    nomes.sort();
    Ok(nomes)
}

/// O caminho a partir da raiz, com `/` em qualquer sistema.
pub fn relativo(raiz: &Path, caminho: &Path) -> String {
    let partes = caminho.strip_prefix(raiz).unwrap_or(caminho).components();
    let partes = partes.map(|p| p.as_os_str().to_string_lossy().into_owned());
    partes.collect::<Vec<_>>().join("/")
}

/// Todos os arquivos de uma pasta qualquer.
pub fn de_dentro(pasta: &Path) -> Result<Vec<String>> {
    na_pasta(pasta)
}
