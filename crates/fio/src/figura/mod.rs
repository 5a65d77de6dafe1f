//! A escada: uma conversa desenhada para a página.
//!
//! [`html`] devolve um fragmento `<figure class="fio">` com dois SVGs (um para
//! a coluna do livro, outro para o celular; o CSS escolhe), a tabela com os
//! mesmos dados e os bytes de que o script precisa. Sem o script e sem o CSS,
//! a tabela diz tudo.

mod dados;
mod desenho;
mod disposicao;
mod escrita;
mod medida;
mod pagina;
mod tabela;

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::Erro;
use crate::captura::Captura;
use crate::cena::Cena;
use crate::frase;
use disposicao::Medidas;
use escrita::escapar;

pub use pagina::pagina;

/// O estilo da figura; as cores vêm das variáveis do tema.
pub const CSS: &str = include_str!("../../figura/fio.css");
/// O script da figura, um só para todas as da página.
pub const JS: &str = include_str!("../../figura/fio.js");

/// Quantos pacotes uma figura mostra, se não se pede outra coisa: os que cabem
/// em 40 kB.
pub const MAIS_PACOTES: usize = 25;
/// Quantos cabem, com conforto, em uma figura que se abre sozinha.
pub const MAIS_PACOTES_NO_ARQUIVO: usize = 200;

/// O que se quer ver de uma captura.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pedido {
    /// Filtro (veja [`crate::filtro`]); vazio mostra tudo.
    pub filtro: String,
    /// Legendas de pacotes: o número na captura e o texto.
    pub legendas: Vec<(usize, String)>,
    /// Legenda da figura; vazia, não há.
    pub legenda: String,
    /// Nome da captura, como `fio/eco.pcap`; vazio, não aparece.
    pub nome: String,
    /// No máximo tantos pacotes.
    pub limite: usize,
}

impl Default for Pedido {
    fn default() -> Self {
        Pedido {
            filtro: String::new(),
            legendas: Vec::new(),
            legenda: String::new(),
            nome: String::new(),
            limite: MAIS_PACOTES,
        }
    }
}

/// Desenha a captura como um fragmento de HTML.
///
/// # Errors
///
/// [`Erro::Filtro`] se o filtro está errado, [`Erro::Vazia`] se não sobra
/// pacote, [`Erro::Legenda`] se uma legenda fala de um pacote que não está na
/// figura.
pub fn html(captura: &Captura, pedido: &Pedido) -> Result<String, Erro> {
    let cena = cena(captura, pedido)?;
    let id = identificar(&cena, pedido);
    let titulo = titulo(&cena);
    let descricao = descricao(&cena);
    let mut saida = format!(
        "<figure class=\"fio\" id=\"{id}\" data-captura=\"{}\">\
         <div class=\"fio-quadro\">",
        escapar(&pedido.nome)
    );
    for (sufixo, medidas) in [
        ("l", Medidas::larga(&cena)),
        ("e", Medidas::estreita(&cena)),
    ] {
        let id = format!("{id}{sufixo}");
        saida += &desenho::svg(&cena, medidas, &id, &titulo, &descricao);
    }
    saida += "</div>";
    saida += &tabela::html(&cena, &titulo);
    saida += &rodape(&cena, pedido);
    saida += &dados::html(&cena);
    saida += "</figure>";
    Ok(saida)
}

fn cena(captura: &Captura, pedido: &Pedido) -> Result<Cena, Erro> {
    let filtrada = captura.filtrar(&pedido.filtro)?;
    let mut cena = Cena::montar(&filtrada, pedido.limite);
    if cena.passos.is_empty() {
        return Err(Erro::Vazia(match pedido.filtro.trim() {
            "" => "a captura não tem pacotes que eu saiba desenhar".to_owned(),
            filtro => format!("nenhum pacote passa no filtro “{filtro}”"),
        }));
    }
    for (numero, texto) in &pedido.legendas {
        let passo = cena
            .passos
            .iter_mut()
            .find(|passo| passo.mensagem.numero() == *numero)
            .ok_or(Erro::Legenda { numero: *numero })?;
        passo.legenda = Some(texto.clone());
    }
    Ok(cena)
}

/// Um nome único para a figura, o mesmo a cada construção da página.
fn identificar(cena: &Cena, pedido: &Pedido) -> String {
    let mut resumo = DefaultHasher::new();
    (&pedido.nome, &pedido.filtro, &pedido.legenda).hash(&mut resumo);
    pedido.legendas.hash(&mut resumo);
    for passo in &cena.passos {
        passo.mensagem.pacote.bytes.hash(&mut resumo);
    }
    format!("fio-{:08x}", resumo.finish() as u32)
}

fn titulo(cena: &Cena) -> String {
    let nomes: Vec<String> = cena
        .raias
        .iter()
        .map(|raia| format!("{} {}", raia.nome, raia.endereco))
        .collect();
    format!("Conversa entre {}", nomes.join(" e "))
}

fn descricao(cena: &Cena) -> String {
    format!(
        "{} em {}. A tabela abaixo traz os mesmos dados.",
        frase::plural(cena.passos.len(), "pacote", "pacotes"),
        frase::duracao(cena.duracao())
    )
}

fn rodape(cena: &Cena, pedido: &Pedido) -> String {
    let mut notas = Vec::new();
    if !pedido.legenda.is_empty() {
        notas.push(escapar(&pedido.legenda));
    }
    if cena.resto > 0 {
        let quantos = frase::plural(cena.resto, "pacote", "pacotes");
        notas.push(format!("A conversa segue por mais {quantos}."));
    }
    if cena.fora > 0 {
        let quantos = frase::plural(cena.fora, "pacote", "pacotes");
        notas.push(format!("De outras conversas, fora da figura: {quantos}."));
    }
    if notas.is_empty() {
        return String::new();
    }
    let mut saida = String::new();
    let _ = write!(saida, "<figcaption>{}</figcaption>", notas.join(" "));
    saida
}
