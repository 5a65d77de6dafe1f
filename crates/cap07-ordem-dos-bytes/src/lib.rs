//! A medida da estação: nove bytes na rede, três números no programa.

use std::ops::Range;

/// Bytes de uma medida na rede.
pub const TAMANHO: usize = 9;

// ANCHOR: campos
const SENSOR: usize = 0;
const INSTANTE: Range<usize> = 1..5;
const CENTESIMOS: Range<usize> = 5..9;
// ANCHOR_END: campos

// ANCHOR: medida
/// O que um sensor mediu, e quando.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Medida {
    /// O número do sensor.
    pub sensor: u8,
    /// Segundos desde o início de 1970.
    pub instante: u32,
    /// Temperatura em centésimos de grau Celsius.
    pub centesimos: i32,
}
// ANCHOR_END: medida

impl Medida {
    // ANCHOR: codificar
    /// Escreve os três campos na ordem da rede.
    pub fn codificar(&self) -> [u8; TAMANHO] {
        let mut bytes = [0; TAMANHO];
        bytes[SENSOR] = self.sensor;
        bytes[INSTANTE].copy_from_slice(&self.instante.to_be_bytes());
        bytes[CENTESIMOS].copy_from_slice(&self.centesimos.to_be_bytes());
        bytes
    }
    // ANCHOR_END: codificar

    // ANCHOR: decodificar
    /// Lê os três campos de volta; quaisquer nove bytes formam uma medida.
    pub fn decodificar(bytes: &[u8; TAMANHO]) -> Self {
        let [sensor, a, b, c, d, e, f, g, h] = *bytes;
        Self {
            sensor,
            instante: u32::from_be_bytes([a, b, c, d]),
            centesimos: i32::from_be_bytes([e, f, g, h]),
        }
    }
    // ANCHOR_END: decodificar
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASOS: [(Medida, [u8; TAMANHO]); 3] = [
        (
            Medida {
                sensor: 1,
                instante: 1000,
                centesimos: 2150,
            },
            [1, 0, 0, 0x03, 0xe8, 0, 0, 0x08, 0x66],
        ),
        (
            Medida {
                sensor: 2,
                instante: 86_400,
                centesimos: -325,
            },
            [2, 0, 0x01, 0x51, 0x80, 0xff, 0xff, 0xfe, 0xbb],
        ),
        (
            Medida {
                sensor: 255,
                instante: u32::MAX,
                centesimos: i32::MIN,
            },
            [255, 0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0],
        ),
    ];

    #[test]
    fn cada_medida_tem_os_seus_bytes() {
        for (medida, bytes) in CASOS {
            assert_eq!(medida.codificar(), bytes);
            assert_eq!(Medida::decodificar(&bytes), medida);
        }
    }
}
