//! As listagens do capítulo 1, executadas de verdade: cada lado conversa com
//! o outro, em Rust e em Python, e o que a página mostra acontece.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
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

/// Um programa do capítulo em andamento; morre junto com o teste.
struct Programa {
    nome: String,
    processo: Child,
    entrada: Option<ChildStdin>,
    linhas: Receiver<String>,
    ditas: Vec<String>,
}

impl Programa {
    fn inicia(nome: &str, lingua: Lingua, argumentos: &[&str]) -> Self {
        let mut comando = match lingua {
            Lingua::Rust => Command::new(binario(nome)),
            Lingua::Python => {
                let mut comando = Command::new("python3");
                comando.arg(
                    Path::new(env!("CARGO_MANIFEST_DIR"))
                        .join(format!("python/{nome}.py")),
                );
                comando
            }
        };
        let mut processo = comando
            .args(argumentos)
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|erro| panic!("{nome} não inicia: {erro}"));
        let (envia, linhas) = mpsc::channel();
        ler_linhas(processo.stdout.take().unwrap(), envia.clone());
        ler_linhas(processo.stderr.take().unwrap(), envia);
        Self {
            nome: format!("{nome} ({lingua:?})"),
            entrada: processo.stdin.take(),
            processo,
            linhas,
            ditas: Vec::new(),
        }
    }

    /// Inicia um servidor e devolve também o endereço em que ele escuta.
    fn servidor(nome: &str, lingua: Lingua, papel: &[&str]) -> (Self, String) {
        let argumentos = [&[LOOPBACK], papel].concat();
        let mut programa = Self::inicia(nome, lingua, &argumentos);
        let linha = programa.diz("escutando em ");
        let endereco = linha.trim_start_matches("escutando em ").to_string();
        (programa, endereco)
    }

    /// Espera uma linha com este trecho e a devolve.
    fn diz(&mut self, trecho: &str) -> String {
        loop {
            match self.linhas.recv_timeout(PRAZO) {
                Ok(linha) => {
                    self.ditas.push(linha.clone());
                    if linha.contains(trecho) {
                        return linha;
                    }
                }
                Err(motivo) => panic!(
                    "esperava {trecho:?} de {}; ele disse {:?} ({motivo})",
                    self.nome, self.ditas
                ),
            }
        }
    }

    fn digita(&mut self, linha: &str) {
        let entrada = self.entrada.as_mut().expect("a entrada está aberta");
        // De uma vez: `writeln!` mandaria a linha e o \n em duas escritas.
        entrada
            .write_all(format!("{linha}\n").as_bytes())
            .expect("o programa lê a entrada");
    }

    fn fecha_a_entrada(&mut self) {
        self.entrada = None;
    }

    /// Espera o programa terminar; devolve o status e tudo o que ele disse.
    fn termina(mut self) -> (ExitStatus, String) {
        self.entrada = None;
        loop {
            match self.linhas.recv_timeout(PRAZO) {
                Ok(linha) => self.ditas.push(linha),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!(
                    "{} não terminou; ele disse {:?}",
                    self.nome, self.ditas
                ),
            }
        }
        let status = self.processo.wait().expect("o processo existe");
        (status, self.ditas.join("\n"))
    }
}

impl Drop for Programa {
    fn drop(&mut self) {
        let _ = self.processo.kill();
        let _ = self.processo.wait();
    }
}

fn ler_linhas(fonte: impl Read + Send + 'static, envia: mpsc::Sender<String>) {
    thread::spawn(move || {
        let mut fonte = BufReader::new(fonte);
        let mut linha = Vec::new();
        while fonte.read_until(b'\n', &mut linha).is_ok_and(|n| n > 0) {
            let texto = String::from_utf8_lossy(&linha).trim_end().to_string();
            if envia.send(texto).is_err() {
                return;
            }
            linha.clear();
        }
    });
}

fn binario(nome: &str) -> String {
    std::env::var(format!("CARGO_BIN_EXE_{nome}"))
        .ok()
        .or_else(|| {
            // O Cargo põe todos os binários do crate na mesma pasta.
            let irmao = Path::new(env!("CARGO_BIN_EXE_cap01-conversa"));
            let pasta = irmao.parent()?;
            let extensao = std::env::consts::EXE_SUFFIX;
            Some(
                pasta
                    .join(format!("{nome}{extensao}"))
                    .display()
                    .to_string(),
            )
        })
        .expect("o cargo compilou os programas do capítulo")
}

/// Rust sempre; Python quando há `python3` (na integração, tem de haver).
fn linguas() -> Vec<Lingua> {
    let ha_python = Command::new("python3")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if ha_python {
        return vec![Lingua::Rust, Lingua::Python];
    }
    let ci = std::env::var("CI").is_ok_and(|valor| valor == "true");
    assert!(!ci, "python3 não foi encontrado, e CI=true o exige");
    let _ = writeln!(io::stderr(), "pulado: falta o python3");
    vec![Lingua::Rust]
}

/// Os quatro pares: quem escuta e quem conecta, em cada língua.
fn pares() -> Vec<(Lingua, Lingua)> {
    let linguas = linguas();
    let par = |a: Lingua| linguas.iter().map(move |b| (a, *b));
    linguas.iter().copied().flat_map(par).collect()
}

#[test]
fn a_conversa_vai_nos_dois_sentidos_e_termina_nos_dois_lados() {
    for (a, b) in pares() {
        let (mut servidor, onde) =
            Programa::servidor("cap01-conversa", a, &["escuta"]);
        let mut cliente = Programa::inicia("cap01-conversa", b, &[&onde]);
        servidor.diz("conectou");
        cliente.digita("oi, tem alguém aí?");
        servidor.diz("oi, tem alguém aí?");
        servidor.digita("tem, pode falar");
        cliente.diz("tem, pode falar");
        cliente.fecha_a_entrada();
        for programa in [servidor, cliente] {
            let (status, dito) = programa.termina();
            assert!(status.success(), "{dito}");
            assert!(dito.contains("o outro lado encerrou"), "{dito}");
        }
    }
}

#[test]
fn o_cliente_sem_servidor_e_recusado() {
    // A porta de um cliente conectado está em uso, e ninguém escuta nela.
    let ouvinte = std::net::TcpListener::bind(LOOPBACK).unwrap();
    let ocupada = TcpStream::connect(ouvinte.local_addr().unwrap()).unwrap();
    let onde = ocupada.local_addr().unwrap().to_string();
    for lingua in linguas() {
        let cliente = Programa::inicia("cap01-conversa", lingua, &[&onde]);
        let (status, dito) = cliente.termina();
        assert_eq!(status.code(), Some(1), "{dito}");
        assert!(dito.contains("não conectei a 127.0.0.1"), "{dito}");
    }
}

#[test]
fn quem_fala_primeiro_e_quem_espera_sao_reconhecidos() {
    for lingua in linguas() {
        let ouvinte = std::net::TcpListener::bind(LOOPBACK).unwrap();
        let onde = ouvinte.local_addr().unwrap().to_string();
        let falador = thread::spawn(move || {
            let (mut primeiro, _) = ouvinte.accept().unwrap();
            primeiro.write_all(b"SSH-2.0-qualquer\r\n").unwrap();
            // O segundo só responde depois do pedido inteiro.
            let (segundo, _) = ouvinte.accept().unwrap();
            let mut leitor = BufReader::new(&segundo);
            let mut linhas = String::new();
            while !linhas.ends_with("\r\n\r\n") {
                assert_ne!(leitor.read_line(&mut linhas).unwrap(), 0);
            }
            (&segundo).write_all(b"+PONG\r\n").unwrap();
            drop(ouvinte.accept().unwrap()); // o terceiro não ouve nada
            linhas
        });
        let cliente = Programa::inicia("cap01-quem-fala", lingua, &[&onde]);
        let (status, dito) = cliente.termina();
        assert!(status.success(), "{dito}");
        assert_eq!(dito, "ele falou primeiro: “SSH-2.0-qualque”");
        let argumentos = [onde.as_str(), "PING"];
        let cliente = Programa::inicia("cap01-quem-fala", lingua, &argumentos);
        let (status, dito) = cliente.termina();
        assert!(status.success(), "{dito}");
        assert!(dito.starts_with("ele se calou"), "{dito}");
        assert!(dito.ends_with("ele respondeu: “+PONG”"), "{dito}");
        let cliente = Programa::inicia("cap01-quem-fala", lingua, &[&onde]);
        let (status, dito) = cliente.termina();
        assert!(status.success(), "{dito}");
        assert_eq!(dito, "ele encerrou sem falar");
        assert_eq!(falador.join().unwrap(), "PING\r\n\r\n");
    }
}

/// Uma pessoa que fala com o oráculo pela conversa, como na página.
#[test]
fn a_conversa_arranca_o_segredo_do_oraculo() {
    for (a, b) in pares() {
        let (mut oraculo, onde) = Programa::servidor("cap01-oraculo", a, &[]);
        let mut pessoa = Programa::inicia("cap01-conversa", b, &[&onde]);
        pessoa.diz("oráculo: quem vem lá?");
        pessoa.digita("sou Ana");
        for _ in 0..3 {
            let linha = pessoa.diz("some ");
            let numeros = linha.split(' ').skip(1).map(str::parse::<u32>);
            let soma: u32 = numeros.map(Result::unwrap).sum();
            pessoa.digita(&soma.to_string());
        }
        let (status, dito) = pessoa.termina();
        assert!(status.success(), "{dito}");
        assert!(dito.contains("segredo "), "{dito}");
        oraculo.diz("recebeu o segredo");
    }
}

#[test]
fn o_oraculo_sobrevive_a_quem_erra_e_a_quem_vai_embora() {
    for lingua in linguas() {
        let (mut oraculo, onde) =
            Programa::servidor("cap01-oraculo", lingua, &[]);
        drop(TcpStream::connect(&onde).unwrap());
        oraculo.diz("conectou");
        let mut errado = TcpStream::connect(&onde).unwrap();
        errado.set_read_timeout(Some(PRAZO)).unwrap();
        errado.write_all(b"abacaxi\n").unwrap();
        let mut tudo = String::new();
        errado.read_to_string(&mut tudo).unwrap();
        assert_eq!(tudo, "oráculo: quem vem lá?\nerrado\n");
    }
}

#[test]
fn a_solucao_sabe_o_segredo() {
    for (a, b) in pares() {
        let (mut oraculo, onde) = Programa::servidor("cap01-oraculo", a, &[]);
        let (status, dito) =
            Programa::inicia("cap01-solucao", b, &[&onde]).termina();
        assert!(status.success() && dito.contains('-'), "{dito}");
        oraculo.diz("recebeu o segredo");
    }
}

#[test]
fn cada_conexao_tem_um_socket_de_cada_lado() {
    for lingua in linguas() {
        let (status, dito) =
            Programa::inicia("cap01-descritores", lingua, &[LOOPBACK])
                .termina();
        assert!(status.success(), "{dito}");
        let de = |quem: &str| -> Vec<String> {
            let linha = dito.lines().find(|l| l.ends_with(quem)).unwrap();
            linha.split(' ').map(str::to_owned).collect()
        };
        let (ana, com_ana) = (de("o lado de Ana"), de("o servidor, com Ana"));
        assert_eq!((&ana[2], &ana[4]), (&com_ana[4], &com_ana[2]));
        // Os dois sockets do servidor têm a mesma porta dele.
        assert_eq!(com_ana[2], de("o servidor, com Bia")[2]);
        // O número de quem foi embora é dado a quem chega (só no Unix).
        if cfg!(unix) {
            assert_eq!(ana[1], de("o lado de Caio")[1], "{dito}");
        }
    }
}

#[test]
fn o_tcp_junta_os_envios_e_o_udp_nao() {
    for lingua in linguas() {
        let (status, dito) =
            Programa::inicia("cap01-mensagens", lingua, &[LOOPBACK]).termina();
        assert!(status.success(), "{dito}");
        assert_eq!(
            dito,
            "TCP: dois envios, uma leitura de 9 bytes: olátchau\n\
             UDP: um datagrama de 4 bytes: olá\n\
             UDP: um datagrama de 5 bytes: tchau"
        );
    }
}

#[test]
fn uma_leitura_por_linha_responde_so_a_primeira_soma() {
    for (a, b) in pares() {
        let (mut oraculo, onde) = Programa::servidor("cap01-oraculo", a, &[]);
        let (status, dito) =
            Programa::inicia("cap01-errado-uma-leitura", b, &[&onde]).termina();
        assert_eq!(status.code(), Some(1), "{dito}");
        assert!(dito.contains("li 39 bytes"), "{dito}");
        assert!(dito.contains("esperei a próxima em vão"), "{dito}");
        oraculo.diz("não acertou as somas");
    }
}
