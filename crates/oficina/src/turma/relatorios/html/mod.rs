//! `relatorio.html`: um arquivo só, que não pede nada a ninguém.
//!
//! Não há script nem fonte nem imagem de fora, e a política de conteúdo da
//! própria página proíbe que haja: se um texto de aluno escapasse do
//! [`escapar`], ainda assim não faria nada. O documento é também XML bem
//! formado, que é como os testes o leem.

mod aluno;
mod resumo;

use super::junit::escapar;
use crate::turma::notas::em_portugues;
use crate::turma::{Registro, Turma};

const ESTILO: &str = include_str!("relatorio.css");

/// A turma em uma página, para quem ensina.
pub fn em_html(turma: &Turma) -> String {
    let artigos: String = turma
        .registros
        .iter()
        .enumerate()
        .map(|(i, registro)| aluno::artigo(turma, registro, i, VOLTA))
        .collect();
    let corpo = format!(
        "{}<section aria-labelledby=\"entregas\">\n\
         <h2 id=\"entregas\">Entrega por entrega</h2>\n{artigos}</section>\n",
        resumo::secoes(turma)
    );
    pagina(turma, "Relatório da turma", &turma.titulo, &corpo) + &rodape(turma)
}

/// O que é de um aluno só, para ele: sem a turma e sem o que é privado.
pub fn em_html_do_aluno(turma: &Turma, aluno: &str) -> String {
    let dele = turma.registros.iter().filter(|r| r.aluno == aluno);
    let artigos: String = dele
        .enumerate()
        .map(|(i, r)| aluno::artigo(turma, &sem_segredos(r), i, ""))
        .collect();
    let media = match turma.capitulos.len() {
        1 => String::new(),
        _ => format!(
            "<p class=\"nota\"><strong>{}</strong> média dos capítulos</p>\n",
            em_portugues(turma.media(aluno))
        ),
    };
    let corpo = format!(
        "{media}<section aria-labelledby=\"entregas\">\n\
         <h2 id=\"entregas\">O que você entregou</h2>\n{artigos}</section>\n"
    );
    pagina(turma, &turma.titulo, aluno, &corpo) + FIM
}

const VOLTA: &str =
    "<p class=\"volta\"><a href=\"#notas\">Voltar às notas</a></p>\n";

const FIM: &str = "</body>\n</html>\n";

/// O registro como o aluno pode vê-lo.
fn sem_segredos(registro: &Registro) -> Registro {
    let mut registro = registro.clone();
    for etapa in registro.etapas.iter_mut().filter(|e| e.privada) {
        "etapa privada".clone_into(&mut etapa.nome);
        etapa.diagnostico = None;
        etapa.transcricao.clear();
        etapa.saida.clear();
    }
    // As observações são para quem ensina.
    registro.observacoes.clear();
    registro
}

/// A página até o fim do conteúdo: o que vem antes do título, ele e o corpo.
fn pagina(turma: &Turma, sobre: &str, titulo: &str, corpo: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"pt-BR\">\n<head>\n\
         <meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src \
         'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action \
         'none'\"/>\n\
         <meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <title>{}: {}</title>\n<style>\n{ESTILO}</style>\n</head>\n<body>\n\
         <a class=\"pula\" href=\"#conteudo\">Ir para o conteúdo</a>\n\
         {}<main id=\"conteudo\" tabindex=\"-1\">\n{corpo}</main>\n",
        escapar(titulo),
        escapar(sobre),
        cabecalho(turma, sobre, titulo)
    )
}

fn cabecalho(turma: &Turma, sobre: &str, titulo: &str) -> String {
    let capitulos: Vec<_> = turma
        .capitulos
        .iter()
        .map(|c| format!("{} ({})", escapar(&c.titulo), escapar(&c.curto)))
        .collect();
    let fatia = turma.fatia.as_ref().map_or(String::new(), |fatia| {
        format!(" <span class=\"marca\">fatia {}</span>", escapar(fatia))
    });
    format!(
        "<header>\n<p class=\"sobre\">{}</p>\n\
         <h1>{}{fatia}</h1>\n<p class=\"sobre\">{}</p>\n</header>\n",
        escapar(sobre),
        escapar(titulo),
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
         </footer>\n{FIM}",
        turma.nivel,
        em_portugues(turma.regras.nota_maxima * 100)
    )
}

/// O endereço de um registro dentro da página.
fn ancora(indice: usize) -> String {
    format!("entrega-{}", indice + 1)
}
