//! Capítulo 10: um cliente UDP que só aceita a resposta à sua pergunta.

use std::collections::HashSet;
use std::thread;
use std::time::{Duration, Instant};

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{Datagramas, Diagnosticar, Palco, Passo, Rede, Veredicto};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("conversa", conversa),
    Etapa::nova("tamanhos", tamanhos),
    Etapa::nova("vazio", vazio),
    Etapa::nova("ninguem", ninguem),
    Etapa::nova("estranho", estranho),
];

/// A maior linha que o cliente pode enviar, em bytes.
const MAIOR_LINHA: usize = 1200;

/// Quanto se espera um `sem resposta` de um programa que espera 1 s.
const LIMITE: Duration = Duration::from_secs(4);

/// De quanto em quanto tempo se olha para o programa.
const FATIA: Duration = Duration::from_millis(5);

const SEM_RESPOSTA: &str = "sem resposta";
const LONGA: &str = "longa demais";

/// Guarda e consulta; o número de cada pergunta é novo.
fn conversa(palco: &mut Palco) -> Veredicto {
    let sorteada = palco.sorte().palavra();
    let mut servidor = comecar(palco)?;
    let mut numeros = HashSet::new();
    for (linha, resposta) in [
        ("nome=Ana", "guardado".to_owned()),
        ("nome", format!("Ana {sorteada}")),
        ("refeição", format!("pão de queijo e {sorteada}")),
    ] {
        let numero = perguntar(palco, &mut servidor, linha)?;
        if !numeros.insert(numero.clone()) {
            return palco.falhar(
                Codigo::Diferente,
                format!("o número {numero} já tinha sido usado"),
            );
        }
        responder(palco, &mut servidor, &numero, &resposta)?;
    }
    terminar(palco)
}

/// Respostas maiores que os buffers de costume, e linhas que não podem partir.
fn tamanhos(palco: &mut Palco) -> Veredicto {
    let mut servidor = comecar(palco)?;
    for linhas in [50, 1000] {
        let marca = palco.sorte().palavra();
        palco.titulo(format!("uma resposta de {} bytes", linhas * 60));
        let numero = perguntar(palco, &mut servidor, "lema")?;
        let texto = format!("{}fim {marca}", linha_de_60().repeat(linhas));
        servidor.enviar_direto(format!("{numero} {texto}").as_bytes())?;
        mostrar(palco, &format!("fim {marca}")).codigo(Codigo::M27)?;
    }
    palco.titulo("uma linha de 1200 bytes ainda pode");
    let cheia = format!("a={}", "ã".repeat(MAIOR_LINHA / 2 - 1));
    let numero = perguntar(palco, &mut servidor, &cheia)?;
    responder(palco, &mut servidor, &numero, "guardado")?;
    for tamanho in [70_000, MAIOR_LINHA + 1] {
        palco.titulo(format!("uma linha de {tamanho} bytes não parte"));
        let linhas = palco.saida().len();
        let linha = "x".repeat(tamanho) + "\n";
        palco.escrever_na_entrada(linha.as_bytes())?;
        if proxima_linha(palco, linhas).as_deref() != Some(LONGA) {
            return palco.falhar(
                Codigo::M31,
                format!("esperava “{LONGA}” depois de {tamanho} bytes"),
            );
        }
        palco.narrar("programa", "escreveu", "“longa demais”");
    }
    servidor
        .esperar_silencio(Duration::from_millis(100))
        .codigo(Codigo::M31)?;
    let numero = perguntar(palco, &mut servidor, "e agora")?;
    responder(palco, &mut servidor, &numero, "tudo bem")?;
    terminar(palco)
}

fn linha_de_60() -> String {
    "devagar ".repeat(7) + "...\n"
}

/// Um datagrama de 0 bytes não responde nem encerra.
fn vazio(palco: &mut Palco) -> Veredicto {
    let marca = palco.sorte().palavra();
    let mut servidor = comecar(palco)?;
    let numero = perguntar(palco, &mut servidor, "nome")?;
    servidor.enviar_direto(b"")?;
    responder(palco, &mut servidor, &numero, &format!("Ana {marca}"))
        .codigo(Codigo::M28)?;
    let numero =
        perguntar(palco, &mut servidor, "outro nome").codigo(Codigo::M28)?;
    responder(palco, &mut servidor, &numero, &format!("Bia {marca}"))?;
    terminar(palco)
}

/// O pedido parte, e a resposta não vem: primeiro calada, depois sem ninguém.
fn ninguem(palco: &mut Palco) -> Veredicto {
    let mut servidor = comecar(palco)?;
    palco.titulo("o servidor recebe e não responde");
    let linhas = palco.saida().len();
    perguntar(palco, &mut servidor, "nome=Ana")?;
    esperar_desistencia(palco, linhas)?;
    palco.titulo("a pergunta seguinte é respondida");
    let numero = perguntar(palco, &mut servidor, "nome")?;
    responder(palco, &mut servidor, &numero, "aqui estou")?;
    palco.titulo("não há mais ninguém na porta");
    drop(servidor);
    let linhas = palco.saida().len();
    palco.escrever_na_entrada("nome=Bia\n".as_bytes())?;
    esperar_desistencia(palco, linhas)?;
    terminar(palco)
}

/// Espera que a próxima linha, depois destas, seja `sem resposta`.
fn esperar_desistencia(palco: &mut Palco, linhas: usize) -> Veredicto {
    match proxima_linha(palco, linhas) {
        Some(linha) if linha == SEM_RESPOSTA => {
            palco.narrar("programa", "escreveu", "“sem resposta”");
            Ok(())
        }
        Some(outra) => palco.falhar(
            Codigo::M29,
            format!("esperava “{SEM_RESPOSTA}”; o programa disse “{outra}”"),
        ),
        None if palco.terminou().is_some() => palco.falhar(
            Codigo::Encerrou,
            format!("esperava “{SEM_RESPOSTA}”, e o programa terminou"),
        ),
        None => palco.falhar(
            Codigo::M32,
            format!("esperava “{SEM_RESPOSTA}”; o programa ainda espera"),
        ),
    }
}

/// Quatro datagramas que não são a resposta, cada um antes dela.
fn estranho(palco: &mut Palco) -> Veredicto {
    let marca = palco.sorte().palavra();
    let mut servidor = comecar(palco)?;
    palco.titulo("um estranho responde antes");
    let numero = perguntar(palco, &mut servidor, "saldo")?;
    servidor.enviar_de_estranho(format!("{numero} 1000000").as_bytes())?;
    responder(palco, &mut servidor, &numero, &format!("vinte {marca}"))
        .codigo(Codigo::M30)?;

    palco.titulo("a resposta atrasa e chega na pergunta seguinte");
    let linhas = palco.saida().len();
    let velho = perguntar(palco, &mut servidor, "dia")?;
    esperar_desistencia(palco, linhas)?;
    let numero = perguntar(palco, &mut servidor, "noite")?;
    servidor.enviar_direto(format!("{velho} claro").as_bytes())?;
    responder(palco, &mut servidor, &numero, &format!("escura {marca}"))
        .codigo(Codigo::M30)?;

    palco.titulo("a resposta vem duas vezes, e depois uma sem número");
    servidor.enviar_direto(format!("{numero} escura").as_bytes())?;
    let novo = perguntar(palco, &mut servidor, "mar")?;
    servidor.enviar_direto("oi".as_bytes())?;
    responder(palco, &mut servidor, &novo, &format!("azul {marca}"))
        .codigo(Codigo::M30)?;
    terminar(palco)
}

fn comecar(palco: &mut Palco) -> Passo<Datagramas> {
    palco.com_entrada();
    palco.receber_datagramas_em(Rede::Direto)
}

/// Digita a linha, recebe o datagrama e devolve o número que ele traz.
fn perguntar(
    palco: &mut Palco,
    servidor: &mut Datagramas,
    linha: &str,
) -> Passo<String> {
    palco.escrever_na_entrada(format!("{linha}\n").as_bytes())?;
    let chegou = servidor.receber()?.bytes;
    let texto = String::from_utf8_lossy(&chegou);
    match texto.split_once(' ') {
        Some((numero, resto))
            if resto == linha && numero.parse::<u64>().is_ok() =>
        {
            Ok(numero.to_owned())
        }
        _ => palco.falhar(
            Codigo::Diferente,
            format!("esperava um número, um espaço e “{}”", curta(linha)),
        ),
    }
}

/// Responde e espera ver a resposta na saída do programa.
fn responder(
    palco: &mut Palco,
    servidor: &mut Datagramas,
    numero: &str,
    texto: &str,
) -> Passo<()> {
    servidor.enviar_direto(format!("{numero} {texto}").as_bytes())?;
    mostrar(palco, texto)
}

fn mostrar(palco: &mut Palco, texto: &str) -> Passo<()> {
    palco
        .esperar_na_saida(&format!("a linha “{texto}”"), |l| l == texto)
        .map(drop)
}

fn terminar(palco: &mut Palco) -> Passo<()> {
    palco.fechar_entrada();
    palco.esperar_que_termine_bem()
}

/// A linha que o programa escreveu depois das primeiras; `None` se ele
/// terminou ou se o limite passou antes dela.
fn proxima_linha(palco: &Palco, linhas: usize) -> Option<String> {
    let fim = Instant::now() + LIMITE;
    while Instant::now() < fim && palco.saida().len() <= linhas {
        if palco.terminou().is_some() {
            thread::sleep(FATIA);
            break;
        }
        thread::sleep(FATIA);
    }
    palco.saida().into_iter().nth(linhas)
}

fn curta(linha: &str) -> String {
    linha.chars().take(40).collect()
}
