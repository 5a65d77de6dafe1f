//! `{{#etapas}}`: o que cada etapa de cada exercício do livro prova, para quem
//! ensina. Sai dos `exercicio.toml`, como o cartão de cada capítulo.

use super::Lugar;
use super::argumentos::Diretiva;
use super::exercicio::{self, Exercicio};
use super::ficha::numero_do_capitulo;
use crate::falha::Falha;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Os capítulos do sumário que têm exercício, na ordem do livro; cada um com
/// as restrições e uma tabela das etapas.
pub fn do_livro(
    lugar: Lugar<'_>,
    argumentos: &str,
    nivel: usize,
) -> Result<String, Falha> {
    if !argumentos.is_empty() {
        return Err(lugar.falha("`{{#etapas}}` não leva argumentos"));
    }
    let caixas = caixas(lugar);
    let mut saida = String::new();
    for (pagina, titulo) in &lugar.contexto.titulos {
        let nome = pagina.file_stem().unwrap_or_default().to_string_lossy();
        let pasta = lugar.contexto.raiz.join("crates").join(&*nome);
        let arquivo = pasta.join("exercicio.toml");
        if let Some(numero) = numero_do_capitulo(&nome)
            && arquivo.is_file()
        {
            let exercicio = exercicio::ler(lugar, &arquivo)?;
            let titulo = format!("{numero}. {titulo}");
            let nivel = "#".repeat((nivel + 1).min(6));
            // Escrever em uma String não falha.
            let _ = writeln!(saida, "{nivel} {titulo}\n");
            saida.push_str(&do_capitulo(pagina, &exercicio, &caixas));
        }
    }
    if saida.is_empty() {
        return Err(lugar.falha("nenhum capítulo do sumário tem exercício"));
    }
    Ok(saida)
}

/// O exercício de um capítulo, em Markdown.
fn do_capitulo(
    pagina: &Path,
    exercicio: &Exercicio,
    caixas: &BTreeMap<String, PathBuf>,
) -> String {
    let pontos: u32 = exercicio.etapas.iter().map(|e| e.pontos).sum();
    let mut saida = format!(
        "**[{}]({}#exercício)** ({}, {pontos} pontos). {}\n\n",
        exercicio.titulo,
        pagina.display(),
        exercicio.papeis(),
        exercicio.resumo,
    );
    for restricao in &exercicio.restricoes {
        let _ = writeln!(saida, "* Restrição: {restricao}");
    }
    saida.push_str(
        "\n| etapa | o que o corretor faz | erros que reconhece | pontos |\n\
         |--|--|--|--:|\n",
    );
    for (indice, etapa) in exercicio.etapas.iter().enumerate() {
        let erros: Vec<String> = etapa
            .erros
            .iter()
            .map(|codigo| erro(codigo, pagina, caixas))
            .collect();
        let _ = writeln!(
            saida,
            "| {}. {} | {} | {} | {} |",
            indice + 1,
            celula(&etapa.nome),
            celula(&etapa.tenta),
            erros.join(", "),
            etapa.pontos,
        );
    }
    saida.push('\n');
    saida
}

/// O código com um link para a caixa que o explica: a do próprio capítulo, se
/// ele a tem, ou a de outro.
fn erro(
    codigo: &str,
    pagina: &Path,
    caixas: &BTreeMap<String, PathBuf>,
) -> String {
    let chave = |pagina: &Path| format!("{}#{codigo}", pagina.display());
    let propria = caixas.contains_key(&chave(pagina));
    let outra = caixas
        .iter()
        .find(|(chave, _)| chave.ends_with(&format!("#{codigo}")))
        .map(|(_, pagina)| pagina.as_path());
    match if propria { Some(pagina) } else { outra } {
        Some(onde) => {
            let id = codigo.to_lowercase();
            format!("[{codigo}]({}#{id})", onde.display())
        }
        None => codigo.to_owned(),
    }
}

/// As caixas `{{#sintoma MNN}}` do livro: `pagina.md#MNN` e a página.
fn caixas(lugar: Lugar<'_>) -> BTreeMap<String, PathBuf> {
    let mut achadas = BTreeMap::new();
    for pagina in lugar.contexto.titulos.keys() {
        let arquivo = lugar.contexto.fonte.join(pagina);
        let texto = std::fs::read_to_string(arquivo).unwrap_or_default();
        let diretivas = texto.lines().filter_map(Diretiva::ler);
        for lida in diretivas.filter(|d| d.nome == "sintoma" && !d.fecha) {
            if !lida.argumentos.is_empty() {
                let chave = format!("{}#{}", pagina.display(), lida.argumentos);
                achadas.insert(chave, pagina.clone());
            }
        }
    }
    achadas
}

/// O texto em uma célula de tabela: a barra não a divide.
fn celula(texto: &str) -> String {
    texto.replace('|', "\\|")
}

#[cfg(test)]
mod testes {
    use crate::paginas::bancada_de_teste::Mesa;

    const EXERCICIO: &str = r#"
titulo = "Um eco"
papel = "servidor"
resumo = "Devolva `tudo`."
restricoes = ["Sem threads."]
requisitos = ["Escute."]

[[etapas]]
id = "eco"
nome = "devolve a|b"
tenta = "inteiro"
pontos = 2
erros = ["M01", "M06", "M40"]
dicas = ["primeira"]

[[etapas]]
id = "fim"
nome = "encerra"
tenta = "lento"
pontos = 3
dicas = ["primeira"]
"#;

    const SINTOMA: &str = "{{#sintoma M06}}\na\n{{#causa}}\nb\n{{/sintoma}}\n";

    fn mesa() -> Mesa {
        let outra = SINTOMA.replace("M06", "M01");
        let mut mesa = Mesa::com(&[
            ("book/cap05-teste.md", SINTOMA),
            ("book/cap06-outra.md", &outra),
            ("crates/cap05-teste/exercicio.toml", EXERCICIO),
        ]);
        for (pagina, titulo) in [
            ("cap05-teste.md", "Um servidor"),
            ("cap06-outra.md", "Sem exercício"),
            ("guia.md", "Guia"),
        ] {
            mesa.contexto.titulos.insert(pagina.into(), titulo.into());
        }
        mesa
    }

    #[test]
    fn a_tabela_sai_do_exercicio_com_pontos_restricoes_e_erros() {
        let texto = mesa().html("## As etapas\n\n{{#etapas}}");

        assert!(texto.contains("### 5. Um servidor\n"), "{texto}");
        assert!(
            texto.contains(
                "**[Um eco](cap05-teste.md#exercício)** (servidor, 5 pontos)"
            ),
            "{texto}"
        );
        assert!(texto.contains("* Restrição: Sem threads."), "{texto}");
        assert!(texto.contains("| 1. devolve a\\|b | inteiro |"), "{texto}");
        assert!(texto.contains("| 2. encerra | lento |  | 3 |"), "{texto}");
        assert!(!texto.contains("Sem exercício"), "{texto}");
    }

    #[test]
    fn o_erro_aponta_para_a_caixa_do_capitulo_ou_para_a_de_outro() {
        let texto = mesa().html("## As etapas\n\n{{#etapas}}");

        assert!(texto.contains("[M06](cap05-teste.md#m06)"), "{texto}");
        assert!(texto.contains("[M01](cap06-outra.md#m01)"), "{texto}");
        assert!(texto.contains(", M40 |"), "{texto}");
    }

    #[test]
    fn sem_nenhum_exercicio_e_uma_falha() {
        let vazia = Mesa::com(&[("book/cap05-teste.md", "")]);
        let falha = vazia.falha("\n{{#etapas}}");

        assert!(falha.starts_with("book/cap05-teste.md:2: "), "{falha}");
    }
}
