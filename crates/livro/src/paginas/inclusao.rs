//! `{{#include arquivo:ancora}}`, resolvido por nós: o mdBook não avisa quando
//! o arquivo ou a âncora não existem, nem quando a âncora se repete.

use super::Lugar;
use crate::falha::Falha;
use std::path::PathBuf;

/// Um trecho de arquivo, pronto para a página.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusao {
    pub arquivo: PathBuf,
    /// Primeira e última linha no arquivo, contadas a partir de 1.
    pub linhas: (usize, usize),
    /// Se é o arquivo inteiro.
    pub inteiro: bool,
    /// O texto, sem as linhas de âncora e sem a margem comum.
    pub texto: String,
}

/// O que está dentro de `{{#include …}}`, se a linha é só isso.
pub fn alvo(linha: &str) -> Option<&str> {
    linha
        .trim()
        .strip_prefix("{{#include ")?
        .strip_suffix("}}")
        .map(str::trim)
}

/// Lê o arquivo e corta a âncora pedida.
pub fn incluir(lugar: Lugar<'_>, alvo: &str) -> Result<Inclusao, Falha> {
    let (caminho, ancora) = match alvo.split_once(':') {
        Some((caminho, ancora)) => (caminho, Some(ancora)),
        None => (alvo, None),
    };
    let (arquivo, texto) = lugar.ler_texto(caminho)?;
    let linhas: Vec<&str> = texto.lines().collect();
    let (inicio, fim) = match ancora {
        Some(ancora) => regiao(lugar, caminho, &linhas, ancora)?,
        None => (0, linhas.len()),
    };
    let visiveis: Vec<&str> = linhas[inicio..fim]
        .iter()
        .copied()
        .filter(|linha| marca(linha).is_none())
        .collect();
    let texto = sem_margem(&visiveis);
    if texto.is_empty() {
        return Err(lugar.falha(format!("`{alvo}` não tem nenhuma linha")));
    }
    let inteiro = ancora.is_none();
    Ok(Inclusao {
        arquivo,
        linhas: (inicio + 1, fim),
        inteiro,
        texto,
    })
}

/// Tira as linhas vazias das pontas e a margem que todas têm em comum.
pub fn sem_margem(linhas: &[&str]) -> String {
    let cheia = |linha: &&str| !linha.trim().is_empty();
    let Some(primeira) = linhas.iter().position(cheia) else {
        return String::new();
    };
    let ultima = linhas.iter().rposition(cheia).unwrap_or(0);
    let uteis = &linhas[primeira..=ultima];
    let margem = uteis
        .iter()
        .copied()
        .filter(cheia)
        .map(|linha| linha.len() - linha.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let cortadas: Vec<&str> = uteis
        .iter()
        .map(|linha| linha.get(margem..).unwrap_or("").trim_end())
        .collect();
    cortadas.join("\n")
}

/// As linhas de dentro da âncora, que tem de abrir e fechar uma vez só.
fn regiao(
    lugar: Lugar<'_>,
    caminho: &str,
    linhas: &[&str],
    ancora: &str,
) -> Result<(usize, usize), Falha> {
    if ancora.contains(':') || ancora.parse::<usize>().is_ok() {
        return Err(lugar.falha(format!(
            "`{caminho}:{ancora}` usa números de linha, que mudam; marque \
             uma âncora no arquivo"
        )));
    }
    let abre = uma_vez(lugar, caminho, linhas, Marca::Abre(ancora))?;
    let fecha = uma_vez(lugar, caminho, linhas, Marca::Fecha(ancora))?;
    if fecha < abre {
        return Err(lugar.falha(format!(
            "a âncora `{ancora}` de `{caminho}` fecha na linha {} e só abre \
             na {}",
            fecha + 1,
            abre + 1
        )));
    }
    Ok((abre + 1, fecha))
}

/// A única linha do arquivo com a marca.
fn uma_vez(
    lugar: Lugar<'_>,
    caminho: &str,
    linhas: &[&str],
    procurada: Marca<'_>,
) -> Result<usize, Falha> {
    let achadas: Vec<usize> = linhas
        .iter()
        .enumerate()
        .filter(|(_, linha)| marca(linha) == Some(procurada))
        .map(|(posicao, _)| posicao)
        .collect();
    match achadas.as_slice() {
        [uma] => Ok(*uma),
        [] => Err(lugar.falha(format!(
            "`{caminho}` não tem a linha `{procurada}`; confira o nome da \
             âncora"
        ))),
        varias => Err(lugar.falha(format!(
            "`{caminho}` repete `{procurada}` nas linhas {}; cada âncora \
             aparece uma vez só",
            em_lista(varias)
        ))),
    }
}

fn em_lista(posicoes: &[usize]) -> String {
    let numeros: Vec<String> = posicoes
        .iter()
        .map(|linha| (linha + 1).to_string())
        .collect();
    numeros.join(", ")
}

/// Uma linha de âncora.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marca<'a> {
    Abre(&'a str),
    Fecha(&'a str),
}

impl std::fmt::Display for Marca<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Marca::Abre(nome) => write!(f, "ANCHOR: {nome}"),
            Marca::Fecha(nome) => write!(f, "ANCHOR_END: {nome}"),
        }
    }
}

/// Reconhece `// ANCHOR: nome` e `# ANCHOR_END: nome`.
fn marca(linha: &str) -> Option<Marca<'_>> {
    if !linha.contains("ANCHOR") {
        return None;
    }
    let comentario = linha.trim_start().trim_start_matches(['/', '#', ' ']);
    if let Some(nome) = comentario.strip_prefix("ANCHOR:") {
        return Some(Marca::Abre(primeira_palavra(nome)));
    }
    let nome = comentario.strip_prefix("ANCHOR_END:")?;
    Some(Marca::Fecha(primeira_palavra(nome)))
}

fn primeira_palavra(texto: &str) -> &str {
    texto.split_whitespace().next().unwrap_or("")
}
