//! Roda os programas do capítulo, de verdade, uns contra os outros.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const PRAZO: Duration = Duration::from_secs(20);
const PAGINA: &str = "Um socket entrega bytes, na ordem em que saíram.\n";

/// Um servidor que morre com o teste.
struct Servidor {
    processo: Child,
    endereco: String,
}

impl Servidor {
    fn iniciar(mut comando: Command) -> Self {
        let mut processo = comando
            .arg("127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("o servidor não iniciou");
        let saida = processo.stdout.take().expect("a saída foi pedida");
        let mut linhas = BufReader::new(saida).lines();
        let primeira = linhas.next().expect("o servidor não disse nada");
        let endereco = primeira
            .expect("a saída do servidor é texto")
            .strip_prefix("escutando em ")
            .expect("a primeira linha diz onde o servidor escuta")
            .to_owned();
        std::thread::spawn(move || linhas.for_each(drop)); // não enche o pipe
        Servidor { processo, endereco }
    }
}

impl Drop for Servidor {
    fn drop(&mut self) {
        let _ = self.processo.kill();
        let _ = self.processo.wait();
    }
}

fn rust(nome: &str) -> Command {
    Command::new(match nome {
        "servidor" => env!("CARGO_BIN_EXE_cap04-servidor"),
        "leituras" => env!("CARGO_BIN_EXE_cap04-leituras"),
        "pega" => env!("CARGO_BIN_EXE_cap04-pega"),
        "solucao" => env!("CARGO_BIN_EXE_cap04-solucao"),
        "errado-uma-leitura" => env!("CARGO_BIN_EXE_cap04-errado-uma-leitura"),
        "errado-ate-o-fim" => env!("CARGO_BIN_EXE_cap04-errado-ate-o-fim"),
        "errado-sem-prazo" => env!("CARGO_BIN_EXE_cap04-errado-sem-prazo"),
        "errado-sem-flush" => env!("CARGO_BIN_EXE_cap04-errado-sem-flush"),
        outro => panic!("não há listagem {outro}"),
    })
}

/// O gêmeo em Python; sem Python, só as listagens em Rust são testadas.
fn python(nome: &str) -> Option<Command> {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "falta o python3");
        let _ = writeln!(io::stderr(), "pulado: falta o python3");
        return None;
    }
    let mut comando = Command::new("python3");
    comando.env("PYTHONIOENCODING", "utf-8").arg(format!(
        "{}/python/cap04-{nome}.py",
        env!("CARGO_MANIFEST_DIR")
    ));
    Some(comando)
}

fn as_duas(nome: &str) -> Vec<Command> {
    [Some(rust(nome)), python(nome)]
        .into_iter()
        .flatten()
        .collect()
}

/// Roda `cliente` contra `servidor`, em Rust e em Python, nos quatro pares.
fn em_cada_par(
    cliente: &str,
    caminho: &str,
    conferir: impl Fn(&Output) + Sync,
) {
    std::thread::scope(|escopo| {
        for indice in 0..as_duas(cliente).len().pow(2) {
            let servidor = as_duas("servidor").swap_remove(indice / 2);
            let comando = as_duas(cliente).swap_remove(indice % 2);
            let conferir = &conferir;
            escopo.spawn(move || {
                conferir(&conversar(servidor, comando, caminho));
            });
        }
    });
}

fn conversar(servidor: Command, mut cliente: Command, caminho: &str) -> Output {
    let servidor = Servidor::iniciar(servidor);
    cliente.args([&servidor.endereco, caminho]);
    cliente.output().expect("o cliente não iniciou")
}

fn texto(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn pega_devolve_a_pagina_inteira_e_sai_com_0() {
    for caminho in ["/", "/fatias", "/aberta"] {
        em_cada_par("pega", caminho, |saida| {
            assert_eq!(texto(&saida.stdout), PAGINA);
            assert_eq!(saida.status.code(), Some(0));
        });
    }
}

#[test]
fn pega_diz_que_a_resposta_foi_cortada() {
    em_cada_par("pega", "/cortada", |saida| {
        assert_eq!(texto(&saida.stdout), "");
        assert!(texto(&saida.stderr).starts_with("resposta cortada"));
        assert_eq!(saida.status.code(), Some(5));
    });
}

#[test]
fn pega_desiste_de_um_servidor_mudo() {
    em_cada_par("pega", "/muda", |saida| {
        assert!(texto(&saida.stderr).starts_with("tempo esgotado"));
        assert_eq!(saida.status.code(), Some(4));
    });
}

#[test]
fn pega_diz_o_que_o_servidor_respondeu() {
    em_cada_par("pega", "/nao-existe", |saida| {
        assert!(texto(&saida.stderr).contains("404"));
        assert_eq!(saida.status.code(), Some(1));
    });
}

#[test]
fn pega_diz_que_a_conexao_foi_recusada() {
    // A porta de um cliente conectado está em uso, e ninguém escuta nela.
    let ouvinte = TcpListener::bind("127.0.0.1:0").unwrap();
    let ocupada = TcpStream::connect(ouvinte.local_addr().unwrap()).unwrap();
    let endereco = ocupada.local_addr().unwrap().to_string();
    for mut comando in as_duas("pega") {
        let saida = comando.arg(&endereco).output().unwrap();
        assert!(texto(&saida.stderr).starts_with("conexão recusada"));
        assert_eq!(saida.status.code(), Some(3));
    }
}

/// O servidor fecha sem ler o pedido: o kernel dele responde com um reset.
#[test]
fn pega_trata_o_reset_como_resposta_cortada() {
    for mut comando in as_duas("pega") {
        let ouvinte = TcpListener::bind("127.0.0.1:0").unwrap();
        comando.arg(ouvinte.local_addr().unwrap().to_string());
        comando.stdout(Stdio::piped()).stderr(Stdio::piped());
        let cliente = comando.spawn().unwrap();
        let (conexao, _) = ouvinte.accept().unwrap();
        conexao.set_read_timeout(Some(PRAZO)).unwrap();
        conexao.peek(&mut [0]).unwrap(); // o pedido chegou e fica sem ler
        drop(conexao);
        let saida = cliente.wait_with_output().unwrap();
        assert_eq!(saida.status.code(), Some(5), "{saida:?}");
    }
}

/// Cem gigabytes anunciados e dois bytes enviados: ninguém reserva memória
/// pelo que o outro lado diz.
#[test]
fn um_tamanho_absurdo_e_uma_resposta_cortada() {
    let pagina = "HTTP/1.0 200 OK\r\nContent-Length: 99999999999\r\n\r\noi";
    let respostas = [("pega", pagina), ("solucao", "99999999999\noi")];
    for (nome, resposta) in respostas {
        for mut comando in as_duas(nome) {
            let ouvinte = TcpListener::bind("127.0.0.1:0").unwrap();
            comando.arg(ouvinte.local_addr().unwrap().to_string());
            comando.stdout(Stdio::piped()).stderr(Stdio::piped());
            let cliente = comando.spawn().unwrap();
            let (mut conexao, _) = ouvinte.accept().unwrap();
            conexao.set_read_timeout(Some(PRAZO)).unwrap();
            assert_ne!(conexao.read(&mut [0; 1024]).unwrap(), 0);
            conexao.write_all(resposta.as_bytes()).unwrap();
            drop(conexao);
            let saida = cliente.wait_with_output().unwrap();
            assert_eq!(saida.status.code(), Some(5), "{saida:?}");
        }
    }
}

#[test]
fn as_leituras_seguem_as_fatias_e_terminam_em_zero() {
    em_cada_par("leituras", "/fatias", |saida| {
        let linhas = texto(&saida.stdout);
        assert!(linhas.contains("leitura 2: "), "{linhas}");
        assert!(linhas.contains(": 0 bytes, o fim do fluxo\n"), "{linhas}");
        assert!(linhas.ends_with("89 bytes ao todo\n"), "{linhas}");
    });
}

#[test]
fn uma_leitura_so_perde_o_resto_da_resposta() {
    em_cada_par("errado-uma-leitura", "/fatias", |saida| {
        assert_eq!(saida.status.code(), Some(0));
        assert!(texto(&saida.stdout).starts_with("HTTP/1.0 200 OK"));
        assert!(!texto(&saida.stdout).contains("saíram"));
    });
}

#[test]
fn ler_ate_o_fim_nao_termina_em_uma_conexao_aberta() {
    em_cada_par("errado-ate-o-fim", "/aberta", |saida| {
        assert_eq!(texto(&saida.stdout), "89 bytes na memória\n");
        assert!(texto(&saida.stderr).contains("esperei o fim"));
        assert_eq!(saida.status.code(), Some(1));
    });
}

#[test]
fn sem_flush_o_pedido_nao_sai_e_a_resposta_nao_vem() {
    em_cada_par("errado-sem-flush", "/", |saida| {
        assert!(texto(&saida.stderr).contains("esperei a resposta"));
        assert_eq!(saida.status.code(), Some(1));
    });
}

/// Quem desistiria em 2 s já teria desistido; quem não tem prazo, espera.
#[test]
fn sem_prazo_o_silencio_nao_acaba() {
    let [mut certos, mut errados] = ["pega", "errado-sem-prazo"].map(|nome| {
        let iniciar = |mut comando: Command| {
            let servidor = Servidor::iniciar(rust("servidor"));
            comando.args([&servidor.endereco, "/muda"]);
            comando.stdout(Stdio::null()).stderr(Stdio::null());
            (comando.spawn().unwrap(), servidor)
        };
        as_duas(nome).into_iter().map(iniciar).collect::<Vec<_>>()
    });
    for (certo, _) in &mut certos {
        assert_eq!(certo.wait().unwrap().code(), Some(4));
    }
    for (errado, _) in &mut errados {
        assert!(errado.try_wait().unwrap().is_none(), "não devia terminar");
        errado.kill().unwrap();
        errado.wait().unwrap();
    }
}

/// Um cliente que some no meio do pedido não derruba o servidor.
#[test]
fn o_servidor_sobrevive_a_um_pedido_pela_metade() {
    for servidor in as_duas("servidor") {
        let servidor = Servidor::iniciar(servidor);
        let mut metade = TcpStream::connect(&servidor.endereco).unwrap();
        metade.write_all(b"GET / HT").unwrap();
        drop(metade);
        let mut conexao = TcpStream::connect(&servidor.endereco).unwrap();
        conexao.set_read_timeout(Some(PRAZO)).unwrap();
        conexao.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
        let mut resposta = String::new();
        conexao.read_to_string(&mut resposta).unwrap();
        assert!(resposta.ends_with(PAGINA), "{resposta:?}");
    }
}
