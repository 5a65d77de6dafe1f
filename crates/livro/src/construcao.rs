//! A montagem: tudo em uma pasta à parte, que só toma o lugar da antiga
//! quando está inteira. Um erro, ou uma morte no meio, não estraga nada.

mod poda;
mod troca;

use crate::falha::{Falhas, explicar};
use crate::preprocessador::Preprocessador;
use crate::revisao::conferir_sumario;
use anyhow::{Context as _, Result, anyhow};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// O que uma montagem fez.
#[derive(Debug, Clone, Copy)]
pub struct Montagem {
    pub paginas: usize,
    pub tempo: Duration,
}

/// A pasta de saída que `book.toml` diz.
pub fn pasta_de_saida(raiz: &Path) -> Result<PathBuf> {
    Ok(raiz.join(configuracao(raiz)?.build.build_dir))
}

/// A pasta das páginas que `book.toml` diz.
pub fn pasta_das_paginas(raiz: &Path) -> Result<PathBuf> {
    Ok(raiz.join(configuracao(raiz)?.book.src))
}

/// Lê `book.toml` e as variáveis `MDBOOK_…`.
pub(crate) fn configuracao(raiz: &Path) -> Result<Config> {
    let arquivo = raiz.join("book.toml");
    let mut configuracao = Config::from_disk(&arquivo)
        .context("não foi possível ler `book.toml`")?;
    configuracao
        .update_from_env()
        .context("uma variável `MDBOOK_…` não serve")?;
    Ok(configuracao)
}

/// Monta o livro em `destino`; se falha, `destino` fica como estava.
pub fn construir(raiz: &Path, destino: &Path) -> Result<Montagem> {
    let inicio = Instant::now();
    let mut configuracao = configuracao(raiz)?;
    let fonte = raiz.join(&configuracao.book.src);
    let (capitulos, falhas) = conferir_sumario(raiz, &fonte);
    Falhas::conferir(falhas)?;
    let obra = troca::Obra::abrir(destino)?;
    configuracao.build.build_dir = obra.pasta().to_path_buf();
    montar(raiz, configuracao)?;
    poda::podar(obra.pasta())?;
    obra.entregar()?;
    let paginas = capitulos.len();
    Ok(Montagem {
        paginas,
        tempo: inicio.elapsed(),
    })
}

/// Chama o mdBook; um pânico dele vira um erro comum.
pub(crate) fn montar(raiz: &Path, configuracao: Config) -> Result<()> {
    let trabalho = AssertUnwindSafe(|| {
        let mut livro = MDBook::load_with_config(raiz, configuracao)?;
        livro.with_preprocessor(Preprocessador);
        livro.build()
    });
    let antigo = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let feito = catch_unwind(trabalho);
    std::panic::set_hook(antigo);
    match feito {
        Ok(Ok(())) => Ok(()),
        Ok(Err(erro)) if erro.is::<Falhas>() => Err(erro),
        Ok(Err(erro)) => Err(erro.context("o mdBook não montou o livro")),
        Err(panico) => Err(anyhow!("o mdBook parou: {}", texto(&*panico))),
    }
}

fn texto(panico: &(dyn std::any::Any + Send)) -> String {
    panico
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panico.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_else(|| "sem explicação".to_string())
}

/// A frase de quem montou o livro.
pub fn frase(montagem: Montagem) -> String {
    let paginas = match montagem.paginas {
        1 => "1 página".to_string(),
        varias => format!("{varias} páginas"),
    };
    format!("{paginas} em {}", segundos(montagem.tempo))
}

/// `0,34 s`, com a vírgula daqui.
pub fn segundos(tempo: Duration) -> String {
    format!("{:.2} s", tempo.as_secs_f64()).replace('.', ",")
}

/// A explicação de um erro de montagem, uma falha por linha.
pub fn explicacao(erro: &anyhow::Error) -> String {
    explicar(erro)
}
