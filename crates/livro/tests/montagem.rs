//! O programa de verdade em livros pequenos: cada armadilha do mdBook é um
//! erro com arquivo e linha, e o livro antigo fica como estava.

mod mesa;

use mesa::{LIVRO, Mesa, PAGINA, erros};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PRAZO: Duration = Duration::from_secs(30);

#[test]
fn um_livro_certo_vira_paginas_prontas() {
    let mesa = Mesa::nova();
    mesa.construir();

    let pagina = mesa.ler("target/livro/cap05-eco.html");
    assert!(pagina.contains("<figure class=\"listagem\""), "{pagina}");
    assert!(pagina.contains("<span class=\"k\">fn</span>"), "{pagina}");
    assert!(pagina.contains("href=\"fim.html#o-fim\""), "{pagina}");
}

#[test]
fn o_livro_e_achado_de_uma_subpasta() {
    let mesa = Mesa::nova();
    let saida = mesa
        .comando(&["construir"])
        .current_dir(mesa.caminho("crates/cap05-eco/src"))
        .output()
        .expect("rodar o programa");

    assert!(saida.status.success(), "{}", erros(&saida));
    assert!(mesa.caminho("target/livro/index.html").exists());
}

#[test]
fn a_saida_pode_ser_outra_pasta() {
    let mesa = Mesa::nova();
    let saida = mesa.rodar(&["construir", "--saida", "site/aqui"]);

    assert!(saida.status.success(), "{}", erros(&saida));
    assert!(mesa.caminho("site/aqui/fim.html").exists());
    assert!(!mesa.caminho("target/livro").exists());
}

/// Troca um arquivo do livro e confere a reclamação, sem perder o antigo.
fn confere_armadilha(arquivo: &str, texto: &str, esperado: &[&str]) {
    let mesa = Mesa::nova();
    mesa.construir();
    let antes = conteudo(&mesa.caminho("target/livro"));
    mesa.escrever(arquivo, texto);
    let reclamacao = mesa.reclamacao();

    for trecho in esperado {
        assert!(reclamacao.contains(trecho), "{trecho}\n≠\n{reclamacao}");
    }
    assert_eq!(antes, conteudo(&mesa.caminho("target/livro")));
    assert_eq!(nomes(&mesa.caminho("target")), ["livro"]);
}

#[test]
fn um_arquivo_incluido_que_falta_e_um_erro() {
    confere_armadilha(
        "book/cap05-eco.md",
        &PAGINA.replace("cap05-eco.rs:eco", "cap05-sumiu.rs:eco"),
        &["book/cap05-eco.md:6: ", "cap05-sumiu.rs"],
    );
}

#[test]
fn uma_ancora_que_falta_e_um_erro() {
    confere_armadilha(
        "book/cap05-eco.md",
        &PAGINA.replace(":eco}", ":sumiu}"),
        &["book/cap05-eco.md:6: ", "`ANCHOR: sumiu`"],
    );
}

#[test]
fn uma_ancora_repetida_e_um_erro() {
    confere_armadilha(
        "book/cap05-eco.md",
        &PAGINA.replace(":eco}", ":dois}"),
        &["book/cap05-eco.md:6: ", "repete", "nas linhas 6, 9"],
    );
}

#[test]
fn uma_pagina_fora_do_sumario_e_um_erro() {
    confere_armadilha(
        "book/esquecida.md",
        "# Esquecida\n",
        &["book/esquecida.md:1: ", "SUMMARY.md"],
    );
}

#[test]
fn uma_pagina_em_rascunho_pode_ficar_fora_do_sumario() {
    let mesa = Mesa::nova();
    mesa.escrever("book/cedo.md", "<!-- rascunho -->\n# Cedo\n");
    mesa.construir();

    assert!(!mesa.caminho("target/livro/cedo.html").exists());
}

#[test]
fn um_rascunho_no_sumario_e_um_erro() {
    confere_armadilha(
        "book/fim.md",
        "<!-- rascunho -->\n# Fim\n\n## O fim\n",
        &["book/SUMMARY.md:4: ", "rascunho"],
    );
}

#[test]
fn uma_linha_do_sumario_sem_pagina_e_um_erro_e_nada_e_criado() {
    let sumario = "# Sumário\n\n- [Um eco](cap05-eco.md)\n- [O fim](fim.md)\n\
                   - [Nada](nada.md)\n";
    confere_armadilha(
        "book/SUMMARY.md",
        sumario,
        &["book/SUMMARY.md:5: ", "`nada.md`"],
    );
}

#[test]
fn um_capitulo_sem_arquivo_no_sumario_e_um_erro() {
    let sumario = "# Sumário\n\n- [Um eco](cap05-eco.md)\n- [O fim](fim.md)\n\
                   - [Depois]()\n";
    confere_armadilha(
        "book/SUMMARY.md",
        sumario,
        &["book/SUMMARY.md:5: ", "`Depois`"],
    );
}

#[test]
fn um_link_morto_e_um_erro() {
    confere_armadilha(
        "book/fim.md",
        "# Fim\n\n## O fim\n\nVeja [isto](nada.md).\n",
        &["book/fim.md:5: ", "`nada.md`"],
    );
}

#[test]
fn um_fragmento_morto_em_outra_pagina_e_um_erro() {
    confere_armadilha(
        "book/fim.md",
        "# Fim\n\n## Outro nome\n",
        &["book/cap05-eco.md:3: ", "`#o-fim`"],
    );
}

#[test]
fn rust_e_python_escritos_a_mao_sao_erros() {
    for lingua in ["rust", "python"] {
        confere_armadilha(
            "book/fim.md",
            &format!("# Fim\n\n## O fim\n\n```{lingua}\nx\n```\n"),
            &["book/fim.md:5: ", "escrito à mão"],
        );
        confere_armadilha(
            "book/fim.md",
            &format!("## O fim\n\n* a\n\n    ```{lingua}\n    x\n    ```\n"),
            &["book/fim.md:5: ", "fora de listas"],
        );
    }
}

#[test]
fn uma_diretiva_desconhecida_e_um_erro() {
    confere_armadilha(
        "book/fim.md",
        "# Fim\n\n## O fim\n\n{{#filme a.mp4}}\n",
        &["book/fim.md:5: ", "`{{#filme}}`"],
    );
}

#[test]
fn um_modelo_que_nao_se_le_e_um_erro_sem_pilha() {
    let mesa = Mesa::nova();
    mesa.escrever("theme/index.hbs", "{{#if}}");

    let reclamacao = mesa.reclamacao();
    assert!(reclamacao.contains("o mdBook não montou o livro"));
}

#[test]
fn todos_os_erros_do_livro_saem_de_uma_vez() {
    let mesa = Mesa::nova();
    mesa.escrever("book/fim.md", "# Fim\n\n{{#a}}\n\n{{#b}}\n");
    let reclamacao = mesa.reclamacao();

    assert_eq!(reclamacao.trim().lines().count(), 3, "{reclamacao}");
}

/// Os endereços que a revisão calcula são os que o mdBook escreve.
#[test]
fn os_enderecos_dos_titulos_sao_os_do_mdbook() {
    let titulos = [
        ("## Ação & `reação`!", "ação--reação"),
        ("## Igual", "igual"),
        ("## Igual", "igual-1"),
        ("## Com *ênfase* e [link](fim.md)", "com-ênfase-e-link"),
        ("## Com nome {#meu-nome}", "meu-nome"),
        ("### M06: `write_all` — sempre", "m06-write_all--sempre"),
    ];
    let mut texto = String::from("# Um eco\n\n");
    for (titulo, id) in titulos {
        texto.push_str(&format!("{titulo}\n\n[a](#{id})\n\n"));
    }
    let mesa = Mesa::nova();
    mesa.escrever("book/cap05-eco.md", &texto);
    mesa.construir();

    let html = mesa.ler("target/livro/cap05-eco.html");
    for (_, id) in titulos {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
}

#[test]
fn o_nome_do_arquivo_aponta_para_o_repositorio_quando_ha_um() {
    let mesa = Mesa::nova();
    let saida = mesa
        .comando(&["construir"])
        .env(
            "MDBOOK_OUTPUT__HTML__GIT_REPOSITORY_URL",
            "https://exemplo.org/livro",
        )
        .output()
        .expect("rodar o programa");

    assert!(saida.status.success(), "{}", erros(&saida));
    assert!(mesa.ler("target/livro/cap05-eco.html").contains(
        "https://exemplo.org/livro/blob/HEAD/crates/cap05-eco/src/bin/\
         cap05-eco.rs#L4-L4"
    ));
}

#[test]
fn os_arquivos_do_mdbook_que_ninguem_usa_nao_vao_para_a_saida() {
    let mesa = Mesa::nova();
    mesa.escrever("theme/index.hbs", "<main>{{{ content }}}</main>");
    mesa.construir();

    let saida = mesa.caminho("target/livro");
    let resto: Vec<String> = conteudo(&saida)
        .into_keys()
        .filter(|nome| !nome.ends_with(".html"))
        .collect();
    assert_eq!(resto, [".nojekyll"]);
}

#[test]
fn o_preprocessador_so_aceita_html() {
    let mesa = Mesa::nova();
    let estado = |saida| {
        mesa.rodar(&["preprocessador", "supports", saida])
            .status
            .code()
    };

    assert_eq!(estado("html"), Some(0));
    assert_eq!(estado("markdown"), Some(1));
}

/// O mdBook comum chama o programa como pré-processador; a página é a mesma.
#[test]
fn o_mdbook_comum_da_o_mesmo_livro() {
    let mesa = Mesa::nova();
    mesa.construir();
    let nosso = conteudo(&mesa.caminho("target/livro"));
    let livro = mdbook_driver::MDBook::load(mesa.raiz()).expect("carregar");
    livro.build().expect("montar");
    let dele = conteudo(&mesa.caminho("target/livro"));

    for (nome, texto) in nosso {
        assert_eq!(Some(&texto), dele.get(&nome), "{nome}");
    }
}

#[test]
fn um_livro_errado_tambem_para_o_mdbook_comum() {
    let mesa = Mesa::nova();
    mesa.escrever("book/fim.md", "# Fim\n\n{{#filme}}\n");
    let livro = mdbook_driver::MDBook::load(mesa.raiz()).expect("carregar");

    assert!(livro.build().is_err());
}

#[test]
fn um_livro_mal_mandado_ao_preprocessador_e_um_erro() {
    let mesa = Mesa::nova();
    let mut filho = mesa
        .comando(&["preprocessador"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rodar o programa");
    let estado = filho.wait().expect("esperar");

    assert_eq!(estado.code(), Some(1));
}

#[test]
fn uma_opcao_desconhecida_e_uso_errado() {
    let mesa = Mesa::nova();
    for argumentos in [&["--cor"][..], &["voar"], &["--porta", "muitas"]] {
        let saida = mesa.rodar(argumentos);
        assert_eq!(saida.status.code(), Some(2), "{argumentos:?}");
        assert!(erros(&saida).contains("uso: cargo run"), "{argumentos:?}");
    }
}

#[test]
fn fora_de_um_livro_o_programa_diz_que_nao_achou() {
    let vazia = tempfile::tempdir().expect("pasta temporária");
    let saida = Command::new(LIVRO)
        .arg("construir")
        .current_dir(vazia.path())
        .env_remove("CARGO_MANIFEST_DIR")
        .output()
        .expect("rodar o programa");

    assert_eq!(saida.status.code(), Some(1));
    assert!(erros(&saida).contains("não encontrei `book.toml`"));
}

/// Morrer no meio da montagem não deixa meio livro, e a próxima montagem tira
/// o que sobrou.
#[test]
fn uma_montagem_morta_no_meio_nao_deixa_meio_livro() {
    let mesa = Mesa::nova();
    mesa.construir();
    let antes = conteudo(&mesa.caminho("target/livro"));
    muitas_paginas(&mesa);
    let mut filho = mesa
        .comando(&["construir"])
        .stdout(Stdio::null())
        .spawn()
        .expect("rodar o programa");
    let obra = format!(".livro.em-obra-{}", filho.id());
    esperar(|| !nomes(&mesa.caminho("target").join(&obra)).is_empty());
    filho.kill().expect("matar");
    filho.wait().expect("esperar");

    assert_eq!(antes, conteudo(&mesa.caminho("target/livro")));
    mesa.construir();
    assert_eq!(nomes(&mesa.caminho("target")), ["livro"]);
}

/// Páginas bastantes para a montagem levar mais que a reação do teste.
fn muitas_paginas(mesa: &Mesa) {
    let mut sumario = mesa.ler("book/SUMMARY.md");
    for numero in 0..200 {
        sumario.push_str(&format!("- [P {numero}](p{numero}.md)\n"));
        mesa.escrever(&format!("book/p{numero}.md"), PAGINA);
    }
    mesa.escrever("book/SUMMARY.md", &sumario);
}

fn esperar(mut pronto: impl FnMut() -> bool) {
    let inicio = Instant::now();
    while !pronto() {
        assert!(inicio.elapsed() < PRAZO, "o prazo acabou");
        std::thread::yield_now();
    }
}

fn nomes(pasta: &Path) -> Vec<String> {
    let Ok(entradas) = fs::read_dir(pasta) else {
        return Vec::new();
    };
    let mut nomes: Vec<String> = entradas
        .flatten()
        .map(|entrada| entrada.file_name().to_string_lossy().into_owned())
        .collect();
    nomes.sort();
    nomes
}

/// Todos os arquivos da pasta, com o que está neles.
fn conteudo(pasta: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut saida = BTreeMap::new();
    for nome in nomes(pasta) {
        let caminho = pasta.join(&nome);
        if caminho.is_dir() {
            for (dentro, bytes) in conteudo(&caminho) {
                saida.insert(format!("{nome}/{dentro}"), bytes);
            }
        } else {
            saida.insert(nome, fs::read(caminho).expect("ler"));
        }
    }
    saida
}
