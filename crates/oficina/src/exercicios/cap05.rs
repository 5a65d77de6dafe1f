//! Capítulo 5: um servidor de eco que não perde nada.

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, Evidencia, Interrupcao, Palco, Passo,
    Veredicto,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("eco", eco),
    Etapa::nova("binario", binario),
    Etapa::nova("volume", volume),
    Etapa::nova("meio_fechamento", meio_fechamento),
    Etapa::nova("desistencia", desistencia),
];

/// Quanto o cliente envia na etapa de volume, em bytes.
const VOLUME: usize = 10 * 1024 * 1024;

/// Uma mensagem longa e uma curta, nos quatro modos de entrega, com a conexão
/// aberta. A curta depois da longa revela o buffer reaproveitado.
fn eco(palco: &mut Palco) -> Veredicto {
    let longa = palco.sorte().linha(48);
    let curta = "oi\n";
    for entrega in Entrega::TODAS {
        palco.titulo(format!("entrega: {entrega}"));
        let mut cliente = palco.conectar_em(entrega)?;
        let mensagens = [longa.as_bytes(), curta.as_bytes()];
        if entrega == Entrega::Colado {
            cliente.enviar_mensagens(&mensagens)?;
            let juntas = mensagens.concat();
            cliente
                .esperar_bytes(&juntas)
                .diagnosticar(|e| so_a_primeira(e, longa.len()))
                .diagnosticar(causa)?;
        } else {
            for mensagem in mensagens {
                cliente.enviar(mensagem)?;
                cliente.esperar_bytes(mensagem).diagnosticar(causa)?;
            }
        }
        terminar(cliente)?;
    }
    Ok(())
}

/// Todos os valores de byte, e texto cortado dentro de um caractere.
fn binario(palco: &mut Palco) -> Veredicto {
    palco.titulo("um caractere cortado ao meio");
    let mut cliente = palco.conectar()?;
    let texto = "coração".as_bytes();
    // O ç são dois bytes: o corte fica entre eles.
    cliente.enviar_partes(&[&texto[..5], &texto[5..]])?;
    cliente
        .esperar_bytes(texto)
        .diagnosticar(como_texto)
        .contexto("um texto sem quebra de linha no fim")?;
    terminar(cliente)?;

    palco.titulo("bytes que não são texto");
    let mut todos: Vec<u8> = (0..=255).collect();
    todos.extend(palco.sorte().bytes(256));
    for entrega in [Entrega::Inteiro, Entrega::GotaAGota] {
        let mut cliente = palco.conectar_em(entrega)?;
        cliente.enviar(&todos)?;
        cliente.esperar_bytes(&todos).diagnosticar(como_texto)?;
        terminar(cliente)?;
    }
    Ok(())
}

/// Muito mais do que cabe nos buffers do sistema, para quem lê sem pressa.
fn volume(palco: &mut Palco) -> Veredicto {
    let tudo = palco.sorte().bytes(VOLUME);
    let mut cliente = palco.conectar_em(Entrega::Lento)?;
    cliente.conversar(&tudo).diagnosticar(|e| {
        if e.pulou().is_some() || e.so_o_comeco() && (e.fim() || e.redefinida())
        {
            return Some(Codigo::M06);
        }
        causa(e)
    })?;
    terminar(cliente)
}

/// O cliente avisa que não envia mais e ainda espera o resto.
fn meio_fechamento(palco: &mut Palco) -> Veredicto {
    for entrega in [Entrega::Inteiro, Entrega::Lento] {
        palco.titulo(format!("meio fechamento, entrega: {entrega}"));
        let resto = palco.sorte().bytes(200_000);
        let mut cliente = palco.conectar_em(entrega)?;
        cliente.enviar(&resto)?;
        cliente.meio_fechar()?;
        cliente.esperar_bytes(&resto).diagnosticar(|e| {
            let cortou = e.fim() || e.redefinida();
            cortou.then_some(Codigo::M13)
        })?;
        cliente.esperar_fim().diagnosticar(sem_fim)?;
    }
    Ok(())
}

/// Um cliente aborta no meio; o próximo é atendido. Depois o servidor é
/// encerrado com uma conexão aberta e tem de voltar à mesma porta.
fn desistencia(palco: &mut Palco) -> Veredicto {
    palco.titulo("Ana aborta a conexão; Beto vem depois");
    let mut ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    ana.enviar(b"vou embora\n")?;
    ana.esperar_bytes(b"vou embora\n").diagnosticar(causa)?;
    ana.redefinir()?;
    atender_o_proximo(palco)?;

    palco.titulo("o servidor é encerrado com uma conexão aberta e volta");
    let mut carla = palco.conectar_como("Carla", Entrega::Inteiro)?;
    carla.enviar(b"ainda aqui\n")?;
    carla.esperar_bytes(b"ainda aqui\n")?;
    palco.reiniciar()?;
    let volta = palco.conectar_como("Davi", Entrega::Inteiro);
    let mut davi = match volta {
        Err(Interrupcao::Falha(_)) if palco.terminou().is_some() => {
            return palco.falhar(
                Codigo::M21,
                "o programa terminou ao voltar à mesma porta, \
                 com uma conexão antiga ainda por acabar",
            );
        }
        outra => outra?,
    };
    davi.enviar(b"de volta\n")?;
    davi.esperar_bytes(b"de volta\n").diagnosticar(causa)?;
    carla.fechar();
    terminar(davi)
}

fn atender_o_proximo(palco: &mut Palco) -> Veredicto {
    let beto = palco.conectar_como("Beto", Entrega::Inteiro);
    let mut beto = beto.map_err(|erro| match erro {
        Interrupcao::Falha(_) => Interrupcao::falha(
            Codigo::M16,
            "depois que um cliente abortou, o servidor não atende mais",
        ),
        outra => outra,
    })?;
    beto.enviar(b"e eu?\n")?;
    beto.esperar_bytes(b"e eu?\n").codigo(Codigo::M16)?;
    terminar(beto)
}

/// O cliente encerra e confere que o servidor também encerra.
fn terminar(mut cliente: Conexao) -> Passo<()> {
    cliente.meio_fechar()?;
    cliente.esperar_fim().diagnosticar(sem_fim)
}

/// Faltou o que veio depois da primeira mensagem: uma leitura, uma mensagem.
fn so_a_primeira(prova: &Evidencia, primeira: usize) -> Option<Codigo> {
    (prova.so_o_comeco() && prova.recebido.len() == primeira)
        .then_some(Codigo::M01)
}

/// A causa de um eco errado, pelo que se viu no fio.
fn causa(prova: &Evidencia) -> Option<Codigo> {
    if prova.fim() || prova.redefinida() {
        return match prova.nada_chegou() {
            true => Some(Codigo::M08),
            false => Some(Codigo::M02),
        };
    }
    None
}

/// O mesmo, onde o conteúdo foi escolhido para quebrar quem o toma por texto.
fn como_texto(prova: &Evidencia) -> Option<Codigo> {
    if prova.texto_corrompido() || prova.fim() || prova.redefinida() {
        return Some(Codigo::M04);
    }
    None
}

/// O que explica a falta do fim do fluxo.
fn sem_fim(prova: &Evidencia) -> Option<Codigo> {
    if prova.silencio() && prova.girando() {
        return Some(Codigo::M07);
    }
    if prova.silencio() && prova.nada_chegou() {
        return Some(Codigo::M13);
    }
    if prova.redefinida() {
        return Some(Codigo::M12);
    }
    (!prova.nada_chegou()).then_some(Codigo::M05)
}
