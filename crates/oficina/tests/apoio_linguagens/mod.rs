//! Em que linguagem está um programa de teste, e como se inicia: o conferidor
//! aceita qualquer uma, e por isso é provado com mais de uma.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use libtest_mimic::Failed;

const TEMPORARIA: &str = env!("CARGO_TARGET_TMPDIR");

/// O que compila ou interpreta o programa.
fn ferramenta(programa: &Path) -> &'static str {
    match extensao(programa) {
        "py" => "python3",
        "js" => "node",
        "pl" => "perl",
        "c" => "cc",
        _ => "rustc",
    }
}

/// Se a máquina tem com que executar o programa; se não tem, avisa. Na CI,
/// onde nada pode faltar, diz que tem, e o teste falha.
pub fn ha(programa: &Path) -> bool {
    static SABIDAS: Mutex<BTreeMap<&str, bool>> = Mutex::new(BTreeMap::new());
    let ferramenta = ferramenta(programa);
    let mut sabidas = SABIDAS.lock().unwrap_or_else(|e| e.into_inner());
    *sabidas
        .entry(ferramenta)
        .or_insert_with(|| procurar(ferramenta))
}

fn procurar(ferramenta: &str) -> bool {
    let status = Command::new(ferramenta)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let tem = status.is_ok_and(|status| status.success());
    if !tem {
        println!("pulado: o que precisa de {ferramenta}, que não foi achado");
    }
    tem || std::env::var("CI").is_ok_and(|valor| valor == "true")
}

/// O comando que inicia o programa; o que se compila, compila-se uma vez.
pub fn comando(capitulo: &str, programa: &Path) -> Result<Vec<String>, Failed> {
    let caminho = programa.to_string_lossy().into_owned();
    let ferramenta = ferramenta(programa);
    if !matches!(ferramenta, "rustc" | "cc") {
        return Ok(vec![ferramenta.to_owned(), caminho]);
    }
    let pasta = Path::new(TEMPORARIA).join(capitulo).join(ferramenta);
    fs::create_dir_all(&pasta)?;
    let pronto = pasta.join(programa.file_stem().unwrap_or_default());
    if !em_dia(programa, &pronto) {
        // Com outro nome até ficar pronto: um teste interrompido não deixa
        // pela metade o que o próximo usaria.
        let rascunho = pronto.with_extension("novo");
        compilar(ferramenta, programa, &rascunho)?;
        fs::rename(&rascunho, &pronto)?;
    }
    Ok(vec![pronto.to_string_lossy().into_owned()])
}

fn compilar(
    ferramenta: &str,
    programa: &Path,
    destino: &Path,
) -> Result<(), Failed> {
    let opcoes: &[&str] = match ferramenta {
        "cc" => &["-O1"],
        _ => &[
            "--edition=2024",
            "-Cdebuginfo=0",
            "--cap-lints=allow",
            "--crate-name=programa",
        ],
    };
    let saida = Command::new(ferramenta)
        .args(opcoes)
        .args([OsString::from("-o"), destino.into(), programa.into()])
        .output()?;
    match saida.status.success() {
        true => Ok(()),
        false => {
            let erros = String::from_utf8_lossy(&saida.stderr);
            Err(format!("não compila:\n{erros}").into())
        }
    }
}

/// Se o compilado é mais novo que o fonte.
fn em_dia(fonte: &Path, pronto: &Path) -> bool {
    let quando = |caminho: &Path| fs::metadata(caminho)?.modified();
    match (quando(fonte), quando(pronto)) {
        (Ok(fonte), Ok(pronto)) => pronto > fonte,
        _ => false,
    }
}

fn extensao(programa: &Path) -> &str {
    let extensao = programa.extension().unwrap_or_default();
    extensao.to_str().unwrap_or_default()
}
