//! O placar: quantos mutantes morreram, e quantos pelo motivo certo.

use std::collections::BTreeMap;
use std::sync::Mutex;

/// As contas de um capítulo.
#[derive(Default)]
struct Linha {
    mutantes: usize,
    rejeitados: usize,
    diagnosticados: usize,
    aceitadores: usize,
    aceitos: usize,
}

static PLACAR: Mutex<BTreeMap<String, Linha>> = Mutex::new(BTreeMap::new());

/// Anota um mutante: se foi rejeitado, e se na etapa e com o código dele.
pub fn mutante(capitulo: &str, rejeitado: bool, certo: bool) {
    anotar(capitulo, |linha| {
        linha.mutantes += 1;
        linha.rejeitados += usize::from(rejeitado);
        linha.diagnosticados += usize::from(certo);
    });
}

/// Anota um aceitador.
pub fn aceitador(capitulo: &str, aceito: bool) {
    anotar(capitulo, |linha| {
        linha.aceitadores += 1;
        linha.aceitos += usize::from(aceito);
    });
}

fn anotar(capitulo: &str, somar: impl FnOnce(&mut Linha)) {
    let mut placar = PLACAR.lock().unwrap_or_else(|e| e.into_inner());
    somar(placar.entry(capitulo.to_owned()).or_default());
}

/// Mostra o que foi conferido; nada, se nada foi.
pub fn mostrar() {
    let placar = PLACAR.lock().unwrap_or_else(|e| e.into_inner());
    if placar.is_empty() {
        return;
    }
    println!("capítulo  rejeitados  diagnóstico certo  aceitos");
    for (capitulo, l) in placar.iter() {
        println!(
            "{capitulo:8}  {:>4} de {:<3}  {:>8} de {:<6}  {:>2} de {}",
            l.rejeitados,
            l.mutantes,
            l.diagnosticados,
            l.mutantes,
            l.aceitos,
            l.aceitadores
        );
    }
}
