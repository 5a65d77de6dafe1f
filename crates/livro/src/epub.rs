//! O livro em EPUB 3: as mesmas páginas, em XHTML, dentro de um zip.
//!
//! O pacote é escrito aqui, sobre o crate `zip`: as bibliotecas de EPUB não
//! convertem HTML em XHTML, que é o trabalho, e custam mais de um décimo da
//! primeira compilação deste programa.

mod ficha;
mod xhtml;

use crate::construcao::{configuracao, montar, segundos};
use crate::falha::Falhas;
use crate::mesa::Mesa;
use crate::pacote::{Pacote, arquivos};
use crate::revisao::{Capitulo, conferir_sumario};
use anyhow::{Context as _, Result};
use mdbook_driver::config::Config;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// O modelo das páginas: só o texto, sem o que é do site.
const MODELO: &str = "{{{ content }}}";

const CONTEINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <container version=\"1.0\" \
    xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\
    <rootfiles><rootfile full-path=\"livro/livro.opf\" \
    media-type=\"application/oebps-package+xml\"/></rootfiles></container>\n";

const ESTILO: &str = include_str!("epub/estilo.css");

/// Uma página do EPUB.
struct Pagina {
    /// `cap05-servidor-tcp.xhtml`
    nome: String,
    titulo: String,
    xhtml: String,
}

/// Monta o livro e o escreve em `destino`.
pub fn escrever(raiz: &Path, destino: &Path) -> Result<()> {
    let inicio = Instant::now();
    let mesa = Mesa::ao_lado(destino, "epub")?;
    let configuracao = configuracao(raiz)?;
    let fonte = raiz.join(&configuracao.book.src);
    let (capitulos, falhas) = conferir_sumario(raiz, &fonte);
    Falhas::conferir(falhas)?;
    let livro = ficha::Livro::de(&configuracao);
    let site = mesa.pasta().join("site");
    montar(raiz, so_o_texto(configuracao, mesa.pasta(), &site)?)?;
    let paginas = paginas(&site, &capitulos, &livro.lingua)?;
    let figuras = figuras(&site)?;
    empacotar(destino, &livro, &paginas, &figuras)?;
    println!(
        "O livro está em {} ({}).",
        destino.display(),
        segundos(inicio.elapsed())
    );
    Ok(())
}

/// A configuração que escreve cada página só com o texto dela.
fn so_o_texto(
    mut configuracao: Config,
    mesa: &Path,
    site: &Path,
) -> Result<Config> {
    let modelos = mesa.join("modelos");
    fs::create_dir_all(&modelos)?;
    fs::write(modelos.join("index.hbs"), MODELO)?;
    configuracao.build.build_dir = site.to_path_buf();
    configuracao.set("output.html.theme", &modelos)?;
    configuracao.set("output.html.print.enable", false)?;
    configuracao.set("output.html.additional-css", Vec::<String>::new())?;
    configuracao.set("output.html.additional-js", Vec::<String>::new())?;
    Ok(configuracao)
}

/// As páginas montadas, na ordem do sumário, já em XHTML.
fn paginas(
    site: &Path,
    capitulos: &[Capitulo],
    lingua: &str,
) -> Result<Vec<Pagina>> {
    let paginas = capitulos.iter().map(|capitulo| {
        let arquivo = site.join(capitulo.caminho.with_extension("html"));
        let html = fs::read_to_string(&arquivo)
            .with_context(|| format!("ler {}", arquivo.display()))?;
        let nome = capitulo.caminho.with_extension("xhtml");
        Ok(Pagina {
            nome: nome.to_string_lossy().replace('\\', "/"),
            titulo: capitulo.titulo.clone(),
            xhtml: xhtml::pagina(&capitulo.titulo, lingua, &html),
        })
    });
    paginas.collect()
}

/// As imagens que as páginas usam: nome e arquivo.
fn figuras(site: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut figuras = arquivos(site)?;
    figuras.retain(|(nome, _)| {
        ficha::tipo_da_figura(nome).is_some() && !nome.starts_with("favicon")
    });
    Ok(figuras)
}

fn empacotar(
    destino: &Path,
    livro: &ficha::Livro,
    paginas: &[Pagina],
    figuras: &[(String, PathBuf)],
) -> Result<()> {
    let mut pacote = Pacote::abrir(destino)?;
    // A norma pede que este seja o primeiro, e sem compressão.
    pacote.por_cru("mimetype", b"application/epub+zip")?;
    pacote.por("META-INF/container.xml", CONTEINER.as_bytes())?;
    let opf = ficha::opf(livro, paginas, figuras);
    pacote.por("livro/livro.opf", opf.as_bytes())?;
    let sumario = ficha::sumario(livro, paginas);
    pacote.por("livro/sumario.xhtml", sumario.as_bytes())?;
    let estilo = format!("{}{}", estilo_da_figura(), ESTILO);
    pacote.por("livro/estilo.css", estilo.as_bytes())?;
    for pagina in paginas {
        let nome = format!("livro/{}", pagina.nome);
        pacote.por(&nome, pagina.xhtml.as_bytes())?;
    }
    for (nome, arquivo) in figuras {
        pacote.por(&format!("livro/{nome}"), &fs::read(arquivo)?)?;
    }
    pacote.fechar()?;
    Ok(())
}

/// Do estilo da figura, só o que pinta o desenho: o resto é do site, e usa
/// CSS mais novo que a norma do EPUB.
fn estilo_da_figura() -> String {
    fio::figura::CSS
        .lines()
        .filter(|linha| {
            linha.starts_with("figure.fio{")
                || linha.starts_with(".fio svg")
                || linha.starts_with(".fio .")
        })
        .filter(|linha| !linha.contains(":is(") && !linha.contains("font:."))
        .map(|linha| format!("{linha}\n"))
        .collect()
}
