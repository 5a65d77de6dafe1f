//! Uma figura que se abre sozinha, em um arquivo só.

use crate::Erro;
use crate::captura::Captura;
use crate::figura::escrita::escapar;
use crate::figura::{CSS, JS, Pedido, html};

/// As cores do livro, claras e escuras.
const TEMA: &str = include_str!("../../figura/tema.css");

/// Um arquivo HTML completo com a figura, o estilo e o script.
///
/// # Errors
///
/// Como [`html`].
pub fn pagina(captura: &Captura, pedido: &Pedido) -> Result<String, Erro> {
    let figura = html(captura, pedido)?;
    let nome = match pedido.nome.as_str() {
        "" => "Uma conversa no fio",
        nome => nome,
    };
    Ok(format!(
        "<!doctype html>\n<html lang=\"pt-BR\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\">\
         <title>{nome}</title><style>\n{TEMA}{CSS}</style></head>\
         <body class=\"fio-so\"><main><h1>{nome}</h1>\n{figura}\n</main>\
         <script>\n{JS}</script></body></html>\n",
        nome = escapar(nome)
    ))
}
