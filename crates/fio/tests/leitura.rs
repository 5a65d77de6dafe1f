//! Lê capturas de todos os formatos, e diz com clareza o que não dá para ler.

mod comum;

use comum::{COMUM, Formato, eco, guardada, pcap, pcapng};
use fio::{Captura, Erro, Leitor, Ligacao, Protocolo};

fn pacotes() -> Vec<Vec<u8>> {
    eco().iter().map(comum::Segmento::bytes).collect()
}

fn ordens() -> [Formato; 4] {
    let todas = [(false, false), (false, true), (true, false), (true, true)];
    todas.map(|(big_endian, nano)| Formato {
        big_endian,
        nano,
        ligacao: 1,
    })
}

#[test]
fn le_pcap_nas_duas_ordens_e_nas_duas_precisoes() {
    for formato in ordens() {
        let captura = Captura::ler(&pcap(formato, &pacotes())).unwrap();
        assert_eq!(captura.pacotes().count(), 9);
        let ultimo = captura.pacotes().last().unwrap();
        assert_eq!(captura.tempo(ultimo).as_millis(), 8);
        assert!(captura.pacotes().all(|pacote| pacote.defeito.is_none()));
    }
}

#[test]
fn le_pcapng_nas_duas_ordens() {
    let numerados: Vec<(u32, u64, Vec<u8>)> = pacotes()
        .into_iter()
        .zip(1..)
        .map(|(p, ms)| (0, ms, p))
        .collect();
    for big_endian in [false, true] {
        let arquivo = pcapng(big_endian, 1, &numerados);
        let captura = Captura::ler(&arquivo).unwrap();
        assert_eq!(captura.pacotes().count(), 9);
        let ultimo = captura.pacotes().last().unwrap();
        assert_eq!(captura.tempo(ultimo).as_millis(), 8);
    }
}

#[test]
fn le_a_mesma_conversa_em_qualquer_enlace() {
    let sem_enlace: Vec<Vec<u8>> = pacotes()
        .iter()
        .map(|pacote| pacote[14..].to_vec())
        .collect();
    let loopback = [2, 0, 0, 0];
    let sll = [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0];
    let mut sll2 = vec![8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6];
    sll2.extend([2, 0, 0, 0, 0, 1, 0, 0]);
    let casos: [(u32, &[u8]); 5] = [
        (101, &[]),
        (228, &[]),
        (0, &loopback),
        (113, &sll),
        (276, &sll2),
    ];
    for (ligacao, enlace) in casos {
        let pacotes: Vec<Vec<u8>> =
            sem_enlace.iter().map(|ip| [enlace, ip].concat()).collect();
        let formato = Formato { ligacao, ..COMUM };
        let captura = Captura::ler(&pcap(formato, &pacotes)).unwrap();
        let conversas = captura.conversas();
        assert_eq!(conversas.len(), 1, "enlace {ligacao}");
        assert_eq!(conversas[0].mensagens.len(), 9, "enlace {ligacao}");
        assert_eq!(conversas[0].mensagens[3].dados(), "olá, mundo!".as_bytes());
    }
}

#[test]
fn entende_a_etiqueta_de_vlan() {
    let mut pacote = pacotes()[3].clone();
    pacote.splice(12..12, [0x81, 0, 0, 7]);
    let captura = Captura::ler(&pcap(COMUM, &[pacote])).unwrap();
    let conversas = captura.conversas();
    assert_eq!(conversas[0].mensagens[0].dados(), "olá, mundo!".as_bytes());
}

#[test]
fn a_ligacao_desconhecida_e_um_pacote_marcado() {
    let formato = Formato {
        ligacao: 147,
        ..COMUM
    };
    let captura = Captura::ler(&pcap(formato, &pacotes())).unwrap();
    let pacote = captura.pacotes().next().unwrap();
    assert_eq!(pacote.ligacao, Ligacao::Outra(147));
    assert!(pacote.defeito.as_ref().unwrap().contains("enlace 147"));
}

#[test]
fn o_que_nao_e_captura_e_um_erro_em_portugues() {
    for bytes in [&b""[..], b"#!/bin/sh\necho oi\n", b"\x00\x01\x02"] {
        let erro = Captura::ler(bytes).unwrap_err();
        assert_eq!(erro, Erro::Formato);
        assert_eq!(
            erro.to_string(),
            "isto não é uma captura: esperava um arquivo pcap ou pcapng"
        );
    }
}

#[test]
fn a_captura_cortada_rende_os_pacotes_inteiros_e_um_aviso() {
    let inteira = pcap(COMUM, &pacotes());
    let captura = Captura::ler(&inteira[..inteira.len() - 5]).unwrap();
    assert_eq!(captura.pacotes().count(), 8);
    let aviso = captura.aviso().unwrap().to_string();
    assert!(aviso.starts_with("a captura termina no meio"), "{aviso}");
}

#[test]
fn todo_corte_de_uma_captura_se_le_ou_e_um_erro() {
    let numerados: Vec<(u32, u64, Vec<u8>)> = pacotes()
        .into_iter()
        .zip(1..)
        .map(|(p, ms)| (0, ms, p))
        .collect();
    for arquivo in [pcap(COMUM, &pacotes()), pcapng(false, 1, &numerados)] {
        for fim in 0..arquivo.len() {
            if let Ok(captura) = Captura::ler(&arquivo[..fim]) {
                assert!(captura.pacotes().count() <= 9);
            }
        }
    }
}

#[test]
fn o_pacote_de_interface_nao_declarada_e_um_erro_com_a_posicao() {
    let arquivo = pcapng(false, 1, &[(3, 1, pacotes()[0].clone())]);
    let erro = Captura::ler(&arquivo).unwrap_err().to_string();
    assert_eq!(
        erro,
        "captura malformada no byte 48: um pacote fala da interface 3, que \
         não foi declarada"
    );
}

#[test]
fn um_tamanho_absurdo_nao_pede_memoria() {
    let mut arquivo = pcap(COMUM, &[]);
    for campo in [1, 0, u32::MAX, u32::MAX] {
        arquivo.extend(campo.to_le_bytes());
    }
    arquivo.extend(vec![0; 3 << 20]);
    let erro = Captura::ler(&arquivo).unwrap_err().to_string();
    assert!(erro.starts_with("captura malformada no byte 24"), "{erro}");
}

#[test]
fn o_pacote_cortado_pela_captura_diz_quanto_falta() {
    let mut registro = comum::registro(pacotes()[3].clone(), 0);
    registro.bytes.truncate(60);
    let captura = Captura::de_registros([registro]);
    let pacote = captura.pacotes().next().unwrap();
    assert_eq!(
        pacote.defeito.as_deref(),
        Some("a captura guardou 60 dos 66 bytes")
    );
    assert_eq!(pacote.comprimento_dos_dados(), 12);
    assert_eq!(pacote.dados(), "olá, ".as_bytes());
}

#[test]
fn o_leitor_termina_depois_do_primeiro_erro() {
    let inteira = pcap(COMUM, &pacotes());
    let mut leitor = Leitor::novo(&inteira[..200]).unwrap();
    let erros = leitor.by_ref().filter(Result::is_err).count();
    assert_eq!(erros, 1);
    assert!(leitor.next().is_none());
}

#[test]
fn le_o_que_o_tcpdump_grava() {
    for nome in ["eco.pcap", "sll.pcap", "sll2.pcap"] {
        let conversas = guardada(nome).conversas();
        assert_eq!(conversas.len(), 1, "{nome}");
        assert_eq!(conversas[0].protocolo, Protocolo::Tcp);
        assert_eq!(conversas[0].mensagens.len(), 11, "{nome}");
    }
}
