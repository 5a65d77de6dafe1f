//! A bancada de verdade: hosts, cabo, rede ruim, capturas e o fim de tudo.
//!
//! Este programa tem três papéis: o teste, o ajudante da bancada e os programas
//! que rodam nos hosts. Por isso tem o próprio `main`.
//!
//!     cargo test -p bancada --test bancada -- --medir

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(codigo) = bancada::interno() {
        return codigo;
    }
    principal()
}

#[cfg(not(target_os = "linux"))]
fn principal() -> ExitCode {
    let plano = bancada::Plano::default();
    let erro = bancada::Bancada::montar(&plano).unwrap_err();
    assert!(erro.to_string().contains("só o Linux"), "{erro}");
    println!("test result: ok. 1 passed; 0 failed; 0 ignored");
    ExitCode::SUCCESS
}

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
fn principal() -> ExitCode {
    linux::principal()
}
