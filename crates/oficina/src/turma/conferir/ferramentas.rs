//! O que compila e roda as entregas: achado (e construído) uma vez, antes da
//! primeira, e só para leitura daí em diante.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::casa;
use crate::exercicios::Exercicio;

/// A variável que faz da oficina o invólucro do rustc que só anota.
const ANOTAR: &str = "OFICINA_ANOTA_RUSTC";

/// O que uma entrega pode usar.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ferramentas {
    /// Por capítulo, como o cargo compila o exercício dele.
    pub rust: BTreeMap<String, Rust>,
    pub python: Option<Python>,
    /// O compilador de C.
    pub cc: Option<PathBuf>,
    /// O programa que abre .zip e .tar.gz.
    pub abridor: PathBuf,
}

/// Como compilar o exercício de um capítulo sem o cargo: o mesmo comando, com
/// as bibliotecas em uma pasta só delas.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rust {
    pub rustc: PathBuf,
    /// A pasta do compilador e da biblioteca padrão.
    pub instalacao: PathBuf,
    /// As dependências do capítulo, compiladas.
    pub bibliotecas: PathBuf,
    /// Os argumentos do rustc, sem o arquivo e sem o destino.
    pub argumentos: Vec<String>,
    /// O que `env!` vê.
    pub ambiente: Vec<(String, String)>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Python {
    pub programa: PathBuf,
    /// A pasta do interpretador e da biblioteca padrão.
    pub instalacao: PathBuf,
}

impl Ferramentas {
    /// Só o que um capítulo usa.
    pub fn so_de(&self, exercicio: &Exercicio) -> Ferramentas {
        let mut estas = self.clone();
        estas.rust.retain(|nome, _| nome == exercicio.capitulo);
        estas
    }

    /// Procura as ferramentas e compila as dependências dos capítulos.
    pub fn preparar(
        exercicios: &[&Exercicio],
        bibliotecas: &Path,
    ) -> Result<Ferramentas> {
        let mut rust = BTreeMap::new();
        for exercicio in exercicios {
            let anotado = anotar_o_cargo(exercicio)?;
            let dele = Rust::novo(anotado, bibliotecas)?;
            rust.insert(exercicio.capitulo.to_owned(), dele);
        }
        juntar_bibliotecas(bibliotecas)?;
        Ok(Ferramentas {
            rust,
            python: achar_python(),
            cc: achar("cc"),
            abridor: construir_abridor()?,
        })
    }
}

/// O que o invólucro anotou de uma chamada do cargo ao rustc.
#[derive(Debug, Serialize, Deserialize)]
struct Anotado {
    argumentos: Vec<String>,
    ambiente: Vec<(String, String)>,
}

/// A pasta em que as dependências das turmas são compiladas.
fn pasta_de_compilar() -> PathBuf {
    casa::alvo().join("turma")
}

/// Deixa o cargo compilar o exercício do capítulo como está nesta pasta, e
/// anota como ele chama o rustc. Se esse exercício não compila (o professor
/// também estuda), as dependências já compilaram, e é o que importa.
fn anotar_o_cargo(exercicio: &Exercicio) -> Result<Anotado> {
    let programa = format!("{}-exercicio", exercicio.curto());
    let anotacoes = pasta_de_compilar().join("anotacoes");
    fs::create_dir_all(&anotacoes)?;
    let anotacao = anotacoes.join(format!("{}.json", em_crate(&programa)));
    let saida = Command::new(cargo())
        .current_dir(casa::raiz())
        .args(["build", "--quiet", "--color", "never"])
        .args(["--package", exercicio.capitulo, "--bin", &programa])
        .arg("--target-dir")
        .arg(pasta_de_compilar())
        .env("RUSTC_WRAPPER", "")
        .env("RUSTC_WORKSPACE_WRAPPER", env::current_exe()?)
        .env(ANOTAR, &anotacoes)
        .stdin(Stdio::null())
        .output()
        .context("não chamei o cargo")?;
    let texto = match fs::read_to_string(&anotacao) {
        Ok(texto) => texto,
        Err(_) => bail!(
            "o cargo não compilou as dependências de {}:\n{}",
            exercicio.capitulo,
            String::from_utf8_lossy(&saida.stderr).trim_end()
        ),
    };
    serde_json::from_str(&texto)
        .with_context(|| format!("não entendi {}", anotacao.display()))
}

fn em_crate(programa: &str) -> String {
    programa.replace('-', "_")
}

fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Se o cargo chamou a oficina no lugar do rustc: anota os argumentos, quando
/// são os de um exercício, e vira o rustc.
pub fn involucro() -> Option<ExitCode> {
    let pasta = PathBuf::from(env::var_os(ANOTAR)?);
    let argumentos: Vec<OsString> = env::args_os().skip(1).collect();
    let (rustc, resto) = argumentos.split_first()?;
    if let Err(erro) = anotar(&pasta, resto) {
        eprintln!("não anotei os argumentos do rustc: {erro}");
        return Some(ExitCode::FAILURE);
    }
    let fim = Command::new(rustc).args(resto).status();
    let codigo = fim.ok().and_then(|fim| fim.code()).unwrap_or(1);
    Some(ExitCode::from(u8::try_from(codigo).unwrap_or(1)))
}

fn anotar(pasta: &Path, argumentos: &[OsString]) -> Result<()> {
    let textos: Vec<String> = argumentos
        .iter()
        .map(|a| a.to_string_lossy().into_owned())
        .collect();
    let nome = textos.windows(2).find(|par| par[0] == "--crate-name");
    let Some([_, nome]) = nome else { return Ok(()) };
    if !nome.ends_with("_exercicio") {
        return Ok(());
    }
    let do_cargo = |(nome, _): &(String, String)| {
        nome.starts_with("CARGO_PKG_")
            || ["CARGO_BIN_NAME", "CARGO_CRATE_NAME"].contains(&nome.as_str())
    };
    let anotado = Anotado {
        ambiente: env::vars().filter(do_cargo).collect(),
        argumentos: textos.clone(),
    };
    let arquivo = pasta.join(format!("{nome}.json"));
    // Duas turmas ao mesmo tempo anotam o mesmo, cada uma no seu arquivo.
    let novo = pasta.join(format!("{nome}.{}.novo", std::process::id()));
    fs::write(&novo, serde_json::to_string(&anotado)?)?;
    Ok(fs::rename(novo, arquivo)?)
}

impl Rust {
    fn novo(anotado: Anotado, bibliotecas: &Path) -> Result<Rust> {
        let saida = Command::new("rustc")
            .args(["--print", "sysroot"])
            .current_dir(casa::raiz())
            .output()
            .context("não chamei o rustc")?;
        let instalacao = String::from_utf8_lossy(&saida.stdout);
        let instalacao = PathBuf::from(instalacao.trim());
        let compiladas = pasta_de_compilar().join("debug/deps");
        let trocar = |argumento: String| {
            argumento.replace(
                &*compiladas.to_string_lossy(),
                &bibliotecas.to_string_lossy(),
            )
        };
        Ok(Rust {
            rustc: instalacao.join("bin/rustc"),
            instalacao,
            bibliotecas: bibliotecas.to_owned(),
            argumentos: so_o_que_importa(anotado.argumentos)
                .into_iter()
                .map(trocar)
                .collect(),
            ambiente: anotado.ambiente,
        })
    }
}

/// Sem o arquivo, o destino, o incremental e o que é conversa com o cargo.
fn so_o_que_importa(argumentos: Vec<String>) -> Vec<String> {
    const COM_VALOR: [&str; 1] = ["--out-dir"];
    const COLADOS: [&str; 4] =
        ["--error-format", "--json", "--emit", "--diagnostic-width"];
    const DO_CODEGEN: [&str; 3] =
        ["extra-filename=", "metadata=", "incremental="];
    let mut ficam = Vec::new();
    let mut restantes = argumentos.into_iter().peekable();
    while let Some(argumento) = restantes.next() {
        if COM_VALOR.contains(&argumento.as_str()) {
            restantes.next();
        } else if argumento == "-C" {
            let valor = restantes.next().unwrap_or_default();
            if !DO_CODEGEN.iter().any(|fora| valor.starts_with(fora)) {
                ficam.extend([argumento, valor]);
            }
        } else if !COLADOS.iter().any(|fora| argumento.starts_with(fora))
            && !argumento.ends_with(".rs")
        {
            ficam.push(argumento);
        }
    }
    ficam
}

/// As bibliotecas compiladas, sem os programas que ficam na mesma pasta.
fn juntar_bibliotecas(destino: &Path) -> Result<()> {
    fs::create_dir_all(destino)?;
    for entrada in fs::read_dir(pasta_de_compilar().join("debug/deps"))? {
        let caminho = entrada?.path();
        let fim = caminho.extension().unwrap_or_default();
        if !["rlib", "rmeta", "so"].iter().any(|f| fim == *f) {
            continue;
        }
        let novo = destino.join(caminho.file_name().unwrap_or_default());
        if fs::hard_link(&caminho, &novo).is_err() && !novo.exists() {
            fs::copy(&caminho, &novo)?;
        }
    }
    Ok(())
}

/// Onde está um programa que se chama sem barra.
pub fn achar(programa: &str) -> Option<PathBuf> {
    let caminhos = env::var_os("PATH")?;
    env::split_paths(&caminhos)
        .map(|pasta| pasta.join(programa))
        .find(|caminho| caminho.is_file())
}

/// O interpretador de verdade, atrás de um ambiente virtual ou de um atalho.
fn achar_python() -> Option<Python> {
    const QUAL: &str = "import sys; \
         print(getattr(sys, '_base_executable', sys.executable)); \
         print(sys.base_prefix)";
    let saida = Command::new("python3")
        .args(["-I", "-c", QUAL])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let texto = String::from_utf8(saida.stdout).ok()?;
    let mut linhas = texto.lines().map(PathBuf::from);
    Some(Python {
        programa: linhas.next()?.canonicalize().ok()?,
        instalacao: linhas.next()?.canonicalize().ok()?,
    })
}

/// O abridor é outro pacote: só quem confere uma turma o compila.
fn construir_abridor() -> Result<PathBuf> {
    let saida = Command::new(cargo())
        .current_dir(casa::raiz())
        .args(["build", "--quiet", "--package", "turma"])
        .arg("--target-dir")
        .arg(casa::alvo())
        .env("RUSTC_WRAPPER", "")
        .env("RUSTC_WORKSPACE_WRAPPER", "")
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .context("não chamei o cargo")?;
    if !saida.status.success() {
        let erro = String::from_utf8_lossy(&saida.stderr);
        bail!("o cargo não compilou quem abre as entregas:\n{erro}");
    }
    let nome = format!("abre-entrega{}", env::consts::EXE_SUFFIX);
    Ok(casa::alvo().join("debug").join(nome))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ficam_so_os_argumentos_que_mudam_o_programa() {
        let dados = "--crate-name cap05_exercicio --edition=2024 \
             crates/c/src/bin/cap05-exercicio.rs --error-format=json \
             --json=artifacts --crate-type bin --emit=dep-info,link \
             -C embed-bitcode=no -C metadata=1 -C extra-filename=-1 \
             --out-dir /t -C incremental=/i -L dependency=/t/deps \
             --extern anyhow=/t/deps/libanyhow.rlib";
        let esperado = "--crate-name cap05_exercicio --edition=2024 \
             --crate-type bin -C embed-bitcode=no -L dependency=/t/deps \
             --extern anyhow=/t/deps/libanyhow.rlib";
        let palavras = |texto: &str| -> Vec<String> {
            texto.split_whitespace().map(str::to_owned).collect()
        };
        assert_eq!(so_o_que_importa(palavras(dados)), palavras(esperado));
    }
}
