//! Quanto demora conferir uma turma: 30 entregas do capítulo 5 e depois 300,
//! no isolamento mais forte, ao lado de um `cargo build` puro de cada uma.
//!
//!     cargo bench --profile dev -p oficina --bench turma
//!
//! Com um número, só aquele tamanho; com `--sem-cargo`, sem a comparação.

#[path = "../tests/apoio_turma/mod.rs"]
mod apoio_turma;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use apoio_turma::{RAIZ, SOLUCAO_RS, conferir, fonte, pasta_nova, trinta};

/// O que se espera de 30 entregas em 2 processadores, depois que as
/// dependências estão compiladas.
const LIMITE: Duration = Duration::from_secs(12);

fn main() {
    let pedidos: Vec<String> = std::env::args().skip(1).collect();
    let tamanhos: Vec<usize> =
        pedidos.iter().filter_map(|p| p.parse().ok()).collect();
    let tamanhos = match tamanhos.is_empty() {
        true => vec![30, 300],
        false => tamanhos,
    };
    // A primeira vez compila as dependências.
    let uma = pasta_nova("medida-uma");
    apoio_turma::solto(&uma, "uma.rs", &fonte(SOLUCAO_RS));
    let saida = pasta_nova("medida-uma-saida");
    cronometrar(|| exigir(&uma, &saida));
    println!("{:32} {:>9} {:>12}", "medida", "total", "por entrega");
    let mut por_entrega = Vec::new();
    for quantas in tamanhos {
        let turma = turma_de(quantas);
        let saida = pasta_nova("medida-saida");
        let tempo = cronometrar(|| exigir(&turma, &saida));
        let cada = tempo.as_secs_f64() * 1000.0 / quantas as f64;
        let nome = format!("turma conferir, {quantas} entregas");
        println!("{nome:32} {:>7.2} s {cada:>9.0} ms", tempo.as_secs_f64());
        if quantas == 30 && tempo > LIMITE {
            println!("  ACIMA do limite de {} s", LIMITE.as_secs());
        }
        por_entrega.push(cada);
    }
    if let [trinta, .., trezentas] = por_entrega.as_slice() {
        println!("300 ÷ 30, por entrega: {:.2}", trezentas / trinta);
    }
    if !pedidos.iter().any(|p| p == "--sem-cargo") {
        let puro = cargo_build();
        let puro = puro.as_secs_f64() * 1000.0;
        println!(
            "{:32} {:>9} {puro:>9.0} ms",
            "cargo build puro, de cada", ""
        );
        for cada in por_entrega {
            println!("  conferir ÷ compilar: {:.2}", cada / puro);
        }
    }
}

/// Trinta entregas, repetidas com outros nomes.
fn turma_de(quantas: usize) -> PathBuf {
    let modelo = pasta_nova("medida-modelo");
    trinta(&modelo);
    let turma = pasta_nova("medida-turma");
    let entradas = fs::read_dir(&modelo).unwrap();
    let mut modelos: Vec<_> = entradas.map(|e| e.unwrap().path()).collect();
    modelos.sort();
    for numero in 0..quantas {
        let de = &modelos[numero % modelos.len()];
        let nome = de.file_name().unwrap().to_string_lossy().into_owned();
        copiar(
            de,
            &turma.join(format!("{:03} {nome}", numero / modelos.len())),
        );
    }
    turma
}

fn copiar(de: &Path, para: &Path) {
    if !de.is_dir() {
        fs::copy(de, para).unwrap();
        return;
    }
    fs::create_dir_all(para).unwrap();
    for entrada in fs::read_dir(de).unwrap() {
        let entrada = entrada.unwrap();
        copiar(&entrada.path(), &para.join(entrada.file_name()));
    }
}

fn exigir(turma: &Path, saida: &Path) {
    let fim = conferir(turma, saida, &[]);
    let texto = String::from_utf8_lossy(&fim.stderr);
    assert!(fim.status.success(), "{texto}");
}

/// A mediana de um `cargo build` da solução depois de uma mudança.
fn cargo_build() -> Duration {
    let casa = pasta_nova("medida-cargo");
    let capitulo = "crates/cap05-servidor-tcp";
    fs::create_dir_all(casa.join(capitulo).join("src/bin")).unwrap();
    for nome in ["Cargo.toml", "Cargo.lock"] {
        fs::copy(Path::new(RAIZ).join(nome), casa.join(nome)).unwrap();
    }
    let manifesto = Path::new(capitulo).join("Cargo.toml");
    fs::copy(Path::new(RAIZ).join(&manifesto), casa.join(&manifesto)).unwrap();
    let alvo = casa.join(capitulo).join("src/bin/cap05-exercicio.rs");
    let mut tempos = Vec::new();
    for vez in 0..6 {
        let texto = format!("{}\n// {vez}\n", fonte(SOLUCAO_RS));
        fs::write(&alvo, texto).unwrap();
        tempos.push(cronometrar(|| {
            let fim = Command::new("cargo")
                .current_dir(&casa)
                .args(["build", "--quiet", "--offline"])
                .args(["--bin", "cap05-exercicio"])
                .env("CARGO_TARGET_DIR", casa.join("target"))
                // Como a de quem confere pela primeira vez.
                .env("CARGO_INCREMENTAL", "0")
                .stdout(Stdio::null())
                .status()
                .unwrap();
            assert!(fim.success());
        }));
    }
    // A primeira compila as dependências.
    tempos.remove(0);
    tempos.sort();
    tempos[tempos.len() / 2]
}

fn cronometrar(acao: impl FnOnce()) -> Duration {
    let inicio = Instant::now();
    acao();
    inicio.elapsed()
}
