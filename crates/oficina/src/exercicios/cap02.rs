//! Capítulo 2: um cliente que tenta cada endereço até alguém saudar.

mod mudos;
mod nome;
mod relatorio;
mod vagas;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use self::nome::{INEXISTENTE, nome_inexistente};
use self::relatorio::{conferir_relatorio, explicar_repeticao};
use self::vagas::{V6, Vaga, ha_ipv6, negado_na_hora, reservar, vizinho};
use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, Evidencia, Palco, Passo, Saida, Veredicto,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("um_endereco", um_endereco),
    Etapa::nova("lista", lista),
    Etapa::nova("nome", nome::nome),
    Etapa::nova("mudos", mudos::mudos),
    Etapa::nova("ninguem", ninguem),
];

/// Os estados de saída que o enunciado pede.
const SAUDADO: i32 = 0;
const NINGUEM: i32 = 1;
const PEDIDO_ERRADO: i32 = 2;

/// Argumentos que não são `host:porta`.
const TORTOS: [&str; 5] = [
    "127.0.0.1",
    "127.0.0.1:",
    "127.0.0.1:porta",
    "127.0.0.1:70000",
    "127.0.0.1:-1",
];

/// Quanto se espera um programa que dá 1 s a cada tentativa.
const LIMITE: Duration = Duration::from_secs(4);

/// Um endereço escrito; e argumentos que não são `host:porta`.
fn um_endereco(palco: &mut Palco) -> Veredicto {
    palco.titulo("um endereço IPv4, entrega inteira");
    no_endereco(palco, vizinho(1), Entrega::Inteiro)?;
    palco.titulo("a saudação gota a gota");
    no_endereco(palco, vizinho(1), Entrega::GotaAGota)?;
    if ha_ipv6() {
        palco.titulo("um endereço IPv6, entre colchetes");
        no_endereco(palco, V6, Entrega::Inteiro)?;
    }
    for torto in TORTOS {
        palco.titulo(format!("um argumento torto: {torto}"));
        recusar_argumento(palco, torto)?;
    }
    Ok(())
}

fn no_endereco(palco: &mut Palco, ip: IpAddr, entrega: Entrega) -> Veredicto {
    let [vaga] = reservar([ip])?;
    let onde = vaga.endereco;
    let ouvinte = vaga.atender(palco, "servidor", entrega)?;
    chamar(palco, &[onde.to_string()])?;
    saudar(palco, ouvinte.aceitar()?)?;
    conferir_relatorio(palco, &[format!("{onde} conectou")])
}

/// O argumento torto vem depois de um certo: nada deve ser tentado.
fn recusar_argumento(palco: &mut Palco, torto: &str) -> Veredicto {
    let [vaga] = reservar([vizinho(1)])?;
    let certo = vaga.endereco.to_string();
    let ouvinte = vaga.atender(palco, "servidor", Entrega::Inteiro)?;
    chamar(palco, &[certo, torto.to_owned()])?;
    esperar_estado(palco, PEDIDO_ERRADO, Codigo::NaoTermina)
        .contexto(&format!("“{torto}” não é host:porta"))?;
    if ouvinte.socket().accept().is_ok() {
        return palco.falhar(
            Codigo::Diferente,
            format!(
                "“{torto}” não é host:porta, e mesmo assim o programa tentou \
                 o outro argumento; esperava que conferisse todos antes"
            ),
        );
    }
    let erros = palco.saida_de_erros();
    match erros.len() {
        1 => conferir_relatorio(palco, &[]),
        quantas => palco.falhar(
            Codigo::Diferente,
            format!(
                "esperava uma linha na saída de erros sobre “{torto}”; \
                 vieram {quantas}"
            ),
        ),
    }
}

/// Dois que recusam, um que atende, e um que não deve ser tentado.
fn lista(palco: &mut Palco) -> Veredicto {
    let [recusa, atende, sobra] =
        reservar([vizinho(2), vizinho(1), vizinho(3)])?;
    let outra = ha_ipv6()
        .then(|| Vaga::nova(SocketAddr::new(V6, recusa.endereco.port())))
        .transpose()
        .unwrap_or_default();
    let mut recusam = vec![recusa.endereco];
    recusam.extend(outra.iter().map(|vaga| vaga.endereco));
    let (onde, ultimo) = (atende.endereco, sobra.endereco);
    let ouvinte = atende.atender(palco, "servidor", Entrega::Inteiro)?;
    let depois = sobra.atender(palco, "o seguinte", Entrega::Inteiro)?;

    let argumentos: Vec<String> = recusam
        .iter()
        .chain([&onde, &ultimo])
        .map(SocketAddr::to_string)
        .collect();
    chamar(palco, &argumentos)?;
    let visita = ouvinte.aceitar_em(LIMITE);
    saudar(palco, explicar_repeticao(palco, visita)?)?;
    if depois.socket().accept().is_ok() {
        return palco.falhar(
            Codigo::Diferente,
            format!(
                "{onde} já tinha saudado, e o programa se conectou também \
                 a {ultimo}"
            ),
        );
    }
    let mut esperado: Vec<String> =
        recusam.iter().map(|e| format!("{e} recusada")).collect();
    esperado.push(format!("{onde} conectou"));
    conferir_relatorio(palco, &esperado)
}

/// Nenhum endereço serve: o relatório inteiro e o estado de saída 1.
fn ninguem(palco: &mut Palco) -> Veredicto {
    let [recusa, fila] = reservar([vizinho(2), vizinho(3)])?;
    let (primeiro, ultimo) = (recusa.endereco, fila.endereco);
    let mudo = fila.emudecer(palco)?;
    let mut argumentos = vec![primeiro.to_string()];
    let mut esperado = vec![format!("{primeiro} recusada")];
    if let Some(negado) = negado_na_hora(primeiro.port()) {
        argumentos.push(negado.to_string());
        esperado.push(format!("{negado} falhou"));
    }
    if nome_inexistente() {
        let destino = format!("{INEXISTENTE}:{}", primeiro.port());
        esperado.push(format!("{destino} sem endereço"));
        argumentos.push(destino);
    }
    argumentos.push(ultimo.to_string());
    esperado.push(format!("{ultimo} tempo esgotado"));

    chamar(palco, &argumentos)?;
    esperar_o_fim(palco, Codigo::M32)?;
    drop((recusa, mudo));
    conferir_relatorio(palco, &esperado)?;
    esperar_estado(palco, NINGUEM, Codigo::M32)
}

/// Inicia o programa com estes argumentos.
fn chamar(palco: &mut Palco, argumentos: &[String]) -> Passo<()> {
    let porta = argumentos[0].rsplit_once(':').map_or("", |(_, p)| p);
    palco.chamar(porta.parse().unwrap_or_default(), argumentos)
}

/// Uma linha que não se adivinha vai, e tem de voltar igual, uma vez só; o
/// programa então termina. O espaço do fim é da linha: quem a apara a muda.
fn saudar(palco: &mut Palco, mut conexao: Conexao) -> Veredicto {
    let texto = format!("olá, {} ", palco.sorte().texto(12));
    conexao.enviar(format!("{texto}\n").as_bytes())?;
    conexao
        .esperar_linha(&texto)
        .diagnosticar(leu_so_uma_vez)
        .contexto("a saudação de volta")?;
    // Há quem só termine depois de ver o fim do fluxo.
    conexao.meio_fechar()?;
    esperar_estado(palco, SAUDADO, Codigo::NaoTermina)?;
    conexao
        .esperar_fim()
        .diagnosticar(|prova| {
            let outra_vez = prova.bytes_a_mais() && !prova.com_zeros();
            outra_vez.then_some(Codigo::Diferente)
        })
        .contexto("depois da saudação devolvida")
}

/// Voltou só o começo da linha. Quem devolve tudo menos o `\n` leu a linha
/// inteira, e o tirou.
fn leu_so_uma_vez(prova: &Evidencia) -> Option<Codigo> {
    prova
        .so_o_comeco()
        .then(|| match prova.so_falta_o_fim_de_linha() {
            true => Codigo::Diferente,
            false => Codigo::M02,
        })
}

/// Espera o programa terminar; quem não termina recebe o código `calado`.
fn esperar_o_fim(palco: &mut Palco, calado: Codigo) -> Passo<Saida> {
    if let Some(saida) = palco.terminou_em(LIMITE)? {
        return Ok(saida);
    }
    palco.falhar(
        calado,
        format!("o programa não terminou em {} s", LIMITE.as_secs()),
    )
}

fn esperar_estado(palco: &mut Palco, estado: i32, calado: Codigo) -> Veredicto {
    let saida = esperar_o_fim(palco, calado)?;
    if saida.status == Some(estado) {
        return Ok(());
    }
    palco.falhar(
        Codigo::EstadoErrado,
        format!(
            "o programa terminou {}; o requisito pede {estado}",
            saida.em_palavras()
        ),
    )
}
