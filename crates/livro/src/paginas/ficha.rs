//! `{{#ficha leitura=40 exercicio=60 antes="cap04-cliente-tcp"}}`: quanto
//! tempo a página leva e o que ler antes dela.

use super::Lugar;
use super::argumentos::separar;
use crate::falha::Falha;
use crate::html::escapar;
use std::path::Path;

/// A linha de dados que fica embaixo do título.
pub fn ficha(lugar: Lugar<'_>, argumentos: &str) -> Result<String, Falha> {
    let lidos = separar(argumentos).map_err(|texto| lugar.falha(texto))?;
    let mut partes = Vec::new();
    for (nome, valor) in lidos {
        partes.push(match nome.as_deref() {
            Some("leitura") => {
                format!("{} min de leitura", minutos(lugar, &valor)?)
            }
            Some("exercicio") => {
                format!("{} min de exercício", minutos(lugar, &valor)?)
            }
            Some("antes") => format!("antes: {}", antes(lugar, &valor)?),
            _ => return Err(forma(lugar)),
        });
    }
    if partes.is_empty() {
        return Err(forma(lugar));
    }
    let partes: String = partes
        .iter()
        .map(|parte| format!("<span>{parte}</span> "))
        .collect();
    Ok(format!("<p class=\"ficha\">{}</p>", partes.trim_end()))
}

fn forma(lugar: Lugar<'_>) -> Falha {
    lugar.falha(
        "escreva `{{#ficha leitura=40 exercicio=60 antes=\"cap04-nome\"}}`; \
         cada parte pode faltar",
    )
}

fn minutos(lugar: Lugar<'_>, valor: &str) -> Result<u32, Falha> {
    valor.parse().map_err(|_| {
        lugar.falha(format!("`{valor}` não é um número de minutos"))
    })
}

fn antes(lugar: Lugar<'_>, nomes: &str) -> Result<String, Falha> {
    let paginas: Result<Vec<String>, Falha> = nomes
        .split(',')
        .map(|nome| pagina(lugar, nome.trim()))
        .collect();
    Ok(paginas?.join(", "))
}

/// Um link para a página; um capítulo ainda fora do sumário sai só com o
/// número.
fn pagina(lugar: Lugar<'_>, nome: &str) -> Result<String, Falha> {
    let arquivo = format!("{nome}.md");
    let numero = numero_do_capitulo(nome);
    match (lugar.contexto.titulos.get(Path::new(&arquivo)), numero) {
        (Some(titulo), _) => Ok(format!(
            "<a href=\"{}\">{}</a>",
            escapar(&arquivo),
            escapar(titulo)
        )),
        (None, Some(numero)) => Ok(format!("capítulo {numero}")),
        (None, None) => Err(lugar.falha(format!(
            "não há página `{nome}` no sumário; use o nome do arquivo, sem \
             `.md`"
        ))),
    }
}

/// `cap05-servidor-tcp` é o capítulo 5.
pub fn numero_do_capitulo(nome: &str) -> Option<u32> {
    nome.strip_prefix("cap")?.split('-').next()?.parse().ok()
}

#[cfg(test)]
mod testes {
    use crate::paginas::bancada_de_teste::Mesa;

    fn mesa() -> Mesa {
        let mut mesa = Mesa::com(&[("book/cap05-teste.md", "")]);
        mesa.contexto
            .titulos
            .insert("cap04-cliente.md".into(), "Um cliente".into());
        mesa
    }

    #[test]
    fn a_ficha_diz_os_tempos_e_o_que_ler_antes() {
        let html = mesa().html(
            "{{#ficha leitura=40 exercicio=60 antes=\"cap04-cliente, \
             cap03-dez\"}}",
        );

        assert!(html.contains("<span>40 min de leitura</span>"), "{html}");
        assert!(html.contains("<span>60 min de exercício</span>"), "{html}");
        assert!(
            html.contains(
                "<a href=\"cap04-cliente.md\">Um cliente</a>, \
                           capítulo 3"
            ),
            "{html}"
        );
    }

    #[test]
    fn minutos_que_nao_sao_numero_sao_uma_falha() {
        let falha = mesa().falha("{{#ficha leitura=muito}}");

        assert!(falha.contains("`muito`"), "{falha}");
    }

    #[test]
    fn uma_parte_desconhecida_e_uma_falha() {
        let falha = mesa().falha("{{#ficha dificuldade=3}}");

        assert!(falha.contains("escreva `{{#ficha"), "{falha}");
    }

    #[test]
    fn uma_pagina_que_nao_existe_e_uma_falha() {
        let falha = mesa().falha("{{#ficha antes=\"introducao\"}}");

        assert!(falha.contains("`introducao`"), "{falha}");
    }
}
