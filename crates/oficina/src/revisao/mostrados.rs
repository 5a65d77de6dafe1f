//! O que se gravou e o que se escreveu aparece: sessões, capturas e programas
//! que página nenhuma mostra são peso morto. E o que parece terminal na página
//! é um comando para digitar, ou vem de uma sessão gravada.

use std::path::Path;

use super::pagina::{Pagina, Tipo};
use super::{Casa, Problema, problema};

/// Cada sessão, captura e programa é mostrado ou nomeado por alguma página.
pub fn revisar(casa: &Casa) -> Vec<Problema> {
    let todas = Casa {
        raiz: casa.raiz.clone(),
        so: None,
    };
    let paginas = todas.paginas();
    let linhas = paginas.iter().flat_map(|pagina| &pagina.linhas);
    let mut livro: String = linhas.map(|l| l.texto.clone() + "\n").collect();
    let mut problemas = Vec::new();
    for sala in casa.salas_com_pagina() {
        let sessoes = casa.arquivos(&sala, &["txt", "pcap", "pcapng"]);
        let gravados = sessoes.iter().filter(|arquivo| {
            let pasta = arquivo.parent().and_then(Path::file_name);
            pasta.is_some_and(|pasta| pasta == "saidas" || pasta == "fio")
        });
        for arquivo in gravados {
            let curto = casa.curto(arquivo);
            if livro.contains(&curto) {
                livro += &casa.ler(&curto);
            } else {
                let texto = "nenhuma página o mostra; mostre-o ou apague-o";
                problemas.push(problema(curto, texto));
            }
        }
        for arquivo in casa.arquivos(&sala, &["rs"]) {
            let curto = casa.curto(&arquivo);
            let nome = arquivo.file_stem().unwrap_or_default();
            let nome = nome.to_string_lossy();
            if curto.contains("/src/bin/")
                && !["-exercicio", "-solucao"].iter().any(|f| nome.ends_with(f))
                && !livro.contains(&*nome)
            {
                let texto = "nenhuma página e nenhuma sessão fala deste \
                             programa; fale dele, ou apague-o";
                problemas.push(problema(curto, texto));
            }
        }
    }
    problemas.extend(casa.paginas().iter().flat_map(terminais));
    problemas
}

/// Um bloco `console` só tem comandos; uma saída vem de uma sessão gravada.
fn terminais(pagina: &Pagina) -> Vec<Problema> {
    let mut problemas = Vec::new();
    let mut bloco: Option<&str> = None;
    for linha in pagina.linhas.iter().filter(|l| l.tipo == Tipo::Codigo) {
        if let Some(lingua) = linha.texto.trim().strip_prefix("```") {
            bloco = match bloco {
                None => Some(lingua),
                Some(_) => None,
            };
            continue;
        }
        let comando = linha.texto.starts_with("$ ");
        let texto = match bloco {
            Some("console") if !comando && !linha.texto.trim().is_empty() => {
                "um bloco `console` só tem comandos, depois de `$ `; grave a \
                 saída em `saidas/` e mostre-a com `{{#sessao}}`"
            }
            Some("text") if comando => {
                "um terminal escrito à mão; grave-o em `saidas/` e mostre-o \
                 com `{{#sessao}}`, ou ponha o comando em um bloco `console`"
            }
            _ => continue,
        };
        problemas.push(problema(pagina.onde(linha.numero), texto));
    }
    problemas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saida_escrita_a_mao_e_acusada_na_linha_dela() {
        let pagina = Pagina::ler(
            "cap05-teste",
            "```console\n$ nc 127.0.0.1 7005\noi\n```\n\n```text\n$ ls\n\
             fim\n```\n\n```console\n$ ss -tln\n```\n",
        );
        let achados: Vec<String> =
            terminais(&pagina).iter().map(ToString::to_string).collect();
        assert_eq!(achados.len(), 2, "{achados:?}");
        assert!(achados[0].starts_with("book/cap05-teste.md:3: um bloco"));
        assert!(achados[1].starts_with("book/cap05-teste.md:7: um terminal"));
    }
}
