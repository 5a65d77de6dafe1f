//! `oficina gravar`: grava, reconhece o que não mudou e acusa o que mudou.
#![cfg(target_os = "linux")]

mod apoio_python;
mod apoio_roteiro;

use std::io::{self, Write};
use std::process::Command;

use apoio_python::ha_python;
use apoio_roteiro::{Fim, Livro};

const SERVIDOR: &str = "\
import socket, sys
s = socket.create_server(('0.0.0.0', int(sys.argv[1])))
print('escutando em 0.0.0.0:%d' % s.getsockname()[1])
c, _ = s.accept()
print('veio', c.recv(100).decode())
c.sendall(b'RESPOSTA')
fim = c.recv(1)
c.close()
print('fim', fim)
";

const CLIENTE: &str = "\
import socket, sys
c = socket.create_connection((sys.argv[1], int(sys.argv[2])))
c.sendall(input().encode())
print(c.recv(100).decode())
";

const ROTEIRO: &str = "\
titulo: Pergunta e resposta
porta: 7099
prazo: 20s
REDE
b: servidor = python3 servidor.py {porta}
a: cliente = python3 cliente.py {host} {porta}

servidor inicia
servidor diz \"escutando em\"
cliente inicia
cliente digita \"pergunta\"
servidor diz \"veio pergunta\"
cliente diz \"resposta\"
cliente termina
servidor diz \"fim\"
servidor termina
";

fn livro(rede: &str, resposta: &str) -> Livro {
    let livro = Livro::novo();
    let capitulo = livro.capitulo();
    livro.escrever(capitulo.join("cliente.py"), CLIENTE);
    mudar(&livro, rede, resposta);
    livro
}

/// Muda a rede e o que o servidor responde.
fn mudar(livro: &Livro, rede: &str, resposta: &str) {
    let servidor = SERVIDOR.replace("RESPOSTA", resposta);
    livro.escrever(livro.capitulo().join("servidor.py"), &servidor);
    livro.roteiro("eco", &ROTEIRO.replace("REDE", rede));
}

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

#[test]
fn a_captura_e_gravada_reconhecida_e_acusada_quando_muda() {
    if !ha_python() {
        return;
    }
    for (rede, arquivo) in [
        ("rede: cabo", "eco.pcap"),
        ("rede: loopback", "eco.pcap"),
        ("rede: ruim atraso=2ms descarta=a3", "eco.pcapng"),
    ] {
        let livro = livro(rede, "resposta");
        if !permitida(&livro) {
            return;
        }
        let falta = livro.rodar(&["gravar", "cap99", "--conferir"]);
        assert_eq!(falta.codigo, Some(1), "{rede}: {falta:?}");
        assert!(falta.saida.contains("ainda não foi gravada"), "{falta:?}");

        let grava = livro.rodar(&["gravar", "cap99"]);
        assert_eq!(grava.codigo, Some(0), "{rede}: {grava:?}");
        assert!(grava.saida.contains("gravado"), "{rede}: {grava:?}");
        let captura = livro.capitulo().join("fio").join(arquivo);
        let bytes = std::fs::read(&captura).unwrap();

        let igual = livro.rodar(&["gravar", "cap99"]);
        assert!(igual.saida.contains("igual"), "{rede}: {igual:?}");
        assert_eq!(std::fs::read(&captura).unwrap(), bytes, "{rede}");

        mudar(&livro, rede, "resposta outra");
        let muda = livro.rodar(&["gravar", "cap99", "--conferir"]);
        assert_eq!(muda.codigo, Some(1), "{rede}: {muda:?}");
        assert!(muda.saida.contains("a conversa mudou"), "{muda:?}");
        assert_eq!(std::fs::read(&captura).unwrap(), bytes, "{rede}");
    }
}

#[test]
fn uma_conversa_que_para_no_meio_e_um_problema_e_nada_e_gravado() {
    if !ha_python() {
        return;
    }
    let livro = livro("rede: cabo", "resposta");
    if !permitida(&livro) {
        return;
    }
    let parado = ROTEIRO
        .replace("REDE", "rede: cabo")
        .replace("cliente diz \"resposta\"", "cliente diz \"outra\"");
    livro.roteiro("eco", &parado);
    let fim = livro.rodar(&["gravar", "cap99"]);
    assert_eq!(fim.codigo, Some(1), "{fim:?}");
    assert!(fim.saida.contains("eco.roteiro:13"), "{fim:?}");
    assert!(!livro.capitulo().join("fio/eco.pcap").exists());
}

#[test]
fn a_sessao_e_regravada_so_quando_muda_o_que_importa() {
    if !ha_python() {
        return;
    }
    let livro = Livro::novo();
    let sessao = livro.capitulo().join("saidas/x.txt");
    let ler = || std::fs::read_to_string(&sessao).unwrap();
    let programa = "import os; print('porta 127.0.0.1:%d' % \
        (40000 + os.getpid() % 9999)); print('TEXTO')";
    let comando = format!("$ python3 -c \"{programa}\"\n");
    livro.escrever(&sessao, &comando);
    let grava = livro.rodar(&["gravar", "cap99"]);
    assert_eq!(grava.codigo, Some(0), "{grava:?}");
    let gravada = ler();
    assert!(gravada.starts_with(&comando), "{gravada}");
    assert!(gravada.ends_with("\nTEXTO\n"), "{gravada}");

    let confere = livro.rodar(&["gravar", "cap99", "--conferir"]);
    assert_eq!(confere.codigo, Some(0), "{confere:?}");
    assert_eq!(ler(), gravada, "outra porta não é outra sessão");

    livro.escrever(&sessao, &gravada.replace("\nTEXTO", "\nOUTRO"));
    let acusa = livro.rodar(&["gravar", "cap99", "--conferir"]);
    assert_eq!(acusa.codigo, Some(1), "{acusa:?}");
    assert!(acusa.saida.contains("gravada: OUTRO"), "{acusa:?}");

    livro.roteiro(
        "parado",
        "titulo: x\nprazo: 300ms\n\
        a: x = sh -c \"sleep 60\"\nx inicia\nx termina\n",
    );
    let parada = "$ cargo oficina demo cap99 parado\nera assim\n";
    livro.escrever(&sessao, parada);
    let acusa = livro.rodar(&["gravar", "cap99", "--so", "x"]);
    assert_eq!(acusa.codigo, Some(1), "{acusa:?}");
    assert_eq!(ler(), parada, "um roteiro que falha não se grava");

    livro.escrever(&sessao, "sem comando\n");
    let acusa = livro.rodar(&["gravar", "cap99", "--so", "x"]);
    assert!(acusa.saida.contains("“$ comando”"), "{acusa:?}");
    livro.escrever(&sessao, "$ ls /\n");
    let pula = livro.rodar(&["gravar", "cap99", "--so", "x"]);
    assert!(pula.saida.contains("pulado"), "{pula:?}");
}

/// O livro de verdade: cada captura e cada sessão ainda é o que os programas
/// fazem.
#[test]
fn as_gravacoes_do_livro_ainda_valem() {
    let saida = Command::new(env!("CARGO_BIN_EXE_oficina"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .args(["gravar", "--conferir"])
        .output()
        .unwrap();
    let fim = Fim::de(saida);
    assert_eq!(fim.codigo, Some(0), "{}\n{}", fim.saida, fim.erros);
}
