//! Texto e bytes não são a mesma coisa.
//!
//!     cargo run --bin minimo-texto

// ANCHOR: main
fn main() {
    let palavra = String::from("coração");
    let bytes = palavra.as_bytes();
    println!("{} letras, {} bytes", palavra.chars().count(), bytes.len());
    println!("{bytes:02x?}");

    mostrar(&bytes[..4]); // c o r a
    mostrar(&bytes[..5]); // c o r a e a metade do ç
}
// ANCHOR_END: main

// ANCHOR: mostrar
fn mostrar(bytes: &[u8]) {
    match str::from_utf8(bytes) {
        Ok(texto) => println!("é texto: {texto}"),
        Err(erro) => println!("não é: {erro}"),
    }
}
// ANCHOR_END: mostrar
