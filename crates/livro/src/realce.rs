//! As cores das listagens, postas na montagem: o leitor não baixa nenhum
//! programa de realce.
//!
//! Rust passa pelo analisador léxico do próprio rustc. Python e C passam por
//! um leitor de comentários, textos, números e nomes (`realce/simples.rs`).
//! Bibliotecas de gramática completa (syntect) foram medidas: 0,2 ms por linha
//! já otimizadas, o que sozinho passaria do segundo que o livro inteiro tem.

mod rust;
mod simples;

use crate::html::escapar;
use crate::memoria::Memoria;
use std::sync::Arc;

/// Uma linguagem que o livro mostra.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lingua {
    Rust,
    Python,
    C,
    /// Qualquer outro texto: sai sem cores.
    Texto,
}

impl Lingua {
    /// Reconhece a palavra que vem depois das três crases.
    pub fn da_cerca(nome: &str) -> Lingua {
        match nome {
            "rust" | "rs" => Lingua::Rust,
            "python" | "py" => Lingua::Python,
            "c" => Lingua::C,
            _ => Lingua::Texto,
        }
    }

    /// O nome para o leitor, na aba.
    pub fn nome(self) -> &'static str {
        match self {
            Lingua::Rust => "Rust",
            Lingua::Python => "Python",
            Lingua::C => "C",
            Lingua::Texto => "Texto",
        }
    }

    /// O nome para as classes e os atributos do HTML.
    pub fn classe(self) -> &'static str {
        match self {
            Lingua::Rust => "rust",
            Lingua::Python => "python",
            Lingua::C => "c",
            Lingua::Texto => "text",
        }
    }
}

/// O papel de um trecho de código; a letra é a classe do HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Papel {
    Chave,
    Texto,
    Comentario,
    Numero,
    Tipo,
    Funcao,
    Macro,
    Operador,
    Atributo,
    Comum,
}

impl Papel {
    fn classe(self) -> Option<char> {
        match self {
            Papel::Chave => Some('k'),
            Papel::Texto => Some('s'),
            Papel::Comentario => Some('c'),
            Papel::Numero => Some('n'),
            Papel::Tipo => Some('t'),
            Papel::Funcao => Some('f'),
            Papel::Macro => Some('m'),
            Papel::Operador => Some('o'),
            Papel::Atributo => Some('a'),
            Papel::Comum => None,
        }
    }
}

/// Devolve o código em HTML, em uma linha só, com um `<span>` por trecho.
pub fn realcar(lingua: Lingua, codigo: &str) -> Arc<String> {
    static PRONTOS: Memoria<String> = Memoria::nova();
    PRONTOS.lembrar((lingua.classe(), codigo), || colorir(lingua, codigo))
}

fn colorir(lingua: Lingua, codigo: &str) -> String {
    let trechos = match lingua {
        Lingua::Rust => rust::trechos(codigo),
        Lingua::Python => simples::trechos(codigo, &simples::PYTHON),
        Lingua::C => simples::trechos(codigo, &simples::C),
        Lingua::Texto => vec![(Papel::Comum, codigo)],
    };
    let mut saida = String::with_capacity(codigo.len() * 2);
    for (papel, texto) in trechos {
        escrever(&mut saida, papel, texto);
    }
    saida
}

fn escrever(saida: &mut String, papel: Papel, texto: &str) {
    match papel.classe() {
        Some(classe) => {
            saida.push_str("<span class=\"");
            saida.push(classe);
            saida.push_str("\">");
            saida.push_str(&escapar(texto));
            saida.push_str("</span>");
        }
        None => saida.push_str(&escapar(texto)),
    }
}
