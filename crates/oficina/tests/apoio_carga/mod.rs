//! Os aceitadores, muitas vezes, com os processadores ocupados: um programa
//! certo nunca é acusado, por mais devagar que a máquina esteja.
//!
//!     OFICINA_RODADAS=1000 cargo test -p oficina --test mutantes -- cap05

use std::fmt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use libtest_mimic::Failed;
use serde_json::Value;

use super::linguagens::{self, comando};
use super::{Natureza, OFICINA, natureza, primeira_falha};

/// Quantas threads giram em falso durante as conferências.
const GIRANDO: usize = 2;

/// De quantas em quantas conferências se conta o que já se viu.
const PARCIAL: usize = 10;

/// Como terminou cada conferência.
#[derive(Default)]
struct Contagem {
    certas: usize,
    inconclusivas: usize,
    erradas: usize,
}

/// Confere os aceitadores em rodízio, `vezes` ao todo; falha se algum é
/// acusado.
pub fn conferir(
    vezes: usize,
    programas: &[(String, PathBuf)],
) -> Result<(), Failed> {
    let mut aceitadores = Vec::new();
    for (capitulo, programa) in programas {
        let certo = natureza(programa)? == Natureza::Aceitador;
        if certo && linguagens::ha(programa) {
            aceitadores.push((capitulo, comando(capitulo, programa)?));
        }
    }
    let quantos = aceitadores.len();
    println!("{quantos} aceitadores, com {GIRANDO} threads girando em falso");
    let inicio = Instant::now();
    let mut contagem = Contagem::default();
    com_carga(|| -> Result<(), Failed> {
        let rodizio = aceitadores.iter().cycle().take(vezes);
        for (vez, (capitulo, comando)) in (1..).zip(rodizio) {
            contagem.anotar(capitulo, comando)?;
            if vez % PARCIAL == 0 || vez == vezes {
                println!(
                    "{vez} em {} s: {contagem}",
                    inicio.elapsed().as_secs()
                );
            }
        }
        Ok(())
    })?;
    match contagem.erradas {
        0 => Ok(()),
        erradas => Err(format!("{erradas} acusações falsas").into()),
    }
}

/// Faz algo enquanto outras threads ocupam os processadores.
fn com_carga<T>(fazer: impl FnOnce() -> T) -> T {
    let fim = AtomicBool::new(false);
    std::thread::scope(|escopo| {
        for _ in 0..GIRANDO {
            escopo.spawn(|| {
                while !fim.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let feito = fazer();
        fim.store(true, Ordering::Relaxed);
        feito
    })
}

impl fmt::Display for Contagem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Contagem {
            certas,
            inconclusivas,
            erradas,
        } = self;
        write!(
            f,
            "{certas} certas, {inconclusivas} inconclusivas, {erradas} erradas"
        )
    }
}

impl Contagem {
    fn anotar(
        &mut self,
        capitulo: &str,
        comando: &[String],
    ) -> Result<(), Failed> {
        let saida = Command::new(OFICINA)
            .args(["conferir", capitulo, "--formato", "json", "--"])
            .args(comando)
            .output()?;
        if saida.status.success() {
            self.certas += 1;
            return Ok(());
        }
        let resultado: Value = serde_json::from_slice(&saida.stdout)?;
        let etapas = resultado["etapas"].as_array();
        let inconclusiva = etapas.is_some_and(|etapas| {
            etapas.iter().any(|e| e["situacao"] == "inconclusiva")
        });
        let visto = primeira_falha(&resultado);
        println!("{capitulo} {comando:?}, semente {}", resultado["semente"]);
        if let Some((etapa, codigo, historia)) = visto {
            println!("  etapa={etapa} codigo={codigo}\n{historia}");
        }
        match inconclusiva {
            true => self.inconclusivas += 1,
            false => self.erradas += 1,
        }
        Ok(())
    }
}
