//! Um programa em cena: o que ele escreve, o que se digita nele e o fim dele.

use std::io::{self, PipeReader, Read};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};

/// Depois do texto esperado, quanto o fim da linha dele pode demorar: um
/// programa pode escrevê-lo à parte. Sem ele, a linha é uma pergunta.
const PRAZO_DO_FIM_DE_LINHA: Duration = Duration::from_millis(200);

/// Quanto o fim da saída pode demorar depois do fim do programa, se um neto
/// ficou com ela aberta.
const PRAZO_DA_SAIDA: Duration = Duration::from_secs(1);

/// De quanto em quanto se olha se um programa que fechou a saída acabou.
const INTERVALO_DO_FIM: Duration = Duration::from_millis(2);

/// Um programa em cena. Ao sair de cena, é morto.
pub struct Ator {
    pub filho: Child,
    pub entrada: Option<ChildStdin>,
    saida: Receiver<Vec<u8>>,
    /// O que ele escreveu e ainda não foi mostrado.
    texto: Vec<u8>,
}

impl Ator {
    /// Saída e erros vão pelo mesmo tubo, na ordem em que são escritos.
    pub fn iniciar(comando: &mut Command) -> io::Result<Self> {
        let (leitor, escritor) = io::pipe()?;
        comando
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONIOENCODING", "utf-8")
            // A mensagem de um pânico já diz a linha; a pilha a esconderia.
            .env_remove("RUST_BACKTRACE")
            .env_remove("RUST_LIB_BACKTRACE")
            .stdin(Stdio::piped())
            .stdout(escritor.try_clone()?)
            .stderr(escritor);
        let mut filho = comando.spawn()?;
        // O comando guarda as nossas cópias do tubo: sem soltá-las, a leitura
        // não teria fim.
        comando.stdout(Stdio::null()).stderr(Stdio::null());
        let entrada = filho.stdin.take();
        let saida = ler_em_thread(leitor);
        Ok(Self {
            filho,
            entrada,
            saida,
            texto: Vec::new(),
        })
    }

    /// Espera o texto; devolve até onde vai a linha dele.
    pub fn achar(
        &mut self,
        texto: &str,
        prazo: Instant,
    ) -> anyhow::Result<usize> {
        let fim = loop {
            if let Some(posicao) = posicao(&self.texto, texto.as_bytes()) {
                break posicao + texto.len();
            }
            match self.receber(prazo) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => bail!("o prazo acabou"),
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("o programa fechou a saída sem dizer isso")
                }
            }
        };
        let prazo = Instant::now() + PRAZO_DO_FIM_DE_LINHA;
        loop {
            if let Some(quebra) = posicao(&self.texto[fim..], b"\n") {
                return Ok(fim + quebra + 1);
            }
            if self.receber(prazo).is_err() {
                return Ok(self.texto.len());
            }
        }
    }

    fn receber(&mut self, prazo: Instant) -> Result<(), RecvTimeoutError> {
        let resta = prazo.saturating_duration_since(Instant::now());
        let mut pedaco = self.saida.recv_timeout(resta)?;
        self.texto.append(&mut pedaco);
        Ok(())
    }

    /// Recebe até o fim da saída ou até o prazo.
    fn receber_ate(&mut self, prazo: Instant) {
        while self.receber(prazo).is_ok() {}
    }

    /// Espera o fim do programa e da saída dele.
    pub fn terminar(&mut self, prazo: Instant) -> anyhow::Result<ExitStatus> {
        loop {
            if let Some(status) = self.filho.try_wait()? {
                self.receber_ate(prazo.min(Instant::now() + PRAZO_DA_SAIDA));
                return Ok(status);
            }
            ensure!(Instant::now() < prazo, "o prazo acabou");
            let proxima = prazo.min(Instant::now() + INTERVALO_DO_FIM);
            if self.receber(proxima) == Err(RecvTimeoutError::Disconnected) {
                thread::sleep(INTERVALO_DO_FIM);
            }
        }
    }

    /// Tudo o que ele escreveu e ainda não foi mostrado.
    pub fn retirar_tudo(&mut self) -> String {
        self.retirar(self.texto.len())
    }

    /// Tira do que foi escrito os primeiros bytes.
    pub fn retirar(&mut self, quantos: usize) -> String {
        let resto = self.texto.split_off(quantos);
        let inicio = std::mem::replace(&mut self.texto, resto);
        String::from_utf8_lossy(&inicio).into_owned()
    }

    /// Termina o programa e recebe o que ele ainda tinha escrito.
    pub fn parar(&mut self) {
        self.matar();
        self.receber_ate(Instant::now() + PRAZO_DA_SAIDA);
    }

    fn matar(&mut self) {
        // Só falha se ele já acabou.
        let _ = bancada::encerrar(&mut self.filho);
    }
}

impl Drop for Ator {
    fn drop(&mut self) {
        self.matar();
    }
}

fn ler_em_thread(mut leitor: PipeReader) -> Receiver<Vec<u8>> {
    let (envia, recebe) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(lidos @ 1..) = leitor.read(&mut buffer) {
            if envia.send(buffer[..lidos].to_vec()).is_err() {
                break;
            }
        }
    });
    recebe
}

fn posicao(texto: &[u8], procurado: &[u8]) -> Option<usize> {
    texto
        .windows(procurado.len())
        .position(|janela| janela == procurado)
}
