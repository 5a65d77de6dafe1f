//! Todo nome da página `book/mesma-api.md` existe: os de Rust foram compilados
//! em `src/lib.rs`, os de Python estão no módulo, e os de C são os que os
//! cabeçalhos do sistema declaram, com os mesmos tipos.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PAGINA: &str = include_str!("../../../book/mesma-api.md");
const COMPILADOS: &str = include_str!("../src/lib.rs");

/// O que a página usa de C.
const CABECALHOS: [&str; 9] = [
    "arpa/inet.h",
    "errno.h",
    "fcntl.h",
    "netdb.h",
    "netinet/tcp.h",
    "poll.h",
    "string.h",
    "sys/socket.h",
    "unistd.h",
];

#[test]
fn todo_nome_de_rust_da_pagina_foi_compilado_e_o_contrario() {
    let na_pagina: BTreeSet<String> = ["Rust, std", "Rust, socket2"]
        .iter()
        .flat_map(|coluna| trechos(coluna))
        .map(|trecho| caminho(&trecho).to_owned())
        .collect();
    let compilados = compilados();
    let sem_prova: Vec<_> = na_pagina.difference(&compilados).collect();
    assert!(sem_prova.is_empty(), "faltam em src/lib.rs: {sem_prova:?}");
    let sem_uso: Vec<_> = compilados.difference(&na_pagina).collect();
    assert!(sem_uso.is_empty(), "a página não mostra: {sem_uso:?}");
}

#[test]
fn todo_nome_de_python_da_pagina_existe() {
    let nomes: BTreeSet<String> = trechos("Python")
        .iter()
        .map(|trecho| caminho(trecho).to_owned())
        .collect();
    assert!(nomes.len() > 30, "a página tem poucos nomes: {nomes:?}");
    let programa = "\
import ipaddress, os, select, selectors, socket, struct, sys
conexao = socket.socket
for nome in sys.stdin.read().split():
    try:
        eval(nome)
    except (AttributeError, NameError, SyntaxError) as erro:
        print(nome, erro, sep=': ')
";
    let nomes: Vec<String> = nomes.into_iter().collect();
    let saida = rodar("python3", ["-c", programa], &nomes.join("\n"));
    let Some(saida) = saida else { return };
    assert!(saida.status.success(), "{saida:?}");
    let faltam = String::from_utf8_lossy(&saida.stdout);
    assert!(faltam.is_empty(), "não existem em Python:\n{faltam}");
}

// Nos outros sistemas algumas destas são macros, e o `restrict` muda de lugar.
#[cfg(target_os = "linux")]
#[test]
fn todo_prototipo_de_c_e_o_que_o_sistema_declara() {
    let prototipos = blocos_de_c();
    assert!(prototipos.len() > 20, "poucos protótipos: {prototipos:?}");
    let mut fonte = String::new();
    for cabecalho in CABECALHOS {
        fonte += &format!("#include <{cabecalho}>\n");
    }
    // Antes do protótipo, o nome só existe se algum cabeçalho o declara;
    // depois, um tipo diferente é um erro de compilação.
    for (indice, prototipo) in prototipos.iter().enumerate() {
        let nome = nome_da_funcao(prototipo);
        fonte += &format!("__typeof__({nome}) *usa{indice} = {nome};\n");
        fonte += &format!("{prototipo}\n");
    }
    for (indice, constante) in trechos("C").iter().enumerate() {
        fonte += &format!("long vale{indice} = (long)({constante});\n");
    }
    let opcoes = ["-std=c11", "-D_XOPEN_SOURCE=700", "-fsyntax-only"];
    let argumentos = opcoes.iter().copied().chain(["-xc", "-"]);
    let Some(saida) = rodar("cc", argumentos, &fonte) else {
        return;
    };
    let erros = String::from_utf8_lossy(&saida.stderr);
    assert!(saida.status.success(), "{erros}\n{fonte}");
}

#[cfg(target_os = "linux")]
#[test]
fn um_nome_errado_em_c_nao_compila() {
    for errado in [
        "__typeof__(lisen) *p = lisen;",
        "int listen(int sockfd, char backlog);",
    ] {
        let fonte = format!("#include <sys/socket.h>\n{errado}\n");
        let argumentos = ["-std=c11", "-fsyntax-only", "-xc", "-"];
        if let Some(saida) = rodar("cc", argumentos, &fonte) {
            assert!(!saida.status.success(), "compilou: {errado}");
        }
    }
}

/// O que está entre crases nas linhas `| coluna | … |` da página.
fn trechos(coluna: &str) -> Vec<String> {
    let inicio = format!("| {coluna} |");
    let linhas = PAGINA.lines().filter(|l| l.starts_with(&inicio));
    linhas
        .flat_map(|linha| linha.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

/// `TcpListener::bind(endereco)` é `TcpListener::bind`.
fn caminho(trecho: &str) -> &str {
    trecho.split(['(', ' ']).next().unwrap_or(trecho)
}

/// Os caminhos depois de `let _ = `, sem os genéricos.
fn compilados() -> BTreeSet<String> {
    let linhas = COMPILADOS.lines().map(str::trim);
    linhas
        .filter(|linha| linha.starts_with("let _"))
        .filter_map(|linha| linha.rsplit_once("= "))
        .map(|(_, nome)| nome.trim_end_matches(';'))
        .map(|nome| nome.split("::<").next().unwrap_or(nome).to_owned())
        .collect()
}

/// Os protótipos da página, um por linha ou em várias, até o `;`.
fn blocos_de_c() -> Vec<String> {
    let blocos = PAGINA.split("```c\n").skip(1);
    let blocos = blocos.filter_map(|bloco| bloco.split("```").next());
    blocos
        .flat_map(|bloco| bloco.split_inclusive(';'))
        .map(|prototipo| prototipo.trim().to_owned())
        .filter(|prototipo| !prototipo.is_empty())
        .collect()
}

fn nome_da_funcao(prototipo: &str) -> &str {
    let antes = prototipo.split('(').next().unwrap_or_default();
    let letra = |c: char| c.is_alphanumeric() || c == '_';
    let inicio = antes.rfind(|c: char| !letra(c)).map_or(0, |i| i + 1);
    &antes[inicio..]
}

/// Roda o programa com a entrada; `None` se ele não existe nesta máquina.
fn rodar<A: AsRef<OsStr>>(
    programa: &str,
    argumentos: impl IntoIterator<Item = A>,
    entrada: &str,
) -> Option<Output> {
    let processo = Command::new(programa)
        .args(argumentos)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut processo = match processo {
        Ok(processo) => processo,
        Err(erro) if std::env::var_os("CI").is_none() => {
            let _ = writeln!(io::stderr(), "pulado: {programa}: {erro}");
            return None;
        }
        Err(erro) => panic!("{programa}: {erro}"),
    };
    let mut escritor = processo.stdin.take().expect("a entrada é um cano");
    escritor.write_all(entrada.as_bytes()).expect("ele lê");
    drop(escritor);
    Some(processo.wait_with_output().expect("ele termina"))
}
