//! Capítulo 4: um cliente que pega um recado inteiro, ou diz o motivo.

mod pausas;
mod saida;

use std::time::{Duration, Instant};

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, Evidencia, Interrupcao, Palco, Passo,
    Veredicto,
};
use pausas::pausas;
use saida::{Fracasso, esperar_recado};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("pedido", pedido),
    Etapa::nova("fatias", fatias),
    Etapa::nova("aberta", aberta),
    Etapa::nova("cortada", cortada),
    Etapa::nova("sem_resposta", sem_resposta),
];

/// Os estados de saída que o enunciado pede.
const OUTRO: i32 = 1;
const RECUSADA: i32 = 3;
const ESGOTADO: i32 = 4;
const CORTADO: i32 = 5;

/// Um pedido que demora mais do que isto esperou o programa desistir.
const PEDIDO_TARDIO: Duration = Duration::from_millis(600);

/// O tamanho do recado longo, em bytes: mais do que um buffer costuma ter, e
/// do que vem em uma leitura.
const LONGO: usize = 100_000;

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
        Recado::de(texto)
    }

    fn de(texto: String) -> Recado {
        let cabeca = format!("{}\n", texto.len());
        let resposta = [cabeca.as_bytes(), texto.as_bytes()].concat();
        Recado {
            texto,
            resposta,
            corpo: cabeca.len(),
        }
    }
}

/// A resposta em uma escrita só, e o servidor encerra. Sem acentos; com eles;
/// com espaços e fins de linha onde alguém os apararia.
fn pedido(palco: &mut Palco) -> Veredicto {
    let simples = Recado::de(palco.sorte().letras(12) + "\ntchau");
    receber_inteiro(palco, &simples).diagnosticar(|prova| {
        // Chegou tudo; para o programa, faltou o que veio junto da linha. Quem
        // diz que deu certo não deu por falta de nada.
        (prova.nada_chegou() && !prova.terminou).then_some(Codigo::M11)
    })?;

    palco.titulo("um recado com acentos");
    let acentos = Recado::novo(palco);
    receber_inteiro(palco, &acentos).diagnosticar(|prova| {
        // O mesmo recado, sem acentos, o programa recebeu.
        prova.nada_chegou().then_some(Codigo::ContaLetras)
    })?;

    palco.titulo("um recado com espaços e fins de linha nas pontas");
    let bordas = format!(" {}\r\nfim \n\n", palco.sorte().letras(8));
    receber_inteiro(palco, &Recado::de(bordas)).codigo(Codigo::Diferente)
}

/// O pedido, a resposta inteira e o fim do fluxo.
fn receber_inteiro(palco: &mut Palco, recado: &Recado) -> Veredicto {
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    let aceita = Instant::now();
    receber_pedido(&mut conexao)?;
    let demorou = aceita.elapsed() > PEDIDO_TARDIO;
    conexao.enviar(&recado.resposta)?;
    conexao.meio_fechar()?;
    esperar_recado(palco, recado)
        .diagnosticar(|_| demorou.then_some(Codigo::M10))?;
    // Depois da linha do pedido, o programa não tem mais o que dizer.
    conexao.esperar_nada_mais("o pedido é a linha `PEGA`, e depois dela veio")
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
        esperar_recado(palco, &recado)
            .diagnosticar(|prova| Some(do_corte(prova, codigo)))?;
    }
    palco.titulo("entrega: gota a gota");
    let mut conexao = palco.receber_em(Entrega::GotaAGota)?;
    receber_pedido(&mut conexao)?;
    conexao.enviar(&recado.resposta)?;
    conexao.meio_fechar()?;
    esperar_recado(palco, &recado).diagnosticar(|_| Some(Codigo::M02))?;

    palco.titulo("um recado longo, sem pausas");
    let longo = Recado::de(palco.sorte().texto(LONGO));
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    receber_pedido(&mut conexao)?;
    conexao.enviar(&longo.resposta)?;
    conexao.meio_fechar()?;
    esperar_recado(palco, &longo)
        .codigo(Codigo::Diferente)
        .contexto("o recado pode ser longo")
}

/// O que diz o corte. O caractere cortado só explica o que não é uma cópia do
/// que veio antes dele, nem o buffer de uma leitura só.
fn do_corte(prova: &Evidencia, codigo: Codigo) -> Codigo {
    match codigo {
        Codigo::M04 if prova.so_o_comeco() || prova.com_zeros() => Codigo::M02,
        outro => outro,
    }
}

/// A distância do começo do texto ao primeiro caractere de um byte só.
fn primeiro_ascii(recado: &Recado) -> usize {
    recado.texto.bytes().position(|b| b.is_ascii()).unwrap_or(0)
}

/// O recado chega inteiro, e a conexão fica aberta.
fn aberta(palco: &mut Palco) -> Veredicto {
    let recado = Recado::novo(palco);
    deixar_aberta(palco, &recado)?;
    palco.titulo("um recado vazio");
    deixar_aberta(palco, &Recado::de(String::new()))
}

fn deixar_aberta(palco: &mut Palco, recado: &Recado) -> Veredicto {
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    receber_pedido(&mut conexao)?;
    conexao.enviar(&recado.resposta)?;
    palco.narrar("servidor", "deixei", "a conexão aberta");
    let mut resultado = esperar_recado(palco, recado);
    // Quem tem o recado e o tempo esgotado esperou o que não vinha.
    let esgotado = palco.terminou().and_then(|saida| saida.status);
    if let Err(Interrupcao::Falha(falha)) = &mut resultado
        && esgotado == Some(ESGOTADO)
    {
        falha.codigo = Codigo::M09;
    }
    conexao.fechar();
    resultado.diagnosticar(|_| Some(Codigo::M09))
}

/// A resposta termina antes da hora, por FIN e por RST, ou não se entende.
fn cortada(palco: &mut Palco) -> Veredicto {
    let recado = Recado::novo(palco);
    let meio = recado.corpo + 10;
    let resposta = &recado.resposta;
    for (onde, parte) in [
        ("antes da resposta", &b""[..]),
        // Sem o fim de linha, este zero pode ser o começo de outro número.
        ("na linha do tamanho", b"0"),
        ("logo depois dela", &resposta[..recado.corpo]),
        ("no meio do recado", &resposta[..meio]),
    ] {
        palco.titulo(format!("o servidor encerra {onde}"));
        let mut conexao = palco.receber_em(Entrega::Inteiro)?;
        receber_pedido(&mut conexao)?;
        conexao.enviar(parte)?;
        conexao.fechar();
        let porque = format!("o fluxo terminou {onde}");
        Fracasso::novo(CORTADO, &porque, Codigo::M07)
            .depois_de(parte.get(recado.corpo..).unwrap_or_default())
            .esperar(palco)?;
    }
    palco.titulo("o servidor aborta no meio do recado");
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    receber_pedido(&mut conexao)?;
    conexao.enviar_partes(&[&resposta[..meio]])?;
    conexao.redefinir()?;
    let porque = "a conexão foi redefinida no meio do recado";
    Fracasso::novo(CORTADO, porque, Codigo::M07)
        .depois_de(&resposta[recado.corpo..meio])
        .esperar(palco)?;

    palco.titulo("a linha do tamanho não é um número");
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    receber_pedido(&mut conexao)?;
    conexao.enviar(b"nove\n")?;
    let porque = "a linha do tamanho não é um número";
    Fracasso::novo(OUTRO, porque, Codigo::Calado).esperar(palco)?;
    conexao.fechar();
    Ok(())
}

/// Ninguém escuta; depois, alguém que escuta e se cala; e alguém que só demora.
fn sem_resposta(palco: &mut Palco) -> Veredicto {
    palco.titulo("ninguém escuta nesse endereço");
    palco.iniciar()?;
    let porque = "a conexão foi recusada";
    Fracasso::novo(RECUSADA, porque, Codigo::Calado).esperar(palco)?;

    palco.titulo("o servidor recebe o pedido e se cala");
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    receber_pedido(&mut conexao)?;
    let porque = "o servidor não respondeu";
    Fracasso::novo(ESGOTADO, porque, Codigo::M32).esperar(palco)?;
    conexao.fechar();

    palco.titulo("o servidor se cala no meio do recado");
    let recado = Recado::novo(palco);
    let meio = recado.corpo + 10;
    let mut conexao = palco.receber_em(Entrega::Inteiro)?;
    receber_pedido(&mut conexao)?;
    conexao.enviar(&recado.resposta[..meio])?;
    let porque = "o servidor se calou no meio do recado";
    Fracasso::novo(ESGOTADO, porque, Codigo::M32)
        .depois_de(&recado.resposta[recado.corpo..meio])
        .esperar(palco)?;
    conexao.fechar();

    pausas(palco, &recado)
}

/// A linha do pedido. O silêncio de quem já conectou é um pedido guardado,
/// mesmo se a paciência do programa acaba antes da nossa. O começo, sem o
/// resto, é um pedido incompleto.
fn receber_pedido(conexao: &mut Conexao) -> Passo<()> {
    let aceita = Instant::now();
    conexao
        .esperar_linha("PEGA")
        .diagnosticar(|prova| {
            if prova.so_o_comeco() {
                return Some(Codigo::PedidoIncompleto);
            }
            let esperou = aceita.elapsed() > PEDIDO_TARDIO;
            match prova.nada_chegou() {
                true if prova.silencio() || esperou => Some(Codigo::M10),
                true if prova.fim() || prova.redefinida() => {
                    Some(Codigo::FechouCedo)
                }
                _ => None,
            }
        })
        .contexto("o pedido")
}
