//! Capítulo 8: um balcão que não perde recados, e encerra como deve.

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, Evidencia, Interrupcao, Palco, Passo,
    Veredicto,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("deixa", deixa),
    Etapa::nova("pega", pega),
    Etapa::nova("engano", engano),
    Etapa::nova("sumico", sumico),
    Etapa::nova("volta", volta),
];

/// Quanto envia quem se enganou, em bytes: mais do que o programa leria de uma
/// vez só.
const SOBRA: usize = 200_000;

/// Quanto ainda envia quem já viu a resposta e o FIN do servidor, em bytes.
const RESTO: usize = 1000;

/// Uma linha no lugar do OK, que começa como ele e não é ele.
const OUTRA_LINHA: &[u8] = b"OKEI\n";

/// O cliente deixa um recado, encerra o envio e ainda espera a resposta.
fn deixa(palco: &mut Palco) -> Veredicto {
    for entrega in [Entrega::Inteiro, Entrega::GotaAGota] {
        palco.titulo(format!("entrega: {entrega}"));
        let recado = palco.sorte().texto(40);
        let ana = palco.conectar_como("Ana", entrega)?;
        deixar(ana, recado.as_bytes())?;
    }
    palco.titulo("um recado grande");
    let recado = palco.sorte().bytes(SOBRA);
    let ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    deixar(ana, &recado)
}

/// Três recados, entregues na ordem: um acaba em fim de linha, um é vazio.
/// Depois do OK e do VAZIO, quem pega só encerra quando vê o FIN do servidor.
fn pega(palco: &mut Palco) -> Veredicto {
    let recados = [
        palco.sorte().texto(30),
        palco.sorte().texto(20) + "\n",
        String::new(),
    ];
    for recado in &recados {
        let ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
        deixar(ana, recado.as_bytes())?;
    }
    let entregas = [Entrega::GotaAGota, Entrega::Inteiro, Entrega::Inteiro];
    for (vez, (recado, entrega)) in recados.iter().zip(entregas).enumerate() {
        palco.titulo(match recado.is_empty() {
            true => "Beto pega o recado vazio".to_owned(),
            false => format!("Beto pega um recado, entrega: {entrega}"),
        });
        let mut beto = palco.conectar_como("Beto", entrega)?;
        pedir(&mut beto, recado.as_bytes()).diagnosticar(|prova| {
            // Veio de novo o recado que já tinha sido confirmado.
            (vez == 1 && de_novo(prova, &recados[0])).then_some(Codigo::M02)
        })?;
        beto.enviar(b"OK\n")?;
        ver_o_fim(&mut beto)?;
    }
    palco.titulo("a fila acabou");
    let mut beto = palco.conectar_como("Beto", Entrega::GotaAGota)?;
    beto.enviar(b"PEGA\n")?;
    beto.esperar_linha("VAZIO")?;
    ver_o_fim(&mut beto)
}

/// Uma primeira linha que não existe: com muito depois dela, com nada, e com
/// um resto que só vem depois do FIN do servidor. O resto vem também de quem
/// pegou um recado.
fn engano(palco: &mut Palco) -> Veredicto {
    palco.titulo("Ana se engana e envia muito mais");
    // Em uma escrita só: se a sobra viesse depois, um programa apressado
    // poderia encerrar antes de ela chegar, e o erro não se veria.
    let mut pedido = b"BOM DIA\n".to_vec();
    pedido.extend(palco.sorte().bytes(SOBRA));
    let mut ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    ana.enviar(&pedido)?;
    ana.meio_fechar()?;
    ana.esperar_linha("NAO ENTENDI").diagnosticar(por_reset)?;
    ana.esperar_fim()
        .diagnosticar(por_reset)
        .diagnosticar(sem_fim)?;

    palco.titulo("Beto se engana e espera");
    let mut beto = palco.conectar_como("Beto", Entrega::Inteiro)?;
    beto.enviar(b"PEGAR\n")?;
    beto.esperar_linha("NAO ENTENDI")
        .diagnosticar(espera_o_fim)?;
    ver_o_fim(&mut beto)?;

    palco.titulo("Beto viu a resposta e o FIN, e ainda envia");
    enviar_o_resto(palco, beto)?;

    palco.titulo("Carla confirma, vê o FIN, e ainda envia");
    let recado = palco.sorte().texto(20);
    let ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    deixar(ana, recado.as_bytes())?;
    let mut carla = palco.conectar_como("Carla", Entrega::Inteiro)?;
    pedir(&mut carla, recado.as_bytes())?;
    carla.enviar(b"OK\n")?;
    ver_o_fim(&mut carla)?;
    enviar_o_resto(palco, carla)
}

/// O servidor encerrou o envio dele, e não a conexão: o que ainda vier é lido,
/// e não respondido com um reset.
fn enviar_o_resto(palco: &mut Palco, mut cliente: Conexao) -> Veredicto {
    cliente.enviar(&palco.sorte().bytes(RESTO))?;
    if !cliente.ainda_recebe() {
        return palco.falhar(
            Codigo::M13,
            "depois do FIN do servidor o cliente ainda enviou, e recebeu um \
             reset (RST): o programa fechou sem ler até o zero, ou encerrou \
             os dois sentidos",
        );
    }
    cliente.fechar();
    Ok(())
}

/// Quem vai embora sem OK, ou diz outra coisa, não levou o recado: ele continua
/// na frente do que veio depois.
fn sumico(palco: &mut Palco) -> Veredicto {
    let recado = palco.sorte().texto(40);
    let segundo = palco.sorte().texto(20);
    for recado in [&recado, &segundo] {
        let ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
        deixar(ana, recado.as_bytes())?;
    }

    palco.titulo("Beto recebe o recado e encerra sem OK");
    let mut beto = palco.conectar_como("Beto", Entrega::Inteiro)?;
    pedir(&mut beto, recado.as_bytes())?;
    beto.fechar();

    palco.titulo("Carla recebe o mesmo recado e aborta sem OK");
    let mut carla = proximo(palco, "Carla")?;
    pedir(&mut carla, recado.as_bytes()).diagnosticar(perdido)?;
    carla.redefinir()?;

    palco.titulo("Davi recebe o mesmo recado e diz outra coisa");
    let mut davi = proximo(palco, "Davi")?;
    pedir(&mut davi, recado.as_bytes()).diagnosticar(perdido)?;
    davi.enviar(OUTRA_LINHA)?;
    terminar(davi)?;

    palco.titulo("Eva recebe o mesmo recado e confirma");
    let mut eva = proximo(palco, "Eva")?;
    pedir(&mut eva, recado.as_bytes())
        .codigo(Codigo::Diferente)
        .contexto("só a linha “OK” confirma, e Davi disse “OKEI”")?;
    confirmar(eva)?;
    let mut eva = proximo(palco, "Eva")?;
    pedir(&mut eva, segundo.as_bytes())?;
    confirmar(eva)
}

/// O servidor é encerrado com uma conexão aberta e volta à mesma porta.
fn volta(palco: &mut Palco) -> Veredicto {
    let recado = palco.sorte().texto(20);
    let ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    deixar(ana, recado.as_bytes())?;
    let mut beto = palco.conectar_como("Beto", Entrega::Inteiro)?;
    pedir(&mut beto, recado.as_bytes())?;

    palco.titulo("o servidor é encerrado com Beto ligado, e volta");
    palco.reiniciar()?;
    let volta = palco.conectar_como("Carla", Entrega::Inteiro);
    let carla = match volta {
        Err(Interrupcao::Falha(_)) if palco.terminou().is_some() => {
            return palco.falhar(
                Codigo::M21,
                "o programa terminou ao voltar à mesma porta, \
                 com uma conexão antiga ainda por acabar",
            );
        }
        outra => outra?,
    };
    deixar(carla, recado.as_bytes())?;
    beto.fechar();
    Ok(())
}

/// Deixa um recado e espera a resposta e o fim.
fn deixar(mut cliente: Conexao, recado: &[u8]) -> Passo<()> {
    let pedido = [b"DEIXA\n", recado].concat();
    cliente.enviar(&pedido)?;
    cliente.meio_fechar()?;
    cliente
        .esperar_linha(&format!("GUARDEI {}", recado.len()))
        .diagnosticar(sem_resposta)?;
    cliente.esperar_fim().diagnosticar(sem_fim)
}

/// Pede o recado mais antigo e confere que é este.
fn pedir(cliente: &mut Conexao, recado: &[u8]) -> Passo<()> {
    cliente.enviar(b"PEGA\n")?;
    let cabeca = format!("{}\n", recado.len());
    cliente.esperar_bytes(&[cabeca.as_bytes(), recado].concat())
}

/// Se o que veio começa como a entrega deste recado.
fn de_novo(prova: &Evidencia, recado: &str) -> bool {
    let entrega = format!("{}\n{recado}", recado.len());
    !prova.recebido.is_empty()
        && entrega.as_bytes().starts_with(&prova.recebido)
}

/// Confirma o recado recebido e espera o fim.
fn confirmar(mut cliente: Conexao) -> Passo<()> {
    cliente.enviar(b"OK\n")?;
    terminar(cliente)
}

/// O cliente encerra e confere que o servidor também encerra.
fn terminar(mut cliente: Conexao) -> Passo<()> {
    cliente.meio_fechar()?;
    cliente.esperar_fim().diagnosticar(sem_fim)
}

/// O cliente não encerra: espera o servidor, que já disse tudo, encerrar.
fn ver_o_fim(cliente: &mut Conexao) -> Passo<()> {
    cliente.esperar_fim().diagnosticar(|prova| {
        let calou = prova.silencio() && prova.nada_chegou();
        (calou && !prova.girando()).then_some(Codigo::M13)
    })
}

/// O próximo cliente, depois que outro foi embora sem avisar.
fn proximo(palco: &mut Palco, nome: &str) -> Passo<Conexao> {
    palco
        .conectar_como(nome, Entrega::Inteiro)
        .map_err(|erro| match erro {
            Interrupcao::Falha(_) => Interrupcao::falha(
                Codigo::M16,
                "depois que um cliente foi embora, o servidor não atende mais",
            ),
            outra => outra,
        })
}

/// O cliente encerrou o envio, e a resposta não veio.
fn sem_resposta(prova: &Evidencia) -> Option<Codigo> {
    if prova.girando() {
        return Some(Codigo::M07);
    }
    let calou = prova.fim() || prova.silencio();
    (calou && prova.nada_chegou()).then_some(Codigo::M13)
}

/// A resposta só viria depois do fim do fluxo.
fn espera_o_fim(prova: &Evidencia) -> Option<Codigo> {
    let calou = prova.silencio() && prova.nada_chegou();
    (calou && !prova.girando()).then_some(Codigo::M09)
}

/// A resposta veio, e o fim do fluxo não.
fn sem_fim(prova: &Evidencia) -> Option<Codigo> {
    if prova.silencio() && prova.girando() {
        return Some(Codigo::M07);
    }
    (prova.silencio() && prova.nada_chegou()).then_some(Codigo::M14)
}

/// A conexão acabou em reset: sobraram bytes por ler.
fn por_reset(prova: &Evidencia) -> Option<Codigo> {
    let cortada = prova.redefinida() || prova.por_enviar > 0;
    cortada.then_some(Codigo::M12)
}

/// O recado que ninguém confirmou não está mais na fila.
fn perdido(prova: &Evidencia) -> Option<Codigo> {
    let atendeu = !prova.nada_chegou();
    Some(if atendeu { Codigo::M15 } else { Codigo::M16 })
}
