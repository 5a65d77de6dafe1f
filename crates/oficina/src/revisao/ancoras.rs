//! As âncoras do código e as páginas que as mostram.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Casa, Problema, problema};

/// Uma inclusão em uma página: `{{#include caminho:ancora}}`.
struct Inclusao {
    onde: String,
    arquivo: PathBuf,
    /// Vazia quando a página mostra o arquivo inteiro.
    ancora: String,
}

impl Inclusao {
    /// Se esta inclusão mostra a âncora deste arquivo: ela mesma, o arquivo
    /// inteiro, ou a do gêmeo, que tem o mesmo nome em outra linguagem.
    fn mostra(&self, arquivo: &Path, ancora: &str) -> bool {
        let mesma = self.ancora == ancora || self.ancora.is_empty();
        let gemeo = arquivo.file_stem() == self.arquivo.file_stem();
        mesma && (self.arquivo == arquivo || gemeo)
    }
}

/// Cada âncora abre e fecha uma vez só, aparece em alguma página, e cada
/// página só mostra o que existe.
pub fn revisar(casa: &Casa) -> Vec<Problema> {
    let inclusoes = inclusoes(casa);
    let mut problemas = Vec::new();
    let mut existentes: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
    for capitulo in casa.salas_com_pagina() {
        for arquivo in casa.arquivos(&capitulo, &["rs", "py", "c", "toml"]) {
            let (ancoras, erros) = do_arquivo(casa, &arquivo);
            problemas.extend(erros);
            for (linha, ancora) in &ancoras {
                if !inclusoes.iter().any(|i| i.mostra(&arquivo, ancora)) {
                    let onde = format!("{}:{linha}", casa.curto(&arquivo));
                    let texto =
                        format!("nenhuma página mostra a âncora “{ancora}”");
                    problemas.push(problema(onde, texto));
                }
            }
            let nomes = ancoras.into_iter().map(|(_, nome)| nome);
            existentes.insert(arquivo, nomes.collect());
        }
    }
    problemas.extend(sem_alvo(casa, &inclusoes, &existentes));
    problemas
}

/// As inclusões que não levam a lugar nenhum.
fn sem_alvo(
    casa: &Casa,
    inclusoes: &[Inclusao],
    existentes: &BTreeMap<PathBuf, Vec<String>>,
) -> Vec<Problema> {
    let mut problemas = Vec::new();
    for inclusao in inclusoes {
        let curto = casa.curto(&inclusao.arquivo);
        let ancora = &inclusao.ancora;
        if !inclusao.arquivo.is_file() {
            let texto = format!("{curto} não existe");
            problemas.push(problema(&inclusao.onde, texto));
        } else if let Some(nomes) = existentes.get(&inclusao.arquivo)
            && !ancora.is_empty()
            && !nomes.contains(ancora)
        {
            let texto = format!("{curto} não tem a âncora “{ancora}”");
            problemas.push(problema(&inclusao.onde, texto));
        }
    }
    problemas
}

/// As âncoras de um arquivo, com a linha, e o que há de errado com elas.
fn do_arquivo(
    casa: &Casa,
    arquivo: &Path,
) -> (Vec<(usize, String)>, Vec<Problema>) {
    let texto = fs::read_to_string(arquivo).unwrap_or_default();
    let mut abertas: Vec<(usize, String)> = Vec::new();
    let mut vistas: Vec<(usize, String)> = Vec::new();
    let mut problemas = Vec::new();
    for (numero, linha) in texto.lines().enumerate() {
        let onde = format!("{}:{}", casa.curto(arquivo), numero + 1);
        let comentario = linha.trim().trim_start_matches(['/', '#', ' ']);
        if let Some(nome) = comentario.strip_prefix("ANCHOR:") {
            let nome = nome.trim().to_owned();
            if vistas.iter().any(|(_, vista)| *vista == nome) {
                let texto = format!("a âncora “{nome}” aparece duas vezes");
                problemas.push(problema(onde, texto));
                continue;
            }
            abertas.push((numero + 1, nome.clone()));
            vistas.push((numero + 1, nome));
        } else if let Some(nome) = comentario.strip_prefix("ANCHOR_END:") {
            let nome = nome.trim();
            let antes = abertas.len();
            abertas.retain(|(_, aberta)| aberta != nome);
            if abertas.len() == antes {
                let texto = format!("fecha “{nome}”, que não está aberta");
                problemas.push(problema(onde, texto));
            }
        }
    }
    for (numero, nome) in abertas {
        let onde = format!("{}:{numero}", casa.curto(arquivo));
        let texto = format!("a âncora “{nome}” não fecha");
        problemas.push(problema(onde, texto));
    }
    (vistas, problemas)
}

/// Todas as inclusões das páginas; com um capítulo só, as da página dele.
fn inclusoes(casa: &Casa) -> Vec<Inclusao> {
    let livro = casa.raiz.join("book");
    let paginas = fs::read_dir(&livro).into_iter().flatten().flatten();
    let paginas = paginas.map(|entrada| entrada.path()).filter(|pagina| {
        let nome = pagina.file_stem().unwrap_or_default().to_string_lossy();
        pagina.extension().is_some_and(|e| e == "md") && casa.interessa(&nome)
    });
    paginas
        .flat_map(|pagina| da_pagina(casa, &livro, &pagina))
        .collect()
}

fn da_pagina(casa: &Casa, livro: &Path, pagina: &Path) -> Vec<Inclusao> {
    let texto = fs::read_to_string(pagina).unwrap_or_default();
    let mut achadas = Vec::new();
    for (numero, linha) in texto.lines().enumerate() {
        let Some(resto) = linha.trim().strip_prefix("{{#include ") else {
            continue;
        };
        let alvo = resto.trim_end_matches('}').trim();
        let (caminho, ancora) = alvo.split_once(':').unwrap_or((alvo, ""));
        let arquivo = livro.join(caminho);
        achadas.push(Inclusao {
            onde: format!("{}:{}", casa.curto(pagina), numero + 1),
            arquivo: arquivo.canonicalize().unwrap_or(arquivo),
            ancora: ancora.to_owned(),
        });
    }
    achadas
}
