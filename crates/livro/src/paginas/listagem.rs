//! Blocos de código: `<figure class="listagem">`, com o nome do arquivo e as
//! cores já postas.

use super::Lugar;
use super::cerca::Cerca;
use super::inclusao::{self, Inclusao};
use crate::falha::{Falha, relativo};
use crate::html::escapar;
use crate::realce::{Lingua, realcar};

/// O que a página mostra no lugar de um bloco de código.
pub enum Bloco {
    /// HTML pronto.
    Html(String),
    /// O bloco fica como está, para o mdBook.
    Igual,
}

/// Decide o que fazer com um bloco de código começado na margem.
pub fn bloco(
    lugar: Lugar<'_>,
    cerca: &Cerca,
    linhas: &[&str],
) -> Result<Bloco, Falha> {
    let uteis: Vec<&str> = linhas
        .iter()
        .copied()
        .filter(|linha| !linha.trim().is_empty())
        .collect();
    if let [linha] = uteis.as_slice()
        && let Some(alvo) = inclusao::alvo(linha)
    {
        let onde = linhas.iter().position(|l| l == linha).unwrap_or(0);
        return incluida(lugar.abaixo(onde + 1), cerca, alvo);
    }
    if linhas.iter().any(|linha| inclusao::alvo(linha).is_some()) {
        return Err(lugar.falha(
            "o bloco mistura `{{#include}}` com outras linhas; deixe só a \
             linha do include",
        ));
    }
    digitada(lugar, cerca, linhas)
}

fn incluida(
    lugar: Lugar<'_>,
    cerca: &Cerca,
    alvo: &str,
) -> Result<Bloco, Falha> {
    let lingua = Lingua::da_cerca(&cerca.lingua);
    let errado = errado(lugar, cerca)?;
    let inclusao = inclusao::incluir(lugar, alvo)?;
    let nome = inclusao.arquivo.file_name().unwrap_or_default();
    let nome = nome.to_string_lossy().into_owned();
    conferir_extensao(lugar, lingua, &nome)?;
    if nome.contains("-errado-") && !errado {
        return Err(lugar.falha(format!(
            "`{nome}` é uma listagem errada de propósito; marque o bloco com \
             ```{},errado",
            cerca.lingua
        )));
    }
    let barra = barra(lugar, &inclusao, &nome, errado);
    Ok(Bloco::Html(figura(lingua, errado, &barra, &inclusao.texto)))
}

/// Um bloco escrito na própria página.
fn digitada(
    lugar: Lugar<'_>,
    cerca: &Cerca,
    linhas: &[&str],
) -> Result<Bloco, Falha> {
    match Lingua::da_cerca(&cerca.lingua) {
        Lingua::Rust | Lingua::Python => Err(lugar.falha(format!(
            "código em {} escrito à mão; ponha-o em um arquivo do capítulo e \
             use `{{{{#include}}}}`, para que ele seja compilado e testado",
            Lingua::da_cerca(&cerca.lingua).nome()
        ))),
        Lingua::C => {
            let texto = inclusao::sem_margem(linhas);
            Ok(Bloco::Html(figura(Lingua::C, false, "", &texto)))
        }
        Lingua::Texto if cerca.lingua == "console" => {
            super::sessao::comandos(lugar, linhas).map(Bloco::Html)
        }
        Lingua::Texto => Ok(Bloco::Igual),
    }
}

fn errado(lugar: Lugar<'_>, cerca: &Cerca) -> Result<bool, Falha> {
    match cerca.atributos.iter().find(|nome| *nome != "errado") {
        Some(outro) => Err(lugar.falha(format!(
            "não conheço o atributo `{outro}` de um bloco de código; o único \
             é `errado`"
        ))),
        None => Ok(!cerca.atributos.is_empty()),
    }
}

fn conferir_extensao(
    lugar: Lugar<'_>,
    lingua: Lingua,
    nome: &str,
) -> Result<(), Falha> {
    let esperada = match lingua {
        Lingua::Rust => ".rs",
        Lingua::Python => ".py",
        Lingua::C => ".c",
        Lingua::Texto => return Ok(()),
    };
    if nome.ends_with(esperada) {
        return Ok(());
    }
    Err(lugar.falha(format!(
        "o bloco diz {} e o arquivo é `{nome}`; troque um dos dois",
        lingua.nome()
    )))
}

fn barra(
    lugar: Lugar<'_>,
    inclusao: &Inclusao,
    nome: &str,
    errado: bool,
) -> String {
    let nome = escapar(nome);
    let arquivo = match endereco_no_repositorio(lugar, inclusao) {
        Some(endereco) => {
            format!("<a href=\"{}\">{nome}</a>", escapar(&endereco))
        }
        None => nome,
    };
    let aviso = if errado {
        "<span class=\"aviso\">errado de propósito</span>"
    } else {
        ""
    };
    format!(
        "<div class=\"barra\"><span class=\"arquivo\">{arquivo}</span>\
         {aviso}</div>"
    )
}

fn endereco_no_repositorio(
    lugar: Lugar<'_>,
    inclusao: &Inclusao,
) -> Option<String> {
    let base = lugar.contexto.repositorio.as_ref()?;
    let caminho = relativo(&lugar.contexto.raiz, &inclusao.arquivo);
    let base = base.trim_end_matches('/');
    let linhas = if inclusao.inteiro {
        String::new()
    } else {
        format!("#L{}-L{}", inclusao.linhas.0, inclusao.linhas.1)
    };
    Some(format!("{base}/blob/HEAD/{caminho}{linhas}"))
}

/// O HTML de uma listagem, em uma linha só.
fn figura(lingua: Lingua, errado: bool, barra: &str, codigo: &str) -> String {
    let classe = lingua.classe();
    let errado = if errado { " errado" } else { "" };
    let codigo = realcar(lingua, codigo);
    // O `<span>` vazio impede que o mdBook trate o bloco como um exemplo de
    // Rust com linhas escondidas: ele só olha os que têm um filho só.
    format!(
        "<figure class=\"listagem{errado}\" data-lingua=\"{classe}\">{barra}\
         <pre tabindex=\"0\"><code class=\"language-{classe}\">\
         <span></span>{codigo}&#10;</code></pre></figure>"
    )
}

#[cfg(test)]
mod testes {
    use crate::paginas::bancada_de_teste::Mesa;

    const PROGRAMA: &str = "// ANCHOR: eco\nfn eco() {}\n// ANCHOR_END: eco\n\
                            // ANCHOR: dois\nfn a() {}\n// ANCHOR_END: dois\n\
                            // ANCHOR: dois\nfn b() {}\n// ANCHOR_END: dois\n\
                            // ANCHOR: so_abre\n";

    fn mesa() -> Mesa {
        Mesa::com(&[
            ("crates/cap05-teste/src/bin/cap05-eco.rs", PROGRAMA),
            (
                "crates/cap05-teste/src/bin/cap05-errado-a.rs",
                "fn x() {}\n",
            ),
            ("crates/cap05-teste/python/cap05-eco.py", "x = 1\n"),
            ("book/cap05-teste.md", ""),
        ])
    }

    fn com_include(lingua: &str, alvo: &str) -> String {
        format!("```{lingua}\n{{{{#include {alvo}}}}}\n```\n")
    }

    const ECO: &str = "../crates/cap05-teste/src/bin/cap05-eco.rs";

    #[test]
    fn a_listagem_mostra_a_ancora_o_arquivo_e_as_cores() {
        let html = mesa().html(&com_include("rust", &format!("{ECO}:eco")));

        assert!(html.contains("<span class=\"arquivo\">cap05-eco.rs</span>"));
        assert!(html.contains("<span class=\"k\">fn</span>"), "{html}");
        assert!(!html.contains("ANCHOR"), "{html}");
        assert!(!html.contains("fn</span> a()"), "{html}");
    }

    #[test]
    fn o_arquivo_inteiro_perde_as_linhas_de_ancora() {
        let alvo = "../crates/cap05-teste/python/cap05-eco.py";
        let html = mesa().html(&com_include("python", alvo));

        assert!(html.contains("data-lingua=\"python\""), "{html}");
    }

    #[test]
    fn a_listagem_aponta_para_o_repositorio_quando_ha_um() {
        let mut mesa = mesa();
        mesa.contexto.repositorio = Some("https://exemplo.org/r/".into());
        let html = mesa.html(&com_include("rust", &format!("{ECO}:eco")));

        assert!(
            html.contains(
                "href=\"https://exemplo.org/r/blob/HEAD/crates/cap05-teste/\
                 src/bin/cap05-eco.rs#L2-L2\""
            ),
            "{html}"
        );
    }

    #[test]
    fn um_arquivo_que_falta_e_uma_falha() {
        let falha = mesa().falha(&com_include("rust", "../nao-existe.rs"));

        assert!(
            falha.starts_with("book/cap05-teste.md:2: não consegui ler"),
            "{falha}"
        );
    }

    #[test]
    fn uma_ancora_que_falta_e_uma_falha() {
        let alvo = format!("{ECO}:sumida");
        let falha = mesa().falha(&com_include("rust", &alvo));

        assert!(
            falha.contains("não tem a linha `ANCHOR: sumida`"),
            "{falha}"
        );
    }

    #[test]
    fn uma_ancora_que_nao_fecha_e_uma_falha() {
        let alvo = format!("{ECO}:so_abre");
        let falha = mesa().falha(&com_include("rust", &alvo));

        assert!(falha.contains("`ANCHOR_END: so_abre`"), "{falha}");
    }

    #[test]
    fn uma_ancora_repetida_e_uma_falha() {
        let alvo = format!("{ECO}:dois");
        let falha = mesa().falha(&com_include("rust", &alvo));

        assert!(falha.contains("nas linhas 4, 7"), "{falha}");
    }

    #[test]
    fn numeros_de_linha_sao_uma_falha() {
        let alvo = format!("{ECO}:2:3");
        let falha = mesa().falha(&com_include("rust", &alvo));

        assert!(falha.contains("números de linha"), "{falha}");
    }

    #[test]
    fn um_arquivo_de_fora_do_projeto_e_uma_falha() {
        let falha = mesa().falha(&com_include("rust", "../../../etc/passwd"));

        assert!(falha.contains("fora do projeto"), "{falha}");
    }

    #[test]
    fn codigo_escrito_a_mao_e_uma_falha() {
        for lingua in ["rust", "python"] {
            let falha = mesa().falha(&format!("a\n\n```{lingua}\nx\n```\n"));

            assert!(falha.contains(":3: código em"), "{falha}");
        }
    }

    #[test]
    fn um_include_misturado_e_uma_falha() {
        let falha = mesa().falha("```rust\n{{#include a.rs}}\nfn x() {}\n```");

        assert!(falha.contains("mistura"), "{falha}");
    }

    #[test]
    fn uma_listagem_errada_sem_a_marca_e_uma_falha() {
        let alvo = "../crates/cap05-teste/src/bin/cap05-errado-a.rs";
        let falha = mesa().falha(&com_include("rust", alvo));
        let html = mesa().html(&com_include("rust,errado", alvo));

        assert!(falha.contains("errada de propósito"), "{falha}");
        assert!(html.contains("class=\"listagem errado\""), "{html}");
        assert!(html.contains("errado de propósito"), "{html}");
    }

    #[test]
    fn um_atributo_desconhecido_e_uma_falha() {
        let falha = mesa().falha(&com_include("rust,ignore", ECO));

        assert!(falha.contains("`ignore`"), "{falha}");
    }

    #[test]
    fn a_lingua_tem_de_ser_a_do_arquivo() {
        let falha = mesa().falha(&com_include("python", ECO));

        assert!(falha.contains("diz Python"), "{falha}");
    }

    #[test]
    fn um_bloco_de_texto_fica_como_esta() {
        let html = mesa().html("```text\na {{#x}}\n```\n");

        assert!(html.contains("```text\na {{#x}}\n```"), "{html}");
    }
}
