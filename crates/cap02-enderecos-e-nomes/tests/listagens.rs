//! As listagens do capítulo 2, executadas de verdade: cada servidor conversa
//! com cada cliente, em Rust e em Python, e cada listagem errada falha do jeito
//! que a página mostra.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, TcpListener, ToSocketAddrs};
use std::path::Path;
use std::process::{Child, Command, Stdio};
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
    linhas: Receiver<String>,
    ditas: Vec<String>,
}

impl Programa {
    fn inicia(nome: &str, lingua: Lingua, argumentos: &[&str]) -> Self {
        let pasta = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut comando = match lingua {
            Lingua::Rust => Command::new(binario(nome)),
            Lingua::Python => {
                let mut comando = Command::new("python3");
                comando.arg(pasta.join(format!("python/{nome}.py")));
                comando
            }
        };
        let mut processo = comando
            .args(argumentos)
            .env_remove("RUST_BACKTRACE")
            .env("PYTHONIOENCODING", "utf-8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|erro| panic!("{nome} não inicia: {erro}"));
        let (envia, linhas) = mpsc::channel();
        ler_linhas(processo.stdout.take().unwrap(), envia.clone());
        ler_linhas(processo.stderr.take().unwrap(), envia);
        Self {
            nome: format!("{nome} ({lingua:?})"),
            processo,
            linhas,
            ditas: Vec::new(),
        }
    }

    /// Inicia um servidor e devolve também o endereço em que ele escuta.
    fn servidor(nome: &str, lingua: Lingua, onde: &str) -> (Self, String) {
        let mut programa = Self::inicia(nome, lingua, &[onde]);
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

    /// Espera o programa terminar; devolve o status e as linhas que ele disse.
    fn termina(mut self) -> (i32, Vec<String>) {
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
        let ditas = std::mem::take(&mut self.ditas);
        (status.code().unwrap_or(-1), ditas)
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
        for linha in BufReader::new(fonte).lines().map_while(Result::ok) {
            if envia.send(linha).is_err() {
                return;
            }
        }
    });
}

fn binario(nome: &str) -> String {
    // O Cargo põe todos os binários do crate na mesma pasta.
    let irmao = Path::new(env!("CARGO_BIN_EXE_cap02-resolve"));
    let extensao = std::env::consts::EXE_SUFFIX;
    let pasta = irmao.parent().expect("o binário está em uma pasta");
    let caminho = pasta.join(format!("{nome}{extensao}"));
    caminho.display().to_string()
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
    assert!(std::env::var_os("CI").is_none(), "a CI precisa de python3");
    vec![Lingua::Rust]
}

/// Cada servidor com cada cliente.
fn pares() -> Vec<(Lingua, Lingua)> {
    let linguas = linguas();
    let com = |s: Lingua| linguas.iter().map(move |c| (s, *c));
    linguas.iter().flat_map(|s| com(*s)).collect()
}

fn ha_ipv6() -> bool {
    TcpListener::bind("[::1]:0").is_ok()
}

/// Um endereço em que ninguém escuta, seguro até o fim do teste: um socket
/// associado, mas que não escuta, recusa quem chega.
fn recusa() -> (socket2::Socket, String) {
    use socket2::{Domain, Socket, Type};
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let loopback: std::net::SocketAddr = LOOPBACK.parse().unwrap();
    socket.bind(&loopback.into()).unwrap();
    let onde = socket.local_addr().unwrap().as_socket().unwrap();
    (socket, onde.to_string())
}

#[test]
fn cada_cliente_e_saudado_por_cada_servidor_nas_duas_familias() {
    let mut enderecos = vec![(LOOPBACK, "127.0.0.1")];
    if ha_ipv6() {
        enderecos.push(("[::1]:0", "::1"));
    }
    for (servidor, cliente) in pares() {
        for (onde, visto) in &enderecos {
            let (mut escuta, endereco) =
                Programa::servidor("cap02-escuta", servidor, onde);
            let (status, ditas) =
                Programa::inicia("cap02-conecta", cliente, &[&endereco])
                    .termina();
            assert_eq!(status, 0, "{servidor:?}, {cliente:?}: {ditas:?}");
            let esperado = [
                format!("{endereco} aceitou"),
                format!("olá! você chegou de {visto}"),
            ];
            assert_eq!(ditas, esperado, "{servidor:?}, {cliente:?}");
            escuta.diz("conectou");
            escuta.diz("foi embora");
        }
    }
}

#[test]
fn o_conector_passa_pela_recusa_e_devolve_a_saudacao() {
    let (_vaga, recusado) = recusa();
    for (servidor, cliente) in pares() {
        let (mut escuta, endereco) =
            Programa::servidor("cap02-escuta", servidor, LOOPBACK);
        let destinos = ["sem nome:7002", &recusado, &endereco];
        let (status, ditas) =
            Programa::inicia("cap02-solucao", cliente, &destinos).termina();
        let esperado = [
            "sem nome:7002 sem endereço".to_string(),
            format!("{recusado} recusada"),
            format!("{endereco} conectou"),
        ];
        assert_eq!((status, &ditas[..]), (0, &esperado[..]), "{cliente:?}");
        escuta.diz("respondeu “olá! você chegou de 127.0.0.1”");
    }
}

#[test]
fn o_conector_que_nao_acha_ninguem_termina_com_1_e_conta_o_que_tentou() {
    let (_vaga, recusado) = recusa();
    for lingua in linguas() {
        let (status, ditas) =
            Programa::inicia("cap02-solucao", lingua, &[&recusado]).termina();
        assert_eq!((status, ditas), (1, vec![format!("{recusado} recusada")]));
    }
}

#[test]
fn o_argumento_torto_da_uma_linha_e_o_estado_2() {
    for lingua in linguas() {
        for torto in ["127.0.0.1", "127.0.0.1:porta", "127.0.0.1:70000"] {
            let (status, ditas) =
                Programa::inicia("cap02-solucao", lingua, &[torto]).termina();
            let esperado = vec![format!("“{torto}” não é host:porta")];
            assert_eq!((status, ditas), (2, esperado), "{lingua:?}");
        }
    }
}

#[test]
fn localhost_da_os_enderecos_que_o_sistema_da_na_mesma_ordem() {
    let do_sistema: Vec<String> = ("localhost", 7002)
        .to_socket_addrs()
        .expect("localhost existe")
        .map(|endereco| match endereco.ip() {
            IpAddr::V4(_) => format!("  IPv4  {endereco}"),
            IpAddr::V6(_) => format!("  IPv6  {endereco}"),
        })
        .collect();
    let esperado = [vec!["localhost:7002".to_string()], do_sistema].concat();
    for lingua in linguas() {
        let destino = ["localhost:7002"];
        let (status, ditas) =
            Programa::inicia("cap02-resolve", lingua, &destino).termina();
        assert_eq!((status, &ditas), (0, &esperado), "{lingua:?}");
    }
}

#[test]
fn o_nome_de_dois_enderecos_derruba_quem_so_tenta_o_primeiro() {
    let achados = ("localhost", 0).to_socket_addrs().unwrap();
    let ips: Vec<IpAddr> = achados.map(|e| e.ip()).collect();
    if ips.len() < 2 || ips[0] == ips[1] || !ha_ipv6() {
        let _ =
            writeln!(io::stderr(), "pulado: aqui localhost tem um endereço só");
        return;
    }
    for (servidor, cliente) in pares() {
        let onde = match ips[1] {
            IpAddr::V4(ip) => format!("{ip}:0"),
            IpAddr::V6(ip) => format!("[{ip}]:0"),
        };
        let (_escuta, endereco) =
            Programa::servidor("cap02-escuta", servidor, &onde);
        let porta = endereco.rsplit(':').next().unwrap();
        let destino = format!("localhost:{porta}");
        let (status, ditas) =
            Programa::inicia("cap02-errado-primeiro", cliente, &[&destino])
                .termina();
        assert_eq!(status, 1, "{ditas:?}");
        assert!(ditas[0].contains("não conectei"), "{ditas:?}");
        let (status, ditas) =
            Programa::inicia("cap02-conecta", cliente, &[&destino]).termina();
        assert_eq!(status, 0, "{ditas:?}");
        assert!(ditas[0].contains("falhou"), "{ditas:?}");
    }
}

#[test]
fn um_nome_que_nao_pode_existir_da_erro_e_estado_1() {
    for lingua in linguas() {
        for destino in ["sem nome:7002", "127.0.0.1", "127.0.0.1:porta"] {
            let (status, ditas) =
                Programa::inicia("cap02-resolve", lingua, &[destino]).termina();
            assert_eq!((status, ditas.len()), (1, 1), "{lingua:?}: {ditas:?}");
            assert!(ditas[0].starts_with(destino), "{ditas:?}");
        }
    }
}

#[test]
fn so_o_python_aceita_a_porta_70000_e_da_a_volta() {
    for lingua in linguas() {
        let destino = ["127.0.0.1:70000"];
        let (status, ditas) =
            Programa::inicia("cap02-resolve", lingua, &destino).termina();
        match lingua {
            Lingua::Rust => assert_eq!(status, 1),
            // 70000 - 65536: foi a biblioteca do sistema que deu a volta.
            Lingua::Python if cfg!(target_env = "gnu") => {
                assert_eq!(ditas[1].trim(), "IPv4  127.0.0.1:4464");
            }
            Lingua::Python => {}
        }
    }
}

#[test]
fn as_duas_linguagens_leem_os_mesmos_textos_e_chegam_aos_mesmos_lugares() {
    for programa in ["cap02-enderecos", "cap02-alcance"] {
        let rodar = |lingua| Programa::inicia(programa, lingua, &[]).termina();
        let saidas: Vec<_> = linguas().into_iter().map(rodar).collect();
        assert!(saidas.iter().all(|saida| saida == &saidas[0]), "{saidas:?}");
        assert_eq!(saidas[0].0, 0);
    }
}

#[test]
fn no_linux_a_tabela_de_alcance_e_a_da_pagina() {
    if !(cfg!(target_os = "linux") && ha_ipv6()) {
        return;
    }
    let (_, ditas) =
        Programa::inicia("cap02-alcance", Lingua::Rust, &[]).termina();
    let linha = |comeco: &str| {
        let achada = ditas.iter().find(|l| l.starts_with(comeco));
        let achada = achada.unwrap_or_else(|| panic!("{comeco}: {ditas:?}"));
        achada.matches("não").count()
    };
    assert_eq!(linha("127.0.0.1 "), 2);
    assert_eq!(linha("::1 "), 2);
    assert_eq!(linha("0.0.0.0 "), 1);
    assert_eq!(linha(":: só IPv6"), 2);
    assert_eq!(linha(":: dupla"), 0);
}

#[test]
fn a_porta_0_da_duas_portas_diferentes() {
    for lingua in linguas() {
        let (status, ditas) =
            Programa::inicia("cap02-portas", lingua, &[]).termina();
        assert_eq!(status, 0, "{ditas:?}");
        let porta = |linha: &String| {
            linha.rsplit(':').next().and_then(|p| p.parse::<u16>().ok())
        };
        assert!(porta(&ditas[0]).is_some_and(|p| p > 0), "{ditas:?}");
        assert_ne!(porta(&ditas[0]), porta(&ditas[1]));
        assert!(ditas[3].contains("in use") || cfg!(windows), "{ditas:?}");
    }
}

#[test]
fn sem_pilha_dupla_o_ipv4_nao_chega_e_com_ela_as_duas_familias_chegam() {
    if !ha_ipv6() {
        return;
    }
    for (servidor, cliente) in pares() {
        for (nome, chega) in [
            ("cap02-errado-so-ipv6", false),
            ("cap02-duas-familias", true),
        ] {
            let (_escuta, onde) = Programa::servidor(nome, servidor, "0");
            let porta = onde.rsplit(':').next().unwrap();
            let conectar = |host: &str| {
                let destino = format!("{host}:{porta}");
                Programa::inicia("cap02-conecta", cliente, &[&destino])
                    .termina()
            };
            let (status, ditas) = conectar("127.0.0.1");
            assert_eq!(status == 0, chega, "{nome}: {ditas:?}");
            if chega {
                let visto = "olá! você chegou de ::ffff:127.0.0.1";
                assert_eq!(ditas[1], visto);
            }
            let (status, ditas) = conectar("[::1]");
            assert_eq!(status, 0, "{nome}: {ditas:?}");
        }
    }
}

#[test]
fn em_python_o_dois_pontos_de_create_server_nao_atende_ipv4() {
    if !ha_ipv6() || linguas().len() < 2 {
        return;
    }
    // O mesmo endereço, duas bibliotecas: só a do Rust fica com o do sistema.
    let bindv6only = std::fs::read_to_string("/proc/sys/net/ipv6/bindv6only");
    let do_sistema = bindv6only.is_ok_and(|v| v.trim() == "0");
    for (lingua, chega) in [(Lingua::Rust, do_sistema), (Lingua::Python, false)]
    {
        let (_escuta, onde) =
            Programa::servidor("cap02-escuta", lingua, "[::]:0");
        let porta = onde.rsplit(':').next().unwrap();
        let destino = format!("127.0.0.1:{porta}");
        let (status, ditas) =
            Programa::inicia("cap02-conecta", Lingua::Rust, &[&destino])
                .termina();
        assert_eq!(status == 0, chega, "{lingua:?}: {ditas:?}");
    }
}

#[test]
fn no_linux_o_destino_0_0_0_0_leva_ao_loopback() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let (_escuta, onde) =
        Programa::servidor("cap02-escuta", Lingua::Rust, LOOPBACK);
    let porta = onde.rsplit(':').next().unwrap();
    let destino = format!("0.0.0.0:{porta}");
    let (status, ditas) =
        Programa::inicia("cap02-conecta", Lingua::Rust, &[&destino]).termina();
    assert_eq!(
        (status, ditas[1].as_str()),
        (0, "olá! você chegou de 127.0.0.1")
    );
}

#[test]
fn em_c_o_nome_da_os_mesmos_enderecos() {
    let fonte = Path::new(env!("CARGO_MANIFEST_DIR")).join("c/cap02-resolve.c");
    let pronto = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cap02-resolve-c");
    let compilado = Command::new("cc")
        .args(["-Wall", "-Wextra", "-Werror", "-o"])
        .args([&pronto, &fonte])
        .status();
    let Ok(compilado) = compilado else {
        let _ = writeln!(io::stderr(), "pulado: não há compilador de C");
        return;
    };
    assert!(compilado.success());
    let em_c = Command::new(pronto).output().expect("o programa roda");
    let em_c = String::from_utf8(em_c.stdout).expect("é texto");
    let (_, em_rust) =
        Programa::inicia("cap02-resolve", Lingua::Rust, &[]).termina();
    assert_eq!(em_c.lines().collect::<Vec<_>>(), em_rust);
}

#[test]
fn o_esqueleto_diz_o_que_falta() {
    for lingua in linguas() {
        let (status, ditas) =
            Programa::inicia("cap02-exercicio", lingua, &[LOOPBACK]).termina();
        assert_ne!(status, 0);
        assert!(ditas[0].contains("falta escrever"), "{ditas:?}");
    }
}
