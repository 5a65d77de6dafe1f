//! Blocos de código cercados por crases ou tis.

/// A linha que abre um bloco de código.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cerca {
    marca: char,
    tamanho: usize,
    /// A linguagem: a primeira palavra depois das crases.
    pub lingua: String,
    /// As outras palavras: `errado`.
    pub atributos: Vec<String>,
}

impl Cerca {
    /// Reconhece a abertura de um bloco começado na margem.
    pub fn abrir(linha: &str) -> Option<Cerca> {
        let resto = linha.trim_start_matches(' ');
        if linha.len() - resto.len() > 3 {
            return None;
        }
        let marca = resto.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let tamanho = resto.chars().take_while(|c| *c == marca).count();
        let info = &resto[tamanho..];
        if tamanho < 3 || (marca == '`' && info.contains('`')) {
            return None;
        }
        let mut palavras = info
            .split([',', ' ', '\t'])
            .filter(|palavra| !palavra.is_empty())
            .map(str::to_string);
        Some(Cerca {
            marca,
            tamanho,
            lingua: palavras.next().unwrap_or_default(),
            atributos: palavras.collect(),
        })
    }

    /// Se a linha fecha este bloco.
    pub fn fecha(&self, linha: &str) -> bool {
        let texto = linha.trim();
        texto.len() >= self.tamanho
            && texto.chars().all(|letra| letra == self.marca)
    }
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn a_cerca_separa_a_lingua_dos_atributos() {
        let cerca = Cerca::abrir("```rust,errado").expect("cerca");

        assert_eq!(cerca.lingua, "rust");
        assert_eq!(cerca.atributos, ["errado"]);
    }

    #[test]
    fn a_cerca_so_fecha_com_a_mesma_marca() {
        let cerca = Cerca::abrir("````text").expect("cerca");

        assert!(!cerca.fecha("```"));
        assert!(!cerca.fecha("~~~~"));
        assert!(cerca.fecha("`````"));
    }

    #[test]
    fn crases_no_meio_do_texto_nao_abrem_bloco() {
        assert!(Cerca::abrir("```a``` e mais").is_none());
        assert!(Cerca::abrir("    ```rust").is_none());
    }
}
