//! Os programas do apêndice “Rust mínimo” dizem o que a página mostra, em Rust
//! e em Python.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Os programas que dizem o mesmo nas duas linguagens, linha por linha.
const IGUAIS: [(&str, &str); 6] = [
    (env!("CARGO_BIN_EXE_minimo-valores"), "minimo-valores"),
    (env!("CARGO_BIN_EXE_minimo-posse"), "minimo-posse"),
    (env!("CARGO_BIN_EXE_minimo-erros"), "minimo-erros"),
    (env!("CARGO_BIN_EXE_minimo-escolhas"), "minimo-escolhas"),
    (env!("CARGO_BIN_EXE_minimo-leitores"), "minimo-leitores"),
    (env!("CARGO_BIN_EXE_minimo-funcoes"), "minimo-funcoes"),
];

#[test]
fn os_gemeos_dizem_o_mesmo() {
    for (binario, nome) in IGUAIS {
        let (em_rust, _, _) = rodar(Path::new(binario), &[]);
        if let Some((em_python, _, _)) = rodar_em_python(nome, &[]) {
            assert_eq!(em_rust, em_python, "{nome}");
        }
    }
}

#[test]
fn a_segunda_leitura_deixa_no_buffer_o_fim_da_primeira() {
    let binario = Path::new(env!("CARGO_BIN_EXE_minimo-buffer"));
    let (em_rust, _, _) = rodar(binario, &[]);
    let juntas = em_rust.replace(',', "");
    assert!(
        juntas.contains("esta leitura   [6e 64 6f 21]\n"),
        "{em_rust}"
    );
    assert!(juntas.contains("[6e 64 6f 21 2c 20 6d 75]"), "{em_rust}");
    if let Some((em_python, _, _)) = rodar_em_python("minimo-buffer", &[]) {
        assert_eq!(juntas, em_python);
    }
}

#[test]
fn cortado_no_meio_do_c_cedilha_nao_e_texto_em_nenhuma_das_duas() {
    let binario = Path::new(env!("CARGO_BIN_EXE_minimo-texto"));
    let (em_rust, _, _) = rodar(binario, &[]);
    let em_python = rodar_em_python("minimo-texto", &[]);
    let em_python = em_python.map(|(saida, _, _)| saida);
    for saida in [Some(em_rust), em_python].into_iter().flatten() {
        assert!(saida.starts_with("7 letras, 9 bytes\n"), "{saida}");
        assert!(saida.contains("\né texto: cora\nnão é: "), "{saida}");
    }
}

#[test]
fn o_erro_que_sobe_ate_main_e_uma_linha_e_o_estado_1() {
    let binario = Path::new(env!("CARGO_BIN_EXE_minimo-erros"));
    for argumento in ["abc", "80"] {
        let em_rust = Some(rodar(binario, &[argumento]));
        let em_python = rodar_em_python("minimo-erros", &[argumento]);
        for (saida, erros, estado) in [em_rust, em_python].into_iter().flatten()
        {
            assert!(saida.starts_with("não deu: "), "{saida}");
            assert!(erros.starts_with("Error: "), "{erros}");
            assert_eq!(erros.lines().count(), 1, "{erros}");
            assert_eq!(estado, Some(1));
        }
    }
}

/// A saída, a saída de erros e o estado de saída.
type Fim = (String, String, Option<i32>);

fn rodar(programa: &Path, argumentos: &[&str]) -> Fim {
    fim(Command::new(programa).args(argumentos))
}

/// `None` se esta máquina não tem Python; na CI, é um erro.
fn rodar_em_python(nome: &str, argumentos: &[&str]) -> Option<Fim> {
    let existe = Command::new("python3").arg("--version").output().is_ok();
    assert!(
        existe || std::env::var_os("CI").is_none(),
        "falta o python3"
    );
    let pasta = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("python");
    existe.then(|| {
        fim(Command::new("python3")
            .arg(pasta.join(format!("{nome}.py")))
            .args(argumentos))
    })
}

fn fim(comando: &mut Command) -> Fim {
    let saida = comando
        .env("PYTHONIOENCODING", "utf-8")
        .env_remove("RUST_BACKTRACE")
        .env_remove("RUST_LIB_BACKTRACE")
        .output()
        .expect("o programa inicia");
    let texto = |bytes| String::from_utf8(bytes).expect("é texto");
    (
        texto(saida.stdout),
        texto(saida.stderr),
        saida.status.code(),
    )
}
