//! O que a entrega não pode trazer consigo, porque rodaria durante a
//! compilação, fora do cerco. O que o leitor tem na própria casa (`~/.cargo`,
//! o ambiente) é dele, e fica como está.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::casa;

/// Por que este capítulo não se compila como está, se há um motivo.
pub fn motivo(capitulo: &str) -> Option<String> {
    let raiz = casa::raiz();
    let pasta = casa::pasta_do_capitulo(capitulo);
    let do_capitulo = tabela(&pasta.join("Cargo.toml"));
    let da_raiz = tabela(&raiz.join("Cargo.toml"));
    if pasta.join("build.rs").exists() || declara_build(&do_capitulo) {
        return Some(format!(
            "crates/{capitulo} tem um build.rs, e a oficina não compila com \
             ele: um exercício não precisa de um"
        ));
    }
    if e_de_macros(&do_capitulo) {
        return Some(format!(
            "crates/{capitulo} é uma biblioteca de macros (proc-macro), e a \
             oficina não compila com ela: um exercício não precisa de uma"
        ));
    }
    if let Some(nome) = de_fora(&do_capitulo, &da_raiz) {
        return Some(format!(
            "a dependência “{nome}” vem de uma pasta ou do git, e a oficina \
             não compila com ela: um exercício só usa o que o capítulo já usa"
        ));
    }
    ["config.toml", "config"].into_iter().find_map(|nome| {
        let chave = perigosa(&tabela(&raiz.join(".cargo").join(nome)))?;
        Some(format!(
            ".cargo/{nome} tem “{chave}”, e a oficina não compila com isso: \
             se é seu, o lugar é ~/.cargo/config.toml"
        ))
    })
}

/// O arquivo; vazio se não se lê, que aí é o cargo quem reclama.
fn tabela(arquivo: &Path) -> Table {
    let texto = fs::read_to_string(arquivo).unwrap_or_default();
    toml::from_str(&texto).unwrap_or_default()
}

fn campo<'a>(tabela: &'a Table, caminho: &[&str]) -> Option<&'a Value> {
    let (primeiro, resto) = caminho.split_first()?;
    let valor = tabela.get(*primeiro)?;
    resto
        .iter()
        .try_fold(valor, |valor, chave| valor.get(chave))
}

fn declara_build(manifesto: &Table) -> bool {
    campo(manifesto, &["package", "build"])
        .is_some_and(|valor| valor.as_bool() != Some(false))
}

/// Uma macro procedural roda dentro do compilador.
fn e_de_macros(manifesto: &Table) -> bool {
    ["proc-macro", "proc_macro", "crate-type", "crate_type"]
        .into_iter()
        .filter_map(|chave| campo(manifesto, &["lib", chave]))
        .any(|valor| {
            valor.as_bool() == Some(true)
                || valor.to_string().contains("proc-macro")
        })
}

/// A primeira dependência que não vem de um registro. As do workspace estão
/// no manifesto da raiz, que pode também trocar umas por outras.
fn de_fora(capitulo: &Table, raiz: &Table) -> Option<String> {
    for troca in ["patch", "replace"] {
        if raiz.contains_key(troca) {
            return Some(format!("[{troca}]"));
        }
    }
    let alvos = capitulo.get("target").and_then(Value::as_table);
    let por_alvo = alvos.into_iter().flat_map(Table::values);
    let tabelas = por_alvo
        .filter_map(|alvo| alvo.get("dependencies"))
        .chain(capitulo.get("dependencies"))
        .filter_map(Value::as_table);
    let mut todas = tabelas.flat_map(|tabela| tabela.iter());
    let achada = todas.find(|(nome, pedido)| {
        let do_workspace = campo(raiz, &["workspace", "dependencies", nome]);
        let herda = pedido.get("workspace").is_some();
        [Some(*pedido), do_workspace.filter(|_| herda)]
            .into_iter()
            .flatten()
            .any(|origem| {
                origem.get("path").is_some() || origem.get("git").is_some()
            })
    });
    achada.map(|(nome, _)| nome.clone())
}

/// As chaves com que uma configuração escolhe o que se executa, ou traz o que
/// não se vê daqui.
const CHAVES: [&[&str]; 6] = [
    &["build", "rustc"],
    &["env"],
    &["host"],
    &["include"],
    &["paths"],
    &["patch"],
];

/// O que, em uma opção do compilador, escolhe outro programa ou outro código.
const OPCOES: [&str; 5] = ["link", "-Z", "extern", "sysroot", "@"];

/// A primeira chave perigosa de uma configuração do cargo.
fn perigosa(configuracao: &Table) -> Option<String> {
    let fixa = CHAVES
        .into_iter()
        .find(|chave| campo(configuracao, chave).is_some());
    if let Some(chave) = fixa {
        return Some(chave.join("."));
    }
    let de_todos = campo(configuracao, &["build", "rustflags"]);
    if de_todos.is_some_and(escolhe_programa) {
        return Some("build.rustflags".to_owned());
    }
    let alvos = configuracao.get("target").and_then(Value::as_table)?;
    alvos.iter().find_map(|(nome, alvo)| {
        if alvo.get("linker").is_some() {
            return Some(format!("target.{nome}.linker"));
        }
        let opcoes = alvo.get("rustflags").is_some_and(escolhe_programa);
        opcoes.then(|| format!("target.{nome}.rustflags"))
    })
}

fn escolhe_programa(opcoes: &Value) -> bool {
    let opcoes = opcoes.to_string();
    OPCOES.iter().any(|perigosa| opcoes.contains(perigosa))
}
