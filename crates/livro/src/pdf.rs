//! O livro em um PDF, com marcadores: quem imprime é o Chromium.

use crate::construcao::{construir, segundos};
use crate::mesa::Mesa;
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Quanto o navegador pode demorar.
const PRAZO: Duration = Duration::from_secs(180);

/// De quanto em quanto se pergunta se ele acabou.
const PASSO: Duration = Duration::from_millis(50);

/// Nomes do Chromium nos vários sistemas.
const NAVEGADORES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/// Monta o livro e o imprime em `destino`.
pub fn imprimir(raiz: &Path, destino: &Path) -> Result<()> {
    let inicio = Instant::now();
    let navegador = navegador()?;
    let mesa = Mesa::ao_lado(destino, "pdf")?;
    let site = mesa.pasta().join("site");
    construir(raiz, &site)?;
    let parcial = mesa.pasta().join("livro.pdf");
    imprimir_pagina(
        &navegador,
        mesa.pasta(),
        &site.join("print.html"),
        &parcial,
    )?;
    if !std::fs::read(&parcial)?.starts_with(b"%PDF-") {
        bail!("o navegador escreveu algo que não é um PDF");
    }
    std::fs::rename(&parcial, destino).with_context(|| {
        format!("não foi possível escrever {}", destino.display())
    })?;
    println!(
        "O livro está em {} ({}).",
        destino.display(),
        segundos(inicio.elapsed())
    );
    Ok(())
}

/// O primeiro navegador que existe, ou o da variável `CHROME`.
fn navegador() -> Result<PathBuf> {
    let escolhido = std::env::var_os("CHROME").filter(|nome| !nome.is_empty());
    if let Some(escolhido) = escolhido {
        return Ok(PathBuf::from(escolhido));
    }
    let pastas = std::env::var_os("PATH").unwrap_or_default();
    let pastas: Vec<PathBuf> = std::env::split_paths(&pastas).collect();
    for nome in NAVEGADORES {
        let direto = PathBuf::from(nome);
        if direto.is_absolute() && direto.exists() {
            return Ok(direto);
        }
        let achado = pastas
            .iter()
            .map(|pasta| pasta.join(nome))
            .find(|c| c.is_file());
        if let Some(achado) = achado {
            return Ok(achado);
        }
    }
    bail!(
        "o PDF é impresso pelo Chromium, e não encontrei nenhum; instale-o \
         (no Debian e no Ubuntu, `sudo apt install chromium`) ou diga onde \
         está na variável CHROME"
    )
}

fn imprimir_pagina(
    navegador: &Path,
    mesa: &Path,
    pagina: &Path,
    destino: &Path,
) -> Result<()> {
    let mut filho = Command::new(navegador)
        .args([
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
        ])
        .args(sem_cerca())
        .arg(format!("--user-data-dir={}", mesa.join("perfil").display()))
        .arg(format!("--print-to-pdf={}", destino.display()))
        .arg(format!("file://{}", pagina.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| {
            format!("não consegui abrir {}", navegador.display())
        })?;
    esperar(&mut filho)?;
    if !destino.exists() {
        bail!("{} não imprimiu o livro", navegador.display());
    }
    Ok(())
}

/// O root de um contêiner não consegue abrir a cerca do Chromium; a página é
/// nossa e vem do disco.
fn sem_cerca() -> Option<&'static str> {
    #[cfg(target_os = "linux")]
    if rustix::process::geteuid().is_root() {
        return Some("--no-sandbox");
    }
    None
}

fn esperar(filho: &mut Child) -> Result<()> {
    let inicio = Instant::now();
    while filho.try_wait()?.is_none() {
        if inicio.elapsed() > PRAZO {
            filho.kill()?;
            filho.wait()?;
            bail!("o navegador passou de {} s imprimindo", PRAZO.as_secs());
        }
        std::thread::sleep(PASSO);
    }
    Ok(())
}
