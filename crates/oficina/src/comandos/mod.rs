//! Os comandos da oficina que conferem: cada um com os seus argumentos.

pub mod conferir;
pub mod dica;
pub mod lista;
pub mod observar;
mod programa;
pub mod revisar;
mod teclado;
mod vigia;

use anyhow::{Context, Result};

use crate::exercicios::{EXERCICIOS, Exercicio};
use crate::progresso::Progresso;

/// O exercício pedido ou, sem nome, o primeiro ainda não resolvido.
pub fn escolher(nome: Option<&str>) -> Result<&'static Exercicio> {
    let Some(nome) = nome else {
        let progresso = Progresso::ler();
        let aberto = EXERCICIOS
            .iter()
            .find(|exercicio| !progresso.resolvido(exercicio.capitulo));
        return aberto
            .or(EXERCICIOS.last())
            .context("não há exercícios neste livro");
    };
    Exercicio::procurar(nome).with_context(|| {
        let conhecidos: Vec<_> = EXERCICIOS.iter().map(|e| e.curto()).collect();
        format!(
            "não há exercício “{nome}”. Os que há: {}",
            conhecidos.join(", ")
        )
    })
}
