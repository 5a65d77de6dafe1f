//! Roda os programas do capítulo, de verdade, uns contra os outros.

use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

/// Quem devia desistir em 2 s e não desistiu até aqui não desistiria mais.
const TOLERANCIA: Duration = Duration::from_secs(8);

/// Um servidor que morre com o teste.
struct Servidor {
    processo: Child,
    endereco: String,
}

impl Servidor {
    fn iniciar(mut comando: Command) -> Self {
        let mut processo = comando
            .arg("127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("o servidor não iniciou");
        let saida = processo.stdout.take().expect("a saída foi pedida");
        let mut linhas = BufReader::new(saida).lines();
        let primeira = linhas.next().expect("o servidor não disse nada");
        let endereco = primeira
            .expect("a saída do servidor é texto")
            .strip_prefix("escutando em ")
            .expect("a primeira linha diz onde o servidor escuta")
            .to_owned();
        std::thread::spawn(move || linhas.for_each(drop)); // não enche o pipe
        Servidor { processo, endereco }
    }
}

impl Drop for Servidor {
    fn drop(&mut self) {
        let _ = self.processo.kill();
        let _ = self.processo.wait();
    }
}

fn rust(nome: &str) -> Command {
    let mut comando = Command::new(match nome {
        "servidor" => env!("CARGO_BIN_EXE_cap09-servidor"),
        "paciente" => env!("CARGO_BIN_EXE_cap09-paciente"),
        "teimoso" => env!("CARGO_BIN_EXE_cap09-teimoso"),
        "fases" => env!("CARGO_BIN_EXE_cap09-fases"),
        "rodadas" => env!("CARGO_BIN_EXE_cap09-rodadas"),
        "keepalive" => env!("CARGO_BIN_EXE_cap09-keepalive"),
        "errado-so-leitura" => env!("CARGO_BIN_EXE_cap09-errado-so-leitura"),
        "errado-so-um-nome" => env!("CARGO_BIN_EXE_cap09-errado-so-um-nome"),
        "errado-cada-leitura" => {
            env!("CARGO_BIN_EXE_cap09-errado-cada-leitura")
        }
        "errado-repete" => env!("CARGO_BIN_EXE_cap09-errado-repete"),
        "errado-sem-recuo" => env!("CARGO_BIN_EXE_cap09-errado-sem-recuo"),
        outro => panic!("não há listagem {outro}"),
    });
    comando.env("RUST_BACKTRACE", "0");
    comando
}

/// O gêmeo em Python; sem Python, só as listagens em Rust são testadas.
fn python(nome: &str) -> Option<Command> {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "falta o python3");
        let _ = writeln!(io::stderr(), "pulado: falta o python3");
        return None;
    }
    let mut comando = Command::new("python3");
    comando.env("PYTHONIOENCODING", "utf-8").arg(format!(
        "{}/python/cap09-{nome}.py",
        env!("CARGO_MANIFEST_DIR")
    ));
    Some(comando)
}

fn as_duas(nome: &str) -> Vec<Command> {
    [Some(rust(nome)), python(nome)]
        .into_iter()
        .flatten()
        .collect()
}

/// Roda `cliente` contra `servidor`, em Rust e em Python, nos quatro pares.
fn em_cada_par(
    cliente: &str,
    argumentos: &[&str],
    conferir: impl Fn(&Output, Duration) + Sync,
) {
    std::thread::scope(|escopo| {
        for indice in 0..as_duas(cliente).len().pow(2) {
            let servidor = as_duas("servidor").swap_remove(indice / 2);
            let mut comando = as_duas(cliente).swap_remove(indice % 2);
            let conferir = &conferir;
            escopo.spawn(move || {
                let servidor = Servidor::iniciar(servidor);
                comando.arg(&servidor.endereco).args(argumentos);
                let inicio = Instant::now();
                let saida = comando.output().expect("o cliente não iniciou");
                conferir(&saida, inicio.elapsed());
            });
        }
    });
}

fn texto(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Um endereço que recusa: a porta tem dono, e ninguém escuta nela. Fora das
/// portas que o sistema dá a quem conecta, ninguém se conecta a si mesmo.
fn endereco_que_recusa() -> (String, Socket) {
    let portas = 20_000 + std::process::id() as u16 % 10_000..32_000;
    for porta in portas {
        let dono = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let endereco = SocketAddr::from(([127, 0, 0, 1], porta));
        if dono.bind(&endereco.into()).is_ok() {
            return (endereco.to_string(), dono);
        }
    }
    panic!("nenhuma porta livre");
}

#[test]
fn o_paciente_recebe_o_que_cabe_no_prazo() {
    for (pedido, resposta) in [
        ("agora", "agora mesmo (em "),
        ("fatias", "demorou, mas chegou inteira (em "),
    ] {
        em_cada_par("paciente", &[pedido, "6"], |saida, _| {
            assert!(texto(&saida.stdout).starts_with(resposta), "{saida:?}");
            assert_eq!(saida.status.code(), Some(0));
        });
    }
}

#[test]
fn o_paciente_desiste_do_silencio_e_das_gotas() {
    for pedido in ["muda", "gotas"] {
        em_cada_par("paciente", &[pedido, "1"], |saida, levou| {
            assert!(texto(&saida.stderr).contains("prazo esgotado"));
            assert_eq!(saida.status.code(), Some(4), "{saida:?}");
            assert!(levou < TOLERANCIA, "{levou:?}");
        });
    }
}

#[test]
fn o_paciente_diz_que_a_resposta_foi_cortada() {
    em_cada_par("paciente", &["derruba"], |saida, _| {
        assert!(texto(&saida.stderr).contains("resposta cortada"));
        assert_eq!(saida.status.code(), Some(5), "{saida:?}");
    });
}

#[test]
fn o_paciente_diz_que_a_conexao_foi_recusada() {
    let (endereco, _dono) = endereco_que_recusa();
    for mut comando in as_duas("paciente") {
        let saida = comando.arg(&endereco).output().unwrap();
        assert!(texto(&saida.stderr).contains("conexão recusada"));
        assert_eq!(saida.status.code(), Some(3));
    }
}

#[test]
fn o_teimoso_repete_o_que_so_pergunta() {
    em_cada_par("teimoso", &["derruba"], |saida, _| {
        let linhas = texto(&saida.stdout);
        assert_eq!(linhas.matches("espero").count(), 2, "{linhas}");
        assert!(linhas.ends_with("até que enfim\n"), "{linhas}");
        assert_eq!(saida.status.code(), Some(0));
    });
}

#[test]
fn o_teimoso_nao_repete_uma_soma() {
    em_cada_par("teimoso", &["soma 10"], |saida, _| {
        assert_eq!(texto(&saida.stdout), "");
        assert!(texto(&saida.stderr).contains("desisti de “soma 10”"));
        assert_eq!(saida.status.code(), Some(1));
    });
}

#[test]
fn o_teimoso_espera_cada_vez_mais_por_quem_recusa() {
    let (endereco, _dono) = endereco_que_recusa();
    for mut comando in as_duas("teimoso") {
        let saida = comando.args([&endereco, "soma 10"]).output().unwrap();
        let linhas = texto(&saida.stdout);
        let esperas: Vec<u32> = linhas
            .lines()
            .filter_map(|linha| linha.rsplit("espero ").next())
            .filter_map(|fim| fim.strip_suffix(" ms")?.parse().ok())
            .collect();
        assert!((3..=8).contains(&esperas.len()), "{linhas}");
        // Entre a metade de cada espera e ela inteira; e elas dobram.
        for (espera, cheia) in esperas.iter().zip([100, 200, 400, 800]) {
            let metade = cheia / 2;
            assert!((metade..=cheia).contains(espera), "{linhas}");
        }
    }
}

#[test]
fn repetir_uma_soma_soma_duas_vezes() {
    em_cada_par("errado-repete", &["soma 10"], |saida, _| {
        assert_eq!(texto(&saida.stdout), "resposta: total 20\n");
    });
}

#[test]
fn sem_recuo_sao_milhares_de_tentativas() {
    let (endereco, _dono) = endereco_que_recusa();
    for mut comando in as_duas("errado-sem-recuo") {
        let saida = comando.arg(&endereco).output().unwrap();
        let dito = texto(&saida.stderr);
        let depois = dito.split_once("cerca de ").expect(&dito).1;
        let tentativas = depois.split(' ').next().unwrap();
        assert!(tentativas.parse::<u32>().unwrap() > 100, "{dito}");
        assert_eq!(saida.status.code(), Some(1));
    }
}

#[test]
fn o_prazo_de_cada_leitura_nao_segura_as_gotas() {
    em_cada_par("errado-cada-leitura", &["gotas"], |saida, levou| {
        let dito = texto(&saida.stdout);
        assert!(dito.starts_with("o prazo era de 1 s, e passaram"), "{dito}");
        assert!(dito.ends_with("inteira\n"), "{dito}");
        assert!(levou > Duration::from_secs(5), "{levou:?}");
    });
}

#[test]
fn quem_conhece_um_nome_so_nao_reconhece_o_silencio() {
    em_cada_par("errado-so-um-nome", &["muda"], |saida, _| {
        assert!(texto(&saida.stderr).contains("erro inesperado: "));
        assert_eq!(saida.status.code(), Some(1));
    });
}

/// Quem desistiria em 1 s já teria desistido; sem limite na escrita, espera.
#[test]
fn sem_limite_a_escrita_nao_acaba() {
    let mut presos: Vec<_> = as_duas("errado-so-leitura")
        .into_iter()
        .map(|mut comando| {
            let servidor = Servidor::iniciar(rust("servidor"));
            comando.arg(&servidor.endereco);
            comando.stdout(Stdio::piped()).stderr(Stdio::null());
            (comando.spawn().unwrap(), servidor)
        })
        .collect();
    for (preso, _) in &mut presos {
        let saida = preso.stdout.take().expect("a saída foi pedida");
        let mut linhas = BufReader::new(saida).lines();
        let primeira = linhas.next().unwrap().unwrap();
        assert!(primeira.starts_with("enviando"), "{primeira}");
    }
    em_cada_par("paciente", &["muda", "2"], |saida, _| {
        assert_eq!(saida.status.code(), Some(4));
    });
    for (preso, _) in &mut presos {
        assert!(preso.try_wait().unwrap().is_none(), "não devia terminar");
        preso.kill().unwrap();
        preso.wait().unwrap();
    }
}

#[test]
fn cada_fase_diz_o_seu_tipo_de_erro() {
    let esperados = [
        ["TimedOut", "TimeoutError"],
        ["ConnectionRefused", "ConnectionRefusedError"],
        ["WouldBlock", "TimeoutError"],
        ["WouldBlock", "TimeoutError"],
        ["WouldBlock", "BlockingIOError"],
        ["InvalidInput", "BlockingIOError"],
    ];
    for (qual, mut comando) in as_duas("fases").into_iter().enumerate() {
        let saida = comando.output().unwrap();
        let linhas = texto(&saida.stdout);
        assert_eq!(linhas.lines().count(), esperados.len(), "{linhas}");
        for (linha, esperado) in linhas.lines().zip(esperados) {
            if cfg!(unix) {
                assert!(linha.contains(esperado[qual]), "{linha}");
            }
        }
    }
}

/// A confirmação atrasada do Linux: 40 ms em quase todas as rodadas.
#[test]
#[cfg(target_os = "linux")]
fn duas_escritas_pagam_40_ms_por_rodada_e_uma_so_nao() {
    em_cada_par("rodadas", &["20"], |saida, _| {
        let linhas = texto(&saida.stdout);
        let tempo = |jeito: &str| -> f64 {
            let linha = linhas.lines().find(|linha| linha.starts_with(jeito));
            let depois = linha.and_then(|linha| linha.split_once(" em "));
            let numero = depois.and_then(|(_, fim)| fim.strip_suffix(" ms"));
            let numero = numero.unwrap_or_else(|| panic!("{jeito}: {linhas}"));
            numero.replace(',', ".").parse().unwrap()
        };
        let (duas, nodelay, uma) =
            (tempo("duas "), tempo("nodelay "), tempo("uma "));
        assert!(duas > 15.0 * 40.0, "{linhas}");
        assert!(nodelay < duas / 2.0, "{linhas}");
        assert!(uma < duas / 2.0, "{linhas}");
    });
}

/// Um kernel vivo responde às perguntas, e a conexão passa por boa: quem
/// desiste é o tempo limite da leitura.
#[test]
#[cfg(target_os = "linux")]
fn o_keep_alive_nao_ve_o_programa_so_o_kernel() {
    em_cada_par("keepalive", &[], |saida, levou| {
        let linhas = texto(&saida.stdout);
        assert!(linhas.starts_with("o padrão: desligado\n"), "{linhas}");
        assert!(linhas.contains("TCP_KEEPCNT   = "), "{linhas}");
        assert!(!linhas.contains("Connection timed out"), "{linhas}");
        assert!(levou >= Duration::from_secs(7), "{levou:?}");
    });
}
