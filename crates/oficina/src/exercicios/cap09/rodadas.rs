//! Capítulo 9, a etapa das rodadas: o algoritmo de Nagle, visto de fora.

use std::time::{Duration, Instant};

use socket2::SockRef;

use super::{chamar, esperar_respostas, quadro};
use crate::erros_classicos::Codigo;
use crate::palco::{Conexao, Interrupcao, Palco, Veredicto};

/// Quantos pedidos tem a etapa das rodadas.
const RODADAS: usize = 24;

/// Acima disto, o segundo pedaço do pedido esperou alguma coisa. A
/// confirmação atrasada do Linux demora 40 ms.
const BURACO: Duration = Duration::from_millis(25);

/// Muitos pedidos pequenos: o tamanho e o texto chegam juntos?
pub fn rodadas(palco: &mut Palco) -> Veredicto {
    let pedidos = ["LER caixa"; RODADAS];
    let pedido = quadro(pedidos[0]);
    palco.argumentos(&pedidos);
    let mut conexao = chamar(palco)?;
    let (mut atrasada, mut imediata) = (Vec::new(), Vec::new());
    for rodada in 0..RODADAS {
        // Metade das rodadas confirma na hora: nelas, quem espera pela
        // confirmação não perde tempo, e quem anda devagar perde.
        let ja = rodada % 2 == 1;
        confirmar_na_hora(&conexao, ja);
        let comeco = conexao.ler(1)?;
        let chegou = Instant::now();
        let resto = conexao.ler(pedido.len() - 1)?;
        let buraco = chegou.elapsed();
        if [comeco, resto].concat() != pedido {
            return palco
                .falhar(Codigo::Diferente, "o pedido não é o que se pediu");
        }
        if ja { &mut imediata } else { &mut atrasada }.push(buraco);
        conexao.enviar(&quadro("são 30"))?;
    }
    esperar_respostas(palco, &["são 30"; RODADAS], Codigo::Diferente)?;
    julgar_buracos(palco, mediana(atrasada), mediana(imediata))
}

fn julgar_buracos(
    palco: &Palco,
    atrasada: Duration,
    imediata: Duration,
) -> Veredicto {
    let visto = format!(
        "{} ms com a confirmação atrasada, {} ms com ela na hora",
        atrasada.as_millis(),
        imediata.as_millis()
    );
    palco.narrar("servidor", "medi", &format!("entre os pedaços: {visto}"));
    if atrasada < BURACO {
        return Ok(());
    }
    if imediata > atrasada / 2 {
        return Err(Interrupcao::Inconclusiva(format!(
            "os pedaços do pedido chegaram separados ({visto}), e não foi só \
             pela confirmação: a máquina está ocupada"
        )));
    }
    palco.falhar(
        Codigo::M35,
        format!(
            "o resto de cada pedido chegou muito depois do começo: {visto}"
        ),
    )
}

fn mediana(mut tempos: Vec<Duration>) -> Duration {
    tempos.sort();
    tempos.get(tempos.len() / 2).copied().unwrap_or_default()
}

/// Pede ao kernel que confirme na hora o próximo segmento, ou que espere.
#[cfg(target_os = "linux")]
fn confirmar_na_hora(conexao: &Conexao, ja: bool) {
    // Sem isso a etapa só fica menos certa do que vê.
    let _ = SockRef::from(conexao.socket()).set_tcp_quickack(ja);
}

#[cfg(not(target_os = "linux"))]
fn confirmar_na_hora(_: &Conexao, _: bool) {}
