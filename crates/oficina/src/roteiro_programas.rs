//! Os programas de um roteiro: onde está o binário, ou o gêmeo em Python, de
//! cada papel. O cargo compila antes o que for do capítulo.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, ensure};

use crate::roteiro::Roteiro;

/// O interpretador de Python deste sistema.
pub const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// O status com que `oficina demo` diz que falta um programa do sistema
/// (EX_UNAVAILABLE, de sysexits.h).
pub const CODIGO_DE_AUSENTE: u8 = 69;

/// Que papéis rodam o gêmeo em Python no lugar do binário em Rust.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum EmPython {
    #[default]
    Nenhum,
    Todos,
    So(String),
}

impl EmPython {
    /// Se este papel roda o gêmeo.
    pub fn inclui(&self, papel: &str) -> bool {
        match self {
            Self::Nenhum => false,
            Self::Todos => true,
            Self::So(nome) => nome == papel,
        }
    }
}

/// Um capítulo no disco, `crates/capNN-assunto`, ou um apêndice com sessões
/// gravadas.
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
            let pagina = raiz.join(format!("book/{nome}.md"));
            let tem_sessoes = nome.starts_with("cap")
                || pasta.join("saidas").is_dir() && pagina.exists();
            if tem_sessoes && pasta.join("Cargo.toml").exists() {
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

/// Uma palavra de um comando: o que se passa ao sistema e o que se mostra.
#[derive(Clone, Debug)]
pub struct Palavra {
    pub real: Vec<OsString>,
    pub mostrada: String,
}

/// Como iniciar um papel: o programa e os argumentos, ainda com `{endereco}`
/// e os outros.
#[derive(Debug)]
pub struct Programa {
    pub palavras: Vec<Palavra>,
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
    let binarios = compilar(&em_rust(roteiro, capitulo, em_python))?;
    roteiro
        .papeis
        .iter()
        .map(|papel| {
            let palavras = papel.comando.iter().enumerate();
            let palavras = palavras.map(|(indice, palavra)| {
                if !do_livro(palavra, capitulo) {
                    Ok(do_sistema(palavra))
                } else if em_python.inclui(&papel.nome) {
                    gemeo(palavra, capitulo)
                } else {
                    binario(palavra, indice == 0, &binarios)
                }
            });
            let palavras = palavras.collect::<anyhow::Result<_>>()?;
            Ok(Programa { palavras })
        })
        .collect()
}

/// O primeiro programa do sistema que o roteiro pede e que não há aqui.
pub fn ausente(roteiro: &Roteiro) -> Option<&str> {
    let capitulo = roteiro.arquivo.parent().and_then(Path::parent);
    let do_capitulo = |programa: &str| {
        let bin = capitulo.map(|pasta| pasta.join("src/bin").join(programa));
        bin.is_some_and(|bin| bin.with_extension("rs").exists())
    };
    let existe = |programa: &str| {
        programa.starts_with("cap")
            || programa.contains(['/', '\\'])
            || do_capitulo(programa)
            || instalado(programa)
    };
    let no_disco =
        |nome: &str| Path::new(nome).is_absolute() && Path::new(nome).exists();
    let por_dentro = roteiro.precisa.iter().map(String::as_str);
    let falta = por_dentro
        .filter(|nome| !no_disco(nome))
        .find(|nome| nome.starts_with('/') || !existe(nome));
    let mut programas = roteiro.papeis.iter().map(|p| p.comando[0].as_str());
    falta.or_else(|| programas.find(|programa| !existe(programa)))
}

/// Se o sistema acha este programa pelo nome.
pub fn instalado(programa: &str) -> bool {
    let caminho = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&caminho).any(|pasta| {
        let arquivo = pasta.join(programa);
        arquivo.exists() || arquivo.with_extension("exe").exists()
    })
}

/// Se a palavra é um programa deste capítulo. Vale também para os argumentos:
/// `strace -f cap05-servidor {endereco}`.
fn do_livro(palavra: &str, capitulo: &Capitulo) -> bool {
    let bin = capitulo.pasta.join("src/bin").join(palavra);
    !palavra.contains(['/', '\\']) && bin.with_extension("rs").exists()
}

fn em_rust<'a>(
    roteiro: &'a Roteiro,
    capitulo: &Capitulo,
    em_python: &EmPython,
) -> Vec<&'a str> {
    let mut nomes: Vec<&str> = roteiro
        .papeis
        .iter()
        .filter(|papel| !em_python.inclui(&papel.nome))
        .flat_map(|papel| &papel.comando)
        .map(String::as_str)
        .filter(|palavra| do_livro(palavra, capitulo))
        .collect();
    nomes.sort_unstable();
    nomes.dedup();
    nomes
}

/// A pasta com os binários já compilados; com ela, não se chama o cargo.
pub const BINARIOS: &str = "OFICINA_BINARIOS";

/// A mesma pasta, quando quem compilou foi este processo.
static COMPILADOS: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Onde estão os binários que já foram compilados, se foram.
pub fn compilados() -> Option<PathBuf> {
    let aqui = COMPILADOS.lock().ok().and_then(|pasta| pasta.clone());
    aqui.or_else(|| std::env::var_os(BINARIOS).map(PathBuf::from))
}

/// Compila os binários, se preciso, e devolve onde cada um ficou.
pub fn compilar(nomes: &[&str]) -> anyhow::Result<HashMap<String, PathBuf>> {
    if nomes.is_empty() {
        return Ok(HashMap::new());
    }
    if let Some(pasta) = compilados() {
        let caminho = |nome: &&str| {
            let arquivo = format!("{nome}{}", std::env::consts::EXE_SUFFIX);
            ((*nome).to_owned(), pasta.join(arquivo))
        };
        return Ok(nomes.iter().map(caminho).collect());
    }
    let bins = nomes.iter().flat_map(|nome| ["--bin", nome]);
    chamar_o_cargo(bins)
        .with_context(|| format!("ao compilar {}", nomes.join(", ")))
}

/// Compila de uma vez os binários do capítulo.
pub fn compilar_capitulo(capitulo: &Capitulo) -> anyhow::Result<()> {
    if !capitulo.pasta.join("src/bin").exists() {
        return Ok(());
    }
    let nome = &capitulo.nome;
    let binarios = chamar_o_cargo(["--package", nome, "--bins"])
        .with_context(|| format!("ao compilar {nome}"))?;
    let pasta = binarios.values().next().and_then(|b| b.parent());
    if let Ok(mut compilados) = COMPILADOS.lock() {
        *compilados = pasta.map(Path::to_owned);
    }
    Ok(())
}

/// Os executáveis que `cargo build` diz ter feito.
fn chamar_o_cargo<'a>(
    argumentos: impl IntoIterator<Item = &'a str>,
) -> anyhow::Result<HashMap<String, PathBuf>> {
    let saida = Command::new(cargo())
        .args([
            "build",
            "--quiet",
            "--message-format=json-render-diagnostics",
        ])
        .args(argumentos)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("não consegui iniciar o cargo")?;
    ensure!(saida.status.success(), "o cargo não compilou");
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
    nome: &str,
    primeira: bool,
    binarios: &HashMap<String, PathBuf>,
) -> anyhow::Result<Palavra> {
    let caminho = binarios
        .get(nome)
        .with_context(|| format!("o cargo não disse onde ficou {nome}"))?;
    let mostrada = if primeira {
        format!("cargo run --bin {nome} --")
    } else {
        format!("target/debug/{nome}")
    };
    Ok(Palavra {
        real: vec![caminho.into()],
        mostrada,
    })
}

fn gemeo(nome: &str, capitulo: &Capitulo) -> anyhow::Result<Palavra> {
    let relativo = format!("python/{nome}.py");
    let caminho = capitulo.pasta.join(&relativo);
    ensure!(caminho.exists(), "não há o gêmeo {}", caminho.display());
    Ok(Palavra {
        real: vec![PYTHON.into(), caminho.into()],
        mostrada: format!("{PYTHON} {relativo}"),
    })
}

/// A palavra como se digita: entre aspas, se tem espaços.
fn entre_aspas(palavra: &str) -> String {
    match palavra.contains(' ') {
        true => format!("\"{}\"", palavra.replace('"', "\\\"")),
        false => palavra.to_owned(),
    }
}

fn do_sistema(palavra: &str) -> Palavra {
    Palavra {
        real: vec![palavra.into()],
        mostrada: entre_aspas(palavra),
    }
}
