//! `SUMMARY.md` ⇄ disco: cada página em um lugar só, e todas nele.

use crate::falha::Falha;
use mdbook_summary::{Link, SummaryItem, parse_summary};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A primeira linha de uma página que ainda não está no sumário.
const RASCUNHO: &str = "<!-- rascunho -->";

/// Páginas da pasta que não são capítulos.
const AVULSAS: &[&str] = &["SUMMARY.md", "404.md"];

/// Uma página do sumário.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capitulo {
    /// Caminho a partir da pasta das páginas.
    pub caminho: PathBuf,
    /// Título no sumário.
    pub titulo: String,
}

/// Lê o sumário e o confere com o disco.
pub fn conferir(raiz: &Path, fonte: &Path) -> (Vec<Capitulo>, Vec<Falha>) {
    match ler(&fonte.join("SUMMARY.md")) {
        Ok((texto, links)) => {
            let mut leitura = Leitura {
                raiz,
                fonte,
                texto: &texto,
                capitulos: Vec::new(),
                falhas: Vec::new(),
            };
            for link in &links {
                leitura.link(link);
            }
            leitura.esquecidas();
            (leitura.capitulos, leitura.falhas)
        }
        Err(texto) => {
            let arquivo = fonte.join("SUMMARY.md");
            (Vec::new(), vec![Falha::em(raiz, &arquivo, 1, texto)])
        }
    }
}

/// O texto do sumário e todos os links dele.
fn ler(arquivo: &Path) -> Result<(String, Vec<Link>), String> {
    let texto = std::fs::read_to_string(arquivo)
        .map_err(|erro| format!("não consegui ler o sumário ({erro})"))?;
    let sumario = parse_summary(&texto)
        .map_err(|erro| format!("o mdBook não o entende ({erro:#})"))?;
    let itens = sumario
        .prefix_chapters
        .iter()
        .chain(&sumario.numbered_chapters)
        .chain(&sumario.suffix_chapters);
    Ok((texto, links(itens)))
}

/// Todos os links do sumário, os de dentro depois do de fora.
fn links<'a>(itens: impl Iterator<Item = &'a SummaryItem>) -> Vec<Link> {
    let mut saida = Vec::new();
    for item in itens {
        if let SummaryItem::Link(link) = item {
            saida.push(link.clone());
            saida.extend(links(link.nested_items.iter()));
        }
    }
    saida
}

struct Leitura<'a> {
    raiz: &'a Path,
    fonte: &'a Path,
    texto: &'a str,
    capitulos: Vec<Capitulo>,
    falhas: Vec<Falha>,
}

impl Leitura<'_> {
    fn falha(&mut self, procurado: &str, texto: String) {
        let linha = self
            .texto
            .lines()
            .position(|linha| linha.contains(procurado))
            .map_or(1, |posicao| posicao + 1);
        let sumario = self.fonte.join("SUMMARY.md");
        self.falhas
            .push(Falha::em(self.raiz, &sumario, linha, texto));
    }

    fn link(&mut self, link: &Link) {
        let Some(caminho) = &link.location else {
            self.falha(
                &format!("[{}]", link.name),
                format!(
                    "`{}` não tem página; um capítulo só entra no sumário \
                     quando existe",
                    link.name
                ),
            );
            return;
        };
        let nome = caminho.to_string_lossy();
        let arquivo = self.fonte.join(caminho);
        if !arquivo.is_file() {
            self.falha(&nome, format!("a página `{nome}` não existe"));
        } else if self.capitulos.iter().any(|c| c.caminho == *caminho) {
            self.falha(&nome, format!("`{nome}` está no sumário duas vezes"));
        } else if rascunho(&arquivo) {
            self.falha(
                &nome,
                format!(
                    "`{nome}` ainda é um rascunho; tire a primeira linha dela \
                     ou tire-a do sumário"
                ),
            );
        } else {
            let titulo = link.name.clone();
            let caminho = caminho.clone();
            self.capitulos.push(Capitulo { caminho, titulo });
        }
    }

    /// As páginas da pasta que o sumário não cita.
    fn esquecidas(&mut self) {
        let citadas: BTreeSet<PathBuf> =
            links_do_texto(self.fonte, self.texto).collect();
        for pagina in paginas(self.fonte) {
            let nome = pagina.strip_prefix(self.fonte).unwrap_or(&pagina);
            let avulsa = AVULSAS.iter().any(|avulsa| nome == Path::new(avulsa));
            if avulsa || citadas.contains(&pagina) || rascunho(&pagina) {
                continue;
            }
            self.falhas.push(Falha::em(
                self.raiz,
                &pagina,
                1,
                format!(
                    "a página não está em `SUMMARY.md`; ponha-a lá, ou comece \
                     o arquivo com `{RASCUNHO}` enquanto ela não está pronta"
                ),
            ));
        }
    }
}

/// Os arquivos citados no sumário, existam ou não.
fn links_do_texto<'a>(
    fonte: &'a Path,
    texto: &'a str,
) -> impl Iterator<Item = PathBuf> + 'a {
    texto
        .split("](")
        .skip(1)
        .filter_map(|resto| resto.split(')').next())
        .map(|alvo| fonte.join(alvo.trim_start_matches("./")))
}

fn rascunho(arquivo: &Path) -> bool {
    std::fs::read_to_string(arquivo)
        .is_ok_and(|texto| texto.lines().next() == Some(RASCUNHO))
}

/// Todos os `.md` da pasta, em ordem.
fn paginas(pasta: &Path) -> BTreeSet<PathBuf> {
    let mut saida = BTreeSet::new();
    let Ok(entradas) = std::fs::read_dir(pasta) else {
        return saida;
    };
    for entrada in entradas.flatten() {
        let caminho = entrada.path();
        if caminho.is_dir() {
            saida.extend(paginas(&caminho));
        } else if caminho.extension().is_some_and(|fim| fim == "md") {
            saida.insert(caminho);
        }
    }
    saida
}
