//! `oficina bancada`: comandos em dois hosts de verdade, com a rede que se
//! quiser no meio, a captura e a escada do que disseram.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use bancada::{Bancada, Host, Plano, Rede, RedeRuim, Resumo};
use clap::Args;

use crate::bancada_comandos::{abrir_shell, rodar};
use crate::fio_cmd;

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
