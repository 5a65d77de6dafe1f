//! O cabo, o loopback e a rede ruim.

use std::path::Path;
use std::time::{Duration, Instant};

use bancada::{Bancada, Host, Plano, Rede, RedeRuim, enderecos};
use fio::{Captura, Direcao, Mensagem};

use super::Provisorio;
use super::programas::{rodar_no_host, servidor};

const PORTA: u16 = 7000;
const UM_MIB: usize = 1 << 20;
const CARGA_DO_SEGMENTO: u32 = 1448;

fn montar(rede: Rede, captura: Option<&Path>) -> Bancada {
    let captura = captura.map(Path::to_owned);
    Bancada::montar(&Plano {
        rede,
        captura,
        sem_arp: true,
    })
    .unwrap()
}

fn ler(arquivo: &Provisorio) -> Captura {
    Captura::ler(&std::fs::read(&arquivo.0).unwrap()).unwrap()
}

/// Uma conversa: `a` manda os bytes, `b` os recebe e os confere.
fn transferir(bancada: &Bancada, bytes: usize) -> String {
    let destino = format!("{}:{PORTA}", enderecos(Host::B).0);
    let servidor = servidor(bancada, Host::B, &["recebe", &destino]);
    let quantos = bytes.to_string();
    let (certo, saida) =
        rodar_no_host(bancada, Host::A, &["manda", &destino, &quantos]);
    assert!(certo, "quem manda: {saida}");
    servidor.terminar()
}

pub fn o_cabo_liga_os_dois_hosts() {
    let bancada = montar(Rede::Cabo, None);
    for (endereco, par) in [
        ("10.0.0.2:7000", "10.0.0.1"),
        ("[fd00::2]:7000", "fd00::1"),
        ("b:7000", "::1"),
    ] {
        let servidor = servidor(&bancada, Host::B, &["eco", endereco]);
        let (certo, saida) =
            rodar_no_host(&bancada, Host::A, &["manda", endereco, "5000"]);
        assert!(certo, "{endereco}: {saida}");
        let dito = servidor.terminar();
        assert!(dito.contains(par), "{endereco}: {dito}");
        assert!(dito.contains("mandou 5000 bytes"), "{endereco}: {dito}");
    }
}

pub fn a_captura_do_cabo() {
    let arquivo = Provisorio::novo("cabo.pcap");
    let bancada = montar(Rede::Cabo, Some(&arquivo.0));
    assert_eq!(transferir(&bancada, 5000), "5000 bytes, certos\n");
    let resumo = bancada.desmontar().unwrap();
    assert_eq!((resumo.nao_capturados, resumo.descartados), (0, 0));
    let captura = ler(&arquivo);
    let pacotes = captura.pacotes().count() as u64;
    assert_eq!(pacotes, resumo.capturados);
    let conversas = captura.conversas();
    assert_eq!(
        conversas.len(),
        1,
        "só a conversa, sem ruído: {conversas:?}"
    );
    let mensagens = &conversas[0].mensagens;
    let ida: Vec<&Mensagem> = da_ida(mensagens).collect();
    let total: usize = ida.iter().map(|m| m.dados().len()).sum();
    assert_eq!(total, 5000);
    // A placa não segmenta nem soma pelo kernel: o que se vê é o que há.
    let maior = ida.iter().map(|m| m.dados().len()).max();
    assert_eq!(maior, Some(CARGA_DO_SEGMENTO as usize));
    let marcados: Vec<_> = mensagens
        .iter()
        .filter(|m| m.marcas.soma_errada || m.marcas.perdida)
        .collect();
    assert!(marcados.is_empty(), "{marcados:?}");
    let fim = mensagens.last().and_then(|m| m.estados);
    assert!(format!("{fim:?}").contains("TimeWait"), "{fim:?}");
}

pub fn o_loopback_fica_em_um_host() {
    let arquivo = Provisorio::novo("lo.pcap");
    let bancada = montar(Rede::Loopback, Some(&arquivo.0));
    let endereco = "127.0.0.1:7000";
    let servidor = servidor(&bancada, Host::B, &["recebe", endereco]);
    let (certo, saida) =
        rodar_no_host(&bancada, Host::A, &["manda", endereco, "10"]);
    assert!(certo, "{saida}");
    assert_eq!(servidor.terminar(), "10 bytes, certos\n");
    bancada.desmontar().unwrap();
    let conversas = ler(&arquivo).conversas();
    assert_eq!(conversas.len(), 1);
    let repetidos = conversas[0].mensagens.iter();
    let repetidos = repetidos.filter(|m| m.marcas.retransmissao).count();
    assert_eq!(repetidos, 0, "cada pacote de lo aparece uma vez só");
}

fn com_perda(semente: u64) -> RedeRuim {
    RedeRuim {
        perda: 0.05,
        atraso: Duration::from_millis(10),
        semente,
        ..RedeRuim::default()
    }
}

fn da_ida(mensagens: &[Mensagem]) -> impl Iterator<Item = &Mensagem> {
    mensagens.iter().filter(|m| m.direcao == Direcao::Ida)
}

/// Os trechos do fluxo que se perderam, com repetição, em ordem.
fn trechos_perdidos(rede: RedeRuim) -> Vec<u32> {
    let arquivo = Provisorio::novo("perda.pcapng");
    let bancada = montar(Rede::Ruim(rede), Some(&arquivo.0));
    let recebido = transferir(&bancada, UM_MIB);
    assert_eq!(recebido, format!("{UM_MIB} bytes, certos\n"));
    let resumo = bancada.desmontar().unwrap();
    let conversas = ler(&arquivo).conversas();
    let mensagens = &conversas[0].mensagens;
    let perdidas = mensagens.iter().filter(|m| m.marcas.perdida).count();
    assert_eq!(perdidas as u64, resumo.descartados, "o fio vê as perdas");
    let retransmissoes = da_ida(mensagens).filter(|m| m.marcas.retransmissao);
    assert!(
        retransmissoes.count() > 10,
        "as retransmissões estão no fio"
    );
    let perdidas = da_ida(mensagens).filter(|m| m.marcas.perdida);
    let com_dados = perdidas.filter(|m| !m.dados().is_empty());
    let seqs = com_dados.filter_map(|m| Some(m.tcp?.seq));
    let mut trechos: Vec<u32> = seqs.map(|s| s / CARGA_DO_SEGMENTO).collect();
    trechos.sort_unstable();
    trechos
}

pub fn a_rede_ruim_entrega_tudo() {
    let perdidos = trechos_perdidos(com_perda(3));
    // 725 segmentos com 5 % de perda: 36, mais ou menos.
    assert!((15..75).contains(&perdidos.len()), "{perdidos:?}");
}

pub fn a_mesma_semente_perde_o_mesmo() {
    let primeiro = trechos_perdidos(com_perda(7));
    let segundo = trechos_perdidos(com_perda(7));
    let outro = trechos_perdidos(com_perda(8));
    // Um trecho mandado uma vez a mais, por causa do relógio, pode se perder
    // uma vez a mais; os que se perdem são os mesmos.
    let sem_repetir = |mut trechos: Vec<u32>| {
        trechos.dedup();
        trechos
    };
    let primeiro = sem_repetir(primeiro);
    assert_eq!(primeiro, sem_repetir(segundo));
    assert_ne!(primeiro, sem_repetir(outro));
}

pub fn o_pacote_marcado_se_perde() {
    let arquivo = Provisorio::novo("descarta.pcapng");
    let rede = RedeRuim {
        // O 1º pacote de `a` é o SYN, o 2º a confirmação, o 3º os dados.
        descarta: vec![(Host::A, 3)],
        ..RedeRuim::default()
    };
    let bancada = montar(Rede::Ruim(rede), Some(&arquivo.0));
    assert_eq!(transferir(&bancada, 100), "100 bytes, certos\n");
    assert_eq!(bancada.desmontar().unwrap().descartados, 1);
    let conversas = ler(&arquivo).conversas();
    let mensagens = &conversas[0].mensagens;
    let perdida = mensagens.iter().find(|m| m.marcas.perdida).unwrap();
    assert_eq!(perdida.dados().len(), 100);
    let repetida = mensagens.iter().find(|m| m.marcas.retransmissao);
    assert_eq!(repetida.unwrap().dados(), perdida.dados());
}

pub fn o_ping_chega_e_o_ttl_acaba() {
    let rede = RedeRuim {
        atraso: Duration::from_millis(2),
        ..RedeRuim::default()
    };
    let bancada = montar(Rede::Ruim(rede), None);
    for (destino, ttl, esperado) in [
        ("10.0.0.2", "64", "10.0.0.2 respondeu tipo 0 código 0"),
        ("10.0.0.254", "64", "10.0.0.254 respondeu tipo 0 código 0"),
        ("10.0.0.2", "1", "10.0.0.254 respondeu tipo 11 código 0"),
    ] {
        let pinga = ["pinga", destino, ttl, "56"];
        let (certo, saida) = rodar_no_host(&bancada, Host::A, &pinga);
        assert!(certo && saida.contains(esperado), "{pinga:?}: {saida}");
    }
    let cabo = montar(Rede::Cabo, None);
    let pinga = ["pinga", "10.0.0.2", "1", "56"];
    let (certo, saida) = rodar_no_host(&cabo, Host::A, &pinga);
    assert!(certo && saida.contains("tipo 0"), "{saida}");
}

pub fn o_pacote_grande_recebe_aviso() {
    let rede = RedeRuim {
        mtu: 576,
        ..RedeRuim::default()
    };
    let bancada = montar(Rede::Ruim(rede), None);
    let pinga = ["pinga", "10.0.0.2", "64", "1000"];
    let (certo, saida) = rodar_no_host(&bancada, Host::A, &pinga);
    // O Linux liga o DF: o roteador não pode dividir, e avisa.
    let aviso = "10.0.0.254 respondeu tipo 3 código 4";
    assert!(certo && saida.contains(aviso), "{saida}");
    // O TCP recebe o mesmo aviso e manda segmentos menores (RFC 1191).
    assert_eq!(transferir(&bancada, 20_000), "20000 bytes, certos\n");
}

/// Não é um teste: quanto o cabo leva por segundo, nesta máquina.
pub fn medir_o_cabo() {
    const CEM_MIB: usize = 100 << 20;
    let bancada = montar(Rede::Cabo, None);
    let inicio = Instant::now();
    assert!(transferir(&bancada, CEM_MIB).contains("certos"));
    let tempo = inicio.elapsed().as_secs_f64();
    println!("100 MiB pelo cabo: {tempo:.2} s");
}
