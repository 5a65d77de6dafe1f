//! O laço que lê a página de cima a baixo e troca cada diretiva por HTML.

use super::aberta::{Aberta, fim};
use super::argumentos::{Diretiva, tem_diretiva};
use super::cerca::Cerca;
use super::exercicio::{self, Entorno};
use super::listagem::{self, Bloco};
use super::{
    Contexto, Lugar, abas, caixas, etapas, ficha, figura, nota, pergunta,
    sessao,
};
use crate::falha::Falha;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Expande as diretivas da página `pagina`, um caminho a partir da pasta das
/// páginas. Devolve o texto para o mdBook e o que está errado nele.
pub fn expandir(
    contexto: &Contexto,
    pagina: &Path,
    texto: &str,
) -> (String, Vec<Falha>) {
    let arquivo = contexto.fonte.join(pagina);
    let mut expansor = Expansor::novo(contexto, &arquivo, texto);
    while expansor.atual < expansor.linhas.len() {
        expansor.passo();
    }
    expansor.conferir_fim();
    (expansor.saida, expansor.falhas)
}

struct Expansor<'a> {
    contexto: &'a Contexto,
    arquivo: &'a PathBuf,
    linhas: Vec<&'a str>,
    atual: usize,
    saida: String,
    falhas: Vec<Falha>,
    abertas: Vec<Aberta>,
    /// Nível do último título.
    nivel: usize,
    perguntas: usize,
    /// Palavra que vai na frente do próximo parágrafo.
    rotulo: Option<&'static str>,
    sintomas: BTreeSet<String>,
    titulo_exercicio: bool,
}

impl<'a> Expansor<'a> {
    fn novo(
        contexto: &'a Contexto,
        arquivo: &'a PathBuf,
        texto: &'a str,
    ) -> Expansor<'a> {
        let linhas: Vec<&str> = texto.lines().collect();
        let sintomas = linhas
            .iter()
            .filter_map(|linha| Diretiva::ler(linha))
            .filter(|lida| lida.nome == "sintoma" && !lida.fecha)
            .map(|lida| lida.argumentos.to_string())
            .collect();
        let titulo_exercicio = linhas.iter().any(|linha| {
            linha.starts_with('#')
                && linha.trim_matches(['#', ' ']) == "Exercício"
        });
        Expansor {
            contexto,
            arquivo,
            linhas,
            atual: 0,
            saida: String::with_capacity(texto.len() * 4),
            falhas: Vec::new(),
            abertas: Vec::new(),
            nivel: 1,
            perguntas: 0,
            rotulo: None,
            sintomas,
            titulo_exercicio,
        }
    }

    /// O lugar da linha atual.
    fn lugar(&self) -> Lugar<'a> {
        Lugar {
            contexto: self.contexto,
            pagina: self.arquivo,
            linha: self.atual + 1,
        }
    }

    fn passo(&mut self) {
        let linha = self.linhas[self.atual];
        if let Some(cerca) = Cerca::abrir(linha) {
            self.bloco_de_codigo(&cerca);
        } else if let Some(tipo) = nota::tipo(linha) {
            self.nota(tipo);
        } else if let Some(diretiva) = Diretiva::ler(linha) {
            if let Err(falha) = self.diretiva(diretiva) {
                self.falhas.push(falha);
            }
            self.atual += 1;
        } else {
            self.linha_comum(linha);
            self.atual += 1;
        }
    }

    /// `> [!NOTE]` e as linhas que a seguem na mesma citação.
    fn nota(&mut self, tipo: &str) {
        match nota::abertura(tipo) {
            Some(html) => self.html(&html),
            None => self.falhas.push(self.lugar().falha(nota::desconhecida())),
        }
        self.atual += 1;
        while let Some(linha) = self.linhas.get(self.atual)
            && let Some(dentro) = linha.strip_prefix('>')
        {
            self.linha_comum(dentro.strip_prefix(' ').unwrap_or(dentro));
            self.atual += 1;
        }
        self.html("</div>");
    }

    fn linha_comum(&mut self, linha: &str) {
        if tem_diretiva(linha) {
            self.falhas.push(self.lugar().falha(
                "uma diretiva fica sozinha na linha, e `{{#include}}` só vale \
                 dentro de um bloco de código começado na margem; para \
                 mostrar o texto, escreva `\\{{#`",
            ));
            return;
        }
        let vazia = linha.trim().is_empty();
        if let Some(Aberta::Abas { .. }) = self.abertas.last()
            && !vazia
        {
            self.falhas.push(self.lugar().falha(
                "entre `{{#abas}}` e `{{/abas}}` só cabem blocos de código",
            ));
            return;
        }
        let titulo = linha.chars().take_while(|c| *c == '#').count();
        if (1..=6).contains(&titulo) && linha[titulo..].starts_with(' ') {
            self.nivel = titulo;
        }
        if !vazia {
            self.escrever_rotulo(linha);
        }
        self.saida.push_str(linha);
        self.saida.push('\n');
    }

    /// Põe "Sintoma:" ou "Causa:" na frente do primeiro parágrafo da caixa.
    fn escrever_rotulo(&mut self, linha: &str) {
        let Some(rotulo) = self.rotulo.take() else {
            return;
        };
        let paragrafo =
            !linha.starts_with(['#', '*', '-', '+', '>', '|', '<', ' ']);
        if paragrafo {
            self.saida
                .push_str(&format!("<b class=\"rotulo\">{rotulo}:</b> "));
        } else {
            self.html(&format!("<p class=\"rotulo\"><b>{rotulo}</b></p>"));
        }
    }

    /// Escreve um bloco de HTML, separado do Markdown em volta.
    fn html(&mut self, html: &str) {
        self.saida.push('\n');
        self.saida.push_str(html);
        self.saida.push_str("\n\n");
    }

    /// Lê até a linha que serve, sem contá-la; `None` se ela não existe.
    fn ate(&mut self, serve: impl Fn(&str) -> bool) -> Option<Vec<&'a str>> {
        let inicio = self.atual + 1;
        let tamanho = self.linhas[inicio..]
            .iter()
            .position(|linha| serve(linha))?;
        self.atual = inicio + tamanho;
        Some(self.linhas[inicio..inicio + tamanho].to_vec())
    }

    fn bloco_de_codigo(&mut self, cerca: &Cerca) {
        let lugar = self.lugar();
        let inicio = self.atual;
        let Some(linhas) = self.ate(|linha| cerca.fecha(linha)) else {
            self.falhas.push(
                lugar.falha(
                    "o bloco de código não fecha; falta a linha de crases",
                ),
            );
            self.atual = self.linhas.len();
            return;
        };
        let fim = self.atual;
        self.atual += 1;
        if let Some(rotulo) = self.rotulo.take() {
            self.html(&format!("<p class=\"rotulo\"><b>{rotulo}</b></p>"));
        }
        match listagem::bloco(lugar, cerca, &linhas) {
            Ok(Bloco::Html(html)) => self.listagem(lugar, cerca, &html),
            Ok(Bloco::Igual) => {
                for linha in &self.linhas[inicio..=fim] {
                    self.saida.push_str(linha);
                    self.saida.push('\n');
                }
            }
            Err(falha) => self.falhas.push(falha),
        }
    }

    /// Uma listagem sozinha, ou dentro de uma aba.
    fn listagem(&mut self, lugar: Lugar<'_>, cerca: &Cerca, html: &str) {
        let nivel = (self.nivel + 1).min(6);
        let Some(Aberta::Abas { linguas, .. }) = self.abertas.last_mut() else {
            self.html(html);
            return;
        };
        if linguas.contains(&cerca.lingua) {
            let nome = crate::realce::Lingua::da_cerca(&cerca.lingua).nome();
            self.falhas.push(lugar.falha(format!(
                "o conjunto tem duas abas de {nome}; use uma por linguagem"
            )));
            return;
        }
        linguas.push(cerca.lingua.clone());
        self.html(&abas::aba(cerca, nivel, html));
    }

    fn diretiva(&mut self, lida: Diretiva<'_>) -> Result<(), Falha> {
        let lugar = self.lugar();
        if let Some(Aberta::Abas { .. }) = self.abertas.last()
            && lida.nome != "abas"
        {
            return Err(lugar.falha(
                "entre `{{#abas}}` e `{{/abas}}` só cabem blocos de código",
            ));
        }
        match (lida.nome, lida.fecha) {
            ("abas" | "conseguir" | "sintoma", true) => self.fechar(lida.nome),
            ("abas" | "conseguir" | "sintoma" | "causa", false) => {
                self.abrir(lida)
            }
            ("pergunta", false) => self.pergunta(lugar),
            ("fio", false) => self.figura(lugar, lida.argumentos),
            (nome, fecha) => {
                let html = self.simples(lugar, nome, fecha, lida.argumentos)?;
                self.html(&html);
                Ok(())
            }
        }
    }

    /// As diretivas de uma linha só.
    fn simples(
        &self,
        lugar: Lugar<'_>,
        nome: &str,
        fecha: bool,
        argumentos: &str,
    ) -> Result<String, Falha> {
        match nome {
            "sessao" if !fecha => sessao::gravada(lugar, argumentos),
            "ficha" if !fecha => ficha::ficha(lugar, argumentos),
            "exercicio" if !fecha => {
                let entorno = Entorno {
                    nivel: (self.nivel + 1).min(6),
                    id_ocupado: self.titulo_exercicio,
                    sintomas: &self.sintomas,
                };
                exercicio::cartao(lugar, argumentos, &entorno)
            }
            "etapas" if !fecha => {
                etapas::do_livro(lugar, argumentos, self.nivel)
            }
            "include" => Err(lugar.falha(
                "`{{#include}}` só vale dentro de um bloco de código começado \
                 na margem",
            )),
            _ => Err(lugar.falha(desconhecida(nome, fecha))),
        }
    }

    fn abrir(&mut self, lida: Diretiva<'_>) -> Result<(), Falha> {
        let lugar = self.lugar();
        if lida.nome == "causa" {
            return self.causa(lugar);
        }
        if let Some(aberta) = self.abertas.last() {
            return Err(lugar.falha(format!(
                "`{{{{#{}}}}}` não cabe dentro de `{{{{#{}}}}}`",
                lida.nome,
                aberta.nome()
            )));
        }
        let linha = lugar.linha;
        let (html, aberta) = match lida.nome {
            "abas" => {
                let linguas = Vec::new();
                (abas::ABRE.to_string(), Aberta::Abas { linha, linguas })
            }
            "conseguir" => {
                (caixas::CONSEGUIR.to_string(), Aberta::Conseguir { linha })
            }
            _ => {
                self.rotulo = Some("Sintoma");
                let causa = false;
                let html = self.sintoma(lugar, lida.argumentos);
                (html, Aberta::Sintoma { linha, causa })
            }
        };
        self.html(&html);
        self.abertas.push(aberta);
        Ok(())
    }

    /// A caixa abre mesmo com o código errado: quem a fecha não tem culpa.
    fn sintoma(&mut self, lugar: Lugar<'_>, codigo: &str) -> String {
        caixas::sintoma(lugar, codigo).unwrap_or_else(|falha| {
            self.falhas.push(falha);
            String::new()
        })
    }

    fn causa(&mut self, lugar: Lugar<'_>) -> Result<(), Falha> {
        match self.abertas.last_mut() {
            Some(Aberta::Sintoma { causa, .. }) if !*causa => *causa = true,
            _ => {
                return Err(lugar.falha(
                    "`{{#causa}}` fica uma vez só dentro de `{{#sintoma}}`",
                ));
            }
        }
        self.html(caixas::CAUSA);
        self.rotulo = Some("Causa");
        Ok(())
    }

    fn fechar(&mut self, nome: &str) -> Result<(), Falha> {
        let lugar = self.lugar();
        let html = match self.abertas.pop() {
            Some(aberta) if aberta.nome() == nome => {
                let ja_falhou = self
                    .falhas
                    .iter()
                    .any(|falha| falha.linha > aberta.linha());
                fim(lugar, &aberta, ja_falhou)?
            }
            outra => {
                self.abertas.extend(outra);
                return Err(lugar.falha(format!(
                    "não há `{{{{#{nome}}}}}` aberto para `{{{{/{nome}}}}}` \
                     fechar"
                )));
            }
        };
        self.rotulo = None;
        self.html(html);
        Ok(())
    }

    fn pergunta(&mut self, lugar: Lugar<'_>) -> Result<(), Falha> {
        let fecha = |linha: &str| linha.trim() == "{{/pergunta}}";
        let Some(linhas) = self.ate(fecha) else {
            return Err(lugar.falha(
                "a pergunta não fecha; falta a linha \
                                    `{{/pergunta}}`",
            ));
        };
        self.perguntas += 1;
        let html = pergunta::pergunta(lugar, self.perguntas, &linhas)?;
        self.html(&html);
        Ok(())
    }

    /// A figura do fio, em uma linha ou em bloco.
    fn figura(
        &mut self,
        lugar: Lugar<'_>,
        argumentos: &str,
    ) -> Result<(), Falha> {
        let seguinte = self.linhas[self.atual + 1..]
            .iter()
            .find_map(|linha| Diretiva::ler(linha));
        let em_bloco =
            seguinte.is_some_and(|lida| lida.nome == "fio" && lida.fecha);
        let linhas = if em_bloco {
            self.ate(|linha| linha.trim() == "{{/fio}}")
                .unwrap_or_default()
        } else {
            Vec::new()
        };
        let html = figura::figura(lugar, argumentos, &linhas)?;
        self.html(&html);
        Ok(())
    }

    fn conferir_fim(&mut self) {
        for aberta in std::mem::take(&mut self.abertas) {
            let (nome, linha) = (aberta.nome(), aberta.linha());
            let lugar = Lugar {
                linha,
                ..self.lugar()
            };
            self.falhas.push(lugar.falha(format!(
                "`{{{{#{nome}}}}}` não fecha; falta a linha `{{{{/{nome}}}}}`"
            )));
        }
    }
}

fn desconhecida(nome: &str, fecha: bool) -> String {
    let marca = if fecha { '/' } else { '#' };
    format!(
        "não conheço a diretiva `{{{{{marca}{nome}}}}}`; as que existem são \
         abas, causa, conseguir, etapas, exercicio, ficha, fio, pergunta, \
         sessao e sintoma"
    )
}

#[cfg(test)]
mod testes {
    use crate::paginas::bancada_de_teste::Mesa;

    fn mesa() -> Mesa {
        Mesa::com(&[("book/cap05-teste.md", "")])
    }

    #[test]
    fn uma_diretiva_desconhecida_e_uma_falha_com_a_lista_das_que_existem() {
        let falha = mesa().falha("# T\n\n{{#video x}}\n");

        assert!(falha.starts_with("book/cap05-teste.md:3: "), "{falha}");
        assert!(falha.contains("`{{#video}}`"), "{falha}");
        assert!(falha.contains("sessao"), "{falha}");
    }

    #[test]
    fn uma_diretiva_no_meio_da_linha_e_uma_falha() {
        let falha = mesa().falha("veja {{#sessao ../a.txt}} aqui");

        assert!(falha.contains("sozinha na linha"), "{falha}");
    }

    #[test]
    fn um_include_fora_de_um_bloco_e_uma_falha() {
        let falha = mesa().falha("{{#include ../a.rs}}");

        assert!(falha.contains("bloco de código"), "{falha}");
    }

    #[test]
    fn um_bloco_de_codigo_sem_fim_e_uma_falha() {
        let falha = mesa().falha("a\n\n```text\nb\n");

        assert!(falha.starts_with("book/cap05-teste.md:3: "), "{falha}");
    }

    #[test]
    fn o_texto_comum_passa_igual() {
        let texto = "# Título\n\nUm *parágrafo* com `\\{{#abas}}`.\n";

        assert_eq!(mesa().html(texto), texto);
    }

    #[test]
    fn todas_as_falhas_da_pagina_saem_de_uma_vez() {
        let (_, falhas) = mesa().expandir("{{#a}}\n\n{{#b}}\n");

        assert_eq!(falhas.len(), 2, "{falhas:?}");
    }
}
