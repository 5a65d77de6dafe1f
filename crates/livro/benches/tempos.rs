//! Quanto o autor e o leitor esperam, no perfil que `cargo run` usa:
//!
//!     cargo bench --profile dev -p livro --bench tempos
//!     cargo bench --profile dev -p livro --bench tempos -- --exigir
//!
//! Mede, com o livro como ele está: salvar uma página → ela nova na tela;
//! salvar uma listagem → a página nova na tela (medianas de dez); montar 40
//! páginas como as do livro (o tempo dele, na proporção); e o que 40 cópias do
//! capítulo 5, que é dos mais pesados, acrescentam à montagem do livro. Com
//! `--exigir`, um tempo acima da meta é um erro.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

const META_DA_EDICAO: Duration = Duration::from_millis(300);
const META_DA_MONTAGEM: Duration = Duration::from_secs(1);
const EDICOES: usize = 10;
const MONTAGENS: usize = 5;
const PAGINAS: u32 = 40;
const PRAZO: Duration = Duration::from_secs(60);

const CAPITULO: &str = "cap05-servidor-tcp";
const LISTAGEM: &str = "crates/cap05-servidor-tcp/src/bin/cap05-servidor.rs";

fn main() -> ExitCode {
    let exigir = std::env::args().any(|palavra| palavra == "--exigir");
    let mesa = copiar_livro();
    let livro = medir_livro(mesa.path());
    let medidas = [
        ("página → tela", medir_pagina(mesa.path()), META_DA_EDICAO),
        (
            "listagem → tela",
            medir_listagem(mesa.path()),
            META_DA_EDICAO,
        ),
        (
            "montar 40 páginas do livro",
            livro.tempo * PAGINAS / livro.paginas,
            META_DA_MONTAGEM,
        ),
        (
            "montar 40 capítulos 5",
            medir_copias(mesa.path()) - livro.tempo,
            META_DA_MONTAGEM,
        ),
    ];
    let mut dentro = true;
    println!("| medida | mediana | meta | |\n|--|--|--|--|");
    for (nome, tempo, meta) in medidas {
        let coube = tempo <= meta;
        dentro &= coube;
        let sinal = if coube { "✓" } else { "✗" };
        let (tempo, meta) = (tempo.as_millis(), meta.as_millis());
        println!("| {nome} | {tempo} ms | {meta} ms | {sinal} |");
    }
    if exigir && !dentro {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Uma cópia do livro de verdade, que se pode estragar.
fn copiar_livro() -> tempfile::TempDir {
    let raiz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mesa = tempfile::tempdir().expect("pasta temporária");
    for nome in ["book.toml", "book", "crates"] {
        copiar(&raiz.join(nome), &mesa.path().join(nome));
    }
    mesa
}

fn copiar(de: &Path, para: &Path) {
    if de.is_file() {
        fs::copy(de, para).expect("copiar");
        return;
    }
    fs::create_dir_all(para).expect("criar a pasta");
    for entrada in fs::read_dir(de).expect("ler a pasta") {
        let entrada = entrada.expect("entrada");
        let nome = entrada.file_name();
        if nome != "target" && nome != "node_modules" {
            copiar(&entrada.path(), &para.join(nome));
        }
    }
}

fn medir_pagina(raiz: &Path) -> Duration {
    let arquivo = raiz.join(format!("book/{CAPITULO}.md"));
    medir_edicoes(raiz, &arquivo, |texto, marca| {
        format!("{texto}\n\nParágrafo {marca}.\n")
    })
}

fn medir_listagem(raiz: &Path) -> Duration {
    medir_edicoes(raiz, &raiz.join(LISTAGEM), |texto, marca| {
        let linhas =
            texto.lines().map(|linha| match linha.contains("ANCHOR:") {
                true => format!("{linha}\n// {marca}\n"),
                false => format!("{linha}\n"),
            });
        linhas.collect()
    })
}

/// A mediana do tempo entre salvar o arquivo e a página ter a marca nova, com
/// o aviso de recarga no meio do caminho.
fn medir_edicoes(
    raiz: &Path,
    arquivo: &Path,
    editar: impl Fn(&str, &str) -> String,
) -> Duration {
    let original = fs::read_to_string(arquivo).expect("ler o original");
    let servidor = Servidor::em(raiz);
    let mut eventos = servidor.eventos();
    eventos.proximo();
    let mut tempos = Vec::new();
    for numero in 0..EDICOES {
        let marca = format!("marca-{numero}-fim");
        let texto = editar(&original, &marca);
        let inicio = Instant::now();
        fs::write(arquivo, texto).expect("salvar");
        while !servidor.pagina().contains(&marca) {
            assert!(inicio.elapsed() < PRAZO, "a página não mudou");
            eventos.proximo();
        }
        tempos.push(inicio.elapsed());
    }
    fs::write(arquivo, original).expect("devolver o original");
    mediana(tempos)
}

struct Livro {
    tempo: Duration,
    paginas: u32,
}

/// A mediana da montagem do livro como ele está.
fn medir_livro(raiz: &Path) -> Livro {
    let sumario = fs::read_to_string(raiz.join("book/SUMMARY.md"))
        .expect("ler o sumário");
    Livro {
        tempo: mediana((0..MONTAGENS).map(|_| montar(raiz)).collect()),
        paginas: sumario.matches(".md)").count() as u32,
    }
}

/// A mediana da montagem do livro com 40 cópias do capítulo 5: as outras
/// páginas ficam, porque os links do capítulo levam a elas.
fn medir_copias(raiz: &Path) -> Duration {
    let pagina = fs::read_to_string(raiz.join(format!("book/{CAPITULO}.md")))
        .expect("ler o capítulo");
    let exercicio = raiz.join("crates").join(CAPITULO).join("exercicio.toml");
    let mut sumario = fs::read_to_string(raiz.join("book/SUMMARY.md"))
        .expect("ler o sumário");
    for numero in 1..=PAGINAS {
        let nome = format!("copia{numero}");
        sumario.push_str(&format!("- [Cópia {numero}]({nome}.md)\n"));
        fs::write(raiz.join(format!("book/{nome}.md")), &pagina)
            .expect("escrever a cópia");
        let pasta = raiz.join("crates").join(&nome);
        fs::create_dir_all(&pasta).expect("criar a pasta");
        fs::copy(&exercicio, pasta.join("exercicio.toml")).expect("copiar");
    }
    fs::write(raiz.join("book/SUMMARY.md"), sumario).expect("sumário");
    mediana((0..MONTAGENS).map(|_| montar(raiz)).collect())
}

fn montar(raiz: &Path) -> Duration {
    let inicio = Instant::now();
    let estado = programa(raiz)
        .arg("construir")
        .stdout(Stdio::null())
        .status()
        .expect("rodar o programa");
    assert!(estado.success(), "o livro de teste não montou");
    inicio.elapsed()
}

fn mediana(mut tempos: Vec<Duration>) -> Duration {
    tempos.sort();
    tempos[tempos.len() / 2]
}

fn programa(raiz: &Path) -> Command {
    let mut comando = Command::new(env!("CARGO_BIN_EXE_livro"));
    comando.current_dir(raiz);
    comando
}

struct Servidor {
    filho: Child,
    endereco: SocketAddr,
}

impl Servidor {
    fn em(raiz: &Path) -> Servidor {
        let mut filho = programa(raiz)
            .args(["--porta", "0", "--sem-navegador"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("rodar o programa");
        let saida = filho.stdout.take().expect("saída");
        let mut linhas = BufReader::new(saida).lines().map_while(Result::ok);
        let endereco = linhas
            .by_ref()
            .find_map(|linha| {
                let depois = linha.split("http://").nth(1)?;
                depois.split_whitespace().next()?.parse().ok()
            })
            .expect("o endereço do livro");
        Servidor { filho, endereco }
    }

    fn pedir(&self, caminho: &str) -> TcpStream {
        let mut conexao = TcpStream::connect(self.endereco).expect("conectar");
        conexao.set_read_timeout(Some(PRAZO)).expect("prazo");
        let pedido = format!(
            "GET {caminho} HTTP/1.1\r\nHost: localhost\r\n\
             Connection: close\r\n\r\n"
        );
        conexao.write_all(pedido.as_bytes()).expect("pedir");
        conexao
    }

    fn pagina(&self) -> String {
        let mut resposta = Vec::new();
        self.pedir(&format!("/{CAPITULO}.html"))
            .read_to_end(&mut resposta)
            .expect("ler a página");
        String::from_utf8_lossy(&resposta).into_owned()
    }

    fn eventos(&self) -> Eventos {
        Eventos(BufReader::new(self.pedir("/_livro/eventos")))
    }
}

impl Drop for Servidor {
    fn drop(&mut self) {
        let _ = self.filho.kill();
        let _ = self.filho.wait();
    }
}

struct Eventos(BufReader<TcpStream>);

impl Eventos {
    fn proximo(&mut self) {
        let inicio = Instant::now();
        let mut linha = String::new();
        while !linha.starts_with("data: ") {
            linha.clear();
            let lidos = self.0.read_line(&mut linha).expect("evento");
            assert_ne!(lidos, 0, "os eventos acabaram");
            assert!(inicio.elapsed() < PRAZO, "o aviso não veio");
        }
    }
}
