//! `{{#exercicio}}`: o cartão do exercício, desenhado a partir do
//! `exercicio.toml` do capítulo de mesmo nome.

use super::Lugar;
use crate::falha::Falha;
use crate::html::{de_markdown_em_linha, escapar};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// O que o exercício pede (`crates/capNN-…/exercicio.toml`).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exercicio {
    pub(super) titulo: String,
    papel: Papel,
    pub(super) resumo: String,
    #[serde(default)]
    pub(super) restricoes: Vec<String>,
    pub(super) requisitos: Vec<String>,
    pub(super) etapas: Vec<Etapa>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Etapa {
    pub(super) id: String,
    pub(super) nome: String,
    pub(super) tenta: String,
    pub(super) pontos: u32,
    #[serde(default)]
    pub(super) erros: Vec<String>,
    pub(super) dicas: Vec<String>,
    papel: Option<Papel>,
    /// Estes só a oficina usa.
    #[serde(rename = "argumentos")]
    _argumentos: Option<IgnoredAny>,
    #[serde(rename = "a_mao")]
    _a_mao: Option<IgnoredAny>,
}

/// O lado da conversa que o leitor escreve.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Papel {
    Servidor,
    Cliente,
    ServidorUdp,
    ClienteUdp,
}

impl Papel {
    fn nome(self) -> &'static str {
        match self {
            Papel::Servidor => "servidor",
            Papel::Cliente => "cliente",
            Papel::ServidorUdp => "servidor UDP",
            Papel::ClienteUdp => "cliente UDP",
        }
    }
}

impl Exercicio {
    /// Os papéis do programa, na ordem em que as etapas os pedem: `servidor
    /// UDP e cliente UDP`.
    pub(super) fn papeis(&self) -> String {
        let mut papeis = Vec::new();
        for etapa in &self.etapas {
            let papel = etapa.papel.unwrap_or(self.papel).nome();
            if !papeis.contains(&papel) {
                papeis.push(papel);
            }
        }
        papeis.join(" e ")
    }
}

/// O que o cartão precisa saber da página em que está.
pub struct Entorno<'a> {
    /// Nível do título do cartão.
    pub nivel: usize,
    /// Se a página já tem um título "Exercício", que ocupa o `id`.
    pub id_ocupado: bool,
    /// Os erros clássicos que têm caixa na página.
    pub sintomas: &'a BTreeSet<String>,
}

/// O cartão do exercício da página.
pub fn cartao(
    lugar: Lugar<'_>,
    argumentos: &str,
    entorno: &Entorno<'_>,
) -> Result<String, Falha> {
    if !argumentos.is_empty() {
        return Err(lugar.falha("`{{#exercicio}}` não leva argumentos"));
    }
    let pasta = lugar.contexto.raiz.join("crates").join(lugar.nome());
    let exercicio = ler(lugar, &pasta.join("exercicio.toml"))?;
    let mut html = abertura(lugar, &exercicio, entorno);
    lista(&mut html, "Requisitos", &exercicio.requisitos);
    lista(&mut html, "Restrições", &exercicio.restricoes);
    html.push_str(&comandos(lugar, &pasta));
    html.push_str("<ol class=\"etapas\">");
    for etapa in &exercicio.etapas {
        html.push_str(&etapa.html(entorno));
    }
    html.push_str("</ol></section>");
    Ok(html)
}

/// Lê e confere o `exercicio.toml` de um capítulo.
pub(super) fn ler(
    lugar: Lugar<'_>,
    arquivo: &PathBuf,
) -> Result<Exercicio, Falha> {
    let texto = std::fs::read_to_string(arquivo).map_err(|erro| {
        lugar.falha(format!(
            "o capítulo não tem `crates/{}/exercicio.toml` ({erro})",
            lugar.nome()
        ))
    })?;
    let exercicio: Exercicio = toml::from_str(&texto).map_err(|erro| {
        let inicio = erro.span().map_or(0, |trecho| trecho.start);
        let linha = texto[..inicio].matches('\n').count() + 1;
        lugar.falha_em(
            arquivo,
            linha,
            format!("o exercício não pôde ser lido ({})", erro.message()),
        )
    })?;
    conferir(lugar, arquivo, &exercicio)?;
    Ok(exercicio)
}

fn conferir(
    lugar: Lugar<'_>,
    arquivo: &Path,
    exercicio: &Exercicio,
) -> Result<(), Falha> {
    let falha = |texto: &str| Err(lugar.falha_em(arquivo, 1, texto));
    if exercicio.etapas.is_empty() {
        return falha("o exercício não tem nenhuma etapa");
    }
    let sem_dica = exercicio.etapas.iter().find(|e| e.dicas.is_empty());
    match sem_dica {
        Some(etapa) => {
            falha(&format!("a etapa `{}` não tem nenhuma dica", etapa.id))
        }
        None => Ok(()),
    }
}

fn abertura(
    lugar: Lugar<'_>,
    exercicio: &Exercicio,
    entorno: &Entorno<'_>,
) -> String {
    let nome = lugar.nome();
    let id = if entorno.id_ocupado {
        String::new()
    } else {
        " id=\"exercicio\"".to_string()
    };
    let nivel = entorno.nivel;
    format!(
        "<section class=\"exercicio\"{id} data-capitulo=\"{nome}\">\
         <h{nivel} class=\"titulo\">{}</h{nivel}>\
         <p class=\"resumo\">{}</p>\
         <p class=\"papel-do-programa\">Seu programa é o <b>{}</b>.</p>",
        de_markdown_em_linha(&exercicio.titulo),
        de_markdown_em_linha(&exercicio.resumo),
        exercicio.papeis(),
    )
}

fn lista(html: &mut String, rotulo: &str, itens: &[String]) {
    if itens.is_empty() {
        return;
    }
    let itens: String = itens
        .iter()
        .map(|item| format!("<li>{}</li>", de_markdown_em_linha(item)))
        .collect();
    // Escrever em uma String não falha.
    let _ = write!(
        html,
        "<p class=\"rotulo\">{rotulo}</p><ul class=\"regras\">{itens}</ul>"
    );
}

/// Onde escrever e como conferir, em Rust e, se o capítulo tem, em Python.
fn comandos(lugar: Lugar<'_>, pasta: &Path) -> String {
    let nome = lugar.nome();
    let curto = nome.split('-').next().unwrap_or(nome);
    let conferir = format!("cargo oficina conferir {curto}");
    let python = format!("python/{curto}-exercicio.py");
    let mut html = format!(
        "<p class=\"rotulo\">Escreva em \
         <code>crates/{nome}/src/bin/{curto}-exercicio.rs</code> e \
         confira:</p>{}",
        comando(&conferir)
    );
    if pasta.join(&python).exists() {
        let _ = write!(
            html,
            "<p class=\"rotulo\">Em Python, o ponto de partida é \
             <code>crates/{nome}/{python}</code>:</p>{}",
            comando(&format!("{conferir} -- python3 crates/{nome}/{python}"))
        );
    }
    html
}

fn comando(texto: &str) -> String {
    format!(
        "<pre class=\"comando-do-exercicio\" tabindex=\"0\">\
         <span class=\"prompt\">$ </span>\
         <span class=\"comando\">{}</span></pre>",
        escapar(texto)
    )
}

impl Etapa {
    fn html(&self, entorno: &Entorno<'_>) -> String {
        let pontos = match self.pontos {
            1 => "1 ponto".to_string(),
            varios => format!("{varios} pontos"),
        };
        format!(
            "<li data-etapa=\"{}\"><div class=\"etapa\">\
             <span class=\"marca\" aria-hidden=\"true\">○</span> \
             <span class=\"nome\">{}</span> \
             <span class=\"tenta\">{}</span> \
             <span class=\"pontos\">{pontos}</span>{}</div>{}</li>",
            escapar(&self.id),
            de_markdown_em_linha(&self.nome),
            escapar(&self.tenta),
            self.erros(entorno),
            dicas(&self.dicas, 0),
        )
    }

    /// Os erros clássicos da etapa que a página explica.
    fn erros(&self, entorno: &Entorno<'_>) -> String {
        self.erros
            .iter()
            .filter(|codigo| entorno.sintomas.contains(*codigo))
            .map(|codigo| {
                format!(
                    " <a class=\"codigo\" href=\"#{}\">{codigo}</a>",
                    codigo.to_lowercase()
                )
            })
            .collect()
    }
}

/// As dicas, uma dentro da outra: a segunda só aparece depois da primeira.
fn dicas(dicas: &[String], nivel: usize) -> String {
    let Some(dica) = dicas.get(nivel) else {
        return String::new();
    };
    format!(
        "<details class=\"dica\"><summary>Dica {} de {}</summary>\
         <p>{}</p>{}</details>",
        nivel + 1,
        dicas.len(),
        de_markdown_em_linha(dica),
        self::dicas(dicas, nivel + 1)
    )
}

#[cfg(test)]
mod testes {
    use crate::paginas::bancada_de_teste::Mesa;

    const EXERCICIO: &str = r#"
titulo = "Um eco"
papel = "servidor"
resumo = "Devolva `tudo`."
requisitos = ["Escute no endereço dado."]

[[etapas]]
id = "eco"
nome = "devolve o que recebeu"
tenta = "inteiro · lento"
pontos = 2
erros = ["M01", "M06"]
dicas = ["primeira", "segunda"]
"#;

    fn mesa(exercicio: &str) -> Mesa {
        Mesa::com(&[
            ("book/cap05-teste.md", ""),
            ("crates/cap05-teste/exercicio.toml", exercicio),
        ])
    }

    #[test]
    fn o_cartao_tem_o_comando_as_etapas_e_as_dicas_uma_dentro_da_outra() {
        let html = mesa(EXERCICIO).html("## Prática\n\n{{#exercicio}}");

        assert!(html.contains("id=\"exercicio\""), "{html}");
        assert!(html.contains("<h3 class=\"titulo\">Um eco</h3>"), "{html}");
        assert!(html.contains("cargo oficina conferir cap05<"), "{html}");
        assert!(html.contains("<li data-etapa=\"eco\">"), "{html}");
        assert!(
            html.contains("<p>segunda</p></details></details>"),
            "{html}"
        );
    }

    #[test]
    fn o_codigo_do_erro_aponta_para_a_caixa_da_pagina() {
        let html = mesa(EXERCICIO).html(
            "{{#sintoma M06}}\na\n{{#causa}}\nb\n{{/sintoma}}\n\n\
             {{#exercicio}}",
        );

        assert!(html.contains("href=\"#m06\">M06</a>"), "{html}");
        assert!(!html.contains("M01"), "{html}");
    }

    #[test]
    fn o_titulo_exercicio_da_pagina_fica_com_o_endereco() {
        let html = mesa(EXERCICIO).html("## Exercício\n\n{{#exercicio}}");

        assert!(!html.contains("id=\"exercicio\""), "{html}");
    }

    #[test]
    fn os_papeis_sao_os_das_etapas_e_os_campos_da_oficina_nao_aparecem() {
        let outra = "papel = \"cliente-udp\"\nargumentos = [\"eco\"]\n\
                     a_mao = { outro = \"nc\" }\n";
        let segunda = EXERCICIO.split_once("[[etapas]]").unwrap().1;
        let texto = format!("{EXERCICIO}{outra}\n[[etapas]]{segunda}");
        let html = mesa(&texto).html("{{#exercicio}}");

        assert!(html.contains("<b>cliente UDP e servidor</b>"), "{html}");
    }

    #[test]
    fn um_capitulo_sem_exercicio_e_uma_falha() {
        let vazia = Mesa::com(&[("book/cap05-teste.md", "")]);
        let falha = vazia.falha("\n{{#exercicio}}");

        assert!(falha.starts_with("book/cap05-teste.md:2: "), "{falha}");
    }

    #[test]
    fn um_campo_desconhecido_e_uma_falha_no_arquivo_do_exercicio() {
        let texto = EXERCICIO.replace("pontos = 2", "pontos = 2\ncor = 1");
        let falha = mesa(&texto).falha("{{#exercicio}}");

        assert!(
            falha.starts_with("crates/cap05-teste/exercicio.toml:12: "),
            "{falha}"
        );
    }

    #[test]
    fn uma_etapa_sem_dica_e_uma_falha() {
        let texto = EXERCICIO.replace("[\"primeira\", \"segunda\"]", "[]");
        let falha = mesa(&texto).falha("{{#exercicio}}");

        assert!(falha.contains("`eco` não tem nenhuma dica"), "{falha}");
    }
}
