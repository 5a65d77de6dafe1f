//! A etapa em que acabam os descritores.

use super::{OLHAR, sem_fim, terminar, trocar};
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, GIRANDO, Interrupcao, Palco, Passo,
    Veredicto,
};

/// O que diz quem esperou na fila.
const NA_FILA: &[u8] = b"alguem em casa?\n";

/// Quantas conexões a etapa abre, e o programa deve fechar.
const CONEXOES: u64 = 3;

/// Sem descritores livres, o programa não termina nem gira; com eles de volta,
/// atende quem ficou à espera.
pub fn descritores(palco: &mut Palco) -> Veredicto {
    let livre = palco.esperar_que_escute()?;
    let mut ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    trocar(&mut ana)?;
    palco.titulo("enquanto Ana conversa, acabam os descritores");
    palco.tirar_descritores(livre)?;
    let espera = chegar_sem_descritores(palco, ana);
    let (mut bia, mut caio) = match espera {
        Err(Interrupcao::Falha(_)) if palco.terminou().is_some() => {
            return terminou_sem_descritores(palco);
        }
        outra => outra?,
    };
    match palco.observar(OLHAR)? {
        None => return terminou_sem_descritores(palco),
        Some(fracao) if fracao >= GIRANDO => {
            return palco.falhar(
                Codigo::M17,
                format!(
                    "sem descritores, o programa devia esperar; ocupou \
                     {:.0} % de um processador",
                    100.0 * fracao
                ),
            );
        }
        Some(_) => {}
    }
    palco.titulo("os descritores voltam, e quem esperava é atendido");
    palco.devolver_descritores()?;
    for cliente in [&mut bia, &mut caio] {
        atender_da_fila(cliente)?;
        cliente.meio_fechar()?;
        cliente.esperar_fim().diagnosticar(sem_fim)?;
    }
    if palco.espera_descritor_abaixo_de(livre + CONEXOES)? {
        return Ok(());
    }
    palco.falhar(
        Codigo::NaoFecha,
        "as três conexões acabaram, e o programa ainda tem os descritores \
         delas: shutdown encerra a conexão, e close devolve o número",
    )
}

/// Quem esperou na fila é atendido: o programa tentou de novo.
fn atender_da_fila(cliente: &mut Conexao) -> Veredicto {
    cliente.enviar(NA_FILA)?;
    cliente
        .esperar_bytes(NA_FILA)
        .diagnosticar(|prova| {
            let fechou = prova.fim() || prova.redefinida();
            match fechou && prova.nada_chegou() && !prova.terminou {
                true => Some(Codigo::FechouCedo),
                false => prova.silencio().then_some(Codigo::NaoAtende),
            }
        })
        .contexto(
            "quem chegou sem descritores devia ficar na fila até eles \
             voltarem, e então, em no máximo meio segundo, ser atendido",
        )
}

/// Bia e Caio conectam, e Ana encerra: o programa tenta aceitar e não consegue.
fn chegar_sem_descritores(
    palco: &mut Palco,
    ana: Conexao,
) -> Passo<(Conexao, Conexao)> {
    let bia = palco.conectar_como("Bia", Entrega::Inteiro)?;
    let caio = palco.conectar_como("Caio", Entrega::Inteiro)?;
    terminar(ana)?;
    Ok((bia, caio))
}

fn terminou_sem_descritores(palco: &Palco) -> Veredicto {
    palco.falhar(
        Codigo::M17,
        "faltaram descritores, e o programa terminou em vez de esperar",
    )
}
