//! As notas em uma planilha.
//!
//! O formato brasileiro abre com dois cliques no Excel e no LibreOffice em
//! português: `;` entre colunas (a vírgula é o sinal decimal), UTF-8 com BOM e
//! linhas com CRLF. O internacional é o do
//! [RFC 4180, §2](https://www.rfc-editor.org/rfc/rfc4180#section-2).
//!
//! Uma célula que começa por `=`, `+`, `-`, `@` ou tabulação é uma fórmula
//! para as planilhas, e o nome de uma entrega é texto de quem a enviou: essas
//! células ganham um `'` na frente
//! ([OWASP, CSV Injection](https://owasp.org/www-community/attacks/CSV_Injection)).

use std::collections::BTreeMap;

use super::Turma;
use crate::turma::notas::{em_portugues, traicoeira};
use crate::turma::{Registro, Situacao};

/// Como se escreve uma tabela.
#[derive(Clone, Copy)]
pub struct Dialeto {
    separador: char,
    decimal: char,
    inicio: &'static str,
}

pub const BRASILEIRO: Dialeto = Dialeto {
    separador: ';',
    decimal: ',',
    inicio: "\u{feff}",
};

pub const INTERNACIONAL: Dialeto = Dialeto {
    separador: ',',
    decimal: '.',
    inicio: "",
};

/// Uma célula: texto, que pode ser hostil, ou número nosso.
enum Celula {
    Texto(String),
    Numero(String),
}

const COLUNAS: &[&str] = &[
    "aluno",
    "capítulo",
    "situação",
    "nota",
    "pontos",
    "pontos extras",
    "total",
    "etapas que passaram",
    "etapas",
    "parou na etapa",
    "código",
    "erro",
    "atraso (min)",
    "desconto (%)",
    "entregue em",
    "entrega",
    "linguagem",
    "isolamento",
];

/// Uma linha por entrega e capítulo.
pub fn notas(turma: &Turma, dialeto: Dialeto) -> String {
    let linhas = turma.registros.iter().map(|r| linha(turma, r, dialeto));
    tabela(COLUNAS.iter().map(|c| (*c).to_owned()), linhas, dialeto)
}

fn linha(turma: &Turma, registro: &Registro, dialeto: Dialeto) -> Vec<Celula> {
    use Celula::{Numero, Texto};
    let nota = turma.nota(registro);
    let conferida = registro.situacao == Situacao::Conferida;
    let parou = registro.primeira_falha().filter(|_| conferida);
    let codigo = registro.codigo().filter(|_| conferida).unwrap_or_default();
    let valem = registro.etapas.iter().filter(|etapa| !etapa.extra);
    vec![
        Texto(registro.aluno.clone()),
        Texto(registro.curto().to_owned()),
        Texto(registro.situacao.descricao().to_owned()),
        Numero(decimal(nota.centesimos, dialeto)),
        Numero(nota.pontos.to_string()),
        Numero(nota.pontos_extras.to_string()),
        Numero(nota.total.to_string()),
        Numero(registro.passaram().to_string()),
        Numero(valem.count().to_string()),
        Texto(parou.map_or(String::new(), |etapa| etapa.nome.clone())),
        Texto(codigo.to_owned()),
        Texto(super::nome_do_codigo(codigo).to_owned()),
        Numero(registro.atraso_min.to_string()),
        Numero(nota.desconto.to_string()),
        Texto(registro.entregue_em.clone()),
        Texto(registro.entrega.clone()),
        Texto(registro.linguagem.clone()),
        Texto(registro.nivel.to_string()),
    ]
}

/// Uma linha por aluno: a nota de cada capítulo e a média.
pub fn medias(turma: &Turma, dialeto: Dialeto) -> String {
    let curtos = turma.capitulos.iter().map(|c| c.curto.clone());
    let cabeca = ["aluno".to_owned()].into_iter().chain(curtos);
    let cabeca = cabeca.chain(["média".to_owned()]);
    let linhas = turma.alunos().into_iter().map(|aluno| {
        let melhores = melhores(turma, aluno);
        let notas = turma.capitulos.iter().map(|capitulo| {
            let nota = melhores.get(capitulo.nome.as_str()).copied();
            Celula::Numero(decimal(nota.unwrap_or(0), dialeto))
        });
        let media = Celula::Numero(decimal(turma.media(aluno), dialeto));
        let nome = Celula::Texto(aluno.to_owned());
        [nome].into_iter().chain(notas).chain([media]).collect()
    });
    tabela(cabeca, linhas, dialeto)
}

/// A melhor nota do aluno em cada capítulo, em centésimos.
fn melhores<'a>(turma: &'a Turma, aluno: &str) -> BTreeMap<&'a str, u32> {
    let mut melhores: BTreeMap<&str, u32> = BTreeMap::new();
    for registro in turma.registros.iter().filter(|r| r.aluno == aluno) {
        let nota = turma.nota(registro).centesimos;
        let melhor = melhores.entry(&registro.capitulo).or_default();
        *melhor = nota.max(*melhor);
    }
    melhores
}

fn tabela(
    cabeca: impl Iterator<Item = String>,
    linhas: impl Iterator<Item = Vec<Celula>>,
    dialeto: Dialeto,
) -> String {
    let cabeca = cabeca.map(Celula::Texto).collect();
    let mut texto = dialeto.inicio.to_owned();
    for linha in [cabeca].into_iter().chain(linhas) {
        let celulas: Vec<_> = linha
            .iter()
            .map(|celula| escrita(celula, dialeto))
            .collect();
        texto.push_str(&celulas.join(&dialeto.separador.to_string()));
        texto.push_str("\r\n");
    }
    texto
}

fn escrita(celula: &Celula, dialeto: Dialeto) -> String {
    let texto = match celula {
        Celula::Numero(numero) => return numero.clone(),
        Celula::Texto(texto) => sem_formula(texto),
    };
    let especial = |c: char| {
        c == dialeto.separador || matches!(c, '"' | '\n' | '\r' | ';' | ',')
    };
    match texto.contains(especial) {
        true => format!("\"{}\"", texto.replace('"', "\"\"")),
        false => texto,
    }
}

/// O texto com um `'` na frente, se uma planilha o executaria; e em uma linha.
fn sem_formula(texto: &str) -> String {
    let visivel: String = texto
        .chars()
        .map(|c| if traicoeira(c) { ' ' } else { c })
        .collect();
    let perigo = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let comeca = visivel.trim_start().starts_with(perigo);
    match comeca || texto.starts_with(['\t', '\r', '\n']) {
        true => format!("'{visivel}"),
        false => visivel,
    }
}

/// 875 centésimos é `8,75` ou `8.75`.
fn decimal(centesimos: u32, dialeto: Dialeto) -> String {
    em_portugues(centesimos).replace(',', &dialeto.decimal.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn celula(texto: &str) -> String {
        escrita(&Celula::Texto(texto.to_owned()), BRASILEIRO)
    }

    #[test]
    fn uma_formula_vira_texto() {
        for hostil in ["=1+1", "+1", "-2", "@A1", "  =1", "\t=1", "＝1"] {
            assert!(celula(hostil).starts_with('\''), "{hostil}");
        }
        assert_eq!(celula("Ana-Maria"), "Ana-Maria");
    }

    #[test]
    fn aspas_e_separadores_ficam_entre_aspas() {
        assert_eq!(celula("a;b"), "\"a;b\"");
        assert_eq!(celula("a\"b"), "\"a\"\"b\"");
        assert_eq!(celula("=cmd|' /C calc'!A0;x"), "\"'=cmd|' /C calc'!A0;x\"");
        assert_eq!(celula("duas\nlinhas"), "duas linhas");
    }
}
