//! Os relatórios de uma turma, cada um contra o formato que diz seguir.

mod apoio_python;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use apoio_python::ha_python;
use oficina::turma::relatorios::{
    OpcoesDosRelatorios, csv, em_html, em_html_do_aluno, em_junit, escrever,
    jplag,
};
use roxmltree::{Document, Node, ParsingOptions};
use turma_inventada::{HOSTIL, de, turma};

mod turma_inventada;

#[test]
fn a_planilha_brasileira_e_byte_por_byte_esta() {
    let planilha = csv::notas(&turma(), csv::BRASILEIRO);
    let linhas: Vec<_> = planilha.split("\r\n").collect();
    assert_eq!(
        linhas[0],
        "\u{feff}aluno;capítulo;situação;nota;pontos;pontos extras;total;\
         etapas que passaram;etapas;parou na etapa;código;erro;atraso (min);\
         desconto (%);entregue em;entrega;linguagem;isolamento"
    );
    assert_eq!(
        linhas[2],
        "Ana Souza;cap05;conferida;10,00;8;1;8;3;3;;;;0;0;\
         2026-11-21T08:10:00-03:00;Ana Souza.zip;rust;L2"
    );
    assert_eq!(
        linhas[3],
        "\"Bruno D'Ávila; Lima\";cap05;conferida;4,50;4;0;8;2;3;etapa volume;\
         M07;ignora o fim do fluxo;3;10;2026-11-21T08:10:00-03:00;\
         \"Bruno D'Ávila; Lima.zip\";rust;L2"
    );
    let inicio = "\"'=HYPERLINK(\"\"http://x\"\";\"\"clique\"\")\";cap05;";
    assert!(linhas[1].starts_with(inicio), "{}", linhas[1]);
    assert_eq!(linhas.len(), 7, "uma linha por entrega: {planilha}");
    assert_eq!(linhas[6], "");
}

#[test]
fn a_planilha_internacional_usa_virgula_e_ponto() {
    let planilha = csv::notas(&turma(), csv::INTERNACIONAL);
    assert!(planilha.starts_with("aluno,capítulo,"), "sem BOM");
    assert!(planilha.contains("\r\nAna Souza,cap05,conferida,10.00,8,1,8,"));
    assert!(planilha.contains("\"Bruno D'Ávila; Lima\",cap05,"));
}

#[test]
fn a_media_e_dos_capitulos_e_o_que_falta_vale_zero() {
    let mut turma = turma();
    let mut outro = turma.capitulos[0].clone();
    outro.nome = "cap06-enquadramento".to_owned();
    outro.curto = "cap06".to_owned();
    turma.capitulos.push(outro);
    let mut segunda = de(&turma, "Bruno").clone();
    segunda.capitulo = "cap06-enquadramento".to_owned();
    // Duas entregas do mesmo capítulo: vale a melhor.
    let mut pior = segunda.clone();
    pior.atraso_min = 60 * 24 * 30;
    turma.registros.extend([segunda, pior]);
    let medias = csv::medias(&turma, csv::BRASILEIRO);
    let linhas: Vec<_> = medias.split("\r\n").collect();
    assert_eq!(linhas[0], "\u{feff}aluno;cap05;cap06;média");
    assert_eq!(linhas[2], "Ana Souza;10,00;0,00;5,00");
    assert_eq!(linhas[3], "\"Bruno D'Ávila; Lima\";4,50;4,50;4,50");
    assert_eq!(linhas.len(), 7);
}

#[test]
fn um_python_le_as_duas_planilhas() {
    if !ha_python() {
        return;
    }
    let programa = "import csv, io, sys\n\
        texto = sys.stdin.buffer.read().decode('utf-8-sig')\n\
        linhas = list(csv.reader(io.StringIO(texto, newline=''), \
        delimiter=sys.argv[1], strict=True))\n\
        print(len(linhas), len({len(linha) for linha in linhas}))";
    for (dialeto, separador) in
        [(csv::BRASILEIRO, ";"), (csv::INTERNACIONAL, ",")]
    {
        let planilha = csv::notas(&turma(), dialeto);
        let lido = python(programa, separador, &planilha);
        assert_eq!(lido.trim(), "6 1", "seis linhas, todas do mesmo tamanho");
    }
}

fn python(programa: &str, argumento: &str, entrada: &str) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut filho = Command::new("python3")
        .args(["-c", programa, argumento])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("iniciar o python3");
    let mut canal = filho.stdin.take().unwrap();
    canal.write_all(entrada.as_bytes()).unwrap();
    drop(canal);
    let saida = filho.wait_with_output().unwrap();
    assert!(saida.status.success());
    String::from_utf8(saida.stdout).unwrap()
}

fn xml(texto: &str) -> Document<'_> {
    let opcoes = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(texto, opcoes)
        .unwrap_or_else(|erro| panic!("{erro}\n{texto}"))
}

#[test]
fn o_html_nao_pede_nada_a_ninguem() {
    let pagina = em_html(&turma());
    let documento = xml(&pagina);
    for no in documento.descendants().filter(Node::is_element) {
        let nome = no.tag_name().name();
        assert!(
            !["script", "link", "img", "iframe", "object", "form", "base"]
                .contains(&nome),
            "há um <{nome}>"
        );
        for atributo in no.attributes() {
            let fora = match atributo.name() {
                "href" => !atributo.value().starts_with('#'),
                nome => nome == "src" || nome.starts_with("on"),
            };
            assert!(!fora, "{}={}", atributo.name(), atributo.value());
        }
    }
    let estilo = pagina.split("</style>").next().unwrap();
    assert!(!estilo.contains("url(") && !estilo.contains("@import"));
    assert!(pagina.contains("default-src 'none'"));
}

#[test]
fn no_html_cada_enlace_chega_e_cada_nome_e_um_so() {
    let pagina = em_html(&turma());
    let documento = xml(&pagina);
    let mut nomes = BTreeSet::new();
    for no in documento.descendants() {
        if let Some(id) = no.attribute("id") {
            assert!(nomes.insert(id), "id repetido: {id}");
        }
    }
    for no in documento.descendants() {
        let destinos = [
            no.attribute("href").map(|href| &href[1..]),
            no.attribute("aria-labelledby"),
        ];
        for destino in destinos.into_iter().flatten() {
            assert!(nomes.contains(destino), "não há {destino}");
        }
    }
}

#[test]
fn o_texto_do_aluno_chega_ao_html_como_texto() {
    let pagina = em_html(&turma());
    assert!(!pagina.contains("<script"));
    let documento = xml(&pagina);
    let visto: String = documento
        .descendants()
        .filter(|no| no.is_text())
        .filter_map(|no| no.text())
        .collect();
    let esperado = "</pre><script>fetch('//x')</script>\u{fffd}[2J";
    assert!(visto.contains(esperado));
    assert!(visto.contains("Redes <A> & B"));
    for proibido in ['\u{0}', '\u{1b}', '\u{202e}'] {
        assert!(!visto.contains(proibido), "{proibido:?}");
    }
}

#[test]
fn o_html_do_aluno_nao_tem_os_outros_nem_o_que_e_privado() {
    let turma = turma();
    let hostil = de(&turma, "=HYPER");
    let pagina = em_html_do_aluno(&turma, &hostil.aluno);
    let documento = xml(&pagina);
    let visto: String = documento
        .descendants()
        .filter(|no| no.is_text())
        .filter_map(|no| no.text())
        .collect();
    for outro in ["Ana", "Bruno", "Carla", "etapa segredo", "#notas"] {
        assert!(!pagina.contains(outro), "mostra {outro}");
    }
    assert!(visto.contains("etapa privada") && visto.contains("2,50"));
    let mensagens = pagina.matches("class=\"sintoma\"").count();
    assert_eq!(mensagens, 1, "só o diagnóstico da etapa que não é privada");
}

#[test]
fn o_html_diz_onde_a_turma_esta_parada() {
    let pagina = em_html(&turma());
    let documento = xml(&pagina);
    let paradas = documento
        .descendants()
        .find(|no| no.attribute("class") == Some("paradas"))
        .unwrap();
    let texto: String =
        paradas.descendants().filter_map(|no| no.text()).collect();
    assert!(
        texto.contains("M07") && texto.contains("2 entregas"),
        "{texto}"
    );
    assert!(texto.contains("ignora o fim do fluxo"), "{texto}");
}

#[test]
fn o_junit_conta_o_que_mostra() {
    let texto = em_junit(&turma());
    let documento = xml(&texto);
    let raiz = documento.root_element();
    assert_eq!(raiz.tag_name().name(), "testsuites");
    let quantos = |nome: &str| {
        let nos = raiz.descendants();
        nos.filter(|no| no.has_tag_name(nome)).count().to_string()
    };
    for (atributo, elemento) in [
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ] {
        assert_eq!(raiz.attribute(atributo).unwrap(), quantos(elemento));
    }
    assert_eq!(quantos("testsuite"), "5");
    assert!(texto.contains("type=\"M07\""));
}

#[test]
fn o_relatorio_de_quem_saiu_da_turma_sai_tambem() {
    let pasta = Path::new(env!("CARGO_TARGET_TMPDIR")).join("quem-saiu");
    let _ = fs::remove_dir_all(&pasta);
    let mut turma = turma();
    let opcoes = OpcoesDosRelatorios::default();
    escrever(&turma, &pasta, &opcoes).unwrap();
    turma.registros.retain(|registro| registro.aluno != "Carla");
    escrever(&turma, &pasta, &opcoes).unwrap();
    for um_por in ["alunos", "vpl", "gradescope", "classroom50"] {
        let nomes = fs::read_dir(pasta.join(um_por)).unwrap();
        let nomes: Vec<_> = nomes.map(|n| n.unwrap().file_name()).collect();
        assert_eq!(nomes.len(), 4, "{um_por}: {nomes:?}");
        let dela = |nome: &std::ffi::OsString| {
            nome.to_string_lossy().starts_with("carla")
        };
        assert!(!nomes.iter().any(dela), "{um_por}: {nomes:?}");
    }
}

#[test]
fn os_programas_vao_para_o_jplag_e_para_o_dolos() {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("relatorios");
    let _ = fs::remove_dir_all(&base);
    let (pasta, destino) = (base.join("saida"), base.join("jplag"));
    let turma = turma();
    for registro in &turma.registros {
        let fonte = jplag::fonte(&pasta, registro);
        fs::create_dir_all(fonte.parent().unwrap()).unwrap();
        fs::write(fonte, &registro.aluno).unwrap();
    }
    let opcoes = OpcoesDosRelatorios {
        exportar_jplag: Some(destino.clone()),
        ..OpcoesDosRelatorios::default()
    };
    escrever(&turma, &pasta, &opcoes).unwrap();
    let grupo = destino.join("cap05/rust");
    let esqueleto = fs::read(grupo.join("base/cap05-exercicio.rs")).unwrap();
    assert!(esqueleto.len() > 100);
    let info = fs::read_to_string(grupo.join("info.csv")).unwrap();
    let mut linhas = info.lines();
    assert_eq!(linhas.next(), Some("filename,full_name,label,created_at"));
    // Quem não entregou não tem programa a comparar.
    assert_eq!(linhas.clone().count(), 4, "{info}");
    for linha in linhas {
        let arquivo = linha.split(',').next().unwrap();
        assert!(grupo.join(arquivo).is_file(), "{arquivo}");
    }
    for nome in ["relatorio.html", "notas.csv", "turma.json", "junit.xml"] {
        assert!(pasta.join(nome).is_file(), "{nome}");
    }
    for (um_por, quantos) in [("alunos", 5), ("vpl", 5), ("gradescope", 5)] {
        let arquivos = fs::read_dir(pasta.join(um_por)).unwrap().count();
        assert_eq!(arquivos, quantos, "{um_por}");
    }
    let volta: oficina::turma::Turma = serde_json::from_str(
        &fs::read_to_string(pasta.join("turma.json")).unwrap(),
    )
    .unwrap();
    assert_eq!(volta, turma);
    assert!(HOSTIL.contains("script"));
}
