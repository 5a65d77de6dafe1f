//! `oficina bancada`: comandos em dois hosts de verdade, com a rede que se
//! quiser no meio, a captura e a escada do que disseram.

use std::io::{self, PipeReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use bancada::{Bancada, Host, Plano, Rede, RedeRuim, Resumo, Sinal};
use clap::Args;

use crate::fio_cmd;
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

/// Dois hosts de verdade com um cabo, ou uma rede ruim, entre eles
#[derive(Args, Debug)]
pub struct ArgumentosDaBancada {
    /// Fração dos pacotes que se perde, como 10%
    #[arg(long, value_parser = bancada::porcentagem)]
    perda: Option<f64>,
    /// Tempo de ida, como 50ms
    #[arg(long, value_parser = bancada::duracao)]
    atraso: Option<Duration>,
    /// Quanto o atraso varia, para mais ou para menos
    #[arg(long, value_parser = bancada::duracao)]
    variacao: Option<Duration>,
    /// Fração dos pacotes que chega duas vezes
    #[arg(long, value_parser = bancada::porcentagem)]
    duplicacao: Option<f64>,
    /// Fração dos pacotes que chega fora de ordem
    #[arg(long, value_parser = bancada::porcentagem)]
    troca: Option<f64>,
    /// Fração dos pacotes que chega com um bit trocado
    #[arg(long, value_parser = bancada::porcentagem)]
    corrupcao: Option<f64>,
    /// Bits por segundo, como 1Mbit
    #[arg(long, value_parser = bancada::vazao)]
    vazao: Option<u64>,
    /// Maior pacote que o caminho aceita, em bytes
    #[arg(long, value_parser = bancada::mtu)]
    mtu: Option<u16>,
    /// A mesma semente estraga os mesmos pacotes
    #[arg(long)]
    semente: Option<u64>,
    /// Pacotes que somem com certeza: a4,b2 é o 4º de a e o 2º de b
    #[arg(long, value_name = "LISTA")]
    descarta: Option<String>,
    /// Sem rede entre os hosts: os comandos conversam por 127.0.0.1
    #[arg(long)]
    loopback: bool,
    /// Guarda a captura neste arquivo
    #[arg(long, value_name = "ARQUIVO")]
    captura: Option<PathBuf>,
    /// Desenha a conversa neste arquivo (.html ou .svg)
    #[arg(long, value_name = "ARQUIVO")]
    figura: Option<PathBuf>,
    /// O que mostrar da conversa, como “tcp porta 7005”
    #[arg(long, default_value = "")]
    filtro: String,
    /// Não desenha a escada no terminal
    #[arg(long)]
    sem_escada: bool,
    /// Encerra os comandos depois deste tempo
    #[arg(long, value_parser = bancada::duracao)]
    prazo: Option<Duration>,
    /// Abre um shell neste host; os comandos, se houver, rodam à parte
    #[arg(long, value_name = "HOST", value_parser = ler_host)]
    shell: Option<Host>,
    /// Conta o que este sistema permite
    #[arg(long)]
    diagnostico: bool,
    /// Os comandos: 'a: ping -c1 b' 'b: nc -l 7000'
    #[arg(last = true, value_name = "HOST: COMANDO")]
    comandos: Vec<String>,
}

fn ler_host(texto: &str) -> Result<Host, String> {
    texto.parse()
}

/// Roda os comandos; devolve o status do primeiro de `a` que falhou.
pub fn executar(argumentos: &ArgumentosDaBancada) -> anyhow::Result<ExitCode> {
    if argumentos.diagnostico {
        return Ok(diagnosticar());
    }
    let comandos = argumentos
        .comandos
        .iter()
        .map(|texto| separar(texto))
        .collect::<anyhow::Result<Vec<_>>>()?;
    ensure!(
        !comandos.is_empty() || argumentos.shell.is_some(),
        "diga o que rodar, como: cargo oficina bancada -- 'a: ping -c1 b'"
    );
    let interrupcao = bancada::ao_interromper()?;
    let captura = ArquivoDaCaptura::escolher(argumentos);
    let rede = rede(argumentos)?;
    let plano = Plano {
        rede,
        captura: captura.caminho(),
        sem_arp: false,
    };
    let bancada = Bancada::montar(&plano)?;
    let codigo = match argumentos.shell {
        Some(host) => abrir_shell(&bancada, host, &comandos)?,
        None => {
            let prazo = argumentos.prazo.map(|p| Instant::now() + p);
            rodar(&bancada, &comandos, prazo, &interrupcao)?
        }
    };
    let resumo = bancada.desmontar()?;
    contar(resumo);
    if let Some(arquivo) = captura.caminho() {
        mostrar(&arquivo, argumentos)?;
    }
    Ok(codigo)
}

fn diagnosticar() -> ExitCode {
    let (tudo, linhas) = bancada::diagnosticar();
    for linha in linhas {
        println!("{linha}");
    }
    if tudo {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// `a: comando` → o host e o comando.
fn separar(texto: &str) -> anyhow::Result<(Host, String)> {
    texto
        .split_once(':')
        .and_then(|(host, comando)| {
            let comando = comando.trim();
            let host = host.trim().parse().ok()?;
            (!comando.is_empty()).then(|| (host, comando.to_owned()))
        })
        .with_context(|| format!("“{texto}”: escreva 'a: comando'"))
}

/// A rede pedida: um cabo, se nenhum defeito foi pedido.
fn rede(argumentos: &ArgumentosDaBancada) -> anyhow::Result<Rede> {
    let padrao = RedeRuim::default();
    let descarta = argumentos.descarta.as_deref().map(bancada::descartes);
    let descarta = descarta.transpose().map_err(anyhow::Error::msg)?;
    let ruim = RedeRuim {
        perda: argumentos.perda.unwrap_or(padrao.perda),
        atraso: argumentos.atraso.unwrap_or(padrao.atraso),
        variacao: argumentos.variacao.unwrap_or(padrao.variacao),
        duplicacao: argumentos.duplicacao.unwrap_or(padrao.duplicacao),
        troca: argumentos.troca.unwrap_or(padrao.troca),
        corrupcao: argumentos.corrupcao.unwrap_or(padrao.corrupcao),
        vazao: argumentos.vazao,
        mtu: argumentos.mtu.unwrap_or(padrao.mtu),
        semente: argumentos.semente.unwrap_or(padrao.semente),
        descarta: descarta.unwrap_or_default(),
    };
    let pediu = [
        argumentos.perda.is_some(),
        argumentos.atraso.is_some(),
        argumentos.variacao.is_some(),
        argumentos.duplicacao.is_some(),
        argumentos.troca.is_some(),
        argumentos.corrupcao.is_some(),
        argumentos.vazao.is_some(),
        argumentos.mtu.is_some(),
        argumentos.semente.is_some(),
        argumentos.descarta.is_some(),
    ];
    match (argumentos.loopback, pediu.contains(&true)) {
        (true, true) => bail!("loopback não tem defeitos a ajustar"),
        (true, false) => Ok(Rede::Loopback),
        (false, true) => Ok(Rede::Ruim(ruim)),
        (false, false) => Ok(Rede::Cabo),
    }
}

/// A captura que o leitor pediu, ou uma de passagem, só para a escada.
enum ArquivoDaCaptura {
    Nenhum,
    DoLeitor(PathBuf),
    DePassagem(PathBuf),
}

impl ArquivoDaCaptura {
    fn escolher(argumentos: &ArgumentosDaBancada) -> Self {
        match &argumentos.captura {
            Some(arquivo) => Self::DoLeitor(arquivo.clone()),
            None if argumentos.sem_escada && argumentos.figura.is_none() => {
                Self::Nenhum
            }
            None => {
                let nome = format!("bancada-{}.pcap", std::process::id());
                Self::DePassagem(std::env::temp_dir().join(nome))
            }
        }
    }

    fn caminho(&self) -> Option<PathBuf> {
        match self {
            Self::Nenhum => None,
            Self::DoLeitor(arquivo) | Self::DePassagem(arquivo) => {
                Some(arquivo.clone())
            }
        }
    }
}

impl Drop for ArquivoDaCaptura {
    fn drop(&mut self) {
        if let Self::DePassagem(arquivo) = self {
            // Se não existe, a bancada não chegou a capturar.
            let _ = std::fs::remove_file(arquivo);
        }
    }
}

fn contar(resumo: Resumo) {
    if resumo.descartados > 0 {
        println!("a rede descartou {} pacote(s)", resumo.descartados);
    }
    if resumo.nao_capturados > 0 {
        println!(
            "{} pacote(s) passaram depressa demais e não estão na captura",
            resumo.nao_capturados
        );
    }
}

fn mostrar(
    arquivo: &Path,
    argumentos: &ArgumentosDaBancada,
) -> anyhow::Result<()> {
    let captura = fio_cmd::abrir(arquivo, &argumentos.filtro)?;
    if !argumentos.sem_escada {
        println!();
        print!("{}", fio::texto::escada(&captura, fio_cmd::largura()));
    }
    if let Some(figura) = &argumentos.figura {
        let nome = argumentos.captura.as_deref().and_then(Path::file_name);
        let nome = nome.unwrap_or_default().to_string_lossy();
        fio_cmd::desenhar(&captura, &nome, figura)?;
    }
    Ok(())
}

/// Um comando que roda em um host.
struct EmCurso {
    host: Host,
    filho: Child,
    fim: Option<ExitStatus>,
}

type Linhas = Receiver<(usize, String)>;

fn rodar(
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
fn abrir_shell(
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
