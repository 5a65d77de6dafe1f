//! As listagens do capítulo 3, executadas de verdade: cada servidor conversa
//! com cada cliente, em Rust, em Python e em C, e cada listagem errada falha do
//! jeito que a página mostra.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;
#[cfg(target_os = "linux")]
use std::time::Instant;

/// Quanto um passo pode demorar antes de o teste desistir dele.
const PRAZO: Duration = Duration::from_secs(30);
/// Quanto processador, em centésimos de segundo, só gasta quem gira em falso.
#[cfg(target_os = "linux")]
const GASTO: u64 = 40;
/// De quanto em quanto tempo se mede.
#[cfg(target_os = "linux")]
const INTERVALO: Duration = Duration::from_millis(10);
const LOOPBACK: &str = "127.0.0.1:0";
const PASTA: &str = env!("CARGO_MANIFEST_DIR");

#[derive(Clone, Copy, Debug, PartialEq)]
enum Lingua {
    Rust,
    Python,
    C,
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
        let mut comando = comando(nome, lingua);
        match lingua {
            Lingua::C => {
                let (host, porta) = endereco.rsplit_once(':').unwrap();
                comando.args([host, porta])
            }
            _ => comando.arg(endereco),
        };
        Self::de(comando, format!("{nome} ({lingua:?})"))
    }

    fn de(mut comando: Command, nome: String) -> Self {
        let mut processo = comando
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
            nome,
            entrada: processo.stdin.take(),
            processo,
            linhas,
            ditas: Vec::new(),
        }
    }

    /// Inicia um servidor e devolve também o endereço em que ele escuta.
    fn servidor(nome: &str, lingua: Lingua) -> (Self, String) {
        let mut programa = Self::inicia(nome, lingua, LOOPBACK);
        let endereco = programa.onde_escuta();
        (programa, endereco)
    }

    fn onde_escuta(&mut self) -> String {
        let linha = self.diz("escutando em ");
        linha.trim_start_matches("escutando em ").to_string()
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
        entrada
            .write_all(format!("{linha}\n").as_bytes())
            .expect("o programa lê a entrada");
    }

    /// Fecha a entrada e espera o programa terminar; devolve se ele terminou
    /// bem e tudo o que disse.
    fn termina(mut self) -> (bool, String) {
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
        (status.success(), self.ditas.join("\n"))
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

/// O programa nesta linguagem; os de C são compilados uma vez.
fn comando(nome: &str, lingua: Lingua) -> Command {
    match lingua {
        Lingua::Rust => {
            // O Cargo põe todos os binários do crate na mesma pasta.
            let irmao = Path::new(env!("CARGO_BIN_EXE_cap03-servidor"));
            let extensao = std::env::consts::EXE_SUFFIX;
            Command::new(irmao.with_file_name(format!("{nome}{extensao}")))
        }
        Lingua::Python => {
            let mut python = Command::new("python3");
            python.arg(format!("{PASTA}/python/{nome}.py"));
            python
        }
        Lingua::C => Command::new(em_c().expect("há cc").join(nome)),
    }
}

/// A pasta dos programas em C, se há um compilador.
fn em_c() -> Option<&'static PathBuf> {
    static COMPILADOS: OnceLock<Option<PathBuf>> = OnceLock::new();
    let compilar = || {
        let pasta = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        for nome in ["cap03-cliente", "cap03-servidor"] {
            let saida = Command::new("cc")
                .args(["-Wall", "-Wextra", "-Werror", "-o"])
                .arg(pasta.join(nome))
                .arg(format!("{PASTA}/c/{nome}.c"))
                .output()
                .ok()?;
            assert!(saida.status.success(), "{}", texto(&saida.stderr));
        }
        Some(pasta)
    };
    COMPILADOS.get_or_init(compilar).as_ref()
}

/// Rust sempre; as outras quando há com que rodá-las (na integração, tem de
/// haver Python).
fn linguas() -> Vec<Lingua> {
    let ha_python = existe("python3");
    let ci = std::env::var("CI").is_ok_and(|valor| valor == "true");
    assert!(ha_python || !ci, "falta python3, e CI=true o exige");
    let mut linguas = vec![Lingua::Rust];
    linguas.extend(ha_python.then_some(Lingua::Python));
    linguas
}

fn com_c() -> Vec<Lingua> {
    let mut linguas = linguas();
    if cfg!(unix) && em_c().is_some() {
        linguas.push(Lingua::C);
    } else {
        let _ = writeln!(io::stderr(), "pulado: não há compilador de C");
    }
    linguas
}

fn existe(programa: &str) -> bool {
    let saida = Command::new(programa).arg("--version").output();
    saida.is_ok_and(|saida| saida.status.success())
}

/// A saída de um programa que termina por si, com status 0.
fn saida(nome: &str, lingua: Lingua, argumentos: &[&str]) -> String {
    let Output { status, stdout, .. } =
        comando(nome, lingua).args(argumentos).output().unwrap();
    assert!(status.success(), "{nome} ({lingua:?})");
    texto(&stdout)
}

fn texto(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}

/// Conversa como faria uma pessoa: duas linhas e Ctrl-D.
fn eco_de_duas_linhas(lingua: Lingua, endereco: &str) {
    let mut cliente = Programa::inicia("cap03-cliente", lingua, endereco);
    cliente.diz("conectado a");
    for linha in ["olá, mundo!", "coração"] {
        cliente.digita(linha);
        assert_eq!(cliente.diz(linha), linha);
    }
    let (bem, dito) = cliente.termina();
    assert!(bem, "{lingua:?}: {dito}");
}

#[test]
fn cada_servidor_conversa_com_cada_cliente() {
    for servidor in com_c() {
        let (_servidor, endereco) =
            Programa::servidor("cap03-servidor", servidor);
        for cliente in com_c() {
            println!("servidor em {servidor:?}, cliente em {cliente:?}");
            eco_de_duas_linhas(cliente, &endereco);
        }
    }
}

#[test]
fn o_servidor_conta_quem_veio_e_quantos_bytes_devolveu() {
    for lingua in linguas() {
        let (mut servidor, endereco) =
            Programa::servidor("cap03-servidor", lingua);
        eco_de_duas_linhas(lingua, &endereco);
        servidor.diz(" conectou");
        // "olá, mundo!" são 12 bytes, "coração" 9, e cada linha tem \n.
        servidor.diz(" encerrou (23 bytes)");
    }
}

#[test]
fn o_cliente_tenta_cada_endereco_do_nome() {
    let (_servidor, endereco) =
        Programa::servidor("cap03-servidor", Lingua::Rust);
    let porta = endereco.rsplit_once(':').unwrap().1;
    for cliente in com_c() {
        // localhost pode ser ::1 primeiro; ali ninguém escuta.
        eco_de_duas_linhas(cliente, &format!("localhost:{porta}"));
    }
}

#[test]
fn sem_servidor_o_cliente_diz_em_uma_linha_e_falha() {
    for lingua in linguas() {
        let (servidor, endereco) =
            Programa::servidor("cap03-servidor", Lingua::Rust);
        drop(servidor);
        let cliente = Programa::inicia("cap03-cliente", lingua, &endereco);
        let (bem, dito) = cliente.termina();
        assert!(!bem);
        assert!(dito.contains("não consegui conectar"), "{dito}");
        assert_eq!(dito.lines().count(), 1, "{dito}");
    }
}

#[test]
fn as_demonstracoes_dizem_o_mesmo_nas_duas_linguagens() {
    for nome in ["combinacoes", "fechar", "opcoes", "poll"] {
        let nome = format!("cap03-{nome}");
        let em_rust = saida(&nome, Lingua::Rust, &[]);
        for lingua in linguas() {
            assert_eq!(em_rust, saida(&nome, lingua, &[]), "{nome}");
        }
    }
}

#[test]
fn fluxo_e_datagrama_existem_em_ipv4_para_qualquer_um() {
    let dito = saida("cap03-combinacoes", Lingua::Rust, &[]);
    assert!(dito.contains("INET  × STREAM  sim"), "{dito}");
    assert!(dito.contains("INET  × DGRAM   sim"), "{dito}");
}

#[test]
fn o_buffer_de_recepcao_fica_com_o_dobro_do_pedido_no_linux() {
    let dito = saida("cap03-opcoes", Lingua::Rust, &[]);
    if cfg!(target_os = "linux") {
        assert!(dito.contains("pedi 10000  ficou 20000"), "{dito}");
    }
}

#[test]
fn fechar_um_descritor_nao_encerra_a_conexao_e_shutdown_encerra() {
    let dito = saida("cap03-fechar", Lingua::Rust, &[]);
    assert!(
        dito.contains("um descritor; o outro lado vê nada"),
        "{dito}"
    );
    assert!(dito.contains("shutdown(Write);     o outro lado vê o fim"));
    assert!(dito.contains("ainda chegaram 11 bytes"), "{dito}");
}

#[test]
fn o_endereco_local_nasce_em_bind_ou_em_connect() {
    for lingua in linguas() {
        let dito = saida("cap03-associar", lingua, &[]);
        let linhas: Vec<_> = dito.lines().collect();
        assert_eq!(linhas[0], "socket          0.0.0.0:0");
        assert!(
            linhas[1].starts_with("bind na porta 0 127.0.0.1:"),
            "{dito}"
        );
        assert!(
            linhas[2].starts_with("connect         127.0.0.1:"),
            "{dito}"
        );
        assert!(linhas[3].contains("alguém já está ali"), "{dito}");
        assert!(linhas[4].contains("não tem o endereço"), "{dito}");
    }
}

#[test]
fn quem_recebe_um_datagrama_sabe_de_quem_ele_veio() {
    for lingua in linguas() {
        let dito = saida("cap03-datagramas", lingua, &[]);
        let linhas: Vec<_> = dito.lines().collect();
        let ana = linhas[0].strip_prefix("Ana está em ").unwrap();
        assert_eq!(linhas[2], format!("Bia recebeu 7 bytes de {ana}"));
        assert!(linhas[3].starts_with("Ana recebeu 22 bytes de"), "{dito}");
    }
}

#[test]
#[cfg(unix)]
fn o_arquivo_do_socket_unix_fica_depois_do_close() {
    for lingua in linguas() {
        let nome = format!("cap03-{}-{lingua:?}.sock", std::process::id());
        let caminho = std::env::temp_dir().join(nome);
        let dito =
            saida("cap03-unix", lingua, &[&caminho.display().to_string()]);
        assert!(dito.contains("fechei;  o arquivo existe: true"), "{dito}");
        assert!(dito.contains("escutar de novo: não"), "{dito}");
        assert!(dito.contains("escutar de novo: sim"), "{dito}");
        assert!(!caminho.exists());
    }
}

#[test]
fn o_esqueleto_diz_o_que_falta_e_falha() {
    for lingua in linguas() {
        let esqueleto = Programa::inicia("cap03-exercicio", lingua, LOOPBACK);
        let (bem, dito) = esqueleto.termina();
        assert!(!bem);
        assert!(dito.contains("falta escrever `escutar`"), "{dito}");
    }
}

#[test]
#[cfg(unix)]
fn a_solucao_atende_em_um_socket_unix() {
    use std::os::unix::net::UnixStream;
    for lingua in linguas() {
        let nome = format!("cap03-s-{}-{lingua:?}.sock", std::process::id());
        let caminho = std::env::temp_dir().join(nome);
        let endereco = format!("unix:{}", caminho.display());
        // Duas vezes: o arquivo da primeira não atrapalha a segunda.
        for _ in 0..2 {
            let mut servidor =
                Programa::inicia("cap03-solucao", lingua, &endereco);
            servidor.diz("escutando em unix:");
            let mut cliente = UnixStream::connect(&caminho).unwrap();
            cliente.set_read_timeout(Some(PRAZO)).unwrap();
            cliente.write_all(b"oi").unwrap();
            let mut eco = [0; 2];
            cliente.read_exact(&mut eco).unwrap();
            assert_eq!(&eco, b"oi");
        }
        std::fs::remove_file(&caminho).unwrap();
    }
}

// As listagens erradas, uma a uma.

#[test]
fn errado_refaz_corta_quem_estava_na_fila() {
    for lingua in linguas() {
        let (mut servidor, endereco) =
            Programa::servidor("cap03-errado-refaz", lingua);
        let mut ana =
            Programa::inicia("cap03-cliente", Lingua::Rust, &endereco);
        servidor.diz("conectou");
        ana.digita("oi, aqui é a Ana");
        ana.diz("oi, aqui é a Ana");
        let mut bia =
            Programa::inicia("cap03-cliente", Lingua::Rust, &endereco);
        bia.diz("conectado a");
        assert!(ana.termina().0);
        servidor.diz("escutando em");
        bia.digita("e aqui é a Bia");
        let (bem, dito) = bia.termina();
        assert!(!bem);
        assert!(dito.contains("a conversa parou no meio"), "{dito}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn sem_descritores_o_errado_gira_e_o_certo_descansa() {
    if !existe("prlimit") {
        let _ = writeln!(io::stderr(), "pulado: prlimit não foi encontrado");
        return;
    }
    let [errado, certo] = ["cap03-errado-gira", "cap03-servidor"].map(|nome| {
        let mut limitado = Command::new("prlimit");
        limitado.arg("--nofile=4");
        limitado.arg(comando(nome, Lingua::Rust).get_program());
        limitado.arg(LOOPBACK);
        let mut servidor = Programa::de(limitado, nome.to_string());
        servidor.onde_escuta();
        servidor
    });
    // Os dois à vontade, pelo mesmo tempo, até o errado ter gastado bastante.
    let (antes, fim) = (cpu(&certo), Instant::now() + PRAZO);
    while cpu(&errado) < GASTO {
        assert!(Instant::now() < fim, "o errado não gira");
        thread::sleep(INTERVALO);
    }
    let gasto = cpu(&certo) - antes;
    assert!(
        gasto < GASTO / 4,
        "o certo gastou {gasto} centésimos de segundo"
    );
}

/// Tempo de CPU em centésimos de segundo (campos 14 e 15 de proc(5)).
#[cfg(target_os = "linux")]
fn cpu(programa: &Programa) -> u64 {
    let caminho = format!("/proc/{}/stat", programa.processo.id());
    let texto = std::fs::read_to_string(caminho).unwrap();
    let depois_do_nome = texto.rsplit_once(") ").unwrap().1;
    let campos = depois_do_nome.split(' ').skip(11).take(2);
    campos.map(|campo| campo.parse::<u64>().unwrap()).sum()
}
