//! A linguagem de filtro, e o que ela diz quando não entende.

mod comum;

use comum::guardada;
use fio::Captura;

fn quantos(captura: &Captura, filtro: &str) -> usize {
    captura.filtrar(filtro).unwrap().pacotes().count()
}

#[test]
fn cada_palavra_escolhe_o_que_diz() {
    let captura = guardada("veth.pcap");
    for (filtro, esperados) in [
        ("", 68),
        ("tcp", 40),
        ("udp", 10),
        ("icmp", 16),
        ("arp", 2),
        ("ipv6", 34),
        ("porta 7010", 8),
        ("host 10.0.2.2", 31),
        ("pacotes 3-8", 6),
        ("pacotes 1,3,60-", 11),
        ("com dados e tcp", 8),
        ("tcp com dados", 8),
        ("não tcp", 28),
        ("nao (tcp ou udp)", 18),
        ("udp ou arp e host 10.0.1.1", 12),
        ("(udp ou arp) e host 10.0.1.1", 7),
    ] {
        assert_eq!(quantos(&captura, filtro), esperados, "filtro “{filtro}”");
    }
}

#[test]
fn o_filtro_vale_sobre_o_filtro() {
    let captura = guardada("veth.pcap");
    let tcp = captura.filtrar("tcp").unwrap();
    assert_eq!(quantos(&tcp, "udp"), 0);
    assert_eq!(quantos(&tcp, "host fd01::1"), 20);
}

#[test]
fn o_filtro_errado_diz_a_coluna_e_o_que_faltou() {
    let captura = guardada("eco.pcap");
    for (filtro, esperado) in [
        ("tpc", "filtro errado na coluna 1: não conheço “tpc”"),
        ("tcp porta", "filtro errado na coluna 10: depois de “porta”"),
        (
            "porta 70000",
            "filtro errado na coluna 7: depois de “porta”",
        ),
        (
            "host servidor",
            "filtro errado na coluna 6: depois de “host”",
        ),
        (
            "não não",
            "filtro errado na coluna 8: o filtro termina antes",
        ),
        (
            "(tcp",
            "filtro errado na coluna 5: falta fechar o parêntese",
        ),
        ("tcp )", "filtro errado na coluna 5: não esperava “)”"),
        (
            "pacotes 9-1",
            "filtro errado na coluna 9: depois de “pacotes”",
        ),
        ("com açúcar", "filtro errado na coluna 5: depois de “com”"),
        (
            "tcp ou",
            "filtro errado na coluna 7: o filtro termina antes",
        ),
    ] {
        let erro = captura.filtrar(filtro).unwrap_err().to_string();
        assert!(erro.starts_with(esperado), "“{filtro}” disse: {erro}");
    }
}

#[test]
fn parenteses_demais_nao_derrubam_ninguem() {
    let captura = guardada("eco.pcap");
    let filtro = "(".repeat(100_000);
    let erro = captura.filtrar(&filtro).unwrap_err().to_string();
    assert!(erro.contains("demais"), "{erro}");
}
