//! Os textos do clap em português: títulos da ajuda e mensagens de erro.

use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

use clap::builder::StyledStr;
use clap::error::Error;
use clap::error::{ContextKind, ContextValue, ErrorFormatter, ErrorKind};
use clap::{Arg, ArgAction, Command};

const MODELO: &str = "\
{before-help}{about-with-newline}
Uso: {usage}

{all-args}{after-help}";

/// O comando, e todos os que há dentro dele, com a ajuda em português.
pub fn traduzir(comando: Command) -> Command {
    let nome = comando
        .get_bin_name()
        .unwrap_or(comando.get_name())
        .to_owned();
    traduzir_com_nome(comando, &nome)
}

fn traduzir_com_nome(comando: Command, nome: &str) -> Command {
    let comando = comando
        .bin_name(nome.to_owned())
        .help_template(MODELO)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading("Comandos")
        .subcommand_value_name("COMANDO")
        .mut_args(titular)
        .arg(ajuda())
        .mut_subcommands(|filho| {
            let dele = format!("{nome} {}", filho.get_name());
            traduzir_com_nome(filho, &dele)
        });
    com_uso(comando)
}

fn titular(argumento: Arg) -> Arg {
    let titulo = match argumento.is_positional() {
        true => "Argumentos",
        false => "Opções",
    };
    argumento.help_heading(titulo)
}

fn ajuda() -> Arg {
    Arg::new("ajuda")
        .short('h')
        .long("ajuda")
        .alias("help")
        .action(ArgAction::Help)
        .help("Mostra esta ajuda")
        .help_heading("Opções")
}

/// A linha de uso que o clap monta, com as palavras dele traduzidas.
fn com_uso(mut comando: Command) -> Command {
    let uso = comando.render_usage().to_string();
    let uso = uso
        .trim_start_matches("Usage: ")
        .replace("[OPTIONS]", "[OPÇÕES]")
        .replace("[COMMAND]", "[COMANDO]")
        .replace("<COMMAND>", "<COMANDO>");
    comando.override_usage(uso)
}

/// As mensagens de erro do clap, em português.
pub struct EmPortugues;

impl ErrorFormatter for EmPortugues {
    fn format_error(erro: &Error<Self>) -> StyledStr {
        let mut texto = format!("erro: {}\n", frase(erro));
        if let Some(sugestao) = sugestao(erro) {
            texto.push_str(&format!("\n  Você quis dizer “{sugestao}”?\n"));
        }
        texto.push_str("\nPara saber mais, acrescente --ajuda.\n");
        texto.into()
    }
}

/// O que há de errado com um número inteiro.
fn inteiro(erro: Option<&ParseIntError>) -> &'static str {
    match erro.map(ParseIntError::kind) {
        Some(IntErrorKind::PosOverflow) => "o número é grande demais",
        _ => "tem de ser um número inteiro, sem sinal",
    }
}

fn frase(erro: &Error<EmPortugues>) -> String {
    let argumento = valor(erro, ContextKind::InvalidArg);
    let dado = valor(erro, ContextKind::InvalidValue);
    match erro.kind() {
        ErrorKind::InvalidValue if dado.is_empty() => {
            format!("falta o valor de {argumento}{}", possiveis(erro))
        }
        ErrorKind::InvalidValue => {
            format!("“{dado}” não serve para {argumento}{}", possiveis(erro))
        }
        // A causa, quando há, já diz o que veio e o que se esperava.
        ErrorKind::ValueValidation => match std::error::Error::source(erro) {
            Some(causa) if causa.is::<ParseIntError>() => {
                let devia = inteiro(causa.downcast_ref());
                format!("“{dado}” não serve para {argumento}: {devia}")
            }
            Some(causa) if causa.is::<ParseFloatError>() => {
                format!(
                    "“{dado}” não serve para {argumento}: tem de ser um número"
                )
            }
            Some(causa) if causa.to_string().contains(" is not in ") => {
                format!(
                    "“{dado}” não serve para {argumento}: está fora da faixa"
                )
            }
            Some(causa) => format!("{argumento}: {causa}"),
            None => format!("“{dado}” não serve para {argumento}"),
        },
        ErrorKind::UnknownArgument if comando_sem_tracos(&argumento) => {
            format!(
                "não conheço o argumento “{argumento}”. Se ele é do comando que \
                 inicia o seu programa, escreva `--` antes do comando"
            )
        }
        ErrorKind::UnknownArgument => {
            format!("não conheço o argumento “{argumento}”")
        }
        ErrorKind::InvalidSubcommand => {
            let nome = valor(erro, ContextKind::InvalidSubcommand);
            format!("não conheço o comando “{nome}”")
        }
        ErrorKind::NoEquals => format!("falta o “=” depois de {argumento}"),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
            format!("{argumento} recebeu valores demais ou de menos")
        }
        ErrorKind::TooFewValues => {
            format!("{argumento} recebeu poucos valores")
        }
        ErrorKind::ArgumentConflict => {
            let outro = valor(erro, ContextKind::PriorArg);
            match outro.is_empty() || outro == argumento {
                true => format!("{argumento} só pode aparecer uma vez"),
                false => format!("{argumento} não combina com {outro}"),
            }
        }
        ErrorKind::MissingRequiredArgument => format!("falta {argumento}"),
        ErrorKind::MissingSubcommand => "falta dizer o comando".to_owned(),
        ErrorKind::InvalidUtf8 => "o texto não está em UTF-8".to_owned(),
        _ => "não entendi a linha de comando".to_owned(),
    }
}

/// Se sobrou em `conferir` uma palavra que parece do comando do leitor.
fn comando_sem_tracos(argumento: &str) -> bool {
    let conferir = std::env::args().nth(1).is_some_and(|c| c == "conferir");
    conferir && !argumento.starts_with('-')
}

fn possiveis(erro: &Error<EmPortugues>) -> String {
    match valor(erro, ContextKind::ValidValue) {
        vazio if vazio.is_empty() => String::new(),
        valores => format!(" (pode ser: {valores})"),
    }
}

fn sugestao(erro: &Error<EmPortugues>) -> Option<String> {
    let lugares = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let valores = lugares.into_iter().map(|lugar| valor(erro, lugar));
    valores.into_iter().find(|valor| !valor.is_empty())
}

fn valor(erro: &Error<EmPortugues>, qual: ContextKind) -> String {
    match erro.get(qual) {
        Some(ContextValue::String(valor)) => valor.clone(),
        Some(ContextValue::Strings(valores)) => valores.join(", "),
        Some(ContextValue::StyledStrs(valores)) => {
            let textos = valores.iter().map(|valor| valor.to_string());
            textos.collect::<Vec<_>>().join(", ")
        }
        Some(ContextValue::Number(numero)) => numero.to_string(),
        _ => String::new(),
    }
}
