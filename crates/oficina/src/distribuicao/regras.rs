//! O que acontece com cada arquivo, só pelo nome dele.

use std::collections::HashSet;

use anyhow::{Result, ensure};

use super::{Pedido, codigo, paginas, tranca};

const SOLUCAO: &str = "soluções";
const MUTANTE: &str = "mutantes, aceitadores e falsificações do corretor";
const CAPITULO: &str = "capítulos que não foram escolhidos";
const PAGINA: &str = "páginas e modelos de quem ensina";
const FERRAMENTA: &str =
    "testes das ferramentas: demoram e não ajudam quem estuda";
const CASA: &str = "da casa do livro: CI, contribuição e README do original";
const DESCONHECIDO: &str = "não é parte conhecida do livro";

/// As páginas que falam com quem ensina.
const PAGINAS_DE_QUEM_ENSINA: &[&str] =
    &["book/turma.md", "book/guia-do-professor.md"];

/// As pastas de `crates/` que não são de um capítulo nem de um apêndice.
const FERRAMENTAS: &[&str] = &["bancada", "fio", "livro", "oficina", "turma"];

/// O que se copia da raiz como está.
const DA_RAIZ: &[&str] = &[
    ".gitignore",
    "book.toml",
    "rustfmt.toml",
    ".cargo/config.toml",
];

type Reescrita = fn(&Regras, &str, &str) -> Result<String>;

/// O destino de um arquivo.
pub enum Caminho {
    Copia,
    Reescreve(Reescrita),
    Fora(&'static str),
}

/// As regras para um pedido.
pub struct Regras {
    /// Os capítulos que vão: `cap05-servidor-tcp`.
    pub capitulos: Vec<&'static str>,
    /// O primeiro deles, que serve de exemplo: `cap05`.
    pub exemplo: &'static str,
    /// Uma captura dele, para a capa: `cap05-servidor-tcp/fio/eco.pcap`.
    pub captura: String,
    /// Os apêndices com programas, cada um com o nome da página dele.
    pub apendices: HashSet<String>,
    /// As páginas que ficam de fora: `cap06-enquadramento.md`.
    pub paginas_fora: HashSet<String>,
    /// Os caminhos que vão, para saber que testes e benches existem.
    pub vao: HashSet<String>,
}

impl Regras {
    pub fn novas(pedido: &Pedido, fontes: &[String]) -> Result<Regras> {
        let exemplo = pedido.capitulos.first().copied().unwrap_or_default();
        ensure!(!exemplo.is_empty(), "nenhum capítulo escolhido");
        let mut regras = Regras {
            capitulos: pedido.capitulos.clone(),
            exemplo: exemplo.split('-').next().unwrap_or(exemplo),
            captura: captura(&pedido.capitulos, fontes),
            apendices: apendices(fontes),
            paginas_fora: HashSet::new(),
            vao: HashSet::new(),
        };
        for nome in fontes {
            let fica = matches!(regras.caminho(nome), Caminho::Fora(_));
            match nome.strip_prefix("book/") {
                Some(pagina) if fica => {
                    regras.paginas_fora.insert(pagina.to_owned());
                }
                _ if !fica => {
                    regras.vao.insert(nome.clone());
                }
                _ => {}
            }
        }
        Ok(regras)
    }

    /// Se o capítulo deste nome, inteiro ou curto, vai.
    pub fn vai(&self, capitulo: &str) -> bool {
        let mut capitulos = self.capitulos.iter();
        capitulos.any(|c| *c == capitulo || c.get(..5) == Some(capitulo))
    }

    pub fn caminho(&self, nome: &str) -> Caminho {
        let partes: Vec<_> = nome.split('/').collect();
        match partes.as_slice() {
            _ if e_solucao(nome) => Caminho::Fora(SOLUCAO),
            _ if DA_RAIZ.contains(&nome) => Caminho::Copia,
            ["Cargo.toml"] | [".devcontainer", ..] => Caminho::Copia,
            [licenca] if licenca.starts_with("LICENSE") => Caminho::Copia,
            ["Cargo.lock"] => Caminho::Reescreve(tranca::podar),
            [".ci" | ".github", ..] | ["README.md"] => Caminho::Fora(CASA),
            ["book", ..] => self.do_livro(nome),
            ["crates", "turma", ..] => Caminho::Fora(PAGINA),
            ["crates", sala, ..] if FERRAMENTAS.contains(sala) => {
                self.da_ferramenta(&partes)
            }
            ["crates", capitulo, dentro @ ..]
                if codigo_de_capitulo(capitulo) =>
            {
                self.do_capitulo(capitulo, dentro)
            }
            ["crates", apendice, ..] if self.apendices.contains(*apendice) => {
                Caminho::Copia
            }
            _ => Caminho::Fora(DESCONHECIDO),
        }
    }

    fn do_livro(&self, nome: &str) -> Caminho {
        let pagina = nome.trim_start_matches("book/");
        let nome_da_pagina = pagina.trim_end_matches(".md");
        if PAGINAS_DE_QUEM_ENSINA.contains(&nome)
            || pagina.starts_with("imagens/turma-")
        {
            Caminho::Fora(PAGINA)
        } else if codigo_de_capitulo(nome_da_pagina)
            && !self.vai(nome_da_pagina)
        {
            Caminho::Fora(CAPITULO)
        } else if pagina == "SUMMARY.md" {
            Caminho::Reescreve(paginas::sumario)
        } else if pagina.ends_with(".md") {
            Caminho::Reescreve(paginas::pagina)
        } else {
            Caminho::Copia
        }
    }

    fn da_ferramenta(&self, partes: &[&str]) -> Caminho {
        match partes {
            [_, "oficina", "tests", pasta, ..]
                if pasta.starts_with("cap")
                    || pasta.starts_with("falsificacoes")
                    || pasta.starts_with("mutantes") =>
            {
                Caminho::Fora(MUTANTE)
            }
            [_, _, "tests" | "benches" | "navegador", ..] => {
                Caminho::Fora(FERRAMENTA)
            }
            [_, "oficina", "modelos", ..] => Caminho::Fora(PAGINA),
            [_, _, "Cargo.toml"] => Caminho::Reescreve(codigo::manifesto),
            [_, "oficina", "src", "lib.rs"] => {
                Caminho::Reescreve(codigo::raiz_da_oficina)
            }
            [_, "oficina", "src", "exercicios", "mod.rs"] => {
                Caminho::Reescreve(codigo::lista_de_exercicios)
            }
            [_, "oficina", "src", "exercicios", arquivo, ..]
                if !self.vai(arquivo.trim_end_matches(".rs")) =>
            {
                Caminho::Fora(CAPITULO)
            }
            _ => Caminho::Copia,
        }
    }

    fn do_capitulo(&self, capitulo: &str, dentro: &[&str]) -> Caminho {
        if !self.vai(capitulo) {
            return Caminho::Fora(CAPITULO);
        }
        match dentro {
            ["tests", ..] => Caminho::Reescreve(codigo::testes),
            ["saidas", _] => Caminho::Reescreve(codigo::sem_nome_da_solucao),
            ["fio", arquivo] if arquivo.ends_with(".roteiro") => {
                Caminho::Reescreve(codigo::sem_nome_da_solucao)
            }
            _ => Caminho::Copia,
        }
    }
}

/// A primeira captura do primeiro capítulo que tem uma.
fn captura(capitulos: &[&str], fontes: &[String]) -> String {
    let do_capitulo = |capitulo: &&str| {
        let pasta = format!("crates/{capitulo}/fio/");
        fontes
            .iter()
            .find(|nome| nome.starts_with(&pasta) && nome.ends_with(".pcap"))
    };
    let achada = capitulos.iter().find_map(do_capitulo);
    let achada = achada.map_or("", |nome| nome.trim_start_matches("crates/"));
    achada.to_owned()
}

/// As pastas de `crates/` que não são de um capítulo e têm a página delas.
fn apendices(fontes: &[String]) -> HashSet<String> {
    let paginas = fontes.iter().filter_map(|nome| {
        let pagina = nome.strip_prefix("book/")?.strip_suffix(".md")?;
        let pasta = format!("crates/{pagina}/Cargo.toml");
        fontes.contains(&pasta).then(|| pagina.to_owned())
    });
    let apendice = |nome: &String| {
        !codigo_de_capitulo(nome) && !FERRAMENTAS.contains(&nome.as_str())
    };
    paginas.filter(apendice).collect()
}

/// `cap05-servidor-tcp`, e não `cap05` nem `captura`.
fn codigo_de_capitulo(nome: &str) -> bool {
    let numero = nome.strip_prefix("cap").and_then(|resto| resto.get(..3));
    numero.is_some_and(|n| n.ends_with('-') && n[..2].parse::<u8>().is_ok())
}

fn e_solucao(nome: &str) -> bool {
    let arquivo = nome.rsplit('/').next().unwrap_or(nome);
    let tronco = arquivo.split('.').next().unwrap_or(arquivo);
    tronco.ends_with("-solucao")
}

/// Uma solução, um mutante ou um aceitador, no livro completo.
pub fn e_resposta(nome: &str) -> bool {
    let partes: Vec<_> = nome.split('/').collect();
    let dos_testes = matches!(
        partes.as_slice(),
        ["crates", "oficina", "tests", pasta, _] if pasta.starts_with("cap")
    );
    dos_testes || e_solucao(nome)
}

/// Um programa que o livro mostra, em Rust, em Python ou em C: o de um
/// capítulo ou o de um apêndice, e não o das ferramentas.
pub fn e_codigo_do_capitulo(nome: &str) -> bool {
    let partes: Vec<_> = nome.split('/').collect();
    let codigo = [".rs", ".py", ".c"].iter().any(|fim| nome.ends_with(fim));
    codigo
        && matches!(
            partes.as_slice(),
            ["crates", sala, "src" | "python" | "c", ..]
                if !FERRAMENTAS.contains(sala)
        )
}

/// Os arquivos que só o repositório dos alunos tem.
pub fn modelos(
    capitulos: &[&'static str],
) -> Result<Vec<(&'static str, String)>> {
    let exemplo = capitulos[0].split('-').next().unwrap_or(capitulos[0]);
    let lista: String = capitulos
        .iter()
        .map(|capitulo| format!("- `{capitulo}`\n"))
        .collect();
    let modelos = [
        ("README.md", include_str!("modelos/README.md")),
        (
            ".github/workflows/conferir.yml",
            include_str!("modelos/conferir.yml"),
        ),
        (
            ".github/classroom50/LEIA.md",
            include_str!("modelos/classroom50/LEIA.md"),
        ),
        (
            ".github/classroom50/autograder.py",
            include_str!("modelos/classroom50/autograder.py"),
        ),
        (
            ".github/classroom50/runtime.json",
            include_str!("modelos/classroom50/runtime.json"),
        ),
    ];
    Ok(modelos
        .into_iter()
        .map(|(nome, texto)| {
            let texto = texto.replace("{{exemplo}}", exemplo);
            (nome, texto.replace("{{capitulos}}\n", &lista))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn um_nome_de_capitulo_tem_numero_e_assunto() {
        assert!(codigo_de_capitulo("cap05-servidor-tcp"));
        for nome in ["cap05", "captura", "cap-x", "livro", "capítulo"] {
            assert!(!codigo_de_capitulo(nome), "{nome}");
        }
    }

    #[test]
    fn a_solucao_e_reconhecida_em_qualquer_pasta() {
        for nome in [
            "crates/cap05-servidor-tcp/src/bin/cap05-solucao.rs",
            "crates/cap05-servidor-tcp/python/cap05-solucao.py",
            "crates/cap99-novo/c/cap99-solucao.c",
        ] {
            assert!(e_solucao(nome) && e_resposta(nome), "{nome}");
        }
        assert!(!e_resposta("crates/oficina/tests/mutantes.rs"));
        assert!(e_resposta("crates/oficina/tests/cap05/aceitador-copy.rs"));
    }
}
