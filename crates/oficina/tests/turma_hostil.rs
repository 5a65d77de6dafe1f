//! Entregas hostis em uma turma: arquivos que não se abrem, programas que
//! espiam ao compilar e ao rodar. Cada uma é uma linha clara, nada é escrito
//! fora, e o resto da turma é conferido.

#![cfg(target_os = "linux")]

mod apoio_python;
mod apoio_turma;

use std::fs;
use std::io::{Cursor, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use apoio_python::ha_python;
use apoio_turma::hostis::{cru, fora_da_pasta, zip_bomba, zip_cru};
use apoio_turma::{
    RAIZ, SOLUCAO_PY, SOLUCAO_RS, conferir, erro_de, fonte, gravar_gz, ha,
    ha_l2, pasta, pasta_nova, registros, situacoes, solto, tar_gz, texto_de,
    zip,
};
use serde_json::Value;

/// Um programa que não escuta: o mais rápido de conferir.
const NADA: &str = "import sys\nsys.exit(0)\n";

fn observacoes(registro: &Value) -> String {
    let observacoes = registro["observacoes"].as_array().unwrap().iter();
    let textos: Vec<_> = observacoes.map(|o| o.as_str().unwrap()).collect();
    textos.join("\n")
}

#[test]
fn cada_arquivo_hostil_e_uma_linha_clara_e_nada_sai_da_pasta() {
    if !ha_python() {
        return;
    }
    let turma = pasta_nova("hostil-arquivos");
    zip_bomba(&turma, "bomba");
    bomba_em_tar(&turma, "bomba em tar");
    fora_da_pasta(&turma, "foge");
    let fuga: &[(&[u8], &[u8])] = &[
        (b"../fora.txt", b"x"),
        (b"..\\fora.txt", b"x"),
        (b"C:\\fora.txt", b"x"),
        (b"exercicio.py", NADA.as_bytes()),
    ];
    zip_cru(&turma, "foge em zip", fuga);
    let repetidos: &[(&[u8], &[u8])] = &[
        (b"exercicio.py", NADA.as_bytes()),
        (b"exercicio.py", NADA.as_bytes()),
    ];
    zip_cru(&turma, "repete", repetidos);
    let latim: &[(&[u8], &[u8])] = &[
        (b"exerc\xedcio/leia-me.txt", b"x"),
        (b"exerc\xedcio/exercicio.py", NADA.as_bytes()),
    ];
    zip_cru(&turma, "latim", latim);
    cem_mil(&turma, "cem mil");
    fs::write(turma.join("vazio.zip"), "").unwrap();
    fs::write(turma.join("quebrado.zip"), "PK\x03\x04 mais nada").unwrap();
    fs::write(turma.join("mentira.tar.gz"), "não é um gzip").unwrap();
    zip(&turma, "sem nada", &[("leia-me.txt", "oi")]);
    pastas_sem_fim(&turma, "fundo");
    entregue_com_links(&turma, "com links");
    solto(&turma, "ana.py", &fonte(SOLUCAO_PY));
    let saida = pasta_nova("hostil-arquivos-saida");
    texto_de(&conferir(&turma, &saida, &[]));
    let registros = registros(&saida);
    let recusada = |aluno: &str, frase: &str| {
        let registro = &registros[aluno];
        assert_eq!(registro["situacao"], "recusada", "{registro:#}");
        assert!(erro_de(registro).contains(frase), "{registro:#}");
    };
    recusada("bomba", "é uma bomba: ");
    recusada("bomba em tar", "é uma bomba: ");
    recusada("cem mil", "tem mais de 10000 arquivos");
    recusada("vazio", "o arquivo está vazio");
    recusada("quebrado", "o zip está quebrado");
    recusada("mentira", "não é um .zip nem um .tar.gz, ou está quebrado");
    assert_eq!(registros["sem nada"]["situacao"], "nao_entregue");
    assert_eq!(registros["fundo"]["situacao"], "nao_entregue");
    let observada = |aluno: &str, frases: &[&str]| {
        let registro = &registros[aluno];
        assert_eq!(registro["situacao"], "conferida", "{registro:#}");
        for frase in frases {
            assert!(observacoes(registro).contains(frase), "{registro:#}");
        }
    };
    observada(
        "foge",
        &[
            "ignorei “../../fora.txt”: sai da pasta da entrega",
            "ignorei “/tmp/fora-absoluto.txt”: é um caminho absoluto",
            "ignorei “link”: é um link simbólico",
            "ignorei “duro”: é um link para outro arquivo",
            "ignorei “disco”: é um dispositivo",
            "ignorei “tubo”: é um tubo (FIFO)",
        ],
    );
    assert_eq!(situacoes(&registros["foge"]), ["passou"; 5]);
    observada(
        "foge em zip",
        &["ignorei “../fora.txt”", "“..\\fora.txt”", "“C:\\fora.txt”"],
    );
    observada("repete", &["há nomes repetidos no zip"]);
    observada("latim", &[]);
    observada(
        "com links",
        &["é um link simbólico", "é um arquivo especial"],
    );
    assert_eq!(situacoes(&registros["ana"]), ["passou"; 5]);
    nada_de_fora(&saida);
}

/// Nem em /tmp, nem ao lado da saída, nem dentro dela.
fn nada_de_fora(saida: &Path) {
    let lugares = [Path::new("/tmp"), Path::new("/"), saida.parent().unwrap()];
    for lugar in lugares.into_iter().chain([saida]) {
        for nome in ["fora.txt", "fora-absoluto.txt", "invadido"] {
            assert!(!lugar.join(nome).exists(), "{}", lugar.display());
        }
    }
    assert!(!saida.join(".trabalho").exists());
}

fn bomba_em_tar(turma: &Path, nome: &str) {
    let mut bytes = Vec::new();
    cru(&mut bytes, b"zeros", b'0', b"", &vec![0; 7 * 1024 * 1024]);
    bytes.extend([0; 1024]);
    gravar_gz(turma, nome, &bytes);
}

fn cem_mil(turma: &Path, nome: &str) {
    let mut novo = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let opcoes = zip::write::SimpleFileOptions::default();
    for numero in 0..100_000 {
        novo.start_file(format!("{numero}"), opcoes).unwrap();
    }
    novo.write_all(b"fim").unwrap();
    let bytes = novo.finish().unwrap().into_inner();
    fs::write(turma.join(format!("{nome}.zip")), bytes).unwrap();
}

fn pastas_sem_fim(turma: &Path, nome: &str) {
    let fundo = "a/".repeat(40);
    pasta(turma, nome, &[(&format!("{fundo}exercicio.py"), NADA)]);
}

fn entregue_com_links(turma: &Path, nome: &str) {
    pasta(turma, nome, &[("cap05-exercicio.py", NADA)]);
    let pasta = turma.join(nome);
    std::os::unix::fs::symlink("/etc/passwd", pasta.join("link")).unwrap();
    let tubo = Command::new("mkfifo").arg(pasta.join("tubo")).status();
    assert!(tubo.unwrap().success());
}

#[test]
fn um_nome_em_latin_1_e_o_nome_do_aluno() {
    use std::os::unix::ffi::OsStrExt;
    let turma = pasta_nova("hostil-latim");
    let nome = std::ffi::OsStr::from_bytes(b"Jos\xe9.py");
    fs::write(turma.join(nome), NADA).unwrap();
    let saida = pasta_nova("hostil-latim-saida");
    texto_de(&conferir(&turma, &saida, &[]));
    let registros = registros(&saida);
    assert_eq!(registros["José"]["entrega"], "Jos\\xe9.py");
}

/// O que nenhuma entrega pode ler: a solução, o histórico, o corretor, as
/// etapas privadas, outra entrega e os resultados.
fn alvos(turma: &Path, saida: &Path, privadas: &Path) -> Vec<PathBuf> {
    let raiz = fs::canonicalize(RAIZ).unwrap();
    let do_livro = [SOLUCAO_RS, SOLUCAO_PY, ".git", "crates/oficina/src"];
    let do_livro = do_livro.map(|nome| raiz.join(nome));
    let dele = [
        privadas.join("frase.py"),
        turma.to_owned(),
        turma.join("ana.py"),
        saida.join("registros"),
        saida.join("registros/_turma.json"),
        PathBuf::from("/etc/passwd"),
        PathBuf::from("/etc/shadow"),
        PathBuf::from("/home"),
        PathBuf::from("/proc/1/root/etc/passwd"),
    ];
    do_livro.into_iter().chain(dele).collect()
}

fn com_privada(nome: &str) -> PathBuf {
    let privadas = pasta_nova(nome);
    fs::write(privadas.join("frase.py"), fonte("turma/privada.py")).unwrap();
    let regras = "
        capitulos = ['cap05']
        [[etapas]]
        capitulo = 'cap05'
        id = 'frase'
        nome = 'devolve a frase'
        pontos = 2
        programa = ['python3', 'frase.py']
    ";
    fs::write(privadas.join("turma.toml"), regras).unwrap();
    privadas
}

#[test]
fn ao_compilar_nao_se_le_nem_se_executa_nada_de_fora() {
    if !ha_python() || !ha_l2("compilar no cerco") {
        return;
    }
    let turma = pasta_nova("hostil-compila");
    let saida = pasta_nova("hostil-compila-saida");
    let privadas = com_privada("hostil-compila-privadas");
    let rastro = privadas.join("rastro");
    let mut espioes = Vec::new();
    let alvos = alvos(&turma, &saida, &privadas);
    let arquivos = alvos.iter().filter(|alvo| alvo.is_file());
    for (numero, alvo) in arquivos.enumerate() {
        let alvo = alvo.display();
        let nome = format!("espia {numero}");
        let programa = match numero % 4 {
            0 => format!("fn main() {{ println!(include_str!({alvo:?})) }}"),
            1 => format!(
                "static B: &[u8] = include_bytes!({alvo:?});\nfn main() {{ println!(\"{{}}\", B.len()) }}"
            ),
            2 => format!("#[path = {alvo:?}] mod espiado;\nfn main() {{}}"),
            _ => format!(
                "#![allow(unsafe_code)]\nstd::arch::global_asm!(\".incbin \\\"{alvo}\\\"\");\nfn main() {{}}"
            ),
        };
        solto(&turma, &format!("{nome}.rs"), &programa);
        espioes.push(nome);
    }
    let em_c =
        format!("#include \"{}\"\nint main(void) {{}}\n", alvos[0].display());
    solto(&turma, "espia em C.c", &em_c);
    espioes.push("espia em C".to_owned());
    // Tudo o que o cargo executaria, ao lado de um exercício certo.
    let toca = format!("#!/bin/sh\ntouch {}\nexec \"$@\"\n", rastro.display());
    let config = "[build]\nrustc-wrapper = \"./toca.sh\"\n\
                  rustc-workspace-wrapper = \"./toca.sh\"\n\
                  [target.x86_64-unknown-linux-gnu]\nlinker = \"./toca.sh\"\n";
    let manifesto = "[package]\nname = \"cap05-servidor-tcp\"\nversion = \"0.1.0\"\n\
                     build = \"build.rs\"\n[build-dependencies]\nanyhow = \"*\"\n";
    let constroi = format!(
        "fn main() {{ std::fs::write({:?}, \"\").unwrap() }}\n",
        rastro.display().to_string()
    );
    tar_gz(
        &turma,
        "constroi",
        &[
            ("livro/.cargo/config.toml", config),
            ("livro/toca.sh", &toca),
            (
                "livro/rust-toolchain.toml",
                "[toolchain]\npath = \"./toca\"\n",
            ),
            ("livro/crates/cap05-servidor-tcp/Cargo.toml", manifesto),
            ("livro/crates/cap05-servidor-tcp/build.rs", &constroi),
            (
                "livro/crates/cap05-servidor-tcp/src/bin/cap05-exercicio.rs",
                &fonte(SOLUCAO_RS),
            ),
        ],
    );
    solto(&turma, "ana.py", &fonte(SOLUCAO_PY));
    let regras = privadas.join("turma.toml");
    let opcoes = ["--nivel", "L2", "--turma", regras.to_str().unwrap()];
    texto_de(&conferir(&turma, &saida, &opcoes));
    let registros = registros(&saida);
    for espiao in &espioes {
        let registro = &registros[espiao];
        assert_eq!(registro["situacao"], "nao_compilou", "{registro:#}");
        let erro = erro_de(registro);
        let nao_achou = ["couldn't read", "No such file", "Could not find"];
        assert!(nao_achou.iter().any(|n| erro.contains(n)), "{erro}");
    }
    assert!(espioes.len() > 5, "{espioes:?}");
    assert_eq!(situacoes(&registros["constroi"]), ["passou"; 6]);
    assert_eq!(situacoes(&registros["ana"]), ["passou"; 6]);
    assert!(!rastro.exists());
}

#[test]
fn ao_rodar_nada_se_le_escreve_alcanca_nem_sobra() {
    if !ha_python() || !ha_l2("rodar no cerco") {
        return;
    }
    let turma = pasta_nova("hostil-roda");
    let saida = pasta_nova("hostil-roda-saida");
    let privadas = com_privada("hostil-roda-privadas");
    let ouvinte = TcpListener::bind("127.0.0.1:0").unwrap();
    ouvinte.set_nonblocking(true).unwrap();
    let porta = ouvinte.local_addr().unwrap().port();
    let marca = format!("86400.{}7", std::process::id());
    let alvos = alvos(&turma, &saida, &privadas);
    let ataque = ataque(&alvos, porta, &marca);
    solto(&turma, "ataca.py", &ataque);
    pasta(
        &turma,
        "ataca ao construir",
        &[("comando", CONSTROI), ("ataque.py", &ataque)],
    );
    solto(&turma, "ana.py", &fonte(SOLUCAO_PY));
    let regras = privadas.join("turma.toml");
    let opcoes = ["--nivel", "L2", "--turma", regras.to_str().unwrap()];
    let texto = texto_de(&conferir(&turma, &saida, &opcoes));
    let registros = registros(&saida);
    let ataca = &registros["ataca"];
    let escrito = escrito(ataca);
    // Ele rodou, disse o que quis, e não conseguiu nada.
    assert!(escrito.iter().any(|l| l.contains("Exercício resolvido")));
    assert!(
        !escrito.iter().any(|l| l.contains("consegui")),
        "{escrito:?}"
    );
    assert_eq!(ataca["situacao"], "conferida");
    assert_eq!(situacoes(ataca)[0], "falhou", "{ataca:#}");
    assert!(texto.contains("nao-escuta em eco") || texto.contains("encerrou"));
    let construcao = &registros["ataca ao construir"];
    assert!(
        !construcao.to_string().contains("consegui"),
        "{construcao:#}"
    );
    assert_eq!(situacoes(&registros["ana"]), ["passou"; 6]);
    // Ninguém chegou de dentro do cerco, e nada ficou rodando.
    assert!(ouvinte.accept().is_err());
    let vivos = fs::read_dir("/proc").unwrap().flatten().filter(|processo| {
        fs::read(processo.path().join("cmdline"))
            .is_ok_and(|linha| String::from_utf8_lossy(&linha).contains(&marca))
    });
    assert_eq!(vivos.count(), 0);
    nada_de_fora(&saida);
}

/// O ataque a estes arquivos e a esta porta.
fn ataque(alvos: &[PathBuf], porta: u16, marca: &str) -> String {
    let alvos = alvos.iter().map(|alvo| alvo.display().to_string());
    let lista: Vec<_> = alvos.map(|alvo| format!("{alvo:?}")).collect();
    fonte("turma/ataque.py")
        .replace("@ALVOS@", &format!("[{}]", lista.join(", ")))
        .replace("@PORTA@", &porta.to_string())
        .replace("@MARCA@", marca)
}

/// O que o programa escreveu na primeira etapa.
fn escrito(registro: &Value) -> Vec<&str> {
    let linhas = registro["etapas"][0]["saida"].as_array().unwrap().iter();
    linhas.map(|l| l["texto"].as_str().unwrap()).collect()
}

#[test]
fn no_l1_os_arquivos_tambem_nao_se_leem_nem_se_escrevem() {
    if !ha_python() {
        return;
    }
    if !ha("L1", "o Landlock") {
        return;
    }
    let turma = pasta_nova("hostil-l1");
    let saida = pasta_nova("hostil-l1-saida");
    let privadas = com_privada("hostil-l1-privadas");
    let alvos = alvos(&turma, &saida, &privadas);
    let ouvinte = TcpListener::bind("127.0.0.1:0").unwrap();
    let porta = ouvinte.local_addr().unwrap().port();
    let marca = format!("86400.{}8", std::process::id());
    solto(&turma, "ataca.py", &ataque(&alvos, porta, &marca));
    texto_de(&conferir(&turma, &saida, &["--nivel", "L1"]));
    let registros = registros(&saida);
    let escrito = escrito(&registros["ataca"]);
    assert!(escrito.iter().any(|l| l.contains("Exercício resolvido")));
    for tentativa in ["ler", "escrever", "conectar"] {
        let conseguiu = format!("consegui: {tentativa}");
        let alguma = escrito.iter().any(|l| l.contains(&conseguiu));
        assert!(!alguma, "{escrito:?}");
    }
    nada_de_fora(&saida);
}

/// Um `comando` cuja construção é o ataque.
const CONSTROI: &str = "construir: python3 ataque.py 127.0.0.1:1\n\
                        python3 ataque.py\n";

#[test]
fn uma_construcao_que_enche_o_disco_e_interrompida() {
    if !ha_python() || !ha_l2("proteger o disco") {
        return;
    }
    let turma = pasta_nova("hostil-disco");
    let enche = "n = 0\nwhile True:\n    open(f'{n}', 'wb').write(bytes(1 << 23))\n    n += 1\n";
    let comando = "construir: python3 enche.py\npython3 enche.py\n";
    pasta(
        &turma,
        "enche",
        &[("comando", comando), ("enche.py", enche)],
    );
    let saida = pasta_nova("hostil-disco-saida");
    texto_de(&conferir(&turma, &saida, &[]));
    let enche = &registros(&saida)["enche"];
    assert_eq!(enche["situacao"], "nao_compilou", "{enche:#}");
    assert!(erro_de(enche).contains("do disco permitidos"), "{enche:#}");
    assert!(!saida.join(".trabalho").exists());
}
