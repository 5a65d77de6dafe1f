//! O que o nosso modelo (`tema/index.hbs`) espera do mdBook. Uma versão nova
//! que mude um destes nomes, ou o que eles trazem, falha aqui antes de
//! estragar uma página.

mod mesa;

use mesa::Mesa;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Um modelo que só mostra o que recebe, um nome por linha.
const ESPELHO: &str = r#"
language={{ language }}
book_title={{ book_title }}
description={{ description }}
is_index={{ is_index }}
is_print={{ is_print }}
base_url={{ base_url }}
title={{ title }}
chapter_title={{ chapter_title }}
section={{ section }}
path={{ path }}
path_to_root={{ path_to_root }}
print_enable={{ print_enable }}
favicon_svg={{ favicon_svg }}
git_repository_edit_url={{ git_repository_edit_url }}
previous={{ previous.title }} {{ previous.link }}
next={{ next.title }} {{ next.link }}
recurso={{ resource "css/general.css" }}
igual={{#if (eq "a" "a")}}sim{{/if}}
{{#each additional_css}}css={{ this }}
{{/each}}{{#each additional_js}}js={{ this }}
{{/each}}{{#each chapters}}item={{ part }}|{{ section }}|{{ name }}|{{ path }}
{{/each}}conteudo={{{ content }}}
"#;

/// Um livro com tudo o que o modelo olha.
fn mesa() -> Mesa {
    let mesa = Mesa::nova();
    mesa.escrever("theme/index.hbs", ESPELHO);
    mesa.escrever("a.css", "p {}");
    mesa.escrever("a.js", "0");
    let antes = mesa.ler("book.toml");
    let html = "[output.html]\nadditional-css = [\"a.css\"]\n\
                additional-js = [\"a.js\"]\n\
                edit-url-template = \"https://a.b/{path}\"";
    mesa.escrever("book.toml", &antes.replace("[output.html]", html));
    mesa.escrever(
        "book/SUMMARY.md",
        "# Sumário\n\n[Início](fim.md)\n\n# TCP\n\n\
         - [Um eco](cap05-eco.md)\n",
    );
    mesa.construir();
    mesa
}

fn tem(pagina: &str, linhas: &[&str]) {
    for linha in linhas {
        let achada = pagina.lines().any(|outra| outra == *linha);
        assert!(achada, "falta `{linha}` em:\n{pagina}");
    }
}

#[test]
fn um_capitulo_traz_o_que_o_modelo_espera() {
    let mesa = mesa();
    let pagina = mesa.ler("target/livro/cap05-eco.html");

    tem(
        &pagina,
        &[
            "language=pt-BR",
            "book_title=Livro de teste",
            "is_index=",
            "is_print=",
            "base_url=",
            "chapter_title=Um eco",
            "section=5.",
            "path=cap05-eco.html",
            "path_to_root=",
            "print_enable=true",
            "git_repository_edit_url=https://a.b/book/cap05-eco.md",
            "previous=Início fim.html",
            "next= ",
            "igual=sim",
            "css=a.css",
            "js=a.js",
            "item=TCP|||",
            "item=||Início|fim.html",
            "item=|5.|Um eco|cap05-eco.html",
        ],
    );
    assert!(pagina.contains("recurso=css/general-"), "{pagina}");
    assert!(pagina.contains("favicon_svg=favicon"), "{pagina}");
    assert!(pagina.contains("conteudo=<p class=\"olho\">"), "{pagina}");
}

#[test]
fn a_abertura_o_404_e_a_impressao_se_reconhecem() {
    let mesa = mesa();

    tem(&mesa.ler("target/livro/index.html"), &["is_index=true"]);
    tem(&mesa.ler("target/livro/404.html"), &["base_url=/"]);
    tem(
        &mesa.ler("target/livro/print.html"),
        &["is_print=true", "path=print.md"],
    );
}

/// Todo nome que o modelo usa está no espelho: quem põe um nome novo no
/// modelo é lembrado de conferi-lo aqui.
#[test]
fn o_espelho_cobre_todos_os_nomes_do_modelo() {
    let tema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tema/index.hbs");
    let modelo = fs::read_to_string(tema).expect("ler o modelo");
    // `live_reload_endpoint` só existe no `mdbook serve` comum.
    let avulsos = ["live_reload_endpoint", "this", "else"];
    let faltam: Vec<String> = nomes(&modelo)
        .difference(&nomes(ESPELHO))
        .filter(|nome| !avulsos.contains(&nome.as_str()))
        .cloned()
        .collect();

    assert_eq!(faltam, Vec::<String>::new());
}

/// Os nomes de dentro de `{{ … }}`, sem os textos entre aspas.
fn nomes(modelo: &str) -> BTreeSet<String> {
    let ajudantes = [
        "if", "unless", "each", "eq", "ne", "or", "and", "not", "resource",
    ];
    let mut nomes = BTreeSet::new();
    for trecho in modelo.split("{{").skip(1) {
        let dentro = trecho.split("}}").next().unwrap_or_default();
        let sem_textos: String = dentro.split('"').step_by(2).collect();
        let palavras = sem_textos
            .split(|letra: char| {
                !(letra.is_alphanumeric() || letra == '_' || letra == '@')
            })
            .filter(|p| !p.is_empty() && !p.starts_with('@'))
            .filter(|p| !ajudantes.contains(p));
        nomes.extend(palavras.map(str::to_string));
    }
    nomes
}
