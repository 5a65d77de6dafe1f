//! Capítulo 1: um cliente que conversa com o oráculo, linha por linha.

use std::io::Read;
use std::time::Duration;

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, Evidencia, Interrupcao, Palco, Passo,
    Sorte, Veredicto,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("apresentacao", apresentacao),
    Etapa::nova("soma", soma),
    Etapa::nova("coladas", coladas),
    Etapa::nova("cortadas", cortadas),
    Etapa::nova("sem_segredo", sem_segredo),
];

const SAUDACAO: &str = "oráculo: quem vem lá?\n";

/// Quanto o oráculo demora a saudar, para ver se o programa o espera.
const ANTES_DA_SAUDACAO: Duration = Duration::from_millis(30);

/// Mais somas do que alguém espera: o número delas não é conhecido.
const MUITAS: usize = 40;

/// Quantas somas bastam para que as respostas não caibam em um buffer.
const ENCHENTE: usize = 8000;

/// Quanto se espera, depois do silêncio, pelo que uma provocação solta.
const DEPOIS_DO_SILENCIO: Duration = Duration::from_millis(500);

/// Uma soma pedida: a linha, e a resposta certa.
struct Soma {
    linha: String,
    resposta: String,
}

impl Soma {
    fn nova(sorte: &mut Sorte) -> Soma {
        let (a, b) = (sorte.entre(100, 1000), sorte.entre(100, 1000));
        Soma {
            linha: format!("some {a} {b}\n"),
            resposta: (a + b).to_string(),
        }
    }
}

/// O programa espera a saudação e se apresenta.
fn apresentacao(palco: &mut Palco) -> Veredicto {
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    let antes = conexao.esperar_silencio(ANTES_DA_SAUDACAO);
    if let Err(Interrupcao::Falha(falha)) = &antes
        && falha.evidencia.as_ref().is_some_and(|p| !p.nada_chegou())
    {
        return palco.falhar(
            Codigo::Diferente,
            "o programa falou antes da saudação: aqui, quem fala primeiro é \
             o oráculo",
        );
    }
    cumprimentar(palco, conexao).map(Conexao::fechar)
}

/// Uma soma, e o segredo.
fn soma(palco: &mut Palco) -> Veredicto {
    let mut conexao = saudar(palco, Entrega::Inteiro)?;
    perguntar(palco, &mut conexao)?;
    contar(palco, conexao)
}

/// Pede uma soma, e espera a resposta.
fn perguntar(palco: &mut Palco, conexao: &mut Conexao) -> Passo<()> {
    let pedida = Soma::nova(palco.sorte());
    conexao.enviar(pedida.linha.as_bytes())?;
    conexao.esperar_linha(&pedida.resposta)
}

/// Várias somas em um segmento só; depois, mais do que alguém conta ter.
fn coladas(palco: &mut Palco) -> Veredicto {
    let quantas = palco.sorte().entre(3, 7);
    somar_coladas(palco, quantas)?;
    palco.titulo(format!("{MUITAS} somas em um segmento só"));
    somar_coladas(palco, MUITAS)
}

fn somar_coladas(palco: &mut Palco, quantas: usize) -> Veredicto {
    let mut conexao = saudar(palco, Entrega::Inteiro)?;
    let somas: Vec<_> =
        (0..quantas).map(|_| Soma::nova(palco.sorte())).collect();
    let linhas: String = somas.iter().map(|s| s.linha.as_str()).collect();
    conexao.enviar(linhas.as_bytes())?;
    for (antes, pedida) in somas.iter().enumerate() {
        // Quem respondeu a duas já não toma tudo por uma linha só.
        conexao
            .esperar_linha(&pedida.resposta)
            .diagnosticar(|prova| match antes {
                0 | 1 => Some(Codigo::M01),
                _ => prova.fim().then_some(Codigo::FechouCedo),
            })
            .contexto(&format!("na soma {} de {quantas}", antes + 1))?;
    }
    contar(palco, conexao)
}

/// O segredo; e o programa não tem mais o que dizer.
fn contar(palco: &mut Palco, mut conexao: Conexao) -> Veredicto {
    let segredo = sortear_segredo(palco);
    conexao.enviar(format!("segredo {segredo}\n").as_bytes())?;
    conexao.meio_fechar()?;
    esperar_segredo(palco, &segredo)?;
    conexao.esperar_nada_mais("cada soma pede uma linha, e sobrou")
}

/// Um corte em cada lugar difícil, e depois gota a gota.
fn cortadas(palco: &mut Palco) -> Veredicto {
    palco.titulo("um corte dentro de um número");
    let mut conexao = saudar(palco, Entrega::Inteiro)?;
    let pedida = Soma::nova(palco.sorte());
    let (antes, depois) = pedida.linha.as_bytes().split_at("some 100 1".len());
    conexao.enviar_partes(&[antes, depois])?;
    conexao
        .esperar_linha(&pedida.resposta)
        .diagnosticar(|_| Some(Codigo::M02))?;

    palco.titulo("um corte dentro de uma letra");
    let segredo = sortear_segredo(palco);
    let linha = format!("segredo {segredo}\n");
    // “coração” começa com 63 6f 72 61 c3 a7: o corte separa o ç.
    let (antes, depois) = linha.as_bytes().split_at("segredo cora".len() + 1);
    conexao.enviar_partes(&[antes, depois])?;
    conexao.fechar();
    esperar_segredo(palco, &segredo).codigo(Codigo::M04)?;

    palco.titulo("entrega: gota a gota");
    let conexao = palco.receber_em(Entrega::GotaAGota)?;
    let mut conexao = cumprimentar(palco, conexao).codigo(Codigo::M02)?;
    let pedida = Soma::nova(palco.sorte());
    conexao.enviar(pedida.linha.as_bytes())?;
    conexao
        .esperar_linha(&pedida.resposta)
        .diagnosticar(|_| Some(Codigo::M02))?;
    let segredo = sortear_segredo(palco);
    conexao.enviar(format!("segredo {segredo}\n").as_bytes())?;
    conexao.fechar();
    esperar_segredo(palco, &segredo).codigo(Codigo::M02)
}

/// A conversa acaba sem um segredo inteiro: o programa precisa dizer isso.
fn sem_segredo(palco: &mut Palco) -> Veredicto {
    for (porque, somas, fala) in [
        ("o oráculo disse “errado” e encerrou", 0, "errado\n"),
        ("o oráculo encerrou depois da saudação", 0, ""),
        ("o oráculo encerrou depois de uma soma certa", 1, ""),
        ("o oráculo encerrou no meio de uma soma", 0, "some 41"),
        ("o oráculo encerrou no meio do segredo", 0, "segredo cora"),
    ] {
        palco.titulo(porque);
        let mut conexao = saudar(palco, Entrega::Inteiro)?;
        for _ in 0..somas {
            perguntar(palco, &mut conexao)?;
        }
        conexao.enviar(fala.as_bytes())?;
        conexao.fechar();
        let saida = palco
            .esperar_que_termine()
            .codigo(Codigo::M07)
            .contexto(porque)?;
        if saida.status == Some(0) {
            return palco.falhar(
                Codigo::EstadoErrado,
                format!(
                    "{porque}: esperava um estado de saída diferente de 0, \
                     e o programa terminou como se soubesse o segredo"
                ),
            );
        }
        so_isto_na_saida(palco, "")?;
    }
    Ok(())
}

/// Uma execução nova, até a apresentação.
fn saudar(palco: &mut Palco, entrega: Entrega) -> Passo<Conexao> {
    let conexao = palco.receber_em(entrega)?;
    cumprimentar(palco, conexao)
}

/// O oráculo saúda, e o programa diz `sou` e um nome.
fn cumprimentar(palco: &Palco, mut conexao: Conexao) -> Passo<Conexao> {
    conexao.enviar(SAUDACAO.as_bytes())?;
    let mut linha = conexao.ler_linha().diagnosticar(|prova| {
        (prova.nada_chegou() && prova.terminou).then_some(Codigo::Encerrou)
    });
    if let Err(Interrupcao::Falha(falha)) = &mut linha
        && falha.por_silencio()
        && falha.evidencia.as_ref().is_some_and(Evidencia::nada_chegou)
    {
        falha.codigo = porque_calou(&mut conexao)?;
    }
    let linha = linha.contexto("depois da saudação")?;
    let Ok(texto) = String::from_utf8(linha) else {
        return palco.falhar(
            Codigo::Diferente,
            "a apresentação não é texto UTF-8: há nela uma letra em outra \
             codificação",
        );
    };
    let nome = texto.trim_end().strip_prefix("sou ").unwrap_or_default();
    if nome.trim().is_empty() {
        return palco.falhar(
            Codigo::Diferente,
            format!("esperava `sou ` e um nome; chegou “{}”", texto.trim_end()),
        );
    }
    Ok(conexao)
}

/// O que solta a apresentação que não veio: mais linhas enchem um buffer sem
/// `flush`; e quem lê até o fim do fluxo fala depois dele.
fn porque_calou(conexao: &mut Conexao) -> Passo<Codigo> {
    let somas = "some 999 999\n".repeat(ENCHENTE);
    conexao.encher(somas.as_bytes(), somas.len());
    if soltou(conexao) {
        return Ok(Codigo::M10);
    }
    conexao.meio_fechar()?;
    Ok(match soltou(conexao) {
        true => Codigo::M09,
        false => Codigo::Calado,
    })
}

/// Se chega algum byte, depois do silêncio.
fn soltou(conexao: &Conexao) -> bool {
    let mut fluxo = conexao.socket();
    let pronto = fluxo.set_nonblocking(false).and_then(|()| {
        fluxo.set_read_timeout(Some(DEPOIS_DO_SILENCIO))?;
        fluxo.read(&mut [0; 1])
    });
    pronto.is_ok_and(|lidos| lidos > 0)
}

/// Um segredo que não se adivinha, com letras de dois bytes.
fn sortear_segredo(palco: &mut Palco) -> String {
    let sorte = palco.sorte();
    format!("coração-{}", sorte.entre(1000, 10_000))
}

/// O segredo em uma linha da saída, e o estado de saída 0.
fn esperar_segredo(palco: &mut Palco, segredo: &str) -> Veredicto {
    let o_que = format!("uma linha com “{segredo}”");
    let achado =
        palco.esperar_na_saida(&o_que, |linha| linha.trim() == segredo);
    if let Err(Interrupcao::Falha(_)) = &achado
        && let Some(linha) =
            palco.saida().iter().find(|linha| linha.contains(segredo))
    {
        return palco.falhar(
            Codigo::Diferente,
            format!(
                "a linha “{linha}” tem o segredo e mais texto: na saída \
                 padrão vai só ele, “{segredo}”; o resto vai para a saída \
                 de erros",
            ),
        );
    }
    achado?;
    palco.esperar_que_termine_bem()?;
    so_isto_na_saida(palco, segredo)
}

/// Na saída padrão não há mais nada: o que se diz às pessoas vai na de erros.
fn so_isto_na_saida(palco: &Palco, segredo: &str) -> Veredicto {
    let saida = palco.saida();
    let mut linhas = saida.iter().map(|linha| linha.trim());
    match linhas.find(|linha| !linha.is_empty() && *linha != segredo) {
        Some(linha) => palco.falhar(
            Codigo::Diferente,
            format!(
                "a saída padrão tem também a linha “{linha}”: nela vai só o \
                 segredo; mensagem para pessoas vai para a saída de erros"
            ),
        ),
        None => Ok(()),
    }
}
