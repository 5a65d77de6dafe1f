//! Sessões de terminal: gravadas (`{{#sessao arquivo}}`) e comandos que o
//! leitor digita (um bloco ```console).

use super::Lugar;
use super::argumentos::separar;
use crate::falha::Falha;
use crate::html::{de_markdown_em_linha, escapar};

/// `{{#sessao ../crates/…/saidas/eco.txt "legenda"}}`.
pub fn gravada(lugar: Lugar<'_>, argumentos: &str) -> Result<String, Falha> {
    let (caminho, legenda) = ler_argumentos(lugar, argumentos)?;
    let (arquivo, texto) = lugar.ler_texto(&caminho)?;
    let mut linhas = texto.lines();
    let comando = linhas.next().and_then(|linha| linha.strip_prefix("$ "));
    let Some(comando) = comando else {
        return Err(lugar.falha_em(
            &arquivo,
            1,
            "a primeira linha de uma sessão gravada é o comando que a grava \
             de novo: `$ cargo run …`",
        ));
    };
    let saida: Vec<&str> = linhas.map(str::trim_end).collect();
    Ok(match falas(&saida) {
        Some(falas) => dois_lados(&falas, comando, legenda.as_deref()),
        None => um_terminal(&texto, legenda.as_deref()),
    })
}

fn ler_argumentos(
    lugar: Lugar<'_>,
    argumentos: &str,
) -> Result<(String, Option<String>), Falha> {
    let lidos = separar(argumentos).map_err(|texto| lugar.falha(texto))?;
    match lidos.as_slice() {
        [(None, caminho)] => Ok((caminho.clone(), None)),
        [(None, caminho), (None, legenda)] => {
            Ok((caminho.clone(), Some(legenda.clone())))
        }
        _ => Err(lugar.falha(
            "escreva `{{#sessao ../crates/…/saidas/nome.txt \"legenda\"}}`; \
             a legenda pode faltar",
        )),
    }
}

/// Um bloco ```console: só comandos, cada um depois de `$ `.
pub fn comandos(lugar: Lugar<'_>, linhas: &[&str]) -> Result<String, Falha> {
    let mut continua = false;
    for (posicao, linha) in linhas.iter().enumerate() {
        let comando = linha.starts_with("$ ");
        if !comando && !continua && !linha.trim().is_empty() {
            return Err(lugar.abaixo(posicao + 1).falha(
                "um bloco ```console só tem comandos, cada um depois de \
                 `$ `; a saída de um programa vem de `{{#sessao}}`",
            ));
        }
        continua = linha.trim_end().ends_with('\\');
    }
    let texto = linhas.join("\n");
    Ok(format!(
        "<figure class=\"sessao comandos\">\
         <div class=\"terminais\"><div class=\"terminal\">{}</div></div>\
         </figure>",
        terminal(texto.trim())
    ))
}

/// Uma linha da saída de `cargo oficina demo`: quem fala e o que diz.
type Fala<'a> = (&'a str, &'a str);

/// As falas, se todas as linhas da saída têm a forma `papel │ texto`.
fn falas<'a>(saida: &[&'a str]) -> Option<Vec<Fala<'a>>> {
    let falas: Option<Vec<Fala<'a>>> = saida
        .iter()
        .filter(|linha| !linha.is_empty())
        .map(|linha| {
            let (papel, texto) = linha.split_once('│')?;
            Some((papel.trim(), texto.strip_prefix(' ').unwrap_or(texto)))
        })
        .collect();
    falas.filter(|falas| !falas.is_empty())
}

/// Um terminal por papel, o do servidor primeiro.
fn dois_lados(
    falas: &[Fala<'_>],
    comando: &str,
    legenda: Option<&str>,
) -> String {
    let mut papeis: Vec<&str> = Vec::new();
    for (papel, _) in falas {
        if !papeis.contains(papel) {
            papeis.push(papel);
        }
    }
    papeis.sort_by_key(|papel| lado(papel) != Some("srv"));
    let terminais: String = papeis
        .iter()
        .map(|papel| terminal_de(papel, falas))
        .collect();
    let gravar = format!(
        "<span class=\"gravar\">Para ver de novo: <code>{}</code></span>",
        escapar(comando)
    );
    let legenda = match legenda {
        Some(texto) => format!("{} {gravar}", de_markdown_em_linha(texto)),
        None => gravar,
    };
    figura(&terminais, &legenda)
}

fn terminal_de(papel: &str, falas: &[Fala<'_>]) -> String {
    let linhas: Vec<&str> = falas
        .iter()
        .filter(|(outro, _)| *outro == papel)
        .map(|(_, texto)| *texto)
        .collect();
    let classe = match lado(papel) {
        Some(lado) => format!("terminal {lado}"),
        None => "terminal".to_string(),
    };
    format!(
        "<div class=\"{classe}\"><p class=\"papel\">{}</p>{}</div>",
        escapar(papel),
        terminal(&linhas.join("\n"))
    )
}

/// A cor do papel: servidor ou cliente.
fn lado(papel: &str) -> Option<&'static str> {
    match papel {
        _ if papel.starts_with("servidor") => Some("srv"),
        _ if papel.starts_with("cliente") => Some("cli"),
        _ => None,
    }
}

fn um_terminal(texto: &str, legenda: Option<&str>) -> String {
    let terminais = format!(
        "<div class=\"terminal\">{}</div>",
        terminal(texto.trim_end())
    );
    figura(
        &terminais,
        &legenda.map(de_markdown_em_linha).unwrap_or_default(),
    )
}

fn figura(terminais: &str, legenda: &str) -> String {
    let legenda = match legenda {
        "" => String::new(),
        texto => format!("<figcaption>{texto}</figcaption>"),
    };
    format!(
        "<figure class=\"sessao\"><div class=\"terminais\">{terminais}</div>\
         {legenda}</figure>"
    )
}

/// As linhas de um terminal; o comando sai separado do `$ `, que ninguém
/// copia.
fn terminal(texto: &str) -> String {
    let mut continua = false;
    let linhas: Vec<String> = texto
        .lines()
        .map(|linha| {
            let html = linha_de_terminal(linha, continua);
            let comando = continua || linha.starts_with("$ ");
            continua = comando && linha.trim_end().ends_with('\\');
            html
        })
        .collect();
    format!("<pre tabindex=\"0\">{}</pre>", linhas.join("&#10;"))
}

fn linha_de_terminal(linha: &str, continua: bool) -> String {
    match linha.strip_prefix("$ ") {
        Some(comando) => format!(
            "<span class=\"prompt\">$ </span><span class=\"comando\">{}</span>",
            escapar(comando)
        ),
        None if continua => {
            format!("<span class=\"comando\">{}</span>", escapar(linha))
        }
        None => escapar(linha),
    }
}

#[cfg(test)]
mod testes {
    use crate::paginas::bancada_de_teste::Mesa;

    fn mesa() -> Mesa {
        Mesa::com(&[
            ("book/cap05-teste.md", ""),
            (
                "crates/a/saidas/demo.txt",
                "$ cargo oficina demo cap05\n\
                 cliente  │ > olá\nservidor │ escutando\nservidor │\n",
            ),
            (
                "crates/a/saidas/um.txt",
                "$ cargo run\nola < mundo\n\nfim\n",
            ),
            ("crates/a/saidas/sem.txt", "ola mundo\n"),
        ])
    }

    #[test]
    fn uma_demonstracao_vira_dois_terminais_com_o_servidor_primeiro() {
        let html =
            mesa().html("{{#sessao ../crates/a/saidas/demo.txt \"A `x`\"}}");
        let servidor = html.find("terminal srv").expect("servidor");
        let cliente = html.find("terminal cli").expect("cliente");

        assert!(servidor < cliente, "{html}");
        assert!(html.contains("&gt; olá"), "{html}");
        assert!(html.contains("A <code>x</code>"), "{html}");
        assert!(html.contains("cargo oficina demo cap05"), "{html}");
    }

    #[test]
    fn uma_sessao_comum_vira_um_terminal_com_o_comando_marcado() {
        let html = mesa().html("{{#sessao ../crates/a/saidas/um.txt}}");

        assert!(
            html.contains("<span class=\"comando\">cargo run</span>&#10;ola"),
            "{html}"
        );
        assert!(html.contains("&lt; mundo&#10;&#10;fim"), "{html}");
    }

    #[test]
    fn uma_sessao_sem_comando_e_uma_falha_no_arquivo_dela() {
        let falha = mesa().falha("{{#sessao ../crates/a/saidas/sem.txt}}");

        assert!(falha.starts_with("crates/a/saidas/sem.txt:1: "), "{falha}");
    }

    #[test]
    fn uma_sessao_que_falta_e_uma_falha() {
        let falha = mesa().falha("a\n{{#sessao ../nada.txt}}");

        assert!(falha.starts_with("book/cap05-teste.md:2: "), "{falha}");
    }

    #[test]
    fn argumentos_demais_sao_uma_falha() {
        let falha = mesa().falha("{{#sessao a b c}}");

        assert!(falha.contains("escreva `{{#sessao"), "{falha}");
    }

    #[test]
    fn os_comandos_digitados_viram_um_terminal() {
        let html = mesa().html("```console\n$ cargo run \\\n    -- a\n```");

        assert!(html.contains("<span class=\"prompt\">$ </span>"), "{html}");
        assert!(
            html.contains("<span class=\"comando\">    -- a</span>"),
            "{html}"
        );
    }

    #[test]
    fn uma_saida_digitada_e_uma_falha() {
        let falha = mesa().falha("```console\n$ ls\narquivo\n```");

        assert!(falha.starts_with("book/cap05-teste.md:3: "), "{falha}");
    }
}
