//! `result.json` do Classroom 50: o esquema `classroom50/result/v1`.
//!
//! O contrato está em [Advanced Autograding][contrato] e no
//! `schemas/result-v1.schema.json` do mesmo repositório: chaves com hífen em
//! `max-score` e `test-name`, notas inteiras, `submission` que começa por
//! `submit/`, datas em UTC sem fração. A identidade (turma, tarefa, dono,
//! endereços) só o serviço sabe: vem das variáveis que ele dá ao corretor.
//!
//! O desconto por atraso não entra: o Classroom 50 marca o atraso ele mesmo,
//! por `datetime`. Uma etapa extra vale 0 de 0, porque a nota não pode passar
//! da máxima; os pontos dela vão na mensagem.
//!
//! [contrato]: https://github.com/foundation50/classroom50/wiki/Advanced-Autograding

use std::env;

use serde_json::{Value, json};

use super::{impedimento, nome_para_o_aluno, recado};
use crate::turma::datas;
use crate::turma::registro::{EtapaRegistrada, Registro};

/// O que o Classroom 50 diz da entrega.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contexto {
    pub turma: String,
    pub tarefa: Option<String>,
    pub tipo: String,
    pub dono: Option<String>,
    pub entrega: Option<String>,
    pub commit: Option<String>,
    pub publicacao: Option<String>,
    pub revisao: Option<String>,
}

/// O endereço que se escreve quando a conferência não veio do serviço.
const SEM_ENDERECO: &str = "about:blank";

impl Contexto {
    /// As variáveis do contrato, se estão aqui.
    pub fn do_ambiente() -> Contexto {
        let ler = |nome| env::var(nome).ok().filter(|valor| !valor.is_empty());
        Contexto {
            turma: ler("CLASSROOM").unwrap_or_else(|| "turma".to_owned()),
            tarefa: ler("ASSIGNMENT"),
            tipo: ler("ASSIGNMENT_TYPE")
                .unwrap_or_else(|| "individual".to_owned()),
            dono: ler("OWNER").or_else(|| ler("USERNAME")),
            entrega: ler("SUBMISSION_TAG"),
            commit: ler("COMMIT_URL"),
            publicacao: ler("RELEASE_URL"),
            revisao: ler("REVIEW_URL"),
        }
    }
}

/// O `result.json` de um registro.
pub fn resultado(registro: &Registro, contexto: &Contexto) -> Value {
    let testes: Vec<_> = registro.etapas.iter().map(teste).collect();
    let soma = |chave: &str| -> u64 {
        testes
            .iter()
            .filter_map(|teste| teste[chave].as_u64())
            .sum()
    };
    let ou = |valor: &Option<String>, senao: &str| {
        valor.clone().unwrap_or_else(|| senao.to_owned())
    };
    let dono = super::simplificado(&registro.aluno);
    let commit = ou(&contexto.commit, SEM_ENDERECO);
    let mut resultado = json!({
        "schema": "classroom50/result/v1",
        "classroom": contexto.turma,
        "assignment": ou(&contexto.tarefa, registro.curto()),
        "assignment_type": contexto.tipo,
        "owner": ou(&contexto.dono, &dono),
        "submission": ou(&contexto.entrega, &format!("submit/{dono}")),
        "commit": commit,
        "release": ou(&contexto.publicacao, SEM_ENDERECO),
        "review": ou(&contexto.revisao, &commit),
        "datetime": datas::em_utc(&registro.entregue_em),
        "score": soma("score"),
        "max-score": soma("max-score"),
        "tests": testes,
    });
    if let Some(motivo) = impedimento(registro)
        && let Some(primeiro) = resultado["tests"].get_mut(0)
    {
        primeiro["message"] = motivo.into();
    }
    resultado
}

fn teste(etapa: &EtapaRegistrada) -> Value {
    let vale = if etapa.extra { 0 } else { etapa.pontos };
    let passou = etapa.passou();
    let mensagem = match (etapa.extra, passou) {
        (true, true) => format!("{} ponto(s) a mais", etapa.pontos),
        _ => recado(etapa),
    };
    json!({
        "test-name": nome_para_o_aluno(etapa),
        "passed": passou,
        "score": if passou { vale } else { 0 },
        "max-score": vale,
        "message": mensagem,
    })
}
