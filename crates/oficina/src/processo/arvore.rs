//! A árvore de processos do programa, vista em /proc.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitOptions, getrlimit, kill_process,
    prlimit, wait,
};

use crate::palco::programa::{Escuta, Esforco};
use crate::sock_diag::SockDiag;

/// Quantas vezes por segundo o sistema conta o tempo de processador em
/// /proc/PID/stat (`USER_HZ`, fixo em 100 no Linux).
const PULSOS_POR_SEGUNDO: u64 = 100;

/// Os descendentes de `raiz`, sem ela.
pub fn descendentes(raiz: u32) -> Vec<u32> {
    descendentes_ate(raiz, usize::MAX)
}

/// Os primeiros descendentes de `raiz`: olhar todos os de uma bomba de fork a
/// cada instante deixaria o conferidor sem tempo para o resto.
pub fn descendentes_ate(raiz: u32, quantos: usize) -> Vec<u32> {
    let mut achados = Vec::new();
    let mut fila = vec![raiz];
    while let Some(pid) = fila.pop().filter(|_| achados.len() < quantos) {
        for filho in filhos(pid) {
            achados.push(filho);
            fila.push(filho);
        }
    }
    achados
}

fn filhos(pid: u32) -> Vec<u32> {
    let Ok(tarefas) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return Vec::new();
    };
    let listas = tarefas.flatten().filter_map(|tarefa| {
        fs::read_to_string(tarefa.path().join("children")).ok()
    });
    let pids = listas.flat_map(|lista| {
        let pids = lista.split_ascii_whitespace();
        pids.filter_map(|pid| pid.parse().ok())
            .collect::<Vec<u32>>()
    });
    pids.collect()
}

/// Encerra todos os descendentes de `raiz`, menos o `poupado`. Repete até não
/// achar nenhum, duas vezes: quem nasce enquanto os outros morrem também é
/// encerrado, e a lista de filhos de quem está perdendo um pode sair sem outro
/// (`children`, em proc_pid_task(5)).
pub fn encerrar_descendentes(raiz: u32, poupado: Option<u32>) {
    let mut vazias = 0;
    while vazias < 2 {
        let mut vivos = descendentes(raiz);
        vivos.retain(|&pid| Some(pid) != poupado);
        if vivos.is_empty() {
            vazias += 1;
            continue;
        }
        vazias = 0;
        for pid in vivos {
            sinalizar(pid, Signal::KILL);
        }
        recolher();
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Recolhe os filhos que já terminaram, inclusive os adotados.
fn recolher() {
    while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
}

pub fn sinalizar(pid: u32, sinal: Signal) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // Se já terminou, não há o que encerrar.
        let _ = kill_process(pid, sinal);
    }
}

/// O trabalho somado destes processos.
pub fn esforco(pids: &[u32]) -> Esforco {
    let estados: Vec<Estado> = pids.iter().flat_map(|&pid| ler(pid)).collect();
    let pulsos: u64 = estados.iter().map(|e| e.pulsos).sum();
    let ocupado = estados.iter().any(|e| e.ocupado)
        || pids.iter().any(|&pid| thread_ocupada(pid));
    Esforco {
        processador: Some(Duration::from_millis(
            pulsos * 1000 / PULSOS_POR_SEGUNDO,
        )),
        ocupado: Some(ocupado),
    }
}

struct Estado {
    pulsos: u64,
    ocupado: bool,
}

/// O estado em /proc/PID/stat: proc_pid_stat(5).
fn ler(pid: u32) -> Option<Estado> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    estado(&stat)
}

fn estado(stat: &str) -> Option<Estado> {
    // O nome do programa, entre parênteses, pode ter espaços.
    let campos = stat.rsplit_once(')')?.1;
    let campos: Vec<&str> = campos.split_ascii_whitespace().collect();
    // utime, stime, cutime e cstime são os campos 14 a 17; o estado é o 3.
    let tempos = campos.get(11..15)?.iter();
    Some(Estado {
        pulsos: tempos.filter_map(|t| t.parse::<u64>().ok()).sum(),
        ocupado: ocupado(campos.first()?),
    })
}

/// `R` está executando ou na fila do processador; `D` espera o disco.
fn ocupado(estado: &str) -> bool {
    matches!(estado, "R" | "D")
}

fn thread_ocupada(pid: u32) -> bool {
    let Ok(tarefas) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return false;
    };
    tarefas.flatten().any(|tarefa| {
        fs::read_to_string(tarefa.path().join("stat"))
            .ok()
            .and_then(|stat| estado(&stat))
            .is_some_and(|estado| estado.ocupado)
    })
}

/// Onde estes processos escutam (TCP) ou estão associados (UDP). Um socket
/// IPv6 também se associa a um endereço IPv4, escrito `::ffff:127.0.0.1` (é o
/// que Java faz): para quem se conecta, é o mesmo endereço.
pub fn escutas(pids: &[u32]) -> Vec<Escuta> {
    let meus: HashSet<u64> = pids.iter().flat_map(|&p| sockets(p)).collect();
    if meus.is_empty() {
        return Vec::new();
    }
    let achados = SockDiag::abrir().and_then(|kernel| kernel.escutas());
    let achados = achados.unwrap_or_default().into_iter();
    achados
        .filter(|achado| meus.contains(&achado.inode))
        .map(|achado| Escuta {
            endereco: SocketAddr::new(
                achado.endereco.ip().to_canonical(),
                achado.endereco.port(),
            ),
            udp: achado.udp,
        })
        .collect()
}

/// O menor descritor que algum destes processos ainda não usa: com este limite,
/// nenhum deles consegue outro.
pub fn descritor_livre(pids: &[u32]) -> Option<u64> {
    let usados = pids.iter().map(|&pid| descritores(pid));
    // Quem acabou de terminar não tem nenhum.
    let livres = usados.filter(|usados| !usados.is_empty()).filter_map(|u| {
        (0..=u.len() as u64).find(|numero| !u.contains(numero))
    });
    livres.min()
}

fn descritores(pid: u32) -> Vec<u64> {
    let abertos = fs::read_dir(format!("/proc/{pid}/fd"));
    let abertos = abertos.into_iter().flatten().flatten();
    let numeros =
        abertos.filter_map(|aberto| aberto.file_name().to_str()?.parse().ok());
    numeros.collect()
}

/// Muda o limite de descritores (RLIMIT_NOFILE) de processos que já rodam, sem
/// mexer no `teto`, que ninguém poderia devolver depois.
pub fn mudar_limite(pids: &[u32], limite: u64, teto: u64) -> io::Result<()> {
    let nosso = getrlimit(Resource::Nofile).maximum;
    let teto = nosso.map_or(teto, |nosso| nosso.min(teto));
    let novo = Rlimit {
        current: Some(limite.min(teto)),
        maximum: Some(teto),
    };
    for &pid in pids {
        let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
        prlimit(pid, Resource::Nofile, novo)?;
    }
    Ok(())
}

/// Os números (inode) dos sockets abertos por um processo.
fn sockets(pid: u32) -> Vec<u64> {
    let Ok(descritores) = fs::read_dir(format!("/proc/{pid}/fd")) else {
        return Vec::new();
    };
    let alvos = descritores.flatten().filter_map(|descritor| {
        let alvo = fs::read_link(descritor.path()).ok()?;
        let alvo = alvo.to_str()?.strip_prefix("socket:[")?.to_owned();
        alvo.strip_suffix(']')?.parse().ok()
    });
    alvos.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o_meu_proprio_socket_de_escuta_e_achado() {
        let ouvinte = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let achadas = escutas(&[std::process::id()]);
        let endereco = ouvinte.local_addr().unwrap();
        assert!(achadas.contains(&Escuta {
            endereco,
            udp: false
        }));
    }

    #[test]
    fn o_endereco_ipv4_de_um_socket_ipv6_e_o_ipv4() {
        use std::net::Ipv4Addr;
        let mapeado = Ipv4Addr::LOCALHOST.to_ipv6_mapped();
        let ouvinte = std::net::TcpListener::bind((mapeado, 0)).unwrap();
        let porta = ouvinte.local_addr().unwrap().port();
        let endereco = SocketAddr::from((Ipv4Addr::LOCALHOST, porta));
        let achadas = escutas(&[std::process::id()]);
        assert!(achadas.contains(&Escuta {
            endereco,
            udp: false
        }));
    }

    #[test]
    fn o_limite_de_quem_ja_roda_desce_ate_o_que_ele_tem_e_volta() {
        use std::io::{Read, Write};
        use std::process::{Command, Stdio};
        let mut filho = Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Quem já responde acabou de abrir e fechar as próprias bibliotecas.
        let mut byte = [b'!'];
        let (mut entrada, mut saida) =
            (filho.stdin.take().unwrap(), filho.stdout.take().unwrap());
        entrada.write_all(&byte).unwrap();
        saida.read_exact(&mut byte).unwrap();
        let pids = [filho.id()];
        let no_limite = |quanto: &str| {
            let limites = format!("/proc/{}/limits", filho.id());
            let limites = fs::read_to_string(limites).unwrap();
            let linha = limites.lines().find(|l| l.contains("open files"));
            let colunas = linha.unwrap().split_ascii_whitespace();
            colunas.clone().nth(3) == Some(quanto)
        };
        // Os três primeiros são as entradas e saídas padrão.
        let livre = descritor_livre(&pids);
        let desceu = mudar_limite(&pids, 3, 64).is_ok() && no_limite("3");
        let voltou = mudar_limite(&pids, 64, 64).is_ok() && no_limite("64");
        filho.kill().unwrap();
        filho.wait().unwrap();
        assert_eq!((livre, desceu, voltou), (Some(3), true, true));
    }

    #[test]
    fn quem_gira_esta_ocupado_e_gasta_processador() {
        let mut filho = std::process::Command::new("sh")
            .args(["-c", "while :; do :; done"])
            .spawn()
            .unwrap();
        let prazo = std::time::Instant::now() + Duration::from_secs(5);
        let gastou = loop {
            let agora = esforco(&[filho.id()]);
            if agora.processador >= Some(Duration::from_millis(50)) {
                break agora.ocupado == Some(true);
            }
            assert!(std::time::Instant::now() < prazo);
            std::thread::yield_now();
        };
        filho.kill().unwrap();
        filho.wait().unwrap();
        assert!(gastou);
    }
}
