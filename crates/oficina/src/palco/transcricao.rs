//! A conversa, contada por quem a conduziu: linhas numeradas.

use super::evidencia::bytes;

/// Quantos bytes de uma mensagem cabem em uma linha da transcrição.
const AMOSTRA: usize = 48;

/// Quantos bytes cabem em hexadecimal.
const OCTETOS: usize = 16;

/// Quem fez o que a linha conta.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Autor {
    /// O conferidor, no papel que ele representa ("cliente", "servidor", "Ana").
    Palco(String),
    /// O programa conferido.
    Programa,
    /// Um título: o que começa aqui.
    Titulo,
}

/// Uma linha da transcrição.
#[derive(Debug, Clone)]
pub struct Linha {
    pub numero: usize,
    pub autor: Autor,
    /// `conectei`, `enviei`, `recebi`, `esperava`, …
    pub verbo: &'static str,
    pub detalhe: String,
}

impl Linha {
    /// A linha sem cores, como vai para o JSON.
    pub fn texto(&self) -> String {
        let Linha {
            numero,
            verbo,
            detalhe,
            ..
        } = self;
        match &self.autor {
            Autor::Titulo => format!("{numero} — {detalhe}"),
            Autor::Programa => format!("{numero} programa: {verbo} {detalhe}"),
            Autor::Palco(nome) => format!("{numero} {nome}: {verbo} {detalhe}"),
        }
    }
}

/// A conversa até agora.
#[derive(Debug, Clone, Default)]
pub struct Transcricao {
    linhas: Vec<Linha>,
}

impl Transcricao {
    pub fn anotar(&mut self, autor: Autor, verbo: &'static str, detalhe: &str) {
        self.linhas.push(Linha {
            numero: self.linhas.len() + 1,
            autor,
            verbo,
            detalhe: detalhe.to_owned(),
        });
    }

    pub fn linhas(&self) -> &[Linha] {
        &self.linhas
    }
}

/// Os bytes como um iniciante os lê: entre aspas se são texto, em hexadecimal
/// se não são; cortados se são muitos.
pub fn amostra(conteudo: &[u8]) -> String {
    let tamanho = bytes(conteudo.len());
    let curto = &conteudo[..conteudo.len().min(AMOSTRA)];
    let cortado = curto.len() < conteudo.len();
    if let Some((texto, meio)) = texto_legivel(curto) {
        // Um caractere pela metade aparece em hexadecimal, a não ser que quem
        // o cortou tenha sido esta amostra.
        return match (cortado, meio.is_empty()) {
            (true, _) => format!("“{texto}”… ({tamanho})"),
            (false, true) => format!("“{texto}” ({tamanho})"),
            (false, false) => {
                format!("“{texto}” {} ({tamanho})", em_hexadecimal(meio))
            }
        };
    }
    match conteudo.len() {
        0..=OCTETOS => format!("{} ({tamanho})", em_hexadecimal(conteudo)),
        _ => {
            format!("{}… ({tamanho})", em_hexadecimal(&conteudo[..OCTETOS]))
        }
    }
}

/// O texto com `\n` e companhia à vista, e o que sobra de um caractere cortado
/// no fim; `None` se não é texto.
fn texto_legivel(conteudo: &[u8]) -> Option<(String, &[u8])> {
    let (texto, meio) = match std::str::from_utf8(conteudo) {
        Ok(texto) => (texto, &conteudo[conteudo.len()..]),
        // Sem `error_len`, faltam bytes no fim: o caractere foi cortado.
        Err(erro) if erro.error_len().is_none() => {
            let (texto, meio) = conteudo.split_at(erro.valid_up_to());
            (std::str::from_utf8(texto).ok()?, meio)
        }
        Err(_) => return None,
    };
    if texto.is_empty() && !meio.is_empty() {
        return None;
    }
    let legivel = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    texto.chars().all(legivel).then(|| (visivel(texto), meio))
}

/// O texto em uma linha só, com os caracteres de controle à vista.
pub fn visivel(texto: &str) -> String {
    texto
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t")
}

/// `6f 6c c3 a1`.
pub fn em_hexadecimal(conteudo: &[u8]) -> String {
    let pares: Vec<_> = conteudo.iter().map(|b| format!("{b:02x}")).collect();
    pares.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texto_aparece_entre_aspas_e_binario_em_hexadecimal() {
        assert_eq!(amostra("olá\n".as_bytes()), "“olá\\n” (5 bytes)");
        assert_eq!(amostra(&[0, 255]), "00 ff (2 bytes)");
        assert_eq!(amostra(&[0xC3]), "c3 (1 byte)");
        assert_eq!(amostra(b"cora\xc3"), "“cora” c3 (5 bytes)");
    }
}
