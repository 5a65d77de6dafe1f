//! Os resultados para outros serviços, cada um contra a documentação dele.

use oficina::turma::relatorios::classroom50::{self, Contexto};
use oficina::turma::relatorios::{gradescope, vpl};
use serde_json::{Value, json};
use turma_inventada::{de, turma};

mod turma_inventada;

/// O contrato do Classroom 50, como a documentação dele o descreve.
fn erros_do_classroom50(documento: &Value) -> Vec<String> {
    let mut erros = Vec::new();
    let mut exigir = |certo: bool, o_que: &str| {
        if !certo {
            erros.push(o_que.to_owned());
        }
    };
    let objeto = documento.as_object().unwrap();
    let textos = [
        "schema",
        "classroom",
        "assignment",
        "assignment_type",
        "owner",
        "submission",
        "commit",
        "release",
        "review",
        "datetime",
    ];
    for chave in textos {
        let texto = documento[chave].as_str().unwrap_or_default();
        exigir(!texto.is_empty(), chave);
    }
    let optativas = ["graded_at", "submitted_by"];
    let outras = ["score", "max-score", "tests"];
    for chave in objeto.keys() {
        let chave = chave.as_str();
        let conhecida = textos.contains(&chave)
            || optativas.contains(&chave)
            || outras.contains(&chave);
        exigir(conhecida, chave);
    }
    exigir(documento["schema"] == "classroom50/result/v1", "schema");
    let tipo = documento["assignment_type"].as_str().unwrap_or_default();
    exigir(["individual", "group", "team"].contains(&tipo), "tipo");
    let entrega = documento["submission"].as_str().unwrap_or_default();
    exigir(entrega.starts_with("submit/"), "submission");
    let data = documento["datetime"].as_str().unwrap_or_default();
    exigir(
        data.len() == 20 && data.ends_with('Z') && data.contains('T'),
        "Z",
    );
    exigir(cabe(documento), "score");
    let testes = documento["tests"].as_array().cloned().unwrap_or_default();
    let mut somas = (0, 0);
    for teste in &testes {
        exigir(cabe(teste), "score de um teste");
        exigir(teste["passed"].is_boolean(), "passed");
        let nome = teste["test-name"].as_str().unwrap_or_default();
        exigir(!nome.is_empty(), "test-name");
        somas.0 += teste["score"].as_u64().unwrap_or(0);
        somas.1 += teste["max-score"].as_u64().unwrap_or(0);
    }
    exigir(documento["score"] == somas.0, "a soma");
    exigir(documento["max-score"] == somas.1, "a soma dos máximos");
    erros
}

/// Inteiros, e a nota não passa da máxima.
fn cabe(valor: &Value) -> bool {
    let (nota, maxima) = (valor["score"].as_u64(), valor["max-score"].as_u64());
    nota.is_some() && maxima.is_some() && nota <= maxima
}

fn exemplo_do_classroom50() -> Value {
    json!({
        "schema": "classroom50/result/v1",
        "classroom": "cs-principles",
        "assignment": "hello",
        "assignment_type": "individual",
        "owner": "alice",
        "submission": "submit/2026-06-01T14-32-05Z-a1b2c3d",
        "commit": "https://github.com/x/commit/abc",
        "release": "https://github.com/x/releases/tag/y",
        "review": "https://github.com/x/commit/abc",
        "datetime": "2026-06-01T14:32:01Z",
        "graded_at": "2026-06-01T14:33:11Z",
        "score": 4,
        "max-score": 5,
        "tests": [
            {"test-name": "compiles", "passed": true, "score": 4,
             "max-score": 4},
            {"test-name": "outputs_correct", "passed": false, "score": 0,
             "max-score": 1}
        ]
    })
}

#[test]
fn o_exemplo_da_documentacao_do_classroom50_cumpre_o_contrato() {
    assert!(erros_do_classroom50(&exemplo_do_classroom50()).is_empty());
    for (chave, valor) in [
        ("schema", json!("classroom50/result/v2")),
        ("owner", json!("")),
        ("assignment_type", json!("bogus")),
        ("submission", json!("main")),
        ("score", json!(-1)),
        ("score", json!(4.5)),
        ("datetime", json!("2026-06-01 14:33:11")),
        ("extra", json!("x")),
    ] {
        let mut errado = exemplo_do_classroom50();
        errado[chave] = valor;
        assert!(!erros_do_classroom50(&errado).is_empty(), "{errado}");
    }
}

#[test]
fn o_result_json_cumpre_o_contrato_do_classroom50() {
    let turma = turma();
    let contexto = Contexto {
        turma: "redes".to_owned(),
        tarefa: None,
        tipo: "individual".to_owned(),
        dono: None,
        entrega: None,
        commit: None,
        publicacao: None,
        revisao: None,
    };
    for registro in &turma.registros {
        let resultado = classroom50::resultado(registro, &contexto);
        let erros = erros_do_classroom50(&resultado);
        assert!(erros.is_empty(), "{erros:?}: {resultado:#}");
    }
    let ana = classroom50::resultado(de(&turma, "Ana"), &contexto);
    assert_eq!((&ana["score"], &ana["max-score"]), (&json!(8), &json!(8)));
    assert_eq!(ana["datetime"], "2026-11-21T11:10:00Z");
    assert_eq!(ana["tests"][2]["test-name"], "3. etapa privada");
}

/// As chaves e os valores da especificação do Gradescope.
fn erros_do_gradescope(documento: &Value) -> Vec<String> {
    let do_topo = [
        "score",
        "execution_time",
        "output",
        "output_format",
        "test_output_format",
        "test_name_format",
        "visibility",
        "stdout_visibility",
        "extra_data",
        "tests",
        "leaderboard",
    ];
    let do_teste = [
        "score",
        "max_score",
        "status",
        "name",
        "name_format",
        "number",
        "output",
        "output_format",
        "tags",
        "visibility",
        "extra_data",
    ];
    let visivel = ["hidden", "after_due_date", "after_published", "visible"];
    let formato = ["text", "html", "simple_format", "md", "ansi"];
    let mut erros = Vec::new();
    let mut ver = |valor: &Value, chaves: &[&str]| {
        for (chave, valor) in valor.as_object().unwrap() {
            let certo = match chave.as_str() {
                _ if !chaves.contains(&chave.as_str()) => false,
                "score" | "max_score" | "execution_time" => valor.is_number(),
                "visibility" | "stdout_visibility" => {
                    visivel.contains(&valor.as_str().unwrap_or_default())
                }
                "status" => valor == "passed" || valor == "failed",
                "tests" => valor.is_array(),
                c if c.ends_with("_format") => {
                    formato.contains(&valor.as_str().unwrap_or_default())
                }
                "name" | "output" | "number" => valor.is_string(),
                _ => true,
            };
            if !certo {
                erros.push(format!("{chave}: {valor}"));
            }
        }
    };
    ver(documento, &do_topo);
    for teste in documento["tests"].as_array().unwrap() {
        ver(teste, &do_teste);
    }
    erros
}

#[test]
fn o_results_json_segue_a_especificacao_do_gradescope() {
    let exemplo = json!({
        "score": 44.0, "execution_time": 136, "output": "Text",
        "output_format": "simple_format", "test_output_format": "text",
        "test_name_format": "text", "visibility": "after_due_date",
        "stdout_visibility": "visible", "extra_data": {},
        "tests": [{
            "score": 2.0, "max_score": 2.0, "status": "passed",
            "name": "Your name here", "name_format": "text",
            "number": "1.1", "output": "Giant multiline string",
            "output_format": "text", "tags": ["tag1"],
            "visibility": "visible", "extra_data": {}
        }]
    });
    assert!(erros_do_gradescope(&exemplo).is_empty());
    let turma = turma();
    for registro in &turma.registros {
        let resultado = gradescope::resultado(&turma, registro);
        let erros = erros_do_gradescope(&resultado);
        assert!(erros.is_empty(), "{erros:?}: {resultado:#}");
    }
    let bruno = gradescope::resultado(&turma, de(&turma, "Bruno"));
    assert_eq!(bruno["score"], 3.6, "4 pontos menos 10 %");
    assert_eq!(bruno["tests"][2]["visibility"], "hidden");
    assert!(bruno["tests"][3].get("status").is_none());
    let ana = gradescope::resultado(&turma, de(&turma, "Ana"));
    assert_eq!(ana["score"], 9.0, "8 pontos e 1 a mais");
    assert_eq!(ana["tests"][3]["max_score"], 0);
}

/// Lê a saída como a documentação do VPL diz que o servidor a lê: a nota, e
/// os comentários.
fn ler_vpl(texto: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut notas, mut comentarios) = (Vec::new(), Vec::new());
    let mut dentro = false;
    for linha in texto.lines() {
        match linha {
            "<|--" => dentro = true,
            "--|>" => dentro = false,
            linha if linha.starts_with("Grade :=>>") => {
                notas.push(linha["Grade :=>>".len()..].trim());
            }
            linha if dentro => comentarios.push(linha),
            linha => panic!("solta: {linha}"),
        }
    }
    (notas, comentarios)
}

#[test]
fn a_saida_do_vpl_tem_uma_nota_so_que_o_aluno_nao_muda() {
    let turma = turma();
    let saida = vpl::saida(&turma, de(&turma, "=HYPER"));
    let (notas, comentarios) = ler_vpl(&saida);
    assert_eq!(notas, ["2.50"]);
    assert!(
        comentarios.iter().all(|l| l.starts_with(['-', '>'])),
        "{saida}"
    );
    let (notas, comentarios) = ler_vpl("<|--\n-t\n--|>\nGrade :=>> 9\n");
    assert_eq!((notas, comentarios), (vec!["9"], vec!["-t"]));
    let saida = vpl::saida(&turma, de(&turma, "Bruno"));
    assert!(
        saida.contains("-2. etapa volume: falhou (0 de 4)\n"),
        "{saida}"
    );
    assert!(
        saida.contains(">M07\n>esperava o fim do fluxo\n"),
        "{saida}"
    );
    assert!(saida.contains("-Atraso: menos 10 %\n"), "{saida}");
}

#[test]
fn o_que_e_privado_nao_chega_ao_aluno() {
    let turma = turma();
    let hostil = de(&turma, "=HYPER");
    let privada = &hostil.etapas[2];
    assert!(privada.privada && privada.diagnostico.is_some());
    let contexto = Contexto::do_ambiente();
    for texto in [
        vpl::saida(&turma, hostil),
        classroom50::resultado(hostil, &contexto).to_string(),
    ] {
        assert!(!texto.contains(&privada.nome), "{texto}");
    }
    let resultado = classroom50::resultado(hostil, &contexto);
    assert_eq!(resultado["tests"][2]["message"], "");
    assert_ne!(resultado["tests"][1]["message"], "");
}
