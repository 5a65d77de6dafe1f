//! Resumos curtos e estáveis: os mesmos em toda máquina e em toda versão.

/// FNV-1a de 64 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>.
///
/// Não resiste a quem procura colisões de propósito, e não precisa: quem
/// colidisse só ficaria com a nota da entrega anterior dele mesmo.
#[derive(Debug, Clone)]
pub struct Resumo(u64);

impl Resumo {
    pub fn novo() -> Resumo {
        Resumo(0xcbf2_9ce4_8422_2325)
    }

    /// Acrescenta uma parte. O tamanho entra junto: “ab”, “c” não é “a”, “bc”.
    pub fn com(mut self, parte: &[u8]) -> Resumo {
        let tamanho = (parte.len() as u64).to_le_bytes();
        for byte in parte.iter().chain(&tamanho) {
            self.0 =
                (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self
    }

    pub fn numero(&self) -> u64 {
        self.0
    }

    /// Dezesseis algarismos hexadecimais.
    pub fn texto(&self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_partes_nao_se_confundem() {
        let junta = |partes: &[&str]| {
            let inicio = Resumo::novo();
            let todas = partes.iter().map(|p| p.as_bytes());
            todas.fold(inicio, Resumo::com).texto()
        };
        assert_ne!(junta(&["ab", "c"]), junta(&["a", "bc"]));
        assert_eq!(junta(&["ab", "c"]), junta(&["ab", "c"]));
    }
}
