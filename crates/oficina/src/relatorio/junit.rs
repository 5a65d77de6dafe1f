//! O relatório no formato que os servidores de integração contínua leem.

use crate::conferencia::{Resultado, ResultadoDaEtapa, Situacao};

/// O resultado como um documento JUnit XML.
pub fn em_junit(resultado: &Resultado) -> String {
    let contar = |quais: fn(&Situacao) -> bool| {
        resultado
            .etapas
            .iter()
            .filter(|etapa| quais(&etapa.situacao))
            .count()
    };
    let falhas = contar(|s| matches!(s, Situacao::Falhou(_)));
    let puladas = contar(|s| matches!(s, Situacao::NaoExecutada));
    let erros = contar(|s| matches!(s, Situacao::Inconclusiva(_)));
    let casos: String = resultado.etapas.iter().map(caso).collect();
    let erro = resultado.erro.as_ref().map_or(String::new(), |erro| {
        format!("  <system-err>{}</system-err>\n", escapar(erro))
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"{nome}\" tests=\"{total}\" failures=\"{falhas}\" \
         errors=\"{erros}\" skipped=\"{puladas}\">\n{casos}{erro}</testsuite>\n",
        nome = escapar(&resultado.capitulo),
        total = resultado.etapas.len(),
    )
}

fn caso(etapa: &ResultadoDaEtapa) -> String {
    let dentro = match &etapa.situacao {
        Situacao::Passou => String::new(),
        Situacao::NaoExecutada => "<skipped/>".to_owned(),
        Situacao::Inconclusiva(motivo) => {
            format!("<error message=\"{}\"/>", escapar(motivo))
        }
        Situacao::Falhou(falha) => {
            let linhas = etapa.transcricao.iter().map(|linha| linha.texto());
            let transcricao = linhas.collect::<Vec<_>>().join("\n");
            format!(
                "<failure type=\"{}\" message=\"{}\">{}</failure>",
                falha.codigo,
                escapar(&falha.mensagem),
                escapar(&transcricao)
            )
        }
    };
    format!(
        "  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3}\">{dentro}\
         </testcase>\n",
        escapar(&etapa.id),
        escapar(&etapa.nome),
        etapa.duracao.as_secs_f64()
    )
}

fn escapar(texto: &str) -> String {
    let permitido = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let mut escapado = String::new();
    for letra in texto.chars().filter(permitido) {
        match letra {
            '&' => escapado.push_str("&amp;"),
            '<' => escapado.push_str("&lt;"),
            '>' => escapado.push_str("&gt;"),
            '"' => escapado.push_str("&quot;"),
            outra => escapado.push(outra),
        }
    }
    escapado
}
