//! O resultado de uma conferência, em texto, JSON e JUnit.

mod a_mao;
mod json;
mod junit;
pub mod texto;
pub mod tinta;

pub use json::em_json;
pub use junit::em_junit;

use crate::casa;
use crate::erros_classicos::Codigo;

/// A página, com a âncora, que explica um erro: a do próprio capítulo se ela
/// tem a caixa do sintoma; senão, a de origem, se já foi escrita.
pub fn pagina(codigo: Codigo, capitulo: &str) -> Option<String> {
    let marca = format!("{{{{#sintoma {codigo}}}}}");
    let livro = casa::raiz().join("book");
    let tem = |nome: &str| {
        std::fs::read_to_string(livro.join(format!("{nome}.md")))
            .is_ok_and(|texto| texto.contains(&marca))
    };
    let origem = codigo.erro().capitulo;
    let nome = [capitulo, origem].into_iter().find(|nome| tem(nome))?;
    let ancora = codigo.rotulo().to_lowercase();
    Some(format!("{nome}.html#{ancora}"))
}
