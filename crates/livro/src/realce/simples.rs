//! Python e C em trechos: comentários, textos, números, nomes e palavras
//! reservadas. Tudo o mais sai sem cor, que é o erro menos grave.

use super::Papel;

/// O que muda de uma linguagem para a outra.
pub struct Regras {
    comentario_de_linha: &'static str,
    comentario_de_bloco: Option<(&'static str, &'static str)>,
    texto_triplo: bool,
    prefixos_de_texto: &'static str,
    diretiva: char,
    chaves: &'static [&'static str],
    tipos: &'static [&'static str],
}

pub const PYTHON: Regras = Regras {
    comentario_de_linha: "#",
    comentario_de_bloco: None,
    texto_triplo: true,
    prefixos_de_texto: "rRbBuUfF",
    diretiva: '@',
    chaves: &[
        "False", "None", "True", "and", "as", "assert", "async", "await",
        "break", "class", "continue", "def", "del", "elif", "else", "except",
        "finally", "for", "from", "global", "if", "import", "in", "is",
        "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
        "while", "with", "yield",
    ],
    tipos: &[
        "bool",
        "bytearray",
        "bytes",
        "dict",
        "float",
        "int",
        "list",
        "object",
        "set",
        "str",
        "tuple",
    ],
};

pub const C: Regras = Regras {
    comentario_de_linha: "//",
    comentario_de_bloco: Some(("/*", "*/")),
    texto_triplo: false,
    prefixos_de_texto: "LuU",
    diretiva: '#',
    chaves: &[
        "break", "case", "const", "continue", "default", "do", "else", "enum",
        "extern", "for", "goto", "if", "inline", "register", "return",
        "sizeof", "static", "struct", "switch", "typedef", "union", "volatile",
        "while", "NULL",
    ],
    tipos: &[
        "char",
        "double",
        "float",
        "int",
        "long",
        "short",
        "signed",
        "size_t",
        "socklen_t",
        "ssize_t",
        "uint16_t",
        "uint32_t",
        "uint8_t",
        "unsigned",
        "void",
    ],
};

/// Divide o código em trechos seguidos, cada um com o seu papel.
pub fn trechos<'a>(codigo: &'a str, regras: &Regras) -> Vec<(Papel, &'a str)> {
    let mut saida = Vec::new();
    let mut resto = codigo;
    let mut inicio_de_linha = true;
    while let Some(letra) = resto.chars().next() {
        let (papel, tamanho) = proximo(resto, regras, inicio_de_linha);
        let (trecho, depois) = resto.split_at(tamanho);
        saida.push((papel, trecho));
        inicio_de_linha =
            letra == '\n' || (inicio_de_linha && letra.is_whitespace());
        resto = depois;
    }
    saida
}

fn proximo(
    resto: &str,
    regras: &Regras,
    inicio_de_linha: bool,
) -> (Papel, usize) {
    if inicio_de_linha && resto.starts_with(regras.diretiva) {
        return (Papel::Atributo, ate_o_fim_da_linha(resto));
    }
    if resto.starts_with(regras.comentario_de_linha) {
        return (Papel::Comentario, ate_o_fim_da_linha(resto));
    }
    if let Some((abre, fecha)) = regras.comentario_de_bloco
        && resto.starts_with(abre)
    {
        return (Papel::Comentario, ate(resto, abre.len(), fecha));
    }
    if let Some(tamanho) = texto(resto, regras) {
        return (Papel::Texto, tamanho);
    }
    nome_ou_numero(resto, regras)
}

fn nome_ou_numero(resto: &str, regras: &Regras) -> (Papel, usize) {
    let letra = resto.chars().next().unwrap_or(' ');
    if letra.is_ascii_digit() {
        return (Papel::Numero, enquanto(resto, |c| c == '.' || palavra(c)));
    }
    if palavra(letra) {
        let tamanho = enquanto(resto, palavra);
        let (nome, depois) = resto.split_at(tamanho);
        return (papel_do_nome(nome, depois, regras), tamanho);
    }
    (Papel::Comum, letra.len_utf8())
}

fn papel_do_nome(nome: &str, depois: &str, regras: &Regras) -> Papel {
    if regras.chaves.contains(&nome) {
        Papel::Chave
    } else if regras.tipos.contains(&nome) {
        Papel::Tipo
    } else if depois.starts_with('(') {
        Papel::Funcao
    } else if nome.starts_with(char::is_uppercase)
        && nome.contains(char::is_lowercase)
    {
        Papel::Tipo
    } else {
        Papel::Comum
    }
}

/// Tamanho do texto entre aspas que começa aqui, com o prefixo.
fn texto(resto: &str, regras: &Regras) -> Option<usize> {
    let prefixo =
        enquanto(resto, |letra| regras.prefixos_de_texto.contains(letra));
    let depois = &resto[prefixo..];
    let aspas = depois.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let triplas: String = std::iter::repeat_n(aspas, 3).collect();
    if regras.texto_triplo && depois.starts_with(&triplas) {
        return Some(ate(resto, prefixo + 3, &triplas));
    }
    Some(prefixo + 1 + ate_as_aspas(&depois[1..], aspas))
}

fn ate_as_aspas(resto: &str, aspas: char) -> usize {
    let mut escapada = false;
    for (posicao, letra) in resto.char_indices() {
        match letra {
            '\n' => return posicao,
            _ if escapada => escapada = false,
            '\\' => escapada = true,
            _ if letra == aspas => return posicao + 1,
            _ => {}
        }
    }
    resto.len()
}

fn ate(resto: &str, salto: usize, fim: &str) -> usize {
    match resto[salto..].find(fim) {
        Some(posicao) => salto + posicao + fim.len(),
        None => resto.len(),
    }
}

fn ate_o_fim_da_linha(resto: &str) -> usize {
    resto.find('\n').unwrap_or(resto.len())
}

fn enquanto(resto: &str, serve: impl Fn(char) -> bool) -> usize {
    resto.find(|letra| !serve(letra)).unwrap_or(resto.len())
}

fn palavra(letra: char) -> bool {
    letra.is_alphanumeric() || letra == '_'
}

#[cfg(test)]
mod testes {
    use super::*;

    fn papeis<'a>(codigo: &'a str, regras: &Regras) -> Vec<(Papel, &'a str)> {
        trechos(codigo, regras)
            .into_iter()
            .filter(|(papel, _)| *papel != Papel::Comum)
            .collect()
    }

    #[test]
    fn os_trechos_de_python_juntos_dao_o_codigo_inteiro() {
        let codigo =
            "def f(x):\n    \"\"\"ação\n\"\"\"\n    return b'\\''  # ñ\n";
        let junto: String = trechos(codigo, &PYTHON)
            .into_iter()
            .map(|(_, texto)| texto)
            .collect();

        assert_eq!(junto, codigo);
    }

    #[test]
    fn python_tem_texto_triplo_prefixo_e_decorador() {
        let codigo =
            "@cache\ndef eco(x):\n    \"\"\"a\nb\"\"\"\n    f\"{x}\" # c";

        assert_eq!(
            papeis(codigo, &PYTHON),
            [
                (Papel::Atributo, "@cache"),
                (Papel::Chave, "def"),
                (Papel::Funcao, "eco"),
                (Papel::Texto, "\"\"\"a\nb\"\"\""),
                (Papel::Texto, "f\"{x}\""),
                (Papel::Comentario, "# c"),
            ]
        );
    }

    #[test]
    fn c_tem_diretiva_comentario_e_tipos() {
        let codigo = "#include <stdio.h>\n/* a\n b */ int n = recv(fd, 0);";

        assert_eq!(
            papeis(codigo, &C),
            [
                (Papel::Atributo, "#include <stdio.h>"),
                (Papel::Comentario, "/* a\n b */"),
                (Papel::Tipo, "int"),
                (Papel::Funcao, "recv"),
                (Papel::Numero, "0"),
            ]
        );
    }

    #[test]
    fn um_texto_sem_fim_para_na_linha() {
        assert_eq!(papeis("x = 'abc\ny", &PYTHON), [(Papel::Texto, "'abc")]);
    }
}
