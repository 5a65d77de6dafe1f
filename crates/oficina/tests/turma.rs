//! O motor de `turma conferir`: o mesmo resultado de qualquer jeito que se
//! confira, interrompido ou não, e as regras do professor.

#![cfg(target_os = "linux")]

mod apoio_python;
mod apoio_turma;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use apoio_python::ha_python;
use apoio_turma::{
    ESQUELETO, OFICINA, SOLUCAO_PY, SOLUCAO_RS, comando, conferir, erro_de,
    essencia, fonte, pasta_nova, registros, situacoes, solto, tar_gz, texto_de,
    trinta, zip,
};
use serde_json::Value;

/// Quanto um teste espera por algo que tem de acontecer.
const PRAZO: Duration = Duration::from_secs(60);

/// Uma turma pequena, com um pouco de tudo.
fn turma_pequena(pasta: &Path) {
    solto(pasta, "Ana.rs", &fonte(SOLUCAO_RS));
    solto(pasta, "Beto.py", &fonte(SOLUCAO_PY));
    let m06 = fonte("cap05/m06-write.rs");
    zip(pasta, "Caio", &[("cap05-exercicio.rs", &m06)]);
    let m16 = fonte("cap05/m16-unwrap-na-escrita.py");
    tar_gz(pasta, "Dora", &[("exercicio.py", &m16)]);
    solto(pasta, "Edu.c", &fonte("turma/uma-leitura.c"));
    solto(pasta, "Fabi.rs", "fn main() { falta }\n");
    solto(pasta, "Gil.rs", &fonte(ESQUELETO));
}

/// O que tem de ser igual: as notas byte a byte e a essência dos registros.
fn resultado(saida: &Path) -> (String, Vec<Value>) {
    let notas = fs::read_to_string(saida.join("notas.csv")).unwrap();
    let registros = registros(saida);
    (notas, registros.values().map(essencia).collect())
}

fn iguais(um: &Path, outro: &Path) {
    let (notas, registros) = resultado(um);
    let (outras_notas, outros_registros) = resultado(outro);
    assert_eq!(notas, outras_notas);
    assert_eq!(registros, outros_registros);
}

#[test]
fn a_turma_inteira_tem_o_mesmo_resultado_com_1_2_e_8_operarios() {
    if !ha_python() {
        return;
    }
    let turma = pasta_nova("turma-operarios");
    turma_pequena(&turma);
    // Quem gira disputa o processador com os outros.
    solto(&turma, "Helo.rs", "fn main() { loop {} }\n");
    let um = pasta_nova("turma-operarios-1");
    let texto = texto_de(&conferir(&turma, &um, &["--jobs", "1"]));
    let linhas = |texto: &str| -> Vec<String> {
        texto
            .lines()
            .filter(|l| l.contains('/'))
            .map(str::to_owned)
            .collect()
    };
    for jobs in ["2", "8"] {
        let saida = pasta_nova(&format!("turma-operarios-{jobs}"));
        let outro = texto_de(&conferir(&turma, &saida, &["--jobs", jobs]));
        iguais(&um, &saida);
        let (a, b) = (linhas(&texto), linhas(&outro));
        assert_eq!(a[..a.len() - 1], b[..b.len() - 1]);
    }
    let registros = registros(&um);
    let codigo = |aluno: &str| {
        let etapas = registros[aluno]["etapas"].as_array().unwrap();
        let falha = etapas.iter().find(|e| e["situacao"] == "falhou");
        falha.map(|e| e["diagnostico"]["codigo"].as_str().unwrap())
    };
    assert_eq!(situacoes(&registros["Ana"]), ["passou"; 5]);
    assert_eq!(situacoes(&registros["Beto"]), ["passou"; 5]);
    assert_eq!(codigo("Caio"), Some("M06"));
    assert_eq!(codigo("Dora"), Some("M16"));
    assert_eq!(codigo("Edu"), Some("M02"));
    assert_eq!(codigo("Helo"), Some("nao-escuta"));
    assert_eq!(registros["Fabi"]["situacao"], "nao_compilou");
    assert!(erro_de(&registros["Fabi"]).contains("E0425"));
    assert_eq!(registros["Gil"]["situacao"], "nao_entregue");
}

/// Mata a conferência com SIGKILL quando `quantos` registros estiverem
/// guardados; diz se deu tempo.
fn matar(turma: &Path, saida: &Path, quantos: usize, opcoes: &[&str]) -> bool {
    let mut filho = comando(turma, saida, opcoes)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let inicio = Instant::now();
    let matou = loop {
        if filho.try_wait().unwrap().is_some() {
            break false;
        }
        if guardados(saida).len() >= quantos {
            filho.kill().unwrap();
            filho.wait().unwrap();
            break true;
        }
        assert!(inicio.elapsed() < PRAZO, "não guardou {quantos}");
        std::thread::yield_now();
    };
    // Quem conferia morre com quem coordenava.
    let inicio = Instant::now();
    while !operarios(saida).is_empty() {
        assert!(inicio.elapsed() < PRAZO, "{:?}", operarios(saida));
        std::thread::yield_now();
    }
    matou
}

fn guardados(saida: &Path) -> Vec<PathBuf> {
    let pasta = saida.join("registros");
    let entradas = fs::read_dir(pasta).into_iter().flatten().flatten();
    entradas
        .map(|entrada| entrada.path())
        .filter(|caminho| {
            let nome = caminho.file_name().unwrap().to_string_lossy();
            nome.ends_with(".json") && !nome.starts_with('_')
        })
        .collect()
}

/// Os processos que trabalham dentro desta pasta de relatórios.
fn operarios(saida: &Path) -> Vec<PathBuf> {
    let processos = fs::read_dir("/proc").into_iter().flatten().flatten();
    processos
        .map(|processo| processo.path())
        .filter(|pasta| {
            fs::read_link(pasta.join("cwd"))
                .is_ok_and(|cwd| cwd.starts_with(saida))
        })
        .collect()
}

#[test]
fn morta_em_qualquer_momento_a_conferencia_se_retoma() {
    let turma = pasta_nova("turma-morta");
    turma_pequena(&turma);
    let inteira = pasta_nova("turma-morta-inteira");
    texto_de(&conferir(&turma, &inteira, &[]));
    let saida = pasta_nova("turma-morta-saida");
    matar(&turma, &saida, 1, &["--jobs", "2"]);
    for quantos in [3, 5, 6] {
        let antes = guardados(&saida);
        matar(&turma, &saida, quantos, &["--jobs", "2", "--retomar"]);
        let depois = guardados(&saida);
        assert!(antes.iter().all(|nome| depois.contains(nome)));
    }
    texto_de(&conferir(&turma, &saida, &["--retomar"]));
    iguais(&inteira, &saida);
    assert_eq!(guardados(&saida).len(), 7);
    assert!(!saida.join(".trabalho").exists());
}

/// A prova inteira: 30 entregas, 20 vezes, e 10 mortes ao acaso. Leva alguns
/// minutos: `cargo test -p oficina --test turma -- --ignored`.
#[test]
#[ignore = "leva minutos"]
fn trinta_entregas_vinte_vezes_dao_o_mesmo_resultado() {
    let turma = pasta_nova("turma-trinta");
    trinta(&turma);
    let primeira = pasta_nova("turma-trinta-0");
    texto_de(&conferir(&turma, &primeira, &[]));
    let saida = pasta_nova("turma-trinta-outra");
    for vez in 0..20 {
        let jobs = ["1", "2", "8"][vez % 3];
        texto_de(&conferir(&turma, &saida, &["--jobs", jobs]));
        iguais(&primeira, &saida);
        println!("{vez}: igual, com {jobs}");
    }
    let mut acaso = std::process::id() as usize;
    for vez in 0..10 {
        let _ = fs::remove_dir_all(&saida);
        acaso = acaso.wrapping_mul(6_364_136_223_846_793_005) + 1;
        let quantos = (acaso >> 33) % 29;
        let matou = matar(&turma, &saida, quantos, &[]);
        texto_de(&conferir(&turma, &saida, &["--retomar"]));
        iguais(&primeira, &saida);
        println!("{vez}: morta com {quantos} ({matou}), igual");
    }
}

#[test]
fn so_a_entrega_que_mudou_e_conferida_de_novo() {
    if !ha_python() {
        return;
    }
    let turma = pasta_nova("turma-mudou");
    solto(&turma, "Ana.py", &fonte(SOLUCAO_PY));
    solto(&turma, "Beto.rs", "fn main() { falta }\n");
    let saida = pasta_nova("turma-mudou-saida");
    texto_de(&conferir(&turma, &saida, &[]));
    let antes = registros(&saida);
    solto(&turma, "Beto.py", &fonte(SOLUCAO_PY));
    fs::remove_file(turma.join("Beto.rs")).unwrap();
    texto_de(&conferir(&turma, &saida, &["--retomar"]));
    let depois = registros(&saida);
    // O tempo de uma conferência nova seria outro.
    assert_eq!(antes["Ana"], depois["Ana"]);
    assert_eq!(situacoes(&depois["Beto"]), ["passou"; 5]);
    assert_eq!(depois.len(), 2);
}

#[test]
fn as_fatias_juntas_dao_a_turma_inteira() {
    let turma = pasta_nova("turma-fatias");
    turma_pequena(&turma);
    let inteira = pasta_nova("turma-fatias-inteira");
    texto_de(&conferir(&turma, &inteira, &[]));
    let fatias: Vec<PathBuf> = ["1/3", "2/3", "3/3"]
        .into_iter()
        .map(|fatia| {
            let nome = format!("turma-fatia-{}", &fatia[..1]);
            let saida = pasta_nova(&nome);
            let fim = conferir(&turma, &saida, &["--fatia", fatia]);
            // Uma fatia pode ficar vazia.
            texto_de(&fim);
            saida
        })
        .collect();
    let junta = pasta_nova("turma-fatias-junta");
    let juntar = |pastas: &[PathBuf]| {
        Command::new(OFICINA)
            .args(["turma", "juntar", "--saida"])
            .arg(&junta)
            .args(pastas)
            .output()
            .unwrap()
    };
    // A repetida, igual, não conta duas vezes.
    let repetidas = [&fatias[..], &fatias[..1]].concat();
    texto_de(&juntar(&repetidas));
    iguais(&inteira, &junta);
    let soma: usize = fatias.iter().map(|f| registros(f).len()).sum();
    assert_eq!(soma, 7);
    // A mesma entrega com outro resultado não se junta.
    let outra = pasta_nova("turma-fatias-outra");
    solto(&turma, "Ana.rs", "fn main() { falta }\n");
    texto_de(&conferir(&turma, &outra, &[]));
    let fim = juntar(&[
        fatias[0].clone(),
        fatias[1].clone(),
        fatias[2].clone(),
        outra,
    ]);
    assert_eq!(fim.status.code(), Some(2));
    let erro = String::from_utf8_lossy(&fim.stderr);
    assert!(erro.contains("Ana.rs (cap05) está em"), "{erro}");
}

#[test]
fn a_turma_toml_decide_pontos_prazo_e_etapas() {
    if !ha_python() {
        return;
    }
    let turma = pasta_nova("turma-regras");
    solto(&turma, "Ana.py", &fonte(SOLUCAO_PY));
    solto(&turma, "Beto.py", &fonte("cap05/m16-erro-derruba.py"));
    solto(&turma, "Caio.py", &fonte(SOLUCAO_PY));
    let privadas = pasta_nova("turma-regras-privadas");
    fs::write(privadas.join("frase.py"), fonte("turma/privada.py")).unwrap();
    let regras = "
        titulo = 'Redes A'
        capitulos = ['cap05']
        parar_na_falha = false
        [prazo]
        ate = 2026-11-20T23:59:00-03:00
        desconto_por_dia = 10
        [entregas]
        Ana = 2026-11-20T20:00:00-03:00
        Beto = 2026-11-20T20:00:00-03:00
        Caio = 2026-11-22T08:00:00-03:00
        [pontos.cap05]
        volume = 6
        [[etapas]]
        capitulo = 'cap05'
        id = 'frase'
        nome = 'devolve a frase'
        pontos = 6
        programa = ['python3', 'frase.py']
        [[etapas]]
        capitulo = 'cap05'
        id = 'defeito'
        nome = 'uma etapa com defeito'
        pontos = 1
        extra = true
        programa = ['python3', '-c', 'raise SystemExit(7)']
    ";
    fs::write(privadas.join("turma.toml"), regras).unwrap();
    let saida = pasta_nova("turma-regras-saida");
    let arquivo = privadas.join("turma.toml");
    let opcoes = ["--turma", arquivo.to_str().unwrap(), "--todos"];
    let fim = conferir(&turma, &saida, &opcoes[..2]);
    let texto = texto_de(&fim);
    assert!(texto.contains("Redes A"), "{texto}");
    let registros = registros(&saida);
    let ana = &registros["Ana"];
    // A última etapa tem defeito: não se sabe, e não se acusa o aluno.
    let esperadas = [&["passou"; 6][..], &["inconclusiva"]].concat();
    assert_eq!(situacoes(ana), esperadas);
    assert_eq!(ana["tentativas"], 2);
    assert_eq!(ana["etapas"][5]["privada"], true);
    assert_eq!(ana["etapas"][5]["transcricao"], Value::Array(vec![]));
    // Sem parar na falha, as etapas depois da que falhou também contam.
    let beto = situacoes(&registros["Beto"]);
    assert_eq!(beto[4..6], ["falhou", "passou"]);
    // Dois dias começados depois do prazo.
    assert_eq!(registros["Caio"]["atraso_min"], 32 * 60 + 1);
    let notas = fs::read_to_string(saida.join("notas.csv")).unwrap();
    let nota = |aluno: &str| -> String {
        let linha = notas.lines().find(|l| l.starts_with(aluno)).unwrap();
        linha.split(';').nth(3).unwrap().to_owned()
    };
    assert_eq!(nota("Ana"), "10,00");
    // Menos 2 dos 20 pontos.
    assert_eq!(nota("Beto"), "9,00");
    assert_eq!(nota("Caio"), "8,00");
}

#[test]
fn a_etapa_do_professor_tambem_ouve_um_cliente() {
    if !ha_python() {
        return;
    }
    let turma = pasta_nova("turma-cliente");
    let diz = "import socket, sys\n\
               host, _, porta = sys.argv[1].rpartition(':')\n\
               c = socket.create_connection((host, int(porta)))\n\
               c.sendall(b'oi')\n";
    solto(&turma, "Diz.py", diz);
    solto(
        &turma,
        "Cala.py",
        &diz.replace("c.sendall(b'oi')", "c.recv(1)"),
    );
    let regras = "
        capitulos = ['cap04']
        parar_na_falha = false
        [[etapas]]
        capitulo = 'cap04'
        id = 'ouve'
        nome = 'diz alguma coisa'
        pontos = 1
        prazo = 3
        programa = ['python3', 'ouve.py']
    ";
    fs::write(turma.join("turma.toml"), regras).unwrap();
    fs::write(turma.join("ouve.py"), fonte("turma/ouve.py")).unwrap();
    let saida = pasta_nova("turma-cliente-saida");
    let opcoes = ["--capitulo", "cap04", "--prazo", "2"];
    texto_de(&conferir(&turma, &saida, &opcoes));
    let registros = registros(&saida);
    // O programa do professor não é uma entrega.
    assert_eq!(registros.len(), 2);
    let ouve = |aluno: &str| {
        let etapas = registros[aluno]["etapas"].as_array().unwrap();
        etapas.last().unwrap().clone()
    };
    assert_eq!(ouve("Diz")["situacao"], "passou");
    assert_eq!(ouve("Cala")["situacao"], "falhou");
}

#[test]
fn os_niveis_fracos_dizem_o_que_nao_protegem() {
    let turma = pasta_nova("turma-niveis");
    solto(&turma, "Ana.py", &fonte(SOLUCAO_PY));
    for (nivel, residuo) in [
        ("L0", "um programa lê e escreve tudo o que você pode"),
        ("L1", "datagramas UDP para fora da máquina"),
    ] {
        let saida = pasta_nova(&format!("turma-niveis-{nivel}"));
        let texto = texto_de(&conferir(&turma, &saida, &["--nivel", nivel]));
        assert!(texto.contains(residuo), "{texto}");
        let json = fs::read_to_string(saida.join("turma.json")).unwrap();
        assert!(json.contains(residuo), "{json}");
        assert_eq!(registros(&saida)["Ana"]["nivel"], nivel);
    }
}

#[test]
fn o_nivel_pedido_que_nao_ha_e_um_erro_e_nao_outro_nivel() {
    // Dentro deste namespace ninguém cria outro: o L2 não existe.
    let sem_l2 = "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$@\"";
    let dentro = |opcoes: &[&str]| {
        let turma = pasta_nova("turma-sem-l2");
        solto(&turma, "Ana.py", &fonte(SOLUCAO_PY));
        let saida = pasta_nova("turma-sem-l2-saida");
        Command::new("unshare")
            .args(["--user", "--map-root-user", "sh", "-c", sem_l2, "sh"])
            .args([OFICINA, "turma", "conferir", "--capitulo", "cap05"])
            .args(opcoes)
            .arg("--saida")
            .args([&saida, &turma])
            .output()
            .unwrap()
    };
    if !apoio_turma::ha_l2("um sistema sem L2") {
        return;
    }
    let fim = dentro(&["--nivel", "L2"]);
    let erro = String::from_utf8_lossy(&fim.stderr);
    assert_eq!(fim.status.code(), Some(2), "{erro}");
    assert!(erro.contains("o sistema não dá o isolamento L2"), "{erro}");
    let texto = texto_de(&dentro(&[]));
    assert!(texto.contains("isolamento L1"), "{texto}");
}
