//! Rust em trechos, pelo analisador léxico do rustc.

use super::Papel;
use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};

const CHAVES: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "dyn",
    "else", "enum", "extern", "false", "fn", "for", "if", "impl", "in", "let",
    "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self",
    "Self", "static", "struct", "super", "trait", "true", "type", "unsafe",
    "use", "where", "while",
];

const PRIMITIVOS: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize",
    "str", "u8", "u16", "u32", "u64", "u128", "usize",
];

/// Divide o código em trechos seguidos, cada um com o seu papel.
pub fn trechos(codigo: &str) -> Vec<(Papel, &str)> {
    let simbolos = simbolos(codigo);
    let mut saida = Vec::with_capacity(simbolos.len());
    let mut posicao = 0;
    while posicao < simbolos.len() {
        let (fim, papel) = proximo(&simbolos, posicao);
        let inicio = simbolos[posicao].inicio;
        saida.push((papel, &codigo[inicio..simbolos[fim - 1].fim]));
        posicao = fim;
    }
    saida
}

struct Simbolo<'a> {
    tipo: TokenKind,
    inicio: usize,
    fim: usize,
    texto: &'a str,
}

fn simbolos(codigo: &str) -> Vec<Simbolo<'_>> {
    let mut inicio = 0;
    tokenize(codigo, FrontmatterAllowed::No)
        .map(|simbolo| {
            let fim = inicio + simbolo.len as usize;
            let lido = Simbolo {
                tipo: simbolo.kind,
                inicio,
                fim,
                texto: &codigo[inicio..fim],
            };
            inicio = fim;
            lido
        })
        .collect()
}

/// Onde acaba o trecho que começa em `posicao`, e o papel dele.
fn proximo(simbolos: &[Simbolo<'_>], posicao: usize) -> (usize, Papel) {
    if let Some(fim) = fim_do_atributo(simbolos, posicao) {
        return (fim, Papel::Atributo);
    }
    if e_macro(simbolos, posicao) {
        return (posicao + 2, Papel::Macro);
    }
    let seguinte = simbolos.get(posicao + 1).map(|outro| outro.tipo);
    (posicao + 1, papel(&simbolos[posicao], seguinte))
}

fn papel(simbolo: &Simbolo<'_>, seguinte: Option<TokenKind>) -> Papel {
    match simbolo.tipo {
        TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => {
            Papel::Comentario
        }
        TokenKind::Literal { kind, .. } => papel_do_literal(kind),
        TokenKind::Lifetime { .. } | TokenKind::RawLifetime => Papel::Tipo,
        TokenKind::Question => Papel::Operador,
        TokenKind::Ident => papel_do_nome(simbolo.texto, seguinte),
        _ => Papel::Comum,
    }
}

fn papel_do_literal(tipo: LiteralKind) -> Papel {
    match tipo {
        LiteralKind::Int { .. } | LiteralKind::Float { .. } => Papel::Numero,
        _ => Papel::Texto,
    }
}

fn papel_do_nome(nome: &str, seguinte: Option<TokenKind>) -> Papel {
    let constante =
        nome.len() > 1 && nome.chars().all(|letra| !letra.is_lowercase());
    if CHAVES.contains(&nome) {
        Papel::Chave
    } else if PRIMITIVOS.contains(&nome) {
        Papel::Tipo
    } else if constante {
        Papel::Comum
    } else if nome.starts_with(char::is_uppercase) {
        Papel::Tipo
    } else if seguinte == Some(TokenKind::OpenParen) {
        Papel::Funcao
    } else {
        Papel::Comum
    }
}

/// `println!` é um nome, uma exclamação e algo que abre.
fn e_macro(simbolos: &[Simbolo<'_>], posicao: usize) -> bool {
    let tipo = |salto: usize| {
        simbolos.get(posicao + salto).map(|simbolo| simbolo.tipo)
    };
    tipo(0) == Some(TokenKind::Ident)
        && tipo(1) == Some(TokenKind::Bang)
        && matches!(
            tipo(2),
            Some(
                TokenKind::OpenParen
                    | TokenKind::OpenBracket
                    | TokenKind::OpenBrace
            )
        )
}

/// `#[…]` ou `#![…]`, inteiro.
fn fim_do_atributo(simbolos: &[Simbolo<'_>], posicao: usize) -> Option<usize> {
    if simbolos[posicao].tipo != TokenKind::Pound {
        return None;
    }
    let salto = match simbolos.get(posicao + 1)?.tipo {
        TokenKind::Bang => 2,
        _ => 1,
    };
    if simbolos.get(posicao + salto)?.tipo != TokenKind::OpenBracket {
        return None;
    }
    let mut abertos = 0_usize;
    for (indice, simbolo) in simbolos.iter().enumerate().skip(posicao) {
        match simbolo.tipo {
            TokenKind::OpenBracket => abertos += 1,
            TokenKind::CloseBracket if abertos == 1 => {
                return Some(indice + 1);
            }
            TokenKind::CloseBracket => abertos -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod testes {
    use super::*;

    fn papeis(codigo: &str) -> Vec<(Papel, &str)> {
        trechos(codigo)
            .into_iter()
            .filter(|(papel, _)| *papel != Papel::Comum)
            .collect()
    }

    #[test]
    fn os_trechos_juntos_dao_o_codigo_inteiro() {
        let codigo = include_str!("rust.rs");
        let junto: String = trechos(codigo)
            .into_iter()
            .map(|(_, texto)| texto)
            .collect();

        assert_eq!(junto, codigo);
    }

    #[test]
    fn cada_palavra_tem_o_seu_papel() {
        assert_eq!(
            papeis("let x: Vec<u8> = ler(&b\"oi\"[..])?; // fim"),
            [
                (Papel::Chave, "let"),
                (Papel::Tipo, "Vec"),
                (Papel::Tipo, "u8"),
                (Papel::Funcao, "ler"),
                (Papel::Texto, "b\"oi\""),
                (Papel::Operador, "?"),
                (Papel::Comentario, "// fim"),
            ]
        );
    }

    #[test]
    fn o_atributo_e_um_trecho_so() {
        assert_eq!(
            papeis("#[expect(dead_code, reason = \"[x]\")]\nfn f() {}")[0],
            (Papel::Atributo, "#[expect(dead_code, reason = \"[x]\")]")
        );
    }

    #[test]
    fn a_macro_leva_a_exclamacao() {
        let achados = papeis("println!(\"{x}\"); if a != b {}");

        assert_eq!(achados[0], (Papel::Macro, "println!"));
        assert!(achados.contains(&(Papel::Chave, "if")));
    }

    #[test]
    fn o_tempo_de_vida_nao_e_confundido_com_um_caractere() {
        assert_eq!(
            papeis("&'a str, 'x'"),
            [
                (Papel::Tipo, "'a"),
                (Papel::Tipo, "str"),
                (Papel::Texto, "'x'"),
            ]
        );
    }
}
