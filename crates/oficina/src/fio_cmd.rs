//! `oficina fio`: a escada de uma captura, no terminal ou em uma figura.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use fio::Captura;
use fio::figura::Pedido;
use oficina::erro_do_sistema::em_portugues;

/// Colunas da escada quando a saída não é um terminal.
const LARGURA: usize = 80;
/// Acima disto as linhas do tempo ficam longe demais uma da outra.
const LARGURA_MAXIMA: usize = 100;

/// Mostra a conversa de uma captura (pcap ou pcapng)
#[derive(Args, Debug)]
pub struct ArgumentosDoFio {
    /// O arquivo, gravado aqui, com tcpdump ou com o Wireshark
    arquivo: PathBuf,
    /// O que mostrar, como “tcp porta 7005” ou “pacotes 1-20”
    #[arg(long, default_value = "")]
    filtro: String,
    /// Também desenha a figura neste arquivo (.html ou .svg)
    #[arg(long, value_name = "ARQUIVO")]
    figura: Option<PathBuf>,
    /// Em vez da escada, uma linha por pacote, com os números
    #[arg(long)]
    tabela: bool,
}

/// Desenha a escada; erro se o arquivo não é uma captura.
pub fn executar(argumentos: &ArgumentosDoFio) -> anyhow::Result<ExitCode> {
    let captura = abrir(&argumentos.arquivo, &argumentos.filtro)?;
    if argumentos.tabela {
        print!("{}", fio::texto::tabela(&captura));
    } else {
        print!("{}", fio::texto::escada(&captura, largura()));
    }
    if let Some(figura) = &argumentos.figura {
        let nome = argumentos.arquivo.file_name().unwrap_or_default();
        desenhar(&captura, &nome.to_string_lossy(), figura)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Lê a captura e deixa visível o que passa no filtro.
pub fn abrir(arquivo: &Path, filtro: &str) -> anyhow::Result<Captura> {
    let nome = arquivo.display();
    let bytes = fs::read(arquivo)
        .map_err(|erro| anyhow!("não li {nome}: {}", em_portugues(&erro)))?;
    let captura = Captura::ler(&bytes).with_context(|| nome.to_string())?;
    Ok(captura.filtrar(filtro)?)
}

/// Quantas colunas tem o terminal.
pub fn largura() -> usize {
    let colunas = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let do_terminal = || {
        std::io::stdout()
            .is_terminal()
            .then(colunas_do_terminal)
            .flatten()
    };
    colunas
        .or_else(do_terminal)
        .unwrap_or(LARGURA)
        .min(LARGURA_MAXIMA)
}

#[cfg(unix)]
fn colunas_do_terminal() -> Option<usize> {
    let tamanho = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some(tamanho.ws_col.into()).filter(|colunas| *colunas > 0)
}

#[cfg(not(unix))]
fn colunas_do_terminal() -> Option<usize> {
    None
}

/// Desenha a figura em um arquivo que se abre sozinho.
pub fn desenhar(
    captura: &Captura,
    nome: &str,
    arquivo: &Path,
) -> anyhow::Result<()> {
    let pedido = Pedido {
        nome: nome.to_owned(),
        limite: fio::figura::MAIS_PACOTES_NO_ARQUIVO,
        ..Pedido::default()
    };
    let extensao = arquivo.extension().and_then(|e| e.to_str());
    let texto = match extensao {
        Some("html" | "htm") => fio::figura::pagina(captura, &pedido)?,
        Some("svg") => so_o_svg(&fio::figura::pagina(captura, &pedido)?)?,
        _ => bail!("{}: a figura é .html ou .svg", arquivo.display()),
    };
    fs::write(arquivo, texto)
        .with_context(|| format!("não escrevi {}", arquivo.display()))
}

/// O desenho largo da página, com o estilo dela dentro.
///
/// O estilo fala de um desenho dentro de uma figura (`.fio svg`): aqui a
/// figura é o SVG de fora.
fn so_o_svg(pagina: &str) -> anyhow::Result<String> {
    const AJUSTE: &str = ".fio svg.fio-largo{display:block;padding:0}";
    let entre = |abre: &str, fecha: &str| {
        let inicio = pagina.find(abre)? + abre.len();
        let fim = inicio + pagina[inicio..].find(fecha)?;
        Some(&pagina[inicio..fim])
    };
    let estilo = entre("<style>", "</style>").context("falta o estilo")?;
    let estilo = estilo.replace("figure.fio{", ".fio{");
    let desenho = entre("<svg ", "</svg>").context("falta o desenho")?;
    let caixa = entre("viewBox=\"", "\"").context("falta o tamanho")?;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fio\" \
         viewBox=\"{caixa}\"><style>{estilo}{AJUSTE}</style>\
         <rect width=\"100%\" height=\"100%\" fill=\"var(--cartao)\"/>\
         <svg {desenho}</svg></svg>\n"
    ))
}
