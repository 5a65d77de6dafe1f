//! Um nome com dois endereços, e um nome que não existe.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::relatorio::{
    conferir_a_ordem, conferir_relatorio, explicar_repeticao,
};
use super::vagas::{V6, reservar, vizinho};
use super::{LIMITE, chamar, saudar};
use crate::erros_classicos::Codigo;
use crate::palco::{Diagnosticar, Entrega, Palco, Veredicto};

/// Quanto o sistema pode levar para dizer que um nome não existe.
const RESOLVER: Duration = Duration::from_secs(2);

/// Um nome reservado, que nunca existe (RFC 6761, §6.4).
pub const INEXISTENTE: &str = "nao-existe.invalid";

/// `localhost` com um servidor em uma das famílias, e depois na outra.
pub fn nome(palco: &mut Palco) -> Veredicto {
    let familias = resolver("localhost").unwrap_or_default();
    if !(familias.contains(&vizinho(1)) && familias.contains(&V6)) {
        palco.narrar(
            "oficina",
            "não provei",
            "um nome com dois endereços: aqui `localhost` não tem os dois",
        );
        return dois_enderecos_escritos(palco);
    }
    // Na ordem do sistema: quem só conhece uma família falha na outra.
    for onde in familias {
        palco.titulo(format!("o servidor de localhost só escuta em {onde}"));
        so_em(palco, onde)?;
    }
    Ok(())
}

fn so_em(palco: &mut Palco, ip: IpAddr) -> Veredicto {
    let outro = if ip == V6 { vizinho(1) } else { V6 };
    let [atende, recusa] = reservar([ip, outro])?;
    let (onde, porta) = (atende.endereco, atende.endereco.port());
    let ouvinte = atende.atender(palco, "servidor", Entrega::Inteiro)?;
    chamar(palco, &[format!("localhost:{porta}")])?;
    // Quem tenta também por UDP espera 1 s por uma saudação que não vem.
    let visita = ouvinte.aceitar_em(LIMITE).codigo(Codigo::M22);
    let visita = explicar_repeticao(palco, visita);
    saudar(palco, visita.contexto("com localhost")?)?;

    // A ordem é a que o sistema deu, e o primeiro que saúda encerra a lista.
    let mut esperado = Vec::new();
    let ips = resolver("localhost").unwrap_or_default();
    let ordem: Vec<_> = ips
        .into_iter()
        .map(|ip| SocketAddr::new(ip, porta))
        .collect();
    for &endereco in &ordem {
        if endereco == onde {
            esperado.push(format!("{endereco} conectou"));
            break;
        }
        esperado.push(format!("{endereco} recusada"));
    }
    drop(recusa);
    conferir_a_ordem(palco, &ordem)?;
    conferir_relatorio(palco, &esperado)
}

/// O que resta provar onde nenhum nome tem dois endereços.
fn dois_enderecos_escritos(palco: &mut Palco) -> Veredicto {
    let [recusa, atende] = reservar([vizinho(2), vizinho(1)])?;
    let (primeiro, onde) = (recusa.endereco, atende.endereco);
    let ouvinte = atende.atender(palco, "servidor", Entrega::Inteiro)?;
    chamar(palco, &[primeiro.to_string(), onde.to_string()])?;
    saudar(palco, ouvinte.aceitar().codigo(Codigo::M22)?)?;
    let esperado = [format!("{primeiro} recusada"), format!("{onde} conectou")];
    conferir_relatorio(palco, &esperado)
}

/// Se este sistema diz, e logo, que o nome reservado não existe. Um que
/// espera muito pelo DNS, ou que inventa uma resposta, não serve de prova.
pub fn nome_inexistente() -> bool {
    let (envia, recebe) = mpsc::channel();
    thread::spawn(move || {
        let _ = envia.send(resolver(INEXISTENTE).is_err());
    });
    recebe.recv_timeout(RESOLVER).unwrap_or(false)
}

/// Os IPs de um nome, na ordem que o sistema dá, sem repetir.
fn resolver(nome: &str) -> io::Result<Vec<IpAddr>> {
    let mut ips: Vec<IpAddr> =
        (nome, 0).to_socket_addrs()?.map(|e| e.ip()).collect();
    ips.dedup();
    Ok(ips)
}
