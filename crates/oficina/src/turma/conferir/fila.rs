//! Os operários em paralelo: quantos se pediu, e no máximo um compilando por
//! processador.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::leitura;
use super::operario::{FONTE, LARGA_VEZ, PEDE_VEZ, Pedido, SUBCOMANDO};
use crate::turma::registro::{Registro, Situacao};

/// Quanto dura, além das etapas, o que um operário faz: abrir e compilar.
const ABRIR_E_COMPILAR: Duration = Duration::from_secs(180);

/// Quantos prazos uma etapa dura no pior caso (bytes que não param de chegar).
const PRAZOS_POR_ETAPA: u32 = 7;

/// Quanto de um erro do operário se conta, em bytes.
const MAIOR_ERRO: u64 = 2000;

/// O que um operário devolveu.
pub struct Pronto {
    pub registro: Registro,
    /// O conteúdo do arquivo conferido.
    pub fonte: Option<Vec<u8>>,
}

/// Confere cada pedido em um operário, `jobs` ao mesmo tempo; `pronto` recebe
/// cada registro, com a posição do pedido, na ordem em que terminam.
pub fn conferir(
    pedidos: Vec<(usize, Pedido)>,
    jobs: usize,
    vagas: &Vagas,
    mut pronto: impl FnMut(usize, Pronto) -> Result<()>,
) -> Result<()> {
    let fila = Mutex::new(VecDeque::from(pedidos));
    let (entregar, receber) = channel();
    std::thread::scope(|escopo| {
        for _ in 0..jobs {
            let entregar = entregar.clone();
            let fila = &fila;
            escopo.spawn(move || trabalhar(fila, vagas, &entregar));
        }
        drop(entregar);
        for (posicao, feito) in receber {
            let guardado = pronto(posicao, feito);
            if guardado.is_err() {
                trancar(&fila).clear();
            }
            guardado?;
        }
        Ok(())
    })
}

fn trabalhar(
    fila: &Mutex<VecDeque<(usize, Pedido)>>,
    vagas: &Vagas,
    entregar: &Sender<(usize, Pronto)>,
) {
    loop {
        let proximo = trancar(fila).pop_front();
        let Some((posicao, pedido)) = proximo else {
            return;
        };
        let registro = chamar(&pedido, vagas);
        let fonte = pedido.pasta.join(FONTE);
        let fonte = leitura::ler(&fonte, leitura::MAIOR_ARQUIVO).ok();
        let _ = std::fs::remove_dir_all(&pedido.pasta);
        let feito = Pronto { registro, fonte };
        if entregar.send((posicao, feito)).is_err() {
            return;
        }
    }
}

fn trancar<T>(trava: &Mutex<T>) -> MutexGuard<'_, T> {
    trava.lock().unwrap_or_else(|erro| erro.into_inner())
}

/// O registro que o operário devolve; se ele falha, um inconclusivo.
fn chamar(pedido: &Pedido, vagas: &Vagas) -> Registro {
    match conversar(pedido, vagas) {
        Ok(registro) => registro,
        Err(erro) => Registro {
            situacao: Situacao::Inconclusiva,
            erro: Some(format!("a oficina falhou: {erro:#}")),
            ..pedido.registro.clone()
        },
    }
}

fn conversar(pedido: &Pedido, vagas: &Vagas) -> Result<Registro> {
    std::fs::create_dir_all(&pedido.pasta)?;
    let operario = iniciar(&pedido.pasta)?;
    let mut operario = Operario(operario);
    let mut entrada = operario.0.stdin.take().context("sem entrada")?;
    let linhas = acompanhar(operario.0.stdout.take().context("sem saída")?);
    let erros = operario.0.stderr.take().context("sem erros")?;
    let erros = std::thread::spawn(move || {
        let mut texto = String::new();
        let _ = erros.take(MAIOR_ERRO).read_to_string(&mut texto);
        texto
    });
    writeln!(entrada, "{}", serde_json::to_string(pedido)?)?;
    let linha = esperar(pedido, &linhas, &mut entrada, vagas);
    drop(operario);
    let erros = erros.join().unwrap_or_default();
    match linha? {
        Some(linha) => Ok(serde_json::from_str(&linha)?),
        None => bail!("{}", erros.trim_end()),
    }
}

/// O operário termina com quem o espera.
struct Operario(Child);

impl Drop for Operario {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn iniciar(pasta: &Path) -> Result<Child> {
    Command::new(crate::processo::eu())
        .arg(SUBCOMANDO)
        .current_dir(pasta)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("não iniciei o operário")
}

fn acompanhar(saida: impl Read + Send + 'static) -> Receiver<String> {
    let (entregar, receber) = channel();
    std::thread::spawn(move || {
        for linha in BufReader::new(saida).lines().map_while(Result::ok) {
            if entregar.send(linha).is_err() {
                return;
            }
        }
    });
    receber
}

/// A última linha, com o registro; antes dela, o operário pede a vez.
fn esperar(
    pedido: &Pedido,
    linhas: &Receiver<String>,
    entrada: &mut ChildStdin,
    vagas: &Vagas,
) -> Result<Option<String>> {
    let etapas = pedido.registro.etapas.len() as u32;
    let do_professor: u64 = pedido.etapas.iter().map(|e| e.prazo + 20).sum();
    let prazo = ABRIR_E_COMPILAR
        + pedido.prazo * PRAZOS_POR_ETAPA * etapas
        + Duration::from_secs(do_professor);
    let mut fim = Instant::now() + prazo;
    let mut vaga = None;
    loop {
        let resta = fim.saturating_duration_since(Instant::now());
        match linhas.recv_timeout(resta) {
            Ok(linha) if linha == PEDE_VEZ => {
                let antes = Instant::now();
                vaga = Some(vagas.ocupar());
                // Esperar a vez não conta.
                fim += antes.elapsed();
                writeln!(entrada)?;
            }
            Ok(linha) if linha == LARGA_VEZ => drop(vaga.take()),
            Ok(linha) => return Ok(Some(linha)),
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => {
                bail!("a conferência passou de {} s", prazo.as_secs());
            }
        }
    }
}

/// Quantos podem compilar ao mesmo tempo.
pub struct Vagas {
    livres: Mutex<usize>,
    aviso: Condvar,
}

impl Vagas {
    pub fn novas(quantas: usize) -> Vagas {
        Vagas {
            livres: Mutex::new(quantas),
            aviso: Condvar::new(),
        }
    }

    fn ocupar(&self) -> Vaga<'_> {
        let mut livres = trancar(&self.livres);
        while *livres == 0 {
            let esperadas = self.aviso.wait(livres);
            livres = esperadas.unwrap_or_else(|erro| erro.into_inner());
        }
        *livres -= 1;
        Vaga(self)
    }
}

struct Vaga<'a>(&'a Vagas);

impl Drop for Vaga<'_> {
    fn drop(&mut self) {
        *trancar(&self.0.livres) += 1;
        self.0.aviso.notify_one();
    }
}
