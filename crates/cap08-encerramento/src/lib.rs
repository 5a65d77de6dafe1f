//! A soma que confere se um arquivo chegou como saiu.

/// O maior primo menor que 65.536 (RFC 1950, §8.2).
const BASE: u32 = 65_521;

/// Por onde a soma começa, antes do primeiro byte.
pub const SOMA_VAZIA: u32 = 1;

/// Acrescenta os bytes à soma Adler-32 (RFC 1950, §8.2).
///
/// É a mesma de `zlib.adler32(dados, soma)` em Python: percebe acidentes, não
/// fraudes.
pub fn somar(soma: u32, dados: &[u8]) -> u32 {
    let (mut a, mut b) = (soma & 0xFFFF, soma >> 16);
    for &byte in dados {
        a = (a + u32::from(byte)) % BASE;
        b = (b + a) % BASE;
    }
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_soma_e_a_do_zlib() {
        assert_eq!(somar(SOMA_VAZIA, b""), 1);
        assert_eq!(somar(SOMA_VAZIA, b"Wikipedia"), 0x11E6_0398);
    }

    #[test]
    fn a_soma_nao_depende_de_onde_se_corta() {
        let dados: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        let inteira = somar(SOMA_VAZIA, &dados);
        for corte in [0, 1, 5_000, 9_999, 10_000] {
            let metade = somar(SOMA_VAZIA, &dados[..corte]);
            assert_eq!(somar(metade, &dados[corte..]), inteira);
        }
    }
}
