//! O laço que aceita as conexões e conversa em HTTP com cada uma.

use super::respostas::{Publicado, responder};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// Quanto se espera antes de aceitar de novo quando faltam recursos.
const PAUSA: Duration = Duration::from_millis(500);

/// O corpo de uma resposta.
pub enum Corpo {
    /// Um arquivo, entregue de uma vez.
    Pronto(Option<Bytes>),
    /// Uma linha que fica aberta e recebe um evento por vez.
    Eventos(mpsc::Receiver<Bytes>),
}

impl From<Bytes> for Corpo {
    fn from(bytes: Bytes) -> Corpo {
        Corpo::Pronto(Some(bytes))
    }
}

impl Body for Corpo {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        contexto: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let proximo = match &mut *self {
            Corpo::Pronto(bytes) => Poll::Ready(bytes.take()),
            Corpo::Eventos(linha) => linha.poll_recv(contexto),
        };
        proximo.map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Corpo::Pronto(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Corpo::Pronto(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64)
            }
            Corpo::Eventos(_) => SizeHint::default(),
        }
    }
}

/// Atende para sempre.
pub async fn atender(ouvinte: TcpListener, publicado: Arc<Publicado>) {
    loop {
        match ouvinte.accept().await {
            Ok((conexao, _)) => {
                tokio::spawn(conversar(conexao, Arc::clone(&publicado)));
            }
            Err(erro) if desistencia(&erro) => {}
            // Sem a pausa, a falta de descritores faria o laço girar à toa.
            Err(_) => tokio::time::sleep(PAUSA).await,
        }
    }
}

/// O cliente foi embora antes de ser aceito: o próximo da fila não tem culpa.
fn desistencia(erro: &Error) -> bool {
    matches!(
        erro.kind(),
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionRefused
    )
}

/// Uma conexão, do primeiro pedido ao fim. Quem fecha o lado dele logo depois
/// de pedir (`nc -N`) também recebe a resposta.
async fn conversar(conexao: TcpStream, publicado: Arc<Publicado>) {
    let servico = service_fn(move |pedido| {
        let resposta = responder(&publicado, &pedido);
        async move { Ok::<_, Infallible>(resposta) }
    });
    // Um navegador que sai no meio da resposta não é notícia.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .half_close(true)
        .serve_connection(TokioIo::new(conexao), servico)
        .await;
}
