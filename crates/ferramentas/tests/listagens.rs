//! O servidor que o apêndice “Ferramentas” olha, em Rust e em Python.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

const PRAZO: Duration = Duration::from_secs(30);
const RESPOSTA: &str =
    "HTTP/1.0 200 OK\r\nContent-Length: 25\r\n\r\nUm socket entrega bytes.\n";

/// Um servidor no ar; morre junto com o teste.
struct Servidor {
    processo: Child,
    endereco: String,
    /// Fechada, derrubaria o servidor na próxima linha que ele escrevesse.
    _saida: BufReader<ChildStdout>,
}

impl Servidor {
    fn inicia(mut comando: Command) -> Servidor {
        let mut processo = comando
            .arg("127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("o servidor inicia");
        let saida = processo.stdout.take().expect("a saída é um cano");
        let mut saida = BufReader::new(saida);
        let mut linha = String::new();
        saida.read_line(&mut linha).expect("ele diz");
        let endereco = linha.trim().replace("escutando em ", "");
        Servidor {
            processo,
            endereco,
            _saida: saida,
        }
    }

    fn todos() -> Vec<Servidor> {
        let em_rust = Command::new(env!("CARGO_BIN_EXE_ferramentas-pagina"));
        let mut em_python = Command::new("python3");
        em_python.arg(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("python/ferramentas-pagina.py"),
        );
        let ha_python =
            Command::new("python3").arg("--version").output().is_ok();
        let ci = std::env::var_os("CI").is_some();
        assert!(ha_python || !ci, "falta o python3");
        let mut todos = vec![Servidor::inicia(em_rust)];
        if ha_python {
            todos.push(Servidor::inicia(em_python));
        }
        todos
    }

    /// Envia os pedaços, encerra o envio e devolve tudo o que voltou.
    fn pedir(&self, pedacos: &[&str]) -> String {
        let mut conexao = TcpStream::connect(&self.endereco).expect("conecta");
        conexao.set_read_timeout(Some(PRAZO)).expect("põe prazo");
        conexao.set_nodelay(true).expect("envia logo");
        for pedaco in pedacos {
            conexao.write_all(pedaco.as_bytes()).expect("envia");
        }
        conexao.shutdown(Shutdown::Write).expect("encerra o envio");
        let mut resposta = String::new();
        conexao.read_to_string(&mut resposta).expect("lê até o fim");
        resposta
    }
}

impl Drop for Servidor {
    fn drop(&mut self) {
        let _ = self.processo.kill();
        let _ = self.processo.wait();
    }
}

#[test]
fn o_pedido_recebe_a_pagina_venha_em_quantos_pedacos_vier() {
    for servidor in Servidor::todos() {
        for pedido in [
            &["GET / HTTP/1.0\r\n\r\n"] as &[&str],
            &["GET / HTTP/1.0\n\n"],
            &["GE", "T / HTTP/1.0\r", "\nHost: a\r\n", "\r", "\n"],
        ] {
            assert_eq!(servidor.pedir(pedido), RESPOSTA, "{pedido:?}");
        }
    }
}

#[test]
fn um_pedido_cortado_nao_tem_resposta_nem_derruba_o_servidor() {
    for servidor in Servidor::todos() {
        assert_eq!(servidor.pedir(&["GET / HTTP/1.0\r\n"]), "");
        assert_eq!(servidor.pedir(&[]), "");
        assert_eq!(servidor.pedir(&["GET / HTTP/1.0\r\n\r\n"]), RESPOSTA);
    }
}
