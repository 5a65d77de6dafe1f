//! Capítulo 3: um servidor de eco chamada por chamada, em três famílias.

mod descritores;
mod unix;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, Evidencia, Interrupcao, Palco, Passo,
    Veredicto,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("eco", eco),
    Etapa::nova("fila", fila),
    Etapa::nova("pilha_dupla", pilha_dupla).sozinha(),
    Etapa::nova("unix", unix::unix),
    Etapa::nova("descritores", descritores::descritores),
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

/// Como o sistema escreve EINVAL.
const INVALIDO: &str = "Invalid argument";

/// Quantas vezes conecta quem vem depois de um reset: quem refaz o socket de
/// escuta corta uma conexão que já estava na fila, e isso é da etapa 2.
const TENTATIVAS: u32 = 3;

/// Uma linha cortada no meio de um caractere: quem só repete bytes não espera
/// o resto dela.
const MEIA_LINHA: [&[u8]; 2] = [b"ol\xc3", b"\xa1\n"];

/// Quanto Eva envia, no máximo, sem ler o eco, em bytes: mais do que cabe nos
/// buffers do sistema, para que o servidor fique parado em uma escrita.
const SEM_LER: usize = 16 * 1024 * 1024;

/// O que ela repete, em bytes.
const BLOCO: usize = 64 * 1024;

/// Duas mensagens em cada modo de entrega; depois, o servidor volta à mesma
/// porta com a conexão por acabar. Um cliente por execução: o que acontece ao
/// segundo é assunto da próxima etapa. Só na última execução há outros, depois
/// de um reset, visto ao ler ou ao escrever, e deles se pede uma resposta e
/// mais nada.
fn eco(palco: &mut Palco) -> Veredicto {
    let longa = palco.sorte().letras(48) + "\n";
    let mensagens = [longa.as_bytes(), b"oi\n"];
    let mut ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    for entrega in ENTREGAS {
        palco.titulo(format!("entrega: {entrega}"));
        ana.mudar_entrega(entrega);
        conversar(&mut ana, &mensagens)?;
    }
    palco.titulo("entrega: meia linha, cortada no meio de um caractere");
    for parte in MEIA_LINHA {
        ana.enviar(parte)?;
        let eco = ana.esperar_bytes(parte).diagnosticar(tomou_por_texto);
        eco.contexto("meia linha, que não espera pelo resto")?;
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
    let proximo = atender_o_proximo(palco);
    ou_so_atende_um(palco, proximo)?;
    palco.titulo("Eva envia sem ler, e aborta; Davi volta depois");
    let mut eva = palco.conectar_como("Eva", Entrega::Lento)?;
    let bloco = palco.sorte().bytes(BLOCO);
    eva.encher(&bloco, SEM_LER);
    eva.redefinir()?;
    atender_o_proximo(palco)
}

/// Dos bytes que não são um texto inteiro, voltaram outros, só uma parte, ou a
/// conexão acabou.
fn tomou_por_texto(prova: &Evidencia) -> Option<Codigo> {
    let acabou = prova.fim() || prova.redefinida() || prova.terminou;
    let mexeu = prova.texto_corrompido() || prova.so_o_comeco();
    (acabou || mexeu).then_some(Codigo::M04)
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
                format!(
                    "depois que um cliente abortou, o servidor não atende \
                     mais{}",
                    por_um_sinal(palco)
                ),
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

/// O sinal que terminou o programa, se foi um.
fn por_um_sinal(palco: &Palco) -> String {
    match palco.terminou() {
        Some(saida) if saida.sinal.is_some() => {
            format!("; o programa terminou {}", saida.em_palavras())
        }
        _ => String::new(),
    }
}

/// Quem só atende um cliente não foi derrubado por um reset: também não atende
/// o segundo quando o primeiro encerra em ordem.
fn ou_so_atende_um(palco: &mut Palco, proximo: Veredicto) -> Veredicto {
    if !matches!(proximo, Err(Interrupcao::Falha(_))) {
        return proximo;
    }
    palco.titulo("foi o reset? O servidor volta, e o cliente não aborta");
    palco.reiniciar()?;
    let fim = palco
        .conectar_como("Gil", Entrega::Inteiro)
        .and_then(|mut gil| trocar(&mut gil).and_then(|()| terminar(gil)));
    if fim.is_err() {
        return proximo;
    }
    match atender_o_proximo(palco) {
        Err(Interrupcao::Falha(_)) => palco.falhar(
            match palco.terminou() {
                Some(_) => Codigo::Encerrou,
                None => Codigo::NaoAtende,
            },
            "o programa atende um cliente e não atende o segundo, mesmo \
             quando o primeiro encerra em ordem",
        ),
        _ => proximo,
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
    desistir_na_fila(palco)
}

/// Lia envia, encerra o envio e aborta antes da sua vez. O programa lê o que
/// ela enviou, e a primeira escrita já falha, não com o reset, mas com EPIPE
/// (em C, o sinal SIGPIPE, que termina quem não o ignora).
fn desistir_na_fila(palco: &mut Palco) -> Veredicto {
    palco.titulo("enquanto Ana é atendida de novo, Lia desiste na fila");
    let mut ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    trocar(&mut ana)?;
    let mut lia = palco.conectar_como("Lia", Entrega::Inteiro)?;
    lia.enviar(b"ja vou indo\n")?;
    lia.meio_fechar()?;
    lia.redefinir()?;
    terminar(ana)?;
    atender_o_proximo(palco)
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
    let so_ipv6 = palco.usar_pilha_dupla()?;
    let chegada = palco.conectar_por("Ana", Ipv6Addr::LOCALHOST);
    let mut ana = chegada.map_err(|parou| opcao_tarde(palco, parou))?;
    trocar(&mut ana)?;
    terminar(ana)?;
    let beto = palco.conectar_por("Beto", Ipv4Addr::LOCALHOST);
    let mut beto = beto.map_err(|parou| match parou {
        Interrupcao::Falha(_) if palco.terminou().is_none() => {
            // À mão, onde vale outro padrão, o mesmo programa parece certo.
            let padrao = match so_ipv6 {
                true => " (aqui `bindv6only` vale 1; no seu sistema, talvez 0)",
                false => "",
            };
            Interrupcao::falha(
                Codigo::M23,
                format!(
                    "o cliente IPv6 foi atendido; o IPv4, recusado{padrao}"
                ),
            )
        }
        outra => outra,
    })?;
    trocar(&mut beto)?;
    terminar(beto)
}

/// Depois do `bind`, o Linux recusa IPV6_V6ONLY com EINVAL.
fn opcao_tarde(palco: &Palco, mut parou: Interrupcao) -> Interrupcao {
    let erros = palco.saida_de_erros();
    let invalido = erros.iter().any(|linha| linha.contains(INVALIDO));
    if let Interrupcao::Falha(falha) = &mut parou
        && palco.terminou().is_some()
        && invalido
    {
        falha.mensagem += "; “Invalid argument” costuma ser IPV6_V6ONLY \
                           mudado depois do bind: a opção vem antes";
    }
    parou
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
