//! A escada no terminal.

mod comum;

use comum::{captura, eco, guardada};
use fio::texto;

const ESPERADA: &str = include_str!("escada.txt");

#[test]
fn a_escada_de_80_colunas_e_esta() {
    let escada = texto::escada(&captura(&eco()), texto::LARGURA);
    assert_eq!(escada, ESPERADA, "recebi:\n{escada}");
}

#[test]
fn nenhuma_linha_passa_da_largura_pedida() {
    for nome in ["eco.pcap", "veth.pcap", "perda.pcapng"] {
        for largura in [40, 60, 72, 80, 132] {
            for linha in texto::escada(&guardada(nome), largura).lines() {
                let nota = linha.starts_with(['(', '…']);
                let colunas = linha.chars().count();
                assert!(nota || colunas <= largura, "{nome}: {linha}");
            }
        }
    }
}

#[test]
fn a_largura_absurda_vira_a_menor_que_se_le() {
    let captura = captura(&eco());
    assert_eq!(texto::escada(&captura, 0), texto::escada(&captura, 40));
}

#[test]
fn a_escada_vazia_diz_que_esta_vazia() {
    let captura = captura(&eco()).filtrar("udp").unwrap();
    assert_eq!(texto::escada(&captura, 80), "nenhum pacote para mostrar\n");
}

#[test]
fn a_tabela_tem_uma_linha_por_pacote() {
    let tabela = texto::tabela(&captura(&eco()));
    assert_eq!(tabela.lines().count(), 10);
    let quarta = tabela.lines().nth(4).unwrap();
    let esperada: Vec<&str> =
        "4 0,003000 cliente → servidor PSH, ACK 1 1 12 64000 “olá, mundo!” · 12 bytes"
            .split(' ')
            .collect();
    assert_eq!(quarta.split_whitespace().collect::<Vec<_>>(), esperada);
}

#[test]
fn cada_pacote_perdido_termina_em_um_xis() {
    let escada = texto::escada(&guardada("perda.pcapng"), texto::LARGURA);
    assert_eq!(escada.matches('✕').count(), 6, "recebi:\n{escada}");
}
