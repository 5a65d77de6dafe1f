//! Das letras do texto às palavras do índice: minúsculas, sem acento e sem a
//! flexão do português.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Uma regra: a terminação, o que fica no lugar dela e quantas letras têm de
/// sobrar antes.
type Regra = (&'static str, &'static str, usize);

/// As regras, em grupos que se aplicam um depois do outro; de cada grupo vale
/// a primeira que serve. A palavra chega sem acento.
///
/// Não é um radicalizador de linguista: junta o que um leitor deste livro
/// procuraria junto e separa o que ele separaria (`servidor` não vira `servir`).
pub const GRUPOS: &[&[Regra]] = &[PLURAL, DERIVACAO, VERBO, VOGAL];

const PLURAL: &[Regra] = &[
    ("dows", "dows", 3),
    ("oes", "ao", 2),
    ("aes", "ao", 2),
    ("ais", "al", 2),
    ("eis", "el", 2),
    ("ois", "ol", 2),
    ("uis", "ul", 2),
    ("ns", "m", 3),
    ("res", "r", 3),
    ("zes", "z", 3),
    ("ses", "s", 3),
    ("ss", "ss", 1),
    ("us", "us", 1),
    ("is", "is", 1),
    ("s", "", 4),
];

const DERIVACAO: &[Regra] = &[
    ("abilidade", "avel", 3),
    ("ibilidade", "ivel", 3),
    ("exao", "ect", 2),
    ("missao", "mit", 0),
    ("amente", "", 4),
    ("mente", "", 4),
    ("amento", "", 4),
    ("imento", "", 4),
    ("izacao", "iz", 3),
    ("acao", "", 4),
    ("uicao", "u", 3),
    ("icao", "", 4),
    ("ante", "", 5),
];

const VERBO: &[Regra] = &[
    ("ariam", "", 4),
    ("eriam", "", 4),
    ("iriam", "", 4),
    ("assem", "", 4),
    ("essem", "", 4),
    ("issem", "", 4),
    ("ando", "", 3),
    ("endo", "", 3),
    ("indo", "", 3),
    ("aram", "", 3),
    ("eram", "", 3),
    ("iram", "", 3),
    ("avam", "", 3),
    ("asse", "", 4),
    ("aria", "", 4),
    ("eria", "", 4),
    ("iria", "", 4),
    ("ado", "", 3),
    ("ada", "", 3),
    ("ido", "", 3),
    ("ida", "", 3),
    ("ava", "", 3),
    ("eia", "e", 3),
    ("eio", "e", 4),
    ("iam", "i", 3),
    ("ia", "i", 4),
    ("ie", "i", 4),
    ("io", "i", 4),
    ("iar", "i", 3),
    ("am", "", 4),
    ("em", "", 4),
    ("ar", "", 3),
    ("er", "", 4),
    ("ir", "", 3),
    ("ou", "", 3),
    ("eu", "", 4),
    ("iu", "", 3),
];

const VOGAL: &[Regra] = &[("a", "", 3), ("e", "", 3), ("o", "", 3)];

/// Palavras que aparecem em toda página e não dizem de que ela trata.
pub const COMUNS: &str = "a ao aos aquela aquele aquilo as ate cada com como \
    da das de dela dele deles depois do dos e ela elas ele eles em entao \
    entre era essa esse esta este foi ha isso isto ja la lhe mais mas me \
    mesma mesmo meu muito na nao nas nem no nos num numa o onde os ou para \
    pela pelas pelo pelos por porque qual quais quando que quem se sem ser \
    seu seus sao so sobre sua suas tambem tem ter toda todo todos tudo um uma \
    umas uns voce fica faz ate outro outra outros outras";

/// As palavras de um texto, já dobradas: letras, algarismos e `_`; um número
/// com pontos (`127.0.0.1`) é uma palavra só.
pub fn palavras(texto: &str) -> Vec<String> {
    let mut palavras = Vec::new();
    cada_palavra(texto, |palavra| palavras.push(palavra.to_string()));
    palavras
}

/// Mostra cada palavra, na ordem. É o livro inteiro que passa por aqui, sem
/// otimização: por isso um laço sobre bytes, e uma palavra que se reusa.
pub fn cada_palavra(texto: &str, mut ver: impl FnMut(&str)) {
    let minusculas = texto.to_lowercase();
    let bytes = minusculas.as_bytes();
    let mut palavra = String::new();
    let mut i = 0;
    while i < bytes.len() {
        let byte = bytes[i];
        let segundo = bytes.get(i + 1).copied().unwrap_or(b' ');
        let letra = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' => Some(byte),
            b'.' if segundo.is_ascii_digit() && numero(&palavra) => Some(byte),
            C3 => sem_acento(segundo),
            _ => None,
        };
        match letra {
            Some(letra) => palavra.push(char::from(letra)),
            None => entregar(&mut palavra, &mut ver),
        }
        i += if byte == C3 { 2 } else { 1 };
    }
    entregar(&mut palavra, &mut ver);
}

/// Uma letra sozinha não é palavra.
fn entregar(palavra: &mut String, ver: &mut impl FnMut(&str)) {
    if palavra.len() > 1 && palavra.trim_matches('_').len() > 1 {
        ver(palavra);
    }
    palavra.clear();
}

/// Se o que já se leu pode continuar depois de um ponto.
fn numero(palavra: &str) -> bool {
    !palavra.is_empty()
        && palavra.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// O primeiro byte, em UTF-8, das letras com acento do português.
const C3: u8 = 0xC3;

/// A letra sem acento, pelo segundo byte dela em UTF-8 (`á` é C3 A1).
fn sem_acento(segundo: u8) -> Option<u8> {
    match segundo {
        0xA0..=0xA4 => Some(b'a'),
        0xA7 => Some(b'c'),
        0xA8..=0xAB => Some(b'e'),
        0xAC..=0xAF => Some(b'i'),
        0xB1 => Some(b'n'),
        0xB2..=0xB6 => Some(b'o'),
        0xB9..=0xBC => Some(b'u'),
        _ => None,
    }
}

/// O radical de uma palavra dobrada. Números e nomes com `_` não mudam.
pub fn radical(palavra: &str) -> String {
    let mut atual = palavra.to_string();
    if palavra.bytes().any(|b| b.is_ascii_digit() || b == b'_') {
        return atual;
    }
    for grupo in GRUPOS {
        let Some(ultima) = atual.bytes().last() else {
            break;
        };
        for (fim, troca, minimo) in *grupo {
            // A maioria das regras cai aqui, e comparar um byte custa pouco.
            if fim.as_bytes()[fim.len() - 1] != ultima
                || atual.len() < fim.len() + minimo
                || !atual.ends_with(fim)
            {
                continue;
            }
            atual.truncate(atual.len() - fim.len());
            atual.push_str(troca);
            break;
        }
    }
    atual
}

/// Se a palavra é uma das que não se indexam.
pub fn comum(palavra: &str) -> bool {
    static CONJUNTO: LazyLock<HashSet<&str>> =
        LazyLock::new(|| COMUNS.split_whitespace().collect());
    CONJUNTO.contains(palavra)
}

#[cfg(test)]
mod testes {
    use super::*;

    fn de(texto: &str) -> String {
        radical(&palavras(texto).join(" "))
    }

    #[test]
    fn as_flexoes_se_juntam_com_e_sem_acento() {
        let familias: &[&[&str]] = &[
            &["conexão", "conexões", "conexao", "conectar", "conectado"],
            &["sinal", "sinais"],
            &["papel", "papéis", "papeis"],
            &["enviar", "enviado", "envia", "enviou", "enviando", "envio"],
            &["servidor", "servidores"],
            &[
                "bloqueante",
                "bloquear",
                "bloqueia",
                "bloqueado",
                "bloqueio",
            ],
            &["mensagem", "mensagens"],
            &["confirmação", "confirmações", "confirmar", "confirmado"],
            &["retransmissão", "retransmissões", "retransmitir"],
            &["encerrar", "encerramento", "encerrou"],
            &["pacote", "pacotes"],
            &["confiável", "confiáveis", "confiabilidade"],
            &["socket", "sockets"],
        ];
        for familia in familias {
            let primeiro = de(familia[0]);
            for palavra in *familia {
                assert_eq!(de(palavra), primeiro, "{palavra} em {familia:?}");
            }
        }
    }

    #[test]
    fn o_que_e_diferente_fica_separado() {
        for (uma, outra) in [
            ("servidor", "serviço"),
            ("cliente", "clima"),
            ("porta", "parte"),
            ("bytes", "bits"),
        ] {
            assert_ne!(de(uma), de(outra), "{uma} e {outra}");
        }
    }

    #[test]
    fn os_acentos_somem_e_o_resto_separa() {
        assert_eq!(
            palavras("ÀS três “ações” — é o coração; ½×2 naïve, €5 a_b _ x"),
            ["as", "tres", "acoes", "coracao", "naive", "a_b"]
        );
    }

    #[test]
    fn nomes_numeros_e_enderecos_ficam_inteiros() {
        assert_eq!(
            palavras("SO_REUSEADDR em 127.0.0.1:7005, erro 10061."),
            ["so_reuseaddr", "em", "127.0.0.1", "7005", "erro", "10061"]
        );
        assert_eq!(radical("so_reuseaddr"), "so_reuseaddr");
        assert_eq!(radical("10061"), "10061");
    }
}
