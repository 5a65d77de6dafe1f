//! O que a oficina responde a uma linha de comando errada, em português.

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
