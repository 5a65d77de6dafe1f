//! Uma página do livro, linha por linha, como a revisão a lê.

use super::Casa;

/// O que uma linha é.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tipo {
    /// Texto corrido, listas, tabelas, citações.
    Prosa,
    /// `## Título`.
    Titulo,
    /// `{{#sessao …}}` e as outras.
    Diretiva,
    /// Dentro de um bloco de código, ou a cerca dele.
    Codigo,
    /// Dentro de `<figure>` ou das legendas de `{{#fio}}`.
    Figura,
    /// Dentro de `{{#conseguir}}`.
    Conseguir,
}

/// Uma linha da página.
#[derive(Debug)]
pub struct Linha {
    pub numero: usize,
    pub tipo: Tipo,
    pub texto: String,
}

/// Uma página lida.
#[derive(Debug)]
pub struct Pagina {
    /// `cap05-servidor-tcp`.
    pub nome: String,
    pub linhas: Vec<Linha>,
}

impl Pagina {
    pub fn ler(nome: &str, texto: &str) -> Pagina {
        let mut dentro: Option<Tipo> = None;
        let mut linhas = Vec::new();
        let todas: Vec<&str> = texto.lines().collect();
        for (indice, &linha) in todas.iter().enumerate() {
            let tipo = match dentro {
                Some(tipo) => {
                    if termina(tipo, linha.trim()) {
                        dentro = None;
                    }
                    tipo
                }
                None => {
                    dentro = comeca(linha.trim(), &todas[indice + 1..]);
                    dentro.unwrap_or_else(|| sozinha(linha.trim()))
                }
            };
            linhas.push(Linha {
                numero: indice + 1,
                tipo,
                texto: linha.to_owned(),
            });
        }
        Pagina {
            nome: nome.to_owned(),
            linhas,
        }
    }

    /// `book/cap05-servidor-tcp.md:12`.
    pub fn onde(&self, numero: usize) -> String {
        format!("book/{}.md:{numero}", self.nome)
    }

    /// As linhas em que o autor explica, sem o código entre crases: não as
    /// citações nem as alternativas de uma pergunta.
    pub fn prosa(&self) -> impl Iterator<Item = (usize, String)> + '_ {
        let prosa = self.linhas.iter().filter(|linha| {
            let alheia = [">", "- ( )", "- (x)"];
            linha.tipo == Tipo::Prosa
                && !alheia.iter().any(|a| linha.texto.starts_with(a))
        });
        prosa.map(|linha| (linha.numero, sem_codigo(&linha.texto)))
    }
}

fn comeca(linha: &str, seguintes: &[&str]) -> Option<Tipo> {
    if linha.starts_with("```") {
        Some(Tipo::Codigo)
    } else if linha.starts_with("<figure") {
        Some(Tipo::Figura)
    } else if linha.starts_with("{{#conseguir") {
        Some(Tipo::Conseguir)
    } else if linha.starts_with("{{#fio") {
        // Só há o que pular se a figura tem legendas, até `{{/fio}}`.
        let proxima = seguintes.iter().find(|l| l.starts_with("{{"));
        proxima
            .is_some_and(|l| l.starts_with("{{/fio"))
            .then_some(Tipo::Figura)
    } else {
        None
    }
}

fn termina(tipo: Tipo, linha: &str) -> bool {
    linha.starts_with(match tipo {
        Tipo::Codigo => "```",
        Tipo::Conseguir => "{{/conseguir",
        _ if linha.starts_with("{{/fio") => "{{/fio",
        _ => "</figure",
    })
}

fn sozinha(linha: &str) -> Tipo {
    if linha.starts_with("{{") {
        Tipo::Diretiva
    } else if linha.starts_with("# ") || linha.starts_with("##") {
        Tipo::Titulo
    } else {
        Tipo::Prosa
    }
}

/// A linha com espaços no lugar do que está entre crases.
pub fn sem_codigo(linha: &str) -> String {
    let mut codigo = false;
    let troca = |letra: char| {
        if letra == '`' {
            codigo = !codigo;
            return ' ';
        }
        if codigo { ' ' } else { letra }
    };
    linha.chars().map(troca).collect()
}

impl Casa {
    /// Uma página de `book/`, pelo nome.
    pub(super) fn pagina(&self, nome: &str) -> Pagina {
        Pagina::ler(nome, &self.ler(format!("book/{nome}.md")))
    }

    /// As páginas de `book/` que se revisam, em ordem de nome.
    pub(super) fn paginas(&self) -> Vec<Pagina> {
        let pasta = std::fs::read_dir(self.raiz.join("book"));
        let mut nomes: Vec<String> = pasta
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entrada| {
                let nome = entrada.file_name().to_string_lossy().into_owned();
                nome.strip_suffix(".md").map(str::to_owned)
            })
            .filter(|nome| nome != "SUMMARY" && self.interessa(nome))
            .collect();
        nomes.sort();
        nomes.iter().map(|nome| self.pagina(nome)).collect()
    }

    /// As páginas de capítulo que se revisam.
    pub(super) fn paginas_de_capitulo(&self) -> Vec<Pagina> {
        let mut paginas = self.paginas();
        paginas.retain(|pagina| super::e_capitulo(&pagina.nome));
        paginas
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cada_linha_tem_o_seu_tipo() {
        let pagina = Pagina::ler(
            "cap05-teste",
            "# T\n{{#conseguir}}\na\n{{/conseguir}}\num `b` dois\n\
             ```console\n$ x\n```\n{{#fio a.pcap}}\n1: c\n{{/fio}}\n\
             {{#fio b.pcap}}\nfim\n{{#exercicio}}\n<figure>\nd\n</figure>\n",
        );
        let tipos: Vec<Tipo> = pagina.linhas.iter().map(|l| l.tipo).collect();
        use Tipo::*;
        assert_eq!(
            tipos,
            [
                Titulo, Conseguir, Conseguir, Conseguir, Prosa, Codigo, Codigo,
                Codigo, Figura, Figura, Figura, Diretiva, Prosa, Diretiva,
                Figura, Figura, Figura
            ]
        );
        let prosa: Vec<_> = pagina.prosa().collect();
        assert_eq!(prosa[0], (5, "um     dois".to_owned()));
        let citada = Pagina::ler("x", "> a\n- (x) b\n- c\n  > d\n");
        assert_eq!(citada.prosa().count(), 2);
        assert_eq!(pagina.onde(5), "book/cap05-teste.md:5");
    }
}
