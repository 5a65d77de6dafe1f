//! O programa do livro.
//!
//!     cargo run
//!     cargo run -- construir --saida site

mod comando;

use anyhow::Result;
use comando::{Comando, Pedido};
use livro::{casa, construcao, epub, pacote, pdf, preprocessador, servidor};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Estado de saída de um comando mal escrito.
const USO_ERRADO: u8 = 2;

fn main() -> ExitCode {
    let pedido = match comando::ler(std::env::args_os()) {
        Ok(pedido) => pedido,
        Err(erro) => {
            eprintln!("erro: {erro}\n\n{}", comando::USO);
            return ExitCode::from(USO_ERRADO);
        }
    };
    match executar(pedido) {
        Ok(estado) => estado,
        Err(erro) => {
            eprintln!("{}", construcao::explicacao(&erro));
            ExitCode::FAILURE
        }
    }
}

fn executar(pedido: Pedido) -> Result<ExitCode> {
    match pedido.comando {
        Comando::Ajuda => println!("{}", comando::AJUDA),
        Comando::Suporta(saida) if !preprocessador::aceita(&saida) => {
            return Ok(ExitCode::FAILURE);
        }
        Comando::Suporta(_) => {}
        Comando::Preprocessar => {
            let mut livro = Vec::new();
            preprocessador::conversar(io::stdin().lock(), &mut livro)?;
            io::stdout().lock().write_all(&livro)?;
        }
        Comando::Construir { saida, zip } => construir(saida, zip)?,
        Comando::Pdf { saida } => {
            let raiz = casa::raiz()?;
            pdf::imprimir(&raiz, &destino(&raiz, saida, "livro.pdf")?)?;
        }
        Comando::Epub { saida } => {
            let raiz = casa::raiz()?;
            epub::escrever(&raiz, &destino(&raiz, saida, "livro.epub")?)?;
        }
        Comando::Servir(opcoes) => servidor::servir(&casa::raiz()?, &opcoes)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn construir(saida: Option<PathBuf>, zip: bool) -> Result<()> {
    let raiz = casa::raiz()?;
    let destino = match saida {
        Some(pasta) => std::path::absolute(pasta)?,
        None => construcao::pasta_de_saida(&raiz)?,
    };
    let montagem = construcao::construir(&raiz, &destino)?;
    println!(
        "O livro está em {}: {}.",
        destino.display(),
        construcao::frase(montagem)
    );
    if zip {
        let nome = destino.file_name().unwrap_or_default().to_string_lossy();
        let arquivo = destino.with_file_name(format!("{nome}.zip"));
        let arquivo = pacote::zipar(&destino, &nome, &arquivo)?;
        println!("O pacote está em {}.", arquivo.display());
    }
    Ok(())
}

/// O arquivo pedido, ou o de costume, em `target`.
fn destino(raiz: &Path, saida: Option<PathBuf>, nome: &str) -> Result<PathBuf> {
    let arquivo = saida.unwrap_or_else(|| raiz.join("target").join(nome));
    Ok(std::path::absolute(arquivo)?)
}
