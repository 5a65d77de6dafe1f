//! Os papéis do EPUB: a ficha do livro (`.opf`) e o sumário.

use super::Pagina;
use crate::html::escapar;
use mdbook_driver::config::Config;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

const SEGUNDOS_DO_DIA: u64 = 86_400;

/// O que a capa diz.
pub struct Livro {
    pub titulo: String,
    pub lingua: String,
    descricao: String,
    autores: Vec<String>,
    /// Segundos desde 1970.
    agora: u64,
}

impl Livro {
    /// Os dados de `book.toml`. A data é a de agora, ou a da variável
    /// `SOURCE_DATE_EPOCH`, que faz duas montagens darem o mesmo arquivo.
    pub fn de(configuracao: &Config) -> Livro {
        let livro = configuracao.book.clone();
        let fixa = std::env::var("SOURCE_DATE_EPOCH").ok();
        let agora = fixa.and_then(|texto| texto.parse().ok());
        Livro {
            titulo: livro.title.unwrap_or_default(),
            lingua: livro.language.unwrap_or_default(),
            descricao: livro.description.unwrap_or_default(),
            autores: livro.authors,
            agora: agora.unwrap_or_else(segundos_de_agora),
        }
    }
}

fn segundos_de_agora() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |tempo| tempo.as_secs())
}

/// A ficha: quem escreveu, o que há dentro e em que ordem se lê.
pub fn opf(
    livro: &Livro,
    paginas: &[Pagina],
    figuras: &[(String, PathBuf)],
) -> String {
    let autores: String = livro
        .autores
        .iter()
        .map(|autor| format!("<dc:creator>{}</dc:creator>", escapar(autor)))
        .collect();
    let (itens, ordem) = itens(paginas);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" \
         unique-identifier=\"id\" xml:lang=\"{lingua}\">\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <dc:identifier id=\"id\">urn:livro:sockets-na-pratica\
         </dc:identifier><dc:title>{titulo}</dc:title>\
         <dc:language>{lingua}</dc:language>{autores}\
         <dc:description>{descricao}</dc:description>\
         <meta property=\"dcterms:modified\">{data}</meta></metadata>\
         <manifest><item id=\"sumario\" href=\"sumario.xhtml\" \
         media-type=\"application/xhtml+xml\" properties=\"nav\"/>\
         <item id=\"estilo\" href=\"estilo.css\" media-type=\"text/css\"/>\
         {itens}{figuras}</manifest><spine>{ordem}</spine></package>\n",
        lingua = escapar(&livro.lingua),
        titulo = escapar(&livro.titulo),
        descricao = escapar(&livro.descricao),
        data = data(livro.agora),
        figuras = itens_das_figuras(figuras),
    )
}

fn itens(paginas: &[Pagina]) -> (String, String) {
    let (mut itens, mut ordem) = (String::new(), String::new());
    for (numero, pagina) in paginas.iter().enumerate() {
        let svg = if pagina.xhtml.contains("<svg") {
            " properties=\"svg\""
        } else {
            ""
        };
        itens.push_str(&format!(
            "<item id=\"p{numero}\" href=\"{}\" \
             media-type=\"application/xhtml+xml\"{svg}/>",
            escapar(&pagina.nome)
        ));
        ordem.push_str(&format!("<itemref idref=\"p{numero}\"/>"));
    }
    (itens, ordem)
}

fn itens_das_figuras(figuras: &[(String, PathBuf)]) -> String {
    figuras
        .iter()
        .enumerate()
        .filter_map(|(numero, (nome, _))| {
            let tipo = tipo_da_figura(nome)?;
            let nome = escapar(nome);
            Some(format!(
                "<item id=\"f{numero}\" href=\"{nome}\" media-type=\"{tipo}\"/>"
            ))
        })
        .collect()
}

/// O tipo de uma imagem que cabe em um EPUB.
pub fn tipo_da_figura(nome: &str) -> Option<&'static str> {
    match nome.rsplit_once('.')?.1 {
        "png" => Some("image/png"),
        "jpg" | "jpeg" => Some("image/jpeg"),
        "svg" => Some("image/svg+xml"),
        "webp" => Some("image/webp"),
        _ => None,
    }
}

/// O sumário que o leitor de EPUB mostra.
pub fn sumario(livro: &Livro, paginas: &[Pagina]) -> String {
    let linhas: String = paginas
        .iter()
        .map(|pagina| {
            format!(
                "<li><a href=\"{}\">{}</a></li>",
                escapar(&pagina.nome),
                escapar(&pagina.titulo)
            )
        })
        .collect();
    let corpo = format!(
        "<nav epub:type=\"toc\"><h1>Sumário</h1><ol>{linhas}</ol></nav>"
    );
    super::xhtml::envolver(&livro.titulo, &livro.lingua, "", &corpo)
}

/// `2026-11-22T23:40:00Z`, de segundos desde 1970 (o calendário de dias civis
/// de H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn data(segundos: u64) -> String {
    let (dias, resto) =
        (segundos / SEGUNDOS_DO_DIA, segundos % SEGUNDOS_DO_DIA);
    let dias = dias + 719_468;
    let (era, do_era) = (dias / 146_097, dias % 146_097);
    let ano_do_era =
        (do_era - do_era / 1_460 + do_era / 36_524 - do_era / 146_096) / 365;
    let do_ano =
        do_era - (365 * ano_do_era + ano_do_era / 4 - ano_do_era / 100);
    let mes_de_marco = (5 * do_ano + 2) / 153;
    let dia = do_ano - (153 * mes_de_marco + 2) / 5 + 1;
    let mes = if mes_de_marco < 10 {
        mes_de_marco + 3
    } else {
        mes_de_marco - 9
    };
    let ano = ano_do_era + era * 400 + u64::from(mes <= 2);
    let (hora, minuto) = (resto / 3600, resto / 60 % 60);
    format!(
        "{ano:04}-{mes:02}-{dia:02}T{hora:02}:{minuto:02}:{:02}Z",
        resto % 60
    )
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn a_data_vem_dos_segundos() {
        assert_eq!(data(0), "1970-01-01T00:00:00Z");
        assert_eq!(data(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(data(1_795_390_800), "2026-11-22T23:40:00Z");
    }
}
