//! Um comando que roda dentro do cerco até o fim: abrir um arquivo, compilar.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use super::isolamento::Isolamento;
use super::viveiro::{Recem, nascer};
use super::{Comando, Escritos, Nivel, Ordem, Preparo, Vista, arvore};
use crate::palco::programa::LinhaEscrita;

/// Descritores abertos de uma tarefa.
const DESCRITORES: u64 = 1024;

/// De quanto em quanto tempo se olha quanto a tarefa já escreveu.
const OLHADA: Duration = Duration::from_millis(100);

/// O que rodar, dentro de que limites.
pub struct Tarefa {
    pub comando: Comando,
    pub vista: Vista,
    pub nivel: Nivel,
    pub isolamento: Option<Isolamento>,
    /// Segundos de processador.
    pub segundos: u64,
    /// Quanto pode durar, de relógio.
    pub prazo: Duration,
    /// Quanto pode escrever ao todo em `vista.escrita`, em bytes.
    pub teto: u64,
}

/// Como a tarefa terminou.
#[derive(Debug)]
pub struct Fim {
    /// O status de saída; `None` se morreu por um sinal ou pelo prazo.
    pub status: Option<i32>,
    /// O sinal que a matou.
    pub sinal: Option<i32>,
    /// Se foi interrompida: passou do prazo ou do que podia escrever.
    pub interrompida: bool,
    pub escrito: Vec<LinhaEscrita>,
}

impl Tarefa {
    /// Roda até o fim ou até o prazo, e encerra tudo o que ela iniciou.
    ///
    /// Um erro é do sistema, do cerco ou de um programa que não existe; o
    /// isolamento pedido que não pôde ser aplicado também é um erro.
    pub fn executar(&self) -> io::Result<Fim> {
        let fim = Instant::now() + self.prazo;
        let Recem {
            mut cerco,
            socket,
            mae: _mae,
            ..
        } = nascer(self.isolamento)?.com_preparo(&self.preparo())?;
        let escritos = Escritos::default();
        let saida = cerco.stdout.take().map(|s| escritos.acompanhar(s, false));
        let erros = cerco.stderr.take().map(|s| escritos.acompanhar(s, true));
        let ordem = serde_json::to_string(&self.ordem())?;
        writeln!(&socket, "{ordem}")?;
        let noticia = self.acompanhar(&socket, fim);
        // No L2 o cerco é o primeiro processo do namespace: com ele vão todos.
        let _ = cerco.kill();
        let _ = cerco.wait();
        arvore::encerrar_descendentes(std::process::id(), None);
        for leitor in saida.into_iter().chain(erros) {
            let _ = leitor.join();
        }
        let (status, sinal) = noticia?;
        Ok(Fim {
            status,
            sinal,
            interrompida: status.is_none() && sinal.is_none(),
            escrito: escritos.linhas(),
        })
    }

    /// As notícias do cerco até a última: o status ou o sinal.
    fn acompanhar(
        &self,
        socket: &UnixStream,
        fim: Instant,
    ) -> io::Result<(Option<i32>, Option<i32>)> {
        let mut leitor = BufReader::new(socket);
        let mut linha = String::new();
        socket.set_read_timeout(Some(OLHADA))?;
        loop {
            if Instant::now() >= fim || self.escrito() > self.teto {
                return Ok((None, None));
            }
            match leitor.read_line(&mut linha) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                // O começo da linha que já veio fica guardado.
                Err(erro) if acabou_o_tempo(&erro) => continue,
                Err(erro) => return Err(erro),
            }
            let lida = std::mem::take(&mut linha);
            let texto = lida.trim_end();
            let (verbo, valor) = texto.split_once(' ').unwrap_or((texto, ""));
            match verbo {
                "nivel" if valor != self.nivel.to_string() => {
                    return Err(io::Error::other(format!(
                        "o isolamento {} não pôde ser aplicado",
                        self.nivel
                    )));
                }
                "recusado" => return Err(io::Error::other(valor.to_owned())),
                "status" => return Ok((valor.parse().ok(), None)),
                "sinal" => return Ok((None, valor.parse().ok())),
                _ => {}
            }
        }
    }

    fn escrito(&self) -> u64 {
        self.vista.escrita.iter().map(|pasta| ocupado(pasta)).sum()
    }

    fn ordem(&self) -> Ordem {
        Ordem {
            programa: self.comando.programa.clone(),
            argumentos: self.comando.argumentos.clone(),
            entrada: false,
            descritores: DESCRITORES,
            segundos: self.segundos,
        }
    }

    fn preparo(&self) -> Preparo {
        Preparo {
            nivel: self.nivel,
            conferidor: std::process::id(),
            usados: Vec::new(),
            escondidos: Vec::new(),
            // Quem abre e quem compila não conecta a lugar nenhum.
            porta: Some(0),
            pasta: None,
            vista: Some(self.vista.clone()),
        }
    }
}

/// Os bytes dos arquivos de uma pasta, sem seguir links.
fn ocupado(pasta: &Path) -> u64 {
    let entradas = fs::read_dir(pasta).into_iter().flatten().flatten();
    entradas
        .map(|entrada| match entrada.metadata() {
            Ok(dados) if dados.is_dir() => ocupado(&entrada.path()),
            Ok(dados) => dados.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Com tempo limite, o Linux responde WouldBlock; outros, TimedOut.
fn acabou_o_tempo(erro: &io::Error) -> bool {
    matches!(
        erro.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}
