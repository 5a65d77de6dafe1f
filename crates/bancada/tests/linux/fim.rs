//! O fim: status, sinais, e nada que fique para trás.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use bancada::{Bancada, Host, Plano, Rede, RedeRuim, Sinal};

use super::programas::{PROGRAMA, no_host, rodar_no_host};

const BANCADAS: usize = 100;

/// Para o kernel desfazer o que ficou de um processo morto.
const PRAZO: Duration = Duration::from_secs(5);
const INTERVALO: Duration = Duration::from_millis(5);

pub fn o_status_e_o_sinal_atravessam() {
    let bancada = Bancada::montar(&Plano::default()).unwrap();
    let status = no_host(&bancada, Host::A, &["sai", "7"]).status().unwrap();
    assert_eq!(status.code(), Some(7));
    let mut filho = no_host(&bancada, Host::B, &["espera"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut saida = BufReader::new(filho.stdout.take().unwrap());
    saida.read_line(&mut String::new()).unwrap();
    bancada::sinalizar(&mut filho, Sinal::Term).unwrap();
    let status = filho.wait().unwrap();
    assert_eq!(status.code(), Some(128 + Sinal::Term.numero()));
    let inexistente = bancada.comando(Host::A, "nao-existe-mesmo", &[]);
    let saida = inexistente.unwrap().output().unwrap();
    assert_eq!(saida.status.code(), Some(127));
}

pub fn cem_bancadas_nao_deixam_nada() {
    let antes = Vestigios::agora();
    let mut tempos = Vec::new();
    for numero in 0..BANCADAS {
        let rede = match numero % 3 {
            0 => Rede::Loopback,
            1 => Rede::Cabo,
            _ => Rede::Ruim(RedeRuim::default()),
        };
        let inicio = Instant::now();
        let plano = Plano {
            rede,
            ..Plano::default()
        };
        let bancada = Bancada::montar(&plano).unwrap();
        // O processo que fica para trás é problema da bancada.
        let mut esquecido = no_host(&bancada, Host::B, &["espera"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let (certo, saida) = rodar_no_host(&bancada, Host::A, &["sai", "0"]);
        assert!(certo, "{saida}");
        bancada.desmontar().unwrap();
        assert!(!esquecido.wait().unwrap().success());
        tempos.push(inicio.elapsed());
    }
    tempos.sort();
    println!("    mediana de uma bancada: {:?}", tempos[BANCADAS / 2]);
    Vestigios::esperar(&antes);
}

pub fn a_morte_do_dono_leva_tudo() {
    let antes = Vestigios::agora();
    let mut dono = Command::new(std::env::current_exe().unwrap())
        .args([PROGRAMA, "dono"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut saida = BufReader::new(dono.stdout.take().unwrap());
    let mut linha = String::new();
    saida.read_line(&mut linha).unwrap();
    assert_eq!(linha, "pronto\n");
    assert_ne!(Vestigios::agora(), antes, "o dono montou a bancada dele");
    // SIGKILL: o dono não tem a vez de arrumar nada.
    dono.kill().unwrap();
    dono.wait().unwrap();
    Vestigios::esperar(&antes);
}

/// O que uma bancada poderia deixar: processos deste programa, interfaces de
/// rede e montagens visíveis daqui.
#[derive(Debug, PartialEq, Eq)]
struct Vestigios {
    processos: BTreeSet<u32>,
    interfaces: BTreeSet<String>,
    montagens: usize,
}

impl Vestigios {
    fn agora() -> Self {
        let interfaces = fs::read_dir("/sys/class/net").unwrap();
        let interfaces = interfaces
            .flatten()
            .map(|entrada| entrada.file_name().to_string_lossy().into_owned());
        let montagens = fs::read_to_string("/proc/self/mountinfo").unwrap();
        Self {
            processos: processos_deste_programa(),
            interfaces: interfaces.collect(),
            montagens: montagens.lines().count(),
        }
    }

    /// Espera que só reste o que havia antes.
    fn esperar(antes: &Self) {
        let prazo = Instant::now() + PRAZO;
        loop {
            let agora = Self::agora();
            if agora == *antes {
                return;
            }
            assert!(Instant::now() < prazo, "sobrou: {agora:?} ≠ {antes:?}");
            thread::sleep(INTERVALO);
        }
    }
}

/// Os processos que rodam este executável, em qualquer namespace.
fn processos_deste_programa() -> BTreeSet<u32> {
    let meu = std::env::current_exe().unwrap();
    let entradas = fs::read_dir("/proc").unwrap().flatten();
    let numeros = entradas
        .filter_map(|e| e.file_name().to_string_lossy().parse::<u32>().ok());
    numeros
        .filter(|pid| {
            fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|e| e == meu)
        })
        .collect()
}
