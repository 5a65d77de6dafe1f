//! Quanto demora o veredicto: de salvar a saber, as etapas sem compilar, um
//! programa calado, e a resposta a uma tecla.
//!
//!     cargo bench --profile dev -p oficina --bench veredicto
//!
//! O perfil é o que o leitor usa. Cada linha traz a mediana e o limite. A compilação se compara com um
//! `cargo build` da mesma mudança, medido na mesma rodada, um depois do outro.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const OFICINA: &str = env!("CARGO_BIN_EXE_oficina");
const RAIZ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const TEMPORARIA: &str = env!("CARGO_TARGET_TMPDIR");
const CAPITULO: &str = "cap05-servidor-tcp";
const VEZES: usize = 10;

fn main() {
    let casa = Casa::nova();
    println!("{:44} {:>9}  limite", "medida", "mediana");
    casa.salvar("salvar → veredicto, solução certa", "", 1.35);
    casa.salvar("salvar → erro de compilação", "fn errada() -> u8 {}\n", 1.2);
    let solucao = casa.solucao();
    tempo("etapas, sem compilar", 60, || casa.conferir(&[&solucao]));
    let calado = falsificacao("ocupa_a_porta.py");
    tempo("programa calado", 1500, || {
        casa.conferir(&["python3", &calado]);
    });
    let dorme = ["python3", "-c", "import time; time.sleep(99)"];
    tempo("programa que não escuta", 1500, || casa.conferir(&dorme));
    tecla("tecla durante uma conferência", 100, &casa, &calado);
    salvo("novo save durante uma conferência", 100, &casa, &calado);
}

/// Uma casa só com o capítulo 5, para editar sem tocar na de verdade.
struct Casa {
    raiz: PathBuf,
    exercicio: PathBuf,
    fonte: String,
}

impl Casa {
    fn nova() -> Casa {
        let raiz = Path::new(TEMPORARIA).join("veredicto");
        let de = Path::new(RAIZ).join("crates").join(CAPITULO);
        let para = raiz.join("crates").join(CAPITULO);
        fs::create_dir_all(para.join("src/bin")).unwrap();
        for nome in ["Cargo.toml", "Cargo.lock", "book.toml"] {
            fs::copy(Path::new(RAIZ).join(nome), raiz.join(nome)).unwrap();
        }
        fs::copy(de.join("Cargo.toml"), para.join("Cargo.toml")).unwrap();
        let biblioteca = de.join("src/lib.rs");
        if biblioteca.exists() {
            fs::copy(biblioteca, para.join("src/lib.rs")).unwrap();
        }
        let solucao = de.join("src/bin/cap05-solucao.rs");
        let fonte = fs::read_to_string(solucao).unwrap();
        let exercicio = para.join("src/bin/cap05-exercicio.rs");
        fs::write(&exercicio, &fonte).unwrap();
        Casa {
            raiz,
            exercicio,
            fonte,
        }
    }

    /// Edita, compila com o cargo puro; edita, confere. A razão das medianas.
    fn salvar(&self, nome: &str, defeito: &str, limite: f64) {
        let (mut puro, mut oficina) = (Vec::new(), Vec::new());
        self.editar(0, "");
        self.compilar();
        self.conferir(&[]);
        for vez in 1..=VEZES {
            self.editar(2 * vez, defeito);
            puro.push(cronometrar(|| self.compilar()));
            self.editar(2 * vez + 1, defeito);
            oficina.push(cronometrar(|| self.conferir(&[])));
        }
        let (puro, oficina) = (mediana(puro), mediana(oficina));
        let razao = oficina.as_secs_f64() / puro.as_secs_f64();
        println!(
            "{nome:44} {:>6} ms  {razao:.2} × {} ms do cargo (limite {limite})",
            oficina.as_millis(),
            puro.as_millis()
        );
    }

    fn editar(&self, vez: usize, defeito: &str) {
        // Uma função que muda: só um comentário não recompilaria tudo.
        let marca = format!(
            "\n#[allow(dead_code)]\nfn edicao() -> usize {{ {vez} }}\n"
        );
        let texto = format!("{}{marca}{defeito}", self.fonte);
        fs::write(&self.exercicio, texto).unwrap();
    }

    fn compilar(&self) {
        let saida = Command::new("cargo")
            .current_dir(&self.raiz)
            .args(["build", "--quiet", "--package", CAPITULO])
            .args(["--bin", "cap05-exercicio", "--target-dir"])
            .arg(self.raiz.join("puro"))
            .output();
        saida.expect("o cargo deve iniciar");
    }

    fn conferir(&self, comando: &[&str]) {
        let mut oficina = self.oficina();
        oficina.args(["--formato", "json", "--alvo"]);
        oficina.arg(self.raiz.join("alvo"));
        if !comando.is_empty() {
            oficina.arg("--").args(comando);
        }
        let saida = oficina.output().expect("a oficina deve iniciar");
        assert_ne!(saida.status.code(), Some(2), "{saida:?}");
    }

    fn oficina(&self) -> Command {
        let mut oficina = Command::new(OFICINA);
        oficina
            .args(["conferir", "cap05"])
            .env("OFICINA_RAIZ", &self.raiz)
            .env("OFICINA_PROGRESSO", self.raiz.join("progresso.json"));
        oficina
    }

    fn solucao(&self) -> String {
        self.editar(0, "");
        self.compilar();
        let pronto = self.raiz.join("puro/debug/cap05-exercicio");
        pronto.to_string_lossy().into_owned()
    }
}

fn falsificacao(nome: &str) -> String {
    format!("{}/tests/falsificacoes/{nome}", env!("CARGO_MANIFEST_DIR"))
}

fn tempo(nome: &str, limite: u64, fazer: impl Fn()) {
    let tempos = (0..VEZES).map(|_| cronometrar(&fazer)).collect();
    let mediana = mediana(tempos).as_millis();
    println!("{nome:44} {mediana:>6} ms  ≤ {limite} ms");
}

/// Aperta `q` com a conferência parada no meio e mede até a oficina sair.
fn tecla(nome: &str, limite: u64, casa: &Casa, programa: &str) {
    let tempos = (0..VEZES).map(|_| {
        let mut observar = casa
            .oficina()
            .args(["--observar", "--", "python3", programa])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // O programa calado segura a conferência por um segundo inteiro.
        std::thread::sleep(Duration::from_millis(500));
        let inicio = Instant::now();
        observar.stdin.take().unwrap().write_all(b"q").unwrap();
        observar.wait().unwrap();
        inicio.elapsed()
    });
    let mediana = mediana(tempos.collect()).as_millis();
    println!("{nome:44} {mediana:>6} ms  ≤ {limite} ms");
}

/// Salva com a conferência parada no meio e mede até a nova se apresentar.
fn salvo(nome: &str, limite: u64, casa: &Casa, programa: &str) {
    let observado = casa.raiz.join("calado.py");
    fs::copy(programa, &observado).unwrap();
    let mut observar = casa
        .oficina()
        .args(["--observar", "--", "python3"])
        .arg(&observado)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let saida = BufReader::new(observar.stdout.take().unwrap());
    let mut linhas = saida.lines().map_while(Result::ok);
    let mut apresentou = || linhas.any(|linha| linha.contains(CAPITULO));
    assert!(apresentou());
    let tempos = (0..VEZES).map(|_| {
        // O programa calado segura a conferência por um segundo inteiro.
        std::thread::sleep(Duration::from_millis(500));
        let novo = casa.raiz.join("calado.novo");
        fs::copy(programa, &novo).unwrap();
        let inicio = Instant::now();
        fs::rename(novo, &observado).unwrap();
        assert!(apresentou());
        inicio.elapsed()
    });
    let mediana = mediana(tempos.collect()).as_millis();
    println!("{nome:44} {mediana:>6} ms  ≤ {limite} ms");
    observar.stdin.take().unwrap().write_all(b"q").unwrap();
    observar.wait().unwrap();
}

fn cronometrar(fazer: impl FnOnce()) -> Duration {
    let inicio = Instant::now();
    fazer();
    inicio.elapsed()
}

fn mediana(mut tempos: Vec<Duration>) -> Duration {
    tempos.sort();
    tempos[tempos.len() / 2]
}
