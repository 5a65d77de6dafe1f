//! O livro passa na própria revisão: partes, termos, RFCs, palavras, textos e
//! tamanhos. A parte que executa os exercícios fica para a CI.

use std::process::Command;

#[test]
fn o_livro_passa_na_revisao_do_texto() {
    let saida = Command::new(env!("CARGO_BIN_EXE_oficina"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .args(["revisar", "--texto"])
        .output()
        .expect("a oficina inicia");
    let texto = String::from_utf8_lossy(&saida.stdout);
    assert!(saida.status.success(), "{texto}");
    assert!(texto.matches('✓').count() > 8, "{texto}");
}
