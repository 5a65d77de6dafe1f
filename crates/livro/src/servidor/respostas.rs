//! As respostas HTTP: o livro, os eventos de recarga e o progresso.

use super::acervo::{Acervo, Arquivo};
use super::atendimento::Corpo;
use crate::html::escapar;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// Uma resposta deste servidor.
pub type Resposta = Response<Corpo>;

const AO_VIVO_JS: &str = include_str!("ao-vivo.js");
const FIM_DA_PAGINA: &[u8] = b"</body>";
const HTML: &str = "text/html; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const PARA_SEMPRE: &str = "max-age=31536000, immutable";
const TEXTO: &str = "text/plain; charset=utf-8";

/// De quanto em quanto uma linha de eventos calada diz que está viva.
const SINAL_DE_VIDA: Duration = Duration::from_secs(15);

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

    /// O livro que está no ar: quem lê o próximo compara com ele.
    pub fn acervo(&self) -> Arc<Acervo> {
        let atual = self.acervo.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&atual)
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
        self.avisos.send_modify(|_| ());
    }

    fn erro(&self) -> Option<String> {
        self.avisos.borrow().erro.clone()
    }
}

/// A resposta de um pedido: recusa o que não vem desta máquina pelo nome dela
/// e põe os cabeçalhos de segurança em tudo.
pub fn responder<C>(
    publicado: &Arc<Publicado>,
    pedido: &Request<C>,
) -> Resposta {
    let mut resposta = if !host_conhecido(pedido.headers()) {
        let texto = "Este endereço não é o do livro. Abra o que aparece no \
                     terminal.\n";
        pronta(StatusCode::FORBIDDEN, TEXTO, texto)
    } else if !matches!(*pedido.method(), Method::GET | Method::HEAD) {
        let mut resposta =
            pronta(StatusCode::METHOD_NOT_ALLOWED, TEXTO, "Só se pode ler.\n");
        let aceitos = HeaderValue::from_static("GET, HEAD");
        resposta.headers_mut().insert(header::ALLOW, aceitos);
        resposta
    } else {
        match pedido.uri().path() {
            "/_livro/eventos" => eventos(publicado),
            "/_livro/ao-vivo.js" => pronta(StatusCode::OK, JS, AO_VIVO_JS),
            _ => pagina(publicado, pedido),
        }
    };
    let cabecalhos = resposta.headers_mut();
    for (nome, valor) in [
        (header::CONTENT_SECURITY_POLICY, POLITICA),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ] {
        let valor = HeaderValue::from_static(valor);
        cabecalhos.entry(nome).or_insert(valor);
    }
    resposta
}

fn pronta(
    estado: StatusCode,
    tipo: &'static str,
    corpo: impl Into<Bytes>,
) -> Resposta {
    let mut resposta = Resposta::new(corpo.into().into());
    *resposta.status_mut() = estado;
    let tipo = HeaderValue::from_static(tipo);
    resposta.headers_mut().insert(header::CONTENT_TYPE, tipo);
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

/// Uma linha de eventos que não acaba: o estado de agora e cada mudança.
fn eventos(publicado: &Arc<Publicado>) -> Resposta {
    let (envio, linha) = mpsc::channel(1);
    tokio::spawn(contar(Arc::clone(publicado), envio));
    let mut resposta = Resposta::new(Corpo::Eventos(linha));
    let tipo = HeaderValue::from_static("text/event-stream");
    resposta.headers_mut().insert(header::CONTENT_TYPE, tipo);
    resposta
}

/// Conta a uma página aberta o que acontece, até ela fechar.
async fn contar(publicado: Arc<Publicado>, envio: mpsc::Sender<Bytes>) {
    let mut avisos = publicado.avisos.subscribe();
    avisos.mark_changed();
    loop {
        let evento = tokio::select! {
            () = envio.closed() => return,
            mudou = avisos.changed() => match mudou {
                Ok(()) => evento(&publicado, &avisos.borrow_and_update()),
                Err(_) => return,
            },
            // Um comentário: só assim se descobre quem foi embora calado.
            () = tokio::time::sleep(SINAL_DE_VIDA) => ":\n\n".to_string(),
        };
        if envio.send(evento.into()).await.is_err() {
            return;
        }
    }
}

/// O estado do livro e do leitor, no formato de `EventSource`.
fn evento(publicado: &Publicado, aviso: &Aviso) -> String {
    let dados = serde_json::json!({
        "versao": format!("{:016x}", aviso.versao),
        "erro": aviso.erro,
        "progresso": super::progresso::ler(&publicado.raiz),
    });
    format!("event: estado\ndata: {dados}\n\n")
}

/// Uma página ou um arquivo do livro.
fn pagina<C>(publicado: &Publicado, pedido: &Request<C>) -> Resposta {
    let acervo = publicado.acervo();
    let caminho = sem_porcento(pedido.uri().path());
    if let Some(arquivo) = acervo.achar(&caminho) {
        let mut resposta =
            servir(&acervo, arquivo, StatusCode::OK, pedido.headers());
        if com_soma(&caminho) {
            let valor = HeaderValue::from_static(PARA_SEMPRE);
            resposta.headers_mut().insert(header::CACHE_CONTROL, valor);
        }
        return resposta;
    }
    match (acervo.achar("/404.html"), publicado.erro()) {
        (Some(arquivo), _) => {
            let estado = StatusCode::NOT_FOUND;
            servir(&acervo, arquivo, estado, pedido.headers())
        }
        (None, erro) => sem_livro(&acervo, &erro.unwrap_or_default()),
    }
}

/// Se o nome traz a soma do conteúdo (`book-6b8c4a82.js`): outro conteúdo terá
/// outro nome, e a recarga não precisa perguntar por este de novo.
fn com_soma(caminho: &str) -> bool {
    let nome = caminho.rsplit('/').next().unwrap_or_default();
    let Some((base, _)) = nome.rsplit_once('.') else {
        return false;
    };
    base.rsplit_once('-').is_some_and(|(_, soma)| {
        soma.len() == 8 && soma.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

fn servir(
    acervo: &Acervo,
    arquivo: &Arquivo,
    estado: StatusCode,
    cabecalhos: &HeaderMap,
) -> Resposta {
    let e_pagina = arquivo.tipo.starts_with("text/html");
    // A página leva a versão do livro inteiro no programa de recarga.
    let marca = if e_pagina {
        acervo.versao
    } else {
        arquivo.marca
    };
    let marca = format!("\"{marca:x}\"");
    let conhecida = cabecalhos
        .get(header::IF_NONE_MATCH)
        .is_some_and(|valor| valor.as_bytes() == marca.as_bytes());
    let mut resposta = if conhecida && estado == StatusCode::OK {
        pronta(StatusCode::NOT_MODIFIED, arquivo.tipo, "")
    } else if e_pagina {
        let corpo = com_recarga(&arquivo.bytes, acervo.versao);
        pronta(estado, arquivo.tipo, corpo)
    } else {
        pronta(estado, arquivo.tipo, arquivo.bytes.clone())
    };
    if let Ok(marca) = HeaderValue::from_str(&marca) {
        resposta.headers_mut().insert(header::ETAG, marca);
    }
    resposta
}

/// A página com o programa de recarga, que só existe enquanto se serve.
fn com_recarga(html: &[u8], versao: u64) -> Vec<u8> {
    let fim = html
        .windows(FIM_DA_PAGINA.len())
        .rposition(|janela| janela == FIM_DA_PAGINA)
        .unwrap_or(html.len());
    [&html[..fim], programa(versao).as_bytes(), &html[fim..]].concat()
}

fn programa(versao: u64) -> String {
    format!(
        "<script src=\"/_livro/ao-vivo.js\" data-versao=\"{versao:016x}\" \
         defer></script>"
    )
}

/// O que aparece quando nem a primeira montagem deu certo.
fn sem_livro(acervo: &Acervo, erro: &str) -> Resposta {
    let texto = format!(
        "<!doctype html><html lang=\"pt-BR\"><head><meta charset=\"utf-8\">\
         <title>O livro tem erros</title></head><body>\
         <h1>O livro tem erros</h1><pre>{}</pre>{}</body></html>",
        escapar(erro),
        programa(acervo.versao)
    );
    pronta(StatusCode::SERVICE_UNAVAILABLE, HTML, texto)
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
    fn so_o_nome_com_soma_vale_para_sempre() {
        assert!(com_soma("/css/general-215ce2b5.css"));
        assert!(com_soma("/book-6b8c4a82.js"));
        assert!(!com_soma("/cap05-servidor-tcp.html"));
        assert!(!com_soma("/a/cap05-decadas1.html"));
        assert!(!com_soma("/"));
    }

    #[test]
    fn a_recarga_entra_no_fim_da_pagina() {
        let html = com_recarga(b"<body><p>a</p></body></html>", 7);
        let html = String::from_utf8(html).expect("UTF-8");

        assert!(html.contains("data-versao=\"0000000000000007\""));
        assert!(html.ends_with("</body></html>"));
    }
}
