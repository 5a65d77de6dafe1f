//! O cerco: o processo que se cerca de limites e inicia o programa dentro
//! deles. Roda como subcomando escondido, para que os limites valham a partir
//! de um processo limpo, sem código entre `fork` e `exec`.
//!
//! A entrada padrão do cerco é um socket com o conferidor: dele vêm o
//! [`Preparo`] e a [`Ordem`], e por ele voltam as notícias, uma por linha.

use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Mutex;

use serde::de::DeserializeOwned;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{
    Pid, PidfdFlags, Resource, Rlimit, Signal, pidfd_open,
    set_parent_process_death_signal, setrlimit,
};

use crate::erro_do_sistema::em_portugues;

use super::{Nivel, Ordem, Preparo, Vista, arvore, filtros, montagens};

/// Memória de dados do programa, em bytes.
const MEMORIA: u64 = 1024 * 1024 * 1024;

/// O maior arquivo que o programa pode escrever, em bytes.
const MAIOR_ARQUIVO: u64 = 16 * 1024 * 1024;

/// Processos e threads do programa.
const PROCESSOS: u64 = 512;

/// Quem inicia o programa e quem encerra tudo, um de cada vez: um programa que
/// nascesse enquanto o cerco termina ficaria sem quem o encerrasse.
static VEZ: Mutex<()> = Mutex::new(());

/// Quanto o programa de uma entrega cede o processador: sched(7).
const GENTILEZA: i32 = 5;

/// O subcomando escondido.
pub fn executar() -> ExitCode {
    match cercar() {
        Ok(codigo) => codigo,
        Err(erro) => {
            eprintln!("o cerco falhou: {erro}");
            ExitCode::from(127)
        }
    }
}

fn cercar() -> io::Result<ExitCode> {
    let socket = io::stdin().as_fd().try_clone_to_owned()?;
    let mut leitor = BufReader::new(UnixStream::from(socket));
    let mut noticias = leitor.get_ref().try_clone()?;
    let Some(preparo) = receber::<Preparo>(&mut leitor)? else {
        return Ok(ExitCode::SUCCESS);
    };
    acompanhar_o_conferidor(&preparo)?;
    rustix::process::setsid()?;
    let em_vigor = isolar(&preparo)?;
    let Some(ordem) = receber::<Ordem>(&mut leitor)? else {
        return Ok(ExitCode::SUCCESS);
    };
    writeln!(noticias, "nivel {em_vigor}")?;
    limitar(&ordem, &preparo)?;
    let mut filho = match iniciar(&ordem, preparo.vista.as_ref()) {
        Ok(filho) => filho,
        Err(erro) => {
            writeln!(noticias, "recusado {}", em_portugues(&erro))?;
            return Ok(ExitCode::from(127));
        }
    };
    // Daqui em diante nenhum erro sai do cerco sem levar o programa.
    let dito = writeln!(noticias, "iniciado").and_then(|()| {
        repassar_entrada(&mut filho, leitor);
        esperar(&mut filho, &mut noticias)
    });
    if preparo.nivel < Nivel::L2 {
        // No L2, os que sobraram terminam com o namespace. Aqui, é antes do
        // cerco: se o conferidor morreu, não há mais quem os adote.
        arvore::encerrar_descendentes(std::process::id(), None);
    }
    dito.map(|()| ExitCode::SUCCESS)
}

/// Uma linha de JSON; `None` se a conferência terminou sem precisar deste
/// cerco, que nasceu à espera.
fn receber<T: DeserializeOwned>(
    leitor: &mut impl BufRead,
) -> io::Result<Option<T>> {
    let mut linha = String::new();
    match leitor.read_line(&mut linha)? {
        0 => Ok(None),
        _ => Ok(Some(serde_json::from_str(&linha)?)),
    }
}

/// Se o conferidor terminar, o cerco termina com ele, e leva o programa.
fn acompanhar_o_conferidor(preparo: &Preparo) -> io::Result<()> {
    if preparo.nivel == Nivel::L2 {
        // Com o primeiro processo do namespace vão todos os outros.
        set_parent_process_death_signal(Some(Signal::KILL))?;
        return Ok(());
    }
    let eu = rustix::process::getpid();
    rustix::process::set_child_subreaper(Some(eu))?;
    let conferidor = i32::try_from(preparo.conferidor)
        .ok()
        .and_then(Pid::from_raw)
        .ok_or(io::ErrorKind::InvalidInput)?;
    let conferidor = pidfd_open(conferidor, PidfdFlags::empty())?;
    std::thread::spawn(move || {
        // Um pidfd fica pronto quando o processo termina.
        let mut alvo = [PollFd::new(&conferidor, PollFlags::IN)];
        while poll(&mut alvo, None).is_err() {}
        let _ate_o_fim = VEZ.lock();
        arvore::encerrar_descendentes(std::process::id(), None);
        std::process::exit(1);
    });
    Ok(())
}

/// Aplica o nível pedido; devolve o que de fato ficou em vigor.
fn isolar(preparo: &Preparo) -> io::Result<Nivel> {
    let mut nivel = preparo.nivel;
    if nivel == Nivel::L2 && montagens::isolar(preparo).is_err() {
        nivel = Nivel::L1;
    }
    if nivel == Nivel::L2 {
        filtros::largar_capacidades()?;
    }
    rustix::thread::set_no_new_privs(true)?;
    if nivel >= Nivel::L1 && !filtros::aplicar(preparo, nivel) {
        nivel = nivel.min(Nivel::L0);
    }
    Ok(nivel)
}

fn limitar(ordem: &Ordem, preparo: &Preparo) -> io::Result<()> {
    let teto = |recurso, valor| {
        // Nunca acima do que já valia para o leitor.
        let atual = rustix::process::getrlimit(recurso);
        let valor = atual.maximum.map_or(valor, |maximo| maximo.min(valor));
        let limite = Rlimit {
            current: Some(valor),
            maximum: Some(valor),
        };
        setrlimit(recurso, limite)
    };
    teto(Resource::Core, 0)?;
    teto(Resource::Cpu, ordem.segundos)?;
    teto(Resource::Data, MEMORIA)?;
    teto(Resource::Fsize, MAIOR_ARQUIVO)?;
    teto(Resource::Nofile, ordem.descritores)?;
    if preparo.vista.is_some() {
        // Em uma turma, quem julga passa na frente de quem é julgado.
        rustix::process::nice(GENTILEZA)?;
    }
    if preparo.nivel == Nivel::L2 {
        // Fora de um namespace o limite contaria os processos do leitor todo.
        teto(Resource::Nproc, PROCESSOS)?;
    }
    Ok(())
}

fn iniciar(ordem: &Ordem, vista: Option<&Vista>) -> io::Result<Child> {
    let entrada = match ordem.entrada {
        true => Stdio::piped(),
        false => Stdio::null(),
    };
    let mut comando = Command::new(&ordem.programa);
    comando
        .args(&ordem.argumentos)
        .stdin(entrada)
        .process_group(0);
    if let Some(vista) = vista {
        comando
            .current_dir(&vista.pasta)
            .envs(vista.ambiente.iter().map(|(nome, valor)| (nome, valor)));
    }
    let _vez = VEZ.lock();
    comando.spawn()
}

/// O que ainda vier do conferidor vai para a entrada do programa.
fn repassar_entrada(filho: &mut Child, mut origem: BufReader<UnixStream>) {
    if let Some(mut destino) = filho.stdin.take() {
        std::thread::spawn(move || {
            // Se o programa já terminou, ninguém precisa do resto.
            let _ = repassar(&mut origem, &mut destino);
        });
    }
}

/// `io::copy` usaria `splice`, que prende o tubo enquanto espera o socket: o
/// programa não leria nada até o fim.
fn repassar(
    origem: &mut impl BufRead,
    destino: &mut impl Write,
) -> io::Result<()> {
    loop {
        let chegou = origem.fill_buf()?;
        if chegou.is_empty() {
            return Ok(());
        }
        destino.write_all(chegou)?;
        let quantos = chegou.len();
        origem.consume(quantos);
    }
}

/// Espera o programa terminar e dá a notícia.
fn esperar(filho: &mut Child, noticias: &mut UnixStream) -> io::Result<()> {
    let fim = filho.wait()?;
    match (fim.code(), fim.signal()) {
        (Some(status), _) => writeln!(noticias, "status {status}"),
        (None, sinal) => writeln!(noticias, "sinal {}", sinal.unwrap_or(0)),
    }
}
