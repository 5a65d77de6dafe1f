//! Turmas inventadas: entregas certas, erradas e hostis, em três linguagens e
//! em três tipos de arquivo.
//!
//! Cada teste e o banco de medidas usam só uma parte.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

pub mod hostis;

pub const OFICINA: &str = env!("CARGO_BIN_EXE_oficina");
pub const RAIZ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const TESTES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

/// Uma pasta de entregas, vazia, só de quem a pede.
pub fn pasta_nova(nome: &str) -> PathBuf {
    let pasta = Path::new(env!("CARGO_TARGET_TMPDIR")).join(nome);
    let _ = fs::remove_dir_all(&pasta);
    fs::create_dir_all(&pasta).unwrap();
    pasta
}

/// Um arquivo de `tests/`, ou do repositório.
pub fn fonte(nome: &str) -> String {
    let em_testes = Path::new(TESTES).join(nome);
    let no_livro = Path::new(RAIZ).join(nome);
    let caminho = if em_testes.exists() {
        em_testes
    } else {
        no_livro
    };
    fs::read_to_string(&caminho)
        .unwrap_or_else(|erro| panic!("{}: {erro}", caminho.display()))
}

pub const SOLUCAO_RS: &str =
    "crates/cap05-servidor-tcp/src/bin/cap05-solucao.rs";
pub const SOLUCAO_PY: &str =
    "crates/cap05-servidor-tcp/python/cap05-solucao.py";
pub const ESQUELETO: &str =
    "crates/cap05-servidor-tcp/src/bin/cap05-exercicio.rs";
const NO_REPOSITORIO: &str =
    "livro/crates/cap05-servidor-tcp/src/bin/cap05-exercicio.rs";

/// Um programa sozinho.
pub fn solto(turma: &Path, nome: &str, fonte: &str) {
    fs::write(turma.join(nome), fonte).unwrap();
}

/// Uma pasta com estes arquivos.
pub fn pasta(turma: &Path, nome: &str, arquivos: &[(&str, &str)]) {
    for (arquivo, conteudo) in arquivos {
        let alvo = turma.join(nome).join(arquivo);
        fs::create_dir_all(alvo.parent().unwrap()).unwrap();
        fs::write(alvo, conteudo).unwrap();
    }
}

/// Um .zip com estes arquivos.
pub fn zip(turma: &Path, nome: &str, arquivos: &[(&str, &str)]) {
    let mut novo = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (arquivo, conteudo) in arquivos {
        let opcoes = zip::write::SimpleFileOptions::default();
        novo.start_file(*arquivo, opcoes).unwrap();
        novo.write_all(conteudo.as_bytes()).unwrap();
    }
    let bytes = novo.finish().unwrap().into_inner();
    fs::write(turma.join(format!("{nome}.zip")), bytes).unwrap();
}

/// Um .tar.gz com estes arquivos.
pub fn tar_gz(turma: &Path, nome: &str, arquivos: &[(&str, &str)]) {
    let mut novo = tar::Builder::new(Vec::new());
    for (arquivo, conteudo) in arquivos {
        let mut cabecalho = tar::Header::new_gnu();
        cabecalho.set_size(conteudo.len() as u64);
        cabecalho.set_mode(0o644);
        novo.append_data(&mut cabecalho, arquivo, conteudo.as_bytes())
            .unwrap();
    }
    gravar_gz(turma, nome, &novo.into_inner().unwrap());
}

/// Comprime `bytes` em `NOME.tar.gz`.
pub fn gravar_gz(turma: &Path, nome: &str, bytes: &[u8]) {
    let mut gz = flate2::write::GzEncoder::new(
        Vec::new(),
        flate2::Compression::default(),
    );
    gz.write_all(bytes).unwrap();
    let bytes = gz.finish().unwrap();
    fs::write(turma.join(format!("{nome}.tar.gz")), bytes).unwrap();
}

/// Trinta entregas do capítulo 5: 10 certas, 13 erradas e 7 hostis.
pub fn trinta(turma: &Path) {
    certas(turma);
    erradas(turma);
    hostis::de_uma_turma(turma);
}

fn certas(turma: &Path) {
    solto(turma, "Ana Souza.rs", &fonte(SOLUCAO_RS));
    solto(turma, "Beto Lima.py", &fonte(SOLUCAO_PY));
    let c = fonte("turma/certo.c");
    pasta(
        turma,
        "Caio_1_assignsubmission_file_",
        &[("exercicio.c", &c)],
    );
    let threads = fonte("cap05/aceitador-threads.rs");
    zip(turma, "Dora", &[("Trabalho/cap05-exercicio.rs", &threads)]);
    let copia = fonte("cap05/aceitador-copy.rs");
    zip(
        turma,
        "Edu",
        &[(NO_REPOSITORIO, &copia), ("livro/x.md", "oi")],
    );
    let laco = fonte("cap05/aceitador-laco-nao-bloqueante.rs");
    tar_gz(turma, "Fabi", &[("exercicio.rs", &laco)]);
    let sequencial = fonte("cap05/aceitador-sequencial.py");
    tar_gz(turma, "Gil", &[("gil/cap05-exercicio.py", &sequencial)]);
    let socketserver = fonte("cap05/aceitador-socketserver.py");
    let comando = "# como rodar\npython3 meu_eco.py\n";
    pasta(
        turma,
        "Helo",
        &[("comando", comando), ("meu_eco.py", &socketserver)],
    );
    let seletores = fonte("cap05/aceitador-seletores.py");
    zip(turma, "Iara", &[("exercicio.py", &seletores)]);
    let comando = "construir: cc -o eco eco.c\n./eco\n";
    tar_gz(turma, "Joca", &[("comando", comando), ("eco.c", &c)]);
}

fn erradas(turma: &Path) {
    let em_rust = [
        "m02-uma-leitura",
        "m05-buffer-inteiro",
        "m06-write",
        "m08-buffer-vazio",
        "m16-unwrap-na-escrita",
        "m24-todas-as-interfaces",
    ];
    for mutante in em_rust {
        let fonte = fonte(&format!("cap05/{mutante}.rs"));
        zip(turma, mutante, &[("cap05-exercicio.rs", &fonte)]);
    }
    for mutante in ["m04-so-texto", "m07-ignora-o-fim", "outro-endereco"] {
        let fonte = fonte(&format!("cap05/{mutante}.py"));
        let nome = format!("{mutante}_77_assignsubmission_file_");
        pasta(turma, &nome, &[("exercicio.py", &fonte)]);
    }
    let fonte_c = fonte("turma/uma-leitura.c");
    tar_gz(turma, "uma leitura em C", &[("exercicio.c", &fonte_c)]);
    solto(turma, "esqueleto.rs", &fonte(ESQUELETO));
    solto(turma, "não compila.rs", "fn main() { falta }\n");
    solto(turma, "um texto.docx", "não é um programa\n");
}

/// Roda `turma conferir` nesta turma, no capítulo 5.
pub fn conferir(turma: &Path, saida: &Path, opcoes: &[&str]) -> Output {
    comando(turma, saida, opcoes)
        .output()
        .expect("a oficina deve iniciar")
}

pub fn comando(turma: &Path, saida: &Path, opcoes: &[&str]) -> Command {
    let mut comando = Command::new(OFICINA);
    comando
        .args(["turma", "conferir"])
        .arg(turma)
        .arg("--saida")
        .arg(saida)
        .args(opcoes);
    if !opcoes.contains(&"--todos") && !opcoes.contains(&"--capitulo") {
        comando.args(["--capitulo", "cap05"]);
    }
    comando
}

/// A saída de um `turma conferir` que deu certo.
pub fn texto_de(fim: &Output) -> String {
    let erros = String::from_utf8_lossy(&fim.stderr);
    assert_eq!(fim.status.code(), Some(0), "{erros}");
    String::from_utf8_lossy(&fim.stdout).into_owned()
}

/// Os registros de uma pasta de relatórios, pelo nome do aluno.
pub fn registros(saida: &Path) -> BTreeMap<String, Value> {
    let texto = fs::read_to_string(saida.join("turma.json")).unwrap();
    let turma: Value = serde_json::from_str(&texto).unwrap();
    let registros = turma["registros"].as_array().unwrap().iter();
    registros
        .map(|r| (r["aluno"].as_str().unwrap().to_owned(), r.clone()))
        .collect()
}

/// Um registro sem o que o relógio e o kernel decidem: os tempos, quantas
/// vezes foi preciso tentar, os pedaços em que os bytes chegam e as portas.
pub fn essencia(registro: &Value) -> Value {
    let mut registro = registro.clone();
    registro["duracao_ms"] = Value::Null;
    registro["tentativas"] = Value::Null;
    for etapa in registro["etapas"].as_array_mut().unwrap() {
        for campo in ["duracao_ms", "transcricao", "saida"] {
            etapa[campo] = Value::Null;
        }
        if !etapa["diagnostico"].is_null() {
            etapa["diagnostico"]["mensagem"] = Value::Null;
        }
    }
    registro
}

/// As etapas de um registro: `passou`, `falhou`, …
pub fn situacoes(registro: &Value) -> Vec<&str> {
    let etapas = registro["etapas"].as_array().unwrap().iter();
    etapas.map(|e| e["situacao"].as_str().unwrap()).collect()
}

pub fn erro_de(registro: &Value) -> &str {
    registro["erro"].as_str().unwrap_or_default()
}

/// Se o sistema dá o nível L2. Sem ele, o teste é pulado à vista de quem lê.
pub fn ha_l2(teste: &str) -> bool {
    ha("L2", teste)
}

pub fn ha(nivel: &str, teste: &str) -> bool {
    let prova = Command::new(OFICINA)
        .args(["__entrega-prova", nivel])
        .output()
        .expect("a oficina deve iniciar");
    let exigido = |nome, valor| std::env::var(nome).is_ok_and(|v| v == valor);
    let exigido =
        exigido("CI", "true") && exigido("OFICINA_EXIGIR_BANCADA", "1");
    if !prova.status.success() {
        assert!(
            !exigido,
            "{teste}: este sistema não dá o isolamento {nivel}"
        );
        let _ =
            writeln!(io::stderr(), "pulado: {teste} precisa do nível {nivel}");
    }
    prova.status.success()
}
