//! `--capitulos 1-5,8`: quais exercícios vão.

use anyhow::{Context, Result, ensure};

use crate::exercicios::{EXERCICIOS, Exercicio};

/// Os capítulos de um pedido como `1-5,8`, na ordem do livro. Um número
/// sozinho precisa existir; uma faixa leva os que existem nela.
pub fn escolher(pedido: &str) -> Result<Vec<&'static str>> {
    let mut escolhidos = Vec::new();
    for parte in pedido.split(',').map(str::trim).filter(|p| !p.is_empty()) {
        let achados = faixa(parte)?;
        ensure!(
            !achados.is_empty(),
            "não há capítulo “{parte}”. Os que há: {}",
            conhecidos()
        );
        escolhidos.extend(achados);
    }
    ensure!(!escolhidos.is_empty(), "nenhum capítulo escolhido");
    let na_ordem = EXERCICIOS.iter().map(|exercicio| exercicio.capitulo);
    Ok(na_ordem.filter(|c| escolhidos.contains(c)).collect())
}

fn faixa(parte: &str) -> Result<Vec<&'static str>> {
    if let Some(exercicio) = Exercicio::procurar(parte) {
        return Ok(vec![exercicio.capitulo]);
    }
    let Some((de, ate)) = parte.split_once('-') else {
        return Ok(Vec::new());
    };
    let (de, ate) = (numero(de, parte)?, numero(ate, parte)?);
    ensure!(de <= ate, "a faixa “{parte}” está ao contrário");
    let dentro = (de..=ate).filter_map(|n| Exercicio::procurar(&n.to_string()));
    Ok(dentro.map(|exercicio| exercicio.capitulo).collect())
}

fn numero(texto: &str, parte: &str) -> Result<u8> {
    texto
        .trim()
        .trim_start_matches("cap")
        .parse()
        .with_context(|| format!("“{parte}” não é uma faixa, como 1-5"))
}

fn conhecidos() -> String {
    let curtos: Vec<_> = EXERCICIOS.iter().map(|e| e.curto()).collect();
    curtos.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uma_faixa_leva_so_os_capitulos_que_existem() {
        let todos = escolher("1-99").unwrap();
        assert_eq!(todos.len(), EXERCICIOS.len());
        let primeiro = EXERCICIOS[0].capitulo;
        assert_eq!(escolher(primeiro).unwrap(), [primeiro]);
    }

    #[test]
    fn os_repetidos_vao_uma_vez_na_ordem_do_livro() {
        let ultimo = EXERCICIOS.last().unwrap().curto();
        let primeiro = EXERCICIOS[0].curto();
        let pedido = format!("{ultimo},{primeiro},{ultimo}");
        let escolhidos = escolher(&pedido).unwrap();
        assert!(escolhidos[0].starts_with(primeiro));
        assert!(escolhidos.len() <= 2);
    }

    #[test]
    fn um_pedido_sem_sentido_e_recusado_com_uma_frase() {
        for (pedido, frase) in [
            ("99", "não há capítulo"),
            ("a-b", "não é uma faixa"),
            ("9-1", "ao contrário"),
            (" , ", "nenhum"),
        ] {
            let erro = escolher(pedido).unwrap_err().to_string();
            assert!(erro.contains(frase), "{pedido}: {erro}");
        }
    }
}
