//! O livro fora do servidor: pasta, zip, EPUB e PDF.

mod mesa;

use mesa::{Mesa, erros};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::Command;
use zip::ZipArchive;

fn ler_zip(arquivo: &Path) -> Vec<(String, Vec<u8>)> {
    let arquivo = File::open(arquivo).expect("abrir o zip");
    let mut zip = ZipArchive::new(arquivo).expect("ler o zip");
    (0..zip.len())
        .map(|numero| {
            let mut dentro = zip.by_index(numero).expect("arquivo do zip");
            let mut bytes = Vec::new();
            let nome = dentro.name().expect("nome").into_owned();
            dentro.read_to_end(&mut bytes).expect("ler");
            (nome, bytes)
        })
        .collect()
}

fn nomes(mesa: &Mesa, pasta: &str) -> Vec<String> {
    let mut nomes: Vec<String> = std::fs::read_dir(mesa.caminho(pasta))
        .expect("ler a pasta")
        .map(|e| e.expect("entrada").file_name().into_string())
        .map(|nome| nome.expect("nome em UTF-8"))
        .collect();
    nomes.sort();
    nomes
}

#[test]
fn o_zip_traz_a_pasta_inteira_embaixo_de_um_nome_so() {
    let mesa = Mesa::nova();
    let saida = mesa.rodar(&["construir", "--saida", "site", "--zip"]);
    assert!(saida.status.success(), "{}", erros(&saida));

    let arquivos = ler_zip(&mesa.caminho("site.zip"));
    assert!(arquivos.iter().all(|(nome, _)| nome.starts_with("site/")));
    let pagina = arquivos.iter().find(|(nome, _)| nome == "site/fim.html");
    let esperada = mesa.ler("site/fim.html").into_bytes();
    assert_eq!(pagina.map(|(_, bytes)| bytes), Some(&esperada));
}

/// `file://` e uma subpasta pedem a mesma coisa: nenhum caminho absoluto.
#[test]
fn nenhuma_pagina_tem_um_caminho_que_comece_na_raiz() {
    let mesa = Mesa::nova();
    mesa.escrever(
        "theme/index.hbs",
        "<link href=\"{{ resource \"css/general.css\" }}\">{{{ content }}}",
    );
    mesa.construir();

    for nome in ["index.html", "cap05-eco.html", "fim.html", "print.html"] {
        let pagina = mesa.ler(&format!("target/livro/{nome}"));
        assert!(!pagina.contains("=\"/"), "{nome}: {pagina}");
    }
}

#[test]
fn o_epub_e_um_zip_com_paginas_em_xml() {
    let mesa = Mesa::nova();
    mesa.escrever(
        "book/fim.md",
        "# Fim & fim\n\n## O fim\n\nUma  \nquebra.\n\n{{#pergunta}}\nQ?\n\
         - (x) a\n  > b\n- ( ) c\n  > d\n{{/pergunta}}\n",
    );
    let saida = mesa.rodar(&["epub", "--saida", "aqui/livro.epub"]);
    assert!(saida.status.success(), "{}", erros(&saida));
    let arquivos = ler_zip(&mesa.caminho("aqui/livro.epub"));

    let primeiro = &arquivos[0];
    assert_eq!(primeiro.0, "mimetype");
    assert_eq!(primeiro.1, b"application/epub+zip");
    for (nome, bytes) in &arquivos {
        if [".xhtml", ".opf", ".xml"]
            .iter()
            .any(|fim| nome.ends_with(fim))
        {
            let texto = std::str::from_utf8(bytes).expect("UTF-8");
            let opcoes = roxmltree::ParsingOptions {
                allow_dtd: true,
                ..roxmltree::ParsingOptions::default()
            };
            roxmltree::Document::parse_with_options(texto, opcoes)
                .unwrap_or_else(|erro| panic!("{nome}: {erro}\n{texto}"));
        }
    }
    assert_eq!(nomes(&mesa, "aqui"), ["livro.epub"]);
}

#[test]
fn o_epub_e_sempre_o_mesmo_com_a_data_fixa() {
    let mesa = Mesa::nova();
    let montar = |nome: &str| {
        let saida = mesa
            .comando(&["epub", "--saida", nome])
            .env("SOURCE_DATE_EPOCH", "0")
            .output()
            .expect("rodar o programa");
        assert!(saida.status.success(), "{}", erros(&saida));
        std::fs::read(mesa.caminho(nome)).expect("ler o EPUB")
    };

    assert_eq!(montar("a.epub"), montar("b.epub"));
}

#[test]
fn um_livro_errado_nao_vira_epub() {
    let mesa = Mesa::nova();
    mesa.escrever("book/fim.md", "# Fim\n\n{{#filme}}\n");
    let saida = mesa.rodar(&["epub"]);

    assert_eq!(saida.status.code(), Some(1));
    assert!(
        erros(&saida).contains("book/fim.md:3: "),
        "{}",
        erros(&saida)
    );
    assert!(!mesa.caminho("target/livro.epub").exists());
}

#[test]
fn sem_o_chromium_o_pdf_diz_o_que_falta() {
    let mesa = Mesa::nova();
    let saida = mesa
        .comando(&["pdf"])
        .env("PATH", mesa.raiz())
        .env_remove("CHROME")
        .output()
        .expect("rodar o programa");

    if saida.status.success() {
        // Um sistema com o navegador em um lugar fixo, fora do PATH.
        return;
    }
    assert_eq!(saida.status.code(), Some(1));
    assert!(erros(&saida).contains("apt install chromium"));
}

#[test]
fn o_pdf_tem_marcadores_e_nao_deixa_resto() {
    let existe =
        |nome: &str| Command::new(nome).arg("--version").output().is_ok();
    if !["chromium", "google-chrome"].into_iter().any(existe) {
        let _ = writeln!(io::stderr(), "pulado: não há Chromium nesta máquina");
        return;
    }
    let mesa = Mesa::nova();
    let saida = mesa.rodar(&["pdf", "--saida", "aqui/livro.pdf"]);
    assert!(saida.status.success(), "{}", erros(&saida));

    let pdf = std::fs::read(mesa.caminho("aqui/livro.pdf")).expect("ler");
    assert!(pdf.starts_with(b"%PDF-"));
    let marcador = b"/Outlines";
    assert!(pdf.windows(marcador.len()).any(|trecho| trecho == marcador));
    assert_eq!(nomes(&mesa, "aqui"), ["livro.pdf"]);
}
