//! `relatorio.html`: um arquivo só, que não pede nada a ninguém.
//!
//! Não há script nem fonte nem imagem de fora, e a política de conteúdo da
//! própria página proíbe que haja: se um texto de aluno escapasse do
//! [`escapar`], ainda assim não faria nada. O documento é também XML bem
//! formado, que é como os testes o leem.

mod aluno;
mod resumo;

use super::junit::escapar;
use crate::turma::Turma;
use crate::turma::notas::em_portugues;

const ESTILO: &str = include_str!("relatorio.css");

/// A turma em uma página.
pub fn em_html(turma: &Turma) -> String {
    let titulo = escapar(&turma.titulo);
    let alunos: String = turma
        .registros
        .iter()
        .enumerate()
        .map(|(i, registro)| aluno::artigo(turma, registro, i))
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"pt-BR\">\n<head>\n\
         <meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src \
         'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action \
         'none'\"/>\n\
         <meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <title>{titulo}: relatório da turma</title>\n\
         <style>\n{ESTILO}</style>\n</head>\n<body>\n\
         <a class=\"pula\" href=\"#conteudo\">Ir para o conteúdo</a>\n\
         {}<main id=\"conteudo\" tabindex=\"-1\">\n{}\
         <section aria-labelledby=\"entregas\">\n\
         <h2 id=\"entregas\">Entrega por entrega</h2>\n{alunos}</section>\n\
         </main>\n{}</body>\n</html>\n",
        cabecalho(turma),
        resumo::secoes(turma),
        rodape(turma),
    )
}

fn cabecalho(turma: &Turma) -> String {
    let capitulos: Vec<_> = turma
        .capitulos
        .iter()
        .map(|c| format!("{} ({})", escapar(&c.titulo), escapar(&c.curto)))
        .collect();
    let fatia = turma.fatia.as_ref().map_or(String::new(), |fatia| {
        format!(" <span class=\"marca\">fatia {}</span>", escapar(fatia))
    });
    format!(
        "<header>\n<p class=\"sobre\">Relatório da turma</p>\n\
         <h1>{}{fatia}</h1>\n<p class=\"sobre\">{}</p>\n</header>\n",
        escapar(&turma.titulo),
        capitulos.join(" · ")
    )
}

/// O que este relatório não garante, dito no próprio relatório.
fn rodape(turma: &Turma) -> String {
    let residuos: String = turma
        .residuos
        .iter()
        .map(|residuo| format!("<li>{}</li>\n", escapar(residuo)))
        .collect();
    let lista = match residuos.is_empty() {
        true => String::new(),
        false => format!(
            "<p>O que este nível não impede:</p>\n<ul>\n{residuos}</ul>\n"
        ),
    };
    format!(
        "<footer aria-labelledby=\"isolamento\">\n\
         <h2 id=\"isolamento\">Como foi conferido</h2>\n\
         <p>Cada programa foi compilado e conferido com o isolamento \
         <strong>{}</strong>.</p>\n{lista}\
         <p>A nota máxima é {}. Este arquivo não contém programas e não \
         busca nada na rede; o que ele diz de cada aluno está só aqui.</p>\n\
         </footer>\n",
        turma.nivel,
        em_portugues(turma.regras.nota_maxima * 100)
    )
}

/// O endereço de um registro dentro da página.
fn ancora(indice: usize) -> String {
    format!("entrega-{}", indice + 1)
}
