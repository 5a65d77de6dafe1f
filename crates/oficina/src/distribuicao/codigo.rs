//! O que muda em arquivos de código: só o que nomeia o que ficou de fora.

use std::fmt::Write;

use anyhow::{Result, bail};

use super::regras::Regras;

/// O `Cargo.toml` de uma ferramenta sem os `[[test]]` e `[[bench]]` cujo
/// arquivo não vai, e sem os testes de dentro do código: o `cargo test` dos
/// alunos é o dos capítulos.
pub fn manifesto(regras: &Regras, nome: &str, antes: &str) -> Result<String> {
    let pasta = nome.trim_end_matches("Cargo.toml");
    let sala = pasta.trim_end_matches('/').rsplit('/').next();
    let mut depois = String::new();
    for secao in secoes(antes) {
        let (tipo, alvo) = match secao.lines().next() {
            Some("[[test]]") => ("tests", nome_do_alvo(secao)),
            Some("[[bench]]") => ("benches", nome_do_alvo(secao)),
            Some("[lib]" | "[[bin]]") => bail!("{nome}: falta uma regra"),
            _ => ("", ""),
        };
        let arquivo = format!("{pasta}{tipo}/{alvo}.rs");
        if tipo.is_empty() || regras.vao.contains(&arquivo) {
            depois.push_str(secao);
        }
    }
    depois.push_str("\n[lib]\ntest = false\ndoctest = false\n");
    if regras.vao.contains(&format!("{pasta}src/main.rs")) {
        let sala = sala.unwrap_or_default();
        write!(
            depois,
            "\n[[bin]]\nname = \"{sala}\"\npath = \"src/main.rs\"\n\
             test = false\n"
        )?;
    }
    Ok(depois)
}

/// Corta o texto antes de cada linha que começa por `[`.
fn secoes(texto: &str) -> impl Iterator<Item = &str> {
    let mut cortes = vec![0];
    let inicios = texto.match_indices("\n[").map(|(onde, _)| onde + 1);
    cortes.extend(inicios);
    cortes.push(texto.len());
    (0..cortes.len() - 1)
        .map(move |i| &texto[cortes[i]..cortes[i + 1]])
        .filter(|secao| !secao.is_empty())
}

fn nome_do_alvo(secao: &str) -> &str {
    let nome = secao.lines().find_map(|l| l.strip_prefix("name = "));
    nome.unwrap_or_default().trim_matches('"')
}

/// A lista de `exercicios! { … }` só com os capítulos que vão.
pub fn lista_de_exercicios(
    regras: &Regras,
    _: &str,
    antes: &str,
) -> Result<String> {
    let linhas = antes.lines().filter(|linha| {
        let item = linha.trim().split_once(" => \"");
        item.is_none_or(|(modulo, _)| {
            !modulo.starts_with("cap") || regras.vai(modulo)
        })
    });
    Ok(linhas.flat_map(|linha| [linha, "\n"]).collect())
}

/// A raiz da oficina: o que só um exercício que não vai usava continua nela, e
/// isso não é um aviso para o aluno.
pub fn raiz_da_oficina(_: &Regras, _: &str, antes: &str) -> Result<String> {
    let motivo = "nem todos os exercícios estão aqui";
    Ok(format!(
        "#![allow(dead_code, unused_imports, reason = \"{motivo}\")]\n{antes}"
    ))
}

/// Os testes de um capítulo sem as partes que iniciam a solução: sai o nome
/// dela das listas e, se ela ainda é usada, o teste inteiro.
pub fn testes(_: &Regras, _: &str, antes: &str) -> Result<String> {
    let sem_item = sem_item_da_solucao(antes);
    let mut depois = String::new();
    let mut resto = sem_item.as_str();
    while let Some((antes, teste, seguinte)) = proximo_teste(resto) {
        depois.push_str(antes);
        if !teste.contains(SOLUCAO) {
            depois.push_str(teste);
        }
        resto = seguinte;
    }
    depois.push_str(resto);
    Ok(match depois.len() < sem_item.len() {
        true => format!("{SEM_USO}\n{depois}"),
        false => depois,
    })
}

/// O que só o teste que saiu usava não merece um aviso do compilador.
const SEM_USO: &str = "#![allow(dead_code, reason = \"o teste que usa isto \
                       ficou com quem ensina\")]";

const SOLUCAO: &str = "-solucao";

/// `["a", "b", "cap05-solucao"]` sem o último.
fn sem_item_da_solucao(texto: &str) -> String {
    let mut depois = String::new();
    for linha in texto.split_inclusive('\n') {
        let mut linha = linha.to_owned();
        while let Some((de, ate)) = item_da_solucao(&linha) {
            linha.replace_range(de..ate, "");
        }
        depois.push_str(&linha);
    }
    depois
}

/// Onde está `, "capNN-solucao"` na linha.
fn item_da_solucao(linha: &str) -> Option<(usize, usize)> {
    let dentro = linha.find(SOLUCAO)?;
    let de = linha[..dentro].rfind(", \"cap")?;
    let ate = dentro + SOLUCAO.len();
    let inteiro = linha[de + 3..dentro].bytes().all(|b| b != b'"');
    let fecha = linha[ate..].starts_with("\"]");
    (inteiro && fecha).then_some((de, ate + 1))
}

/// O que vem antes do primeiro `#[test]`, ele até o `}` na margem, e o resto.
fn proximo_teste(texto: &str) -> Option<(&str, &str, &str)> {
    let inicio = texto.find("#[test]\n")?;
    let fim = inicio + texto[inicio..].find("\n}\n")? + 3;
    // A linha vazia que o separa do seguinte vai com ele.
    let fim = fim + usize::from(texto[fim..].starts_with('\n'));
    Some((&texto[..inicio], &texto[inicio..fim], &texto[fim..]))
}

/// `cap06-solucao` vira `cap06-exercicio`: a conversa pronta é a que o
/// programa do aluno vai ter.
pub fn sem_nome_da_solucao(_: &Regras, _: &str, antes: &str) -> Result<String> {
    Ok(antes.replace(SOLUCAO, "-exercicio"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regras() -> Regras {
        Regras {
            capitulos: vec!["cap05-servidor-tcp"],
            exemplo: "cap05",
            captura: String::new(),
            apendices: [].into(),
            paginas_fora: ["cap06-enquadramento.md".to_owned()].into(),
            vao: ["crates/x/tests/fica.rs".to_owned()].into(),
        }
    }

    #[test]
    fn sai_do_manifesto_o_teste_que_nao_vai() {
        let antes = "[package]\nname = \"x\"\n\n[[test]]\nname = \"fica\"\n\n\
                     [[test]]\nname = \"sai\"\nharness = false\n\n[lints]\n";
        let depois = manifesto(&regras(), "crates/x/Cargo.toml", antes);
        let esperado = "[package]\nname = \"x\"\n\n[[test]]\n\
                        name = \"fica\"\n\n[lints]\n\n[lib]\ntest = false\n\
                        doctest = false\n";
        assert_eq!(depois.unwrap(), esperado);
    }

    #[test]
    fn a_lista_fica_com_os_capitulos_escolhidos() {
        let antes = "exercicios! {\n    cap05 => \"cap05-servidor-tcp\",\n    \
                     cap06 => \"cap06-enquadramento\",\n}\n";
        let depois = lista_de_exercicios(&regras(), "", antes).unwrap();
        assert!(depois.contains("cap05") && !depois.contains("cap06"));
    }

    #[test]
    fn o_teste_que_usa_a_solucao_sai_inteiro() {
        let antes = "fn a() {}\n\n#[test]\nfn usa() {\n    \
                     inicia(\"cap05-solucao\");\n}\n\n#[test]\nfn nao_usa() \
                     {\n    for n in [\"cap05-a\", \"cap05-solucao\"] {}\n}\n";
        let depois = testes(&regras(), "", antes).unwrap();
        let esperado = "fn a() {}\n\n#[test]\nfn nao_usa() {\n    \
                        for n in [\"cap05-a\"] {}\n}\n";
        assert_eq!(depois, format!("{SEM_USO}\n{esperado}"));
    }
}
