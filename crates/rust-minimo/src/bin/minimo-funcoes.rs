//! Fechos e threads: uma função sem nome, e outra que anda ao lado.
//!
//!     cargo run --bin minimo-funcoes

use std::thread;

// ANCHOR: main
fn main() {
    let numeros = ["7", "sete", "77"];
    let lidos: Vec<u16> = numeros
        .iter()
        .filter_map(|texto| texto.parse().ok())
        .collect();
    println!("{lidos:?}");

    let nome = String::from("Ana");
    let outra = thread::spawn(move || format!("{nome} agora é desta thread"));
    let frase = outra.join().expect("a thread não entrou em pânico");
    println!("{frase}");
}
// ANCHOR_END: main
