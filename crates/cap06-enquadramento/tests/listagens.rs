//! As listagens do capítulo 6, executadas de verdade: cada servidor conversa
//! com cada cliente, em Rust e em Python, em pedaços de todos os tamanhos, e
//! cada listagem errada falha do jeito que a página mostra.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Quanto um passo pode demorar antes de o teste desistir dele.
const PRAZO: Duration = Duration::from_secs(30);
const LOOPBACK: &str = "127.0.0.1:0";
/// O fluxo inteiro de `cap06-palavras`: 28 bytes.
const FLUXO: &[u8] = "\0\x04olá\0\x09coração\0\x04pão\0\x03fim".as_bytes();
const AS_QUATRO: [&str; 4] = [
    "palavra: olá",
    "palavra: coração",
    "palavra: pão",
    "palavra: fim",
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Lingua {
    Rust,
    Python,
}
use Lingua::{Python, Rust};

const LINGUAS: [Lingua; 2] = [Rust, Python];

/// Um programa do capítulo em andamento; morre junto com o teste.
struct Programa(Child);

impl Drop for Programa {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// O que um programa que terminou disse, e como terminou.
#[derive(Debug)]
struct Fim {
    saida: String,
    erros: String,
    certo: bool,
}

impl Fim {
    fn palavras(&self) -> Vec<&str> {
        let linhas = self.saida.lines();
        linhas.filter(|l| l.starts_with("palavra: ")).collect()
    }
}

fn comando(nome: &str, lingua: Lingua, argumentos: &[&str]) -> Command {
    let mut comando = match lingua {
        Rust => {
            let deste = Path::new(env!("CARGO_BIN_EXE_cap06-cliente"));
            let sufixo = std::env::consts::EXE_SUFFIX;
            Command::new(deste.with_file_name(format!("{nome}{sufixo}")))
        }
        Python => {
            let mut comando = Command::new("python3");
            let pasta = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
            comando.arg("-B").arg(pasta.join(format!("{nome}.py")));
            comando
        }
    };
    comando.args(argumentos).env_remove("RUST_BACKTRACE");
    comando
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::null());
    comando.stdout(Stdio::piped()).stderr(Stdio::piped());
    comando
}

/// Se a língua pode ser usada aqui; sem o Python, diz que pulou.
fn existe(lingua: Lingua) -> bool {
    if lingua == Rust {
        return true;
    }
    let existe = Command::new("python3").arg("-V").output().is_ok();
    assert!(
        existe || std::env::var_os("CI").is_none(),
        "falta o python3"
    );
    if !existe {
        let _ = writeln!(io::stderr(), "pulado: não há python3 nesta máquina");
    }
    existe
}

/// Inicia um servidor e devolve o endereço em que ele escuta.
fn servidor(
    nome: &str,
    lingua: Lingua,
    resto: &[&str],
) -> (Programa, String, mpsc::Receiver<String>) {
    let argumentos = [&[LOOPBACK], resto].concat();
    let mut filho = comando(nome, lingua, &argumentos).spawn().unwrap();
    let saida = filho.stdout.take().unwrap();
    let (envia, linhas) = mpsc::channel();
    thread::spawn(move || {
        for linha in BufReader::new(saida).lines().map_while(Result::ok) {
            let _ = envia.send(linha);
        }
    });
    let primeira = linhas.recv_timeout(PRAZO).expect("o servidor fala");
    let endereco = primeira.strip_prefix("escutando em ");
    let endereco = endereco.expect("a primeira linha diz onde").to_string();
    (Programa(filho), endereco, linhas)
}

/// Roda um programa até o fim, com prazo.
fn rodar(nome: &str, lingua: Lingua, argumentos: &[&str]) -> Fim {
    let filho = comando(nome, lingua, argumentos).spawn().unwrap();
    let (envia, recebe) = mpsc::channel();
    let id = filho.id();
    thread::spawn(move || envia.send(filho.wait_with_output()));
    let Ok(Ok(Output {
        status,
        stdout,
        stderr,
    })) = recebe.recv_timeout(PRAZO)
    else {
        panic!("{nome} ({lingua:?}, processo {id}) não terminou");
    };
    Fim {
        saida: String::from_utf8(stdout).unwrap(),
        erros: String::from_utf8(stderr).unwrap(),
        certo: status.success(),
    }
}

/// Um servidor do teste: aceita um cliente, manda as partes e encerra.
fn servir_partes(partes: Vec<Vec<u8>>) -> String {
    let ouvinte = TcpListener::bind(LOOPBACK).unwrap();
    let endereco = ouvinte.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let (mut conexao, _) = ouvinte.accept().unwrap();
        conexao.set_nodelay(true).unwrap();
        for parte in partes {
            let _ = conexao.write_all(&parte);
        }
    });
    endereco
}

/// Roda um cliente contra as palavras em pedaços de 7 bytes. Em uma máquina
/// sobrecarregada dois pedaços podem chegar juntos; por isso, até dez vezes.
fn com_cortes(nome: &str, lingua: Lingua, cortou: fn(&Fim) -> bool) -> Fim {
    let (_vivo, endereco, _) = servidor("cap06-palavras", lingua, &["7"]);
    let mut tentativas = (0..10).map(|_| rodar(nome, lingua, &[&endereco]));
    tentativas
        .find(cortou)
        .expect("em dez tentativas, um corte")
}

/// Os pares servidor × cliente que esta máquina pode formar.
fn pares() -> impl Iterator<Item = (Lingua, Lingua)> {
    LINGUAS
        .into_iter()
        .flat_map(|s| LINGUAS.into_iter().map(move |c| (s, c)))
        .filter(|&(s, c)| existe(s) && existe(c))
}

#[test]
fn as_quatro_palavras_chegam_entre_rust_e_python() {
    for (lingua_do_servidor, lingua_do_cliente) in pares() {
        let (_vivo, endereco, _) =
            servidor("cap06-palavras", lingua_do_servidor, &["7"]);
        let fim = rodar("cap06-cliente", lingua_do_cliente, &[&endereco, "7"]);
        assert!(fim.certo, "{fim:?}");
        assert_eq!(fim.palavras(), AS_QUATRO);
        let chegadas = fim.saida.lines().filter(|l| l.starts_with("chegaram"));
        assert_eq!(chegadas.count(), 4, "{fim:?}");
    }
}

#[test]
fn o_cliente_remonta_com_qualquer_tamanho_de_buffer_e_de_pedaco() {
    for lingua in LINGUAS.into_iter().filter(|&l| existe(l)) {
        for tamanho in 1..=FLUXO.len() {
            let partes = FLUXO.chunks(tamanho).map(<[u8]>::to_vec);
            let endereco = servir_partes(partes.collect());
            let tamanho = (FLUXO.len() - tamanho + 1).to_string();
            let fim = rodar("cap06-cliente", lingua, &[&endereco, &tamanho]);
            assert_eq!(fim.palavras(), AS_QUATRO, "buffer de {tamanho}");
        }
    }
}

#[test]
fn o_cliente_percebe_o_fluxo_que_acaba_em_qualquer_byte() {
    for corte in 1..FLUXO.len() {
        let inteiras = [6, 17, 23].contains(&corte);
        let endereco = servir_partes(vec![FLUXO[..corte].to_vec()]);
        let fim = rodar("cap06-cliente", Rust, &[&endereco, "4096"]);
        assert_eq!(fim.certo, inteiras, "corte em {corte}: {fim:?}");
        assert_eq!(fim.erros.contains("meia mensagem"), !inteiras);
    }
}

#[test]
fn o_servidor_sobrevive_a_um_cliente_que_vai_embora() {
    for lingua in LINGUAS.into_iter().filter(|&l| existe(l)) {
        let (_vivo, endereco, _) = servidor("cap06-palavras", lingua, &["1"]);
        drop(TcpStream::connect(&endereco).unwrap());
        let mut fluxo = Vec::new();
        let mut conexao = TcpStream::connect(&endereco).unwrap();
        conexao.set_read_timeout(Some(PRAZO)).unwrap();
        conexao.read_to_end(&mut fluxo).unwrap();
        assert_eq!(fluxo, FLUXO);
    }
}

#[test]
fn as_experiencias_dizem_o_mesmo_em_rust_e_em_python() {
    for nome in ["cap06-pedacos", "cap06-formas"] {
        let rust = rodar(nome, Rust, &[]);
        assert!(rust.certo, "{rust:?}");
        if existe(Python) {
            assert_eq!(rust.saida, rodar(nome, Python, &[]).saida);
        }
    }
    let pedacos = rodar("cap06-pedacos", Rust, &[]).saida;
    assert!(pedacos.contains("leitura 1: 14 bytes\n  leitura 2: 0 bytes"));
}

#[test]
fn quem_toma_uma_leitura_por_mensagem_cola_e_corta() {
    for lingua in LINGUAS.into_iter().filter(|&l| existe(l)) {
        let endereco = servir_partes(vec![FLUXO.to_vec()]);
        let fim = rodar("cap06-errado-uma-leitura", lingua, &[&endereco]);
        assert_eq!(fim.palavras().len(), 1, "{fim:?}");
        assert!(fim.saida.contains("coração"), "{fim:?}");

        let endereco = servir_partes(vec![FLUXO[..3].to_vec()]);
        let fim = rodar("cap06-errado-uma-leitura", lingua, &[&endereco]);
        assert!(["palavra: \"o\"", "palavra: 'o'"].contains(&fim.saida.trim()));
    }
}

#[test]
fn quem_le_o_prefixo_de_uma_vez_perde_o_compasso() {
    for lingua in LINGUAS.into_iter().filter(|&l| existe(l)) {
        let fim = com_cortes("cap06-errado-prefixo", lingua, |fim| !fim.certo);
        assert!(!fim.certo);
        assert!(fim.saida.contains("vem uma palavra de 2403 bytes"));
        assert_eq!(fim.palavras(), ["palavra: olá", "palavra: "]);
    }
}

#[test]
fn quem_decodifica_por_pedaco_estraga_o_acento() {
    for lingua in LINGUAS.into_iter().filter(|&l| existe(l)) {
        let fim = com_cortes("cap06-errado-utf8", lingua, |fim| {
            fim.saida.contains('\u{FFFD}')
        });
        assert_eq!(fim.palavras()[2], "palavra: p\u{FFFD}\u{FFFD}o");
    }
}

#[test]
fn quem_troca_de_leitor_perde_o_que_foi_lido_adiante() {
    for lingua in LINGUAS.into_iter().filter(|&l| existe(l)) {
        let endereco = servir_partes(vec![FLUXO.to_vec()]);
        let fim = rodar("cap06-errado-dois-leitores", lingua, &[&endereco]);
        assert!(fim.certo, "o erro é silencioso: {fim:?}");
        assert_eq!(fim.palavras(), ["palavra: olá"]);
    }
}

#[test]
fn quem_nao_tem_limite_guarda_64_mib_de_uma_linha_so() {
    for (lingua_do_servidor, lingua_do_cliente) in pares() {
        let (_vivo, endereco, linhas) =
            servidor("cap06-errado-sem-limite", lingua_do_servidor, &[]);
        let fim = rodar("cap06-sem-fim", lingua_do_cliente, &[&endereco]);
        assert!(fim.certo, "{fim:?}");
        for tamanho in [7, 67108864] {
            let guardou = linhas.recv_timeout(PRAZO).unwrap();
            assert_eq!(
                guardou,
                format!("guardei uma linha de {tamanho} bytes")
            );
        }
    }
}

#[test]
fn o_esqueleto_diz_o_que_falta() {
    for lingua in LINGUAS.into_iter().filter(|&l| existe(l)) {
        let fim = rodar("cap06-exercicio", lingua, &[LOOPBACK]);
        assert!(!fim.certo);
        assert!(fim.erros.contains("falta escrever"), "{fim:?}");
    }
}
