//! Cada modo de não chegar à conversa tem a sua frase: não escuta, escuta em
//! outro lugar, sai antes, entra em pânico, não compila.

#![cfg(target_os = "linux")]

mod apoio_python;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use apoio_python::ha_python;
const OFICINA: &str = env!("CARGO_BIN_EXE_oficina");
const RAIZ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// O código e a mensagem com que este programa em Python é reprovado.
fn reprovado(texto: &str) -> (String, String) {
    let saida = Command::new(OFICINA)
        .args(["conferir", "cap05", "--etapa", "1", "--formato", "json"])
        .args(["--", "python3", "-c", texto])
        .output()
        .expect("a oficina deve iniciar");
    let resultado: Value = serde_json::from_slice(&saida.stdout).unwrap();
    let dito = &resultado["etapas"][0]["diagnostico"];
    let texto = |chave: &str| dito[chave].as_str().unwrap().to_owned();
    assert_eq!(saida.status.code(), Some(1), "{resultado}");
    (texto("codigo"), texto("mensagem"))
}

#[test]
fn quem_nao_escuta_ouve_que_nao_escuta() {
    if !ha_python() {
        return;
    }
    let (codigo, frase) = reprovado("import time; time.sleep(99)");
    assert_eq!(codigo, "nao-escuta");
    assert!(frase.contains("não abriu um socket de escuta"), "{frase}");
}

#[test]
fn quem_escuta_em_outro_lugar_ouve_onde() {
    if !ha_python() {
        return;
    }
    let programa = "import socket\n\
                    o = socket.create_server(('127.0.0.1', 0))\n\
                    print(o.getsockname()[1], flush=True)\n\
                    o.accept()";
    let (codigo, frase) = reprovado(programa);
    assert_eq!(codigo, "outro-endereco");
    assert!(frase.contains("ele escuta em 127.0.0.1:"), "{frase}");
}

#[test]
fn quem_sai_antes_ouve_com_que_status() {
    if !ha_python() {
        return;
    }
    let (codigo, frase) = reprovado("import sys; sys.exit(7)");
    assert_eq!(codigo, "encerrou");
    assert!(
        frase.contains("terminou com estado de saída 7 sem atender"),
        "{frase}"
    );
}

#[test]
fn quem_deixa_uma_excecao_escapar_ouve_qual_e_onde() {
    if !ha_python() {
        return;
    }
    let (codigo, frase) = reprovado("\n\nraise ValueError('não sei')");
    assert_eq!(codigo, "encerrou");
    let esperado = "Uma exceção ficou sem tratamento: ValueError: não sei \
                    (<string>, linha 3)";
    assert!(frase.contains(esperado), "{frase}");
}

#[test]
fn quem_se_cala_ouve_por_quanto_tempo() {
    if !ha_python() {
        return;
    }
    let programa = "import socket, sys, time\n\
                    host, porta = sys.argv[-1].rsplit(':', 1)\n\
                    o = socket.create_server((host, int(porta)))\n\
                    time.sleep(99)";
    let (codigo, frase) = reprovado(programa);
    assert_eq!(codigo, "calado");
    assert!(frase.contains("silêncio por"), "{frase}");
}

#[test]
fn quem_nao_compila_ouve_o_compilador_e_o_status_e_3() {
    let casa = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nao-compila");
    let capitulo = casa.join("crates/cap05-servidor-tcp");
    std::fs::create_dir_all(capitulo.join("src/bin")).unwrap();
    for nome in ["Cargo.toml", "Cargo.lock", "book.toml"] {
        std::fs::copy(Path::new(RAIZ).join(nome), casa.join(nome)).unwrap();
    }
    let manifesto = "crates/cap05-servidor-tcp/Cargo.toml";
    let de = Path::new(RAIZ).join(manifesto);
    std::fs::copy(de, casa.join(manifesto)).unwrap();
    let exercicio = capitulo.join("src/bin/cap05-exercicio.rs");
    std::fs::write(exercicio, "fn main() -> u8 { \"texto\" }\n").unwrap();
    let saida = Command::new(OFICINA)
        .args(["conferir", "cap05", "--alvo"])
        .arg(casa.join("alvo"))
        .env("OFICINA_RAIZ", &casa)
        .output()
        .expect("a oficina deve iniciar");
    let texto = String::from_utf8_lossy(&saida.stdout);
    assert_eq!(saida.status.code(), Some(3), "{texto}");
    assert!(texto.contains("error[E0308]"), "{texto}");
    assert!(texto.contains("cap05-exercicio.rs:1"), "{texto}");
}

#[test]
fn depois_da_primeira_falha_nenhuma_etapa_conta() {
    if !ha_python() {
        return;
    }
    // Duas etapas conversam ao mesmo tempo: a segunda já começou quando a
    // primeira falha, e o que ela viu não aparece.
    let programa = "import socket, sys\n\
                    host, porta = sys.argv[-1].rsplit(':', 1)\n\
                    o = socket.create_server((host, int(porta)))\n\
                    while True:\n    o.accept()[0].sendall(b'errado')";
    let saida = Command::new(OFICINA)
        .args(["conferir", "cap05", "--formato", "json"])
        .args(["--", "python3", "-c", programa])
        .output()
        .expect("a oficina deve iniciar");
    assert_eq!(saida.status.code(), Some(1));
    let resultado: Value = serde_json::from_slice(&saida.stdout).unwrap();
    let etapas = resultado["etapas"].as_array().unwrap();
    assert_eq!(etapas.len(), 5, "{resultado}");
    for (posicao, etapa) in etapas.iter().enumerate() {
        assert_eq!(etapa["numero"], posicao + 1);
        let (situacao, falas) = match posicao {
            0 => ("falhou", true),
            _ => ("nao_executada", false),
        };
        assert_eq!(etapa["situacao"], situacao, "{resultado}");
        let transcricao = etapa["transcricao"].as_array().unwrap();
        assert_eq!(!transcricao.is_empty(), falas, "{resultado}");
    }
}
