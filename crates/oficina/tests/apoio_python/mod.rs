//! O Python é de quem roda os testes: sem ele, o que o usa é pulado.

use std::io::Write;
use std::process::{Command, Stdio};

/// Se há Python aqui. Sem ele, o teste é pulado, e a saída diz qual; na CI, é
/// um erro.
pub fn ha_python() -> bool {
    let status = Command::new("python3")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if status.is_ok_and(|status| status.success()) {
        return true;
    }
    let ci = std::env::var("CI").is_ok_and(|valor| valor == "true");
    assert!(!ci, "python3 não foi encontrado, e CI=true o exige");
    let atual = std::thread::current();
    let teste = atual.name().unwrap_or_default();
    // Direto na saída de erros: um `println!` o `cargo test` esconderia.
    let _ = writeln!(std::io::stderr(), "pulado: {teste} (falta o python3)");
    false
}
