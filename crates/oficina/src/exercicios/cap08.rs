//! Capítulo 8: um balcão que não perde recados, e encerra como deve.

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Desfecho, Diagnosticar, Entrega, Evidencia, Interrupcao, Palco,
    Passo, Veredicto, bytes,
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
    palco.titulo(format!("entrega: {}", Entrega::Inteiro));
    let recado = palco.sorte().texto(40);
    let ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    let deixado = deixar(ana, recado.as_bytes());
    if contados(&deixado) == Some(0) {
        return nomear_o_zero(palco, &recado, deixado);
    }
    deixado?;
    palco.titulo(format!("entrega: {}", Entrega::GotaAGota));
    let recado = palco.sorte().texto(40);
    let ana = palco.conectar_como("Ana", Entrega::GotaAGota)?;
    let deixado = palco.se_saiu(deixar(ana, recado.as_bytes()));
    // De uma vez, contou certo: gota a gota, só conta menos quem não junta.
    match contados(&deixado) {
        Some(n) if n < recado.len() => deixado.codigo(Codigo::M02)?,
        _ => deixado?,
    }
    palco.titulo("um recado grande");
    let recado = palco.sorte().bytes(SOBRA);
    let ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    deixar(ana, &recado)
}

/// Quantos bytes o programa disse ter guardado, no lugar dos que vieram.
fn contados(deixado: &Passo<()>) -> Option<usize> {
    let Err(Interrupcao::Falha(falha)) = deixado else {
        return None;
    };
    let dito = falha.evidencia.as_ref()?.recebido.as_slice();
    let numero = dito.strip_prefix(b"GUARDEI ")?.strip_suffix(b"\n")?;
    std::str::from_utf8(numero).ok()?.parse().ok()
}

/// O recado veio com a linha `DEIXA`, e o programa contou 0 bytes. Se conta
/// certo quando ele vem depois, jogou fora o que leu adiante.
fn nomear_o_zero(
    palco: &mut Palco,
    recado: &str,
    zero: Passo<()>,
) -> Veredicto {
    palco.titulo("para saber mais: a linha DEIXA em um pedaço só dela");
    let mut ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    ana.enviar_partes(&[b"DEIXA\n", recado.as_bytes()])?;
    ana.meio_fechar()?;
    let separada = ana.esperar_linha(&format!("GUARDEI {}", recado.len()));
    match separada {
        Ok(()) => zero.codigo(Codigo::M11),
        Err(_) => zero,
    }
    .contexto("o recado veio no mesmo segmento que a linha `DEIXA`")
}

/// Quatro recados, entregues na ordem: um acaba em fim de linha, um tem todos
/// os bytes, um é vazio. Depois do OK e do VAZIO, quem pega só encerra quando vê
/// o FIN do servidor.
fn pega(palco: &mut Palco) -> Veredicto {
    let recados = [
        palco.sorte().texto(30).into_bytes(),
        (palco.sorte().texto(20) + "\n").into_bytes(),
        (0..=255).collect(),
        Vec::new(),
    ];
    for recado in &recados {
        let ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
        deixar(ana, recado)?;
    }
    let mut entregas = [Entrega::Inteiro; 4];
    entregas[1] = Entrega::GotaAGota;
    for (vez, (recado, entrega)) in recados.iter().zip(entregas).enumerate() {
        palco.titulo(match recado.len() {
            0 => "Beto pega o recado vazio".to_owned(),
            256 => "Beto pega um recado com todos os bytes".to_owned(),
            _ => format!("Beto pega um recado, entrega: {entrega}"),
        });
        let mut beto = palco.conectar_como("Beto", entrega)?;
        let pedido = pedir(&mut beto, recado);
        let pedido = match recado.len() {
            256 if !veio(&pedido, &recados[vez - 1]) => pedido.contexto(
                "este recado tem os 256 bytes que existem, e volta como veio",
            ),
            _ => pedido,
        };
        match vez.checked_sub(1) {
            Some(antes) => voltou(pedido, &recados[antes], entregas[antes]),
            None => pedido,
        }
        .diagnosticar(outro_recado)?;
        beto.enviar(b"OK\n")?;
        ver_o_fim(&mut beto)?;
    }
    palco.titulo("a fila acabou");
    let mut beto = palco.conectar_como("Beto", Entrega::GotaAGota)?;
    beto.enviar(b"PEGA\n")?;
    beto.esperar_linha("VAZIO")?;
    ver_o_fim(&mut beto)
}

/// Se, no lugar do recado pedido, veio este.
fn veio(pedido: &Passo<()>, recado: &[u8]) -> bool {
    let Err(Interrupcao::Falha(falha)) = pedido else {
        return false;
    };
    falha.evidencia.as_ref().is_some_and(|p| de_novo(p, recado))
}

/// Se veio de novo o recado que já tinha sido confirmado: o OK chegou em
/// pedaços e não foi reconhecido, ou nem inteiro ele tira o recado da fila.
fn voltou(pedido: Passo<()>, antes: &[u8], entrega: Entrega) -> Passo<()> {
    match (veio(&pedido, antes), entrega) {
        (false, _) => pedido,
        (true, Entrega::GotaAGota) => pedido
            .codigo(Codigo::M02)
            .contexto("o `OK` veio em pedaços, e o recado continuou na fila"),
        (true, _) => pedido
            .codigo(Codigo::Diferente)
            .contexto("depois da linha `OK`, o recado sai da fila"),
    }
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
    let resposta = ana.esperar_linha("NAO ENTENDI");
    match palco.terminou_na_queda(&resposta) {
        Some(_) => resposta.codigo(Codigo::Encerrou)?,
        None => resposta.diagnosticar(por_reset)?,
    }
    ana.esperar_fim()
        .diagnosticar(por_reset)
        .diagnosticar(sem_fim)?;
    if !ana.ainda_recebe() {
        return palco.falhar(
            Codigo::M12,
            "o programa encerrou o envio e fechou sem ler até o zero: o que \
             Ana ainda enviava foi respondido com um reset (RST)",
        );
    }
    ana.fechar();

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
/// e não respondido com um reset. Vem em duas vezes, porque ler uma só não é
/// ler até o fim.
fn enviar_o_resto(palco: &mut Palco, mut cliente: Conexao) -> Veredicto {
    for _ in 0..2 {
        cliente.enviar(&palco.sorte().bytes(RESTO))?;
        if !cliente.ainda_recebe() {
            return palco.falhar(
                Codigo::M13,
                "depois do FIN do servidor o cliente ainda enviou, e recebeu \
                 um reset (RST): o programa fechou sem ler até o zero, ou \
                 encerrou os dois sentidos",
            );
        }
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
    let carla = pedir_o_mesmo(palco, "Carla", &recado)?;
    carla.redefinir()?;

    palco.titulo("Davi recebe o mesmo recado e diz outra coisa");
    let mut davi = pedir_o_mesmo(palco, "Davi", &recado)?;
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

/// Pede o recado que ninguém confirmou. Se veio outro, pergunta-se mais uma
/// vez: se agora ele vem, tinha ido para o fim da fila; se não, perdeu-se.
fn pedir_o_mesmo(
    palco: &mut Palco,
    nome: &str,
    recado: &str,
) -> Passo<Conexao> {
    let mut cliente = proximo(palco, nome)?;
    let pedido = pedir(&mut cliente, recado.as_bytes())
        .diagnosticar(|p| p.nada_chegou().then_some(Codigo::M16));
    let Err(falta) = pedido else {
        return Ok(cliente);
    };
    cliente.fechar();
    palco.titulo("para saber mais: o recado está mais atrás na fila?");
    let atras = proximo(palco, "Eva")
        .and_then(|mut eva| pedir(&mut eva, recado.as_bytes()));
    match atras {
        Ok(()) => Err(falta).codigo(Codigo::Diferente).contexto(
            "o recado que ninguém confirmou foi para o fim da fila, e devia \
             continuar onde estava",
        ),
        Err(_) => Err(falta).codigo(Codigo::M15),
    }
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
    let guardado = cliente
        .esperar_linha(&format!("GUARDEI {}", recado.len()))
        .diagnosticar(sem_resposta);
    match contados(&guardado) {
        Some(n) => guardado.contexto(&format!(
            "o recado tem {}, e o programa contou {n}",
            bytes(recado.len())
        ))?,
        None => guardado?,
    }
    cliente.esperar_fim().diagnosticar(sem_fim)
}

/// Pede o recado mais antigo e confere que é este.
fn pedir(cliente: &mut Conexao, recado: &[u8]) -> Passo<()> {
    cliente.enviar(b"PEGA\n")?;
    let cabeca = format!("{}\n", recado.len());
    cliente.esperar_bytes(&[cabeca.as_bytes(), recado].concat())
}

/// Se o que veio começa como a entrega deste recado.
fn de_novo(prova: &Evidencia, recado: &[u8]) -> bool {
    let cabeca = format!("{}\n", recado.len());
    !prova.recebido.is_empty()
        && [cabeca.as_bytes(), recado]
            .concat()
            .starts_with(&prova.recebido)
}

/// Uma entrega curta sai inteira, e cada byte dela é do recado: o que difere é
/// outra resposta, e não uma escrita parcial nem um resto de buffer.
fn outro_recado(prova: &Evidencia) -> Option<Codigo> {
    (prova.desfecho == Desfecho::Diferente).then_some(Codigo::Diferente)
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
