//! Os modelos que o professor copia: o YAML se lê, os campos existem na
//! documentação de quem os recebe, e as fatias são as que o comando pede.

mod apoio_python;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;

use apoio_python::ha_python;
use oficina::casa;
use oficina::turma::Configuracao;
use serde_json::{Value, json};
use yaml_rust2::{Yaml, YamlLoader};

const MODELOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/modelos");
const DOS_ALUNOS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/src/distribuicao/modelos");

fn ler(pasta: &str, nome: &str) -> Yaml {
    let texto = fs::read_to_string(Path::new(pasta).join(nome)).unwrap();
    let mut documentos = YamlLoader::load_from_str(&texto)
        .unwrap_or_else(|erro| panic!("{nome}: {erro}"));
    assert_eq!(documentos.len(), 1, "{nome}");
    documentos.remove(0)
}

/// As chaves de um objeto estão entre as documentadas.
fn so_tem(objeto: &Yaml, conhecidas: &[&str]) {
    let Yaml::Hash(mapa) = objeto else {
        panic!("não é um objeto: {objeto:?}");
    };
    for chave in mapa.keys() {
        let chave = chave.as_str().expect("uma chave de texto");
        assert!(conhecidas.contains(&chave), "não conheço “{chave}”");
    }
}

fn lista(valor: &Yaml) -> &Vec<Yaml> {
    valor.as_vec().expect("uma lista")
}

/// O N de `--fatia …/N` em um comando.
fn fatias_do_comando(comando: &str) -> usize {
    let (_, resto) = comando.split_once("--fatia ").expect("--fatia");
    let (_, resto) = resto.split_once('/').expect("i/N");
    let algarismos: String =
        resto.chars().take_while(char::is_ascii_digit).collect();
    algarismos.parse().expect("um número")
}

/// A referência é <https://kubernetes.io/docs/reference/kubernetes-api/>,
/// `Job v1` e `Pod v1`.
#[test]
fn o_job_do_kubernetes_so_tem_campos_documentados() {
    let job = ler(MODELOS, "kubernetes.yaml");
    so_tem(&job, &["apiVersion", "kind", "metadata", "spec"]);
    assert_eq!(job["apiVersion"].as_str(), Some("batch/v1"));
    assert_eq!(job["kind"].as_str(), Some("Job"));
    let spec = &job["spec"];
    so_tem(
        spec,
        &[
            "activeDeadlineSeconds",
            "backoffLimit",
            "backoffLimitPerIndex",
            "completionMode",
            "completions",
            "managedBy",
            "manualSelector",
            "maxFailedIndexes",
            "parallelism",
            "podFailurePolicy",
            "podReplacementPolicy",
            "selector",
            "successPolicy",
            "suspend",
            "template",
            "ttlSecondsAfterFinished",
        ],
    );
    assert_eq!(spec["completionMode"].as_str(), Some("Indexed"));
    let pod = &spec["template"]["spec"];
    so_tem(
        pod,
        &[
            "restartPolicy",
            "automountServiceAccountToken",
            "hostUsers",
            "containers",
            "volumes",
            "securityContext",
            "nodeSelector",
        ],
    );
    // backoffLimitPerIndex exige Never.
    assert_eq!(pod["restartPolicy"].as_str(), Some("Never"));
    // procMount: Unmasked exige hostUsers: false.
    assert_eq!(pod["hostUsers"].as_bool(), Some(false));
    conteiner(pod, spec["completions"].as_i64().unwrap());
}

fn conteiner(pod: &Yaml, completos: i64) {
    let conteiner = &lista(&pod["containers"])[0];
    so_tem(
        conteiner,
        &[
            "name",
            "image",
            "command",
            "args",
            "env",
            "resources",
            "securityContext",
            "volumeMounts",
            "workingDir",
        ],
    );
    so_tem(
        &conteiner["securityContext"],
        &[
            "allowPrivilegeEscalation",
            "appArmorProfile",
            "capabilities",
            "privileged",
            "procMount",
            "readOnlyRootFilesystem",
            "runAsGroup",
            "runAsNonRoot",
            "runAsUser",
            "seLinuxOptions",
            "seccompProfile",
        ],
    );
    so_tem(&conteiner["resources"], &["requests", "limits", "claims"]);
    let comando = lista(&conteiner["command"])[2].as_str().unwrap();
    assert_eq!(fatias_do_comando(comando) as i64, completos);
    assert!(comando.contains("JOB_COMPLETION_INDEX + 1"), "conta de 1");
    let volumes: Vec<_> = lista(&pod["volumes"])
        .iter()
        .map(|volume| volume["name"].as_str().unwrap())
        .collect();
    for montagem in lista(&conteiner["volumeMounts"]) {
        let nome = montagem["name"].as_str().unwrap();
        assert!(volumes.contains(&nome), "não há o volume {nome}");
    }
}

/// As chaves são as de
/// <https://docs.github.com/actions/reference/workflow-syntax-for-github-actions>.
fn conferir_fluxo(fluxo: &Yaml) {
    so_tem(fluxo, &["name", "on", "permissions", "jobs", "env"]);
    let Yaml::Hash(tarefas) = &fluxo["jobs"] else {
        panic!("faltam as tarefas");
    };
    for (nome, tarefa) in tarefas {
        so_tem(
            tarefa,
            &[
                "runs-on",
                "timeout-minutes",
                "strategy",
                "steps",
                "needs",
                "if",
                "env",
                "permissions",
                "environment",
            ],
        );
        assert!(!tarefa["timeout-minutes"].is_badvalue(), "{nome:?}");
        for passo in lista(&tarefa["steps"]) {
            so_tem(passo, &["name", "uses", "with", "run", "env", "if", "id"]);
            let (usa, roda) = (&passo["uses"], &passo["run"]);
            assert_ne!(usa.is_badvalue(), roda.is_badvalue(), "{passo:?}");
            // O que vem de fora entra por `env`, nunca dentro do comando.
            let comando = roda.as_str().unwrap_or_default();
            assert!(!comando.contains("${{"), "{comando}");
        }
    }
}

/// O exemplo da página do professor tem todas as chaves, e é aceito.
#[test]
fn a_turma_toml_de_exemplo_e_lida_e_tem_todas_as_chaves() {
    let arquivo = Path::new(MODELOS).join("turma.toml");
    let lida = Configuracao::ler(&arquivo).expect("o exemplo é válido");
    assert_eq!(
        lida.titulo.as_deref(),
        Some("Redes de Computadores, turma A")
    );
    assert_eq!(lida.etapas[0].programa, ["python3", "rajada.py"]);
    assert!(lida.entregue_em("ana").is_some());
    // Uma chave nova na configuração aparece aqui, e na página.
    let texto = fs::read_to_string(&arquivo).unwrap();
    for chave in chaves_da_configuracao() {
        let usada = texto.lines().any(|linha| {
            linha.starts_with(&format!("{chave} = "))
                || linha.starts_with(&format!("[{chave}]"))
                || linha.starts_with(&format!("[{chave}."))
                || linha.starts_with(&format!("[[{chave}]]"))
                || linha.starts_with(&format!("[prazo.{chave}]"))
        });
        assert!(usada, "o exemplo não usa “{chave}”");
    }
}

/// Os campos de `Configuracao`, `Prazo` e `EtapaDoProfessor`, no código.
fn chaves_da_configuracao() -> Vec<String> {
    let fonte = include_str!("../src/turma/configuracao.rs");
    let mut chaves = Vec::new();
    for comeco in [
        "pub struct Configuracao {",
        "struct Prazo {",
        "pub struct EtapaDoProfessor {",
    ] {
        let (_, resto) = fonte.split_once(comeco).expect(comeco);
        let (campos, _) = resto.split_once("\n}\n").unwrap();
        let linhas: Vec<_> = campos.lines().map(str::trim).collect();
        for (i, linha) in linhas.iter().enumerate() {
            let campo = linha.trim_start_matches("pub ").split_once(": ");
            let comentario = linha.starts_with("//") || linha.starts_with('#');
            let pulado = i > 0 && linhas[i - 1] == "#[serde(skip)]";
            if let (Some((nome, _)), false, false) = (campo, comentario, pulado)
            {
                chaves.push(nome.to_owned());
            }
        }
    }
    assert!(chaves.len() >= 17, "{chaves:?}");
    chaves
}

/// A etapa privada da página, contra a solução e contra quem não responde.
#[test]
fn a_etapa_de_exemplo_passa_com_a_solucao_e_falha_sem_servidor() {
    if !ha_python() {
        return;
    }
    let etapa = |endereco: &str| {
        let saida = Command::new("python3")
            .arg(Path::new(MODELOS).join("rajada.py"))
            .arg(endereco)
            .output()
            .expect("iniciar o python3");
        let frase = String::from_utf8(saida.stdout).unwrap();
        (saida.status.code(), frase)
    };
    let solucao =
        casa::raiz().join("crates/cap05-servidor-tcp/python/cap05-solucao.py");
    let mut servidor = Command::new("python3")
        .args(["-u".as_ref(), solucao.as_os_str(), "127.0.0.1:0".as_ref()])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("iniciar a solução");
    let saida = BufReader::new(servidor.stdout.take().unwrap());
    let primeira = saida.lines().next().unwrap().unwrap();
    let endereco = primeira.rsplit(' ').next().unwrap().to_owned();
    let (status, frase) = etapa(&endereco);
    servidor.kill().unwrap();
    servidor.wait().unwrap();
    assert_eq!((status, frase.trim()), (Some(0), "20 clientes atendidos"));
    let (status, frase) = etapa(&endereco);
    assert_eq!(status, Some(1), "{frase}");
    assert!(frase.starts_with("o cliente 1 não foi atendido"), "{frase}");
}

#[test]
fn a_matriz_confere_todas_as_fatias_e_junta() {
    let fluxo = ler(MODELOS, "matriz.yml");
    conferir_fluxo(&fluxo);
    let fatia = &fluxo["jobs"]["fatia"];
    let matriz = lista(&fatia["strategy"]["matrix"]["fatia"]);
    let fatias: Vec<_> = matriz.iter().filter_map(Yaml::as_i64).collect();
    let esperadas: Vec<_> = (1..=fatias.len() as i64).collect();
    assert_eq!(fatias, esperadas);
    let confere = lista(&fatia["steps"])
        .iter()
        .find(|passo| !passo["env"]["FATIA"].is_badvalue())
        .expect("o passo que confere");
    let pedida = confere["env"]["FATIA"].as_str().unwrap();
    assert_eq!(pedida, format!("${{{{ matrix.fatia }}}}/{}", fatias.len()));
    assert!(confere["run"].as_str().unwrap().contains("--nivel L2"));
    assert_eq!(fluxo["jobs"]["juntar"]["needs"].as_str(), Some("fatia"));
}

#[test]
fn o_fluxo_dos_alunos_e_valido() {
    conferir_fluxo(&ler(DOS_ALUNOS, "conferir.yml"));
}

#[test]
fn o_ambiente_do_classroom50_tem_um_rust() {
    let texto = fs::read_to_string(
        Path::new(DOS_ALUNOS).join("classroom50/runtime.json"),
    );
    let ambiente: Value = serde_json::from_str(&texto.unwrap()).unwrap();
    let conhecidas = [
        "runs-on",
        "python",
        "node",
        "java",
        "go",
        "rust",
        "apt",
        "container",
    ];
    for chave in ambiente.as_object().unwrap().keys() {
        assert!(conhecidas.contains(&chave.as_str()), "{chave}");
    }
    assert_eq!(ambiente["rust"], "stable");
}

/// Um `cargo` de mentira que dá sempre o mesmo relatório: o de verdade é
/// provado em outros testes, e aqui interessa o que se faz com ele.
const CARGO: &str = "#!/bin/sh\ncat \"$RELATORIO\"\nexit \"$STATUS\"\n";

/// Roda `autograder.py` como o Classroom 50 roda, e devolve o status e o
/// `result.json`.
fn autograder(nome: &str, status: i32) -> (Option<i32>, Option<Value>) {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("modelos")
        .join(nome);
    let _ = fs::remove_dir_all(&base);
    let (modelo, aluno, pacote) =
        (base.join("modelo"), base.join("aluno"), base.join("pacote"));
    let capitulo = "crates/cap05-servidor-tcp";
    for casa in [&modelo, &aluno] {
        fs::create_dir_all(casa.join(capitulo).join("src/bin")).unwrap();
        let programa = casa.join(capitulo).join("src/bin/cap05-exercicio.rs");
        fs::write(programa, "fn main() {}\n").unwrap();
    }
    let enunciado = format!("{capitulo}/exercicio.toml");
    fs::copy(casa::raiz().join(&enunciado), modelo.join(&enunciado)).unwrap();
    git(&modelo, &["init", "--quiet"]);
    git(&modelo, &["add", "--all"]);
    git(&modelo, &["commit", "--quiet", "--message", "modelo"]);
    fs::create_dir_all(&pacote).unwrap();
    let tarefa = json!({"capitulo": "cap05", "modelo": modelo});
    fs::write(pacote.join("tarefa.json"), tarefa.to_string()).unwrap();
    let relatorio = base.join("relatorio.json");
    fs::write(&relatorio, relatorio_de_mentira().to_string()).unwrap();
    let saida = Command::new("python3")
        .arg(Path::new(DOS_ALUNOS).join("classroom50/autograder.py"))
        .current_dir(&aluno)
        .env("PATH", com_cargo(&base))
        .env("RELATORIO", relatorio)
        .env("STATUS", status.to_string())
        .env("CLASSROOM50_BUNDLE_DIR", &pacote)
        .envs(CONTEXTO)
        .output()
        .unwrap();
    let texto = fs::read_to_string(aluno.join("result.json")).ok();
    let documento = texto.map(|t| serde_json::from_str(&t).unwrap());
    (saida.status.code(), documento)
}

/// O que o contrato promete ao corretor.
const CONTEXTO: [(&str, &str); 6] = [
    ("CLASSROOM", "redes"),
    ("ASSIGNMENT", "eco"),
    ("OWNER", "ana"),
    ("SUBMISSION_TAG", "submit/2026-06-01T14-32-05Z-a1b2c3d"),
    ("COMMIT_URL", "https://exemplo/commit/a1b2c3d"),
    ("RELEASE_URL", "https://exemplo/release"),
];

fn git(pasta: &Path, argumentos: &[&str]) {
    let status = Command::new("git")
        .arg("-C")
        .arg(pasta)
        .args(["-c", "user.name=a", "-c", "user.email=a@exemplo"])
        .args(["-c", "commit.gpgsign=false"])
        .args(argumentos)
        .status()
        .expect("iniciar o git");
    assert!(status.success(), "{argumentos:?}");
}

/// Um PATH em que `cargo` é o de mentira e `sudo` não faz nada.
fn com_cargo(base: &Path) -> String {
    let pasta: PathBuf = base.join("bin");
    fs::create_dir_all(&pasta).unwrap();
    for (nome, texto) in [("cargo", CARGO), ("sudo", "#!/bin/sh\n")] {
        let arquivo = pasta.join(nome);
        fs::write(&arquivo, texto).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let modo = fs::Permissions::from_mode(0o755);
            fs::set_permissions(&arquivo, modo).unwrap();
        }
    }
    let resto = std::env::var("PATH").unwrap_or_default();
    format!("{}:{resto}", pasta.display())
}

fn relatorio_de_mentira() -> Value {
    let etapa = |numero: u32, id: &str, situacao: &str| {
        json!({
            "numero": numero, "id": id, "nome": id, "situacao": situacao,
            "diagnostico": {"codigo": "M07", "mensagem": "parou", "dica": ""},
            "transcricao": [], "duracao_ms": 1
        })
    };
    json!({
        "capitulo": "cap05-servidor-tcp",
        "etapas": [
            etapa(1, "eco", "passou"),
            etapa(2, "binario", "falhou"),
            etapa(3, "volume", "nao_executada"),
        ]
    })
}

/// O Classroom 50 dá um Python 3.14; o `tomllib` existe desde o 3.11.
fn falta_o_tomllib() -> bool {
    let python = Command::new("python3")
        .args(["-c", "import tomllib"])
        .status();
    let falta = !python.is_ok_and(|status| status.success());
    assert!(
        !falta || std::env::var_os("CI").is_none(),
        "falta o tomllib"
    );
    falta
}

#[test]
fn o_autograder_sai_com_zero_mesmo_quando_as_etapas_falham() {
    if falta_o_tomllib() {
        return;
    }
    for status in [0, 1, 3] {
        let (saiu, documento) = autograder(&format!("status-{status}"), status);
        assert_eq!(saiu, Some(0), "o corretor chegou ao fim");
        let documento = documento.expect("result.json");
        assert_eq!(documento["schema"], "classroom50/result/v1");
        assert_eq!(documento["owner"], "ana");
        let eco = documento["tests"][0]["score"].as_u64().unwrap();
        assert!(eco > 0);
        assert_eq!(documento["score"], eco);
        assert_eq!(documento["tests"][1]["score"], 0);
        assert_eq!(documento["tests"][1]["passed"], false);
        assert!(documento["max-score"].as_u64() > Some(eco));
    }
}

#[test]
fn o_autograder_diz_quando_quem_falhou_foi_o_corretor() {
    if falta_o_tomllib() {
        return;
    }
    let (saiu, documento) = autograder("quebrado", 101);
    assert_ne!(saiu, Some(0));
    assert!(documento.is_none(), "sem nota inventada");
}
