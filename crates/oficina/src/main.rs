//! A oficina: confere, encena e grava as conversas do livro.

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use oficina::comandos::{conferir, dica, lista, revisar};
use oficina::portugues::{EmPortugues, traduzir};
use oficina::turma;

mod bancada_cmd;
mod bancada_comandos;
mod demo;
mod fio_cmd;
mod gravar;
mod gravar_conversa;
mod gravar_saida;
mod roteiro;
mod roteiro_ator;
mod roteiro_palco;
mod roteiro_programas;
mod roteiro_tela;

/// A oficina do livro “Sockets na prática”
#[derive(Parser)]
#[command(name = "oficina", bin_name = "cargo oficina")]
struct Linha {
    #[command(subcommand)]
    comando: Comando,
}

#[derive(Subcommand)]
enum Comando {
    Lista(lista::ArgumentosDaLista),
    Conferir(conferir::ArgumentosDeConferir),
    Dica(dica::ArgumentosDaDica),
    Demo(demo::ArgumentosDaDemo),
    Revisar(revisar::ArgumentosDeRevisar),
    Gravar(gravar::ArgumentosDoGravar),
    Bancada(bancada_cmd::ArgumentosDaBancada),
    Fio(fio_cmd::ArgumentosDoFio),
    Turma(turma::ArgumentosDaTurma),
}

/// O status de saída quando o pedido está errado.
const PEDIDO_ERRADO: u8 = 2;

fn main() -> ExitCode {
    // Antes de tudo, enquanto há uma thread só.
    if let Some(codigo) = interno().or_else(bancada::interno) {
        return codigo;
    }
    sair_calado_sem_leitor();
    let resultado = match &ler_linha().comando {
        Comando::Lista(argumentos) => lista::executar(argumentos),
        Comando::Conferir(argumentos) => conferir::executar(argumentos),
        Comando::Dica(argumentos) => dica::executar(argumentos),
        Comando::Demo(argumentos) => demo::executar(argumentos),
        Comando::Revisar(argumentos) => revisar::executar(argumentos),
        Comando::Gravar(argumentos) => gravar::executar(argumentos),
        Comando::Bancada(argumentos) => bancada_cmd::executar(argumentos),
        Comando::Fio(argumentos) => fio_cmd::executar(argumentos),
        Comando::Turma(argumentos) => turma::executar(argumentos),
    };
    resultado.unwrap_or_else(|erro| {
        eprintln!("erro: {erro:#}");
        ExitCode::from(PEDIDO_ERRADO)
    })
}

/// Quem lia a saída foi embora (`… | head`): não há a quem contar mais nada.
///
/// `println!` entra em pânico nesse caso; os outros pânicos seguem como são.
/// Os programas iniciados por este processo terminam com ele.
fn sair_calado_sem_leitor() {
    let de_sempre = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panico| {
        let mensagem = panico.payload().downcast_ref::<String>();
        if mensagem.is_some_and(|m| m.starts_with("failed printing to std")) {
            std::process::exit(0);
        }
        de_sempre(panico);
    }));
}

/// Os subcomandos que a própria oficina chama.
#[cfg(target_os = "linux")]
fn interno() -> Option<ExitCode> {
    use oficina::processo::{SUBCOMANDO_DO_CERCO, cerco, isolamento};
    use oficina::turma::conferir::{ferramentas, operario};
    if let Some(codigo) = ferramentas::involucro() {
        return Some(codigo);
    }
    match std::env::args().nth(1)?.as_str() {
        SUBCOMANDO_DO_CERCO => Some(cerco::executar()),
        isolamento::SUBCOMANDO_DA_PROVA => Some(isolamento::executar_prova()),
        operario::SUBCOMANDO => Some(operario::executar()),
        operario::PROVA => Some(operario::provar()),
        _ => None,
    }
}

#[cfg(not(target_os = "linux"))]
fn interno() -> Option<ExitCode> {
    None
}

fn ler_linha() -> Linha {
    let comando = traduzir(Linha::command());
    let lida = comando
        .try_get_matches()
        .and_then(|valores| Linha::from_arg_matches(&valores));
    lida.unwrap_or_else(|erro| erro.apply::<EmPortugues>().exit())
}
