//! A figura: completa sem script, segura, legível e do tamanho combinado.

mod comum;

use std::collections::HashSet;

use comum::De::Cliente;
use comum::{captura, eco, guardada, tcp};
use fio::figura::{self, Pedido};
use fio::{Captura, Erro};

/// O combinado: 40 kB por figura de uma conversa, 10 kB de script.
const MAIOR_FIGURA: usize = 40_000;
const MAIOR_SCRIPT: usize = 10_000;
/// Menor letra do desenho, em pixels, com a escala de cada disposição.
const MENOR_LETRA: f64 = 12.0;

fn html(captura: &Captura) -> String {
    figura::html(captura, &Pedido::default()).unwrap()
}

/// Os pedaços do texto que estão entre `antes` e `depois`.
fn entre<'a>(texto: &'a str, antes: &str, depois: &str) -> Vec<&'a str> {
    texto
        .split(antes)
        .skip(1)
        .filter_map(|resto| resto.split_once(depois))
        .map(|(dentro, _)| dentro)
        .collect()
}

/// Só o desenho e a tabela: o que uma pessoa vê sem o script.
fn sem_dados(figura: &str) -> &str {
    figura.split_once("<script").unwrap().0
}

#[test]
fn a_figura_diz_quem_fala_o_que_e_em_que_estado() {
    let figura = html(&captura(&eco()));
    for texto in [
        "cliente",
        "10.0.0.1:48534",
        "servidor",
        "10.0.0.2:7005",
        "SYN, ACK",
        "“olá, mundo!” · 12 bytes",
        "SYN-SENT",
        "LISTEN",
        "TIME-WAIT",
        "LAST-ACK",
        "A mesma conversa em tabela (9 pacotes)",
        "FIN-WAIT-1 /<br>CLOSE-WAIT",
    ] {
        assert!(sem_dados(&figura).contains(texto), "falta {texto}");
    }
}

#[test]
fn os_estados_so_aparecem_onde_mudam() {
    let figura = html(&captura(&eco()));
    let largo = entre(&figura, "<svg class=\"fio-largo\"", "</svg>")[0];
    // Dois iniciais; depois, quatro mudanças do cliente e cinco do servidor.
    assert_eq!(largo.matches("class=\"i ").count(), 2);
    assert_eq!(largo.matches(">ESTABLISHED<").count(), 2);
    assert_eq!(largo.matches(">TIME-WAIT<").count(), 1);
    assert_eq!(largo.matches("class=\"e ").count(), 9);
}

#[test]
fn a_tabela_tem_todos_os_pacotes_e_o_cabecalho_de_cada_coluna() {
    let figura = html(&captura(&eco()));
    let tabela = entre(&figura, "<table>", "</table>")[0];
    assert_eq!(tabela.matches("<tr><th scope=\"row\">").count(), 9);
    let colunas: Vec<&str> =
        tabela.split("<th scope=\"col\">").skip(1).collect();
    assert_eq!(colunas.len(), 10, "{colunas:?}");
}

#[test]
fn a_legenda_de_um_pacote_aparece_no_desenho_e_na_tabela() {
    let pedido = Pedido {
        legendas: vec![(4, "o cliente fala".to_owned())],
        legenda: "A primeira conversa.".to_owned(),
        nome: "fio/eco.pcap".to_owned(),
        ..Pedido::default()
    };
    let figura = figura::html(&captura(&eco()), &pedido).unwrap();
    assert_eq!(sem_dados(&figura).matches("o cliente fala").count(), 3);
    assert!(figura.contains("<figcaption>A primeira conversa.</figcaption>"));
    assert!(figura.contains("data-captura=\"fio/eco.pcap\""));
}

#[test]
fn o_pedido_que_nao_se_pode_atender_e_um_erro() {
    let captura = captura(&eco());
    let erro = |pedido: Pedido| figura::html(&captura, &pedido).unwrap_err();
    let com_legenda = Pedido {
        legendas: vec![(40, String::new())],
        ..Pedido::default()
    };
    assert_eq!(erro(com_legenda), Erro::Legenda { numero: 40 });
    let filtro = |filtro: &str| Pedido {
        filtro: filtro.to_owned(),
        ..Pedido::default()
    };
    assert_eq!(
        erro(filtro("udp")).to_string(),
        "nenhum pacote passa no filtro “udp”"
    );
    assert!(matches!(
        erro(filtro("porta")),
        Erro::Filtro { coluna: 6, .. }
    ));
}

#[test]
fn o_que_veio_da_rede_nunca_vira_marcacao() {
    let ataque = b"</script><img src=x onerror=alert(1)>\"'&";
    let segmentos = [tcp(Cliente, 1, Some(1), "P", ataque)];
    let pedido = Pedido {
        legendas: vec![(1, "<b>x</b>".to_owned())],
        legenda: "<i>".to_owned(),
        nome: "\"><script>".to_owned(),
        ..Pedido::default()
    };
    let captura = captura(&segmentos);
    for saida in [
        figura::html(&captura, &pedido).unwrap(),
        figura::pagina(&captura, &pedido).unwrap(),
    ] {
        assert!(!saida.contains("<img"));
        assert!(!saida.contains("<b>x"));
        assert!(!saida.contains("<i>"));
        assert!(!saida.contains("\"><script>"));
        let scripts = saida.matches("<script").count();
        assert_eq!(scripts, saida.matches("</script>").count());
        assert!(saida.contains("&lt;/script&gt;"));
    }
}

#[test]
fn o_texto_que_confunde_vira_contagem_de_bytes() {
    for dados in [
        &b"\x1b[31mvermelho"[..],
        b"\xff\xfe",
        "a\u{202e}b".as_bytes(),
    ] {
        let segmentos = [tcp(Cliente, 1, Some(1), "P", dados)];
        let figura = html(&captura(&segmentos));
        assert!(!sem_dados(&figura).contains('“'));
        let tamanho = format!("{} bytes", dados.len());
        assert!(figura.contains(&tamanho), "falta {tamanho}");
    }
}

#[test]
fn nada_na_figura_fere_a_politica_de_conteudo() {
    let figura = html(&guardada("perda.pcapng"));
    for proibido in ["style=", " onclick", " onload", "javascript:", "<style"] {
        assert!(!figura.contains(proibido), "tem {proibido}");
    }
    for proibido in ["innerHTML", "eval(", ".style", "http"] {
        assert!(!figura::JS.contains(proibido), "tem {proibido}");
    }
    let tipos = entre(&figura, "<script ", ">");
    assert_eq!(tipos, ["type=\"application/json\" class=\"fio-dados\""]);
}

#[test]
fn os_ids_nao_se_repetem_entre_figuras() {
    let captura = guardada("veth.pcap");
    let mut ids = HashSet::new();
    for filtro in ["tcp", "udp", "pacotes 1-9", "icmp"] {
        let pedido = Pedido {
            filtro: filtro.to_owned(),
            ..Pedido::default()
        };
        let figura = figura::html(&captura, &pedido).unwrap();
        for id in entre(&figura, " id=\"", "\"") {
            assert!(ids.insert(id.to_owned()), "o id {id} se repete");
        }
    }
    assert_eq!(ids.len(), 4 * 5);
}

#[test]
fn a_mesma_captura_da_sempre_a_mesma_figura() {
    assert_eq!(html(&guardada("veth.pcap")), html(&guardada("veth.pcap")));
}

#[test]
fn uma_conversa_cabe_em_40_kb_e_o_script_em_10() {
    for nome in ["eco.pcap", "sll.pcap", "sll2.pcap"] {
        let tamanho = html(&guardada(nome)).len();
        assert!(tamanho < MAIOR_FIGURA, "{nome}: {tamanho} bytes");
    }
    for nome in ["veth.pcap", "perda.pcapng"] {
        let tamanho = html(&guardada(nome)).len();
        assert!(tamanho < MAIOR_FIGURA, "{nome}: {tamanho} bytes");
    }
    let script = figura::JS.len();
    assert!(script <= MAIOR_SCRIPT, "o script tem {script} bytes");
}

#[test]
fn a_captura_comprida_mostra_o_comeco_e_diz_quanto_falta() {
    let pedido = Pedido {
        limite: 10,
        ..Pedido::default()
    };
    let figura = figura::html(&guardada("perda.pcapng"), &pedido).unwrap();
    assert_eq!(figura.matches("<tr><th scope=\"row\">").count(), 10);
    assert!(figura.contains("A conversa segue por mais 59 pacotes."));
}

#[test]
fn o_pacote_perdido_termina_em_um_xis() {
    let pedido = Pedido {
        limite: 100,
        ..Pedido::default()
    };
    let figura = figura::html(&guardada("perda.pcapng"), &pedido).unwrap();
    let largo = entre(&figura, "<svg class=\"fio-largo\"", "</svg>")[0];
    assert_eq!(largo.matches("class=\"x\"").count(), 6);
    assert!(largo.contains("> · perdido</tspan>"));
    assert!(largo.contains("> · retransmissão</tspan>"));
}

#[test]
fn o_roteador_que_avisa_do_ttl_tem_a_linha_dele() {
    let pedido = Pedido {
        filtro: "pacotes 7-8".to_owned(),
        ..Pedido::default()
    };
    let figura = figura::html(&guardada("veth.pcap"), &pedido).unwrap();
    assert!(figura.contains(">roteador</text>"));
    assert!(figura.contains("TTL esgotado no caminho"));
}

#[test]
fn a_menor_letra_tem_12_pixels_na_menor_escala() {
    // 43rem é a menor coluna do desenho largo; 286 px, a do estreito em uma
    // tela de 320 px.
    let casos = [("fio-largo", 43.0 * 16.0), ("fio-estreito", 280.0)];
    let figura = html(&captura(&eco()));
    for (classe, menor) in casos {
        let abre = format!("<svg class=\"{classe}\" viewBox=\"0 0 ");
        let largura: f64 = entre(&figura, &abre, " ")[0].parse().unwrap();
        let escala: f64 = menor / largura;
        let letra = escala.min(1.0) * 12.8;
        let folga = if classe == "fio-largo" { 0.0 } else { 0.9 };
        assert!(letra + folga >= MENOR_LETRA, "{classe}: {letra} px");
    }
    for tamanho in entre(figura::CSS, "font:", "px") {
        let tamanho: f64 =
            tamanho.rsplit(' ').next().unwrap().parse().unwrap_or(12.0);
        assert!(tamanho >= MENOR_LETRA, "letra de {tamanho} px no estilo");
    }
}

#[test]
fn com_quatro_colunas_nenhuma_caixa_cobre_outra() {
    let figura = html(&guardada("veth.pcap"));
    for classe in ["fio-largo", "fio-estreito"] {
        let abre = format!("<svg class=\"{classe}\"");
        let svg = entre(&figura, &abre, "</svg>")[0];
        assert_eq!(svg.matches("<g class=\"h ").count(), 4);
        let caixas = caixas(svg);
        for (i, uma) in caixas.iter().enumerate() {
            for outra in &caixas[..i] {
                let (nome, outro) = (uma.nome, outra.nome);
                assert!(!uma.cobre(outra), "{classe}: {nome} sobre {outro}");
            }
        }
    }
}

/// Onde está a caixa de um host, ou de um estado, e o que ela diz.
struct Caixa<'a> {
    nome: &'a str,
    x: f64,
    y: f64,
    largura: f64,
    altura: f64,
}

impl Caixa<'_> {
    fn cobre(&self, outra: &Caixa) -> bool {
        self.x < outra.x + outra.largura
            && outra.x < self.x + self.largura
            && self.y < outra.y + outra.altura
            && outra.y < self.y + self.altura
    }
}

/// As caixas dos hosts (`h`) e dos estados (`e`, e `i` os iniciais).
fn caixas(svg: &str) -> Vec<Caixa<'_>> {
    let grupos = svg.split("<g class=\"").skip(1);
    let de_caixa = grupos.filter(|g| {
        ["h ", "e ", "i "]
            .iter()
            .any(|classe| g.starts_with(classe))
    });
    let numero = |grupo: &str, nome: &str| -> f64 {
        entre(grupo, &format!(" {nome}=\""), "\"")[0]
            .parse()
            .unwrap()
    };
    de_caixa
        .map(|grupo| Caixa {
            nome: entre(grupo, "\">", "</text>")[0],
            x: numero(grupo, "x"),
            y: numero(grupo, "y"),
            largura: numero(grupo, "width"),
            altura: numero(grupo, "height"),
        })
        .collect()
}

#[test]
fn o_desenho_e_xml_bem_formado() {
    for nome in ["eco.pcap", "veth.pcap", "perda.pcapng"] {
        let figura = html(&guardada(nome));
        for svg in entre(&figura, "<svg", "</svg>") {
            conferir_etiquetas(svg);
        }
    }
}

/// Toda etiqueta que abre fecha, na ordem.
fn conferir_etiquetas(svg: &str) {
    let mut abertas = Vec::new();
    for etiqueta in entre(svg, "<", ">") {
        if let Some(nome) = etiqueta.strip_prefix('/') {
            assert_eq!(abertas.pop(), Some(nome), "em <{etiqueta}>");
        } else if !etiqueta.ends_with('/') {
            abertas.push(etiqueta.split(' ').next().unwrap());
        }
    }
    assert!(abertas.is_empty(), "ficaram abertas: {abertas:?}");
}

#[test]
fn a_pagina_se_basta() {
    let pagina = figura::pagina(&captura(&eco()), &Pedido::default()).unwrap();
    assert!(pagina.starts_with("<!doctype html>"));
    assert!(pagina.contains("lang=\"pt-BR\""));
    assert!(!pagina.contains("http://") && !pagina.contains("https://"));
    assert!(pagina.contains(figura::CSS) && pagina.contains(figura::JS));
}
