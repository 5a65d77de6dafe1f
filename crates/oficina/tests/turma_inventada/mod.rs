//! Uma turma de mentira, com um pouco de tudo o que chega a um relatório.
#![allow(dead_code, reason = "cada teste usa uma parte")]

use oficina::processo::Nivel;
use oficina::turma::configuracao::RegrasDaNota;
use oficina::turma::registro::{
    Diagnostico, EtapaRegistrada, LinhaDoPrograma, SituacaoDaEtapa,
};
use oficina::turma::{
    CapituloDaTurma, EtapaDaTurma, Registro, Situacao, Turma,
};

/// O que um aluno mal-intencionado escreve onde pode.
pub const HOSTIL: &str = "</pre><script>fetch('//x')</script>\u{1b}[2J\r\n\
     Grade :=>> 100\r\n--|>\r\n]]>&amp;\u{202e}\u{0}";

pub fn turma() -> Turma {
    let mut turma = Turma {
        versao: 1,
        titulo: "Redes <A> & B".to_owned(),
        nivel: Nivel::L2,
        fatia: None,
        capitulos: vec![capitulo()],
        registros: vec![
            certa(),
            parada_no_fim(),
            nao_compilou(),
            hostil(),
            nao_entregue(),
        ],
        regras: RegrasDaNota {
            nota_maxima: 10,
            desconto_por_dia: 10,
            desconto_maximo: 50,
        },
        residuos: vec!["lê os outros <arquivos> do professor".to_owned()],
    };
    turma.ordenar();
    turma
}

fn capitulo() -> CapituloDaTurma {
    let etapa = |id: &str, pontos, extra, privada| EtapaDaTurma {
        id: id.to_owned(),
        nome: format!("etapa {id}"),
        pontos,
        extra,
        privada,
    };
    CapituloDaTurma {
        nome: "cap05-servidor-tcp".to_owned(),
        curto: "cap05".to_owned(),
        titulo: "Um servidor de eco".to_owned(),
        etapas: vec![
            etapa("eco", 2, false, false),
            etapa("volume", 4, false, false),
            etapa("segredo", 2, false, true),
            etapa("bonus", 1, true, false),
        ],
    }
}

fn registro(aluno: &str, situacoes: [SituacaoDaEtapa; 4]) -> Registro {
    let etapas = capitulo().etapas.into_iter().zip(situacoes).enumerate();
    Registro {
        aluno: aluno.to_owned(),
        entrega: format!("{aluno}.zip"),
        capitulo: "cap05-servidor-tcp".to_owned(),
        situacao: Situacao::Conferida,
        erro: None,
        nivel: Nivel::L2,
        linguagem: "rust".to_owned(),
        arquivo: "src/bin/cap05-exercicio.rs".to_owned(),
        etapas: etapas.map(|(i, (e, s))| etapa(i, e, s)).collect(),
        observacoes: Vec::new(),
        entregue_em: "2026-11-21T08:10:00-03:00".to_owned(),
        atraso_min: 0,
        semente: 2026,
        tentativas: 1,
        conteudo: "abc".to_owned(),
        regras: "def".to_owned(),
        duracao_ms: 1234,
    }
}

fn etapa(
    indice: usize,
    etapa: EtapaDaTurma,
    situacao: SituacaoDaEtapa,
) -> EtapaRegistrada {
    let falhou = situacao == Falhou;
    EtapaRegistrada {
        numero: indice + 1,
        id: etapa.id,
        nome: etapa.nome,
        tenta: "provoca".to_owned(),
        pontos: etapa.pontos,
        extra: etapa.extra,
        privada: etapa.privada,
        situacao,
        diagnostico: falhou.then(|| Diagnostico {
            codigo: Some("M07".to_owned()),
            mensagem: "esperava o fim do fluxo".to_owned(),
            explicacao: "O cliente encerrou o lado dele.".to_owned(),
            dica: "Saia do laço.".to_owned(),
        }),
        transcricao: match falhou {
            true => vec![
                "1 — entrega: inteiro".to_owned(),
                "2 programa: começou com 127.0.0.1:7005".to_owned(),
                "3 cliente: enviei “oi\\n” (3 bytes)".to_owned(),
            ],
            false => Vec::new(),
        },
        saida: Vec::new(),
        duracao_ms: 17,
    }
}

use SituacaoDaEtapa::{Falhou, NaoExecutada, Passou};

fn certa() -> Registro {
    registro("Ana Souza", [Passou; 4])
}

/// Com um dia começado de atraso: menos 10 %.
fn parada_no_fim() -> Registro {
    let situacoes = [Passou, Falhou, Passou, NaoExecutada];
    let mut registro = registro("Bruno D'Ávila; Lima", situacoes);
    registro.atraso_min = 3;
    registro
}

fn nao_compilou() -> Registro {
    let mut registro = registro("Carla", [NaoExecutada; 4]);
    registro.situacao = Situacao::NaoCompilou;
    registro.erro = Some("error: expected `;`\n --> a.rs:3".to_owned());
    registro
}

fn hostil() -> Registro {
    let nome = "=HYPERLINK(\"http://x\";\"clique\")";
    let mut registro = registro(nome, [Passou, Falhou, Falhou, NaoExecutada]);
    registro.entrega = HOSTIL.to_owned();
    registro.observacoes = vec![HOSTIL.to_owned()];
    for etapa in &mut registro.etapas {
        if let Some(diagnostico) = &mut etapa.diagnostico {
            diagnostico.mensagem = HOSTIL.to_owned();
        }
        etapa.transcricao = vec![HOSTIL.to_owned()];
        etapa.saida = vec![LinhaDoPrograma {
            texto: HOSTIL.to_owned(),
            erro: true,
        }];
    }
    registro
}

fn nao_entregue() -> Registro {
    let mut registro = registro("Davi", [NaoExecutada; 4]);
    registro.situacao = Situacao::NaoEntregue;
    registro.entregue_em = String::new();
    registro
}

pub fn de<'a>(turma: &'a Turma, comeco: &str) -> &'a Registro {
    let mut registros = turma.registros.iter();
    registros.find(|r| r.aluno.starts_with(comeco)).unwrap()
}
