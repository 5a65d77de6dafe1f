//! Os programas entregues, como dois detectores de semelhança os leem. O
//! livro não tem um: eles fazem isso bem.
//!
//! O [JPlag] quer uma pasta raiz com uma pasta por entrega e, à parte, o código
//! que todos receberam (`-bc`, aqui o esqueleto). O [Dolos] lê um `info.csv`
//! com a coluna `filename`, relativa a ele, e as optativas `label`,
//! `full_name` e `created_at`. Os dois trabalham uma linguagem de cada vez:
//!
//! ```text
//! DESTINO/cap05/rust/entregas/ana-souza-cap05-1f2e3d4c/cap05-exercicio.rs
//! DESTINO/cap05/rust/base/cap05-exercicio.rs
//! DESTINO/cap05/rust/info.csv
//! ```
//!
//! O esqueleto intacto e as entregas com um arquivo `comando` não vão.
//!
//! [JPlag]: https://github.com/jplag/JPlag/wiki/1.-How-to-Use-JPlag
//! [Dolos]: https://dolos.ugent.be/docs/adding-metadata.html

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{gravar, nome_de_arquivo};
use crate::casa;
use crate::turma::notas::traicoeira;
use crate::turma::registro::Registro;
use crate::turma::{Situacao, Turma};

/// Onde o motor guarda o arquivo conferido de um registro.
pub fn fonte(pasta: &Path, registro: &Registro) -> PathBuf {
    let extensao = Path::new(&registro.arquivo).extension();
    let nome = nome_de_arquivo(registro);
    let mut fonte = pasta.join("fontes").join(nome);
    if let Some(extensao) = extensao {
        fonte.set_extension(extensao);
    }
    fonte
}

/// Escreve em `destino` os programas que `pasta` guarda.
pub fn exportar(turma: &Turma, pasta: &Path, destino: &Path) -> Result<()> {
    let mut fichas: BTreeMap<(String, &str), String> = BTreeMap::new();
    for registro in &turma.registros {
        let fonte = fonte(pasta, registro);
        // De um `comando` só se guarda a receita, que não é o programa.
        let ha = fonte.extension().is_some() && fonte.is_file();
        if registro.situacao == Situacao::NaoEntregue || !ha {
            continue;
        }
        let onde = (registro.curto().to_owned(), registro.linguagem.as_str());
        let grupo = destino.join(&onde.0).join(onde.1);
        let relativo = relativo(registro, &fonte);
        let copia = grupo.join(&relativo);
        copiar(&fonte, &copia)?;
        let ficha = fichas.entry(onde).or_insert_with(|| {
            "filename,full_name,label,created_at\n".to_owned()
        });
        ficha.push_str(&linha(&relativo, registro));
    }
    for ((curto, linguagem), ficha) in &fichas {
        let grupo = destino.join(curto).join(linguagem);
        gravar(&grupo.join("info.csv"), ficha)?;
        base(turma, curto, linguagem, &grupo)?;
    }
    Ok(())
}

fn relativo(registro: &Registro, fonte: &Path) -> String {
    let extensao = fonte.extension().unwrap_or_default().to_string_lossy();
    let pasta = nome_de_arquivo(registro);
    format!("entregas/{pasta}/{}-exercicio.{extensao}", registro.curto())
}

fn copiar(de: &Path, para: &Path) -> Result<()> {
    let copiar = || -> std::io::Result<()> {
        fs::create_dir_all(para.parent().unwrap_or(para))?;
        fs::copy(de, para).map(|_| ())
    };
    copiar().with_context(|| format!("não escrevi {}", para.display()))
}

fn linha(relativo: &str, registro: &Registro) -> String {
    let aspas = |texto: &str| format!("\"{}\"", texto.replace('"', "\"\""));
    let limpo: String =
        registro.aluno.chars().filter(|&c| !traicoeira(c)).collect();
    format!(
        "{relativo},{},{},{}\n",
        aspas(&limpo),
        registro.curto(),
        aspas(&registro.entregue_em)
    )
}

/// O esqueleto, que todos têm em comum.
fn base(
    turma: &Turma,
    curto: &str,
    linguagem: &str,
    grupo: &Path,
) -> Result<()> {
    let (pasta, extensao) = match linguagem {
        "rust" => ("src/bin", "rs"),
        "python" => ("python", "py"),
        _ => return Ok(()),
    };
    let nome = format!("{curto}-exercicio.{extensao}");
    let do_curto = turma.capitulos.iter().find(|c| c.curto == curto);
    if let Some(capitulo) = do_curto {
        let esqueleto = casa::pasta_do_capitulo(&capitulo.nome)
            .join(pasta)
            .join(&nome);
        if esqueleto.is_file() {
            copiar(&esqueleto, &grupo.join("base").join(nome))?;
        }
    }
    Ok(())
}
