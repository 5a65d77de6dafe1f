//! O livro servido na máquina do leitor, com recarga a cada mudança.

mod acervo;
mod atendimento;
mod porta;
mod progresso;
mod respostas;
mod vigia;

use crate::construcao;
use acervo::Acervo;
use anyhow::{Context as _, Result};
use respostas::Publicado;
use std::io::{IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

/// Como servir.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opcoes {
    pub endereco: IpAddr,
    /// Primeira porta a tentar; 0 deixa o sistema escolher.
    pub porta: u16,
    /// Se o navegador abre sozinho.
    pub navegador: bool,
}

impl Default for Opcoes {
    fn default() -> Opcoes {
        Opcoes {
            endereco: Ipv4Addr::LOCALHOST.into(),
            porta: 3000,
            navegador: true,
        }
    }
}

/// Monta o livro, serve e recarrega até o Ctrl-C.
pub fn servir(raiz: &Path, opcoes: &Opcoes) -> Result<()> {
    let ouvinte = porta::abrir(opcoes.endereco, opcoes.porta)?;
    let endereco = ouvinte.local_addr()?;
    porta::avisar(opcoes, endereco);
    let publicado = Arc::new(Publicado::novo(raiz));
    let vigia = vigia::Vigia::abrir(raiz)?;
    montar_e_publicar(raiz, &publicado, None);
    dizer(&format!(
        "O livro está em http://{endereco} (Ctrl-C encerra)."
    ));
    if opcoes.navegador && ha_area_de_trabalho() {
        abrir_navegador(endereco);
    }
    let do_vigia = Arc::clone(&publicado);
    let pasta = raiz.to_path_buf();
    std::thread::spawn(move || {
        vigia.acompanhar(|mudou| match mudou {
            vigia::Mudanca::Livro(o_que) => {
                montar_e_publicar(&pasta, &do_vigia, Some(&o_que));
            }
            vigia::Mudanca::Progresso => do_vigia.avisar_progresso(),
        });
    });
    atender(ouvinte, publicado)
}

/// Uma linha para quem está no terminal. Se ele fechou, o livro continua no
/// ar: não há a quem contar.
fn dizer(linha: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{linha}");
}

/// O mesmo, na saída de erros.
fn reclamar(linha: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{linha}");
}

/// Monta o livro e o põe no ar; um erro deixa no ar o último que deu certo.
fn montar_e_publicar(raiz: &Path, publicado: &Publicado, mudou: Option<&str>) {
    let antes = mudou
        .map(|nome| format!("{nome} mudou: "))
        .unwrap_or_default();
    match montar(raiz, &publicado.acervo()) {
        Ok((montagem, acervo)) => {
            let novo = publicado.publicar(acervo);
            let depois = match (mudou, novo) {
                (None, _) => "",
                (_, true) => "; recarreguei o navegador",
                (_, false) => "; nada mudou nas páginas",
            };
            let feito = construcao::frase(montagem);
            dizer(&format!("{antes}montei {feito}{depois}."));
        }
        Err(erro) => {
            let texto = construcao::explicacao(&erro);
            reclamar(&format!("{antes}o livro tem erros.\n{texto}"));
            publicado.mostrar_erro(texto);
        }
    }
}

fn montar(
    raiz: &Path,
    anterior: &Acervo,
) -> Result<(construcao::Montagem, Acervo)> {
    let saida = construcao::pasta_de_saida(raiz)?;
    let mut montagem = construcao::construir(raiz, &saida)?;
    let inicio = std::time::Instant::now();
    let acervo = Acervo::ler(&saida, anterior)?;
    montagem.tempo += inicio.elapsed();
    Ok((montagem, acervo))
}

/// Atende até o Ctrl-C, que encerra na hora.
fn atender(ouvinte: TcpListener, publicado: Arc<Publicado>) -> Result<()> {
    let laco = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("não foi possível iniciar o servidor")?;
    laco.block_on(async {
        ouvinte.set_nonblocking(true)?;
        let ouvinte = tokio::net::TcpListener::from_std(ouvinte)?;
        tokio::select! {
            () = atendimento::atender(ouvinte, publicado) => Ok(()),
            _ = tokio::signal::ctrl_c() => {
                dizer("\nAté a próxima.");
                std::process::exit(0)
            }
        }
    })
}

/// Se há uma tela em que um navegador possa abrir.
fn ha_area_de_trabalho() -> bool {
    let tem =
        |nome: &str| std::env::var_os(nome).is_some_and(|v| !v.is_empty());
    let tela = cfg!(any(windows, target_os = "macos"))
        || tem("DISPLAY")
        || tem("WAYLAND_DISPLAY")
        || tem("WSL_DISTRO_NAME");
    tela && !tem("CI") && std::io::stdout().is_terminal()
}

fn abrir_navegador(endereco: SocketAddr) {
    if let Err(erro) = open::that_detached(format!("http://{endereco}")) {
        reclamar(&format!(
            "Não consegui abrir o navegador ({erro}); abra o endereço."
        ));
    }
}
