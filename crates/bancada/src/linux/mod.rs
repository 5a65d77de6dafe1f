//! A bancada no Linux.

mod acompanhar;
mod captura;
mod diagnostico;
mod entrar;
mod guarda;
mod identidade;
mod netlink;
mod pacote;
mod pcap;
mod roteador;
mod ruido;
mod sistema;
mod sorte;
mod vigia;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::plano::{Plano, Resumo};
use crate::processo::INTERNO;
use crate::rede::{Host, Rede};

use acompanhar::filhos_de;
pub(crate) use acompanhar::programa_de;
pub use diagnostico::diagnosticar;

/// Montar leva alguns centésimos de segundo; isto é para uma máquina
/// sobrecarregada.
const PRAZO_PARA_MONTAR: Duration = Duration::from_secs(10);

/// Para a rede se calar, a captura ser escrita e tudo morrer.
const PRAZO_PARA_DESMONTAR: Duration = Duration::from_secs(10);

/// De quanto em quanto se olha se um processo já está lá.
const INTERVALO: Duration = Duration::from_millis(1);

/// O argumento interno que pede vizinhos já conhecidos.
const SEM_ARP: &str = "sem-arp";

/// O nome da interface de rede em cada host.
pub(crate) const INTERFACE: &str = "eth0";

/// Dois hosts ligados. Ao ser descartada, leva com ela tudo o que roda neles.
///
/// Vive enquanto viver a thread que a montou.
#[derive(Debug)]
pub struct Bancada {
    guarda: Child,
    ordens: Option<ChildStdin>,
    anuncios: Receiver<String>,
    init: u32,
    /// Descritores, no init, do namespace de rede de cada host.
    redes: [String; 2],
    rede: Rede,
}

impl Bancada {
    /// Monta os hosts e a rede.
    ///
    /// # Errors
    ///
    /// O que o sistema não permitiu, com a saída (veja [`diagnosticar`]).
    pub fn montar(plano: &Plano) -> io::Result<Self> {
        let captura = plano.captura.as_deref().map(std::path::absolute);
        let captura = captura.transpose()?.unwrap_or_default();
        let mut guarda = Command::new(std::env::current_exe()?)
            .args([INTERNO, "guarda"])
            .arg(std::process::id().to_string())
            .arg(plano.rede.to_string())
            .arg(captura)
            .arg(if plano.sem_arp { SEM_ARP } else { "" })
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // O Ctrl-C do terminal é para os programas, não para a rede.
            .process_group(0)
            .spawn()?;
        let ordens = guarda.stdin.take();
        let anuncios = guarda.stdout.take().map(ouvir);
        let anuncios = anuncios.ok_or_else(|| io::Error::other("sem saída"))?;
        let mut bancada = Self {
            guarda,
            ordens,
            anuncios,
            init: 0,
            redes: Default::default(),
            rede: plano.rede.clone(),
        };
        let prazo = Instant::now() + PRAZO_PARA_MONTAR;
        // O guarda e o init anunciam cada um por si, em qualquer ordem.
        while bancada.init == 0 || bancada.redes[1].is_empty() {
            let linha = bancada.ouvir_anuncio(prazo)?;
            if let Some(init) = linha.strip_prefix("init ") {
                bancada.init = init.parse().map_err(io::Error::other)?;
            } else if let Some(redes) = linha.strip_prefix("pronto ") {
                let (a, b) = redes.split_once(' ').unwrap_or_default();
                bancada.redes = [a.to_owned(), b.to_owned()];
            }
        }
        Ok(bancada)
    }

    /// O próximo anúncio do guarda ou do init; os de erro viram erro.
    fn ouvir_anuncio(&self, prazo: Instant) -> io::Result<String> {
        let resta = prazo.saturating_duration_since(Instant::now());
        let linha = self.anuncios.recv_timeout(resta).map_err(|falta| {
            io::Error::other(match falta {
                RecvTimeoutError::Timeout => "a bancada não respondeu a tempo",
                RecvTimeoutError::Disconnected => {
                    "a bancada acabou antes da hora"
                }
            })
        })?;
        match linha.strip_prefix("erro ") {
            Some(erro) => Err(diagnostico::explicar(erro)),
            None => Ok(linha),
        }
    }

    /// Um comando que roda no host, na pasta e no ambiente deste processo.
    ///
    /// O filho que ele inicia é o ajudante que acompanha o programa e devolve
    /// o status dele (128 + sinal, se um sinal o matou). Para mandar sinais
    /// ao programa, use [`crate::sinalizar`].
    pub fn comando(
        &self,
        host: Host,
        programa: impl Into<OsString>,
        argumentos: &[OsString],
    ) -> io::Result<Command> {
        let rede = &self.redes[host as usize];
        let mut comando = Command::new(std::env::current_exe()?);
        comando
            .args([INTERNO, "entrar"])
            .arg(std::process::id().to_string())
            .arg(self.init.to_string())
            .args([rede, host.nome()])
            .arg(programa.into())
            .args(argumentos);
        Ok(comando)
    }

    /// Se, no host do programa que um comando desta bancada iniciou, alguém
    /// já espera conexões TCP ou datagramas.
    pub fn escutando(&self, filho: &Child) -> bool {
        filhos_de(filho.id())
            .first()
            .is_some_and(|p| ha_ouvinte(*p))
    }

    /// O que liga os hosts.
    pub fn rede(&self) -> &Rede {
        &self.rede
    }

    /// Espera que a rede se cale, termina a captura e desmonta tudo.
    pub fn desmontar(mut self) -> io::Result<Resumo> {
        let prazo = Instant::now() + PRAZO_PARA_DESMONTAR;
        if let Some(ordens) = &mut self.ordens {
            ordens.write_all(b"fim\n")?;
        }
        let fim = self.ouvir_anuncio(prazo)?;
        let numeros: Vec<u64> =
            fim.split(' ').filter_map(|n| n.parse().ok()).collect();
        let [capturados, nao_capturados, descartados] = numeros[..] else {
            return Err(io::Error::other("a bancada não contou os pacotes"));
        };
        Ok(Resumo {
            capturados,
            nao_capturados,
            descartados,
        })
    }
}

impl Drop for Bancada {
    fn drop(&mut self) {
        // O init vê a entrada fechar e sai; com o processo 1 morrem todos.
        drop(self.ordens.take());
        let prazo = Instant::now() + PRAZO_PARA_DESMONTAR;
        while Instant::now() < prazo {
            if !matches!(self.guarda.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(INTERVALO);
        }
        let _ = self.guarda.kill();
        let _ = self.guarda.wait();
    }
}

fn ouvir(saida: ChildStdout) -> Receiver<String> {
    let (envia, recebe) = mpsc::channel();
    thread::spawn(move || {
        for linha in BufReader::new(saida).lines().map_while(Result::ok) {
            if envia.send(linha).is_err() {
                break;
            }
        }
    });
    recebe
}

/// Procura na tabela de sockets da rede do processo (proc_pid_net(5)): em TCP,
/// o estado 0A é LISTEN; um socket UDP que já tem porta pode receber.
fn ha_ouvinte(processo: u32) -> bool {
    const LISTEN: &str = "0A";
    let linhas = |tabela: &str| {
        let arquivo = format!("/proc/{processo}/net/{tabela}");
        let texto = fs::read_to_string(arquivo).unwrap_or_default();
        let linhas = texto.lines().skip(1).map(str::to_owned);
        linhas.collect::<Vec<_>>()
    };
    let tcp = ["tcp", "tcp6"].map(linhas).concat();
    let udp = ["udp", "udp6"].map(linhas).concat();
    let escuta =
        |linha: &String| linha.split_whitespace().nth(3) == Some(LISTEN);
    tcp.iter().any(escuta) || !udp.is_empty()
}

/// Uma linha para quem montou a bancada.
fn anunciar(linha: &str) -> io::Result<()> {
    let mut saida = io::stdout().lock();
    writeln!(saida, "{linha}")?;
    saida.flush()
}

/// Cria o arquivo de uma captura.
fn criar_captura(arquivo: &Path) -> io::Result<File> {
    File::create(arquivo).map_err(|erro| {
        let nome = arquivo.display();
        io::Error::new(erro.kind(), format!("não criei {nome}: {erro}"))
    })
}

/// Os trabalhos internos deste módulo: `None` se a tarefa não é daqui.
pub(crate) fn ajudar(argumentos: &[OsString]) -> Option<io::Result<ExitCode>> {
    let (tarefa, resto) = argumentos.split_first()?;
    let feito = match (tarefa.to_str()?, resto) {
        ("guarda", [pai, resto @ ..]) => {
            avisar(guarda::guardar(pai, resto)).map(|()| ExitCode::SUCCESS)
        }
        ("init", [rede, captura, arp]) => {
            let rede = rede.to_string_lossy();
            let captura = PathBuf::from(captura);
            avisar(guarda::iniciar(&rede, &captura, arp == SEM_ARP))
                .map(|()| ExitCode::SUCCESS)
        }
        ("entrar", argumentos) => entrar::entrar(argumentos),
        ("soltar", [pai, programa, resto @ ..]) => {
            Err(acompanhar::soltar(pai, programa, resto))
        }
        ("acompanhar", [pai, programa, resto @ ..]) => {
            acompanhar::acompanhar(pai, programa, resto)
        }
        _ => return None,
    };
    Some(feito)
}

/// Conta o erro a quem montou a bancada, que o explica ao leitor.
fn avisar(resultado: io::Result<()>) -> io::Result<()> {
    if let Err(erro) = &resultado {
        anunciar(&format!("erro {}", diagnostico::relatar(erro)))?;
        // O aviso já foi dado; não o repita na tela.
        std::process::exit(1);
    }
    resultado
}
