//! A turma de longe: quantos, onde estão parados, a tabela de notas.

use std::collections::BTreeMap;

use super::super::nome_do_codigo;
use super::{ancora, escapar};
use crate::turma::notas::em_portugues;
use crate::turma::registro::{EtapaRegistrada, Registro, SituacaoDaEtapa};
use crate::turma::{CapituloDaTurma, Situacao, Turma};

pub fn secoes(turma: &Turma) -> String {
    let capitulos: String = turma
        .capitulos
        .iter()
        .map(|capitulo| etapas(turma, capitulo))
        .collect();
    format!(
        "{}{}<section aria-labelledby=\"etapas\">\n\
         <h2 id=\"etapas\">Etapa por etapa</h2>\n{capitulos}</section>\n{}",
        numeros(turma),
        paradas(turma),
        notas(turma)
    )
}

fn numeros(turma: &Turma) -> String {
    let alunos = turma.alunos();
    let soma: u64 = alunos.iter().map(|a| u64::from(turma.media(a))).sum();
    let media = soma.checked_div(alunos.len() as u64).unwrap_or(0);
    let media = em_portugues(u32::try_from(media).unwrap_or(u32::MAX));
    let tudo = turma.registros.iter().filter(|r| tudo_certo(r)).count();
    let mut itens = vec![
        item(
            &alunos.len().to_string(),
            plural(alunos.len(), "aluno", "alunos"),
        ),
        item(&media, "média da turma"),
        item(&tudo.to_string(), "com tudo certo"),
    ];
    for situacao in [
        Situacao::NaoCompilou,
        Situacao::NaoEntregue,
        Situacao::Recusada,
        Situacao::Inconclusiva,
    ] {
        let quantos = turma.contar(situacao);
        if quantos > 0 {
            itens.push(item(
                &quantos.to_string(),
                situacao.descricao_de(quantos),
            ));
        }
    }
    format!("<ul class=\"numeros\">\n{}</ul>\n", itens.concat())
}

fn item(numero: &str, rotulo: &str) -> String {
    format!("<li><strong>{numero}</strong> {rotulo}</li>\n")
}

fn plural<'a>(quantos: usize, um: &'a str, varios: &'a str) -> &'a str {
    if quantos == 1 { um } else { varios }
}

fn tudo_certo(registro: &Registro) -> bool {
    let mut valem = registro.etapas.iter().filter(|etapa| !etapa.extra);
    registro.situacao == Situacao::Conferida
        && valem.all(EtapaRegistrada::passou)
}

/// Onde a turma está parada: os códigos, do que mais aparece ao que menos.
fn paradas(turma: &Turma) -> String {
    let mut por_codigo: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, registro) in turma.registros.iter().enumerate() {
        let conferida = registro.situacao == Situacao::Conferida;
        if let Some(codigo) = registro.codigo().filter(|_| conferida) {
            por_codigo.entry(codigo).or_default().push(i);
        }
    }
    let mut codigos: Vec<_> = por_codigo.into_iter().collect();
    codigos.sort_by_key(|(codigo, quem)| (usize::MAX - quem.len(), *codigo));
    let todas = turma.registros.len();
    let linhas: String = codigos
        .iter()
        .map(|(codigo, quem)| parada(turma, codigo, quem, todas))
        .collect();
    let corpo = match linhas.is_empty() {
        true => "<p>Nenhuma entrega parou em um erro com nome.</p>\n".into(),
        false => format!("<ol class=\"paradas\">\n{linhas}</ol>\n"),
    };
    format!(
        "<section aria-labelledby=\"paradas\">\n\
         <h2 id=\"paradas\">Onde a turma está parada</h2>\n\
         <p>O primeiro erro de cada entrega, do mais comum ao mais raro. Os \
         códigos de M01 a M40 são os do livro.</p>\n{corpo}</section>\n"
    )
}

fn parada(turma: &Turma, codigo: &str, quem: &[usize], todas: usize) -> String {
    let nomes: Vec<_> = quem
        .iter()
        .map(|&i| {
            let nome = escapar(&turma.registros[i].aluno);
            format!("<a href=\"#{}\">{nome}</a>", ancora(i))
        })
        .collect();
    let quantos = quem.len();
    format!(
        "<li><p class=\"erro\"><span class=\"codigo\">{}</span> {} \
         <span class=\"quantos\">{quantos} {}</span></p>\n\
         {}<p class=\"nomes\">{}</p></li>\n",
        escapar(codigo),
        escapar(nome_do_codigo(codigo)),
        plural(quantos, "entrega", "entregas"),
        barra(quantos, todas),
        nomes.join(", ")
    )
}

/// Uma barra: enfeite do número que está escrito ao lado.
fn barra(parte: usize, todo: usize) -> String {
    let porcento = (100 * parte).checked_div(todo).unwrap_or(0);
    format!(
        "<div class=\"barra\" aria-hidden=\"true\">\
         <span style=\"width:{porcento}%\"></span></div>\n"
    )
}

/// Quantos passaram em cada etapa de um capítulo.
fn etapas(turma: &Turma, capitulo: &CapituloDaTurma) -> String {
    let dele = |r: &&Registro| r.capitulo == capitulo.nome;
    let registros: Vec<_> = turma.registros.iter().filter(dele).collect();
    let linhas: String = capitulo
        .etapas
        .iter()
        .enumerate()
        .map(|(i, etapa)| {
            let passou = |r: &&&Registro| {
                r.etapas.get(i).is_some_and(EtapaRegistrada::passou)
            };
            let passaram = registros.iter().filter(passou).count();
            format!(
                "<tr><th scope=\"row\">{}. {}{}</th><td class=\"n\">{}</td>\
                 <td class=\"n\">{passaram} de {}</td><td>{}</td></tr>\n",
                i + 1,
                escapar(&etapa.nome),
                marcas(etapa.privada, etapa.extra),
                etapa.pontos,
                registros.len(),
                barra(passaram, registros.len())
            )
        })
        .collect();
    format!(
        "<div class=\"rola\" tabindex=\"0\" role=\"region\" \
         aria-label=\"Etapas de {curto}\">\n<table>\n\
         <caption>{titulo} ({curto})</caption>\n\
         <thead><tr><th scope=\"col\">etapa</th>\
         <th scope=\"col\" class=\"n\">pontos</th>\
         <th scope=\"col\" class=\"n\">passaram</th>\
         <td class=\"largo\"></td></tr></thead>\n\
         <tbody>\n{linhas}</tbody>\n</table>\n</div>\n",
        curto = escapar(&capitulo.curto),
        titulo = escapar(&capitulo.titulo),
    )
}

pub fn marcas(privada: bool, extra: bool) -> String {
    let marca = |sim: bool, nome: &str| match sim {
        true => format!(" <span class=\"marca\">{nome}</span>"),
        false => String::new(),
    };
    marca(privada, "privada") + &marca(extra, "extra")
}

fn notas(turma: &Turma) -> String {
    let linhas: String = turma
        .registros
        .iter()
        .enumerate()
        .map(|(i, registro)| linha(turma, registro, i))
        .collect();
    format!(
        "<section aria-labelledby=\"notas\">\n<h2 id=\"notas\">Notas</h2>\n\
         <div class=\"rola\" tabindex=\"0\" role=\"region\" \
         aria-label=\"Tabela de notas\">\n<table>\n\
         <thead><tr><th scope=\"col\">aluno</th>\
         <th scope=\"col\" class=\"n\">nota</th>\
         <th scope=\"col\">etapas</th><th scope=\"col\">parou em</th>\
         <th scope=\"col\">capítulo</th></tr></thead>\n\
         <tbody>\n{linhas}</tbody>\n</table>\n</div>\n</section>\n"
    )
}

fn linha(turma: &Turma, registro: &Registro, i: usize) -> String {
    let parou = match (registro.situacao, registro.codigo()) {
        (Situacao::Conferida, Some(codigo)) => escapar(codigo),
        (Situacao::Conferida, None) => registro
            .primeira_falha()
            .map_or(String::new(), |etapa| escapar(&etapa.nome)),
        (situacao, _) => situacao.descricao().to_owned(),
    };
    format!(
        "<tr><th scope=\"row\"><a href=\"#{}\">{}</a></th>\
         <td class=\"n\">{}</td><td><span class=\"passos\">{}</span></td>\
         <td>{parou}</td><td>{}</td></tr>\n",
        ancora(i),
        escapar(&registro.aluno),
        turma.nota(registro).em_portugues(),
        passos(registro),
        escapar(registro.curto())
    )
}

/// As etapas em uma fila de sinais, com o texto para quem não os vê.
fn passos(registro: &Registro) -> String {
    let sinais = registro.etapas.iter().map(|etapa| {
        let (classe, sinal) = sinal(etapa.situacao);
        format!("<i class=\"{classe}\">{sinal}</i>")
    });
    let sinais: String = sinais.collect();
    let valem = registro.etapas.iter().filter(|etapa| !etapa.extra).count();
    format!(
        "<span aria-hidden=\"true\">{sinais}</span>\
         <span class=\"so-leitor\">{} de {valem}</span>",
        registro.passaram()
    )
}

/// A classe e o sinal de uma situação: a cor nunca diz nada sozinha.
pub fn sinal(situacao: SituacaoDaEtapa) -> (&'static str, &'static str) {
    match situacao {
        SituacaoDaEtapa::Passou => ("passou", "✓"),
        SituacaoDaEtapa::Falhou => ("falhou", "✗"),
        SituacaoDaEtapa::Inconclusiva => ("duvida", "?"),
        SituacaoDaEtapa::NaoExecutada => ("nada", "·"),
    }
}
