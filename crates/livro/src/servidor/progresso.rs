//! O progresso do leitor: do arquivo que a oficina guarda ao que o tema
//! mostra.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// De `exercicio.toml`, só quantas etapas há.
#[derive(Debug, Deserialize)]
struct Exercicio {
    etapas: Vec<toml::Table>,
}

/// O arquivo que a oficina guarda.
pub fn arquivo(raiz: &Path) -> PathBuf {
    raiz.join(".oficina").join("progresso.json")
}

/// O que a oficina guarda, com o `total` de etapas de cada capítulo:
/// `{"cap05-…": {"etapas": ["eco"], "resolvido": false, "total": 5}}`.
/// Um arquivo que falta, ou que não se lê, é o de quem ainda não começou.
pub fn ler(raiz: &Path) -> Value {
    let guardado: Map<String, Value> = fs::read_to_string(arquivo(raiz))
        .ok()
        .and_then(|texto| serde_json::from_str(&texto).ok())
        .unwrap_or_default();
    let capitulos = guardado.into_iter().filter_map(|(nome, mut feito)| {
        let total = total_de_etapas(raiz, &nome)?;
        let campos = feito.as_object_mut()?;
        campos.insert("total".to_string(), json!(total));
        campos.entry("etapas").or_insert_with(|| json!([]));
        Some((nome, feito))
    });
    Value::Object(capitulos.collect())
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
    fn o_que_a_oficina_guarda_ganha_o_total() {
        let lido = com_progresso(
            "{\"cap05-eco\": {\"etapas\": [\"eco\"], \"resolvido\": false}}",
        );

        assert_eq!(
            lido,
            json!({"cap05-eco": {
                "etapas": ["eco"], "resolvido": false, "total": 2
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
