//! Capítulo 4: um cliente que pega um recado inteiro, ou diz o motivo.

use std::thread;
use std::time::{Duration, Instant};

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Desfecho, Diagnosticar, Entrega, Evidencia, Interrupcao, Palco,
    Passo, Saida, Veredicto, bytes,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("pedido", pedido),
    Etapa::nova("fatias", fatias),
    Etapa::nova("aberta", aberta),
    Etapa::nova("cortada", cortada),
    Etapa::nova("sem_resposta", sem_resposta),
];

/// Os estados de saída que o enunciado pede.
const RECUSADA: i32 = 3;
const ESGOTADO: i32 = 4;
const CORTADO: i32 = 5;

/// Quanto um programa que tem 1 s de paciência pode passar parado, ou girando,
/// sem terminar.
const LIMITE: Duration = Duration::from_secs(2);

/// Um pedido que demora mais do que isto esperou o programa desistir.
const PEDIDO_TARDIO: Duration = Duration::from_millis(600);

/// O que a saída ainda pode demorar depois que o programa termina.
const RESTO_DA_SAIDA: Duration = Duration::from_millis(500);

/// De quanto em quanto tempo se olha para o programa.
const FATIA: Duration = Duration::from_millis(5);

/// Um recado, e a resposta que o leva: o tamanho, um fim de linha e ele.
struct Recado {
    texto: String,
    resposta: Vec<u8>,
    /// Onde o texto começa na resposta.
    corpo: usize,
}

impl Recado {
    /// Três linhas com acentos; a última, sem fim de linha.
    fn novo(palco: &mut Palco) -> Recado {
        let sorte = palco.sorte();
        let texto = sorte.linha(12) + &sorte.linha(20) + "coração";
        let cabeca = format!("{}\n", texto.len());
        let resposta = [cabeca.as_bytes(), texto.as_bytes()].concat();
        Recado {
            texto,
            resposta,
            corpo: cabeca.len(),
        }
    }
}

/// A resposta em uma escrita só, e o servidor encerra.
fn pedido(palco: &mut Palco) -> Veredicto {
    let recado = Recado::novo(palco);
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    let aceita = Instant::now();
    receber_pedido(&mut conexao)?;
    let demorou = aceita.elapsed() > PEDIDO_TARDIO;
    conexao.enviar(&recado.resposta)?;
    conexao.meio_fechar()?;
    let resultado = esperar_recado(palco, &recado);
    let desistiu = palco.terminou().is_some_and(|s| s.status != Some(0));
    resultado.diagnosticar(|prova| {
        if demorou {
            return Some(Codigo::M10);
        }
        // Chegou tudo; para o programa, faltou o que veio junto da linha.
        (prova.nada_chegou() && desistiu).then_some(Codigo::M11)
    })
}

/// Cada corte difícil, e depois gota a gota.
fn fatias(palco: &mut Palco) -> Veredicto {
    let recado = Recado::novo(palco);
    let (corpo, fim) = (recado.corpo, recado.resposta.len());
    let cortes = [
        (
            "no meio do recado",
            corpo + 1 + primeiro_ascii(&recado),
            Codigo::M02,
        ),
        ("logo depois da linha do tamanho", corpo, Codigo::M02),
        // “coração” termina em c3 a7 c3 a3 6f: o corte separa o ã.
        ("dentro de um caractere", fim - 2, Codigo::M04),
        ("antes do fim da linha", corpo - 1, Codigo::M03),
        ("dentro do número", 1, Codigo::M03),
    ];
    for (onde, corte, codigo) in cortes {
        palco.titulo(format!("um corte {onde}"));
        let mut conexao = palco.receber_em(Entrega::Inteiro)?;
        receber_pedido(&mut conexao)?;
        let (antes, depois) = recado.resposta.split_at(corte);
        conexao.enviar_partes(&[antes, depois])?;
        conexao.meio_fechar()?;
        esperar_recado(palco, &recado).diagnosticar(|_| Some(codigo))?;
    }
    palco.titulo("entrega: gota a gota");
    let mut conexao = palco.receber_em(Entrega::GotaAGota)?;
    receber_pedido(&mut conexao)?;
    conexao.enviar(&recado.resposta)?;
    conexao.meio_fechar()?;
    esperar_recado(palco, &recado).diagnosticar(|_| Some(Codigo::M02))
}

/// A distância do começo do texto ao primeiro caractere de um byte só.
fn primeiro_ascii(recado: &Recado) -> usize {
    recado.texto.bytes().position(|b| b.is_ascii()).unwrap_or(0)
}

/// O recado chega inteiro, e a conexão fica aberta.
fn aberta(palco: &mut Palco) -> Veredicto {
    let recado = Recado::novo(palco);
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    receber_pedido(&mut conexao)?;
    conexao.enviar(&recado.resposta)?;
    palco.narrar("servidor", "deixei", "a conexão aberta");
    let resultado = esperar_recado(palco, &recado);
    conexao.fechar();
    resultado.diagnosticar(|_| Some(Codigo::M09))
}

/// A resposta termina antes da hora: por FIN e por RST.
fn cortada(palco: &mut Palco) -> Veredicto {
    let recado = Recado::novo(palco);
    let meio = recado.corpo + 10;
    for (onde, corte) in [
        ("antes da resposta", 0),
        ("na linha do tamanho", 1),
        ("logo depois dela", recado.corpo),
        ("no meio do recado", meio),
    ] {
        palco.titulo(format!("o servidor encerra {onde}"));
        let mut conexao = palco.receber_em(Entrega::Inteiro)?;
        receber_pedido(&mut conexao)?;
        conexao.enviar(&recado.resposta[..corte])?;
        conexao.fechar();
        let porque = format!("o fluxo terminou {onde}");
        esperar_estado(palco, CORTADO, &porque, Codigo::M07)?;
    }
    palco.titulo("o servidor aborta no meio do recado");
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    receber_pedido(&mut conexao)?;
    conexao.enviar_partes(&[&recado.resposta[..meio]])?;
    conexao.redefinir()?;
    let porque = "a conexão foi redefinida no meio do recado";
    esperar_estado(palco, CORTADO, porque, Codigo::M07)
}

/// Ninguém escuta; depois, alguém que escuta e se cala.
fn sem_resposta(palco: &mut Palco) -> Veredicto {
    palco.titulo("ninguém escuta nesse endereço");
    palco.iniciar()?;
    let porque = "a conexão foi recusada";
    esperar_estado(palco, RECUSADA, porque, Codigo::Calado)?;

    palco.titulo("o servidor recebe o pedido e se cala");
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    receber_pedido(&mut conexao)?;
    let porque = "o servidor não respondeu";
    esperar_estado(palco, ESGOTADO, porque, Codigo::M32)?;
    conexao.fechar();

    palco.titulo("o servidor se cala no meio do recado");
    let recado = Recado::novo(palco);
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    receber_pedido(&mut conexao)?;
    conexao.enviar(&recado.resposta[..recado.corpo + 10])?;
    let porque = "o servidor se calou no meio do recado";
    esperar_estado(palco, ESGOTADO, porque, Codigo::M32)?;
    conexao.fechar();
    Ok(())
}

/// A linha do pedido. O silêncio de quem já conectou é um pedido guardado. O
/// começo, sem o resto, é um pedido incompleto: a paciência do programa pode
/// acabar antes da nossa.
fn receber_pedido(conexao: &mut Conexao) -> Passo<()> {
    conexao
        .esperar_linha("PEGA")
        .diagnosticar(|prova| {
            if prova.so_o_comeco() {
                return Some(Codigo::PedidoIncompleto);
            }
            let guardado = prova.nada_chegou() && prova.silencio();
            guardado.then_some(Codigo::M10)
        })
        .contexto("o pedido")
}

/// O recado na saída padrão e o estado 0.
fn esperar_recado(palco: &mut Palco, recado: &Recado) -> Veredicto {
    let saida = palco.terminou_em(LIMITE)?;
    let esperado = recado.texto.as_bytes();
    let escrito = ler_saida(palco, esperado);
    let recebido = escrito.as_bytes();
    let certo = recebido == esperado;
    palco.narrar("saída", "vi", &bytes(recebido.len()));
    match saida {
        Some(Saida {
            status: Some(0), ..
        }) if certo => Ok(()),
        Some(saida) if certo => palco.falhar(
            Codigo::EstadoErrado,
            format!(
                "o recado está na saída, mas o programa terminou {}; \
                 o requisito pede 0",
                saida.em_palavras()
            ),
        ),
        _ => Err(Interrupcao::provada(Evidencia {
            esperado: esperado.to_vec(),
            recebido: recebido.to_vec(),
            desfecho: match saida {
                None => Desfecho::Silencio,
                _ if esperado.starts_with(recebido) => Desfecho::Encerrou,
                _ => Desfecho::Diferente,
            },
            enviado: recado.resposta.clone(),
            por_enviar: 0,
            processador: None,
            segundos: LIMITE.as_secs_f64(),
            terminou: false,
            diagnosticada: false,
        }))
        .contexto("na saída do programa"),
    }
}

/// O que o programa escreveu, sem o fim da última linha.
fn ler_saida(palco: &Palco, esperado: &[u8]) -> String {
    let inicio = Instant::now();
    loop {
        let escrito = palco.saida().join("\n");
        let escrito = escrito.trim_end_matches('\n');
        if escrito.as_bytes() == esperado || inicio.elapsed() > RESTO_DA_SAIDA {
            return escrito.to_owned();
        }
        thread::sleep(FATIA);
    }
}

/// O estado de saída pedido. Quem não termina recebe o código `calado`.
fn esperar_estado(
    palco: &mut Palco,
    estado: i32,
    porque: &str,
    calado: Codigo,
) -> Veredicto {
    match palco.terminou_em(LIMITE)? {
        Some(Saida {
            status: Some(visto),
            ..
        }) if visto == estado => Ok(()),
        Some(saida) => palco.falhar(
            Codigo::EstadoErrado,
            format!(
                "{porque}: o programa terminou {}; o requisito pede {estado}",
                saida.em_palavras()
            ),
        ),
        None => palco.falhar(
            calado,
            format!(
                "{porque}: esperava o estado de saída {estado}, \
                 e o programa não terminou em {} s",
                LIMITE.as_secs()
            ),
        ),
    }
}
