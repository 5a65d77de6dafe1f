//! O repositório dos alunos: sem respostas, e inteiro.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use oficina::casa;
use oficina::distribuicao::{Manifesto, Pedido, Segredo, criar, escolher};

/// Uma pasta só deste teste, vazia.
fn pasta(nome: &str) -> PathBuf {
    let pasta = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("alunos")
        .join(nome);
    match fs::remove_dir_all(&pasta) {
        Err(erro) if pasta.exists() => panic!("{}: {erro}", pasta.display()),
        _ => pasta,
    }
}

fn criar_em(destino: &Path, capitulos: &str) -> Manifesto {
    let pedido = Pedido {
        raiz: &casa::raiz(),
        destino,
        capitulos: escolher(capitulos).expect("capítulos que existem"),
    };
    criar(&pedido).expect("criar o repositório")
}

fn ler(pasta: &Path, nome: &str) -> String {
    fs::read_to_string(pasta.join(nome))
        .unwrap_or_else(|erro| panic!("{nome}: {erro}"))
}

/// Roda um programa e devolve o que ele escreveu, se deu certo.
fn rodar(comando: &mut Command) -> String {
    let saida = comando.output().expect("iniciar o programa");
    let texto = String::from_utf8_lossy(&saida.stdout).into_owned();
    let erros = String::from_utf8_lossy(&saida.stderr);
    assert!(saida.status.success(), "{comando:?}:\n{texto}\n{erros}");
    texto
}

#[test]
fn nenhuma_linha_de_uma_resposta_vai_para_os_alunos() {
    let raiz = casa::raiz();
    let segredo = Segredo::da_casa(&raiz).expect("ler as respostas");
    let respostas = segredo.respostas();
    for capitulo in escolher("1-99").unwrap() {
        let curto = capitulo.split('-').next().unwrap();
        for arquivo in [
            format!("crates/{capitulo}/src/bin/{curto}-solucao.rs"),
            format!("crates/{capitulo}/python/{curto}-solucao.py"),
        ] {
            assert!(
                respostas.contains(arquivo.as_str()),
                "{arquivo} não tem nenhuma linha própria: a prova é cega a ele"
            );
        }
        let mutantes = format!("crates/oficina/tests/{curto}/");
        assert!(respostas.iter().any(|nome| nome.starts_with(&mutantes)));
    }
    // A prova enxerga: no livro completo as respostas estão lá.
    let no_livro = segredo.procurar(&raiz.join("crates/oficina/tests"));
    assert!(no_livro.unwrap().len() > 500);

    let destino = pasta("sem-respostas");
    let manifesto = criar_em(&destino, "1-99");
    let achados = segredo.procurar(&destino).expect("procurar");
    assert!(achados.is_empty(), "{achados:#?}");
    for nome in respostas {
        assert!(manifesto.ficou_fora(nome), "{nome} não está no manifesto");
        assert!(!destino.join(nome).exists(), "{nome} foi copiado");
        let texto = ler(&destino, ".github/MANIFESTO.md");
        assert!(texto.contains(nome), "{nome} não está no texto");
    }
}

#[test]
fn uma_resposta_escondida_em_uma_pagina_e_achada() {
    let raiz = casa::raiz();
    let segredo = Segredo::da_casa(&raiz).unwrap();
    let destino = pasta("com-resposta");
    criar_em(&destino, "1-99");
    let resposta = segredo.respostas().into_iter().min().unwrap().to_owned();
    let pagina = destino.join("book/introducao.md");
    let texto = fs::read_to_string(&pagina).unwrap() + &ler(&raiz, &resposta);
    fs::write(&pagina, texto).unwrap();
    let achados = segredo.procurar(&destino).unwrap();
    assert!(achados.iter().any(|a| a.starts_with("book/introducao.md:")));
}

#[test]
fn uma_pasta_com_arquivos_e_recusada_e_fica_como_estava() {
    let destino = pasta("cheia");
    fs::create_dir_all(&destino).unwrap();
    fs::write(destino.join("trabalho.txt"), "importante").unwrap();
    let pedido = Pedido {
        raiz: &casa::raiz(),
        destino: &destino,
        capitulos: escolher("1-99").unwrap(),
    };
    let erro = criar(&pedido).unwrap_err().to_string();
    assert!(erro.contains("já tem arquivos"), "{erro}");
    assert_eq!(ler(&destino, "trabalho.txt"), "importante");
    assert_eq!(fs::read_dir(&destino).unwrap().count(), 1);
}

#[test]
fn o_sumario_e_a_oficina_tem_os_mesmos_capitulos() {
    let destino = pasta("dois");
    criar_em(&destino, "5,8");
    let sumario = ler(&destino, "book/SUMMARY.md");
    assert!(sumario.contains("cap05-") && sumario.contains("cap08-"));
    assert!(!sumario.contains("cap06-") && !sumario.contains("turma.md"));
    let lista = ler(&destino, "crates/oficina/src/exercicios/mod.rs");
    assert!(lista.contains("cap05 =>") && !lista.contains("cap06 =>"));
    assert!(!destino.join("crates/cap06-enquadramento").exists());
    // A tranca é a que o cargo escreveria: nada a mais, nada a menos.
    rodar(Command::new(env!("CARGO")).current_dir(&destino).args([
        "update",
        "--workspace",
        "--locked",
        "--offline",
    ]));
}

/// O alvo é guardado de um teste para o outro: só a primeira vez é lenta.
fn cargo_dos_alunos(destino: &Path) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    let alvo = Path::new(env!("CARGO_TARGET_TMPDIR")).join("alvo-dos-alunos");
    cargo
        .current_dir(destino)
        .env("CARGO_TARGET_DIR", alvo)
        .env_remove("OFICINA_RAIZ");
    cargo
}

#[test]
fn o_repositorio_compila_e_confere_o_esqueleto() {
    let destino = pasta("confere");
    criar_em(&destino, "5");
    let saida = cargo_dos_alunos(&destino)
        .args(["oficina", "conferir", "cap05", "--formato", "json"])
        .output()
        .expect("iniciar o cargo");
    let erros = String::from_utf8_lossy(&saida.stderr);
    assert_eq!(saida.status.code(), Some(1), "{erros}");
    assert!(erros.is_empty(), "{erros}");
    let relatorio: serde_json::Value =
        serde_json::from_slice(&saida.stdout).expect("um relatório");
    assert_eq!(relatorio["capitulo"], "cap05-servidor-tcp");
    assert_eq!(relatorio["passaram"], 0);
    assert_eq!(relatorio["etapas"][0]["situacao"], "falhou");
}

#[test]
fn o_livro_dos_alunos_e_montado_sem_reclamar() {
    let livro = Path::new(env!("CARGO_BIN_EXE_oficina"))
        .with_file_name(format!("livro{}", std::env::consts::EXE_SUFFIX));
    if !livro.is_file() {
        assert!(std::env::var_os("CI").is_none(), "falta compilar o livro");
        let _ = writeln!(io::stderr(), "pulado: falta {}", livro.display());
        return;
    }
    // O que está compilado pode ser de antes da última mudança.
    rodar(Command::new(env!("CARGO")).current_dir(casa::raiz()).args([
        "build",
        "--quiet",
        "--package",
        "livro",
    ]));
    for capitulos in ["1-99", "1", "5,8"] {
        let destino = pasta(&format!("livro-{capitulos}"));
        criar_em(&destino, capitulos);
        rodar(
            Command::new(&livro)
                .current_dir(&destino)
                .env_remove("CARGO_MANIFEST_DIR")
                .args(["construir", "--saida"])
                .arg(destino.join("target/site")),
        );
    }
}
