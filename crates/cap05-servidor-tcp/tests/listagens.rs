//! As listagens do capítulo 5, executadas de verdade: cada servidor conversa
//! com cada cliente, em Rust e em Python, e cada listagem errada falha do jeito
//! que a página mostra.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// Quanto um passo pode demorar antes de o teste desistir dele.
const PRAZO: Duration = Duration::from_secs(30);
/// Quanto se espera para afirmar que uma resposta *não* veio.
const SILENCIO: Duration = Duration::from_millis(300);
const LOOPBACK: &str = "127.0.0.1:0";
const DEZ_MEBIBYTES: usize = 10 * 1024 * 1024;

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
            .arg(endereco)
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
        Self::servidor_em(nome, lingua, LOOPBACK)
    }

    fn servidor_em(nome: &str, lingua: Lingua, onde: &str) -> (Self, String) {
        let mut programa = Self::inicia(nome, lingua, onde);
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

    /// Encerra o programa como faria quem fecha o terminal dele.
    fn morre(mut self) {
        self.processo.kill().expect("o processo existe");
        self.processo.wait().expect("o processo existe");
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
            let irmao = Path::new(env!("CARGO_BIN_EXE_cap05-servidor"));
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
    println!("pulado: python3 não foi encontrado; só o Rust foi testado");
    vec![Lingua::Rust]
}

/// Conversa com o servidor como faria uma pessoa: duas linhas e Ctrl-D.
fn eco_de_duas_linhas(lingua: Lingua, endereco: &str) {
    let mut cliente = Programa::inicia("cap05-cliente", lingua, endereco);
    cliente.digita("olá, mundo!");
    assert_eq!(cliente.diz("olá"), "olá, mundo!");
    cliente.digita("coração");
    assert_eq!(cliente.diz("cora"), "coração");
    cliente.fecha_a_entrada();
    let (status, dito) = cliente.termina();
    assert!(status.success(), "{dito}");
}

fn conectar(endereco: &str) -> TcpStream {
    let conexao = TcpStream::connect(endereco).expect("o servidor escuta");
    conexao.set_read_timeout(Some(PRAZO)).unwrap();
    conexao
}

#[test]
fn cada_servidor_conversa_com_cada_cliente() {
    for lingua in linguas() {
        for nome in ["cap05-servidor", "cap05-socket2", "cap05-solucao"] {
            let (_servidor, endereco) = Programa::servidor(nome, lingua);
            for cliente in linguas() {
                println!("{nome} ({lingua:?}) ⇄ cap05-cliente ({cliente:?})");
                eco_de_duas_linhas(cliente, &endereco);
            }
        }
    }
}

#[test]
fn o_servidor_conta_quem_veio_e_quantos_bytes_devolveu() {
    for lingua in linguas() {
        for nome in ["cap05-servidor", "cap05-socket2"] {
            let (mut servidor, endereco) = Programa::servidor(nome, lingua);
            eco_de_duas_linhas(Lingua::Rust, &endereco);
            servidor.diz(" conectou");
            // "olá, mundo!" são 12 bytes, "coração" 9, e cada linha tem \n.
            servidor.diz(" encerrou (23 bytes)");
        }
    }
}

#[test]
fn dez_mebibytes_voltam_inteiros_a_um_leitor_lento() {
    for lingua in linguas() {
        for nome in ["cap05-servidor", "cap05-socket2", "cap05-solucao"] {
            let (_servidor, endereco) = Programa::servidor(nome, lingua);
            let rajada = Programa::inicia("cap05-rajada", lingua, &endereco);
            let (status, dito) = rajada.termina();
            assert!(status.success(), "{nome} ({lingua:?}): {dito}");
            assert!(dito.contains("voltaram todos"), "{dito}");
        }
    }
}

#[test]
fn quem_desiste_nao_derruba_o_servidor() {
    for lingua in linguas() {
        let (mut servidor, endereco) =
            Programa::servidor("cap05-servidor", lingua);
        for desistente in linguas() {
            let desiste =
                Programa::inicia("cap05-desiste", desistente, &endereco);
            assert!(desiste.termina().0.success());
            servidor.diz(" caiu (");
            eco_de_duas_linhas(Lingua::Rust, &endereco);
            servidor.diz(" encerrou (");
        }
    }
}

#[test]
fn o_segundo_cliente_espera_a_vez_na_fila() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-servidor", lingua);
        let mut primeiro = conectar(&endereco);
        primeiro.write_all(b"1").unwrap();
        primeiro.read_exact(&mut [0; 1]).unwrap();
        let mut segundo = conectar(&endereco);
        segundo.write_all(b"2").unwrap();
        segundo.set_read_timeout(Some(SILENCIO)).unwrap();
        let espera = segundo.read(&mut [0; 1]).unwrap_err().kind();
        assert!(
            matches!(espera, ErrorKind::WouldBlock | ErrorKind::TimedOut),
            "esperava silêncio, recebi {espera:?}"
        );
        drop(primeiro);
        segundo.set_read_timeout(Some(PRAZO)).unwrap();
        let mut eco = [0; 1];
        segundo
            .read_exact(&mut eco)
            .expect("agora é a vez do segundo");
        assert_eq!(&eco, b"2");
    }
}

#[test]
fn clientes_conectam_sem_que_ninguem_chame_accept() {
    for lingua in linguas() {
        let fila = Programa::inicia("cap05-fila", lingua, LOOPBACK);
        let (status, dito) = fila.termina();
        assert!(status.success(), "{dito}");
        assert!(dito.contains("deles enviaram \"oi\""), "{dito}");
        if cfg!(target_os = "linux") {
            assert!(dito.contains("129 clientes conectaram"), "{dito}");
            assert!(dito.contains("o 130º não recebeu resposta"), "{dito}");
        }
    }
}

#[test]
fn cliente_sem_servidor_recebe_uma_recusa_em_uma_linha() {
    for lingua in linguas() {
        // Uma porta que acabou de ser nossa, e em que já ninguém escuta.
        let (servidor, endereco) =
            Programa::servidor("cap05-servidor", Lingua::Rust);
        servidor.morre();
        let cliente = Programa::inicia("cap05-cliente", lingua, &endereco);
        let (status, dito) = cliente.termina();
        assert!(!status.success());
        assert!(dito.contains("não consegui conectar"), "{dito}");
        assert_eq!(dito.lines().count(), 1, "{dito}");
    }
}

#[test]
fn o_servidor_volta_a_mesma_porta_com_uma_conexao_em_aberto() {
    for lingua in linguas() {
        for nome in ["cap05-servidor", "cap05-socket2"] {
            let endereco = morre_com_cliente_ligado(nome, lingua);
            Programa::servidor_em(nome, lingua, &endereco);
        }
    }
}

/// Mata um servidor no meio de uma conversa e devolve o endereço dele.
fn morre_com_cliente_ligado(nome: &str, lingua: Lingua) -> String {
    let (servidor, endereco) = Programa::servidor(nome, lingua);
    let mut cliente = conectar(&endereco);
    cliente.write_all(b"oi").unwrap();
    cliente.read_exact(&mut [0; 2]).unwrap();
    servidor.morre();
    assert_eq!(cliente.read(&mut [0; 1]).unwrap(), 0, "o FIN do servidor");
    endereco
}

#[test]
fn o_esqueleto_diz_o_que_falta_e_falha() {
    for lingua in linguas() {
        let esqueleto = Programa::inicia("cap05-exercicio", lingua, LOOPBACK);
        let (status, dito) = esqueleto.termina();
        assert!(!status.success());
        assert!(dito.contains("falta escrever `servir` e `ecoar`"), "{dito}");
    }
}

// As listagens erradas, uma a uma.

#[test]
fn errado_uma_leitura_devolve_so_o_comeco() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-errado-uma-leitura", lingua);
        // Duas linhas, um cliente educado: a segunda fica sem eco.
        let mut cliente =
            Programa::inicia("cap05-cliente", Lingua::Rust, &endereco);
        cliente.digita("oi");
        cliente.diz("oi");
        cliente.digita("tudo bem?");
        let (status, dito) = cliente.termina();
        assert!(!status.success());
        assert!(dito.contains("a conversa parou no meio"), "{dito}");
    }
}

#[test]
fn errado_uma_leitura_reseta_quem_enviou_mais_do_que_ele_leu() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-errado-uma-leitura", lingua);
        let mut cliente = conectar(&endereco);
        cliente.write_all(&[b'x'; 100]).unwrap();
        let mut eco = Vec::new();
        let erro = cliente.read_to_end(&mut eco).unwrap_err();
        assert_eq!(erro.kind(), ErrorKind::ConnectionReset);
        assert!(eco.len() <= 16, "vieram {} bytes", eco.len());
    }
}

#[test]
fn errado_buffer_inteiro_devolve_restos_da_mensagem_anterior() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-errado-buffer-inteiro", lingua);
        let mut cliente =
            Programa::inicia("cap05-cliente", Lingua::Rust, &endereco);
        cliente.digita("paralelepípedo");
        cliente.diz("paralelepípedo");
        cliente.digita("oi");
        cliente.diz("oi");
        let (_, dito) = cliente.termina();
        assert_eq!(dito, "paralelepípedo\noi\nalelepípedo");
    }
}

#[test]
fn errado_write_perde_bytes_de_um_leitor_lento() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-errado-write", lingua);
        let rajada = Programa::inicia("cap05-rajada", Lingua::Rust, &endereco);
        let (status, dito) = rajada.termina();
        assert!(!status.success(), "{lingua:?}: {dito}");
        assert!(dito.contains("o meio veio falhado"), "{lingua:?}: {dito}");
    }
}

#[test]
fn errado_ignora_fim_gira_sem_nunca_encerrar() {
    for lingua in linguas() {
        let (servidor, endereco) =
            Programa::servidor("cap05-errado-ignora-fim", lingua);
        let mut cliente =
            Programa::inicia("cap05-cliente", Lingua::Rust, &endereco);
        cliente.digita("oi");
        cliente.diz("oi");
        let antes = cpu(&servidor);
        let (status, dito) = cliente.termina();
        assert!(!status.success());
        assert!(dito.contains("o servidor não encerrou"), "{dito}");
        // O cliente esperou 2 s; o servidor gastou boa parte deles girando.
        if let (Some(antes), Some(depois)) = (antes, cpu(&servidor)) {
            let gasto = depois - antes;
            assert!(gasto > 10, "gastou {gasto} centésimos de segundo");
        }
    }
}

/// Tempo de CPU em centésimos de segundo (campos 14 e 15 de proc(5)).
fn cpu(programa: &Programa) -> Option<u64> {
    let caminho = format!("/proc/{}/stat", programa.processo.id());
    let texto = std::fs::read_to_string(caminho).ok()?;
    let depois_do_nome = texto.rsplit_once(") ")?.1;
    let mut campos = depois_do_nome.split(' ').skip(11);
    let usuario: u64 = campos.next()?.parse().ok()?;
    let sistema: u64 = campos.next()?.parse().ok()?;
    Some(usuario + sistema)
}

#[test]
fn errado_capacidade_fecha_sem_devolver_nada() {
    for lingua in linguas() {
        let (mut servidor, endereco) =
            Programa::servidor("cap05-errado-capacidade", lingua);
        let mut cliente =
            Programa::inicia("cap05-cliente", Lingua::Rust, &endereco);
        cliente.digita("oi");
        let (status, dito) = cliente.termina();
        assert!(!status.success());
        assert!(dito.contains("a conversa parou no meio"), "{dito}");
        servidor.diz(" encerrou");
    }
}

#[test]
fn errado_meio_fechamento_esquece_a_linha_sem_fim() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-errado-meio-fechamento", lingua);
        let rajada = Programa::inicia("cap05-rajada", Lingua::Rust, &endereco);
        let (status, dito) = rajada.termina();
        assert!(!status.success());
        // Depois do último \n (o byte 10 de cada 251) ainda vinham 224.
        let voltaram = format!("só os primeiros {}", DEZ_MEBIBYTES - 224);
        assert!(dito.contains(&voltaram), "{dito}");
    }
}

#[test]
fn errado_unwrap_deixa_o_segundo_cliente_sem_servidor() {
    for lingua in linguas() {
        let (servidor, endereco) =
            Programa::servidor("cap05-errado-unwrap", lingua);
        let desiste =
            Programa::inicia("cap05-desiste", Lingua::Rust, &endereco);
        assert!(desiste.termina().0.success());
        let (status, dito) = servidor.termina();
        assert!(!status.success());
        assert!(dito.contains("ConnectionReset"), "{dito}");
        let cliente =
            Programa::inicia("cap05-cliente", Lingua::Rust, &endereco);
        let (status, dito) = cliente.termina();
        assert!(!status.success());
        assert!(dito.contains("não consegui conectar"), "{dito}");
    }
}

#[test]
fn errado_sem_reuseaddr_nao_volta_a_mesma_porta() {
    for lingua in linguas() {
        let nome = "cap05-errado-sem-reuseaddr";
        let endereco = morre_com_cliente_ligado(nome, lingua);
        let (status, dito) =
            Programa::inicia(nome, lingua, &endereco).termina();
        assert!(!status.success());
        assert!(dito.contains("não consegui escutar em"), "{dito}");
        if cfg!(target_os = "linux") {
            assert!(dito.contains("Address already in use"), "{dito}");
        }
    }
}
