//! Valores, funções e laços: o vocabulário dos programas deste livro.
//!
//!     cargo run --bin minimo-valores

const PORTA: u16 = 7005;

// ANCHOR: main
fn main() {
    let host = "127.0.0.1";
    let mut tentativas = 0;
    while tentativas < 2 {
        tentativas += 1;
    }
    println!("{tentativas} tentativas em {host}:{PORTA}");

    for (indice, byte) in [0x6f, 0x6c, 0xc3].iter().enumerate() {
        println!("byte {indice}: {byte:02x}");
    }
    println!("{}", descrever(9));
}
// ANCHOR_END: main

// ANCHOR: descrever
/// A última expressão, sem `;`, é o que a função devolve.
fn descrever(lidos: usize) -> String {
    let fim = lidos == 0;
    if fim {
        return "fim do fluxo".to_string();
    }
    format!("vieram {lidos} bytes")
}
// ANCHOR_END: descrever
