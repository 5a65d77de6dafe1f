//! O buffer, a fatia e o que sobra da leitura anterior.
//!
//!     cargo run --bin minimo-buffer

use std::io::{self, Read};

// ANCHOR: main
fn main() -> io::Result<()> {
    let mut entrada = "olá, mundo!".as_bytes(); // 12 bytes: o á são dois
    let mut buffer = [0; 8];
    loop {
        let lidos = entrada.read(&mut buffer)?;
        if lidos == 0 {
            return Ok(());
        }
        println!("vieram {lidos}:");
        println!("  esta leitura   {:02x?}", &buffer[..lidos]);
        println!("  buffer inteiro {buffer:02x?}");
    }
}
// ANCHOR_END: main
