//! A poda: o mdBook escreve o que o tema dele usa (fontes, realce, busca); o
//! nosso não usa quase nada disso, e o leitor não precisa carregar.

use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// O começo do nome dos arquivos que o mdBook põe na saída por conta dele.
const DO_MDBOOK: &[&str] = &[
    "FontAwesome/",
    "ace",
    "ayu-highlight",
    "book",
    "clipboard",
    "css/",
    "editor",
    "elasticlunr",
    "favicon",
    "fonts/",
    "highlight",
    "mark",
    "mode-rust",
    "searcher",
    "searchindex",
    "theme-",
    "toc",
    "tomorrow-night",
];

/// Quanto se lê de cada ponta de um arquivo grande, em bytes.
const PONTA: usize = 64 * 1024;

/// As páginas que mostram tudo o que o modelo pode usar.
const TESTEMUNHAS: &[&str] = &["index.html", "404.html", "print.html"];

/// Remove da saída os arquivos do mdBook que nenhuma página usa. Repete até
/// nada mais sair: uma folha de estilo que sai deixa as fontes dela sem uso.
pub fn podar(saida: &Path) -> Result<()> {
    let mut restam = candidatos(saida, saida)?;
    loop {
        let citados = textos(saida, &restam)?;
        let (ficam, saem): (Vec<_>, Vec<_>) = restam
            .into_iter()
            .partition(|arquivo| citado(arquivo, &citados));
        if saem.is_empty() {
            return Ok(());
        }
        for arquivo in saem {
            fs::remove_file(&arquivo).with_context(|| {
                format!("não foi possível remover {}", arquivo.display())
            })?;
            // Só sai a pasta que ficou vazia.
            let _ = fs::remove_dir(arquivo.parent().unwrap_or(saida));
        }
        restam = ficam;
    }
}

/// Se algum outro texto tem o nome do arquivo.
fn citado(arquivo: &Path, textos: &[(PathBuf, String)]) -> bool {
    let nome = arquivo.file_name().unwrap_or_default().to_string_lossy();
    textos
        .iter()
        .any(|(dono, texto)| dono != arquivo && texto.contains(&*nome))
}

/// Os arquivos que o mdBook põe na saída por conta dele.
fn candidatos(saida: &Path, pasta: &Path) -> Result<Vec<PathBuf>> {
    let mut achados = Vec::new();
    for entrada in fs::read_dir(pasta)? {
        let caminho = entrada?.path();
        let relativo = caminho.strip_prefix(saida).unwrap_or(&caminho);
        let nome = relativo.to_string_lossy().replace('\\', "/");
        if caminho.is_dir() {
            let do_mdbook = format!("{nome}/");
            if DO_MDBOOK.contains(&do_mdbook.as_str()) {
                achados.extend(candidatos(saida, &caminho)?);
            }
        } else if DO_MDBOOK.iter().any(|inicio| nome.starts_with(inicio))
            && (nome == "toc.html" || !nome.ends_with(".html"))
        {
            achados.push(caminho);
        }
    }
    Ok(achados)
}

/// Os textos em que um arquivo pode ser citado: páginas, estilos, programas.
fn textos(
    saida: &Path,
    candidatos: &[PathBuf],
) -> Result<Vec<(PathBuf, String)>> {
    let paginas = TESTEMUNHAS.iter().map(|nome| saida.join(nome));
    let estilos = candidatos
        .iter()
        .filter(|arquivo| arquivo.extension().is_some_and(|fim| fim == "css"));
    let mut textos = Vec::new();
    for arquivo in paginas.chain(estilos.cloned()) {
        if arquivo.is_file() {
            let texto = pontas(&fs::read(&arquivo)?);
            textos.push((arquivo, texto));
        }
    }
    Ok(textos)
}

/// O começo e o fim de um arquivo, que é onde um modelo cita os outros: a
/// página com o livro inteiro tem megabytes de texto no meio.
fn pontas(bytes: &[u8]) -> String {
    if bytes.len() <= 2 * PONTA {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let (comeco, fim) = (&bytes[..PONTA], &bytes[bytes.len() - PONTA..]);
    String::from_utf8_lossy(&[comeco, fim].concat()).into_owned()
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn so_fica_o_que_uma_pagina_usa() {
        let mesa = tempfile::tempdir().expect("pasta temporária");
        let saida = mesa.path();
        for nome in ["css", "fonts"] {
            fs::create_dir(saida.join(nome)).expect("criar a pasta");
        }
        let arquivos = [
            ("index.html", "<link href=\"css/general-1a.css\">"),
            ("css/general-1a.css", "p {}"),
            ("css/chrome-2b.css", "p {}"),
            ("fonts/x.woff2", ""),
            ("highlight-3c.js", ""),
            ("book.html", "uma página com nome infeliz"),
            ("toc.html", ""),
            ("captura.pcap", ""),
        ];
        for (nome, texto) in arquivos {
            fs::write(saida.join(nome), texto).expect("escrever");
        }
        podar(saida).expect("podar");

        let fica = |nome: &str| saida.join(nome).exists();
        assert!(fica("css/general-1a.css") && fica("captura.pcap"));
        assert!(fica("book.html"));
        assert!(!fica("css/chrome-2b.css") && !fica("fonts"));
        assert!(!fica("highlight-3c.js") && !fica("toc.html"));
    }
}
