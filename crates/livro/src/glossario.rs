//! Os termos do glossário: um link para `glossario.md#termo` leva junto a
//! definição, que o tema mostra sem sair da página.

use crate::html::escapar;
use crate::revisao::Enderecos;
use mdbook_markdown::new_cmark_parser;
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use std::collections::BTreeMap;

/// O arquivo do glossário, a partir da pasta das páginas.
pub const ARQUIVO: &str = "glossario.md";

/// O máximo de letras de uma definição fora do glossário.
const TAMANHO: usize = 300;

/// As definições, pelo endereço do termo.
#[derive(Debug, Clone, Default)]
pub struct Glossario {
    definicoes: BTreeMap<String, String>,
}

impl Glossario {
    /// Lê o glossário: cada título é um termo, e o primeiro parágrafo depois
    /// dele é a definição.
    pub fn ler(texto: &str) -> Glossario {
        let mut leitura = Leitura::default();
        let opcoes = crate::html::opcoes();
        for evento in new_cmark_parser(texto, &opcoes) {
            leitura.evento(&evento);
        }
        Glossario {
            definicoes: leitura.definicoes,
        }
    }

    /// Põe a definição em cada link para um termo.
    pub fn marcar(&self, texto: &str) -> String {
        if self.definicoes.is_empty() || !texto.contains(ARQUIVO) {
            return texto.to_string();
        }
        self.marcar_html(&self.marcar_markdown(texto))
    }

    /// Os links escritos em Markdown: `[termo](glossario.md#termo)`.
    fn marcar_markdown(&self, texto: &str) -> String {
        let opcoes = crate::html::opcoes();
        let mut saida = String::with_capacity(texto.len() * 2);
        let mut copiado = 0;
        let eventos = new_cmark_parser(texto, &opcoes).into_offset_iter();
        for (evento, trecho) in eventos {
            let Event::Start(Tag::Link { dest_url, .. }) = evento else {
                continue;
            };
            let escrito = &texto[trecho.clone()];
            let dentro = escrito
                .strip_prefix('[')
                .and_then(|resto| resto.rsplit_once("]("));
            if let (Some(abre), Some((dentro, _))) =
                (self.abertura(&dest_url), dentro)
            {
                saida.push_str(&texto[copiado..trecho.start]);
                saida.push_str(&format!("{abre}{dentro}</a>"));
                copiado = trecho.end;
            }
        }
        saida.push_str(&texto[copiado..]);
        saida
    }

    /// Os links já em HTML, dentro de perguntas e legendas.
    fn marcar_html(&self, texto: &str) -> String {
        let marca = format!("<a href=\"{ARQUIVO}#");
        let mut partes = texto.split(marca.as_str());
        let mut saida = partes.next().unwrap_or_default().to_string();
        for parte in partes {
            let (id, resto) = parte.split_once("\">").unwrap_or((parte, ""));
            match self.abertura(&format!("{ARQUIVO}#{id}")) {
                Some(abre) => saida.push_str(&format!("{abre}{resto}")),
                None => saida.push_str(&format!("{marca}{parte}")),
            }
        }
        saida
    }

    /// A abertura do link com a definição, se o destino é um termo.
    fn abertura(&self, destino: &str) -> Option<String> {
        let id = destino.strip_prefix(ARQUIVO)?.strip_prefix('#')?;
        let definicao = self.definicoes.get(id)?;
        Some(format!(
            "<a class=\"termo\" href=\"{ARQUIVO}#{id}\" data-def=\"{}\">",
            escapar(definicao)
        ))
    }
}

#[derive(Default)]
struct Leitura {
    definicoes: BTreeMap<String, String>,
    enderecos: Enderecos,
    titulo: Option<(Option<String>, String)>,
    paragrafo: Option<String>,
    /// O termo que ainda espera a definição.
    termo: Option<String>,
}

impl Leitura {
    fn evento(&mut self, evento: &Event<'_>) {
        match evento {
            Event::Start(Tag::Heading { id, .. }) => {
                let id = id.as_ref().map(ToString::to_string);
                self.titulo = Some((id, String::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                let (id, texto) = self.titulo.take().unwrap_or_default();
                self.termo = Some(self.enderecos.do_titulo(id, &texto));
            }
            Event::Start(Tag::Paragraph) if self.termo.is_some() => {
                self.paragrafo = Some(String::new());
            }
            Event::End(TagEnd::Paragraph) => self.definir(),
            Event::Text(trecho) | Event::Code(trecho) => self.texto(trecho),
            Event::SoftBreak | Event::HardBreak => self.texto(" "),
            _ => {}
        }
    }

    fn texto(&mut self, trecho: &str) {
        if let Some((_, titulo)) = &mut self.titulo {
            titulo.push_str(trecho);
        } else if let Some(paragrafo) = &mut self.paragrafo {
            paragrafo.push_str(trecho);
        }
    }

    fn definir(&mut self) {
        if let (Some(termo), Some(texto)) =
            (self.termo.take(), self.paragrafo.take())
        {
            self.definicoes.insert(termo, resumir(&texto));
        }
    }
}

/// No máximo `TAMANHO` letras, cortadas em um espaço.
fn resumir(texto: &str) -> String {
    let texto = texto.trim();
    let Some((corte, _)) = texto.char_indices().nth(TAMANHO) else {
        return texto.to_string();
    };
    let ate = texto[..corte].rfind(' ').unwrap_or(corte);
    format!("{}…", &texto[..ate])
}

#[cfg(test)]
mod testes {
    use super::*;

    fn glossario() -> Glossario {
        Glossario::ler(
            "# Glossário\n\n## Socket de escuta\n\nO socket que `accept` usa \
             para\n\"receber\".\n\nOutro parágrafo.\n\n## Vazio\n",
        )
    }

    #[test]
    fn o_link_para_um_termo_leva_a_definicao() {
        let texto =
            glossario().marcar("um [*socket*](glossario.md#socket-de-escuta).");

        assert_eq!(
            texto,
            "um <a class=\"termo\" href=\"glossario.md#socket-de-escuta\" \
             data-def=\"O socket que accept usa para &quot;receber&quot;.\">\
             *socket*</a>."
        );
    }

    #[test]
    fn o_link_dentro_de_html_tambem() {
        let texto = glossario().marcar(
            "<p><a href=\"glossario.md#socket-de-escuta\">x</a> e \
             <a href=\"glossario.md#vazio\">y</a></p>",
        );

        assert!(texto.contains("<a class=\"termo\" href"), "{texto}");
        assert!(
            texto.contains("<a href=\"glossario.md#vazio\">y</a>"),
            "{texto}"
        );
    }

    #[test]
    fn um_termo_sem_definicao_fica_um_link_comum() {
        let texto = "[y](glossario.md#vazio) e [z](cap01.md)";

        assert_eq!(glossario().marcar(texto), texto);
    }

    #[test]
    fn uma_definicao_longa_e_cortada_em_um_espaco() {
        let longa = resumir(&"palavra ".repeat(100));

        assert!(longa.chars().count() <= TAMANHO + 1);
        assert!(longa.ends_with("palavra…"), "{longa}");
    }
}
