//! O conferidor é conferido: programas errados (mutantes) que ele tem de pegar,
//! cada um na sua etapa e com o seu código, e programas certos (aceitadores)
//! que ele tem de aceitar.
//!
//! Cada arquivo de `tests/capNN/` é um teste. A primeira linha diz o que ele é:
//!
//! ```text
//! // mutante: etapa=eco codigo=M02
//! // aceitador
//! ```
//!
//! Com `nivel=L2` no fim, só vale nesse nível de isolamento. A extensão diz a
//! linguagem; o que a máquina não sabe executar é pulado, e na CI é um erro.
//!
//! Só os de um capítulo: `cargo test -p oficina --test mutantes -- cap05`. Com
//! `OFICINA_RODADAS=1000`, os aceitadores em rodízio, com a máquina ocupada.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use oficina::exercicios::Exercicio;
use serde_json::Value;

const OFICINA: &str = env!("CARGO_BIN_EXE_oficina");
const PASTA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

/// O que a primeira linha de um programa diz dele.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Natureza {
    Mutante { etapa: String, codigo: String },
    Aceitador,
}

#[path = "apoio_carga/mod.rs"]
mod carga;
#[path = "apoio_linguagens/mod.rs"]
mod linguagens;
#[path = "apoio_carga/placar.rs"]
mod placar;

fn main() {
    let argumentos = Arguments::from_args();
    let rodadas = std::env::var("OFICINA_RODADAS").ok();
    if let Some(vezes) = rodadas.and_then(|texto| texto.parse().ok()) {
        let filtro = argumentos.filter.unwrap_or_default();
        let feito = carga::conferir(vezes, &programas(&filtro));
        feito.unwrap_or_else(|falha| {
            panic!("{}", falha.message().unwrap_or(""))
        });
        return;
    }
    let mut testes = Vec::new();
    for pasta in entradas(Path::new(PASTA)) {
        if pasta.is_dir() && nome(&pasta).starts_with("cap") {
            testes.extend(do_capitulo(&pasta));
        }
    }
    let fim = libtest_mimic::run(&argumentos, testes);
    placar::mostrar();
    fim.exit();
}

/// Todos os programas, com o capítulo de cada um, que o filtro deixa.
fn programas(filtro: &str) -> Vec<(String, PathBuf)> {
    let pastas = entradas(Path::new(PASTA)).into_iter();
    let capitulos = pastas.filter(|p| p.is_dir() && nome(p).starts_with("cap"));
    let todos = capitulos.flat_map(|pasta| {
        let capitulo = nome(&pasta);
        let arquivos = entradas(&pasta).into_iter().filter(|a| a.is_file());
        arquivos.map(move |arquivo| (capitulo.clone(), arquivo))
    });
    todos
        .filter(|(capitulo, arquivo)| {
            format!("{capitulo}::{}", nome(arquivo)).contains(filtro)
        })
        .collect()
}

/// Um teste por programa, e um que confere as etapas.
fn do_capitulo(pasta: &Path) -> Vec<Trial> {
    let capitulo = nome(pasta);
    let programas: Vec<_> = entradas(pasta)
        .into_iter()
        .filter(|arquivo| arquivo.is_file())
        .collect();
    let mut testes = Vec::new();
    for programa in &programas {
        let (capitulo, programa) = (capitulo.clone(), programa.clone());
        let titulo = format!("{capitulo}::{}", nome(&programa));
        let pulado = !linguagens::ha(&programa);
        let teste = move || conferir(&capitulo, &programa);
        testes.push(Trial::test(titulo, teste).with_ignored_flag(pulado));
    }
    let titulo = format!("{capitulo}::cada_etapa_mata_um_mutante");
    testes.push(Trial::test(titulo, move || {
        cada_etapa_mata_um_mutante(&capitulo, &programas)
    }));
    testes
}

fn conferir(capitulo: &str, programa: &Path) -> Result<(), Failed> {
    let natureza = natureza(programa)?;
    let comando = linguagens::comando(capitulo, programa)?;
    // Quem está certo não depende da pressa da máquina que roda os testes.
    let prazo = match natureza {
        Natureza::Aceitador => "30",
        Natureza::Mutante { .. } => "10",
    };
    let saida = Command::new(OFICINA)
        .args(["conferir", capitulo, "--formato", "json"])
        .args(["--prazo", prazo, "--"])
        .args(&comando)
        .output()?;
    let texto = String::from_utf8_lossy(&saida.stdout);
    let resultado: Value = serde_json::from_str(&texto).map_err(|erro| {
        let erros = String::from_utf8_lossy(&saida.stderr);
        format!("não é JSON ({erro}):\n{texto}\n{erros}")
    })?;
    if let Some(nivel) = exigido(programa)?
        && resultado["isolamento"] != nivel.as_str()
    {
        println!("pulado: {} só se prova em {nivel}", nome(programa));
        return Ok(());
    }
    let visto = primeira_falha(&resultado);
    let certo = match (&natureza, &visto) {
        (Natureza::Aceitador, None) => saida.status.code() == Some(0),
        (Natureza::Mutante { etapa, codigo }, Some((onde, qual, _))) => {
            saida.status.code() == Some(1) && etapa == onde && codigo == qual
        }
        _ => false,
    };
    match natureza {
        Natureza::Aceitador => placar::aceitador(capitulo, certo),
        Natureza::Mutante { .. } => {
            placar::mutante(capitulo, visto.is_some(), certo);
        }
    }
    if certo {
        return Ok(());
    }
    let relato = visto.map_or("passou em tudo".to_owned(), |visto| {
        let (etapa, codigo, historia) = visto;
        format!("etapa={etapa} codigo={codigo}\n{historia}")
    });
    let semente = &resultado["semente"];
    Err(
        format!("esperado: {natureza:?}\nvisto (semente {semente}): {relato}")
            .into(),
    )
}

/// A etapa, o código e a história da primeira que não passou.
fn primeira_falha(resultado: &Value) -> Option<(String, String, String)> {
    let etapas = resultado["etapas"].as_array()?;
    let falha = etapas.iter().find(|etapa| etapa["situacao"] != "passou")?;
    let texto = |valor: &Value| valor.as_str().unwrap_or("-").to_owned();
    let linhas = falha["transcricao"].as_array()?;
    let historia: Vec<_> = linhas.iter().map(texto).collect();
    Some((
        texto(&falha["id"]),
        texto(&falha["diagnostico"]["codigo"]),
        format!(
            "{}\n{}",
            texto(&falha["diagnostico"]["mensagem"]),
            historia.join("\n")
        ),
    ))
}

/// Toda etapa do exercício tem pelo menos um mutante que morre nela.
fn cada_etapa_mata_um_mutante(
    capitulo: &str,
    programas: &[PathBuf],
) -> Result<(), Failed> {
    let exercicio =
        Exercicio::procurar(capitulo).ok_or("o exercício não existe")?;
    let mut mortos = BTreeSet::new();
    for programa in programas {
        if let Natureza::Mutante { etapa, .. } = natureza(programa)? {
            mortos.insert(etapa);
        }
    }
    let ids: BTreeSet<String> =
        exercicio.etapas.iter().map(|e| e.id.to_owned()).collect();
    if ids == mortos {
        return Ok(());
    }
    let sem: Vec<_> = ids.symmetric_difference(&mortos).collect();
    Err(format!("sem mutante, ou sem etapa: {sem:?}").into())
}

fn natureza(programa: &Path) -> Result<Natureza, Failed> {
    let texto = fs::read_to_string(programa)?;
    let primeira = texto.lines().next().unwrap_or_default();
    let dito = primeira.trim_start_matches(['/', '#', ' ']);
    if dito.starts_with("aceitador") {
        return Ok(Natureza::Aceitador);
    }
    let valor = |chave: &str| {
        let mut palavras = dito.split_ascii_whitespace();
        palavras.find_map(|palavra| palavra.strip_prefix(chave))
    };
    match (valor("etapa="), valor("codigo=")) {
        (Some(etapa), Some(codigo)) if dito.starts_with("mutante:") => {
            Ok(Natureza::Mutante {
                etapa: etapa.to_owned(),
                codigo: codigo.to_owned(),
            })
        }
        _ => Err(format!("não entendi a primeira linha: {primeira}").into()),
    }
}

/// O nível de isolamento sem o qual o erro não aparece: `nivel=L2`.
fn exigido(programa: &Path) -> Result<Option<String>, Failed> {
    let texto = fs::read_to_string(programa)?;
    let primeira = texto.lines().next().unwrap_or_default();
    let mut palavras = primeira.split_ascii_whitespace();
    let nivel = palavras.find_map(|palavra| palavra.strip_prefix("nivel="));
    Ok(nivel.map(str::to_owned))
}

fn entradas(pasta: &Path) -> Vec<PathBuf> {
    let lidas = fs::read_dir(pasta).into_iter().flatten().flatten();
    let mut entradas: Vec<_> = lidas.map(|entrada| entrada.path()).collect();
    entradas.sort();
    entradas
}

fn nome(caminho: &Path) -> String {
    let nome = caminho.file_name().unwrap_or_default();
    nome.to_string_lossy().into_owned()
}
