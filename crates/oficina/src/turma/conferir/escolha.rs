//! Qual arquivo da entrega é o exercício.

use super::leitura::Achado;
use crate::exercicios::Exercicio;

/// A linguagem do exercício, ou o modo de rodá-lo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Linguagem {
    /// Um arquivo `comando` diz como rodar.
    Comando,
    Rust,
    Python,
    C,
}

impl Linguagem {
    pub fn nome(self) -> &'static str {
        match self {
            Linguagem::Comando => "comando",
            Linguagem::Rust => "rust",
            Linguagem::Python => "python",
            Linguagem::C => "c",
        }
    }

    fn do_arquivo(nome: &str) -> Option<Linguagem> {
        match nome.rsplit_once('.') {
            Some((_, "rs")) => Some(Linguagem::Rust),
            Some((_, "py")) => Some(Linguagem::Python),
            Some((_, "c")) => Some(Linguagem::C),
            None if nome == "comando" => Some(Linguagem::Comando),
            _ => None,
        }
    }
}

/// O exercício achado.
#[derive(Debug, Clone)]
pub struct Escolhido {
    pub linguagem: Linguagem,
    pub arquivo: Achado,
    /// Outro arquivo que também podia ser o exercício.
    pub outro: Option<String>,
}

/// O exercício de um capítulo entre os arquivos de uma entrega.
///
/// Nesta ordem: `capNN-exercicio.rs`, `.py` ou `.c`, onde estiver; depois, na
/// raiz ou uma pasta abaixo, `comando` e `exercicio.*`; depois, o único
/// programa que houver ali. Com `so_este`, a turma é de um capítulo só, e um
/// nome sem o número serve.
pub fn escolher(
    arquivos: &[Achado],
    exercicio: &Exercicio,
    so_este: bool,
    e_o_esqueleto: impl Fn(&Achado) -> bool,
) -> Option<Escolhido> {
    let mut candidatos: Vec<(u8, usize, Linguagem, &Achado)> = arquivos
        .iter()
        .filter_map(|arquivo| {
            let (posto, linguagem) = posto(&arquivo.nome, exercicio, so_este)?;
            let fundura = arquivo.nome.matches('/').count();
            Some((posto, fundura, linguagem, arquivo))
        })
        .collect();
    // O que o aluno não mexeu só vale se não há outro.
    candidatos.sort_by_key(|(posto, fundura, linguagem, arquivo)| {
        let intacto = e_o_esqueleto(arquivo);
        (intacto, *posto, *fundura, *linguagem, arquivo.nome.clone())
    });
    let (posto, _, linguagem, arquivo) = *candidatos.first()?;
    let outro = candidatos
        .iter()
        .skip(1)
        .find(|(outro, .., outro_arquivo)| {
            *outro == posto && !e_o_esqueleto(outro_arquivo)
        });
    // “O único programa” só vale se é mesmo o único.
    if posto == UNICO && candidatos.len() > 1 {
        return None;
    }
    Some(Escolhido {
        linguagem,
        arquivo: arquivo.clone(),
        outro: outro.map(|(.., arquivo)| arquivo.nome.clone()),
    })
}

const UNICO: u8 = 3;

fn posto(
    nome: &str,
    exercicio: &Exercicio,
    so_este: bool,
) -> Option<(u8, Linguagem)> {
    let partes: Vec<&str> = nome.split('/').collect();
    let (arquivo, pastas) = partes.split_last()?;
    let linguagem = Linguagem::do_arquivo(arquivo)?;
    let curto = exercicio.curto();
    let tronco = arquivo
        .rsplit_once('.')
        .map_or(*arquivo, |(antes, _)| antes);
    let com_numero = tronco
        .strip_prefix(curto)
        .is_some_and(|resto| matches!(resto, "-exercicio" | "_exercicio"));
    if com_numero && linguagem != Linguagem::Comando {
        return Some((0, linguagem));
    }
    let na_pasta_dele = pastas
        .last()
        .is_some_and(|pasta| *pasta == curto || *pasta == exercicio.capitulo);
    let perto = so_este && pastas.len() <= 1;
    if !perto && !na_pasta_dele {
        return None;
    }
    match (linguagem, tronco) {
        (Linguagem::Comando, _) => Some((1, linguagem)),
        (_, "exercicio") => Some((2, linguagem)),
        _ if so_este => Some((UNICO, linguagem)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escolhido(nomes: &[&str], so_este: bool) -> Option<String> {
        let arquivos: Vec<_> = nomes
            .iter()
            .map(|nome| Achado {
                nome: (*nome).to_owned(),
                caminho: nome.into(),
                tamanho: 1,
                modificado: None,
            })
            .collect();
        let cap05 = Exercicio::procurar("cap05").unwrap();
        let intacto = |arquivo: &Achado| arquivo.nome.contains("intacto");
        escolher(&arquivos, cap05, so_este, intacto).map(|e| e.arquivo.nome)
    }

    #[test]
    fn o_nome_com_o_capitulo_vale_onde_estiver() {
        let nome = "livro/crates/cap05-servidor-tcp/src/bin/cap05-exercicio.rs";
        let outro = "livro/crates/cap04-x/src/bin/cap04-exercicio.rs";
        assert_eq!(escolhido(&[outro, nome], true).unwrap(), nome);
        assert_eq!(escolhido(&[outro, nome], false).unwrap(), nome);
    }

    #[test]
    fn o_que_o_aluno_nao_mexeu_fica_por_ultimo() {
        let rust = "intacto/src/bin/cap05-exercicio.rs";
        let python = "python/cap05-exercicio.py";
        assert_eq!(escolhido(&[rust, python], true).unwrap(), python);
        assert_eq!(escolhido(&[rust], true).unwrap(), rust);
    }

    #[test]
    fn um_nome_sem_o_capitulo_vale_na_raiz_e_uma_pasta_abaixo() {
        for nome in ["exercicio.c", "Meu Trabalho/exercicio.py", "eco.rs"] {
            assert_eq!(escolhido(&[nome], true).unwrap(), nome);
            assert_eq!(escolhido(&[nome], false), None);
        }
        assert_eq!(escolhido(&["a/b/exercicio.py"], true), None);
    }

    #[test]
    fn dois_programas_sem_nome_certo_nao_se_adivinham() {
        assert_eq!(escolhido(&["a.py", "b.py"], true), None);
    }

    #[test]
    fn o_comando_vence_o_programa_solto() {
        let nomes = ["exercicio.py", "comando"];
        assert_eq!(escolhido(&nomes, true).unwrap(), "comando");
        assert_eq!(
            escolhido(&["cap05/comando"], false).unwrap(),
            "cap05/comando"
        );
    }
}
