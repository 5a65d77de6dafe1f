//! O passeio de quem ensina: os comandos da página, um a um, até o relatório.
//!
//! As saídas que a página mostra estão em `saidas/`. Para gravá-las de novo:
//!
//!     GRAVAR=1 cargo test -p oficina --test pagina_da_turma
#![cfg(target_os = "linux")]

mod apoio_python;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use apoio_python::ha_python;
use oficina::casa;

const SAIDAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/saidas");

/// Uma pasta que faz as vezes da do livro, sem nada de outra vez.
fn mesa(nome: &str) -> PathBuf {
    let mesa = Path::new(env!("CARGO_TARGET_TMPDIR")).join(nome);
    let _ = fs::remove_dir_all(&mesa);
    fs::create_dir_all(mesa.join("livro")).unwrap();
    let mesa = mesa.join("livro");
    symlink(casa::raiz().join("crates"), mesa.join("crates")).unwrap();
    mesa
}

/// Os comandos dos blocos `console` de uma seção da página, e os das saídas
/// gravadas que ela mostra, na ordem.
fn comandos(secao: &str) -> Vec<String> {
    let pagina = fs::read_to_string(casa::raiz().join("book/turma.md"));
    let pagina = pagina.expect("a página do professor");
    let (_, resto) = pagina
        .split_once(&format!("\n## {secao}\n"))
        .unwrap_or_else(|| panic!("não há a seção “{secao}”"));
    let texto = resto.split("\n## ").next().unwrap();
    let mut comandos = Vec::new();
    for linha in texto.lines() {
        if let Some(comando) = linha.strip_prefix("$ ") {
            comandos.push(comando.to_owned());
        } else if let Some(resto) = linha.strip_prefix("{{#sessao ") {
            let nome = resto.split([' ', '}']).next().unwrap();
            let nome = nome.rsplit('/').next().unwrap();
            let saida = fs::read_to_string(Path::new(SAIDAS).join(nome));
            let saida = saida.unwrap_or_else(|e| panic!("{nome}: {e}"));
            let comando = saida.lines().next().unwrap();
            comandos.push(comando.trim_start_matches("$ ").to_owned());
        }
    }
    comandos
}

/// Roda um comando da página e devolve o que ele escreveu.
fn rodar(mesa: &Path, comando: &str) -> String {
    let oficina = format!("'{}'", env!("CARGO_BIN_EXE_oficina"));
    let saida = Command::new("sh")
        .args(["-c", &comando.replace("cargo oficina", &oficina)])
        .current_dir(mesa)
        .env("OFICINA_RAIZ", casa::raiz())
        .env("CARGO_TARGET_DIR", casa::alvo())
        .output()
        .expect("iniciar o sh");
    let texto = String::from_utf8_lossy(&saida.stdout).into_owned();
    let erros = String::from_utf8_lossy(&saida.stderr);
    assert!(saida.status.success(), "{comando}:\n{texto}{erros}");
    texto
}

/// Compara com a saída gravada ou, com `GRAVAR`, grava.
fn conferir_saida(nome: &str, comando: &str, dito: &str) {
    let arquivo = Path::new(SAIDAS).join(nome);
    let agora = format!("$ {comando}\n{dito}");
    if std::env::var_os("GRAVAR").is_some() {
        fs::write(&arquivo, &agora).unwrap();
        return;
    }
    let gravado = fs::read_to_string(&arquivo).unwrap();
    assert_eq!(sem_tempos(&gravado), sem_tempos(&agora), "{nome}");
}

/// O que muda de uma vez para outra: os tempos e quantos arquivos há no livro.
fn sem_tempos(texto: &str) -> String {
    let numero = |palavra: &str| palavra.bytes().all(|b| b.is_ascii_digit());
    let linhas = texto.lines().map(|linha| {
        let palavras: Vec<_> = linha.split(' ').collect();
        let mascaradas = palavras.iter().enumerate().map(|(i, palavra)| {
            let seguinte = palavras.get(i + 1).copied().unwrap_or_default();
            let muda = ["s", "min", "arquivos;"].contains(&seguinte);
            match muda && numero(palavra) {
                true => "N",
                false => palavra,
            }
        });
        mascaradas
            .collect::<Vec<_>>()
            .join(" ")
            .replace(" min", " s")
    });
    linhas.collect::<Vec<_>>().join("\n")
}

/// Sem o isolamento L2 a saída é outra, e é o próprio comando que o diz.
fn ha_l2() -> bool {
    let prova = Command::new(env!("CARGO_BIN_EXE_oficina"))
        .args(["conferir", "cap05", "--etapa", "1", "--isolamento", "L2"])
        .args(["--", "true"])
        .output()
        .expect("iniciar a oficina");
    prova.status.code() != Some(2)
}

#[test]
fn do_clone_ao_relatorio_em_cinco_minutos() {
    if !ha_python() {
        return;
    }
    if !ha_l2() {
        let exigida = std::env::var_os("OFICINA_EXIGIR_BANCADA").is_some();
        assert!(!exigida, "falta o isolamento L2");
        return;
    }
    let mesa = mesa("passeio");
    let mut conferiu = false;
    for comando in comandos("Em cinco minutos") {
        // Baixar e listar não mudam nada, e o primeiro sai para a rede.
        if comando == "cargo fetch" || comando == "cargo oficina lista" {
            continue;
        }
        let dito = rodar(&mesa, &comando);
        if comando.contains("turma conferir") {
            conferir_saida("turma-conferir.txt", &comando, &dito);
            conferiu = true;
        }
    }
    assert!(conferiu, "a página não manda conferir");
    let relatorio = mesa.join("entregas-relatorio/relatorio.html");
    let relatorio = fs::read_to_string(relatorio).expect("o relatório");
    for esperado in ["ana", "bruno", "carla", "M07", "10,00"] {
        assert!(relatorio.contains(esperado), "falta {esperado}");
    }
    let notas = fs::read_to_string(mesa.join("entregas-relatorio/notas.csv"));
    let notas = notas.expect("as notas");
    assert!(notas.contains("ana;cap05;conferida;10,00;"), "{notas}");
    assert!(notas.contains("bruno;cap05;conferida;0,00;"), "{notas}");
    assert!(notas.contains("carla;cap05;não entregue;0,00;"), "{notas}");
}

#[test]
fn o_repositorio_dos_alunos_e_criado_como_a_pagina_diz() {
    let mesa = mesa("criar-da-pagina");
    let comandos = comandos("O repositório dos alunos");
    let [comando] = comandos.as_slice() else {
        panic!("{comandos:?}");
    };
    let dito = rodar(&mesa, comando);
    conferir_saida("turma-criar.txt", comando, &dito);
    assert!(mesa.join("../alunos/.github/MANIFESTO.md").is_file());
}

#[test]
fn as_fatias_da_pagina_juntas_sao_a_turma_inteira() {
    if !ha_l2() {
        return;
    }
    let mesa = mesa("fatias");
    for comando in comandos("Em cinco minutos") {
        if comando.starts_with("mkdir") || comando.starts_with("cp ") {
            rodar(&mesa, &comando);
        }
    }
    let comandos = comandos("Mais de uma máquina");
    assert_eq!(comandos.len(), 3, "{comandos:?}");
    for comando in &comandos {
        rodar(&mesa, comando);
    }
    rodar(
        &mesa,
        "cargo oficina turma conferir entregas --capitulo cap05",
    );
    let notas = |pasta: &str| {
        fs::read_to_string(mesa.join(pasta).join("notas.csv")).unwrap()
    };
    assert_eq!(notas("relatorio"), notas("entregas-relatorio"));
}
