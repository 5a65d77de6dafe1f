//! Capítulo 3: um servidor de eco chamada por chamada, em três famílias.

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::time::Duration;

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, Evidencia, GIRANDO, Interrupcao, Palco,
    Passo, Veredicto,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("eco", eco),
    Etapa::nova("fila", fila),
    Etapa::nova("pilha_dupla", pilha_dupla).sozinha(),
    Etapa::nova("unix", unix),
    Etapa::nova("descritores", descritores),
];

/// Como os bytes chegam, um modo depois do outro, na mesma conexão.
const ENTREGAS: [Entrega; 3] =
    [Entrega::Inteiro, Entrega::GotaAGota, Entrega::Colado];

/// Quem conecta enquanto Ana é atendida, na ordem em que chega.
const NA_FILA: [&str; 10] = [
    "Bia", "Caio", "Davi", "Eva", "Fábio", "Gil", "Hana", "Ivo", "Júlia",
    "Kaio",
];

/// Por quanto tempo se olha para um programa sem descritores.
const OLHAR: Duration = Duration::from_millis(600);

/// Quantas vezes conecta quem vem depois de um reset: quem refaz o socket de
/// escuta corta uma conexão que já estava na fila, e isso é da etapa 2.
const TENTATIVAS: u32 = 3;

/// O conteúdo do arquivo comum que estava no caminho do socket.
const ALHEIO: &[u8] = b"a tese de alguem\n";

/// Duas mensagens em cada modo de entrega; depois, o servidor volta à mesma
/// porta com a conexão por acabar. Um cliente por execução: o que acontece ao
/// segundo é assunto da próxima etapa. Só na última execução há um segundo,
/// depois de um reset, e dele se pede uma resposta e mais nada.
fn eco(palco: &mut Palco) -> Veredicto {
    let longa = palco.sorte().letras(48) + "\n";
    let mensagens = [longa.as_bytes(), b"oi\n"];
    let mut ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    for entrega in ENTREGAS {
        palco.titulo(format!("entrega: {entrega}"));
        ana.mudar_entrega(entrega);
        conversar(&mut ana, &mensagens)?;
    }
    palco.titulo("o servidor é encerrado com a conexão aberta e volta");
    palco.reiniciar()?;
    let volta = palco.conectar_como("Bia", Entrega::Inteiro);
    let mut bia = volta.map_err(|parou| match parou {
        Interrupcao::Falha(_) => Interrupcao::falha(
            Codigo::M21,
            "o programa não voltou a atender na mesma porta, com uma conexão \
             antiga por acabar",
        ),
        outra => outra,
    })?;
    trocar(&mut bia)?;
    terminar_ou_explicar(palco, bia)?;
    palco.titulo("o servidor volta; Caio aborta a conexão, e Davi vem depois");
    palco.reiniciar()?;
    let mut caio = palco.conectar_como("Caio", Entrega::Inteiro)?;
    trocar(&mut caio)?;
    caio.redefinir()?;
    atender_o_proximo(palco)
}

/// Depois do reset de um cliente, o próximo é atendido. Ao vê-lo, o programa
/// pode refazer o socket de escuta: quem é recusado ou cortado tenta de novo.
fn atender_o_proximo(palco: &mut Palco) -> Veredicto {
    let mut tentativa = 1;
    loop {
        let davi = palco.conectar_como("Davi", Entrega::Inteiro);
        let mut davi = davi.map_err(|parou| match parou {
            Interrupcao::Falha(_) => Interrupcao::falha(
                Codigo::M16,
                "depois que um cliente abortou, o servidor não atende mais",
            ),
            outra => outra,
        })?;
        match trocar(&mut davi) {
            Err(Interrupcao::Falha(falha))
                if tentativa < TENTATIVAS && !falha.por_silencio() =>
            {
                tentativa += 1;
            }
            Err(Interrupcao::Falha(mut falha)) => {
                falha.codigo = Codigo::M16;
                return Err(Interrupcao::Falha(falha))
                    .contexto("depois que um cliente abortou");
            }
            outro => return outro,
        }
    }
}

/// As mensagens vão e voltam: coladas, ou uma de cada vez.
fn conversar(cliente: &mut Conexao, mensagens: &[&[u8]]) -> Passo<()> {
    if cliente.entrega() == Entrega::Colado {
        cliente.enviar_mensagens(mensagens)?;
        let juntas = mensagens.concat();
        return cliente.esperar_bytes(&juntas).diagnosticar(|prova| {
            let primeira = prova.recebido.len() == mensagens[0].len();
            (prova.so_o_comeco() && primeira).then_some(Codigo::M01)
        });
    }
    for mensagem in mensagens {
        cliente.enviar(mensagem)?;
        cliente.esperar_bytes(mensagem).diagnosticar(leu_uma_vez)?;
    }
    Ok(())
}

/// O eco parou no começo, ou não veio, e a conexão acabou.
fn leu_uma_vez(prova: &Evidencia) -> Option<Codigo> {
    let acabou = prova.fim() || prova.redefinida();
    (acabou && !prova.terminou).then_some(Codigo::M02)
}

/// Ana é atendida; os outros conectam e enviam. Cada um tem a sua vez, na
/// ordem em que chegou.
fn fila(palco: &mut Palco) -> Veredicto {
    let mut ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    trocar(&mut ana)?;
    palco.titulo("enquanto Ana é atendida, os outros entram na fila");
    let mut espera = Vec::new();
    for nome in NA_FILA {
        let mut cliente = entrar_na_fila(palco, nome)?;
        let mensagem = format!("{nome} na fila\n");
        cliente.enviar(mensagem.as_bytes())?;
        espera.push((mensagem, cliente));
    }
    palco.titulo("Ana encerra, e os outros são atendidos na ordem");
    terminar(ana)?;
    for (mensagem, mut cliente) in espera {
        let eco = cliente.esperar_bytes(mensagem.as_bytes());
        eco.diagnosticar(|prova| {
            let recusou = prova.fim() || prova.redefinida();
            match prova.terminou {
                true => Some(Codigo::Encerrou),
                false if recusou => Some(Codigo::M18),
                false => prova.nada_chegou().then_some(Codigo::NaoAtende),
            }
        })?;
        terminar(cliente)?;
    }
    Ok(())
}

/// Conecta com o servidor ocupado: quem responde é o sistema.
fn entrar_na_fila(palco: &mut Palco, nome: &str) -> Passo<Conexao> {
    let entrada = palco.conectar_como(nome, Entrega::Inteiro);
    entrada.map_err(|parou| match parou {
        Interrupcao::Falha(falha) if falha.codigo == Codigo::NaoEscuta => {
            Interrupcao::falha(
                Codigo::M18,
                "enquanto um cliente é atendido, ninguém escuta: \
                 o próximo foi recusado",
            )
        }
        outra => outra,
    })
}

/// `[::]` deve atender IPv6 e IPv4, peça o sistema o que pedir por padrão.
fn pilha_dupla(palco: &mut Palco) -> Veredicto {
    palco.usar_pilha_dupla()?;
    let mut ana = palco.conectar_por("Ana", Ipv6Addr::LOCALHOST)?;
    trocar(&mut ana)?;
    terminar(ana)?;
    let beto = palco.conectar_por("Beto", Ipv4Addr::LOCALHOST);
    let mut beto = beto.map_err(|parou| match parou {
        Interrupcao::Falha(_) if palco.terminou().is_none() => {
            Interrupcao::falha(
                Codigo::M23,
                "o cliente IPv6 foi atendido; o IPv4, recusado",
            )
        }
        outra => outra,
    })?;
    trocar(&mut beto)?;
    terminar(beto)
}

/// O mesmo eco por um socket Unix. O arquivo que fica de uma execução não
/// impede a seguinte; um arquivo comum não é apagado.
fn unix(palco: &mut Palco) -> Veredicto {
    let caminho = palco.usar_unix()?;
    for entrega in [Entrega::Inteiro, Entrega::Colado] {
        palco.titulo(format!("entrega: {entrega}"));
        let mut cliente = palco.conectar_em(entrega)?;
        conversar(&mut cliente, &["olá\n".as_bytes(), b"oi\n"])?;
        terminar(cliente)?;
    }
    palco.titulo("o servidor é encerrado; o arquivo fica, e ele volta");
    palco.reiniciar()?;
    let volta = palco.conectar_como("Bia", Entrega::Inteiro);
    let mut bia = volta.map_err(|parou| match parou {
        Interrupcao::Falha(_) => Interrupcao::falha(
            Codigo::CaminhoOcupado,
            "o programa não voltou a atender em um caminho em que já havia \
             um socket",
        ),
        outra => outra,
    })?;
    trocar(&mut bia)?;
    terminar(bia)?;
    arquivo_comum(palco, &caminho)
}

/// No caminho há um arquivo que não é socket: ele deve continuar lá.
fn arquivo_comum(palco: &mut Palco, caminho: &Path) -> Veredicto {
    palco.titulo("o servidor volta, e no caminho há um arquivo comum");
    // Se o programa já apagou o dele ao sair, melhor ainda.
    let _ = fs::remove_file(caminho);
    fs::write(caminho, ALHEIO).map_err(|erro| {
        Interrupcao::Inconclusiva(format!("não pus o arquivo lá: {erro}"))
    })?;
    palco.narrar("arquivo", "tem", "“a tese de alguem\\n”");
    palco.reiniciar()?;
    palco.observar(OLHAR)?;
    match fs::read(caminho) {
        Ok(conteudo) if conteudo == ALHEIO => {
            palco.narrar("arquivo", "tem", "o mesmo conteúdo, como devia ser");
            Ok(())
        }
        _ => palco.falhar(
            Codigo::ArquivoApagado,
            "o arquivo comum que estava no caminho não está mais lá",
        ),
    }
}

/// Sem descritores livres, o programa não termina nem gira; com eles de volta,
/// atende quem ficou à espera.
fn descritores(palco: &mut Palco) -> Veredicto {
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
        trocar(cliente).codigo(Codigo::NaoAtende)?;
        cliente.meio_fechar()?;
        cliente.esperar_fim().diagnosticar(sem_fim)?;
    }
    Ok(())
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

/// Uma mensagem vai e volta.
fn trocar(cliente: &mut Conexao) -> Passo<()> {
    let mensagem = b"alguem em casa?\n";
    cliente.enviar(mensagem)?;
    cliente.esperar_bytes(mensagem).diagnosticar(leu_uma_vez)
}

/// O cliente encerra e confere que o servidor também encerra.
fn terminar(mut cliente: Conexao) -> Passo<()> {
    cliente.meio_fechar()?;
    cliente.esperar_fim().diagnosticar(sem_fim)
}

/// Se o fim não vem, o próximo cliente mostra onde o programa está: ainda
/// nesta conexão, ou de volta ao `accept`, sem tê-la fechado.
fn terminar_ou_explicar(palco: &mut Palco, mut cliente: Conexao) -> Veredicto {
    cliente.meio_fechar()?;
    let fim = cliente.esperar_fim().diagnosticar(sem_fim);
    let mut falha = match fim {
        Err(Interrupcao::Falha(falha)) if falha.codigo == Codigo::NaoFecha => {
            falha
        }
        outro => return outro,
    };
    let proximo = palco.conectar_como("Zeca", Entrega::Inteiro);
    match proximo.and_then(|mut proximo| trocar(&mut proximo)) {
        Ok(()) => falha.mensagem += "; e o próximo cliente já é atendido",
        Err(Interrupcao::Falha(_)) => {
            falha.codigo = Codigo::M07;
            falha.mensagem += "; nem o próximo cliente é atendido";
        }
        Err(outra) => return Err(outra),
    }
    Err(Interrupcao::Falha(falha))
}

/// O que explica a falta do fim do fluxo.
fn sem_fim(prova: &Evidencia) -> Option<Codigo> {
    if prova.silencio() && prova.nada_chegou() {
        return Some(match prova.girando() {
            true => Codigo::M07,
            false => Codigo::NaoFecha,
        });
    }
    (!prova.nada_chegou()).then_some(Codigo::M05)
}
