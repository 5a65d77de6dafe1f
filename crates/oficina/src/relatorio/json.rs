//! O relatório que outros programas leem.

use serde_json::{Value, json};

use crate::conferencia::{Resultado, ResultadoDaEtapa, Situacao};

/// O resultado como um objeto JSON.
pub fn em_json(resultado: &Resultado) -> Value {
    let etapas: Vec<Value> = resultado.etapas.iter().map(etapa).collect();
    let mut objeto = json!({
        "capitulo": resultado.capitulo,
        "programa": resultado.programa,
        "etapas": etapas,
        "passaram": resultado.passaram(),
        "total": resultado.etapas.len(),
        "isolamento": resultado.nivel.to_string(),
        "semente": resultado.semente,
    });
    if let Some(erro) = &resultado.erro {
        objeto["erro"] = json!(erro);
    }
    objeto
}

fn etapa(etapa: &ResultadoDaEtapa) -> Value {
    let transcricao = etapa.transcricao.iter().map(|linha| linha.texto());
    json!({
        "numero": etapa.numero,
        "nome": etapa.nome,
        "id": etapa.id,
        "situacao": etapa.situacao.nome(),
        "diagnostico": diagnostico(&etapa.situacao),
        "transcricao": transcricao.collect::<Vec<_>>(),
        "duracao_ms": etapa.duracao.as_millis() as u64,
    })
}

fn diagnostico(situacao: &Situacao) -> Value {
    match situacao {
        Situacao::Falhou(falha) => {
            let erro = falha.codigo.erro();
            json!({
                "codigo": erro.rotulo,
                "mensagem": format!("{}. {}", falha.mensagem, erro.explicacao),
                "dica": falha.pista(),
            })
        }
        Situacao::Inconclusiva(motivo) => {
            json!({"codigo": null, "mensagem": motivo, "dica": null})
        }
        _ => Value::Null,
    }
}
