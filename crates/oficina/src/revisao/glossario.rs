//! O glossário: em cada página de capítulo, a primeira vez de um termo leva a
//! ele.

use super::pagina::Pagina;
use super::{Casa, Problema, problema};

/// Palavras do glossário que um capítulo usa a cada linha, ou que o português
/// usa com outro sentido: o leitor as aprende na primeira página, e um link em
/// cada página não lhe diria nada.
const CORRIQUEIRAS: &[&str] = &[
    "Aceitar",
    "Associar",
    "Bancada",
    "Captura",
    "Cliente",
    "Conexão",
    "Corpo",
    "Dica",
    "Endereço",
    "Escutar",
    "Estouro",
    "Etapa",
    "Exercício",
    "Extremidade",
    "Gêmeo",
    "Host",
    "IP",
    "Mensagem",
    "Oficina",
    "Porta",
    "Prazo",
    "Processo",
    "Protocolo",
    "Requisição",
    "Resposta",
    "Servidor",
    "Sinal",
    "Socket",
    "TCP",
    "UDP",
];

/// Um termo: como se escreve e o endereço dele na página do glossário.
struct Termo {
    nome: String,
    endereco: String,
}

/// A primeira vez de cada termo técnico, na prosa de cada capítulo, é um link;
/// e os termos do glossário estão em ordem.
pub fn revisar(casa: &Casa) -> Vec<Problema> {
    let glossario = casa.ler("book/glossario.md");
    let termos = termos(&glossario);
    let paginas = casa.paginas_de_capitulo();
    let das_paginas = paginas.iter().flat_map(|p| da_pagina(p, &termos));
    das_paginas.chain(fora_de_ordem(&glossario)).collect()
}

/// Cada termo que devia vir antes do anterior, ou que aparece duas vezes.
fn fora_de_ordem(glossario: &str) -> Vec<Problema> {
    let titulos =
        glossario.lines().enumerate().filter_map(|(indice, linha)| {
            Some((indice + 1, linha.strip_prefix("## ")?.trim()))
        });
    let titulos: Vec<_> = titulos.collect();
    let pares = titulos.windows(2).filter_map(|par| {
        let [(_, antes), (linha, depois)] = par else {
            return None;
        };
        let texto = format!(
            "“{depois}” vem antes de “{antes}”: o glossário está em ordem \
             alfabética, e cada termo aparece uma vez"
        );
        (sem_acentos(antes) >= sem_acentos(depois))
            .then(|| problema(format!("book/glossario.md:{linha}"), texto))
    });
    pares.collect()
}

/// As letras como se ordenam em português: minúsculas e sem acento.
fn sem_acentos(texto: &str) -> String {
    let sem = |letra: char| match letra {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'é' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' => 'u',
        'ç' => 'c',
        outra => outra,
    };
    texto.to_lowercase().chars().map(sem).collect()
}

fn termos(glossario: &str) -> Vec<Termo> {
    let titulos = glossario.lines().filter_map(|l| l.strip_prefix("## "));
    titulos
        .map(str::trim)
        .filter(|nome| !CORRIQUEIRAS.contains(nome))
        .map(|nome| Termo {
            nome: em_minusculas(nome),
            endereco: endereco(nome),
        })
        .collect()
}

/// `Fim do fluxo` vira `fim do fluxo`; `FIN` e `UTF-8` ficam como são.
fn em_minusculas(nome: &str) -> String {
    let sigla = nome.to_uppercase() == nome;
    if sigla {
        nome.to_owned()
    } else {
        nome.to_lowercase()
    }
}

/// `Fim do fluxo` mora em `glossario.md#fim-do-fluxo`.
fn endereco(nome: &str) -> String {
    let minuscula = nome.to_lowercase().replace(' ', "-");
    let limpo: String = minuscula
        .chars()
        .filter(|c| c.is_alphanumeric() || "-_".contains(*c))
        .collect();
    format!("glossario.md#{limpo}")
}

fn da_pagina(pagina: &Pagina, termos: &[Termo]) -> Vec<Problema> {
    let prosa: Vec<(usize, String)> = pagina.prosa().collect();
    termos
        .iter()
        .filter_map(|termo| do_termo(pagina, &prosa, termo))
        .collect()
}

fn do_termo(
    pagina: &Pagina,
    prosa: &[(usize, String)],
    termo: &Termo,
) -> Option<Problema> {
    let (numero, linha) = prosa.iter().find(|(_, linha)| {
        usa(&sem_destinos(linha), &termo.nome)
            || linha.contains(&format!("({})", termo.endereco))
    })?;
    // O link pode ter outro rótulo (“meio fechada”) e ficar na mesma linha.
    if linha.contains(&format!("{})", termo.endereco)) {
        return None;
    }
    let texto = format!(
        "a primeira vez de “{0}” leva ao glossário: [{0}]({1})",
        termo.nome, termo.endereco
    );
    Some(problema(pagina.onde(*numero), texto))
}

/// A linha sem o que está dentro de `](…)`, que não se lê.
fn sem_destinos(linha: &str) -> String {
    let mut lida = String::new();
    let mut resto = linha;
    while let Some(meio) = resto.find("](") {
        lida.push_str(&resto[..meio]);
        let depois = &resto[meio + 2..];
        resto = depois.find(')').map_or("", |fim| &depois[fim + 1..]);
    }
    lida + resto
}

/// Se o termo aparece como palavra inteira, no singular ou com `s`.
fn usa(linha: &str, termo: &str) -> bool {
    let (linha, termo) = (linha.to_lowercase(), termo.to_lowercase());
    linha.match_indices(&termo).any(|(inicio, _)| {
        let antes = linha[..inicio].chars().next_back();
        let depois = &linha[inicio + termo.len()..];
        let depois = depois.strip_prefix('s').unwrap_or(depois);
        let depois = depois.chars().next();
        let letra = |c: Option<char>| {
            c.is_some_and(|c| c.is_alphanumeric() || "-_".contains(c))
        };
        !letra(antes) && !letra(depois)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLOSSARIO: &str = "# Glossário\n\n## Buffer\n\na\n\n## Cliente\n\n\
                             b\n\n## Fim do fluxo\n\nc\n";

    fn achar(texto: &str) -> Vec<String> {
        let pagina = Pagina::ler("cap05-teste", texto);
        da_pagina(&pagina, &termos(GLOSSARIO))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_primeira_vez_sem_link_e_acusada_com_o_que_escrever() {
        let achados = achar("# T\n\num buffer, dois [buffers](glossario.md#x)");
        assert_eq!(achados.len(), 1, "{achados:?}");
        assert!(achados[0].starts_with("book/cap05-teste.md:3: "));
        assert!(achados[0].contains("[buffer](glossario.md#buffer)"));
    }

    #[test]
    fn o_link_na_primeira_vez_absolve_a_pagina() {
        let texto = "o [fim do fluxo](glossario.md#fim-do-fluxo) e, depois, \
                     o fim do fluxo sem link";
        assert_eq!(achar(texto), [""; 0]);
    }

    #[test]
    fn o_termo_fora_de_ordem_ou_repetido_e_acusado() {
        assert_eq!(fora_de_ordem("## Bola\n\n## Ação\n").len(), 1);
        assert_eq!(fora_de_ordem("## Eco\n\n## Eco\n").len(), 1);
        assert_eq!(fora_de_ordem("## Ícone\n\n## Ida\n").len(), 0);
    }

    #[test]
    fn o_codigo_as_corriqueiras_e_as_partes_de_palavra_nao_contam() {
        let texto = "o `buffer` do cliente\n\n```text\nbuffer\n```\n\n\
                     o rebuffer, o [x](a-buffer-b.md)";
        assert_eq!(achar(texto), [""; 0]);
    }
}
