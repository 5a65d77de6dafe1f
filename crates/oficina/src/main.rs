//! A oficina: confere, encena e grava as conversas do livro.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bancada_cmd;
mod demo;
mod fio_cmd;
mod roteiro;
mod roteiro_palco;
mod roteiro_programas;
mod roteiro_tela;

/// A oficina do livro “Sockets na prática”
#[derive(Parser)]
#[command(name = "oficina", version)]
struct Linha {
    #[command(subcommand)]
    comando: Comando,
}

#[derive(Subcommand)]
enum Comando {
    Demo(demo::ArgumentosDaDemo),
    Bancada(bancada_cmd::ArgumentosDaBancada),
    Fio(fio_cmd::ArgumentosDoFio),
}

fn main() -> ExitCode {
    // Antes de tudo, enquanto há uma thread só.
    if let Some(codigo) = bancada::interno() {
        return codigo;
    }
    let resultado = match &Linha::parse().comando {
        Comando::Demo(argumentos) => demo::executar(argumentos),
        Comando::Bancada(argumentos) => bancada_cmd::executar(argumentos),
        Comando::Fio(argumentos) => fio_cmd::executar(argumentos),
    };
    resultado.unwrap_or_else(|erro| {
        eprintln!("erro: {erro:#}");
        ExitCode::from(2)
    })
}
