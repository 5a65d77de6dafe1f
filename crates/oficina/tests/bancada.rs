//! `oficina bancada` e `oficina fio`, como o leitor os usa.
#![cfg(target_os = "linux")]

mod apoio_python;
#[expect(dead_code, reason = "cada teste usa uma parte")]
mod apoio_roteiro;

use apoio_python::ha_python;
use apoio_roteiro::{Fim, Livro};
use std::io::{self, Write};

/// Se a bancada não é permitida aqui, diz e pula (ou reprova, se exigida).
fn permitida(livro: &Livro) -> bool {
    let fim = livro.rodar(&["bancada", "--diagnostico"]);
    if fim.codigo == Some(0) {
        return true;
    }
    let exigida = std::env::var("OFICINA_EXIGIR_BANCADA");
    assert!(!exigida.is_ok_and(|v| v == "1"), "{fim:?}");
    let _ = writeln!(
        io::stderr(),
        "pulado, a bancada não é permitida aqui: {}",
        fim.saida
    );
    false
}

/// Um servidor que recebe até o fim e um cliente que manda 3000 bytes.
const SERVIDOR: &str = "b: python3 -c \"import socket
s = socket.create_server(('10.0.0.2', 7000)); c, _ = s.accept(); n = 0
while d := c.recv(9999): n += len(d)
print('recebi', n)\"";
const CLIENTE: &str = "a: python3 -c \"import socket
c = socket.create_connection(('10.0.0.2', 7000))
c.sendall(b'x' * 3000); c.shutdown(1); c.recv(1)\"";

fn conversar(livro: &Livro, opcoes: &[&str]) -> Fim {
    let comandos = ["--", CLIENTE, SERVIDOR];
    livro.rodar(&[&["bancada"], opcoes, &comandos].concat())
}

#[test]
fn a_conversa_do_cabo_aparece_com_os_prefixos_e_a_escada() {
    if !ha_python() {
        return;
    }
    let livro = Livro::novo();
    if !permitida(&livro) {
        return;
    }
    let fim = conversar(&livro, &[]);
    assert_eq!(fim.codigo, Some(0), "{fim:?}");
    assert!(fim.saida.contains("b │ recebi 3000\n"), "{fim:?}");
    for pedaco in ["ARP", "SYN, ACK", "10.0.0.1:", "10.0.0.2:7000", "FIN"] {
        assert!(fim.saida.contains(pedaco), "{pedaco}: {fim:?}");
    }
    assert!(!fim.saida.contains("retransmissão"), "{fim:?}");
}

#[test]
fn o_pacote_perdido_e_a_retransmissao_estao_na_escada_e_na_figura() {
    if !ha_python() {
        return;
    }
    let livro = Livro::novo();
    if !permitida(&livro) {
        return;
    }
    let pasta = livro.capitulo();
    let (html, svg) = (pasta.join("f.html"), pasta.join("f.svg"));
    let captura = pasta.join("c.pcapng");
    let captura = captura.to_str().unwrap();
    let opcoes = ["--descarta", "a3", "--atraso", "2ms"];
    let arquivos = ["--captura", captura, "--figura", html.to_str().unwrap()];
    let fim = conversar(&livro, &[&opcoes[..], &arquivos[..]].concat());
    assert_eq!(fim.codigo, Some(0), "{fim:?}");
    assert!(fim.saida.contains("a rede descartou 1 pacote"), "{fim:?}");
    let svg = svg.to_str().unwrap();
    let fio = livro.rodar(&["fio", captura, "--figura", svg]);
    assert_eq!(fio.codigo, Some(0), "{fio:?}");
    let html = std::fs::read_to_string(html).unwrap();
    let svg = std::fs::read_to_string(svg).unwrap();
    for texto in [&fim.saida, &fio.saida, &html, &svg] {
        assert!(texto.contains("perdido"), "{texto}");
        assert!(texto.contains("retransmissão"), "{texto}");
    }
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"));
}

#[test]
fn o_status_de_a_e_o_da_bancada_e_o_servidor_e_encerrado() {
    let livro = Livro::novo();
    if !permitida(&livro) {
        return;
    }
    let comandos = ["--", "b: sleep 1000", "a: echo foi; exit 5"];
    let fim =
        livro.rodar(&[&["bancada", "--sem-escada"], &comandos[..]].concat());
    assert_eq!(fim.codigo, Some(5), "{fim:?}");
    assert_eq!(fim.saida, "a │ foi\n");
}

#[test]
fn um_pedido_errado_diz_o_que_esperava() {
    let livro = Livro::novo();
    for (argumentos, pedaco) in [
        (&["bancada"][..], "cargo oficina bancada -- 'a: ping -c1 b'"),
        (&["bancada", "--", "ping"], "escreva 'a: comando'"),
        (&["bancada", "--", "c: ping"], "escreva 'a: comando'"),
        (&["bancada", "--perda", "10", "--", "a: x"], "como 10%"),
        (&["bancada", "--mtu", "9", "--", "a: x"], "MTU vai de 68"),
        (
            &["bancada", "--loopback", "--mtu", "900", "--", "a: x"],
            "loopback não tem defeitos",
        ),
        (&["fio", "nao-ha.pcap"], "não li nao-ha.pcap"),
    ] {
        let fim = livro.rodar(argumentos);
        assert_eq!(fim.codigo, Some(2), "{argumentos:?}: {fim:?}");
        assert!(fim.erros.contains(pedaco), "{argumentos:?}: {fim:?}");
    }
}
