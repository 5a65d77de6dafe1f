//! O tamanho das listagens: um programa cabe em uma tela, e uma função, em um
//! olhar. Quem precisa de mais diz por quê, no próprio arquivo.

use std::path::Path;

use super::{Casa, Problema, problema};

/// Linhas de código de um programa, sem as vazias e os comentários.
const PROGRAMA: usize = 60;

/// Nem com razão se passa disto.
const PROGRAMA_COM_RAZAO: usize = 120;

/// Linhas de código de uma função, da assinatura até antes da chave.
const FUNCAO: usize = 25;

/// `// longo: por quê` no arquivo, ou na linha acima da função.
const RAZAO: &str = "longo: ";

/// Cada listagem, em Rust e em Python, tem o tamanho que se lê de uma vez.
pub fn revisar(casa: &Casa) -> Vec<Problema> {
    let mut problemas = Vec::new();
    for sala in casa.salas_com_pagina() {
        for arquivo in casa.arquivos(&sala, &["rs", "py"]) {
            let curto = casa.curto(&arquivo);
            let listagem =
                curto.contains("/src/bin/") || curto.contains("/python/");
            if listagem {
                let achados = do_arquivo(&arquivo, &casa.ler(&curto));
                problemas.extend(achados.into_iter().map(|(linha, texto)| {
                    problema(format!("{curto}:{linha}"), texto)
                }));
            }
        }
    }
    problemas
}

fn do_arquivo(arquivo: &Path, texto: &str) -> Vec<(usize, String)> {
    let python = arquivo.extension().is_some_and(|e| e == "py");
    let comentario = if python { "#" } else { "//" };
    let linhas: Vec<&str> = texto.lines().collect();
    let mut problemas = Vec::new();
    let codigo = quantas_de_codigo(&linhas, python);
    let com_razao = linhas.iter().any(|linha| razao(linha, comentario));
    let limite = match com_razao {
        true => PROGRAMA_COM_RAZAO,
        false => PROGRAMA,
    };
    if codigo > limite {
        let saida = match com_razao {
            true => "divida-o".to_owned(),
            false => format!(
                "divida-o, ou diga por que ele é um só em uma linha \
                 `{comentario} {RAZAO}…`"
            ),
        };
        problemas.push((
            1,
            format!(
                "são {codigo} linhas de código, e o limite é {limite}; {saida}"
            ),
        ));
    }
    for (inicio, tamanho) in funcoes(&linhas, python) {
        let acima = inicio.checked_sub(1).map_or("", |i| linhas[i]);
        if tamanho > FUNCAO && !razao(acima, comentario) {
            let texto = format!(
                "a função tem {tamanho} linhas, e o limite é {FUNCAO}; \
                 divida-a, ou diga por que na linha de cima, em \
                 `{comentario} {RAZAO}…`"
            );
            problemas.push((inicio + 1, texto));
        }
    }
    problemas
}

/// Se a linha é um comentário que dá a razão do tamanho.
fn razao(linha: &str, comentario: &str) -> bool {
    let dita = linha.trim().strip_prefix(comentario);
    dita.and_then(|dita| dita.trim().strip_prefix(RAZAO.trim_end()))
        .is_some_and(|porque| porque.trim().len() > 10)
}

/// As linhas que não são vazias, comentário nem texto de documentação.
fn quantas_de_codigo(linhas: &[&str], python: bool) -> usize {
    let mut documentacao = false;
    let conta = |linha: &&&str| {
        let linha = linha.trim();
        let aspas = linha.matches("\"\"\"").count();
        if python && aspas > 0 {
            documentacao ^= aspas == 1;
            return false;
        }
        let comentario = if python { "#" } else { "//" };
        !(documentacao || linha.is_empty() || linha.starts_with(comentario))
    };
    linhas.iter().filter(conta).count()
}

/// O começo (a partir de zero) e o tamanho de cada função.
fn funcoes(linhas: &[&str], python: bool) -> Vec<(usize, usize)> {
    let mut achadas = Vec::new();
    for (inicio, linha) in linhas.iter().enumerate() {
        let sem_recuo = linha.trim_start();
        let abre = match python {
            true => sem_recuo.starts_with("def "),
            false => ["fn ", "pub fn ", "const fn ", "pub const fn "]
                .iter()
                .any(|comeco| sem_recuo.starts_with(comeco)),
        };
        if abre {
            let recuo = linha.len() - sem_recuo.len();
            let resto = &linhas[inicio + 1..];
            let fim = match python {
                true => fim_em_python(resto, recuo),
                false => fim_em_rust(resto, recuo),
            };
            let corpo = &linhas[inicio..inicio + 1 + fim];
            achadas.push((inicio, quantas_de_codigo(corpo, python)));
        }
    }
    achadas
}

/// Quantas linhas antes da chave que fecha, com o mesmo recuo.
fn fim_em_rust(resto: &[&str], recuo: usize) -> usize {
    let chave = format!("{}}}", " ".repeat(recuo));
    let fim = resto.iter().position(|linha| linha.starts_with(&chave));
    fim.unwrap_or(0)
}

/// Quantas linhas até a última com mais recuo que a assinatura.
fn fim_em_python(resto: &[&str], recuo: usize) -> usize {
    let dentro = |linha: &&&str| {
        let sem_recuo = linha.trim_start();
        // A assinatura partida em linhas fecha com o parêntese na margem.
        let fecha = sem_recuo.starts_with(')');
        sem_recuo.is_empty() || fecha || linha.len() - sem_recuo.len() > recuo
    };
    let corpo: Vec<_> = resto.iter().take_while(dentro).collect();
    let cheias = corpo.iter().rposition(|linha| !linha.trim().is_empty());
    cheias.map_or(0, |indice| indice + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn achar(nome: &str, texto: &str) -> Vec<(usize, String)> {
        do_arquivo(Path::new(nome), texto)
    }

    #[test]
    fn um_programa_longo_e_acusado_e_a_razao_o_absolve() {
        let corpo = "let a = 1;\n".repeat(61);
        let sem = format!("//! Doc\n\n{corpo}");
        let achados = achar("a.rs", &sem);
        assert!(achados[0].1.contains("são 61 linhas"), "{achados:?}");
        let com = format!("// longo: as duas metades conversam\n{corpo}");
        assert_eq!(achar("a.rs", &com), []);
        let demais = format!("{com}{corpo}");
        assert!(achar("a.rs", &demais)[0].1.contains("limite é 120"));
        assert_eq!(achar("a.rs", &"// só texto\n".repeat(200)), []);
    }

    #[test]
    fn uma_funcao_longa_e_acusada_na_linha_dela_em_rust_e_em_python() {
        let corpo = "    faz();\n    // e um comentário\n".repeat(25);
        let em_rust = format!("\nfn curta() {{\n}}\n\nfn f() {{\n{corpo}}}\n");
        let achados = achar("a.rs", &em_rust);
        assert_eq!(achados.len(), 1);
        assert_eq!(achados[0].0, 5);
        assert!(achados[0].1.contains("tem 26 linhas"), "{achados:?}");
        let corpo = "    faz()\n".repeat(25);
        let em_python = format!("def f(\n    a,\n):\n{corpo}\n\nx = 1\n");
        let achados = achar("a.py", &em_python);
        assert!(achados[0].1.contains("tem 28 linhas"), "{achados:?}");
    }
}
