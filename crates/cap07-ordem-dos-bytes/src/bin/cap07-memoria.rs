//! Experiência: os bytes do mesmo número, na memória e na rede.
//!
//!     cargo run --bin cap07-memoria

#[allow(dead_code)] // Só o tamanho dela interessa.
#[repr(C)]
struct Medida {
    sensor: u8,
    instante: u32,
    centesimos: i32,
}

// ANCHOR: main
fn main() {
    let numero: u32 = 1000;
    println!("o número {numero}, que é 0x{numero:08x}");
    println!("  little-endian: {:02x?}", numero.to_le_bytes());
    println!("  big-endian:    {:02x?}", numero.to_be_bytes());
    println!("  nesta máquina: {:02x?}", numero.to_ne_bytes());
    println!("  em texto:      {:02x?}", numero.to_string().as_bytes());

    let trocado = u32::from_le_bytes(numero.to_be_bytes());
    println!("escrito em uma ordem e lido na outra: {trocado}");

    let negativo: i32 = -325;
    println!("o número {negativo}: {:02x?}", negativo.to_be_bytes());
    let sem_sinal = u32::from_be_bytes(negativo.to_be_bytes());
    println!("lido como número sem sinal: {sem_sinal}");

    println!("a letra ã em UTF-8: {:02x?}", "ã".as_bytes());
    let latin1: Vec<u8> = "ã".chars().map(|letra| letra as u8).collect();
    println!("a letra ã em Latin-1: {latin1:02x?}");

    println!("a struct ocupa na memória: {} bytes", size_of::<Medida>());
}
// ANCHOR_END: main
