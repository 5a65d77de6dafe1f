//! O resultado da turma como os servidores de integração contínua leem: um
//! `testsuite` por entrega, um `testcase` por etapa.
//!
//! O formato não tem uma norma; este é o subconjunto que o
//! [resumo do formato](https://github.com/testmoapp/junitxml) descreve e que
//! `oficina conferir --formato junit` também usa.

use std::fmt::Write;

use super::{impedimento, recado};
use crate::turma::notas::traicoeira;
use crate::turma::registro::{EtapaRegistrada, Registro, SituacaoDaEtapa};
use crate::turma::{Situacao, Turma};

/// A turma como um documento JUnit XML.
pub fn em_junit(turma: &Turma) -> String {
    let mut casos = String::new();
    let mut soma = Contas::default();
    for registro in &turma.registros {
        let contas = Contas::de(registro);
        soma.juntar(&contas);
        escrever(&mut casos, registro, &contas);
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"{}\" {}>\n{casos}</testsuites>\n",
        escapar(&turma.titulo),
        soma.atributos()
    )
}

#[derive(Default)]
struct Contas {
    testes: usize,
    falhas: usize,
    erros: usize,
    puladas: usize,
}

impl Contas {
    fn de(registro: &Registro) -> Contas {
        let quantas = |situacao: SituacaoDaEtapa| {
            let etapas = registro.etapas.iter();
            etapas.filter(|etapa| etapa.situacao == situacao).count()
        };
        let mut contas = Contas {
            testes: registro.etapas.len(),
            falhas: quantas(SituacaoDaEtapa::Falhou),
            erros: quantas(SituacaoDaEtapa::Inconclusiva),
            puladas: quantas(SituacaoDaEtapa::NaoExecutada),
        };
        if registro.situacao != Situacao::Conferida {
            contas.testes += 1;
            contas.erros += 1;
        }
        contas
    }

    fn juntar(&mut self, outras: &Contas) {
        self.testes += outras.testes;
        self.falhas += outras.falhas;
        self.erros += outras.erros;
        self.puladas += outras.puladas;
    }

    fn atributos(&self) -> String {
        format!(
            "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
            self.testes, self.falhas, self.erros, self.puladas
        )
    }
}

fn escrever(texto: &mut String, registro: &Registro, contas: &Contas) {
    let quem = format!("{} · {}", registro.aluno, registro.curto());
    let quem = escapar(&quem);
    let atributos = contas.atributos();
    let mut linha = |linha: std::fmt::Arguments| {
        texto.write_fmt(linha).expect("escrever na memória");
    };
    linha(format_args!("  <testsuite name=\"{quem}\" {atributos}>\n"));
    if let Some(motivo) = impedimento(registro) {
        let motivo = escapar(&motivo);
        linha(format_args!(
            "    <testcase classname=\"{quem}\" name=\"a entrega\">\
             <error message=\"{motivo}\"/></testcase>\n"
        ));
    }
    for etapa in &registro.etapas {
        linha(format_args!(
            "    <testcase classname=\"{quem}\" name=\"{}\" \
             time=\"{:.3}\">{}</testcase>\n",
            escapar(&format!("{}. {}", etapa.numero, etapa.nome)),
            std::time::Duration::from_millis(etapa.duracao_ms).as_secs_f64(),
            desfecho(etapa)
        ));
    }
    linha(format_args!("  </testsuite>\n"));
}

fn desfecho(etapa: &EtapaRegistrada) -> String {
    let mensagem = escapar(&recado(etapa));
    let diagnostico = etapa.diagnostico.as_ref();
    let codigo = diagnostico.and_then(|d| d.codigo.as_deref());
    match etapa.situacao {
        SituacaoDaEtapa::Passou => String::new(),
        SituacaoDaEtapa::NaoExecutada => "<skipped/>".to_owned(),
        SituacaoDaEtapa::Inconclusiva => {
            format!("<error message=\"{mensagem}\"/>")
        }
        SituacaoDaEtapa::Falhou => format!(
            "<failure type=\"{}\" message=\"{mensagem}\">{}</failure>",
            escapar(codigo.unwrap_or("falhou")),
            escapar(&etapa.transcricao.join("\n"))
        ),
    }
}

/// O texto como conteúdo ou atributo de XML 1.0, sem o que ele não admite
/// ([§2.2](https://www.w3.org/TR/xml/#charsets)) e sem o que engana quem lê.
pub fn escapar(texto: &str) -> String {
    let mut escapado = String::new();
    for letra in texto.replace("\r\n", "\n").chars() {
        match letra {
            '&' => escapado.push_str("&amp;"),
            '<' => escapado.push_str("&lt;"),
            '>' => escapado.push_str("&gt;"),
            '"' => escapado.push_str("&quot;"),
            '\'' => escapado.push_str("&#39;"),
            '\n' | '\t' => escapado.push(letra),
            '\u{fffe}' | '\u{ffff}' => escapado.push('\u{fffd}'),
            letra if traicoeira(letra) => escapado.push('\u{fffd}'),
            letra => escapado.push(letra),
        }
    }
    escapado
}
