//! Uma entrega: a nota, as etapas, o diagnóstico e a conversa.

use super::super::{nome_do_codigo, situacao_da_etapa};
use super::resumo::{marcas, sinal};
use super::{ancora, escapar};
use crate::turma::Turma;
use crate::turma::registro::{
    Diagnostico, EtapaRegistrada, LinhaDoPrograma, Registro,
};

/// O artigo de uma entrega; `volta` é o que vem depois das etapas.
pub fn artigo(
    turma: &Turma,
    registro: &Registro,
    i: usize,
    volta: &str,
) -> String {
    let id = ancora(i);
    let etapas: String = registro.etapas.iter().map(etapa).collect();
    format!(
        "<article id=\"{id}\" aria-labelledby=\"{id}-nome\">\n\
         <h3 id=\"{id}-nome\">{} <span class=\"capitulo\">{}</span></h3>\n\
         <p class=\"nota\"><strong>{}</strong> {}</p>\n{}{}\
         <ol class=\"etapas\">\n{etapas}</ol>\n\
         {volta}</article>\n",
        escapar(&registro.aluno),
        escapar(registro.curto()),
        turma.nota(registro).em_portugues(),
        conta(turma, registro),
        ficha(registro),
        impedimento(registro),
    )
}

/// De onde vem a nota: `7 de 10 pontos, 1 a mais, menos 10 % por atraso`.
fn conta(turma: &Turma, registro: &Registro) -> String {
    let nota = turma.nota(registro);
    let mut partes = vec![format!("{} de {} pontos", nota.pontos, nota.total)];
    if nota.pontos_extras > 0 {
        partes.push(format!("{} a mais", nota.pontos_extras));
    }
    if registro.atraso_min > 0 {
        partes.push(format!(
            "entregue {} depois do prazo (menos {} %)",
            atraso(registro.atraso_min),
            nota.desconto
        ));
    }
    partes.join(", ")
}

fn atraso(minutos: u64) -> String {
    match (minutos / (24 * 60), minutos / 60) {
        (0, 0) => format!("{minutos} min"),
        (0, horas) => format!("{horas} h"),
        (dias, _) => format!("{dias} d {} h", minutos / 60 % 24),
    }
}

fn ficha(registro: &Registro) -> String {
    let tentativas = match registro.tentativas {
        0 | 1 => String::new(),
        vezes => format!("conferida {vezes} vezes"),
    };
    let arquivo = match registro.arquivo == registro.entrega {
        true => String::new(),
        false => escapar(&registro.arquivo),
    };
    let partes = [
        escapar(&registro.entrega),
        arquivo,
        escapar(&registro.linguagem),
        data(&registro.entregue_em),
        format!("isolamento {}", registro.nivel),
        format!("semente {}", registro.semente),
        tentativas,
    ];
    let partes = partes.into_iter().filter(|parte| !parte.is_empty());
    let observacoes: String = registro
        .observacoes
        .iter()
        .map(|o| format!("<p class=\"aviso\">{}</p>\n", escapar(o)))
        .collect();
    let partes = partes.collect::<Vec<_>>().join(" · ");
    format!("<p class=\"ficha\">{partes}</p>\n{observacoes}")
}

/// `2026-11-21T08:10:00-03:00` é “entregue em 21/11/2026 às 08:10”.
fn data(iso: &str) -> String {
    let Some((dia, hora)) = iso.split_once('T') else {
        return escapar(iso);
    };
    let dia: Vec<_> = dia.rsplit('-').collect();
    let hora = hora.get(..5).unwrap_or(hora);
    format!(
        "entregue em {} às {}",
        escapar(&dia.join("/")),
        escapar(hora)
    )
}

fn impedimento(registro: &Registro) -> String {
    let Some(erro) = &registro.erro else {
        return String::new();
    };
    let descricao = registro.situacao.descricao();
    format!(
        "<div class=\"sintoma\"><p><strong>Esta entrega: {descricao}.\
         </strong></p>\n<pre tabindex=\"0\">{}</pre></div>\n",
        escapar(erro)
    )
}

fn etapa(etapa: &EtapaRegistrada) -> String {
    let (classe, sinal) = sinal(etapa.situacao);
    let tempo = match etapa.duracao_ms {
        0 => String::new(),
        ms => format!(", {ms} ms"),
    };
    format!(
        "<li class=\"{classe}\"><p class=\"titulo\">\
         <i class=\"{classe}\" aria-hidden=\"true\">{sinal}</i> \
         <strong>{}. {}</strong>{} \
         <span class=\"situacao\">{}{tempo} · {}</span></p>\n{}{}{}\
         </li>\n",
        etapa.numero,
        escapar(&etapa.nome),
        marcas(etapa.privada, etapa.extra),
        situacao_da_etapa(etapa.situacao),
        pontos(etapa.pontos),
        etapa
            .diagnostico
            .as_ref()
            .map_or(String::new(), diagnostico),
        conversa(&etapa.transcricao),
        saida(&etapa.saida),
    )
}

fn pontos(quantos: u32) -> String {
    match quantos {
        1 => "1 ponto".to_owned(),
        varios => format!("{varios} pontos"),
    }
}

fn diagnostico(diagnostico: &Diagnostico) -> String {
    let codigo = diagnostico.codigo.as_deref().unwrap_or_default();
    let nome = match codigo {
        "" => String::new(),
        codigo => format!(
            "<p class=\"erro\"><span class=\"codigo\">{}</span> {}</p>\n",
            escapar(codigo),
            escapar(nome_do_codigo(codigo))
        ),
    };
    let paragrafo = |rotulo: &str, texto: &str| match texto {
        "" => String::new(),
        texto => format!("<p>{rotulo}{}</p>\n", com_codigo(texto)),
    };
    format!(
        "<div class=\"sintoma\">{nome}{}{}{}</div>\n",
        paragrafo("", &diagnostico.mensagem),
        paragrafo("", &diagnostico.explicacao),
        paragrafo("<strong>Dica:</strong> ", &diagnostico.dica)
    )
}

/// Um texto do corretor, com o que está entre crases como código. Uma crase
/// sem par fica como é.
fn com_codigo(texto: &str) -> String {
    let escapado = escapar(texto);
    let partes: Vec<_> = escapado.split('`').collect();
    if partes.len() % 2 == 0 {
        return escapado;
    }
    let alternadas = partes.iter().enumerate().map(|(i, parte)| match i % 2 {
        0 => (*parte).to_owned(),
        _ => format!("<code>{parte}</code>"),
    });
    alternadas.collect()
}

/// A conversa, linha por linha, com quem fala em destaque.
fn conversa(linhas: &[String]) -> String {
    if linhas.is_empty() {
        return String::new();
    }
    let linhas: String = linhas.iter().map(|linha| fala(linha)).collect();
    format!(
        "<details><summary>A conversa</summary>\n\
         <pre tabindex=\"0\">{linhas}</pre></details>\n"
    )
}

/// `3 cliente: conectei`: o número, quem e o quê.
fn fala(linha: &str) -> String {
    let quem = linha.split_once(": ").and_then(|(inicio, resto)| {
        let (numero, quem) = inicio.split_once(' ')?;
        let numero = numero.parse::<usize>().ok()?;
        let curto = quem.chars().count() < 24 && !quem.starts_with('—');
        curto.then_some((numero, quem, resto))
    });
    let Some((numero, quem, resto)) = quem else {
        return format!("<b>{}</b>\n", escapar(linha));
    };
    let classe = match quem {
        "programa" => "programa",
        _ => "par",
    };
    format!(
        "{numero:>3} <b class=\"{classe}\">{}</b>: {}\n",
        escapar(quem),
        escapar(resto)
    )
}

/// O que o programa escreveu, como o terminal do aluno mostraria.
fn saida(linhas: &[LinhaDoPrograma]) -> String {
    if linhas.is_empty() {
        return String::new();
    }
    let linhas: String = linhas
        .iter()
        .map(|linha| {
            let de_onde = if linha.erro { "erros" } else { "saída" };
            format!("<b>{de_onde}</b> │ {}\n", escapar(&linha.texto))
        })
        .collect();
    format!(
        "<details><summary>O que o programa escreveu</summary>\n\
         <pre tabindex=\"0\">{linhas}</pre></details>\n"
    )
}
