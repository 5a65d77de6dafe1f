//! Bytes ao acaso não derrubam a leitura, o filtro, a figura nem o terminal.
//!
//! Por padrão roda dois segundos; `FIO_FUZZ_SEGUNDOS=300` roda cinco minutos.
//! `FIO_FUZZ_SEMENTE` repete uma execução; a falha mostra a semente e grava os
//! bytes que a causaram na pasta temporária do sistema.

mod comum;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use comum::Acaso;
use fio::figura::{self, Pedido};
use fio::{Captura, texto};

const SEGUNDOS: u64 = 2;
const SEMENTE: u64 = 0x9e37_79b9_7f4a_7c15;
/// Mais que isto em um caso de poucos kB é um laço que não devia existir.
const MAIOR_ESPERA: Duration = Duration::from_secs(5);

const PALAVRAS: [&str; 18] = [
    "tcp", "udp", "icmp", "arp", "ipv6", "porta", "7005", "host", "10.0.0.2",
    "pacotes", "1-9", "com", "dados", "e", "ou", "não", "(", ")",
];

fn numero_do_ambiente(nome: &str, padrao: u64) -> u64 {
    std::env::var(nome)
        .ok()
        .and_then(|v| v.parse().ok())
        .unwrap_or(padrao)
}

fn sementes() -> Vec<Vec<u8>> {
    let nomes = ["eco.pcap", "sll.pcap", "sll2.pcap", "veth.pcap"];
    let mut sementes: Vec<Vec<u8>> = nomes
        .iter()
        .chain(&["perda.pcapng"])
        .map(|nome| std::fs::read(comum::caminho(nome)).expect("existe"))
        .collect();
    let eco: Vec<(u32, u64, Vec<u8>)> = comum::eco()
        .iter()
        .zip(0..)
        .map(|(segmento, i)| (i as u32 % 2, i, segmento.bytes()))
        .collect();
    sementes.push(comum::pcapng(false, 2, &eco));
    sementes.push(comum::pcapng(true, 2, &eco));
    for ligacao in [0, 101, 113, 276] {
        let formato = comum::Formato {
            ligacao,
            ..comum::COMUM
        };
        let pacotes: Vec<Vec<u8>> =
            eco.iter().map(|(_, _, pacote)| pacote.clone()).collect();
        sementes.push(comum::pcap(formato, &pacotes));
    }
    sementes
}

/// Estraga um pouco: troca, corta, repete ou cruza com outra captura.
fn estragar(acaso: &mut Acaso, sementes: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = sementes[acaso.ate(sementes.len())].clone();
    for _ in 0..=acaso.ate(12) {
        let onde = acaso.ate(bytes.len());
        let tamanho = acaso.ate(40);
        let fim = (onde + tamanho).min(bytes.len());
        match acaso.ate(7) {
            0 if !bytes.is_empty() => bytes[onde] = acaso.proximo() as u8,
            1 if !bytes.is_empty() => bytes[onde] ^= 1 << acaso.ate(8),
            2 => bytes.truncate(onde),
            3 => bytes[onde..fim].fill([0, 0xff, 0x7f][acaso.ate(3)]),
            4 => {
                let repetido = bytes[onde..fim].to_vec();
                bytes.splice(onde..onde, repetido);
            }
            5 => {
                let outra = &sementes[acaso.ate(sementes.len())];
                let de = acaso.ate(outra.len());
                bytes.splice(onde.., outra[de..].iter().copied());
            }
            _ => {
                bytes.drain(onde..fim);
            }
        }
    }
    bytes
}

fn filtro_ao_acaso(acaso: &mut Acaso) -> String {
    let palavras: Vec<&str> = (0..acaso.ate(6))
        .map(|_| PALAVRAS[acaso.ate(PALAVRAS.len())])
        .collect();
    palavras.join(" ")
}

/// Passa por tudo o que a biblioteca faz com uma captura.
fn usar(bytes: &[u8], filtro: &str, largura: usize) {
    let Ok(captura) = Captura::ler(bytes) else {
        return;
    };
    let captura = captura.filtrar(filtro).unwrap_or(captura);
    let desenho = texto::escada(&captura, largura);
    assert!(!desenho.is_empty());
    assert!(!texto::tabela(&captura).is_empty());
    let pedido = Pedido {
        nome: "<&\">".to_owned(),
        ..Pedido::default()
    };
    if let Ok(figura) = figura::html(&captura, &pedido) {
        assert_eq!(figura.matches("<svg").count(), 2);
        assert_eq!(figura.matches("<script").count(), 1);
        assert!(!figura.contains('\0'), "um nulo na figura");
        assert!(!figura.contains("NaN") && !figura.contains("inf\""));
        assert!(figura.ends_with("</figure>"));
    }
}

#[test]
fn bytes_ao_acaso_nao_derrubam_nada() {
    let segundos = numero_do_ambiente("FIO_FUZZ_SEGUNDOS", SEGUNDOS);
    let semente = numero_do_ambiente("FIO_FUZZ_SEMENTE", SEMENTE);
    let mut acaso = Acaso(semente.max(1));
    let sementes = sementes();
    let fim = Instant::now() + Duration::from_secs(segundos);
    let mut casos = 0_u64;
    while Instant::now() < fim {
        let estado = acaso.0;
        let bytes = estragar(&mut acaso, &sementes);
        let filtro = filtro_ao_acaso(&mut acaso);
        let largura = acaso.ate(150);
        let antes = Instant::now();
        let uso = AssertUnwindSafe(|| usar(&bytes, &filtro, largura));
        let demorou = || antes.elapsed() > MAIOR_ESPERA;
        if catch_unwind(uso).is_err() || demorou() {
            let onde = std::env::temp_dir().join("fio-fuzz.pcap");
            std::fs::write(&onde, &bytes).expect("guarda o caso");
            panic!(
                "FIO_FUZZ_SEMENTE={estado} (caso {casos}) falhou com o filtro \
                 “{filtro}”; os bytes estão em {}",
                onde.display()
            );
        }
        casos += 1;
    }
    println!("{casos} casos em {segundos} s, semente {semente}");
    assert!(casos > 0);
}
