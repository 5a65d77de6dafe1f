//! Os programas de um roteiro: onde está o binário, ou o gêmeo em Python, de
//! cada papel. O cargo compila antes o que for do capítulo.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::roteiro::{Papel, Roteiro};

/// O interpretador de Python deste sistema.
pub const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// Que papéis rodam o gêmeo em Python no lugar do binário em Rust.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum EmPython {
    #[default]
    Nenhum,
    Todos,
    So(String),
}

impl EmPython {
    fn inclui(&self, papel: &str) -> bool {
        match self {
            Self::Nenhum => false,
            Self::Todos => true,
            Self::So(nome) => nome == papel,
        }
    }
}

/// Um capítulo no disco: `crates/capNN-assunto`.
#[derive(Debug)]
pub struct Capitulo {
    /// O nome da pasta, que é o do crate.
    pub nome: String,
    pub pasta: PathBuf,
}

impl Capitulo {
    /// Acha o capítulo por `cap05`, `5` ou `cap05-servidor-tcp`.
    pub fn achar(raiz: &Path, pedido: &str) -> anyhow::Result<Self> {
        let inicio = match pedido.parse::<u8>() {
            Ok(numero) => format!("cap{numero:02}"),
            Err(_) => pedido.to_owned(),
        };
        Self::todos(raiz)?
            .into_iter()
            .find(|capitulo| {
                let resto = capitulo.nome.strip_prefix(inicio.as_str());
                resto.is_some_and(|r| r.is_empty() || r.starts_with('-'))
            })
            .with_context(|| {
                format!("não há o capítulo “{pedido}” em {}", raiz.display())
            })
    }

    /// Todos os capítulos do livro, em ordem.
    pub fn todos(raiz: &Path) -> anyhow::Result<Vec<Self>> {
        let pasta = raiz.join("crates");
        let entradas = std::fs::read_dir(&pasta)
            .with_context(|| format!("não li {}", pasta.display()))?;
        let mut capitulos = Vec::new();
        for entrada in entradas {
            let pasta = entrada?.path();
            let nome = pasta.file_name().unwrap_or_default();
            let nome = nome.to_string_lossy().into_owned();
            if nome.starts_with("cap") && pasta.join("Cargo.toml").exists() {
                capitulos.push(Self { nome, pasta });
            }
        }
        capitulos.sort_by(|x, y| x.nome.cmp(&y.nome));
        Ok(capitulos)
    }

    /// Os roteiros do capítulo, em ordem de nome.
    pub fn roteiros(&self) -> anyhow::Result<Vec<PathBuf>> {
        arquivos(&self.pasta.join("fio"), "roteiro")
    }

    /// As sessões gravadas do capítulo, em ordem de nome.
    pub fn saidas(&self) -> anyhow::Result<Vec<PathBuf>> {
        arquivos(&self.pasta.join("saidas"), "txt")
    }
}

/// Os arquivos de uma pasta com a extensão, em ordem; nenhum, se não há pasta.
fn arquivos(pasta: &Path, extensao: &str) -> anyhow::Result<Vec<PathBuf>> {
    let Ok(entradas) = std::fs::read_dir(pasta) else {
        return Ok(Vec::new());
    };
    let mut arquivos = Vec::new();
    for entrada in entradas {
        let arquivo = entrada?.path();
        if arquivo.extension().is_some_and(|e| e == extensao) {
            arquivos.push(arquivo);
        }
    }
    arquivos.sort();
    Ok(arquivos)
}

/// A raiz do livro: a pasta, desta para cima, que tem `book.toml`.
pub fn raiz() -> anyhow::Result<PathBuf> {
    let aqui = std::env::current_dir().context("não sei em que pasta estou")?;
    aqui.ancestors()
        .find(|pasta| {
            pasta.join("book.toml").exists() && pasta.join("crates").exists()
        })
        .map(Path::to_owned)
        .context("não estou dentro da pasta do livro (a que tem book.toml)")
}

/// Como iniciar um papel, e o comando que o leitor digitaria.
#[derive(Debug)]
pub struct Programa {
    pub caminho: OsString,
    /// Argumentos que vêm antes dos do roteiro.
    pub prefixo: Vec<OsString>,
    /// `cargo run --bin cap05-servidor --`, por exemplo.
    pub mostrado: String,
}

/// Os programas dos papéis de um roteiro, na mesma ordem.
///
/// Compila os binários do capítulo que o roteiro usa.
pub fn preparar(
    roteiro: &Roteiro,
    capitulo: &Capitulo,
    em_python: &EmPython,
) -> anyhow::Result<Vec<Programa>> {
    if let EmPython::So(nome) = em_python {
        let existe = roteiro.papeis.iter().any(|papel| papel.nome == *nome);
        ensure!(existe, "“{nome}” não é um papel deste roteiro");
    }
    let binarios = compilar(&em_rust(roteiro, em_python))?;
    roteiro
        .papeis
        .iter()
        .map(|papel| {
            if !do_livro(papel) {
                Ok(do_sistema(papel))
            } else if em_python.inclui(&papel.nome) {
                gemeo(papel, capitulo)
            } else {
                binario(papel, &binarios)
            }
        })
        .collect()
}

/// Se o programa do papel é um binário de capítulo, e não do sistema.
fn do_livro(papel: &Papel) -> bool {
    let nome = &papel.comando[0];
    nome.starts_with("cap") && !nome.contains(['/', '\\'])
}

fn em_rust<'a>(roteiro: &'a Roteiro, em_python: &EmPython) -> Vec<&'a str> {
    let mut nomes: Vec<&str> = roteiro
        .papeis
        .iter()
        .filter(|papel| do_livro(papel) && !em_python.inclui(&papel.nome))
        .map(|papel| papel.comando[0].as_str())
        .collect();
    nomes.sort_unstable();
    nomes.dedup();
    nomes
}

/// Compila os binários e devolve onde cada um ficou.
pub fn compilar(nomes: &[&str]) -> anyhow::Result<HashMap<String, PathBuf>> {
    if nomes.is_empty() {
        return Ok(HashMap::new());
    }
    let saida = Command::new(cargo())
        .args([
            "build",
            "--quiet",
            "--message-format=json-render-diagnostics",
        ])
        .args(nomes.iter().flat_map(|nome| ["--bin", nome]))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("não consegui iniciar o cargo")?;
    ensure!(
        saida.status.success(),
        "o cargo não compilou {}",
        nomes.join(", ")
    );
    Ok(String::from_utf8_lossy(&saida.stdout)
        .lines()
        .filter_map(executavel)
        .collect())
}

/// O cargo que está rodando este programa, ou o do PATH.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Nome e caminho do executável de que fala uma mensagem JSON do cargo.
fn executavel(mensagem: &str) -> Option<(String, PathBuf)> {
    let mensagem: serde_json::Value = serde_json::from_str(mensagem).ok()?;
    let caminho = mensagem.get("executable")?.as_str()?;
    let nome = mensagem.get("target")?.get("name")?.as_str()?;
    Some((nome.to_owned(), caminho.into()))
}

fn binario(
    papel: &Papel,
    binarios: &HashMap<String, PathBuf>,
) -> anyhow::Result<Programa> {
    let nome = &papel.comando[0];
    let caminho = binarios
        .get(nome)
        .with_context(|| format!("o cargo não disse onde ficou {nome}"))?;
    Ok(Programa {
        caminho: caminho.into(),
        prefixo: Vec::new(),
        mostrado: format!("cargo run --bin {nome} --"),
    })
}

fn gemeo(papel: &Papel, capitulo: &Capitulo) -> anyhow::Result<Programa> {
    let relativo = format!("python/{}.py", papel.comando[0]);
    let caminho = capitulo.pasta.join(&relativo);
    ensure!(caminho.exists(), "não há o gêmeo {}", caminho.display());
    Ok(Programa {
        caminho: PYTHON.into(),
        prefixo: vec![caminho.into()],
        mostrado: format!("{PYTHON} {relativo}"),
    })
}

fn do_sistema(papel: &Papel) -> Programa {
    Programa {
        caminho: (&papel.comando[0]).into(),
        prefixo: Vec::new(),
        mostrado: papel.comando[0].clone(),
    }
}
