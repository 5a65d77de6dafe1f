//! As respostas HTTP: o livro, os eventos de recarga e o progresso.

use super::acervo::{Acervo, Arquivo};
use crate::html::escapar;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::{Stream, unfold};
use std::convert::Infallible;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::watch;

const AO_VIVO_JS: &str = include_str!("ao-vivo.js");
const AO_VIVO_CSS: &str = include_str!("ao-vivo.css");

/// Só o que é daqui: nenhum programa, estilo ou imagem de fora, nenhum
/// programa dentro da página. O mdBook põe `style` em células de tabela.
const POLITICA: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

/// O que uma página aberta precisa saber.
#[derive(Debug, Clone, Default)]
struct Aviso {
    versao: u64,
    /// Os erros da última montagem, se ela falhou.
    erro: Option<String>,
    /// Cresce quando o progresso do leitor muda.
    progresso: u64,
}

/// O livro que está no ar.
pub struct Publicado {
    acervo: RwLock<Arc<Acervo>>,
    avisos: watch::Sender<Aviso>,
    raiz: PathBuf,
}

impl Publicado {
    /// Ainda sem livro; `raiz` é a pasta do projeto.
    pub fn novo(raiz: &Path) -> Publicado {
        Publicado {
            acervo: RwLock::default(),
            avisos: watch::Sender::new(Aviso::default()),
            raiz: raiz.to_path_buf(),
        }
    }

    /// Põe o livro no ar e avisa as páginas abertas. Devolve se ele mudou.
    pub fn publicar(&self, acervo: Acervo) -> bool {
        let versao = acervo.versao;
        let mut atual =
            self.acervo.write().unwrap_or_else(PoisonError::into_inner);
        let mudou = atual.versao != versao;
        *atual = Arc::new(acervo);
        drop(atual);
        self.avisos.send_modify(|aviso| {
            aviso.versao = versao;
            aviso.erro = None;
        });
        mudou
    }

    /// Mostra os erros nas páginas abertas, sem trocar o livro.
    pub fn mostrar_erro(&self, texto: String) {
        self.avisos.send_modify(|aviso| aviso.erro = Some(texto));
    }

    /// Avisa que o progresso do leitor mudou.
    pub fn avisar_progresso(&self) {
        self.avisos.send_modify(|aviso| aviso.progresso += 1);
    }

    fn acervo(&self) -> Arc<Acervo> {
        let atual = self.acervo.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&atual)
    }

    fn erro(&self) -> Option<String> {
        self.avisos.borrow().erro.clone()
    }
}

/// As rotas do servidor.
pub fn rotas(publicado: Arc<Publicado>) -> Router {
    Router::new()
        .route("/_livro/eventos", get(eventos))
        .route("/_livro/ao-vivo.js", get(ao_vivo_js))
        .route("/_livro/ao-vivo.css", get(ao_vivo_css))
        .route("/_livro/progresso.json", get(progresso))
        .fallback(pagina)
        .with_state(publicado)
        .layer(from_fn(guarda))
}

/// Recusa o que não vem desta máquina pelo nome dela e põe os cabeçalhos de
/// segurança em tudo.
async fn guarda(pedido: Request, seguinte: Next) -> Response {
    let mut resposta = if !host_conhecido(pedido.headers()) {
        let texto = "Este endereço não é o do livro. Abra o que aparece no \
                     terminal.\n";
        (StatusCode::FORBIDDEN, texto).into_response()
    } else if !matches!(*pedido.method(), Method::GET | Method::HEAD) {
        StatusCode::METHOD_NOT_ALLOWED.into_response()
    } else {
        seguinte.run(pedido).await
    };
    let cabecalhos = resposta.headers_mut();
    for (nome, valor) in [
        (header::CONTENT_SECURITY_POLICY, POLITICA),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ] {
        cabecalhos.insert(nome, HeaderValue::from_static(valor));
    }
    resposta
}

/// Um `Host` que é um número de IP ou `localhost`. Um nome qualquer pode ser
/// de um site que aponta o próprio nome para cá (DNS rebinding) para ler a
/// resposta no navegador do leitor.
fn host_conhecido(cabecalhos: &HeaderMap) -> bool {
    // Sem `Host` não é um navegador: é alguém que fala HTTP/1.0 à mão.
    let Some(host) = cabecalhos.get(header::HOST) else {
        return true;
    };
    let host = host.to_str().unwrap_or("");
    let nome = match host.strip_prefix('[') {
        Some(resto) => resto.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    nome.eq_ignore_ascii_case("localhost") || nome.parse::<IpAddr>().is_ok()
}

async fn ao_vivo_js() -> impl IntoResponse {
    let tipo = "text/javascript; charset=utf-8";
    ([(header::CONTENT_TYPE, tipo)], AO_VIVO_JS)
}

async fn ao_vivo_css() -> impl IntoResponse {
    let tipo = "text/css; charset=utf-8";
    ([(header::CONTENT_TYPE, tipo)], AO_VIVO_CSS)
}

/// O progresso do leitor, ou um objeto vazio se ele ainda não começou.
async fn progresso(State(publicado): State<Arc<Publicado>>) -> Response {
    let texto = super::progresso::ler(&publicado.raiz).to_string();
    ([(header::CONTENT_TYPE, "application/json")], texto).into_response()
}

/// Uma linha de eventos que não acaba: o estado de agora e cada mudança.
async fn eventos(
    State(publicado): State<Arc<Publicado>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut avisos = publicado.avisos.subscribe();
    avisos.mark_changed();
    let linha = unfold(avisos, |mut avisos| async move {
        avisos.changed().await.ok()?;
        let evento = evento(&avisos.borrow_and_update());
        Some((Ok(evento), avisos))
    });
    Sse::new(linha).keep_alive(KeepAlive::default())
}

fn evento(aviso: &Aviso) -> Event {
    let dados = serde_json::json!({
        "versao": format!("{:016x}", aviso.versao),
        "erro": aviso.erro,
        "progresso": aviso.progresso,
    });
    Event::default().event("estado").data(dados.to_string())
}

/// Uma página ou um arquivo do livro.
async fn pagina(
    State(publicado): State<Arc<Publicado>>,
    pedido: Request,
) -> Response {
    let acervo = publicado.acervo();
    let caminho = sem_porcento(pedido.uri().path());
    if let Some(arquivo) = acervo.achar(&caminho) {
        return servir(&acervo, arquivo, StatusCode::OK, pedido.headers());
    }
    match (acervo.achar("/404.html"), publicado.erro()) {
        (Some(arquivo), _) => {
            let estado = StatusCode::NOT_FOUND;
            servir(&acervo, arquivo, estado, pedido.headers())
        }
        (None, erro) => sem_livro(&acervo, &erro.unwrap_or_default()),
    }
}

fn servir(
    acervo: &Acervo,
    arquivo: &Arquivo,
    estado: StatusCode,
    cabecalhos: &HeaderMap,
) -> Response {
    let marca = format!("\"{:x}-{:x}\"", arquivo.marca, acervo.versao);
    let conhecida = cabecalhos
        .get(header::IF_NONE_MATCH)
        .is_some_and(|valor| valor.as_bytes() == marca.as_bytes());
    if conhecida && estado == StatusCode::OK {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, marca)])
            .into_response();
    }
    let corpo = if arquivo.tipo.starts_with("text/html") {
        Body::from(com_recarga(&arquivo.bytes, acervo.versao))
    } else {
        Body::from(arquivo.bytes.clone())
    };
    let tipo = arquivo.tipo.to_string();
    let cabecalhos = [(header::CONTENT_TYPE, tipo), (header::ETAG, marca)];
    (estado, cabecalhos, corpo).into_response()
}

/// A página com o programa de recarga, que só existe enquanto se serve.
fn com_recarga(html: &[u8], versao: u64) -> Vec<u8> {
    let html = String::from_utf8_lossy(html);
    let programa = programa(versao);
    let nova = match html.rfind("</body>") {
        Some(fim) => format!("{}{programa}{}", &html[..fim], &html[fim..]),
        None => format!("{html}{programa}"),
    };
    nova.into_bytes()
}

fn programa(versao: u64) -> String {
    format!(
        "<link rel=\"stylesheet\" href=\"/_livro/ao-vivo.css\">\
         <script src=\"/_livro/ao-vivo.js\" data-versao=\"{versao:016x}\" \
         defer></script>"
    )
}

/// O que aparece quando nem a primeira montagem deu certo.
fn sem_livro(acervo: &Acervo, erro: &str) -> Response {
    let texto = format!(
        "<!doctype html><html lang=\"pt-BR\"><head><meta charset=\"utf-8\">\
         <title>O livro tem erros</title></head><body>\
         <h1>O livro tem erros</h1><pre>{}</pre>{}</body></html>",
        escapar(erro),
        programa(acervo.versao)
    );
    let tipo = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::SERVICE_UNAVAILABLE, tipo, texto).into_response()
}

/// `%C3%A7` vira `ç`; um `%` malfeito fica como está.
fn sem_porcento(caminho: &str) -> String {
    let mut bytes = Vec::with_capacity(caminho.len());
    let mut resto = caminho.as_bytes();
    while let Some((byte, depois)) = resto.split_first() {
        let valor = depois
            .get(..2)
            .filter(|_| *byte == b'%')
            .and_then(|codigo| std::str::from_utf8(codigo).ok())
            .and_then(|codigo| u8::from_str_radix(codigo, 16).ok());
        bytes.push(valor.unwrap_or(*byte));
        resto = if valor.is_some() {
            &depois[2..]
        } else {
            depois
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod testes {
    use super::*;

    fn conhecido(host: &str) -> bool {
        let mut cabecalhos = HeaderMap::new();
        let valor = HeaderValue::from_str(host).expect("cabeçalho");
        cabecalhos.insert(header::HOST, valor);
        host_conhecido(&cabecalhos)
    }

    #[test]
    fn so_um_ip_ou_localhost_serve_de_host() {
        assert!(conhecido("127.0.0.1:3000"));
        assert!(conhecido("[::1]:3000"));
        assert!(conhecido("LocalHost"));
        assert!(!conhecido("atacante.example:3000"));
        assert!(!conhecido("127.0.0.1.example"));
        assert!(!conhecido(""));
        assert!(host_conhecido(&HeaderMap::new()));
    }

    #[test]
    fn a_recarga_entra_no_fim_da_pagina() {
        let html = com_recarga(b"<body><p>a</p></body></html>", 7);
        let html = String::from_utf8(html).expect("UTF-8");

        assert!(html.contains("data-versao=\"0000000000000007\""));
        assert!(html.ends_with("</body></html>"));
    }
}
