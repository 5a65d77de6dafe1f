//! `conferir --observar`: salvar confere de novo, e nenhum programa, por mais
//! travado que esteja, segura a tela.

#![cfg(target_os = "linux")]

mod apoio_python;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use apoio_python::ha_python;
const OFICINA: &str = env!("CARGO_BIN_EXE_oficina");
const RAIZ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Quanto se espera por qualquer coisa; muito menos do que dura, sozinho, um
/// programa que trabalha sem parar (`PRAZO_DO_TRAVADO`).
const PRAZO: Duration = Duration::from_secs(60);

/// O `--prazo` das conferências, em segundos.
const PRAZO_DO_TRAVADO: &str = "3600";

/// A linha que só aparece quando uma conferência termina.
const FIM: &str = "de olho em";

/// Escuta, diz que começou e trabalha sem parar, sem atender ninguém.
const TRAVADO: &str = r#"
import pathlib, socket, sys
host, porta = sys.argv[1].rsplit(":", 1)
ouvinte = socket.create_server((host, int(porta)))
pathlib.Path(__file__).with_suffix(".comecou").touch()
while True:
    sum(range(20_000))
"#;

/// Termina logo, com o status dado.
fn que_sai(status: u8) -> String {
    format!("import sys\nsys.exit({status})\n")
}

/// Uma observação em andamento, e o que ela já escreveu.
struct Observacao {
    filho: Child,
    teclado: Option<ChildStdin>,
    linhas: Receiver<String>,
    programa: PathBuf,
}

impl Observacao {
    /// Observa um programa em Python, com este texto.
    fn nova(nome: &str, texto: &str) -> Observacao {
        let pasta = Path::new(env!("CARGO_TARGET_TMPDIR")).join("observar");
        let pasta = pasta.join(nome);
        let _ = fs::remove_dir_all(&pasta);
        fs::create_dir_all(&pasta).unwrap();
        let programa = pasta.join("programa.py");
        fs::write(&programa, texto).unwrap();
        let mut comando = Command::new(OFICINA);
        // No L0 o programa pode avisar, por um arquivo, que começou.
        comando
            .args(["conferir", "cap05", "--observar", "--isolamento", "L0"])
            .args(["--prazo", PRAZO_DO_TRAVADO, "--", "python3"])
            .arg(&programa)
            .env("OFICINA_PROGRESSO", pasta.join("progresso.json"));
        Observacao::iniciar(comando, programa)
    }

    fn iniciar(mut comando: Command, programa: PathBuf) -> Observacao {
        let mut filho = comando
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a oficina deve iniciar");
        let saida = BufReader::new(filho.stdout.take().unwrap());
        let (entregar, linhas) = channel();
        std::thread::spawn(move || {
            for linha in saida.lines().map_while(Result::ok) {
                let _ = entregar.send(linha);
            }
        });
        Observacao {
            teclado: filho.stdin.take(),
            filho,
            linhas,
            programa,
        }
    }

    fn salvar(&self, texto: &str) {
        // Como muitos editores: escreve ao lado e troca os nomes.
        let novo = self.programa.with_extension("novo");
        fs::write(&novo, texto).unwrap();
        fs::rename(novo, &self.programa).unwrap();
    }

    fn apertar(&mut self, tecla: &[u8]) {
        self.teclado.as_mut().unwrap().write_all(tecla).unwrap();
    }

    /// Tudo o que apareceu até uma linha com este texto.
    fn esperar(&self, texto: &str) -> String {
        let fim = Instant::now() + PRAZO;
        let mut visto = String::new();
        loop {
            let resta = fim.saturating_duration_since(Instant::now());
            let Ok(linha) = self.linhas.recv_timeout(resta) else {
                panic!("esperava “{texto}”; vi:\n{visto}");
            };
            visto = visto + &linha + "\n";
            if linha.contains(texto) {
                return visto;
            }
        }
    }

    /// Espera o programa travado dizer que começou, e esquece o aviso.
    fn esperar_que_comece(&self) {
        let aviso = self.programa.with_extension("comecou");
        let inicio = Instant::now();
        while fs::remove_file(&aviso).is_err() {
            assert!(inicio.elapsed() < PRAZO, "o programa não começou");
            std::thread::yield_now();
        }
    }

    /// Aperta `q` e espera a oficina sair bem.
    fn sair(mut self) -> Duration {
        let inicio = Instant::now();
        self.apertar(b"q");
        let status = self.filho.wait().unwrap();
        assert!(status.success(), "{status}");
        inicio.elapsed()
    }

    /// Os processos que rodam o programa.
    fn vivos(&self) -> usize {
        let nome = self.programa.to_string_lossy().into_owned();
        let processos = fs::read_dir("/proc").into_iter().flatten().flatten();
        let linhas = processos.filter_map(|processo| {
            fs::read(processo.path().join("cmdline")).ok()
        });
        linhas
            .filter(|linha| linha.starts_with(b"python3"))
            .filter(|linha| String::from_utf8_lossy(linha).contains(&nome))
            .count()
    }
}

impl Drop for Observacao {
    fn drop(&mut self) {
        let _ = self.filho.kill();
        let _ = self.filho.wait();
    }
}

#[test]
fn salvar_confere_de_novo() {
    if !ha_python() {
        return;
    }
    let observacao = Observacao::nova("salvar", &que_sai(7));
    assert!(observacao.esperar(FIM).contains("com estado de saída 7"));
    observacao.salvar(&que_sai(9));
    assert!(observacao.esperar(FIM).contains("com estado de saída 9"));
    observacao.sair();
}

#[test]
fn salvar_interrompe_a_conferencia_de_um_programa_travado() {
    if !ha_python() {
        return;
    }
    let observacao = Observacao::nova("interrompe", TRAVADO);
    observacao.esperar_que_comece();
    observacao.salvar(&que_sai(9));
    assert!(observacao.esperar(FIM).contains("com estado de saída 9"));
    assert_eq!(observacao.vivos(), 0);
    observacao.sair();
}

#[test]
fn uma_tecla_interrompe_a_conferencia_de_um_programa_travado() {
    if !ha_python() {
        return;
    }
    let mut observacao = Observacao::nova("tecla", TRAVADO);
    observacao.esperar_que_comece();
    observacao.apertar(b"r");
    observacao.esperar_que_comece();
    observacao.apertar(b"d");
    observacao.esperar("ica 1 de");
    assert_eq!(observacao.vivos(), 0);
    observacao.apertar(b"r");
    observacao.esperar_que_comece();
    let demora = observacao.sair();
    // O limite de verdade, 100 ms, é o do benchmark `veredicto`.
    assert!(demora < Duration::from_secs(10), "{demora:?}");
}

#[test]
fn cada_tecla_faz_o_que_diz() {
    if !ha_python() {
        return;
    }
    let mut observacao = Observacao::nova("teclas", &que_sai(7));
    let teclas = observacao.esperar(FIM);
    for dita in ["d dica", "p próximo", "r de novo", "q sair"] {
        assert!(teclas.contains(dita), "{dita}: {teclas}");
    }
    // Duas teclas de uma vez são duas teclas.
    observacao.apertar(b"pr");
    observacao.esperar("último exercício");
    assert!(observacao.esperar(FIM).contains("com estado de saída 7"));
    observacao.sair();
}

/// O cargo do editor segura a pasta `target`; a oficina compila na dela.
#[test]
fn o_cargo_do_editor_nao_segura_a_conferencia() {
    let casa = Path::new(env!("CARGO_TARGET_TMPDIR")).join("observar/casa");
    let capitulo = casa.join("crates/cap05-servidor-tcp");
    fs::create_dir_all(capitulo.join("src/bin")).unwrap();
    fs::create_dir_all(casa.join("target/debug")).unwrap();
    for nome in ["Cargo.toml", "Cargo.lock", "book.toml"] {
        fs::copy(Path::new(RAIZ).join(nome), casa.join(nome)).unwrap();
    }
    let exercicio = "src/bin/cap05-exercicio.rs";
    for nome in ["Cargo.toml", exercicio] {
        let de = Path::new(RAIZ).join("crates/cap05-servidor-tcp").join(nome);
        fs::copy(de, capitulo.join(nome)).unwrap();
    }
    let trava = File::create(casa.join("target/debug/.cargo-lock")).unwrap();
    flock(&trava, FlockOperation::LockExclusive).unwrap();
    let mut comando = Command::new(OFICINA);
    comando
        .args(["conferir", "cap05", "--observar"])
        .env("OFICINA_RAIZ", &casa)
        .env("OFICINA_PROGRESSO", casa.join("progresso.json"))
        .env_remove("CARGO_TARGET_DIR");
    let observacao = Observacao::iniciar(comando, capitulo.join(exercicio));
    let visto = observacao.esperar(FIM);
    assert!(visto.contains("0 de 5"), "{visto}");
    observacao.sair();
}
