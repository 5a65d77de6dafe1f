//! Os comandos que rodam nos hosts da bancada: o começo, o que dizem e o fim.

use std::io::{self, PipeReader, Read, Write};
use std::process::{Child, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use bancada::{Bancada, Host, Sinal};

use crate::roteiro_tela::{Tela, quer_cor};

/// Quanto os comandos de `b` têm para abrir a porta antes que os de `a`
/// comecem.
const PRAZO_PARA_ESCUTAR: Duration = Duration::from_secs(1);

/// Depois do fim dos comandos de `a`, quanto os de `b` têm para terminar por
/// si.
const PRAZO_DOS_SERVIDORES: Duration = Duration::from_millis(300);

/// Depois do pedido de parar (SIGTERM), quanto um comando tem para obedecer.
const PRAZO_PARA_PARAR: Duration = Duration::from_secs(2);

/// De quanto em quanto se olha o estado dos comandos.
const INTERVALO: Duration = Duration::from_millis(5);

/// Um comando que roda em um host.
struct EmCurso {
    host: Host,
    filho: Child,
    fim: Option<ExitStatus>,
}

type Linhas = Receiver<(usize, String)>;

/// Roda os comandos até que acabem, o prazo acabe ou peçam para parar; o
/// status do primeiro de `a` que falhou.
pub fn rodar(
    bancada: &Bancada,
    comandos: &[(Host, String)],
    prazo: Option<Instant>,
    interrupcao: &Receiver<()>,
) -> anyhow::Result<ExitCode> {
    let papeis = comandos.iter().map(|(h, _)| (h.to_string(), *h)).collect();
    let mut saida = io::stdout();
    let mut tela = Tela::nova(papeis, &mut saida, quer_cor());
    let (envia, linhas) = mpsc::channel();
    let mut em_curso = iniciar(bancada, comandos, &envia)?;
    drop(envia);
    acompanhar(&mut em_curso, &linhas, &mut tela, prazo, interrupcao)?;
    encerrar(&mut em_curso)?;
    while let Ok((papel, linha)) = linhas.recv_timeout(PRAZO_DOS_SERVIDORES) {
        tela.linha(papel, &linha);
    }
    Ok(codigo(&em_curso))
}

/// Primeiro os comandos de `b`, que costumam ser servidores; os de `a` quando
/// os de `b` já escutam.
fn iniciar(
    bancada: &Bancada,
    comandos: &[(Host, String)],
    linhas: &Sender<(usize, String)>,
) -> anyhow::Result<Vec<EmCurso>> {
    let mut em_curso: Vec<Option<EmCurso>> =
        comandos.iter().map(|_| None).collect();
    for host in [Host::B, Host::A] {
        if host == Host::A {
            esperar_ouvintes(bancada, &mut em_curso);
        }
        for (indice, (_, comando)) in
            comandos.iter().enumerate().filter(|(_, (h, _))| *h == host)
        {
            let (leitor, escritor) = io::pipe()?;
            let filho = bancada
                .comando(host, "sh", &["-c".into(), comando.into()])?
                .stdin(Stdio::null())
                .stdout(escritor.try_clone()?)
                .stderr(escritor)
                .spawn()?;
            ler_linhas(indice, leitor, linhas.clone());
            em_curso[indice] = Some(EmCurso {
                host,
                filho,
                fim: None,
            });
        }
    }
    Ok(em_curso.into_iter().flatten().collect())
}

fn esperar_ouvintes(bancada: &Bancada, em_curso: &mut [Option<EmCurso>]) {
    let prazo = Instant::now() + PRAZO_PARA_ESCUTAR;
    for comando in em_curso.iter_mut().flatten() {
        while Instant::now() < prazo
            && !bancada.escutando(&comando.filho)
            && matches!(comando.filho.try_wait(), Ok(None))
        {
            thread::sleep(INTERVALO);
        }
    }
}

fn ler_linhas(
    indice: usize,
    mut leitor: PipeReader,
    linhas: Sender<(usize, String)>,
) {
    thread::spawn(move || {
        let mut resto = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(lidos @ 1..) = leitor.read(&mut buffer) {
            resto.extend_from_slice(&buffer[..lidos]);
            while let Some(fim) = resto.iter().position(|b| *b == b'\n') {
                let linha: Vec<u8> = resto.drain(..=fim).collect();
                let linha = String::from_utf8_lossy(&linha).into_owned();
                if linhas.send((indice, linha)).is_err() {
                    return;
                }
            }
        }
        if !resto.is_empty() {
            let linha = String::from_utf8_lossy(&resto).into_owned();
            let _ = linhas.send((indice, linha));
        }
    });
}

/// Mostra o que os comandos dizem até que terminem os de `a` (e, se só há
/// comandos em `b`, até que terminem eles), o prazo acabe ou peçam para parar.
fn acompanhar(
    em_curso: &mut [EmCurso],
    linhas: &Linhas,
    tela: &mut Tela,
    prazo: Option<Instant>,
    interrupcao: &Receiver<()>,
) -> anyhow::Result<()> {
    let ha_clientes = em_curso.iter().any(|c| c.host == Host::A);
    let mut espera_dos_servidores: Option<Instant> = None;
    loop {
        match linhas.recv_timeout(INTERVALO) {
            Ok((papel, linha)) => {
                tela.linha(papel, &linha);
                continue;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => thread::sleep(INTERVALO),
        }
        let mut rodando = 0;
        let mut clientes = 0;
        for comando in em_curso.iter_mut() {
            if comando.fim.is_none() {
                comando.fim = comando.filho.try_wait()?;
            }
            if comando.fim.is_none() {
                rodando += 1;
                clientes += usize::from(comando.host == Host::A);
            }
        }
        let agora = Instant::now();
        if ha_clientes && clientes == 0 && espera_dos_servidores.is_none() {
            espera_dos_servidores = Some(agora + PRAZO_DOS_SERVIDORES);
        }
        let passou =
            |limite: Option<Instant>| limite.is_some_and(|l| agora > l);
        if rodando == 0
            || passou(espera_dos_servidores)
            || passou(prazo)
            || interrupcao.try_recv().is_ok()
        {
            return Ok(());
        }
    }
}

/// Pede que os comandos parem e, a quem não obedece, não pede mais.
fn encerrar(em_curso: &mut [EmCurso]) -> anyhow::Result<()> {
    for comando in em_curso.iter_mut().filter(|c| c.fim.is_none()) {
        // Falha se o comando acabou de terminar: era o que se queria.
        let _ = bancada::sinalizar(&mut comando.filho, Sinal::Term);
    }
    let prazo = Instant::now() + PRAZO_PARA_PARAR;
    for comando in em_curso.iter_mut().filter(|c| c.fim.is_none()) {
        while comando.filho.try_wait()?.is_none() && Instant::now() < prazo {
            thread::sleep(INTERVALO);
        }
        if comando.filho.try_wait()?.is_none() {
            comando.filho.kill()?;
            comando.filho.wait()?;
        }
    }
    Ok(())
}

/// O status do primeiro comando de `a` que falhou; os que foram encerrados
/// por nós não contam.
fn codigo(em_curso: &[EmCurso]) -> ExitCode {
    let ha_clientes = em_curso.iter().any(|c| c.host == Host::A);
    em_curso
        .iter()
        .filter(|c| c.host == Host::A || !ha_clientes)
        .filter_map(|c| c.fim?.code())
        .find(|codigo| *codigo != 0)
        .map_or(ExitCode::SUCCESS, |codigo| {
            ExitCode::from(u8::try_from(codigo).unwrap_or(1))
        })
}

/// Um shell no host, neste terminal. Os comandos rodam atrás dele, calados.
pub fn abrir_shell(
    bancada: &Bancada,
    host: Host,
    comandos: &[(Host, String)],
) -> anyhow::Result<ExitCode> {
    let mut atras = Vec::new();
    for (host, comando) in comandos {
        let filho = bancada
            .comando(*host, "sh", &["-c".into(), comando.into()])?
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        atras.push(EmCurso {
            host: *host,
            filho,
            fim: None,
        });
    }
    let outro = host.outro();
    println!(
        "você está no host {host}; o outro é o {outro} ({}). Saia com exit.",
        bancada::enderecos(outro).0
    );
    io::stdout().flush()?;
    let shell = std::env::var_os("SHELL").unwrap_or_else(|| "sh".into());
    let status = bancada.comando(host, shell, &[])?.status()?;
    encerrar(&mut atras)?;
    let codigo = status.code().unwrap_or(1);
    Ok(ExitCode::from(u8::try_from(codigo).unwrap_or(1)))
}
