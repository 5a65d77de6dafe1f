//! Capítulo 5: um servidor de eco que não perde nada.

use std::io::Read;
use std::time::Duration;

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

/// Quanto Eva envia, no máximo, sem ler o eco, em bytes: mais do que cabe nos
/// buffers do sistema, para que o servidor fique parado em uma escrita.
const SEM_LER: usize = 16 * 1024 * 1024;

/// Um resto que cabe nos buffers do sistema, em bytes: o programa o devolve
/// sem que ninguém leia.
const CABE: usize = 200_000;

/// Um resto que não cabe, em bytes: com um leitor lento, quem fecha ao ver o
/// fim ainda tem o que devolver.
const NAO_CABE: usize = 2 * 1024 * 1024;

/// O que ela repete, em bytes.
const BLOCO: usize = 64 * 1024;

/// Depois do silêncio, quanto se espera pelo eco que só o fim do fluxo solta.
const DEPOIS_DO_FIM: Duration = Duration::from_millis(200);

/// Uma mensagem longa e uma curta, nos quatro modos de entrega, com a conexão
/// aberta. A curta depois da longa revela o buffer reaproveitado.
fn eco(palco: &mut Palco) -> Veredicto {
    // Sem acentos: quem toma bytes por texto é assunto da próxima etapa.
    let longa = palco.sorte().letras(48) + "\n";
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
            let primeira = trocar_a_primeira(&mut cliente, mensagens[0]);
            let depois = entrega != Entrega::Inteiro;
            if depois && fechou_calado(&primeira) && saiu(palco) {
                return palco.falhar(
                    Codigo::Encerrou,
                    "o programa terminou depois de atender o primeiro \
                     cliente; um servidor volta a aceitar",
                );
            }
            primeira?;
            cliente.enviar(mensagens[1])?;
            cliente
                .esperar_bytes(mensagens[1])
                .diagnosticar(parou_na_primeira)
                .diagnosticar(causa)?;
        }
        terminar(cliente)?;
    }
    Ok(())
}

/// Se a conexão acabou sem que viesse um byte.
fn fechou_calado(passo: &Passo<()>) -> bool {
    matches!(passo, Err(Interrupcao::Falha(falha))
    if falha.evidencia.as_ref().is_some_and(|prova| {
        prova.nada_chegou() && (prova.fim() || prova.redefinida())
    }))
}

/// Se o programa terminou, em vez de voltar a aceitar.
fn saiu(palco: &mut Palco) -> bool {
    palco.esperar_que_termine().is_ok()
}

/// A primeira mensagem da conversa: o que chega no lugar do eco diz muito.
fn trocar_a_primeira(cliente: &mut Conexao, mensagem: &[u8]) -> Passo<()> {
    let entrega = cliente.entrega();
    cliente.enviar(mensagem)?;
    let resultado = cliente
        .esperar_bytes(mensagem)
        .diagnosticar(|e| pelo_corte(e, entrega))
        .diagnosticar(causa);
    let calado = matches!(
        &resultado,
        Err(Interrupcao::Falha(falha)) if falha.por_silencio()
            && falha.evidencia.as_ref().is_some_and(Evidencia::nada_chegou)
    );
    if calado && solta_no_fim(cliente)? {
        return resultado.codigo(Codigo::M09);
    }
    resultado
}

/// Se o eco que não vinha vem quando o cliente encerra o lado dele.
fn solta_no_fim(cliente: &mut Conexao) -> Passo<bool> {
    cliente.meio_fechar()?;
    let mut fluxo = cliente.socket();
    let pronto = fluxo.set_nonblocking(false).and_then(|()| {
        fluxo.set_read_timeout(Some(DEPOIS_DO_FIM))?;
        fluxo.read(&mut [0; 1])
    });
    Ok(pronto.is_ok_and(|lidos| lidos > 0))
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
    let todos: Vec<u8> = (0..=255).collect();
    let mais = [&todos[..], &palco.sorte().bytes(256)].concat();
    // Em gotas bastam os que não são ASCII e começam ou continuam caracteres.
    let gotas = todos[0x70..0xD0].to_vec();
    for (entrega, conteudo) in
        [(Entrega::Inteiro, mais), (Entrega::GotaAGota, gotas)]
    {
        let mut cliente = palco.conectar_em(entrega)?;
        cliente.enviar(&conteudo)?;
        cliente.esperar_bytes(&conteudo).diagnosticar(como_texto)?;
        terminar(cliente)?;
    }
    Ok(())
}

/// Muito mais do que cabe nos buffers do sistema, para quem lê sem pressa.
fn volume(palco: &mut Palco) -> Veredicto {
    let tudo = palco.sorte().bytes(VOLUME);
    let mut cliente = palco.conectar_em(Entrega::Lento)?;
    cliente
        .conversar(&tudo)
        .diagnosticar(faltou_um_pedaco)
        .diagnosticar(causa)?;
    terminar(cliente)
}

/// Uma parte do que foi recebido nunca foi enviada: no meio, ou do fim.
fn faltou_um_pedaco(prova: &Evidencia) -> Option<Codigo> {
    let acabou = prova.fim() || prova.redefinida();
    let calou = prova.silencio() && prova.por_enviar == 0;
    let faltou = prova.so_o_comeco() && (acabou || calou);
    (faltou || prova.pulou().is_some()).then_some(Codigo::M06)
}

/// O cliente avisa que não envia mais e ainda espera o resto.
fn meio_fechamento(palco: &mut Palco) -> Veredicto {
    let modos = [(Entrega::Inteiro, CABE), (Entrega::Lento, NAO_CABE)];
    for (entrega, quanto) in modos {
        palco.titulo(format!("meio fechamento, entrega: {entrega}"));
        let resto = palco.sorte().bytes(quanto);
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

/// Um cliente aborta no meio; o próximo é atendido, tenha o servidor visto o
/// aborto ao ler ou ao escrever. Depois o servidor é encerrado com uma conexão
/// aberta e tem de voltar à mesma porta.
fn desistencia(palco: &mut Palco) -> Veredicto {
    palco.titulo("Ana aborta a conexão; Beto vem depois");
    let mut ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    ana.enviar(b"vou embora\n")?;
    ana.esperar_bytes(b"vou embora\n").diagnosticar(causa)?;
    ana.redefinir()?;
    atender_o_proximo(palco)?;

    palco.titulo("Eva envia sem ler, e aborta; Beto vem depois");
    let mut eva = palco.conectar_como("Eva", Entrega::Lento)?;
    let bloco = palco.sorte().bytes(BLOCO);
    eva.encher(&bloco, SEM_LER);
    eva.redefinir()?;
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

/// O que a forma da entrega revela sobre um eco incompleto.
fn pelo_corte(prova: &Evidencia, entrega: Entrega) -> Option<Codigo> {
    let recebidos = prova.recebido.len();
    let acabou = prova.fim() || prova.redefinida();
    let cortou = acabou && prova.esperado.starts_with(&prova.recebido);
    match entrega {
        // A mensagem veio em uma escrita só: o reset diz que ficou por ler.
        Entrega::Inteiro if prova.so_o_comeco() && prova.redefinida() => {
            Some(Codigo::M12)
        }
        // Fechou quando leu o primeiro byte de um caractere acentuado.
        Entrega::GotaAGota
            if cortou && !prova.esperado[recebidos].is_ascii() =>
        {
            Some(Codigo::M04)
        }
        // Das leituras em que a mensagem chegou, só a última teve resposta.
        Entrega::GotaAGota
            if recebidos > 0 && prova.esperado.ends_with(&prova.recebido) =>
        {
            Some(Codigo::M02)
        }
        _ => None,
    }
}

/// A primeira mensagem teve eco; a segunda, não, e a conexão acabou.
fn parou_na_primeira(prova: &Evidencia) -> Option<Codigo> {
    let acabou = prova.fim() || prova.redefinida();
    (acabou && prova.nada_chegou()).then_some(Codigo::M02)
}

/// A causa de um eco errado, pelo que se viu no fio.
fn causa(prova: &Evidencia) -> Option<Codigo> {
    if prova.fim() || prova.redefinida() {
        if prova.terminou {
            return Some(Codigo::Encerrou);
        }
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
