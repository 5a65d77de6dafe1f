//! O acaso que se repete: com a mesma semente, os mesmos bytes (SplitMix64).

/// Palavras com acentos: cada letra acentuada ocupa dois bytes em UTF-8.
const PALAVRAS: &[&str] = &[
    "coração",
    "pão",
    "água",
    "ônibus",
    "maçã",
    "três",
    "você",
    "sertão",
    "café",
    "amanhã",
    "ciência",
    "São João",
    "órgão",
    "também",
    "açaí",
    "avó",
];

/// O trecho de bytes sorteados um a um (um número primo).
const TRECHO: usize = 65_521;

/// Um gerador de números com semente.
#[derive(Debug, Clone)]
pub struct Sorte {
    estado: u64,
}

impl Sorte {
    pub fn nova(semente: u64) -> Sorte {
        Sorte { estado: semente }
    }

    /// O próximo número, de 64 bits.
    pub fn numero(&mut self) -> u64 {
        self.estado = self.estado.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.estado;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Um número em `de..ate`.
    pub fn entre(&mut self, de: usize, ate: usize) -> usize {
        de + (self.numero() % (ate - de) as u64) as usize
    }

    /// Verdadeiro uma vez em cada `vezes`.
    pub fn uma_em(&mut self, vezes: u64) -> bool {
        self.numero().is_multiple_of(vezes)
    }

    /// Bytes quaisquer, de todos os valores. Depois dos primeiros 64 KiB,
    /// voltas do mesmo trecho começadas em pontos diferentes: nenhum bloco de
    /// tamanho redondo se repete.
    pub fn bytes(&mut self, quantos: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(quantos + TRECHO);
        while bytes.len() < quantos.min(TRECHO) {
            bytes.extend_from_slice(&self.numero().to_le_bytes());
        }
        bytes.truncate(quantos.min(TRECHO));
        while bytes.len() < quantos {
            let corte = self.entre(1, TRECHO);
            bytes.extend_from_within(corte..TRECHO);
            bytes.extend_from_within(..corte);
        }
        bytes.truncate(quantos);
        bytes
    }

    /// Uma palavra com acento.
    pub fn palavra(&mut self) -> &'static str {
        PALAVRAS[self.entre(0, PALAVRAS.len())]
    }

    /// Texto com acentos e pelo menos `minimo` bytes, sem quebra de linha.
    pub fn texto(&mut self, minimo: usize) -> String {
        let mut texto = self.palavra().to_owned();
        while texto.len() < minimo {
            texto.push(' ');
            texto.push_str(self.palavra());
        }
        texto
    }

    /// Só letras sem acento, um byte cada, e pelo menos `minimo` bytes.
    pub fn letras(&mut self, minimo: usize) -> String {
        let letra = |n: usize| char::from(b'a' + n as u8);
        (0..minimo).map(|_| letra(self.entre(0, 26))).collect()
    }

    /// O mesmo que [`Sorte::texto`], terminado em `\n`.
    pub fn linha(&mut self, minimo: usize) -> String {
        self.texto(minimo) + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mesma_semente_da_os_mesmos_bytes() {
        let bytes = |semente| Sorte::nova(semente).bytes(100);
        assert_eq!(bytes(7), bytes(7));
        assert_ne!(bytes(7), bytes(8));
    }
}
