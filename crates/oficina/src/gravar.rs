//! `oficina gravar`: grava de novo as capturas e as sessões dos capítulos, ou
//! confere que elas continuam iguais.
//!
//! Cada `fio/NOME.roteiro` é encenado na bancada e vira `fio/NOME.pcap`; cada
//! `saidas/NOME.txt` é o que escreve o comando da sua primeira linha. O que
//! muda a cada vez (portas, números de sequência, tempos) não conta: um
//! arquivo só é reescrito quando a conversa mudou.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread::{self, ScopedJoinHandle};

use anyhow::{Context, bail};
use bancada::{Bancada, Host, Plano, Rede};
use clap::Args;
use fio::Captura;

use oficina::processo::nomes;

use crate::gravar_conversa::Relato;
use crate::gravar_saida::{self, Gravacao};
use crate::roteiro::Roteiro;
use crate::roteiro_palco::{self, Cenario};
use crate::roteiro_programas::{self, Capitulo, EmPython};
use crate::roteiro_tela::Tela;

/// Quantas vezes se encena uma conversa antes de dizer que ela mudou: uma
/// máquina ocupada pode separar um ACK dos dados que o levariam. Pela mesma
/// razão, só vale a conversa que se repetiu.
const TENTATIVAS: usize = 5;

/// Quantas vezes se roda uma sessão antes de dizer que ela mudou.
const TENTATIVAS_DA_SESSAO: usize = 2;

/// Quantas demonstrações rodam ao mesmo tempo.
const JUNTAS: usize = 4;

/// Por que se pula o que depende de nomes.
const SEM_NOMES: &str = "depende de nomes, e aqui só valem os da máquina";

/// Com `1`, uma bancada proibida pelo sistema é erro, e não um aviso.
const EXIGIR_BANCADA: &str = "OFICINA_EXIGIR_BANCADA";

/// Grava de novo as capturas e as sessões dos capítulos
#[derive(Args, Debug)]
pub struct ArgumentosDoGravar {
    /// O capítulo, como cap05; sem ele, todos
    capitulo: Option<String>,
    /// Só o roteiro ou a sessão com este nome
    #[arg(long, value_name = "NOME")]
    so: Option<String>,
    /// Não grava: confere que a conversa e as sessões ainda são as mesmas
    #[arg(long)]
    conferir: bool,
    /// Reescreve também o que não mudou
    #[arg(long, conflicts_with = "conferir")]
    forcar: bool,
}

/// Grava ou confere; 1 se algo mudou ou falhou.
pub fn executar(argumentos: &ArgumentosDoGravar) -> anyhow::Result<ExitCode> {
    // Antes de qualquer thread; o que depende dos nomes é pulado sem eles.
    let com_nomes = nomes::entrar().is_ok();
    let raiz = roteiro_programas::raiz()?;
    let capitulos = match &argumentos.capitulo {
        Some(pedido) => vec![Capitulo::achar(&raiz, pedido)?],
        None => Capitulo::todos(&raiz)?,
    };
    let mut gravador = Gravador {
        raiz,
        argumentos,
        com_nomes,
        problemas: 0,
        feitos: 0,
    };
    let ha_bancada = gravador.conferir_bancada()?;
    for capitulo in &capitulos {
        roteiro_programas::compilar_capitulo(capitulo)?;
        if ha_bancada {
            gravador.capturas(capitulo)?;
        }
        gravador.sessoes(capitulo)?;
    }
    let Gravador {
        problemas, feitos, ..
    } = gravador;
    println!("{feitos} arquivo(s), {problemas} problema(s)");
    Ok(ExitCode::from(u8::from(problemas > 0)))
}

/// O que aconteceu a um arquivo.
enum Desfecho {
    Igual,
    Gravado,
    /// O roteiro diz que não há o que gravar.
    SemCaptura,
    /// Não é desta vez, e por quê.
    Pulado(String),
}

struct Gravador<'a> {
    raiz: PathBuf,
    argumentos: &'a ArgumentosDoGravar,
    /// Se valem os nomes do livro, e não os desta máquina.
    com_nomes: bool,
    problemas: usize,
    feitos: usize,
}

impl Gravador<'_> {
    /// Se o sistema permite a bancada; se não, diz por quê uma vez só.
    fn conferir_bancada(&self) -> anyhow::Result<bool> {
        let Err(erro) = Bancada::montar(&Plano::default()) else {
            return Ok(true);
        };
        if std::env::var_os(EXIGIR_BANCADA).is_some_and(|v| v == "1") {
            return Err(erro.into());
        }
        println!("as capturas ficam como estão: {erro}");
        Ok(false)
    }

    /// Uma captura de cada vez: uma máquina ocupada muda os tempos do TCP.
    fn capturas(&mut self, capitulo: &Capitulo) -> anyhow::Result<()> {
        for arquivo in self.pedidos(capitulo.roteiros()?) {
            let resultado = self.captura(&arquivo, capitulo);
            self.contar(&arquivo, resultado);
        }
        Ok(())
    }

    /// As demonstrações, que usam portas do sistema e passam o tempo à espera,
    /// rodam juntas; os outros comandos, um de cada vez.
    fn sessoes(&mut self, capitulo: &Capitulo) -> anyhow::Result<()> {
        let (demos, outras): (Vec<_>, Vec<_>) = self
            .pedidos(capitulo.saidas()?)
            .into_iter()
            .partition(|arquivo| gravar_saida::e_demo(arquivo));
        for grupo in demos.chunks(JUNTAS).chain(outras.chunks(1)) {
            let resultados: Vec<_> = thread::scope(|escopo| {
                let threads: Vec<_> = grupo
                    .iter()
                    .map(|a| escopo.spawn(|| self.sessao(a)))
                    .collect();
                threads.into_iter().map(ScopedJoinHandle::join).collect()
            });
            for (arquivo, resultado) in grupo.iter().zip(resultados) {
                let resultado = resultado
                    .unwrap_or_else(|_| bail!("a gravação entrou em pânico"));
                self.contar(arquivo, resultado);
            }
        }
        Ok(())
    }

    /// Os arquivos que `--so` deixa passar.
    fn pedidos(&self, arquivos: Vec<PathBuf>) -> Vec<PathBuf> {
        let passa = |arquivo: &PathBuf| {
            let nome = arquivo.file_stem().unwrap_or_default();
            self.argumentos
                .so
                .as_ref()
                .is_none_or(|so| nome == so.as_str())
        };
        arquivos.into_iter().filter(passa).collect()
    }

    fn contar(&mut self, arquivo: &Path, feito: anyhow::Result<Desfecho>) {
        let mostrado = arquivo.strip_prefix(&self.raiz).unwrap_or(arquivo);
        let mostrado = mostrado.display();
        self.feitos += 1;
        match feito {
            Ok(Desfecho::SemCaptura) => self.feitos -= 1,
            Ok(Desfecho::Igual) => println!("  igual    {mostrado}"),
            Ok(Desfecho::Gravado) => println!("  gravado  {mostrado}"),
            Ok(Desfecho::Pulado(razao)) => {
                println!("  pulado   {mostrado}: {razao}");
            }
            Err(erro) => {
                self.problemas += 1;
                println!("  PROBLEMA {mostrado}: {erro:#}");
            }
        }
    }

    /// Encena o roteiro na bancada e guarda a captura, se a conversa mudou.
    fn captura(
        &self,
        arquivo: &Path,
        capitulo: &Capitulo,
    ) -> anyhow::Result<Desfecho> {
        let roteiro = Roteiro::abrir(arquivo)?;
        if !roteiro.captura {
            return Ok(Desfecho::SemCaptura);
        }
        if let Some(falta) = roteiro_programas::ausente(&roteiro) {
            return Ok(Desfecho::Pulado(format!("falta o programa {falta}")));
        }
        if roteiro.usa_nomes() && !self.com_nomes {
            return Ok(Desfecho::Pulado(SEM_NOMES.to_owned()));
        }
        let gravada = arquivo.with_extension(match roteiro.rede {
            Rede::Ruim(_) => "pcapng",
            _ => "pcap",
        });
        let antes = ler_relato(&gravada, &roteiro)?;
        if self.argumentos.conferir && antes.is_none() {
            bail!("a captura ainda não foi gravada");
        }
        let nova = Provisorio::novo(&roteiro);
        let mut vistos: Vec<Relato> = Vec::new();
        for _ in 0..TENTATIVAS {
            encenar_e_capturar(&roteiro, capitulo, &nova.0)?;
            let agora = ler_relato(&nova.0, &roteiro)?;
            let agora = agora.context("a captura ficou vazia")?;
            if antes.as_ref() == Some(&agora) && !self.argumentos.forcar {
                return Ok(Desfecho::Igual);
            }
            if vistos.contains(&agora) {
                return self.guardar(&nova.0, &gravada, antes, &agora);
            }
            vistos.push(agora);
        }
        let (primeira, ultima) = (&vistos[0], &vistos[vistos.len() - 1]);
        bail!("a conversa não se repete: {}", primeira.diferenca(ultima))
    }

    /// A conversa nova se repetiu: grava-a, ou acusa a diferença.
    fn guardar(
        &self,
        nova: &Path,
        gravada: &Path,
        antes: Option<Relato>,
        agora: &Relato,
    ) -> anyhow::Result<Desfecho> {
        if let Some(antes) = antes.filter(|_| self.argumentos.conferir) {
            bail!("{}", antes.diferenca(agora));
        }
        std::fs::copy(nova, gravada)
            .with_context(|| format!("não gravei {}", gravada.display()))?;
        Ok(Desfecho::Gravado)
    }

    /// Roda de novo o comando da sessão e guarda a saída, se mudou duas vezes.
    fn sessao(&self, arquivo: &Path) -> anyhow::Result<Desfecho> {
        let antes = std::fs::read_to_string(arquivo)?;
        let linha = gravar_saida::comando(&antes)?;
        if gravar_saida::usa_nomes(linha) && !self.com_nomes {
            return Ok(Desfecho::Pulado(SEM_NOMES.to_owned()));
        }
        let mut mudou = None;
        for _ in 0..TENTATIVAS_DA_SESSAO {
            let nova = match gravar_saida::gravar(linha, &self.raiz)? {
                Gravacao::Texto(texto) => texto,
                Gravacao::Impossivel(razao) => {
                    return Ok(Desfecho::Pulado(razao));
                }
            };
            let diferenca = gravar_saida::diferenca(&antes, &nova);
            if diferenca.is_none() && !self.argumentos.forcar {
                return Ok(Desfecho::Igual);
            }
            mudou = Some((nova, diferenca));
        }
        let (nova, diferenca) = mudou.context("a sessão não rodou")?;
        if self.argumentos.conferir {
            bail!(diferenca.unwrap_or_default());
        }
        std::fs::write(arquivo, nova)
            .with_context(|| format!("não gravei {}", arquivo.display()))?;
        Ok(Desfecho::Gravado)
    }
}

/// O relato da conversa que está no arquivo, se ele existe.
fn ler_relato(
    arquivo: &Path,
    roteiro: &Roteiro,
) -> anyhow::Result<Option<Relato>> {
    if !arquivo.exists() {
        return Ok(None);
    }
    let bytes = std::fs::read(arquivo)?;
    let captura =
        Captura::ler(&bytes).with_context(|| arquivo.display().to_string())?;
    let ruim = matches!(roteiro.rede, Rede::Ruim(_));
    Ok(Some(Relato::da_captura(&captura, ruim)))
}

/// Um arquivo de passagem, que some no fim.
struct Provisorio(PathBuf);

impl Provisorio {
    fn novo(roteiro: &Roteiro) -> Self {
        let nome = format!("{}-{}.pcap", roteiro.nome(), std::process::id());
        Self(std::env::temp_dir().join(nome))
    }
}

impl Drop for Provisorio {
    fn drop(&mut self) {
        // Se não existe, a bancada não chegou a capturar.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn encenar_e_capturar(
    roteiro: &Roteiro,
    capitulo: &Capitulo,
    captura: &Path,
) -> anyhow::Result<()> {
    let programas =
        roteiro_programas::preparar(roteiro, capitulo, &EmPython::Nenhum)?;
    let plano = Plano {
        rede: roteiro.rede.clone(),
        captura: Some(captura.to_owned()),
        sem_arp: !roteiro.arp,
    };
    let cenario = NaBancada {
        bancada: Bancada::montar(&plano)?,
        porta: roteiro.porta,
        ipv6: roteiro.ipv6,
    };
    let mut texto = Vec::new();
    let mut tela = Tela::do_roteiro(roteiro, &mut texto, false);
    roteiro_palco::encenar(
        roteiro,
        &programas,
        &cenario,
        &capitulo.pasta,
        &mut tela,
    )
    .map_err(|erro| {
        let visto = String::from_utf8_lossy(&texto).into_owned();
        erro.context(format!("a conversa parou depois de:\n{visto}"))
    })?;
    let resumo = cenario.bancada.desmontar()?;
    if resumo.nao_capturados > 0 {
        bail!("a captura perdeu {} pacotes", resumo.nao_capturados);
    }
    Ok(())
}

/// Os papéis nos hosts da bancada, com a porta que o roteiro diz.
struct NaBancada {
    bancada: Bancada,
    porta: u16,
    ipv6: bool,
}

impl Cenario for NaBancada {
    fn endereco(&self) -> io::Result<String> {
        let (v4, v6) = bancada::enderecos(Host::B);
        let porta = self.porta;
        Ok(match (self.bancada.rede(), self.ipv6) {
            (Rede::Loopback, false) => format!("127.0.0.1:{porta}"),
            (Rede::Loopback, true) => format!("[::1]:{porta}"),
            (_, false) => format!("{v4}:{porta}"),
            (_, true) => format!("[{v6}]:{porta}"),
        })
    }

    fn nome(&self) -> &'static str {
        match self.bancada.rede() {
            Rede::Loopback => "localhost",
            _ => Host::B.nome(),
        }
    }

    fn porta_do_sistema(&self) -> bool {
        false
    }

    fn comando(
        &self,
        host: Host,
        programa: OsString,
        argumentos: &[OsString],
    ) -> io::Result<Command> {
        self.bancada.comando(host, programa, argumentos)
    }
}
