//! As listagens erradas, uma a uma: cada uma falha do jeito que a página mostra.

use std::io::{ErrorKind, Read, Write};

use crate::programa::{
    Lingua, Programa, conectar, linguas, morre_com_cliente_ligado,
};

const DEZ_MEBIBYTES: usize = 10 * 1024 * 1024;

#[test]
fn errado_uma_leitura_devolve_so_o_comeco() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-errado-uma-leitura", lingua);
        // Duas linhas, um cliente educado: a segunda fica sem eco.
        let mut cliente =
            Programa::inicia("cap05-cliente", Lingua::Rust, &endereco);
        cliente.digita("oi");
        cliente.diz("oi");
        cliente.digita("tudo bem?");
        let (status, dito) = cliente.termina();
        assert!(!status.success());
        assert!(dito.contains("a conversa parou no meio"), "{dito}");
    }
}

#[test]
fn errado_uma_leitura_reseta_quem_enviou_mais_do_que_ele_leu() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-errado-uma-leitura", lingua);
        let mut cliente = conectar(&endereco);
        cliente.write_all(&[b'x'; 100]).unwrap();
        let mut eco = Vec::new();
        let erro = cliente.read_to_end(&mut eco).unwrap_err();
        assert_eq!(erro.kind(), ErrorKind::ConnectionReset);
        assert!(eco.len() <= 16, "vieram {} bytes", eco.len());
    }
}

#[test]
fn errado_buffer_inteiro_devolve_restos_da_mensagem_anterior() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-errado-buffer-inteiro", lingua);
        let mut cliente =
            Programa::inicia("cap05-cliente", Lingua::Rust, &endereco);
        cliente.digita("paralelepípedo");
        cliente.diz("paralelepípedo");
        cliente.digita("oi");
        cliente.diz("oi");
        let (_, dito) = cliente.termina();
        assert_eq!(dito, "paralelepípedo\noi\nalelepípedo");
    }
}

#[test]
fn errado_write_perde_bytes_de_um_leitor_lento() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-errado-write", lingua);
        let rajada = Programa::inicia("cap05-rajada", Lingua::Rust, &endereco);
        let (status, dito) = rajada.termina();
        assert!(!status.success(), "{lingua:?}: {dito}");
        assert!(dito.contains("o meio veio falhado"), "{lingua:?}: {dito}");
    }
}

#[test]
fn errado_ignora_fim_gira_sem_nunca_encerrar() {
    for lingua in linguas() {
        let (servidor, endereco) =
            Programa::servidor("cap05-errado-ignora-fim", lingua);
        let mut cliente =
            Programa::inicia("cap05-cliente", Lingua::Rust, &endereco);
        cliente.digita("oi");
        cliente.diz("oi");
        let antes = servidor.cpu();
        let (status, dito) = cliente.termina();
        assert!(!status.success());
        assert!(dito.contains("o servidor não encerrou"), "{dito}");
        // O cliente esperou 2 s; o servidor gastou boa parte deles girando.
        if let (Some(antes), Some(depois)) = (antes, servidor.cpu()) {
            let gasto = depois - antes;
            assert!(gasto > 10, "gastou {gasto} centésimos de segundo");
        }
    }
}

#[test]
fn errado_capacidade_fecha_sem_devolver_nada() {
    for lingua in linguas() {
        let (mut servidor, endereco) =
            Programa::servidor("cap05-errado-capacidade", lingua);
        let mut cliente =
            Programa::inicia("cap05-cliente", Lingua::Rust, &endereco);
        cliente.digita("oi");
        let (status, dito) = cliente.termina();
        assert!(!status.success());
        assert!(dito.contains("a conversa parou no meio"), "{dito}");
        servidor.diz(" encerrou");
    }
}

#[test]
fn errado_meio_fechamento_esquece_a_linha_sem_fim() {
    for lingua in linguas() {
        let (_servidor, endereco) =
            Programa::servidor("cap05-errado-meio-fechamento", lingua);
        let rajada = Programa::inicia("cap05-rajada", Lingua::Rust, &endereco);
        let (status, dito) = rajada.termina();
        assert!(!status.success());
        // Depois do último \n (o byte 10 de cada 251) ainda vinham 224.
        let voltaram = format!("só os primeiros {}", DEZ_MEBIBYTES - 224);
        assert!(dito.contains(&voltaram), "{dito}");
    }
}

#[test]
fn errado_unwrap_deixa_o_segundo_cliente_sem_servidor() {
    for lingua in linguas() {
        let (servidor, endereco) =
            Programa::servidor("cap05-errado-unwrap", lingua);
        let desiste =
            Programa::inicia("cap05-desiste", Lingua::Rust, &endereco);
        assert!(desiste.termina().0.success());
        let (status, dito) = servidor.termina();
        assert!(!status.success());
        assert!(dito.contains("ConnectionReset"), "{dito}");
        let cliente =
            Programa::inicia("cap05-cliente", Lingua::Rust, &endereco);
        let (status, dito) = cliente.termina();
        assert!(!status.success());
        assert!(dito.contains("não consegui conectar"), "{dito}");
    }
}

#[test]
fn errado_sem_reuseaddr_nao_volta_a_mesma_porta() {
    for lingua in linguas() {
        let nome = "cap05-errado-sem-reuseaddr";
        let endereco = morre_com_cliente_ligado(nome, lingua);
        let (status, dito) =
            Programa::inicia(nome, lingua, &endereco).termina();
        assert!(!status.success());
        assert!(dito.contains("não consegui escutar em"), "{dito}");
        if cfg!(target_os = "linux") {
            assert!(dito.contains("Address already in use"), "{dito}");
        }
    }
}
