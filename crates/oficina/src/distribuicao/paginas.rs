//! As páginas sem o que leva ao que ficou de fora.

use std::fmt::Write;

use anyhow::{Result, bail};

use super::regras::Regras;

/// O que só faz sentido com um capítulo fica entre `<!-- com cap05 -->` e
/// `<!-- fim -->`, cada um em sua linha.
const COM: &str = "<!-- com ";
const FIM: &str = "<!-- fim -->";

/// O sumário com as páginas que vão, sem parte vazia.
pub fn sumario(regras: &Regras, _: &str, antes: &str) -> Result<String> {
    let fica = |linha: &str| {
        let alvo = linha
            .split_once("](")
            .and_then(|(_, r)| r.split(')').next());
        alvo.is_none_or(|a| !regras.paginas_fora.contains(a.trim()))
    };
    let mut depois = String::new();
    let mut partes: Vec<&str> = Vec::new();
    for linha in antes.lines().filter(|linha| fica(linha)) {
        if linha.starts_with("# ") && !depois.is_empty() {
            // Uma parte só entra com a primeira página dela.
            partes = vec![linha];
        } else if linha.contains("](") {
            for parte in partes.drain(..) {
                write!(depois, "\n{parte}\n\n").expect("escrever na memória");
            }
            depois.push_str(linha);
            depois.push('\n');
        } else if !linha.is_empty() || partes.is_empty() {
            depois.push_str(linha);
            depois.push('\n');
        }
    }
    Ok(sem_linhas_vazias_seguidas(&depois))
}

/// Uma página: sem blocos condicionais, enlaces nem nomes do que não vai.
pub fn pagina(regras: &Regras, nome: &str, antes: &str) -> Result<String> {
    let texto = condicionais(regras, nome, antes)?;
    let capitulo = nome.trim_start_matches("book/").get(..5).unwrap_or("");
    let texto = match regras.vai(capitulo) {
        true => texto,
        false => trocar_figura(regras, &texto),
    };
    let mut depois = String::new();
    let mut no_bloco = false;
    for linha in texto.lines() {
        if linha.trim_start().starts_with("```") {
            no_bloco = !no_bloco;
        }
        conferir_inclusao(regras, nome, linha)?;
        let mut linha = sem_a_solucao(linha);
        if linha.starts_with("{{#ficha ") {
            linha = ficha(regras, &linha);
        } else if !no_bloco {
            linha = sem_enlaces(regras, &linha);
        }
        if !regras.vai(capitulo) {
            linha = com_o_exemplo(regras, &linha);
        }
        depois.push_str(&linha);
        depois.push('\n');
    }
    Ok(depois)
}

fn condicionais(regras: &Regras, nome: &str, antes: &str) -> Result<String> {
    let mut depois = String::new();
    let mut dentro: Option<bool> = None;
    for linha in antes.lines() {
        if let Some(resto) = linha.strip_prefix(COM) {
            dentro = Some(regras.vai(resto.trim_end_matches(" -->")));
        } else if linha == FIM {
            dentro = None;
        } else if dentro.unwrap_or(true) {
            depois.push_str(linha);
            depois.push('\n');
        }
    }
    if dentro.is_some() {
        bail!("{nome}: falta um `{FIM}`");
    }
    Ok(match depois == antes {
        true => depois,
        false => sem_linhas_vazias_seguidas(&depois),
    })
}

/// Na capa, a captura de um capítulo que não vai dá lugar à de um que vai.
fn trocar_figura(regras: &Regras, texto: &str) -> String {
    let mut depois = String::new();
    let mut trocada = false;
    for linha in texto.lines() {
        let figura = linha.strip_prefix("{{#fio ../crates/");
        let capitulo = figura.and_then(|resto| resto.split('/').next());
        if capitulo.is_some_and(|c| !regras.vai(c)) {
            trocada = true;
            let captura = &regras.captura;
            writeln!(depois, "{{{{#fio ../crates/{captura}}}}}")
                .expect("escrever na memória");
        } else if trocada && linha.starts_with("legenda: ") {
            let numero = regras.exemplo.trim_start_matches("cap");
            let numero = numero.trim_start_matches('0');
            writeln!(
                depois,
                "legenda: Uma conversa do capítulo {numero}, pacote por pacote."
            )
            .expect("escrever na memória");
        } else {
            trocada &= !linha.starts_with("{{/fio}}");
            depois.push_str(linha);
            depois.push('\n');
        }
    }
    depois
}

/// Uma página não pode mostrar um arquivo que não vai.
fn conferir_inclusao(regras: &Regras, nome: &str, linha: &str) -> Result<()> {
    let Some((_, resto)) = linha.split_once("../crates/") else {
        return Ok(());
    };
    let capitulo = resto.split('/').next().unwrap_or_default();
    let inclui = linha.trim_start().starts_with("{{#");
    if inclui && capitulo.starts_with("cap") && !regras.vai(capitulo) {
        bail!("{nome} mostra um arquivo de {capitulo}, que não foi escolhido");
    }
    Ok(())
}

/// Sem o parêntese que aponta a solução; e o que resta aponta o exercício.
fn sem_a_solucao(linha: &str) -> String {
    let mut linha = linha.to_owned();
    while let Some(onde) = linha.find("-solucao") {
        let abre = linha[..onde].rfind(" (");
        let fecha = linha[onde..].find(')').map(|i| onde + i + 1);
        match (abre, fecha) {
            (Some(abre), Some(fecha)) if !linha[abre..onde].contains(')') => {
                linha.replace_range(abre..fecha, "");
            }
            _ => linha = linha.replacen("-solucao", "-exercicio", 1),
        }
    }
    linha
}

/// `antes="cap04-cliente-tcp"` sem as páginas que não vão.
fn ficha(regras: &Regras, linha: &str) -> String {
    let Some((inicio, resto)) = linha.split_once(" antes=\"") else {
        return linha.to_owned();
    };
    let (paginas, fim) = resto.split_once('"').unwrap_or((resto, ""));
    let ficam: Vec<_> = paginas
        .split(',')
        .map(str::trim)
        .filter(|p| !regras.paginas_fora.contains(&format!("{p}.md")))
        .collect();
    match ficam.is_empty() {
        true => format!("{inicio}{fim}"),
        false => format!("{inicio} antes=\"{}\"{fim}", ficam.join(", ")),
    }
}

/// `[texto](pagina.md#x)` vira `texto` se a página não vai; `<a href>` também.
fn sem_enlaces(regras: &Regras, linha: &str) -> String {
    let mut linha = linha.to_owned();
    let mut de = 0;
    while let Some(meio) = linha[de..].find("](").map(|i| de + i) {
        let Some(fecha) = linha[meio..].find(')').map(|i| meio + i) else {
            break;
        };
        let alvo = &linha[meio + 2..fecha];
        match abertura(&linha[..meio]) {
            Some(abre) if falta(regras, alvo) => {
                let texto = linha[abre + 1..meio].to_owned();
                linha.replace_range(abre..=fecha, &texto);
                de = abre + texto.len();
            }
            _ => de = fecha,
        }
    }
    sem_ancoras_html(regras, &linha)
}

/// O `[` que abre o texto de um enlace: o que fecha no fim do pedaço.
fn abertura(ate_o_meio: &str) -> Option<usize> {
    let mut fundo = 0;
    for (onde, letra) in ate_o_meio.char_indices().rev() {
        match letra {
            ']' => fundo += 1,
            '[' if fundo == 0 => return Some(onde),
            '[' => fundo -= 1,
            _ => {}
        }
    }
    None
}

fn falta(regras: &Regras, alvo: &str) -> bool {
    let pagina = alvo.split('#').next().unwrap_or_default();
    regras.paginas_fora.contains(pagina)
}

fn sem_ancoras_html(regras: &Regras, linha: &str) -> String {
    let mut linha = linha.to_owned();
    let mut de = 0;
    while let Some(abre) = linha[de..].find("<a ").map(|i| de + i) {
        let Some(fim) = linha[abre..].find("</a>").map(|i| abre + i) else {
            break;
        };
        let enlace = &linha[abre..fim];
        let alvo = enlace.split("href=\"").nth(1).unwrap_or_default();
        let alvo = alvo.split('"').next().unwrap_or_default();
        let dentro = enlace.split_once('>').map_or("", |(_, d)| d).to_owned();
        match falta(regras, alvo) {
            true => {
                linha.replace_range(abre..fim + "</a>".len(), &dentro);
                de = abre + dentro.len();
            }
            false => de = fim,
        }
    }
    linha
}

/// Nas páginas que não são de capítulo, `cargo oficina conferir cap05` mostra
/// um capítulo que existe.
fn com_o_exemplo(regras: &Regras, linha: &str) -> String {
    let mut linha = linha.to_owned();
    for comando in ["conferir", "demo", "dica", "gravar"] {
        let inicio = format!("cargo oficina {comando} cap");
        let mut de = 0;
        while let Some(onde) = linha[de..].find(&inicio).map(|i| de + i) {
            let capitulo = onde + inicio.len() - 3;
            let fim = capitulo + 5;
            de = fim;
            let citado = linha.get(capitulo..fim).map(str::to_owned);
            if citado.is_some_and(|citado| !regras.vai(&citado)) {
                linha.replace_range(capitulo..fim, regras.exemplo);
            }
        }
    }
    linha
}

fn sem_linhas_vazias_seguidas(texto: &str) -> String {
    let mut depois = String::new();
    let mut vazia = false;
    for linha in texto.lines() {
        if !(linha.is_empty() && vazia) {
            depois.push_str(linha);
            depois.push('\n');
        }
        vazia = linha.is_empty();
    }
    depois
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regras() -> Regras {
        Regras {
            capitulos: vec!["cap05-servidor-tcp"],
            exemplo: "cap05",
            captura: "cap05-servidor-tcp/fio/eco.pcap".to_owned(),
            apendices: [].into(),
            paginas_fora: ["cap06-enquadramento.md", "cap04-cliente-tcp.md"]
                .map(str::to_owned)
                .into(),
            vao: Default::default(),
        }
    }

    fn linha(nome: &str, antes: &str) -> String {
        pagina(&regras(), nome, antes)
            .unwrap()
            .trim_end()
            .to_owned()
    }

    #[test]
    fn um_enlace_para_o_que_nao_vai_vira_texto() {
        let antes = "Veja o [capítulo 6](cap06-enquadramento.md#m01), o \
                     [5](cap05-servidor-tcp.md) e \
                     <a class=\"x\" href=\"cap04-cliente-tcp.md\">o 4</a>.";
        let depois = "Veja o capítulo 6, o [5](cap05-servidor-tcp.md) e o 4.";
        assert_eq!(linha("book/glossario.md", antes), depois);
    }

    #[test]
    fn o_que_esta_entre_marcas_vai_com_o_capitulo() {
        let antes = "a\n\n<!-- com cap06 -->\nb\n<!-- fim -->\n\n\
                     <!-- com cap05 -->\nc\n<!-- fim -->\n";
        assert_eq!(linha("book/index.md", antes), "a\n\nc");
        assert!(pagina(&regras(), "book/a.md", "<!-- com cap05 -->").is_err());
    }

    #[test]
    fn a_ficha_perde_as_paginas_que_nao_vao() {
        let antes = "{{#ficha leitura=4 antes=\"cap04-cliente-tcp\"}}";
        let depois = "{{#ficha leitura=4}}";
        assert_eq!(linha("book/cap05-servidor-tcp.md", antes), depois);
    }

    #[test]
    fn a_solucao_some_do_texto() {
        let antes = "Fica assim (é o `cap05-solucao`; não o abra): veja.";
        assert_eq!(linha("book/cap05-x.md", antes), "Fica assim: veja.");
        let antes = "$ cargo run --bin cap05-solucao";
        let depois = "$ cargo run --bin cap05-exercicio";
        assert_eq!(linha("book/cap05-x.md", antes), depois);
    }

    #[test]
    fn fora_dos_capitulos_o_exemplo_e_um_que_existe() {
        let antes = "rode `cargo oficina dica cap06`";
        let depois = "rode `cargo oficina dica cap05`";
        assert_eq!(linha("book/introducao.md", antes), depois);
    }

    #[test]
    fn mostrar_o_arquivo_de_um_capitulo_de_fora_e_um_erro() {
        let antes = "{{#sessao ../crates/cap06-enquadramento/saidas/a.txt}}";
        let erro = pagina(&regras(), "book/cap05-x.md", antes).unwrap_err();
        assert!(erro.to_string().contains("cap06-enquadramento"), "{erro}");
    }

    #[test]
    fn a_figura_da_capa_e_de_um_capitulo_que_vai() {
        let antes = "{{#fio ../crates/cap06-enquadramento/fio/a.pcap}}\n\
                     legenda: O capítulo 6.\n{{/fio}}\nlegenda: fica";
        let depois = "{{#fio ../crates/cap05-servidor-tcp/fio/eco.pcap}}\n\
                      legenda: Uma conversa do capítulo 5, pacote por \
                      pacote.\n{{/fio}}\nlegenda: fica";
        assert_eq!(linha("book/index.md", antes), depois);
    }

    #[test]
    fn o_sumario_nao_tem_parte_vazia() {
        let antes = "# Sumário\n\n[Início](index.md)\n\n# TCP\n\n\
                     - [4](cap04-cliente-tcp.md)\n\n# Depois\n\n\
                     - [5](cap05-servidor-tcp.md)\n";
        let depois = "# Sumário\n\n[Início](index.md)\n\n# Depois\n\n\
                      - [5](cap05-servidor-tcp.md)\n";
        assert_eq!(sumario(&regras(), "", antes).unwrap(), depois);
    }
}
