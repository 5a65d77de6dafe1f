//! O programa do livro.
//!
//!     cargo run
//!     cargo run -- construir --saida site

mod comando;

use anyhow::Result;
use comando::{Comando, Pedido};
use livro::{casa, construcao, preprocessador, servidor};
use std::io::{self, Write};
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
        Comando::Construir { saida } => construir(saida)?,
        Comando::Servir(opcoes) => servidor::servir(&casa::raiz()?, &opcoes)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn construir(saida: Option<std::path::PathBuf>) -> Result<()> {
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
    Ok(())
}
