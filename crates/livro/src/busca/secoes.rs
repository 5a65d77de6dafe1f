//! A página cortada em seções (uma por título de nível 2 ou 3, uma por caixa
//! de sintoma), com o texto separado do código.

use mdbook_markdown::new_cmark_parser;
use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

/// Um pedaço de página a que um resultado da busca leva.
#[derive(Debug, Default)]
pub struct Secao {
    /// O endereço dentro da página; vazio no começo dela.
    pub id: String,
    pub titulo: String,
    /// As palavras que pesam como título.
    pub nome: String,
    /// As primeiras palavras, para quem lê sem servidor.
    pub comeco: String,
    pub texto: String,
    pub codigo: String,
}

/// Quantas letras do começo da seção vão no índice.
const COMECO: usize = 110;
/// Quantas letras do que se vê vão no título de uma caixa de sintoma.
const TITULO: usize = 60;

/// As seções de uma página. A primeira é o começo, com o título da página.
pub fn separar(titulo: &str, markdown: &str) -> Vec<Secao> {
    let opcoes = crate::html::opcoes();
    let mut leitor = Leitor::novo(titulo);
    for evento in new_cmark_parser(markdown, &opcoes) {
        leitor.receber(evento);
    }
    leitor.fechar_secao();
    leitor.prontas.retain(|secao| {
        !secao.texto.trim().is_empty() || !secao.codigo.trim().is_empty()
    });
    leitor.prontas
}

/// Onde o leitor está no meio da página.
struct Leitor {
    prontas: Vec<Secao>,
    atual: Secao,
    /// O título que está sendo lido e o `id` escrito nele, se há.
    titulo: Option<(String, Option<String>)>,
    em_codigo: bool,
    html: Html,
    /// A seção interrompida por uma caixa de sintoma.
    acima: Option<Secao>,
}

impl Leitor {
    fn novo(titulo: &str) -> Leitor {
        Leitor {
            prontas: Vec::new(),
            atual: Secao {
                titulo: titulo.to_string(),
                nome: titulo.to_string(),
                ..Secao::default()
            },
            titulo: None,
            em_codigo: false,
            html: Html::default(),
            acima: None,
        }
    }

    fn receber(&mut self, evento: Event<'_>) {
        match evento {
            Event::Start(Tag::Heading { id, .. }) => {
                self.titulo =
                    Some((String::new(), id.map(|id| id.to_string())));
            }
            Event::End(TagEnd::Heading(nivel)) => self.titulo_lido(nivel as u8),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                self.em_codigo = true;
            }
            Event::End(TagEnd::CodeBlock) => self.em_codigo = false,
            Event::Text(texto) => self.texto(&texto),
            Event::Code(codigo) => self.codigo_na_frase(&codigo),
            Event::Html(html) | Event::InlineHtml(html) => self.trecho(&html),
            Event::SoftBreak | Event::HardBreak => self.texto(" "),
            Event::End(_) => self.texto(" "),
            _ => {}
        }
    }

    fn texto(&mut self, texto: &str) {
        if let Some((titulo, _)) = &mut self.titulo {
            titulo.push_str(texto);
        } else if self.em_codigo {
            self.atual.codigo.push_str(texto);
        } else if !self.html.calado() {
            self.atual.texto.push_str(texto);
        }
    }

    /// Código no meio de uma frase conta como frase.
    fn codigo_na_frase(&mut self, codigo: &str) {
        match &mut self.titulo {
            Some((titulo, _)) => titulo.push_str(codigo),
            None => self.atual.texto.push_str(codigo),
        }
    }

    fn trecho(&mut self, html: &str) {
        if self.titulo.is_some() {
            return;
        }
        let mut resto = html;
        while let Some(abre) = resto.find('<') {
            self.html.guardar(&resto[..abre], &mut self.atual);
            let Some(fecha) = resto[abre..].find('>') else {
                return;
            };
            match self.html.marca(&resto[abre + 1..abre + fecha]) {
                Sinal::Nada => {}
                Sinal::FechaCodigo => self.atual.codigo.push('\n'),
                Sinal::AbreSintoma(id) => self.abrir_sintoma(id),
                Sinal::FechaSintoma => self.fechar_sintoma(),
            }
            resto = &resto[abre + fecha + 1..];
        }
        self.html.guardar(resto, &mut self.atual);
    }

    /// A caixa de sintoma é uma seção dentro da seção.
    fn abrir_sintoma(&mut self, id: String) {
        let sintoma = Secao {
            id,
            ..Secao::default()
        };
        self.acima = Some(std::mem::replace(&mut self.atual, sintoma));
    }

    /// O título da caixa é o código do erro e o começo do que se vê.
    fn fechar_sintoma(&mut self) {
        let Some(acima) = self.acima.take() else {
            return;
        };
        let codigo = self.atual.id.to_uppercase();
        let visto = self.atual.texto.replacen(&codigo, "", 1);
        let visto = visto.trim_start().trim_start_matches("Sintoma:");
        self.atual.titulo = format!("{codigo}: {}", cortar(visto, TITULO));
        self.atual.nome = codigo;
        self.fechar_secao();
        self.atual = acima;
    }

    fn titulo_lido(&mut self, nivel: u8) {
        let Some((texto, id)) = self.titulo.take() else {
            return;
        };
        match nivel {
            1 => {}
            2 | 3 => {
                self.fechar_secao();
                self.atual.id = id.unwrap_or_else(|| endereco(&texto));
                self.atual.titulo = texto.trim().to_string();
                self.atual.nome.clone_from(&self.atual.titulo);
            }
            _ => {
                self.atual.texto.push_str(&texto);
                self.atual.texto.push(' ');
            }
        }
    }

    fn fechar_secao(&mut self) {
        let mut secao = std::mem::take(&mut self.atual);
        secao.comeco = cortar(&secao.texto, COMECO);
        self.prontas.push(secao);
    }
}

/// O endereço que o mdBook dá a um título (`mdbook-html`, `utils.rs`).
fn endereco(titulo: &str) -> String {
    titulo
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|letra| match letra {
            '_' | '-' => Some(letra),
            _ if letra.is_alphanumeric() => Some(letra),
            _ if letra.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect()
}

/// As primeiras palavras do texto, cortadas em um espaço.
fn cortar(texto: &str, letras: usize) -> String {
    let mut saida = String::new();
    for palavra in texto.split_whitespace() {
        if saida.chars().count() + palavra.chars().count() >= letras {
            saida.push('…');
            break;
        }
        if !saida.is_empty() {
            saida.push(' ');
        }
        saida.push_str(palavra);
    }
    saida
}

/// Lê HTML solto: guarda o texto, separa o que está em `<pre>` e pula figuras
/// da rede e desenhos, cujo texto é de máquina.
#[derive(Debug, Default)]
struct Html {
    em_pre: bool,
    /// Dentro de que elemento pulado, se algum.
    pulando: Option<&'static str>,
}

impl Html {
    /// Se o texto que chega agora é de um trecho pulado.
    fn calado(&self) -> bool {
        self.pulando.is_some()
    }

    fn marca(&mut self, marca: &str) -> Sinal {
        if let Some(nome) = self.pulando {
            if marca.strip_prefix('/') == Some(nome) {
                self.pulando = None;
            }
            return Sinal::Nada;
        }
        match marca {
            "/pre" => {
                self.em_pre = false;
                return Sinal::FechaCodigo;
            }
            "/aside" => return Sinal::FechaSintoma,
            _ if marca.starts_with("pre") => self.em_pre = true,
            _ if marca.starts_with("svg") => self.pulando = Some("svg"),
            _ if marca.starts_with("figure class=\"fio") => {
                self.pulando = Some("figure");
            }
            _ if marca.starts_with("aside class=\"sintoma") => {
                return sintoma_com_endereco(marca);
            }
            _ => {}
        }
        Sinal::Nada
    }

    fn guardar(&self, texto: &str, secao: &mut Secao) {
        if self.calado() {
            return;
        }
        let texto = sem_entidades(texto);
        let destino = if self.em_pre {
            &mut secao.codigo
        } else {
            &mut secao.texto
        };
        destino.push_str(&texto);
        if !self.em_pre {
            destino.push(' ');
        }
    }
}

/// O que uma marca de HTML muda na divisão em seções.
enum Sinal {
    Nada,
    FechaCodigo,
    AbreSintoma(String),
    FechaSintoma,
}

/// Só a caixa que tem `id` é um destino.
fn sintoma_com_endereco(marca: &str) -> Sinal {
    let id = marca
        .split("id=\"")
        .nth(1)
        .and_then(|r| r.split('"').next());
    id.map_or(Sinal::Nada, |id| Sinal::AbreSintoma(id.to_string()))
}

/// Troca as entidades que o livro usa pelas letras delas.
fn sem_entidades(texto: &str) -> String {
    const ENTIDADES: &[(&str, &str)] = &[
        ("&#10;", "\n"),
        ("&#123;", "{"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    let mut saida = texto.to_string();
    if !saida.contains('&') {
        return saida;
    }
    for (entidade, letra) in ENTIDADES {
        if saida.contains(entidade) {
            saida = saida.replace(entidade, letra);
        }
    }
    saida
}

/// Se a palavra é da linguagem, e não um nome que valha procurar no código.
pub fn da_linguagem(palavra: &str) -> bool {
    DA_LINGUAGEM.binary_search(&palavra).is_ok()
}

/// As palavras de Rust, de Python e de C, em ordem.
const DA_LINGUAGEM: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "def",
    "elif", "else", "enum", "except", "false", "fn", "for", "from", "if",
    "impl", "import", "in", "int", "is", "let", "loop", "match", "mod", "mut",
    "none", "not", "pass", "pub", "raise", "ref", "return", "self", "static",
    "str", "struct", "super", "trait", "true", "try", "type", "use", "usize",
    "where", "while", "with",
];

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn cada_titulo_abre_uma_secao_com_o_endereco_do_mdbook() {
        let secoes = separar(
            "Um servidor",
            "# Um servidor\n\nComeça.\n\n## O que dá errado: `write`\n\nFalha.",
        );

        assert_eq!(secoes.len(), 2);
        assert_eq!(secoes[0].titulo, "Um servidor");
        assert_eq!(secoes[0].id, "");
        assert_eq!(secoes[1].id, "o-que-dá-errado-write");
        assert_eq!(secoes[1].comeco, "Falha.");
    }

    #[test]
    fn o_codigo_vai_para_um_lado_e_a_figura_some() {
        let html = "<figure class=\"listagem\"><pre><code><span class=\"k\">let\
            </span> ouvinte = a &amp; b;&#10;</code></pre></figure>\n\n\
            <figure class=\"fio\"><svg><text>SYN-SENT</text></svg>ruído\
            </figure>\n\nDepois.";
        let secoes = separar("T", html);

        assert!(secoes[0].codigo.contains("let ouvinte = a & b;"));
        assert!(!secoes[0].texto.contains("ruído"));
        assert!(secoes[0].texto.contains("Depois."));
        assert!(DA_LINGUAGEM.is_sorted(), "a busca é binária");
        assert!(da_linguagem("as") && da_linguagem("let"));
        assert!(da_linguagem("with") && !da_linguagem("ouvinte"));
    }

    #[test]
    fn a_caixa_de_sintoma_e_um_destino_e_a_secao_continua_depois_dela() {
        let secoes = separar(
            "T",
            "## Erros\n\nAntes.\n\n<aside class=\"sintoma\" role=\"note\" \
             id=\"m06\">\n<p class=\"codigo\">M06</p>\n\n<b>Sintoma:</b> a \
             conversa para.\n\n</aside>\n\nDepois.",
        );

        assert_eq!(secoes[0].titulo, "M06: a conversa para.");
        assert_eq!(secoes[0].id, "m06");
        assert_eq!(secoes[1].titulo, "Erros");
        assert!(secoes[1].texto.contains("Antes."));
        assert!(secoes[1].texto.contains("Depois."));
    }

    #[test]
    fn o_comeco_e_cortado_em_uma_palavra() {
        let texto = "palavra ".repeat(40);
        let comeco = cortar(&texto, COMECO);

        assert!(comeco.ends_with("palavra…"), "{comeco}");
        assert!(comeco.chars().count() <= COMECO + 1);
    }
}
