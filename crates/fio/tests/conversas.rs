//! Da captura à conversa: números, marcas e estados.

mod comum;

use comum::De::{Cliente, Servidor};
use comum::{captura, eco, guardada, tcp};
use fio::{Captura, Conversa, Direcao, Mensagem, Protocolo, Registro, Soma};

fn conversa(captura: &Captura) -> Conversa {
    let mut conversas = captura.conversas();
    assert_eq!(conversas.len(), 1);
    conversas.remove(0)
}

fn numeros(conversa: &Conversa) -> Vec<(u32, Option<u32>, usize)> {
    conversa
        .mensagens
        .iter()
        .map(|mensagem| {
            let tcp = mensagem.tcp.unwrap();
            (tcp.seq, tcp.ack, mensagem.dados().len())
        })
        .collect()
}

fn marcas(conversa: &Conversa) -> Vec<Vec<&'static str>> {
    let mensagens = conversa.mensagens.iter();
    mensagens.map(|mensagem| mensagem.marcas.nomes()).collect()
}

/// Os estados depois de cada mensagem, como “SYN-SENT/SYN-RECEIVED”.
fn estados(conversa: &Conversa) -> Vec<String> {
    let nome = |mensagem: &Mensagem| {
        let lados = mensagem.estados.unwrap();
        lados.map(|lado| lado.map_or("?", |e| e.nome())).join("/")
    };
    conversa.mensagens.iter().map(nome).collect()
}

#[test]
fn os_numeros_sao_relativos_mesmo_dando_a_volta_nos_32_bits() {
    let conversa = conversa(&captura(&eco()));
    assert_eq!(
        numeros(&conversa),
        [
            (0, None, 0),
            (0, Some(1), 0),
            (1, Some(1), 0),
            (1, Some(1), 12),
            (1, Some(13), 0),
            (1, Some(13), 12),
            (13, Some(13), 0),
            (13, Some(14), 0),
            (14, Some(14), 0),
        ]
    );
    assert!(marcas(&conversa).iter().all(Vec::is_empty));
}

#[test]
fn o_cliente_e_quem_enviou_o_primeiro_syn() {
    let conversa = conversa(&captura(&eco()));
    assert_eq!(conversa.cliente.to_string(), "10.0.0.1:48534");
    assert_eq!(conversa.servidor.to_string(), "10.0.0.2:7005");
    assert_eq!(conversa.mensagens[1].direcao, Direcao::Volta);
}

#[test]
fn quem_so_se_viu_responder_ao_syn_e_o_servidor() {
    let conversa = conversa(&captura(&eco()[1..]));
    assert_eq!(conversa.cliente.to_string(), "10.0.0.1:48534");
}

#[test]
fn os_estados_seguem_a_rfc_9293() {
    let conversa = conversa(&captura(&eco()));
    let iniciais = conversa.iniciais.unwrap().map(|e| e.unwrap().nome());
    assert_eq!(iniciais, ["CLOSED", "LISTEN"]);
    assert_eq!(
        estados(&conversa),
        [
            "SYN-SENT/SYN-RECEIVED",
            "ESTABLISHED/SYN-RECEIVED",
            "ESTABLISHED/ESTABLISHED",
            "ESTABLISHED/ESTABLISHED",
            "ESTABLISHED/ESTABLISHED",
            "ESTABLISHED/ESTABLISHED",
            "FIN-WAIT-1/CLOSE-WAIT",
            "TIME-WAIT/LAST-ACK",
            "TIME-WAIT/CLOSED",
        ]
    );
}

#[test]
fn o_meio_fechamento_passa_por_fin_wait_2() {
    let mut segmentos = eco();
    segmentos.truncate(6);
    segmentos.extend([
        tcp(Cliente, 13, Some(13), "F", b""),
        tcp(Servidor, 13, Some(14), "", b""),
        tcp(Servidor, 13, Some(14), "P", b"fim"),
        tcp(Cliente, 14, Some(16), "", b""),
        tcp(Servidor, 16, Some(14), "F", b""),
        tcp(Cliente, 14, Some(17), "", b""),
    ]);
    let conversa = conversa(&captura(&segmentos));
    assert_eq!(
        estados(&conversa)[6..],
        [
            "FIN-WAIT-1/CLOSE-WAIT",
            "FIN-WAIT-2/CLOSE-WAIT",
            "FIN-WAIT-2/CLOSE-WAIT",
            "FIN-WAIT-2/CLOSE-WAIT",
            "TIME-WAIT/LAST-ACK",
            "TIME-WAIT/CLOSED",
        ]
    );
}

#[test]
fn o_encerramento_simultaneo_passa_por_closing() {
    let mut segmentos = eco();
    segmentos.truncate(6);
    segmentos.extend([
        tcp(Cliente, 13, Some(13), "F", b""),
        // Não confirma o FIN do cliente: ainda não o recebeu.
        tcp(Servidor, 13, Some(13), "F", b""),
        tcp(Cliente, 14, Some(14), "", b""),
        tcp(Servidor, 14, Some(14), "", b""),
    ]);
    let conversa = conversa(&captura(&segmentos));
    assert_eq!(
        estados(&conversa)[6..],
        [
            "FIN-WAIT-1/ESTABLISHED",
            "CLOSING/CLOSING",
            "CLOSING/TIME-WAIT",
            "TIME-WAIT/TIME-WAIT",
        ]
    );
}

#[test]
fn a_porta_fechada_responde_com_reset() {
    let conversa = conversa(&captura(&[
        tcp(Cliente, 0, None, "S", b""),
        tcp(Servidor, 0, Some(1), "R", b"").janela(0),
    ]));
    assert_eq!(estados(&conversa), ["SYN-SENT/CLOSED", "CLOSED/CLOSED"]);
}

#[test]
fn o_syn_sem_resposta_nao_inventa_um_servidor() {
    let conversa = conversa(&captura(&[
        tcp(Cliente, 0, None, "S", b"").aos(1),
        tcp(Cliente, 0, None, "S", b"").aos(1001),
    ]));
    assert_eq!(estados(&conversa), ["SYN-SENT/?", "SYN-SENT/?"]);
    assert_eq!(marcas(&conversa)[1], ["retransmissão"]);
}

#[test]
fn reconhece_retransmissao_e_ack_duplicado() {
    let conversa = conversa(&captura(&[
        tcp(Cliente, 0, None, "S", b"").aos(1),
        tcp(Servidor, 0, Some(1), "S", b"").aos(2),
        tcp(Cliente, 1, Some(1), "", b"").aos(3),
        tcp(Cliente, 1, Some(1), "P", b"aaaa").aos(10),
        tcp(Servidor, 1, Some(1), "", b"").aos(11),
        tcp(Servidor, 1, Some(1), "", b"").aos(12),
        tcp(Cliente, 1, Some(1), "P", b"aaaa").aos(210),
        tcp(Servidor, 1, Some(5), "", b"").aos(211),
    ]));
    let marcas = marcas(&conversa);
    assert_eq!(marcas[5], ["ACK duplicado"]);
    assert_eq!(marcas[6], ["retransmissão"]);
    assert!(marcas[7].is_empty());
}

#[test]
fn o_pedaco_que_preenche_um_buraco_logo_veio_fora_de_ordem() {
    let mut segmentos: Vec<_> = eco()[..3].to_vec();
    segmentos.extend([
        tcp(Cliente, 5, Some(1), "P", b"bbbb"),
        tcp(Cliente, 1, Some(1), "P", b"aaaa"),
    ]);
    let conversa = conversa(&captura(&segmentos));
    assert_eq!(marcas(&conversa)[4], ["fora de ordem"]);
}

#[test]
fn o_mesmo_pacote_duas_vezes_e_duplicata_da_rede() {
    let mut segmentos: Vec<_> = eco()[..3].to_vec();
    let dados = tcp(Cliente, 1, Some(1), "P", b"aaaa").identificado(77);
    segmentos.extend([dados.clone(), dados]);
    let conversa = conversa(&captura(&segmentos));
    assert_eq!(marcas(&conversa)[4], ["duplicado"]);
}

#[test]
fn reconhece_janela_zero_e_keep_alive() {
    let mut segmentos: Vec<_> = eco()[..4].to_vec();
    segmentos.extend([
        tcp(Servidor, 1, Some(13), "", b"").janela(0),
        tcp(Cliente, 12, Some(1), "", b""),
    ]);
    let conversa = conversa(&captura(&segmentos));
    assert_eq!(marcas(&conversa)[4], ["janela 0"]);
    assert_eq!(marcas(&conversa)[5], ["keep-alive"]);
}

/// Os mesmos segmentos vistos dos dois lados: `chega` diz em que
/// milissegundo, ou que se perdeu.
fn dois_lados(viagens: &[(comum::Segmento, Option<u64>)]) -> Captura {
    let lado = |de, segmento: &comum::Segmento| u32::from(segmento.de != de);
    let mut registros = Vec::new();
    for (i, (segmento, chega)) in viagens.iter().enumerate() {
        let id = u16::try_from(i + 1).unwrap();
        let visto = segmento.clone().identificado(id).registro();
        registros.push(Registro {
            interface: lado(Cliente, segmento),
            ..visto.clone()
        });
        if let Some(ms) = chega {
            registros.push(Registro {
                interface: lado(Servidor, segmento),
                instante: ms * 1_000_000,
                ..visto
            });
        }
    }
    registros.sort_by_key(|registro| registro.instante);
    Captura::de_registros(registros)
}

#[test]
fn com_os_dois_lados_a_vista_sabe_o_que_se_perdeu() {
    let captura = dois_lados(&[
        (tcp(Cliente, 0, None, "S", b"").aos(0), Some(10)),
        (tcp(Servidor, 0, Some(1), "S", b"").aos(10), Some(20)),
        (tcp(Cliente, 1, Some(1), "", b"").aos(20), Some(30)),
        (tcp(Cliente, 1, Some(1), "P", b"aaaa").aos(21), None),
        (tcp(Cliente, 1, Some(1), "P", b"aaaa").aos(250), Some(260)),
        (tcp(Servidor, 1, Some(5), "", b"").aos(260), Some(270)),
    ]);
    let conversa = conversa(&captura);
    assert_eq!(conversa.mensagens.len(), 6);
    let marcas = marcas(&conversa);
    assert_eq!(marcas[3], ["perdido"]);
    assert_eq!(marcas[4], ["retransmissão"]);
    let chegada = conversa.mensagens[4].chegada.unwrap();
    assert_eq!(chegada.as_millis(), 260);
    let contagem: Vec<usize> =
        conversa.mensagens.iter().map(Mensagem::numero).collect();
    assert_eq!(contagem, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn com_os_dois_lados_a_vista_sabe_o_que_se_trocou_e_o_que_se_repetiu() {
    let mut viagens = vec![
        (tcp(Cliente, 0, None, "S", b"").aos(0), Some(10)),
        (tcp(Servidor, 0, Some(1), "S", b"").aos(10), Some(20)),
        (tcp(Cliente, 1, Some(1), "", b"").aos(20), Some(30)),
        (tcp(Cliente, 1, Some(1), "P", b"aaaa").aos(21), Some(45)),
        (tcp(Cliente, 5, Some(1), "P", b"bbbb").aos(22), Some(32)),
        (tcp(Servidor, 1, Some(9), "", b"").aos(46), Some(56)),
    ];
    let captura = dois_lados(&viagens);
    assert_eq!(marcas(&conversa(&captura))[3], ["fora de ordem"]);

    viagens.truncate(3);
    let mut registros: Vec<Registro> = viagens
        .iter()
        .map(|(segmento, _)| segmento.registro())
        .collect();
    let repetido = tcp(Cliente, 1, Some(1), "P", b"aa").identificado(9);
    registros.push(repetido.clone().aos(30).registro());
    for ms in [40, 41] {
        let visto = repetido.clone().aos(ms).registro();
        registros.push(Registro {
            interface: 1,
            ..visto
        });
    }
    let conversa = conversa(&Captura::de_registros(registros));
    assert_eq!(marcas(&conversa)[4], ["duplicado"]);
}

#[test]
fn o_que_se_estragou_no_caminho_tem_a_soma_errada() {
    let mut viagens = vec![
        (tcp(Cliente, 0, None, "S", b"").aos(0), Some(10)),
        (tcp(Servidor, 0, Some(1), "S", b"").aos(10), Some(20)),
    ];
    viagens.push((tcp(Cliente, 1, Some(1), "P", b"abc").aos(20), Some(30)));
    let inteira = dois_lados(&viagens);
    let mut registros: Vec<Registro> = inteira
        .pacotes()
        .map(|pacote| Registro {
            instante: pacote.instante,
            interface: pacote.interface,
            ligacao: pacote.ligacao,
            comprimento: pacote.comprimento,
            bytes: pacote.bytes.clone(),
        })
        .collect();
    let estragado = registros.last_mut().unwrap();
    *estragado.bytes.last_mut().unwrap() ^= 0xff;
    let conversa = conversa(&Captura::de_registros(registros));
    assert_eq!(conversa.mensagens.len(), 3);
    assert_eq!(marcas(&conversa)[2], ["soma errada"]);
}

#[test]
fn juntar_duas_capturas_acha_o_que_se_perdeu_entre_elas() {
    // 10 ms de caminho: cada lado vê o outro mais tarde.
    let visto_por = |quem| {
        let segmentos: Vec<_> = eco()
            .into_iter()
            .zip((0..).step_by(20))
            .map(|(s, ms)| {
                let atraso = if s.de == quem { 0 } else { 10 };
                s.aos(ms + atraso)
            })
            .collect();
        segmentos
    };
    let de_um_lado = captura(&visto_por(Cliente));
    let mut chegaram = visto_por(Servidor);
    chegaram.remove(3);
    let do_outro = captura(&chegaram);
    let junta = Captura::juntar(&[de_um_lado, do_outro]);
    let perdidos: Vec<usize> = conversa(&junta)
        .mensagens
        .iter()
        .filter(|mensagem| mensagem.marcas.perdida)
        .map(Mensagem::numero)
        .collect();
    assert_eq!(perdidos, [4]);
}

#[test]
fn a_soma_certa_a_errada_e_a_adiada_se_distinguem() {
    let somas = |captura: &Captura| -> Vec<Soma> {
        captura.pacotes().map(|pacote| pacote.soma).collect()
    };
    assert!(somas(&captura(&eco())).iter().all(|s| *s == Soma::Certa));
    // No loopback o kernel deixa a soma para a placa, que não existe.
    let adiadas = somas(&guardada("eco.pcap"));
    assert!(adiadas.iter().all(|soma| *soma == Soma::Adiada));
    let mut registro = eco()[3].registro();
    registro.bytes[60] ^= 1;
    let errada = Captura::de_registros([registro]);
    assert_eq!(somas(&errada), [Soma::Errada]);
}

#[test]
fn um_novo_syn_nas_mesmas_portas_e_outra_conversa() {
    let mut segmentos = eco();
    let mut de_novo = eco()[..3].to_vec();
    for segmento in &mut de_novo {
        segmento.seq += 5000;
    }
    segmentos.extend(de_novo);
    let conversas = captura(&segmentos).conversas();
    assert_eq!(conversas.len(), 2);
    assert_eq!(conversas[1].mensagens.len(), 3);
    assert_eq!(conversas[1].mensagens[0].tcp.unwrap().seq, 0);
}

#[test]
fn o_filtro_nao_muda_os_numeros_nem_os_estados() {
    let inteira = captura(&eco());
    let parte = inteira.filtrar("pacotes 4-6").unwrap();
    let conversa = conversa(&parte);
    assert_eq!(conversa.mensagens.len(), 3);
    assert_eq!(conversa.mensagens[0].tcp.unwrap().seq, 1);
    assert_eq!(estados(&conversa)[0], "ESTABLISHED/ESTABLISHED");
}

#[test]
fn a_captura_de_verdade_tem_as_conversas_que_se_fizeram() {
    let conversas = guardada("veth.pcap").conversas();
    let quantas = |protocolo| {
        conversas
            .iter()
            .filter(|c| c.protocolo == protocolo)
            .count()
    };
    assert_eq!(quantas(Protocolo::Tcp), 6);
    assert_eq!(quantas(Protocolo::Udp), 4);
    assert_eq!(quantas(Protocolo::Arp), 1);
    let recusado = conversas
        .iter()
        .find(|conversa| conversa.servidor.porta == Some(7999))
        .unwrap();
    assert_eq!(recusado.mensagens.len(), 2, "o ICMP é da mesma conversa");
    assert_eq!(recusado.mensagens[1].direcao, Direcao::Volta);
}

#[test]
fn a_rede_com_perda_de_verdade_mostra_o_que_perdeu() {
    let conversas = guardada("perda.pcapng").conversas();
    assert_eq!(conversas.len(), 1);
    let mensagens = &conversas[0].mensagens;
    let conta = |qual: fn(&Mensagem) -> bool| {
        mensagens.iter().filter(|mensagem| qual(mensagem)).count()
    };
    // 132 vistas: 63 pacotes vistos dos dois lados, e 6 de um lado só.
    assert_eq!(mensagens.len(), 69);
    assert_eq!(conta(|mensagem| mensagem.chegada.is_some()), 63);
    assert_eq!(conta(|mensagem| mensagem.marcas.perdida), 6);
    assert_eq!(conta(|mensagem| mensagem.marcas.retransmissao), 4);
    assert_eq!(
        estados(&conversas[0]).last().map(String::as_str),
        Some("TIME-WAIT/CLOSED")
    );
}
