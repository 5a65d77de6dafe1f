//! O que pode dar errado, dito em uma frase.

use std::fmt;

/// Um erro da leitura, do filtro ou da figura.
///
/// A frase ([`fmt::Display`]) é em português e diz onde: o byte da captura ou
/// a coluna do filtro.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Erro {
    /// A fonte dos bytes falhou; a frase é a do sistema.
    Leitura(String),
    /// Os primeiros bytes não são de pcap nem de pcapng.
    Formato,
    /// O arquivo termina no meio de um bloco que começa no byte `posicao`.
    Cortada {
        /// Posição do bloco, em bytes desde o começo do arquivo.
        posicao: u64,
    },
    /// O bloco do byte `posicao` contradiz o formato.
    Malformada {
        /// Posição do bloco, em bytes desde o começo do arquivo.
        posicao: u64,
        /// O que há de errado com ele.
        motivo: String,
    },
    /// O filtro não faz sentido na coluna dita (a primeira é 1).
    Filtro {
        /// Coluna do erro, contada em caracteres.
        coluna: usize,
        /// O que se esperava ali.
        motivo: String,
    },
    /// Não há o que desenhar.
    Vazia(String),
    /// A legenda fala de um pacote que a figura não tem.
    Legenda {
        /// Número do pacote pedido.
        numero: usize,
    },
}

impl fmt::Display for Erro {
    fn fmt(&self, saida: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Erro::Leitura(motivo) => {
                write!(saida, "não consegui ler a captura: {motivo}")
            }
            Erro::Formato => saida.write_str(
                "isto não é uma captura: esperava um arquivo pcap ou pcapng",
            ),
            Erro::Cortada { posicao } => write!(
                saida,
                "a captura termina no meio do bloco que começa no byte \
                 {posicao}"
            ),
            Erro::Malformada { posicao, motivo } => {
                write!(saida, "captura malformada no byte {posicao}: {motivo}")
            }
            Erro::Filtro { coluna, motivo } => {
                write!(saida, "filtro errado na coluna {coluna}: {motivo}")
            }
            Erro::Vazia(motivo) => saida.write_str(motivo),
            Erro::Legenda { numero } => write!(
                saida,
                "há uma legenda para o pacote {numero}, que não está na figura"
            ),
        }
    }
}

impl std::error::Error for Erro {}
