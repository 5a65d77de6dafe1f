//! Programas hostis ou quebrados: nenhum passa, nenhum deixa rastro, e o
//! veredicto vem só do que se viu no fio.
//!
//! O que precisa do nível L2 é pulado, com um aviso, onde o sistema não dá
//! namespaces; com `OFICINA_EXIGIR_BANCADA=1` e `CI=true` isso é um erro.

#![cfg(target_os = "linux")]

mod apoio_python;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use apoio_python::ha_python;
const OFICINA: &str = env!("CARGO_BIN_EXE_oficina");
const PASTA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/falsificacoes");
const RAIZ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Em quanto tempo tudo o que o programa deixou tem de ter terminado.
const PRAZO_DOS_ORFAOS: Duration = Duration::from_millis(50);

/// Quanto de uma olhada em /proc conta como tempo dos processos.
const OLHADA: Duration = Duration::from_millis(5);

/// Quanto uma conferência pode levar, com folga para uma máquina ocupada.
const PRAZO: Duration = Duration::from_secs(60);

fn conferir(nivel: &str, programa: &str, argumentos: &[&str]) -> Output {
    let inicio = Instant::now();
    let saida = Command::new(OFICINA)
        .args(["conferir", "cap05", "--prazo", "3", "--isolamento", nivel])
        .args(["--etapa", "1", "--", "python3"])
        .arg(Path::new(PASTA).join(programa))
        .args(argumentos)
        .output()
        .expect("a oficina deve iniciar");
    assert!(inicio.elapsed() < PRAZO, "levou {:?}", inicio.elapsed());
    saida
}

/// O texto do relatório de um programa que não pode passar.
fn reprovado(nivel: &str, programa: &str, argumentos: &[&str]) -> String {
    let saida = conferir(nivel, programa, argumentos);
    let texto = String::from_utf8_lossy(&saida.stdout).into_owned();
    assert_eq!(saida.status.code(), Some(1), "{texto}");
    assert!(!texto.contains("Exercício resolvido"), "{texto}");
    texto
}

/// Se há L2 aqui. Sem ele, o teste é pulado à vista de quem lê.
fn ha_l2(teste: &str) -> bool {
    let saida = conferir("L2", "sai_com_zero.py", &[]);
    if saida.status.code() != Some(2) {
        return true;
    }
    let exigido = |nome, valor| std::env::var(nome).is_ok_and(|v| v == valor);
    let exigido =
        exigido("CI", "true") && exigido("OFICINA_EXIGIR_BANCADA", "1");
    assert!(!exigido, "{teste}: este sistema não dá o isolamento L2");
    let _ = writeln!(io::stderr(), "pulado: {teste} precisa de namespaces");
    false
}

/// Um texto que só aparece na linha de comando de um descendente nosso.
fn marca() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static PROXIMA: AtomicU32 = AtomicU32::new(0);
    let proxima = PROXIMA.fetch_add(1, Ordering::Relaxed);
    format!("86400.{}{proxima}", std::process::id())
}

/// Os processos cuja linha de comando tem a marca.
fn vivos(marca: &str) -> Vec<PathBuf> {
    let processos = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processos
        .map(|processo| processo.path())
        .filter(|pasta| {
            std::fs::read(pasta.join("cmdline")).is_ok_and(|linha| {
                String::from_utf8_lossy(&linha).contains(marca)
            })
        })
        .collect()
}

fn sem_orfaos(marca: &str) {
    let mut decorrido = Duration::ZERO;
    loop {
        let antes = Instant::now();
        let restam = vivos(marca);
        if restam.is_empty() {
            return;
        }
        assert!(decorrido < PRAZO_DOS_ORFAOS, "ficou: {restam:?}");
        std::thread::yield_now();
        // Se foi este teste que ficou sem processador, o atraso é dele.
        decorrido += antes.elapsed().min(OLHADA);
    }
}

#[test]
fn sair_com_zero_nao_e_passar() {
    if !ha_python() {
        return;
    }
    for nivel in ["L0", "L1"] {
        reprovado(nivel, "sai_com_zero.py", &[]);
    }
}

#[test]
fn um_relatorio_impresso_pelo_programa_aparece_como_dele() {
    if !ha_python() {
        return;
    }
    let texto = reprovado("L1", "relatorio_falso.py", &[]);
    assert!(texto.contains("[seu programa]   5 de 5 etapas"), "{texto}");
    assert!(!texto.contains('\x1b'), "{texto}");
}

#[test]
fn matar_o_grupo_o_pai_e_todos_nao_alcanca_o_conferidor() {
    if !ha_python() {
        return;
    }
    if ha_l2("matar o conferidor") {
        reprovado("L2", "mata_todos.py", &[]);
    }
}

#[test]
fn a_solucao_nao_pode_ser_lida_nem_executada() {
    if !ha_python() || !ha_l2("esconder a solução") {
        return;
    }
    // Só a pasta: o que o comando nomeia por inteiro não se esconde.
    let pasta = format!("{RAIZ}/crates/cap05-servidor-tcp/python");
    reprovado("L2", "le_a_solucao.py", &[&pasta]);
    // Nem que o comando nomeie a própria pasta escondida.
    for alvo in Path::new(OFICINA).ancestors().skip(1).take(2) {
        let alvo = alvo.to_string_lossy();
        reprovado("L2", "executa_a_solucao.py", &[&alvo]);
    }
}

#[test]
fn a_bomba_de_fork_e_contida_e_termina() {
    if !ha_python() || !ha_l2("conter a bomba de fork") {
        return;
    }
    let marca = marca();
    reprovado("L2", "bomba_de_fork.py", &[&marca]);
    sem_orfaos(&marca);
}

#[test]
fn a_saida_sem_fim_nao_prende_nem_enche_a_memoria() {
    if !ha_python() {
        return;
    }
    let texto = reprovado("L1", "saida_sem_fim.py", &[]);
    assert!(texto.len() < 64 * 1024, "{} bytes", texto.len());
}

#[test]
fn um_daemon_deixado_para_tras_termina_com_o_programa() {
    if !ha_python() {
        return;
    }
    for nivel in ["L0", "L1", "L2"] {
        if nivel == "L2" && !ha_l2("o daemon no L2") {
            continue;
        }
        let marca = marca();
        reprovado(nivel, "deixa_daemon.py", &[&marca]);
        sem_orfaos(&marca);
    }
}

#[test]
fn o_disco_nao_se_enche() {
    if !ha_python() || !ha_l2("proteger o disco") {
        return;
    }
    let pasta = env!("CARGO_TARGET_TMPDIR");
    let texto = reprovado("L2", "enche_o_disco.py", &[pasta]);
    for lugar in [pasta, "/tmp", "/var/tmp", RAIZ] {
        let escrito = Path::new(lugar).join("oficina-enche-0");
        assert!(!escrito.exists(), "{}: {texto}", escrito.display());
    }
}

#[test]
fn ocupar_a_porta_sem_atender_nao_e_atender() {
    if !ha_python() {
        return;
    }
    let texto = reprovado("L1", "ocupa_a_porta.py", &[]);
    assert!(texto.contains("silêncio"), "{texto}");
}

#[test]
fn a_internet_nao_existe_no_l2() {
    if !ha_python() || !ha_l2("fechar a rede") {
        return;
    }
    let texto = reprovado("L2", "sai_para_a_internet.py", &[]);
    assert_eq!(texto.matches("não saí").count(), 2, "{texto}");
}

#[test]
fn o_cerco_nao_se_desfaz_por_dentro() {
    if !ha_python() || !ha_l2("manter o cerco") {
        return;
    }
    let alvo = Path::new(RAIZ).join("target");
    let alvo = alvo.to_string_lossy().into_owned();
    let texto = reprovado("L2", "cria_namespace.py", &[&alvo]);
    assert_eq!(texto.matches("negado").count(), 4, "{texto}");
}

#[test]
fn matar_o_conferidor_leva_o_programa_junto() {
    if !ha_python() {
        return;
    }
    // Muitas vezes: o programa pode estar nascendo quando o conferidor morre.
    for nivel in ["L0", "L1", "L2"].repeat(8) {
        if nivel == "L2" && !ha_l2("matar o conferidor no L2") {
            continue;
        }
        let marca = marca();
        let mut oficina = Command::new(OFICINA)
            .args(["conferir", "cap05", "--isolamento", nivel])
            .args(["--prazo", "3600", "--", "python3"])
            .arg(Path::new(PASTA).join("nunca_para.py"))
            .arg(&marca)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let inicio = Instant::now();
        // Espera o próprio programa, não o conferidor, que também o nomeia.
        while vivos(&marca).len() < 2 {
            assert!(inicio.elapsed() < PRAZO, "o programa não começou");
            std::thread::yield_now();
        }
        oficina.kill().unwrap();
        oficina.wait().unwrap();
        sem_orfaos(&marca);
    }
}

#[test]
fn matar_o_conferidor_leva_os_filhos_de_todo_jeito() {
    if !ha_python() {
        return;
    }
    for nivel in ["L0", "L1", "L2"].repeat(3) {
        if nivel == "L2" && !ha_l2("matar o conferidor de uma família") {
            continue;
        }
        let marca = marca();
        let mut oficina = Command::new(OFICINA)
            .args(["conferir", "cap05", "--isolamento", nivel, "--"])
            .arg("python3")
            .arg(Path::new(PASTA).join("deixa_familia.py"))
            .arg(&marca)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let inicio = Instant::now();
        // O conferidor e o programa nomeiam a marca, e os quatro filhos.
        while vivos(&marca).len() < 6 {
            assert!(inicio.elapsed() < PRAZO, "a família não começou");
            std::thread::yield_now();
        }
        oficina.kill().unwrap();
        oficina.wait().unwrap();
        sem_orfaos(&marca);
    }
}

/// Uma casa só com o esqueleto do capítulo 5, e o caminho do que não pode ser
/// escrito nela.
fn casa(nome: &str) -> (PathBuf, PathBuf) {
    let raiz = Path::new(env!("CARGO_TARGET_TMPDIR")).join(nome);
    let _ = std::fs::remove_dir_all(&raiz);
    let capitulo = "crates/cap05-servidor-tcp";
    std::fs::create_dir_all(raiz.join(capitulo).join("src/bin")).unwrap();
    let do_capitulo = ["Cargo.toml", "src/bin/cap05-exercicio.rs"];
    let do_capitulo = do_capitulo.map(|nome| format!("{capitulo}/{nome}"));
    let da_raiz = ["Cargo.toml", "Cargo.lock", "book.toml"].map(str::to_owned);
    for arquivo in da_raiz.iter().chain(&do_capitulo) {
        std::fs::copy(Path::new(RAIZ).join(arquivo), raiz.join(arquivo))
            .unwrap();
    }
    let rastro = raiz.join("rastro");
    (raiz, rastro)
}

fn conferir_na_casa(raiz: &Path, ambiente: &[(&str, &Path)]) -> Output {
    Command::new(OFICINA)
        .args(["conferir", "cap05", "--formato", "json", "--alvo"])
        .arg(raiz.join("alvo"))
        .env("OFICINA_RAIZ", raiz)
        .envs(ambiente.iter().copied())
        .output()
        .unwrap()
}

/// Um programa que deixa um rastro e chama o compilador.
fn involucro(raiz: &Path, rastro: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let involucro = raiz.join("involucro.sh");
    let texto = format!("#!/bin/sh\ntouch {}\nexec \"$@\"\n", rastro.display());
    std::fs::write(&involucro, texto).unwrap();
    let executavel = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&involucro, executavel).unwrap();
    involucro
}

#[test]
fn um_build_rs_nao_e_executado() {
    for (nome, manifesto) in [
        ("build.rs", ""),
        ("outro.rs", "\n[package]\nbuild = \"outro.rs\"\n"),
    ] {
        let (raiz, rastro) = casa(&format!("casa-{nome}"));
        let capitulo = raiz.join("crates/cap05-servidor-tcp");
        let texto = format!(
            "fn main() {{ std::fs::write({rastro:?}, \"\").unwrap(); }}\n"
        );
        std::fs::write(capitulo.join(nome), texto).unwrap();
        let onde = capitulo.join("Cargo.toml");
        let atual = std::fs::read_to_string(&onde).unwrap();
        let novo = match manifesto {
            "" => atual,
            extra => atual.replacen("[package]", extra.trim(), 1),
        };
        std::fs::write(&onde, novo).unwrap();
        let saida = conferir_na_casa(&raiz, &[]);
        let texto = String::from_utf8_lossy(&saida.stdout);
        assert_eq!(saida.status.code(), Some(3), "{texto}");
        assert!(texto.contains("build.rs"), "{texto}");
        assert!(!rastro.exists(), "{nome} foi executado");
    }
}

#[test]
fn um_involucro_do_compilador_nao_e_executado() {
    for pelo_ambiente in [true, false] {
        let (raiz, rastro) = casa(&format!("casa-involucro-{pelo_ambiente}"));
        let involucro = involucro(&raiz, &rastro);
        let nomes = ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER"];
        let ambiente = nomes.map(|nome| (nome, involucro.as_path()));
        let ambiente = match pelo_ambiente {
            true => &ambiente[..],
            false => {
                let pasta = raiz.join(".cargo");
                std::fs::create_dir_all(&pasta).unwrap();
                let texto = format!("[build]\nrustc-wrapper = {involucro:?}\n");
                std::fs::write(pasta.join("config.toml"), texto).unwrap();
                &[]
            }
        };
        let saida = conferir_na_casa(&raiz, ambiente);
        // O esqueleto compila, e a primeira etapa falha.
        let texto = String::from_utf8_lossy(&saida.stdout);
        assert_eq!(saida.status.code(), Some(1), "{texto}");
        assert!(!rastro.exists(), "o invólucro foi executado");
    }
}

/// O que a entrega traz para rodar enquanto se compila: nada roda, e o leitor
/// sabe por quê. O que não escolhe programa nenhum continua valendo.
#[test]
fn o_que_rodaria_ao_compilar_e_recusado() {
    let configuracoes = [
        "[target.'cfg(unix)']\nlinker = \"EU\"\n",
        "[target.x86_64-unknown-linux-gnu]\nlinker = \"EU\"\n",
        "[build]\nrustflags = [\"-C\", \"linker=EU\"]\n",
        "[target.'cfg(unix)']\nrustflags = \"-Clinker=EU\"\n",
        "[build]\nrustc = \"EU\"\n",
        "[env]\nPATH = \"EU\"\n",
        "include = \"outro.toml\"\n",
    ];
    for (numero, texto) in configuracoes.into_iter().enumerate() {
        let (raiz, rastro) = casa(&format!("casa-configuracao-{numero}"));
        let eu = involucro(&raiz, &rastro);
        let texto = texto.replace("EU", &eu.to_string_lossy());
        configurar(&raiz, &texto);
        recusa(&raiz, &rastro, ".cargo/config.toml");
    }
    let (raiz, _) = casa("casa-configuracao-inocente");
    let texto = "[build]\njobs = 2\nrustflags = [\"-C\", \"opt-level=0\"]\n\
                 [alias]\nc = \"check\"\n[net]\noffline = true\n";
    configurar(&raiz, texto);
    let saida = conferir_na_casa(&raiz, &[]);
    assert_eq!(saida.status.code(), Some(1), "{saida:?}");
}

fn configurar(raiz: &Path, texto: &str) {
    let pasta = raiz.join(".cargo");
    std::fs::create_dir_all(&pasta).unwrap();
    std::fs::write(pasta.join("config.toml"), texto).unwrap();
}

fn recusa(raiz: &Path, rastro: &Path, porque: &str) {
    let saida = conferir_na_casa(raiz, &[]);
    let texto = String::from_utf8_lossy(&saida.stdout);
    assert_eq!(saida.status.code(), Some(3), "{texto}");
    assert!(texto.contains(porque), "{texto}");
    assert!(!rastro.exists(), "rodou ao compilar: {texto}");
}

/// Uma dependência da própria entrega traria o build.rs dela.
#[test]
fn uma_dependencia_trazida_pela_entrega_e_recusada() {
    let por_alvo = "[target.'cfg(unix)'.dependencies]\n";
    let casos = [
        ("", "[dependencies.isca]\npath = \"../../isca\"\n", "isca"),
        (
            "",
            &format!("{por_alvo}isca.path = \"../../isca\"\n"),
            "isca",
        ),
        (
            "[workspace.dependencies.isca]\npath = \"isca\"\n",
            &format!("{por_alvo}isca.workspace = true\n"),
            "isca",
        ),
        ("[patch.crates-io]\nanyhow.path = \"isca\"\n", "", "[patch]"),
        ("", "[lib]\nproc-macro = true\n", "proc-macro"),
    ];
    for (numero, (na_raiz, no_capitulo, porque)) in casos.iter().enumerate() {
        let (raiz, rastro) = casa(&format!("casa-dependencia-{numero}"));
        let isca = raiz.join("isca");
        std::fs::create_dir_all(isca.join("src")).unwrap();
        let nome = if *porque == "isca" { "isca" } else { "anyhow" };
        let roda = format!(
            "fn main() {{ std::fs::write({rastro:?}, \"\").unwrap() }}"
        );
        let manifesto =
            format!("[package]\nname = \"{nome}\"\nversion = \"1.0.999\"\n");
        std::fs::write(isca.join("Cargo.toml"), manifesto).unwrap();
        std::fs::write(isca.join("src/lib.rs"), "").unwrap();
        std::fs::write(isca.join("build.rs"), roda).unwrap();
        acrescentar(&raiz.join("Cargo.toml"), na_raiz);
        let capitulo = raiz.join("crates/cap05-servidor-tcp");
        acrescentar(&capitulo.join("Cargo.toml"), no_capitulo);
        recusa(&raiz, &rastro, porque);
    }
}

fn acrescentar(arquivo: &Path, texto: &str) {
    let atual = std::fs::read_to_string(arquivo).unwrap();
    std::fs::write(arquivo, format!("{atual}\n{texto}")).unwrap();
}
