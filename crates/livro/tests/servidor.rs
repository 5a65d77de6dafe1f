//! O servidor de verdade: o que ele serve, o que recusa e quando recarrega.

mod mesa;

use mesa::{Mesa, PAGINA};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// O prazo de qualquer espera destes testes.
const PRAZO: Duration = Duration::from_secs(30);

/// Um `cargo run` sem navegador.
struct Servidor {
    filho: Child,
    saida: Option<BufReader<ChildStdout>>,
    erros: Option<ChildStderr>,
    endereco: SocketAddr,
    /// O que o programa disse até dar o endereço.
    abertura: String,
}

impl Servidor {
    fn em(mesa: &Mesa, argumentos: &[&str]) -> Servidor {
        let mut filho = mesa
            .comando(argumentos)
            .arg("--sem-navegador")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("rodar o programa");
        let saida = filho.stdout.take().expect("saída");
        let erros = filho.stderr.take();
        let mut saida = BufReader::new(saida);
        let mut abertura = String::new();
        let endereco = loop {
            let lidos = saida.read_line(&mut abertura).expect("ler a saída");
            assert_ne!(lidos, 0, "o programa acabou:\n{abertura}");
            if let Some(endereco) = endereco(&abertura) {
                break endereco;
            }
        };
        Servidor {
            filho,
            saida: Some(saida),
            erros,
            endereco,
            abertura,
        }
    }

    fn novo(mesa: &Mesa) -> Servidor {
        Servidor::em(mesa, &["--porta", "0"])
    }

    /// A resposta inteira: linha de estado, cabeçalhos e corpo.
    fn pedir(&self, linha: &str, host: &str) -> String {
        let mut conexao = self.conectar();
        write!(
            conexao,
            "{linha} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .expect("pedir");
        let mut resposta = Vec::new();
        conexao.read_to_end(&mut resposta).expect("ler a resposta");
        String::from_utf8_lossy(&resposta).into_owned()
    }

    fn ver(&self, caminho: &str) -> String {
        self.pedir(&format!("GET {caminho}"), "localhost")
    }

    fn conectar(&self) -> TcpStream {
        let conexao = TcpStream::connect(self.endereco).expect("conectar");
        conexao.set_read_timeout(Some(PRAZO)).expect("prazo");
        conexao
    }

    /// Os eventos de recarga, como uma página aberta os recebe.
    fn eventos(&self) -> Eventos {
        let mut conexao = self.conectar();
        conexao
            .write_all(
                b"GET /_livro/eventos HTTP/1.1\r\nHost: localhost\r\n\r\n",
            )
            .expect("pedir");
        Eventos {
            linhas: BufReader::new(conexao),
        }
    }

    /// A próxima linha que o programa escreve.
    fn linha(&mut self) -> String {
        let mut linha = String::new();
        let saida = self.saida.as_mut().expect("terminal aberto");
        saida.read_line(&mut linha).expect("ler a saída");
        linha
    }

    /// Fecha os dois lados em que o programa escreve.
    fn fechar_terminal(&mut self) {
        self.saida = None;
        self.erros = None;
    }
}

impl Drop for Servidor {
    fn drop(&mut self) {
        let _ = self.filho.kill();
        let _ = self.filho.wait();
    }
}

fn endereco(texto: &str) -> Option<SocketAddr> {
    let depois = texto.split("http://").nth(1)?;
    depois.split_whitespace().next()?.parse().ok()
}

struct Eventos {
    linhas: BufReader<TcpStream>,
}

impl Eventos {
    /// Os dados do próximo evento.
    fn proximo(&mut self) -> serde_json::Value {
        loop {
            let mut linha = String::new();
            let lidos = self.linhas.read_line(&mut linha).expect("evento");
            assert_ne!(lidos, 0, "os eventos acabaram");
            if let Some(dados) = linha.strip_prefix("data: ") {
                return serde_json::from_str(dados).expect("JSON");
            }
        }
    }
}

#[test]
fn a_pagina_vem_com_os_cabecalhos_e_o_programa_de_recarga() {
    let mesa = Mesa::nova();
    let servidor = Servidor::novo(&mesa);
    let resposta = servidor.ver("/cap05-eco.html");

    assert!(resposta.starts_with("HTTP/1.1 200"), "{resposta}");
    assert!(resposta.contains("content-security-policy: default-src 'none'"));
    assert!(resposta.contains("x-content-type-options: nosniff"));
    assert!(resposta.contains("<script src=\"/_livro/ao-vivo.js\""));
    assert!(servidor.ver("/").starts_with("HTTP/1.1 200"));
}

#[test]
fn o_programa_de_recarga_nao_vai_para_o_site() {
    let mesa = Mesa::nova();
    mesa.construir();

    let pagina = mesa.ler("target/livro/cap05-eco.html");
    assert!(!pagina.contains("_livro"), "{pagina}");
}

#[test]
fn um_nome_de_fora_no_host_e_recusado() {
    let mesa = Mesa::nova();
    let servidor = Servidor::novo(&mesa);
    let porta = servidor.endereco.port();

    for host in ["atacante.example", "127.0.0.1.example", ""] {
        for caminho in ["/", "/_livro/eventos", "/_livro/ao-vivo.js"] {
            let resposta = servidor.pedir(&format!("GET {caminho}"), host);
            assert!(resposta.starts_with("HTTP/1.1 403"), "{host} {caminho}");
            assert!(resposta.contains("content-security-policy"));
        }
    }
    let daqui = format!("127.0.0.1:{porta}");
    assert!(servidor.pedir("GET /", &daqui).starts_with("HTTP/1.1 200"));
}

#[test]
fn nada_fora_da_pasta_do_livro_e_servido() {
    let mesa = Mesa::nova();
    mesa.escrever("target/segredo.txt", "segredo");
    let servidor = Servidor::novo(&mesa);

    for caminho in [
        "/../segredo.txt",
        "/..%2fsegredo.txt",
        "/%2e%2e/segredo.txt",
        "/a/../../segredo.txt",
        "//etc/passwd",
        "/..\\segredo.txt",
        "/book.toml",
    ] {
        let resposta = servidor.ver(caminho);
        assert!(
            resposta.starts_with("HTTP/1.1 404"),
            "{caminho}: {resposta}"
        );
        assert!(!resposta.contains("segredo\n"), "{caminho}");
    }
}

#[test]
fn uma_pagina_que_nao_existe_leva_ao_404_do_livro() {
    let mesa = Mesa::nova();
    mesa.escrever("book/404.md", "# Não há nada aqui\n");
    let servidor = Servidor::novo(&mesa);
    let resposta = servidor.ver("/nada/disto.html");

    assert!(resposta.starts_with("HTTP/1.1 404"), "{resposta}");
    assert!(resposta.contains("Não há nada aqui"), "{resposta}");
}

#[test]
fn so_se_pode_ler() {
    let mesa = Mesa::nova();
    let servidor = Servidor::novo(&mesa);
    let resposta = servidor.pedir("POST /", "localhost");

    assert!(resposta.starts_with("HTTP/1.1 405"), "{resposta}");
}

#[test]
fn salvar_uma_pagina_ou_uma_listagem_recarrega() {
    let mesa = Mesa::nova();
    let mut servidor = Servidor::novo(&mesa);
    let mut eventos = servidor.eventos();
    let primeira = eventos.proximo()["versao"].clone();

    mesa.escrever("book/fim.md", "# Fim\n\n## O fim\n\nTexto novo.\n");
    let segunda = eventos.proximo()["versao"].clone();
    assert_ne!(primeira, segunda);
    assert!(servidor.ver("/fim.html").contains("Texto novo."));
    let linha = servidor.linha();
    assert!(linha.starts_with("book/fim.md mudou: montei 2 "), "{linha}");

    let programa = "// ANCHOR: eco\nfn novo() {}\n// ANCHOR_END: eco\n";
    mesa.escrever("crates/cap05-eco/src/bin/cap05-eco.rs", programa);
    assert_ne!(segunda, eventos.proximo()["versao"]);
    assert!(servidor.ver("/cap05-eco.html").contains(">novo</span>"));
}

#[test]
fn um_capitulo_novo_tambem_e_vigiado() {
    let mesa = Mesa::nova();
    let mut servidor = Servidor::novo(&mesa);
    let mut eventos = servidor.eventos();
    eventos.proximo();
    mesa.escrever("crates/cap06-novo/src/bin/cap06-a.rs", "fn um() {}\n");
    let pagina = "# Fim\n\n## O fim\n\n```rust\n\
                  {{#include ../crates/cap06-novo/src/bin/cap06-a.rs}}\n```\n";
    mesa.escrever("book/fim.md", pagina);
    esperar_pagina(&mut servidor, &mut eventos, ">um</span>");

    mesa.escrever("crates/cap06-novo/src/bin/cap06-a.rs", "fn dois() {}\n");
    esperar_pagina(&mut servidor, &mut eventos, ">dois</span>");
}

/// Espera eventos até a página ter o trecho.
fn esperar_pagina(
    servidor: &mut Servidor,
    eventos: &mut Eventos,
    trecho: &str,
) {
    let inicio = Instant::now();
    while !servidor.ver("/fim.html").contains(trecho) {
        assert!(inicio.elapsed() < PRAZO, "a página não mudou");
        eventos.proximo();
    }
}

#[test]
fn um_erro_aparece_na_pagina_e_o_ultimo_livro_bom_continua_no_ar() {
    let mesa = Mesa::nova();
    let servidor = Servidor::novo(&mesa);
    let mut eventos = servidor.eventos();
    let antes = eventos.proximo();
    assert!(antes["erro"].is_null(), "{antes}");

    mesa.escrever("book/fim.md", "# Fim\n\n## O fim\n\n{{#filme}}\n");
    let depois = eventos.proximo();
    let erro = depois["erro"].as_str().expect("um erro");
    assert!(erro.starts_with("book/fim.md:5: "), "{erro}");
    assert_eq!(antes["versao"], depois["versao"]);
    assert!(servidor.ver("/fim.html").contains("Acabou."));

    let mut tarde = servidor.eventos();
    assert_eq!(tarde.proximo()["erro"], depois["erro"]);

    mesa.escrever("book/fim.md", "# Fim\n\n## O fim\n\nVoltou.\n");
    assert!(eventos.proximo()["erro"].is_null());
    assert!(servidor.ver("/fim.html").contains("Voltou."));
}

#[test]
fn um_livro_que_ja_comeca_errado_mostra_os_erros() {
    let mesa = Mesa::nova();
    mesa.escrever("book/fim.md", "# Fim\n\n{{#filme}}\n");
    let mut servidor = Servidor::novo(&mesa);
    let resposta = servidor.ver("/");

    assert!(resposta.starts_with("HTTP/1.1 503"), "{resposta}");
    assert!(resposta.contains("book/fim.md:3: "), "{resposta}");
    servidor.filho.kill().expect("matar");
    let mut erros = String::new();
    let saida = servidor.erros.as_mut().expect("saída de erros");
    saida.read_to_string(&mut erros).expect("ler os erros");
    assert!(erros.contains("book/fim.md:3: "), "{erros}");
}

#[test]
fn o_progresso_do_leitor_e_servido_e_anunciado() {
    let mesa = Mesa::nova();
    let exercicio = "[[etapas]]\nid = \"eco\"\n";
    mesa.escrever("crates/cap05-eco/exercicio.toml", exercicio);
    mesa.escrever(".oficina/progresso.json", "{\"cap05-eco\":{}}");
    let servidor = Servidor::novo(&mesa);
    let mut eventos = servidor.eventos();
    let antes = eventos.proximo()["progresso"].clone();
    assert_eq!(antes["cap05-eco"]["total"], 1, "{antes}");

    let passou = "{\"cap05-eco\":{\"etapas\":[\"eco\"]}}";
    mesa.escrever(".oficina/progresso.json", passou);
    let depois = eventos.proximo()["progresso"].clone();
    assert_eq!(depois["cap05-eco"]["etapas"][0], "eco", "{depois}");
}

/// `nc -N` faz isto: pede, encerra o lado dele e espera a resposta.
#[test]
fn quem_encerra_o_lado_dele_logo_depois_de_pedir_recebe_a_resposta() {
    let mesa = Mesa::nova();
    let servidor = Servidor::novo(&mesa);
    let mut conexao = servidor.conectar();
    conexao
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .expect("pedir");
    conexao.shutdown(Shutdown::Write).expect("encerrar o envio");
    let mut resposta = String::new();
    conexao.read_to_string(&mut resposta).expect("ler");

    assert!(resposta.starts_with("HTTP/1.1 200"), "{resposta:?}");
    assert!(resposta.contains("</html>"), "{resposta:?}");
}

#[test]
fn head_responde_so_os_cabecalhos() {
    let mesa = Mesa::nova();
    let servidor = Servidor::novo(&mesa);
    let resposta = servidor.pedir("HEAD /", "localhost");

    assert!(resposta.starts_with("HTTP/1.1 200"), "{resposta}");
    assert!(resposta.contains("content-length: "), "{resposta}");
    assert!(resposta.ends_with("\r\n\r\n"), "{resposta}");
}

#[test]
fn uma_porta_ocupada_leva_a_proxima_e_o_programa_avisa() {
    let mesa = Mesa::nova();
    let ocupada = TcpListener::bind("127.0.0.1:0").expect("escutar");
    let porta = ocupada.local_addr().expect("endereço").port();
    let servidor = Servidor::em(&mesa, &["--porta", &porta.to_string()]);

    assert_ne!(servidor.endereco.port(), porta);
    let aviso = format!("A porta {porta} está ocupada");
    assert!(servidor.abertura.contains(&aviso), "{}", servidor.abertura);
}

#[test]
fn um_endereco_de_fora_do_loopback_leva_um_aviso() {
    let mesa = Mesa::nova();
    let mut servidor =
        Servidor::em(&mesa, &["--porta", "0", "--endereco", "0.0.0.0"]);
    servidor.filho.kill().expect("matar");
    let mut erros = String::new();
    let saida = servidor.erros.as_mut().expect("saída de erros");
    saida.read_to_string(&mut erros).expect("ler os erros");

    assert!(erros.contains("visível para toda a rede"), "{erros}");
}

#[cfg(unix)]
#[test]
fn o_ctrl_c_encerra_na_hora_mesmo_com_uma_pagina_aberta() {
    let mesa = Mesa::nova();
    let mut servidor = Servidor::novo(&mesa);
    let mut eventos = servidor.eventos();
    eventos.proximo();
    let numero = servidor.filho.id().to_string();
    let inicio = Instant::now();
    let feito = Command::new("kill")
        .args(["-INT", &numero])
        .status()
        .expect("mandar o sinal");
    assert!(feito.success());
    let estado = servidor.filho.wait().expect("esperar");

    assert!(estado.success(), "{estado}");
    assert!(inicio.elapsed() < Duration::from_secs(2));
}

#[test]
fn o_que_nao_muda_nenhuma_pagina_nao_recarrega() {
    let mesa = Mesa::nova();
    let mut servidor = Servidor::novo(&mesa);
    mesa.escrever("book/cap05-eco.md", PAGINA);
    let linha = servidor.linha();

    assert!(linha.contains("nada mudou nas páginas"), "{linha}");
}

#[test]
fn fechar_o_terminal_nao_tira_o_livro_do_ar() {
    let mesa = Mesa::nova();
    let mut servidor = Servidor::novo(&mesa);
    let mut eventos = servidor.eventos();
    let antes = eventos.proximo()["versao"].clone();
    servidor.fechar_terminal();

    mesa.escrever("book/fim.md", "# Fim\n\n## O fim\n\nDepois.\n");
    assert_ne!(antes, eventos.proximo()["versao"]);
    assert!(servidor.ver("/fim.html").contains("Depois."));
}
