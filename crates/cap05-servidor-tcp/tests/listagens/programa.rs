//! Um programa do capítulo, em Rust ou em Python, visto por quem o usa.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// Quanto um passo pode demorar antes de o teste desistir dele.
pub const PRAZO: Duration = Duration::from_secs(30);
pub const LOOPBACK: &str = "127.0.0.1:0";

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lingua {
    Rust,
    Python,
}

/// Um programa do capítulo em andamento; morre junto com o teste.
pub struct Programa {
    nome: String,
    processo: Child,
    entrada: Option<ChildStdin>,
    linhas: Receiver<String>,
    ditas: Vec<String>,
}

impl Programa {
    pub fn inicia(nome: &str, lingua: Lingua, endereco: &str) -> Self {
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
    pub fn servidor(nome: &str, lingua: Lingua) -> (Self, String) {
        Self::servidor_em(nome, lingua, LOOPBACK)
    }

    pub fn servidor_em(
        nome: &str,
        lingua: Lingua,
        onde: &str,
    ) -> (Self, String) {
        let mut programa = Self::inicia(nome, lingua, onde);
        let linha = programa.diz("escutando em ");
        let endereco = linha.trim_start_matches("escutando em ").to_string();
        (programa, endereco)
    }

    /// Espera uma linha com este trecho e a devolve.
    pub fn diz(&mut self, trecho: &str) -> String {
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

    pub fn digita(&mut self, linha: &str) {
        let entrada = self.entrada.as_mut().expect("a entrada está aberta");
        // De uma vez: `writeln!` mandaria a linha e o \n em duas escritas.
        entrada
            .write_all(format!("{linha}\n").as_bytes())
            .expect("o programa lê a entrada");
    }

    pub fn fecha_a_entrada(&mut self) {
        self.entrada = None;
    }

    /// Espera o programa terminar; devolve o status e tudo o que ele disse.
    pub fn termina(mut self) -> (ExitStatus, String) {
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
    pub fn morre(mut self) {
        self.processo.kill().expect("o processo existe");
        self.processo.wait().expect("o processo existe");
    }

    /// Tempo de CPU em centésimos de segundo (campos 14 e 15 de proc(5)).
    pub fn cpu(&self) -> Option<u64> {
        let caminho = format!("/proc/{}/stat", self.processo.id());
        let texto = std::fs::read_to_string(caminho).ok()?;
        let depois_do_nome = texto.rsplit_once(") ")?.1;
        let mut campos = depois_do_nome.split(' ').skip(11);
        let usuario: u64 = campos.next()?.parse().ok()?;
        let sistema: u64 = campos.next()?.parse().ok()?;
        Some(usuario + sistema)
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
pub fn linguas() -> Vec<Lingua> {
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

pub fn conectar(endereco: &str) -> TcpStream {
    let conexao = TcpStream::connect(endereco).expect("o servidor escuta");
    conexao.set_read_timeout(Some(PRAZO)).unwrap();
    conexao
}

/// Mata um servidor no meio de uma conversa e devolve o endereço dele.
pub fn morre_com_cliente_ligado(nome: &str, lingua: Lingua) -> String {
    let (servidor, endereco) = Programa::servidor(nome, lingua);
    let mut cliente = conectar(&endereco);
    cliente.write_all(b"oi").unwrap();
    cliente.read_exact(&mut [0; 2]).unwrap();
    servidor.morre();
    assert_eq!(cliente.read(&mut [0; 1]).unwrap(), 0, "o FIN do servidor");
    endereco
}
