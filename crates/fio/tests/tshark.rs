//! Compara a nossa leitura com a do `tshark`, campo a campo, em toda captura
//! que o repositório guarda.
//!
//! Sem o `tshark` instalado, o teste avisa e não compara; com `CI=true`, a
//! falta dele é um erro.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use fio::{Captura, Conteudo, Mensagem, Pacote};

/// Os campos do `tshark`, na ordem de [`nossos`].
const CAMPOS: [&str; 16] = [
    "frame.number",
    "ip.src",
    "ip.dst",
    "ipv6.src",
    "ipv6.dst",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.seq",
    "tcp.ack",
    "tcp.flags",
    "tcp.len",
    "tcp.window_size",
    "udp.srcport",
    "udp.dstport",
    "udp.length",
    "frame.protocols",
];
/// Onde começam os campos do transporte.
const TRANSPORTE: usize = 5;
const PROTOCOLOS: usize = CAMPOS.len() - 1;

#[test]
fn a_nossa_leitura_e_a_do_tshark() {
    if Command::new("tshark").arg("--version").output().is_err() {
        let na_ci = std::env::var("CI").is_ok_and(|valor| valor == "true");
        assert!(!na_ci, "instale o tshark: na CI a comparação é obrigatória");
        let _ = writeln!(io::stderr(), "pulado: o tshark não está instalado");
        return;
    }
    let capturas = capturas_do_repositorio();
    assert!(!capturas.is_empty());
    let mut pacotes = 0;
    for caminho in &capturas {
        pacotes += comparar(caminho);
    }
    println!("{pacotes} pacotes iguais em {} capturas", capturas.len());
    assert!(pacotes > 200);
}

/// `crates/*/fio/*.pcap`, e as dos testes desta sala.
fn capturas_do_repositorio() -> Vec<PathBuf> {
    let aqui = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pastas = vec![aqui.join("tests/capturas")];
    let salas = std::fs::read_dir(aqui.join("..")).expect("há outras salas");
    pastas.extend(salas.flatten().map(|sala| sala.path().join("fio")));
    let mut capturas: Vec<PathBuf> = pastas
        .iter()
        .filter_map(|pasta| std::fs::read_dir(pasta).ok())
        .flat_map(|pasta| pasta.flatten().map(|arquivo| arquivo.path()))
        .filter(|caminho| {
            let tipo = caminho.extension().and_then(|tipo| tipo.to_str());
            matches!(tipo, Some("pcap" | "pcapng"))
        })
        .collect();
    capturas.sort();
    capturas
}

fn comparar(caminho: &Path) -> usize {
    let deles = ler_com_tshark(caminho);
    let bytes = std::fs::read(caminho).expect("a captura existe");
    let captura = Captura::ler(&bytes).expect("a captura se lê");
    let nossos = nossos(&captura);
    assert_eq!(nossos.len(), deles.len(), "{}", caminho.display());
    for (nosso, dele) in nossos.iter().zip(&deles) {
        for ((campo, nosso), campo_dele) in CAMPOS.iter().zip(nosso).zip(dele) {
            assert_eq!(
                nosso,
                campo_dele,
                "{campo} difere no pacote {} de {}: nós × tshark",
                dele[0],
                caminho.display()
            );
        }
    }
    nossos.len()
}

fn ler_com_tshark(caminho: &Path) -> Vec<Vec<String>> {
    let mut comando = Command::new("tshark");
    comando.arg("-r").arg(caminho);
    comando.args(["-T", "fields", "-E", "separator=|", "-E", "occurrence=f"]);
    // Sem isto o tshark recomeça os números a cada porta reutilizada.
    comando.args(["-o", "tcp.relative_sequence_numbers:TRUE"]);
    for campo in CAMPOS {
        comando.args(["-e", campo]);
    }
    let saida = comando.output().expect("o tshark roda");
    assert!(
        saida.status.success(),
        "o tshark recusou {}",
        caminho.display()
    );
    String::from_utf8(saida.stdout)
        .expect("texto")
        .lines()
        .map(|linha| linha.split('|').map(str::to_owned).collect())
        .map(so_a_camada_de_fora)
        .collect()
}

/// O `tshark` abre também o pacote que um erro ICMP devolve; nós comparamos o
/// de fora, que tem endereços mas não tem portas.
fn so_a_camada_de_fora(mut campos: Vec<String>) -> Vec<String> {
    if campos[PROTOCOLOS].contains("icmp") {
        campos[TRANSPORTE..PROTOCOLOS].fill(String::new());
    }
    campos.truncate(PROTOCOLOS);
    campos
}

fn nossos(captura: &Captura) -> Vec<Vec<String>> {
    let conversas = captura.conversas();
    let mensagens: Vec<&Mensagem> = conversas
        .iter()
        .flat_map(|conversa| &conversa.mensagens)
        .collect();
    let da_mensagem = |pacote: &Pacote| {
        mensagens.iter().find(|mensagem| {
            mensagem.numero() == pacote.numero
                && mensagem.cabecalho_tcp().is_some()
        })
    };
    captura
        .pacotes()
        .zip(1..)
        .map(|(pacote, ordem)| linha(pacote, ordem, da_mensagem(pacote)))
        .collect()
}

fn linha(
    pacote: &Pacote,
    ordem: usize,
    mensagem: Option<&&Mensagem>,
) -> Vec<String> {
    let mut campos = vec![String::new(); PROTOCOLOS];
    campos[0] = ordem.to_string();
    let arp = matches!(pacote.conteudo, Conteudo::Arp(_));
    let pontas = [pacote.origem, pacote.destino];
    for (i, ponta) in pontas.into_iter().enumerate() {
        if let Some(ponta) = ponta.filter(|_| !arp) {
            let familia = if ponta.ip.is_ipv6() { 3 } else { 1 };
            campos[familia + i] = ponta.ip.to_string();
        }
    }
    let texto =
        |porta: Option<u16>| porta.map_or_else(String::new, |p| p.to_string());
    let portas = pontas.map(|ponta| ponta.and_then(|ponta| ponta.porta));
    if let Conteudo::Tcp(tcp) = &pacote.conteudo {
        let numeros = mensagem.and_then(|m| m.tcp).expect("está numa conversa");
        campos[5] = texto(portas[0]);
        campos[6] = texto(portas[1]);
        campos[7] = numeros.seq.to_string();
        campos[8] = numeros.ack.unwrap_or(0).to_string();
        campos[9] = format!("0x{:04x}", tcp.flags.0);
        campos[10] = tcp.comprimento.to_string();
        campos[11] = numeros.janela.to_string();
    }
    if let Conteudo::Udp(udp) = &pacote.conteudo {
        campos[12] = texto(portas[0]);
        campos[13] = texto(portas[1]);
        campos[14] = (udp.comprimento + 8).to_string();
    }
    campos
}
