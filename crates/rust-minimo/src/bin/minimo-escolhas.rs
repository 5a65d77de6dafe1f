//! O que pode faltar e o que pode ser uma coisa ou outra.
//!
//!     cargo run --bin minimo-escolhas

// ANCHOR: pedido
#[derive(Debug, PartialEq)]
enum Pedido<'a> {
    Guarda { chave: &'a str, valor: &'a str },
    Consulta(&'a str),
}
// ANCHOR_END: pedido

// ANCHOR: main
fn main() {
    for linha in ["1 nome=Ana", "2 nome", "sem número"] {
        match entender(linha) {
            Some(Pedido::Guarda { chave, valor }) => {
                println!("guarda {valor} em {chave}");
            }
            Some(Pedido::Consulta(chave)) => println!("consulta {chave}"),
            None => println!("não é um pedido: {linha}"),
        }
    }
}
// ANCHOR_END: main

// ANCHOR: entender
fn entender(linha: &str) -> Option<Pedido<'_>> {
    let (numero, resto) = linha.split_once(' ')?;
    let Ok(_) = numero.parse::<u32>() else {
        return None;
    };
    if let Some((chave, valor)) = resto.split_once('=') {
        return Some(Pedido::Guarda { chave, valor });
    }
    Some(Pedido::Consulta(resto))
}
// ANCHOR_END: entender
