//! `oficina demo`: os dois lados em um terminal, e nenhum programa depois.
#![cfg(unix)]

mod apoio_python;
mod apoio_roteiro;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use apoio_python::ha_python;
use apoio_roteiro::{Fim, Livro};

const RAIZ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

const ECO: &str = r#"
titulo: Um eco de mentira
b: servidor = sh -c "echo escutando em 127.0.0.1:4242; echo depois; cat"
a: cliente = sh -c "echo sou de {porta}; read x; echo \"voltou $x\"; exit 3"

servidor inicia
servidor diz "escutando em"
cliente inicia
cliente diz "sou de 4242"
cliente digita "olá, mundo!"
cliente diz "voltou"
servidor digita "linha"
servidor diz "linha"
servidor fecha a entrada
servidor termina
cliente termina com 3
"#;

#[test]
fn os_dois_lados_aparecem_na_ordem_do_roteiro() {
    let livro = Livro::novo();
    livro.roteiro("eco", ECO);
    let fim = livro.rodar(&["demo", "cap99"]);
    let esperado = "\
servidor │ $ sh -c \"echo escutando em 127.0.0.1:4242; echo depois; cat\"
servidor │ escutando em 127.0.0.1:4242
cliente  │ $ sh -c \"echo sou de 4242; read x; echo \\\"voltou $x\\\"; exit 3\"
cliente  │ sou de 4242
cliente  │ > olá, mundo!
cliente  │ voltou olá, mundo!
servidor │ > linha
servidor │ depois
servidor │ linha
servidor │ > (Ctrl-D)
";
    assert_eq!(sem_ordem_da_pergunta(&fim.saida), esperado, "{fim:?}");
    assert_eq!(fim.codigo, Some(0), "{fim:?}");
}

/// O `depois` pode chegar antes ou depois de se digitar a linha.
fn sem_ordem_da_pergunta(saida: &str) -> String {
    saida.replace(
        "servidor │ depois\nservidor │ > linha\n",
        "servidor │ > linha\nservidor │ depois\n",
    )
}

#[test]
fn so_um_papel_aparece_sem_nome() {
    let livro = Livro::novo();
    livro.roteiro("eco", ECO);
    let fim = livro.rodar(&["demo", "99", "eco", "--so", "cliente"]);
    let linhas: Vec<&str> = fim.saida.lines().skip(1).collect();
    assert_eq!(
        linhas,
        ["sou de 4242", "> olá, mundo!", "voltou olá, mundo!"]
    );
    let fim = livro.rodar(&["demo", "99", "eco", "--so", "ninguém"]);
    assert_ne!(fim.codigo, Some(0), "{fim:?}");
}

#[test]
fn a_lista_diz_o_titulo_de_cada_roteiro() {
    let livro = Livro::novo();
    livro.roteiro("eco", ECO);
    livro.roteiro("um-nome-comprido", ECO);
    let fim = livro.rodar(&["demo", "cap99-prova", "--lista"]);
    assert_eq!(
        fim.saida,
        "eco               Um eco de mentira\n\
         um-nome-comprido  Um eco de mentira\n"
    );
    let fim = livro.rodar(&["demo", "cap99", "outro"]);
    assert!(fim.erros.contains("não tem o roteiro “outro”"), "{fim:?}");
    let fim = livro.rodar(&["demo", "cap98"]);
    assert!(fim.erros.contains("não há o capítulo “cap98”"), "{fim:?}");
}

#[test]
fn um_passo_que_nao_acontece_para_com_a_linha_e_o_que_faltou_ver() {
    let livro = Livro::novo();
    livro.roteiro(
        "parado",
        "titulo: Um servidor calado\nprazo: 200ms\n\
         b: servidor = sh -c \"echo era outra coisa; sleep 60\"\n\
         servidor inicia\nservidor diz \"escutando em\"\n",
    );
    let inicio = Instant::now();
    let fim = livro.rodar(&["demo", "cap99"]);
    assert!(inicio.elapsed() < Duration::from_secs(20), "{fim:?}");
    assert_ne!(fim.codigo, Some(0));
    assert!(fim.erros.contains("parado.roteiro:5"), "{fim:?}");
    assert!(fim.erros.contains("o prazo acabou"), "{fim:?}");
    assert!(fim.saida.contains("servidor │ era outra coisa"), "{fim:?}");
}

#[test]
fn uma_rede_ruim_nao_se_encena_em_loopback() {
    let livro = Livro::novo();
    livro.roteiro(
        "perda",
        "titulo: Tudo se perde\nrede: ruim descarta=a1\n\
         a: cliente = sh -c \"echo oi\"\ncliente inicia\ncliente diz \"oi\"\n",
    );
    let fim = livro.rodar(&["demo", "cap99"]);
    assert_ne!(fim.codigo, Some(0));
    assert!(!fim.saida.contains("oi"), "{fim:?}");
    assert!(fim.erros.contains("--so perda"), "{fim:?}");
}

#[test]
fn o_status_e_o_sinal_sao_conferidos() {
    let livro = Livro::novo();
    let roteiro = |fim: &str| {
        format!(
            "titulo: Fim\na: cliente = sh -c \"echo oi; sleep 60\"\n\
             cliente inicia\ncliente diz \"oi\"\n\
             cliente recebe SIGTERM\ncliente {fim}\n"
        )
    };
    livro.roteiro("certo", &roteiro("termina por SIGTERM"));
    let fim = livro.rodar(&["demo", "cap99", "certo"]);
    assert_eq!(fim.codigo, Some(0), "{fim:?}");
    assert!(fim.saida.contains("cliente │ > (SIGTERM)"), "{fim:?}");
    livro.roteiro("errado", &roteiro("termina com 5"));
    let fim = livro.rodar(&["demo", "cap99", "errado"]);
    assert_ne!(fim.codigo, Some(0), "{fim:?}");
    assert!(fim.erros.contains("exit status: 5"), "{fim:?}");
}

#[test]
fn falta_um_programa_do_sistema_e_a_demonstracao_diz_qual() {
    let livro = Livro::novo();
    livro.roteiro(
        "falta",
        "titulo: Falta\na: cliente = programa-que-nao-ha\ncliente inicia\n",
    );
    let fim = livro.rodar(&["demo", "cap99"]);
    assert_eq!(fim.codigo, Some(69), "{fim:?}");
    assert!(fim.erros.contains("programa-que-nao-ha"), "{fim:?}");
}

#[test]
fn falta_o_que_um_papel_usa_por_dentro_e_a_demonstracao_diz_o_que() {
    if !ha_python() {
        return;
    }
    let livro = Livro::novo();
    for falta in ["programa-que-nao-ha", "/arquivo/que/nao/ha"] {
        livro.roteiro(
            "falta",
            &format!(
                "titulo: Falta\nprecisa: python3 {falta} /\n\
                 a: cliente = python3 -c 0\ncliente inicia\n"
            ),
        );
        let fim = livro.rodar(&["demo", "cap99"]);
        assert_eq!(fim.codigo, Some(69), "{fim:?}");
        assert!(fim.erros.contains(falta), "{fim:?}");
    }
}

/// Também os netos, e também quando a demonstração morre sem aviso.
#[test]
#[cfg(target_os = "linux")]
fn nenhum_programa_sobrevive_a_demonstracao() {
    // Um tempo que só este teste usa serve de nome aos processos.
    let segundos = 200_000 + std::process::id();
    let livro = Livro::novo();
    let roteiro = |depois: &str| {
        format!(
            "titulo: Netos\nprazo: 30s\nb: servidor = sh -c \
             \"setsid sleep {segundos} & echo pronto; sleep {segundos}\"\n\
             servidor inicia\nservidor diz \"pronto\"\n{depois}"
        )
    };
    livro.roteiro("fim", &roteiro(""));
    let fim = livro.rodar(&["demo", "cap99"]);
    assert_eq!(fim.codigo, Some(0), "{fim:?}");
    esperar_processos(segundos, 0);

    livro.roteiro("fim", &roteiro("servidor diz \"nunca\"\n"));
    let mut demo = livro
        .oficina(&["demo", "cap99"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let saida = BufReader::new(demo.stdout.take().unwrap());
    let pronto = saida.lines().map_while(Result::ok);
    assert!(pronto.take(2).any(|linha| linha.ends_with("│ pronto")));
    esperar_processos(segundos, 2);
    demo.kill().unwrap();
    demo.wait().unwrap();
    esperar_processos(segundos, 0);
}

#[cfg(target_os = "linux")]
fn esperar_processos(segundos: u32, quantos: usize) {
    let prazo = Instant::now() + Duration::from_secs(5);
    while processos(segundos) != quantos {
        let ha = processos(segundos);
        assert!(Instant::now() < prazo, "há {ha}, e não {quantos}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(target_os = "linux")]
fn processos(segundos: u32) -> usize {
    let procurado = format!("sleep\0{segundos}\0");
    let entradas = std::fs::read_dir("/proc").unwrap().flatten();
    entradas
        .filter_map(|e| std::fs::read(e.path().join("cmdline")).ok())
        .filter(|linha| linha == procurado.as_bytes())
        .count()
}

/// O capítulo 5 de verdade, com cada par de linguagens.
#[test]
fn o_eco_do_capitulo_5_funciona_em_rust_e_em_python() {
    if !ha_python() {
        return;
    }
    for python in [None, Some("--python"), Some("--python=servidor")] {
        let saida = Command::new(env!("CARGO_BIN_EXE_oficina"))
            .current_dir(RAIZ)
            .args(["demo", "cap05", "eco"])
            .args(python)
            .output()
            .unwrap();
        let fim = Fim::de(saida);
        assert_eq!(fim.codigo, Some(0), "{python:?}: {fim:?}");
        let eco = "cliente  │ > olá, mundo!\ncliente  │ olá, mundo!\n";
        assert!(fim.saida.contains(eco), "{python:?}: {fim:?}");
    }
}

/// Os roteiros que em Python não têm como correr: com quatro descritores, o
/// interpretador não chega a importar os módulos dele.
const SO_EM_RUST: [(&str, &str); 3] = [
    ("cap03", "errado-gira"),
    ("cap03", "pausa"),
    ("cap03", "strace-gira"),
];

/// Quase tudo o que um roteiro faz é esperar.
const AO_MESMO_TEMPO: usize = 4;

/// As páginas mandam acrescentar `--python` a qualquer um deles.
#[test]
fn todo_roteiro_corre_com_os_gemeos_em_python() {
    if !ha_python() {
        return;
    }
    let todos = roteiros_do_livro();
    let fila = Mutex::new(todos.iter());
    let proximo = || fila.lock().unwrap().next();
    std::thread::scope(|juntas| {
        for _ in 0..AO_MESMO_TEMPO {
            juntas.spawn(|| {
                while let Some((capitulo, nome)) = proximo() {
                    corre_em_python(capitulo, nome);
                }
            });
        }
    });
}

fn corre_em_python(capitulo: &str, nome: &str) {
    let saida = Command::new(env!("CARGO_BIN_EXE_oficina"))
        .current_dir(RAIZ)
        .args(["demo", capitulo, nome, "--python"])
        .output()
        .unwrap();
    let fim = Fim::de(saida);
    // 69: falta um programa do sistema, e a demonstração diz qual.
    let correu = matches!(fim.codigo, Some(0 | 69));
    assert!(correu, "{capitulo} {nome}: {fim:?}");
}

/// O capítulo e o nome de cada roteiro que se encena em loopback.
fn roteiros_do_livro() -> Vec<(String, String)> {
    let mut todos = Vec::new();
    for crates in std::fs::read_dir(format!("{RAIZ}/crates")).unwrap() {
        let pasta = crates.unwrap().path();
        let capitulo = nome(&pasta);
        let Ok(fio) = std::fs::read_dir(pasta.join("fio")) else {
            continue;
        };
        let arquivos = fio.map(|entrada| entrada.unwrap().path());
        let roteiros = arquivos.filter(|arquivo| {
            arquivo.extension().is_some_and(|e| e == "roteiro")
        });
        for roteiro in roteiros {
            let texto = std::fs::read_to_string(&roteiro).unwrap();
            let ruim = texto.lines().any(|l| l.starts_with("rede: ruim"));
            let par = (capitulo.clone(), nome(&roteiro));
            let so_em_rust = SO_EM_RUST
                .iter()
                .any(|(cap, nome)| par.0.starts_with(cap) && par.1 == *nome);
            if capitulo.starts_with("cap") && !ruim && !so_em_rust {
                todos.push(par);
            }
        }
    }
    todos.sort();
    todos
}

fn nome(caminho: &Path) -> String {
    let nome = caminho.file_stem().unwrap_or_default();
    nome.to_string_lossy().into_owned()
}

#[test]
fn quem_fecha_a_saida_nao_ve_um_panico() {
    let livro = Livro::novo();
    livro.roteiro("eco", ECO);
    let (leitor, escritor) = std::io::pipe().unwrap();
    drop(leitor);
    let mut comando = livro.oficina(&["demo", "cap99", "--lista"]);
    let fim = Fim::de(comando.stdout(escritor).output().unwrap());
    assert_eq!(fim.codigo, Some(0), "{fim:?}");
    assert!(!fim.erros.contains("panicked"), "{fim:?}");
}

#[test]
fn a_pilha_pedida_pelo_leitor_nao_chega_aos_programas() {
    let livro = Livro::novo();
    livro.roteiro(
        "pilha",
        "titulo: A pilha\nb: so = sh -c \"echo [$RUST_BACKTRACE]\"\n\n\
         so inicia\nso diz \"[\"\nso termina\n",
    );
    let mut comando = livro.oficina(&["demo", "cap99", "pilha", "--so", "so"]);
    let fim = Fim::de(comando.env("RUST_BACKTRACE", "1").output().unwrap());
    assert_eq!(fim.saida.lines().last(), Some("[]"), "{fim:?}");
}
