//! As listagens do capítulo 5, executadas de verdade: cada servidor conversa
//! com cada cliente, em Rust e em Python, e cada listagem errada falha do jeito
//! que a página mostra.

use std::io::{ErrorKind, Read, Write};
use std::time::Duration;

use programa::{
    LOOPBACK, Lingua, PRAZO, Programa, conectar, linguas,
    morre_com_cliente_ligado,
};

#[path = "listagens/erradas.rs"]
mod erradas;
#[path = "listagens/programa.rs"]
mod programa;

/// Quanto se espera para afirmar que uma resposta *não* veio.
const SILENCIO: Duration = Duration::from_millis(300);

#[test]
fn cada_servidor_conversa_com_cada_cliente() {
    for lingua in linguas() {
        for nome in ["cap05-servidor", "cap05-socket2", "cap05-solucao"] {
            let (_servidor, endereco) = Programa::servidor(nome, lingua);
            for cliente in linguas() {
                println!("{nome} ({lingua:?}) ⇄ cap05-cliente ({cliente:?})");
                eco_de_duas_linhas(cliente, &endereco);
            }
        }
    }
}

#[test]
fn o_servidor_conta_quem_veio_e_quantos_bytes_devolveu() {
    for lingua in linguas() {
        for nome in ["cap05-servidor", "cap05-socket2"] {
            let (mut servidor, endereco) = Programa::servidor(nome, lingua);
            eco_de_duas_linhas(Lingua::Rust, &endereco);
            servidor.diz(" conectou");
            // "olá, mundo!" são 12 bytes, "coração" 9, e cada linha tem \n.
            servidor.diz(" encerrou (23 bytes)");
        }
    }
}

#[test]
fn dez_mebibytes_voltam_inteiros_a_um_leitor_lento() {
    for lingua in linguas() {
        for nome in ["cap05-servidor", "cap05-socket2", "cap05-solucao"] {
            let (_servidor, endereco) = Programa::servidor(nome, lingua);
            let rajada = Programa::inicia("cap05-rajada", lingua, &endereco);
            let (status, dito) = rajada.termina();
            assert!(status.success(), "{nome} ({lingua:?}): {dito}");
            assert!(dito.contains("voltaram todos"), "{dito}");
        }
    }
}

#[test]
fn quem_desiste_nao_derruba_o_servidor() {
    for lingua in linguas() {
        let (mut servidor, endereco) =
            Programa::servidor("cap05-servidor", lingua);
        for desistente in linguas() {
            let desiste =
                Programa::inicia("cap05-desiste", desistente, &endereco);
            assert!(desiste.termina().0.success());
            servidor.diz(" caiu (");
            eco_de_duas_linhas(Lingua::Rust, &endereco);
            servidor.diz(" encerrou (");
        }
    }
}

#[test]
fn o_segundo_cliente_espera_a_vez_na_fila() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-servidor", lingua);
        let mut primeiro = conectar(&endereco);
        primeiro.write_all(b"1").unwrap();
        primeiro.read_exact(&mut [0; 1]).unwrap();
        let mut segundo = conectar(&endereco);
        segundo.write_all(b"2").unwrap();
        segundo.set_read_timeout(Some(SILENCIO)).unwrap();
        let espera = segundo.read(&mut [0; 1]).unwrap_err().kind();
        assert!(
            matches!(espera, ErrorKind::WouldBlock | ErrorKind::TimedOut),
            "esperava silêncio, recebi {espera:?}"
        );
        drop(primeiro);
        segundo.set_read_timeout(Some(PRAZO)).unwrap();
        let mut eco = [0; 1];
        segundo
            .read_exact(&mut eco)
            .expect("agora é a vez do segundo");
        assert_eq!(&eco, b"2");
    }
}

#[test]
fn clientes_conectam_sem_que_ninguem_chame_accept() {
    for lingua in linguas() {
        let fila = Programa::inicia("cap05-fila", lingua, LOOPBACK);
        let (status, dito) = fila.termina();
        assert!(status.success(), "{dito}");
        assert!(dito.contains("deles enviaram \"oi\""), "{dito}");
        if cfg!(target_os = "linux") {
            assert!(dito.contains("129 clientes conectaram"), "{dito}");
            assert!(dito.contains("o 130º não recebeu resposta"), "{dito}");
        }
    }
}

#[test]
fn cliente_sem_servidor_recebe_uma_recusa_em_uma_linha() {
    for lingua in linguas() {
        // Uma porta que acabou de ser nossa, e em que já ninguém escuta.
        let (servidor, endereco) =
            Programa::servidor("cap05-servidor", Lingua::Rust);
        servidor.morre();
        let cliente = Programa::inicia("cap05-cliente", lingua, &endereco);
        let (status, dito) = cliente.termina();
        assert!(!status.success());
        assert!(dito.contains("não consegui conectar"), "{dito}");
        assert_eq!(dito.lines().count(), 1, "{dito}");
    }
}

#[test]
fn o_servidor_volta_a_mesma_porta_com_uma_conexao_em_aberto() {
    for lingua in linguas() {
        for nome in ["cap05-servidor", "cap05-socket2"] {
            let endereco = morre_com_cliente_ligado(nome, lingua);
            Programa::servidor_em(nome, lingua, &endereco);
        }
    }
}

#[test]
fn o_esqueleto_diz_o_que_falta_e_falha() {
    for lingua in linguas() {
        let esqueleto = Programa::inicia("cap05-exercicio", lingua, LOOPBACK);
        let (status, dito) = esqueleto.termina();
        assert!(!status.success());
        assert!(dito.contains("falta escrever `servir` e `ecoar`"), "{dito}");
    }
}

/// Conversa com o servidor como faria uma pessoa: duas linhas e Ctrl-D.
fn eco_de_duas_linhas(lingua: Lingua, endereco: &str) {
    let mut cliente = Programa::inicia("cap05-cliente", lingua, endereco);
    cliente.digita("olá, mundo!");
    assert_eq!(cliente.diz("olá"), "olá, mundo!");
    cliente.digita("coração");
    assert_eq!(cliente.diz("cora"), "coração");
    cliente.fecha_a_entrada();
    let (status, dito) = cliente.termina();
    assert!(status.success(), "{dito}");
}
