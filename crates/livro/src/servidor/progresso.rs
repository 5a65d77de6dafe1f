//! O progresso do leitor: do arquivo que a oficina guarda ao que o tema
//! mostra.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// O que a oficina guarda de um capítulo: as etapas que passaram na última
/// conferência.
#[derive(Debug, Deserialize)]
struct NoCapitulo {
    #[serde(default)]
    etapas: Vec<String>,
}

/// De `exercicio.toml`, só quantas etapas há.
#[derive(Debug, Deserialize)]
struct Exercicio {
    etapas: Vec<toml::Table>,
}

/// O arquivo que a oficina guarda.
pub fn arquivo(raiz: &Path) -> PathBuf {
    raiz.join(".oficina").join("progresso.json")
}

/// O progresso na forma que o tema lê:
/// `{"cap05-…": {"passaram": 1, "total": 5, "etapas": {"eco": "passou"}}}`.
/// Um arquivo que falta, ou que não se lê, é o de quem ainda não começou.
pub fn ler(raiz: &Path) -> Value {
    let capitulos: BTreeMap<String, NoCapitulo> =
        fs::read_to_string(arquivo(raiz))
            .ok()
            .and_then(|texto| serde_json::from_str(&texto).ok())
            .unwrap_or_default();
    let feitos = capitulos.iter().filter_map(|(nome, feito)| {
        let total = total_de_etapas(raiz, nome)?;
        let etapas: Map<String, Value> = feito
            .etapas
            .iter()
            .map(|etapa| (etapa.clone(), json!("passou")))
            .collect();
        let passaram = etapas.len();
        Some((
            nome.clone(),
            json!({ "passaram": passaram, "total": total, "etapas": etapas }),
        ))
    });
    Value::Object(feitos.collect())
}

/// Quantas etapas o exercício do capítulo tem.
fn total_de_etapas(raiz: &Path, capitulo: &str) -> Option<usize> {
    let e_um_nome = capitulo
        .chars()
        .all(|letra| letra.is_ascii_alphanumeric() || letra == '-');
    if !e_um_nome {
        return None;
    }
    let pasta = raiz.join("crates").join(capitulo);
    let texto = fs::read_to_string(pasta.join("exercicio.toml")).ok()?;
    let exercicio: Exercicio = toml::from_str(&texto).ok()?;
    Some(exercicio.etapas.len())
}

#[cfg(test)]
mod testes {
    use super::*;

    fn com_progresso(texto: &str) -> Value {
        let mesa = tempfile::tempdir().expect("pasta temporária");
        let pasta = mesa.path().join("crates/cap05-eco");
        fs::create_dir_all(&pasta).expect("criar a pasta");
        let exercicio = "[[etapas]]\nid = \"eco\"\n[[etapas]]\nid = \"dois\"\n";
        fs::write(pasta.join("exercicio.toml"), exercicio).expect("escrever");
        let guardado = arquivo(mesa.path());
        let acima = guardado.parent().expect("pasta");
        fs::create_dir_all(acima).expect("criar a pasta");
        fs::write(&guardado, texto).expect("escrever");
        ler(mesa.path())
    }

    #[test]
    fn o_que_passou_e_contado_sobre_o_que_ha() {
        let lido = com_progresso(
            "{\"cap05-eco\": {\"etapas\": [\"eco\"], \"resolvido\": false, \
             \"dicas\": {\"dois\": 1}}}",
        );

        assert_eq!(
            lido,
            json!({"cap05-eco": {
                "passaram": 1, "total": 2, "etapas": {"eco": "passou"}
            }})
        );
    }

    #[test]
    fn um_capitulo_que_nao_existe_nao_aparece() {
        assert_eq!(com_progresso("{\"../x\": {}, \"nada\": {}}"), json!({}));
    }

    #[test]
    fn um_arquivo_estragado_e_o_de_quem_nao_comecou() {
        assert_eq!(com_progresso("{meio"), json!({}));
    }
}
