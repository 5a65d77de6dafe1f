//! As listagens do capítulo 7, executadas de verdade: cada servidor conversa
//! com cada cliente, em Rust e em Python, e cada listagem errada falha do jeito
//! que a página mostra.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Quanto um passo pode demorar antes de o teste desistir dele.
const PRAZO: Duration = Duration::from_secs(30);
const LOOPBACK: &str = "127.0.0.1:0";
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

fn comando(nome: &str, lingua: Lingua, argumentos: &[&str]) -> Command {
    let mut comando = match lingua {
        Rust => {
            let deste = Path::new(env!("CARGO_BIN_EXE_cap07-visor"));
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

/// Os pares servidor × cliente que esta máquina pode formar.
fn pares() -> impl Iterator<Item = (Lingua, Lingua)> {
    LINGUAS
        .into_iter()
        .flat_map(|s| LINGUAS.into_iter().map(move |c| (s, c)))
        .filter(|&(s, c)| existe(s) && existe(c))
}

#[test]
fn a_estacao_e_o_visor_se_entendem_entre_rust_e_python() {
    for (lingua_da_estacao, lingua_do_visor) in pares() {
        let (_viva, endereco, _) =
            servidor("cap07-estacao", lingua_da_estacao, &[]);
        let fim = rodar("cap07-visor", lingua_do_visor, &[&endereco]);
        assert!(fim.certo, "{fim:?}");
        assert_eq!(
            fim.saida,
            "01 | 00 00 03 e8 | 00 00 08 66\n\
             sensor 1, instante 1000, 21,50 °C\n\
             02 | 00 01 51 80 | ff ff fe bb\n\
             sensor 2, instante 86400, -3,25 °C\n\
             03 | ee 6b 28 00 | 00 00 00 01\n\
             sensor 3, instante 4000000000, 0,01 °C\n"
        );
    }
}

#[test]
fn a_estacao_envia_27_bytes_na_ordem_da_rede() {
    for lingua in LINGUAS.into_iter().filter(|&l| existe(l)) {
        let (_viva, endereco, _) = servidor("cap07-estacao", lingua, &[]);
        let mut conexao = TcpStream::connect(&endereco).unwrap();
        conexao.set_read_timeout(Some(PRAZO)).unwrap();
        let mut bytes = Vec::new();
        conexao.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes.len(), 27);
        assert_eq!(bytes[..9], [1, 0, 0, 0x03, 0xe8, 0, 0, 0x08, 0x66]);
    }
}

#[test]
fn a_experiencia_diz_o_mesmo_em_rust_e_em_python() {
    let rust = rodar("cap07-memoria", Rust, &[]);
    assert!(rust.certo, "{rust:?}");
    if existe(Python) {
        assert_eq!(rust.saida, rodar("cap07-memoria", Python, &[]).saida);
    }
    assert!(rust.saida.contains("lido na outra: 3892510720"));
    assert!(rust.saida.contains("ocupa na memória: 12 bytes"));
}

#[test]
fn o_sensor_conversa_com_cada_solucao() {
    for (lingua_da_estacao, lingua_do_sensor) in pares() {
        let (_viva, endereco, _) =
            servidor("cap07-solucao", lingua_da_estacao, &[]);
        let fim = rodar("cap07-sensor", lingua_do_sensor, &[&endereco]);
        assert!(fim.certo, "{fim:?}");
        assert_eq!(
            fim.saida,
            "0 a 4294967295: R 2 2150\n\
             4000 a 4000: R 1 3000\n\
             100000 a 200000: R 0 0\n"
        );
    }
}

#[test]
fn quem_troca_a_ordem_ve_uma_temperatura_impossivel() {
    for lingua in LINGUAS.into_iter().filter(|&l| existe(l)) {
        let (_viva, endereco, _) = servidor("cap07-estacao", lingua, &[]);
        let fim = rodar("cap07-errado-ordem", lingua, &[&endereco]);
        assert!(fim.certo, "nada acusa o erro: {fim:?}");
        let primeira = fim.saida.lines().next().unwrap();
        assert_eq!(primeira, "sensor 1, instante 3892510720, 17118003,20 °C");
    }
}

#[test]
fn quem_confia_no_tamanho_reserva_256_mib_por_quatro_bytes() {
    for (lingua_do_servidor, lingua_do_cliente) in pares() {
        let (_vivo, endereco, linhas) =
            servidor("cap07-errado-tamanho", lingua_do_servidor, &[]);
        let fim = rodar("cap07-hostil", lingua_do_cliente, &[&endereco]);
        assert!(fim.certo, "{fim:?}");
        let reservou = linhas.recv_timeout(PRAZO).unwrap();
        assert_eq!(reservou, "reservei 268435456 bytes");
        assert!(linhas.recv_timeout(PRAZO).unwrap().contains(" caiu ("));
    }
}

#[test]
fn o_esqueleto_diz_o_que_falta() {
    for lingua in LINGUAS.into_iter().filter(|&l| existe(l)) {
        let fim = rodar("cap07-exercicio", lingua, &[LOOPBACK]);
        assert!(!fim.certo);
        assert!(fim.erros.contains("falta escrever"), "{fim:?}");
    }
}
