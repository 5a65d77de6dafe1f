//! As listagens do capítulo 10, executadas de verdade: cada servidor com cada
//! cliente, em Rust e em Python, e cada listagem errada falha do jeito que a
//! página mostra.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::UdpSocket;
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
    fn inicia(nome: &str, lingua: Lingua, endereco: &str) -> Self {
        Self::inicia_com(nome, lingua, &[endereco])
    }

    fn inicia_com(nome: &str, lingua: Lingua, argumentos: &[&str]) -> Self {
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
    fn servidor(nome: &str, lingua: Lingua) -> (Self, String) {
        let mut programa = Self::inicia(nome, lingua, LOOPBACK);
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
            let irmao = Path::new(env!("CARGO_BIN_EXE_cap10-cliente"));
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

/// Uma porta de loopback em que ninguém recebe: associada e já liberada.
fn porta_sem_ninguem() -> String {
    let socket = UdpSocket::bind(LOOPBACK).unwrap();
    socket.local_addr().unwrap().to_string()
}

/// Digita e espera a resposta; em uma máquina ocupada o cliente pode desistir
/// antes, e então a pergunta é feita de novo.
fn pergunta(cliente: &mut Programa, linha: &str, resposta: &str) {
    for _ in 0..10 {
        cliente.digita(linha);
        if cliente.diz("").contains(resposta) {
            return;
        }
    }
    panic!("{linha:?} não foi respondida: {:?}", cliente.ditas);
}

#[test]
fn cada_servidor_responde_a_cada_cliente() {
    for lingua in linguas() {
        let (_vivo, endereco) = Programa::servidor("cap10-chave-valor", lingua);
        for outra in linguas() {
            let mut cliente =
                Programa::inicia("cap10-cliente", outra, &endereco);
            pergunta(&mut cliente, "1 refeição=pão=bom", "1 guardado");
            pergunta(&mut cliente, "2 refeição", "2 pão=bom");
            pergunta(&mut cliente, "3 idade", "3 (nada)");
            assert!(cliente.termina().0.success());

            let mut aluno = Programa::inicia("cap10-solucao", outra, &endereco);
            pergunta(&mut aluno, "nome=Ana", "guardado");
            pergunta(&mut aluno, "nome", "Ana");
            assert!(aluno.termina().0.success());
        }
    }
}

#[test]
fn o_que_nao_e_pedido_nao_derruba_nem_e_respondido() {
    for lingua in linguas() {
        let (mut servidor, endereco) =
            Programa::servidor("cap10-chave-valor", lingua);
        let socket = UdpSocket::bind(LOOPBACK).unwrap();
        socket.connect(&endereco).unwrap();
        socket.set_read_timeout(Some(PRAZO)).unwrap();
        socket.send(b"").unwrap();
        servidor.diz("enviou 0 bytes");
        socket.send(b"sem-numero").unwrap();
        socket.send(&[b'1', b' ', 0xFF]).unwrap();
        socket.send(&[b'x'; 1200]).unwrap();
        servidor.diz("enviou 1200 bytes");
        socket.send(&[b'x'; 1300]).unwrap();
        servidor.diz("passou de 1200 bytes");
        socket.send(b"9 nada").unwrap();
        let mut buffer = [0; 64];
        let lidos = socket.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..lidos], b"9 (nada)");
    }
}

#[test]
fn sem_ninguem_na_porta_o_cliente_diz_que_nao_houve_resposta() {
    for lingua in linguas() {
        for nome in ["cap10-cliente", "cap10-solucao"] {
            let mut cliente =
                Programa::inicia(nome, lingua, &porta_sem_ninguem());
            cliente.digita("1 nome");
            cliente.diz("sem resposta");
            cliente.digita("2 nome");
            cliente.diz("sem resposta");
            assert!(cliente.termina().0.success());
        }
    }
}

#[test]
fn as_fronteiras_sao_as_que_a_pagina_conta() {
    for lingua in linguas() {
        let programa = Programa::inicia("cap10-fronteiras", lingua, LOOPBACK);
        let (status, dito) = programa.termina();
        assert!(status.success(), "{dito}");
        let leituras: Vec<_> =
            dito.lines().filter(|l| l.starts_with("UDP")).collect();
        let bytes =
            [3, 5, 0, 6].map(|n| format!("UDP: uma leitura trouxe {n} bytes"));
        assert_eq!(leituras, bytes);
        assert!(dito.contains("TCP: uma leitura trouxe"));
        assert!(!dito.contains("65508 bytes: partiu"), "{dito}");
        if cfg!(target_os = "linux") {
            assert!(dito.contains("65507 bytes: partiu"), "{dito}");
        }
    }
}

#[cfg(unix)]
#[test]
fn quem_recebe_em_16_bytes_guarda_so_o_comeco() {
    for lingua in linguas() {
        let (mut servidor, endereco) =
            Programa::servidor("cap10-errado-buffer", lingua);
        let mut cliente = Programa::inicia("cap10-cliente", lingua, &endereco);
        pergunta(&mut cliente, "2 lema=devagar e sempre", "2 guardado");
        servidor.diz("enviou 16 bytes");
        cliente.digita("3 lema");
        assert_eq!(cliente.diz("3 "), "3 devagar e");
    }
}

#[test]
fn quem_toma_o_vazio_pelo_fim_acaba_para_todos() {
    for lingua in linguas() {
        let (servidor, endereco) =
            Programa::servidor("cap10-errado-vazio", lingua);
        let socket = UdpSocket::bind(LOOPBACK).unwrap();
        socket.send_to(b"", &endereco).unwrap();
        let (status, dito) = servidor.termina();
        assert!(status.success() && dito.contains("encerrou"), "{dito}");
    }
}

#[test]
fn as_outras_listagens_erradas_falham_como_a_pagina_mostra() {
    for lingua in linguas() {
        let fim = |nome| {
            let onde = porta_sem_ninguem();
            let (status, dito) =
                Programa::inicia(nome, lingua, &onde).termina();
            (status.success(), dito)
        };
        let (certo, dito) = fim("cap10-errado-entregue");
        assert!(certo && dito == "guardado: 10 bytes entregues", "{dito}");
        let (certo, dito) = fim("cap10-errado-estranho");
        assert!(certo && dito == "o servidor disse: 1 1000000", "{dito}");
        let (certo, dito) = fim("cap10-errado-gigante");
        assert!(!certo && dito.contains("não consegui enviar"), "{dito}");
    }
}

#[test]
fn quem_nao_tem_prazo_espera_ate_que_alguem_responda() {
    for lingua in linguas() {
        let calado = UdpSocket::bind(LOOPBACK).unwrap();
        calado.set_read_timeout(Some(PRAZO)).unwrap();
        let onde = calado.local_addr().unwrap().to_string();
        let mut certo = Programa::inicia("cap10-cliente", lingua, &onde);
        let mut errado =
            Programa::inicia("cap10-errado-sem-prazo", lingua, &onde);
        errado.digita("nome=Ana");
        let (_, de) = calado.recv_from(&mut [0; 64]).unwrap();
        // O prazo do cliente certo passa inteiro depois do pedido do errado.
        certo.digita("nome=Ana");
        certo.diz("sem resposta");
        assert!(errado.linhas.try_recv().is_err(), "ele ainda espera");
        calado.send_to(b"enfim", de).unwrap();
        errado.diz("enfim");
    }
}

#[test]
fn o_eco_devolve_a_cada_um_o_que_e_dele_e_percebe_o_longo() {
    for lingua in linguas() {
        let argumentos = [LOOPBACK, "eco"];
        let mut servidor =
            Programa::inicia_com("cap10-solucao", lingua, &argumentos);
        let linha = servidor.diz("escutando em ");
        let endereco = linha.trim_start_matches("escutando em ");
        let [ana, beto] = [0, 1].map(|_| {
            let socket = UdpSocket::bind(LOOPBACK).unwrap();
            socket.connect(endereco).unwrap();
            socket.set_read_timeout(Some(PRAZO)).unwrap();
            socket
        });
        let mut buffer = [0; 2000];
        for (dela, dele) in [("oi", "olá"), ("", "não acabou")] {
            ana.send(dela.as_bytes()).unwrap();
            beto.send(dele.as_bytes()).unwrap();
            let lidos = ana.recv(&mut buffer).unwrap();
            assert_eq!(&buffer[..lidos], dela.as_bytes());
            let lidos = beto.recv(&mut buffer).unwrap();
            assert_eq!(&buffer[..lidos], dele.as_bytes());
        }
        for (tamanho, volta) in [(1200, 1200), (1201, 12)] {
            ana.send(&vec![0xFF; tamanho]).unwrap();
            assert_eq!(ana.recv(&mut buffer).unwrap(), volta);
        }
        assert_eq!(&buffer[..12], b"longo demais");
    }
}

#[test]
fn o_esqueleto_diz_o_que_falta_nos_dois_papeis() {
    for lingua in linguas() {
        for (argumentos, falta) in [
            ([LOOPBACK, "eco"].as_slice(), "falta escrever `ecoar`"),
            (&[LOOPBACK], "falta escrever `perguntar`"),
        ] {
            let programa =
                Programa::inicia_com("cap10-exercicio", lingua, argumentos);
            let (status, dito) = programa.termina();
            assert!(!status.success() && dito.contains(falta), "{dito}");
        }
    }
}
