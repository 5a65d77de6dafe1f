//! O que a oficina responde a uma linha de comando errada, em português.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// O status, a saída e os erros de um comando da oficina.
fn oficina(argumentos: &[&str]) -> (Option<i32>, String, String) {
    let saida = Command::new(env!("CARGO_BIN_EXE_oficina"))
        .args(argumentos)
        .output()
        .expect("iniciar a oficina");
    let texto = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        saida.status.code(),
        texto(&saida.stdout),
        texto(&saida.stderr),
    )
}

#[test]
fn um_comando_sem_os_tracos_ensina_os_tracos() {
    let argumentos = ["conferir", "cap05", "python3", "x.py"];
    let (codigo, _, erros) = oficina(&argumentos);
    assert_eq!(codigo, Some(2), "{erros}");
    assert!(erros.contains("escreva `--` antes do comando"), "{erros}");
}

#[test]
fn um_numero_que_nao_e_numero_e_recusado_em_portugues() {
    for opcao in ["--etapa", "--repetir", "--semente", "--prazo"] {
        let (codigo, _, erros) = oficina(&["conferir", "cap05", opcao, "x"]);
        assert_eq!(codigo, Some(2), "{erros}");
        assert!(erros.contains("“x” não serve para"), "{erros}");
        assert!(erros.contains("tem de ser um número"), "{erros}");
    }
}

#[test]
fn um_script_que_nao_existe_e_dito_e_o_status_e_3() {
    let argumentos = ["conferir", "cap05", "--", "python3", "nao-ha.py"];
    let (codigo, saida, _) = oficina(&argumentos);
    assert_eq!(codigo, Some(3), "{saida}");
    let esperado = "não achei o arquivo “nao-ha.py”";
    assert!(saida.contains(esperado), "{saida}");
}

#[test]
fn uma_captura_que_nao_existe_e_dita_em_portugues() {
    let (codigo, _, erros) = oficina(&["fio", "nao-ha.pcap"]);
    assert_eq!(codigo, Some(2), "{erros}");
    let esperado = "não li nao-ha.pcap: não encontrado (";
    assert!(erros.contains(esperado), "{erros}");
}

/// Uma pasta só deste teste, vazia.
fn pasta(nome: &str) -> PathBuf {
    let pasta = Path::new(env!("CARGO_TARGET_TMPDIR")).join(nome);
    let _ = fs::remove_dir_all(&pasta);
    fs::create_dir_all(&pasta).expect("criar a pasta");
    pasta
}

/// O que não se executa: uma frase em português, e o status 3.
#[cfg(target_os = "linux")]
#[test]
fn o_que_o_sistema_nao_executa_e_dito_e_o_status_e_3() {
    use std::os::unix::fs::PermissionsExt;
    let pasta = pasta("nao-executa");
    let proprio = fs::read(env!("CARGO_BIN_EXE_oficina")).expect("ler");
    let mut alheio = proprio[..4096].to_vec();
    // O campo e_machine: nenhum processador tem este número.
    alheio[18..20].copy_from_slice(&[0xfe, 0xfe]);
    let casos: [(&str, &[u8], u32, &str); 6] = [
        ("sem-permissao", &proprio[..64], 0o644, "não tem permissão"),
        ("sem-shebang", b"echo oi\n", 0o755, "não é um programa que"),
        ("vazio", b"", 0o755, "não é um programa que"),
        ("alheio", &alheio, 0o755, "outro tipo de processador"),
        ("sem-interprete", b"#!/nao/ha\n", 0o755, "“/nao/ha”"),
        (
            "do-windows",
            b"#!/bin/sh\r\n",
            0o755,
            "fins de linha do Windows",
        ),
    ];
    let binfmt = fs::read_dir("/proc/sys/fs/binfmt_misc");
    let so_o_comum = binfmt.into_iter().flatten().count() <= 2;
    for (nome, texto, modo, esperado) in casos {
        let caminho = pasta.join(nome);
        fs::write(&caminho, texto).expect("escrever");
        let modo = fs::Permissions::from_mode(modo);
        fs::set_permissions(&caminho, modo).expect("mudar o modo");
        if !so_o_comum && !texto.starts_with(b"#!") {
            continue;
        }
        recusado(&caminho, esperado);
    }
    recusado(&pasta, "é uma pasta, não um programa");
}

#[cfg(target_os = "linux")]
fn recusado(programa: &Path, esperado: &str) {
    let programa = programa.to_string_lossy();
    let (codigo, saida, _) = oficina(&["conferir", "cap05", "--", &programa]);
    assert_eq!(codigo, Some(3), "{programa}: {saida}");
    assert!(saida.contains(esperado), "{programa}: {saida}");
}

/// Do progresso que não se entende nada se perde, e quem lê sabe.
#[test]
fn um_progresso_estragado_e_dito_e_posto_de_lado() {
    let pasta = pasta("progresso-estragado");
    let guardado = pasta.join("progresso.json");
    let dica = || {
        let saida = Command::new(env!("CARGO_BIN_EXE_oficina"))
            .args(["dica", "cap05"])
            .env("OFICINA_PROGRESSO", &guardado)
            .output()
            .expect("iniciar a oficina");
        assert_eq!(saida.status.code(), Some(0), "{saida:?}");
        String::from_utf8_lossy(&saida.stderr).into_owned()
    };
    for (vez, estragado) in ["{lixo", "[]", ""].into_iter().enumerate() {
        fs::write(&guardado, estragado).expect("escrever");
        let erros = dica();
        assert!(erros.contains("conta como vazio"), "{erros}");
        let antigo = format!("progresso.antigo-{}.json", vez + 1);
        assert!(erros.contains(&antigo), "{erros}");
        let ficou = fs::read_to_string(pasta.join(antigo)).expect("ler");
        assert_eq!(ficou, estragado);
        assert_eq!(dica(), "");
    }
}

#[test]
fn um_progresso_que_nao_se_guarda_nao_muda_o_status() {
    let arquivo = pasta("progresso-sem-pasta").join("arquivo");
    fs::write(&arquivo, "").expect("escrever");
    let saida = Command::new(env!("CARGO_BIN_EXE_oficina"))
        .args(["dica", "cap05"])
        .env("OFICINA_PROGRESSO", arquivo.join("progresso.json"))
        .output()
        .expect("iniciar a oficina");
    let erros = String::from_utf8_lossy(&saida.stderr);
    assert_eq!(saida.status.code(), Some(0), "{erros}");
    assert!(erros.contains("não guardei o progresso"), "{erros}");
}
