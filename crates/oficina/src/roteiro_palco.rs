//! Encena um roteiro: inicia os programas, digita, espera, mostra e encerra.
//!
//! O mesmo palco serve a `demo` (em loopback) e a `gravar` (na bancada): o que
//! muda é o [`Cenario`]. Mostra-se de cada papel só o que um passo esperou;
//! por isso a mesma conversa dá sempre o mesmo texto, qualquer que seja a
//! ordem em que o sistema entregou as linhas.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use bancada::{Host, Sinal};

use crate::roteiro::{Acao, Fim, Papel, Passo, Roteiro};
use crate::roteiro_ator::Ator;
use crate::roteiro_programas::Programa;
use crate::roteiro_tela::Tela;

/// O que os servidores do livro escrevem na primeira linha.
const ESCUTANDO_EM: &str = "escutando em ";

/// Onde os programas rodam.
pub trait Cenario {
    /// O `{endereco}` que os programas recebem antes de um servidor dizer
    /// onde escuta.
    fn endereco(&self) -> io::Result<String>;

    /// Um nome que leva ao host do servidor.
    fn nome(&self) -> &'static str {
        "localhost"
    }

    /// Se o servidor escuta em uma porta que só ele sabe, e que os outros
    /// aprendem da linha `escutando em …`.
    fn porta_do_sistema(&self) -> bool;

    /// O comando que roda o programa no host.
    fn comando(
        &self,
        host: Host,
        programa: OsString,
        argumentos: &[OsString],
    ) -> io::Result<Command>;
}

/// Encena o roteiro inteiro. No fim, bem ou mal, nenhum programa continua.
pub fn encenar(
    roteiro: &Roteiro,
    programas: &[Programa],
    cenario: &dyn Cenario,
    pasta: &Path,
    tela: &mut Tela,
) -> anyhow::Result<()> {
    let mut palco = Palco {
        roteiro,
        programas,
        cenario,
        pasta,
        tela,
        atores: roteiro.papeis.iter().map(|_| None).collect(),
        endereco: None,
    };
    for passo in &roteiro.passos {
        if let Err(erro) = palco.dar(passo) {
            palco.mostrar_o_resto();
            return Err(erro.context(format!(
                "{}:{}",
                roteiro.arquivo.display(),
                passo.linha
            )));
        }
    }
    Ok(())
}

struct Palco<'a, 'b> {
    roteiro: &'a Roteiro,
    programas: &'a [Programa],
    cenario: &'a dyn Cenario,
    pasta: &'a Path,
    tela: &'a mut Tela<'b>,
    atores: Vec<Option<Ator>>,
    /// Onde o servidor disse que escuta.
    endereco: Option<String>,
}

impl Palco<'_, '_> {
    fn dar(&mut self, passo: &Passo) -> anyhow::Result<()> {
        let prazo = Instant::now() + self.roteiro.prazo;
        match &passo.acao {
            Acao::Iniciar => self.iniciar(passo.papel),
            Acao::Dizer(texto) => self.esperar(passo.papel, texto, prazo),
            Acao::Digitar(texto) => self.digitar(passo.papel, texto),
            Acao::FecharEntrada => self.fechar_a_entrada(passo.papel),
            Acao::Receber(sinal) => self.sinalizar(passo.papel, *sinal),
            Acao::Terminar(fim) => self.terminar(passo.papel, *fim, prazo),
        }
    }

    fn iniciar(&mut self, papel: usize) -> anyhow::Result<()> {
        let Papel { nome, host, .. } = &self.roteiro.papeis[papel];
        let mut reais = Vec::new();
        let mut mostradas = Vec::new();
        for palavra in &self.programas[papel].palavras {
            mostradas.push(self.completar(&palavra.mostrada, *host)?);
            for real in &palavra.real {
                reais.push(match real.to_str() {
                    Some(texto) => self.completar(texto, *host)?.into(),
                    None => real.clone(),
                });
            }
        }
        let mostrado = mostradas.join(" ");
        self.tela.comando(papel, mostrado.trim_end_matches(" --"));
        let programa: OsString = reais.remove(0);
        let mut comando = self.cenario.comando(*host, programa, &reais)?;
        comando.current_dir(self.pasta);
        let ator = Ator::iniciar(&mut comando)
            .with_context(|| format!("não consegui iniciar {nome}"))?;
        self.atores[papel] = Some(ator);
        Ok(())
    }

    /// Troca `{endereco}`, `{host}`, `{nome}` e `{porta}` pelo que valem agora.
    fn completar(&mut self, texto: &str, host: Host) -> anyhow::Result<String> {
        if !texto.contains('{') {
            return Ok(texto.to_owned());
        }
        let endereco = match &self.endereco {
            Some(endereco) => endereco.clone(),
            None if host == Host::A && self.cenario.porta_do_sistema() => {
                self.porta_sem_ninguem()?
            }
            None => self.cenario.endereco()?,
        };
        let (maquina, porta) = endereco
            .rsplit_once(':')
            .with_context(|| format!("“{endereco}” não é um endereço"))?;
        let maquina = maquina.trim_start_matches('[').trim_end_matches(']');
        Ok(texto
            .replace("{endereco}", &endereco)
            .replace("{host}", maquina)
            .replace("{nome}", self.cenario.nome())
            .replace("{porta}", porta))
    }

    /// Para o cliente que começa antes do servidor: uma porta em que, agora,
    /// ninguém escuta.
    fn porta_sem_ninguem(&mut self) -> anyhow::Result<String> {
        let ha_servidor = (self.roteiro.papeis.iter().zip(&self.atores))
            .any(|(papel, ator)| papel.host == Host::B && ator.is_some());
        ensure!(
            !ha_servidor,
            "o servidor ainda não disse onde escuta: antes deste passo, \
             espere com diz \"{}\"",
            ESCUTANDO_EM.trim_end()
        );
        let endereco = self.cenario.endereco()?;
        let livre = std::net::TcpListener::bind(&endereco)?.local_addr()?;
        let endereco = livre.to_string();
        self.endereco = Some(endereco.clone());
        Ok(endereco)
    }

    fn ator(&mut self, papel: usize) -> anyhow::Result<&mut Ator> {
        self.atores[papel]
            .as_mut()
            .context("o programa não foi iniciado")
    }

    fn esperar(
        &mut self,
        papel: usize,
        texto: &str,
        prazo: Instant,
    ) -> anyhow::Result<()> {
        let host = self.roteiro.papeis[papel].host;
        let texto = self.completar(texto, host)?;
        let nome = &self.roteiro.papeis[papel].nome;
        let ator = self.atores[papel]
            .as_mut()
            .context("o programa não foi iniciado")?;
        let fim = ator.achar(&texto, prazo).with_context(|| {
            format!("esperei que {nome} dissesse “{texto}”")
        })?;
        let linhas = ator.retirar(fim);
        self.mostrar(papel, &linhas);
        Ok(())
    }

    /// Mostra as linhas, e aprende delas onde o servidor escuta.
    fn mostrar(&mut self, papel: usize, texto: &str) {
        for linha in texto.lines() {
            if let Some((_, endereco)) = linha.split_once(ESCUTANDO_EM)
                && let Some(endereco) = endereco.split_whitespace().next()
            {
                self.endereco = Some(self.alcancavel(endereco));
            }
            self.tela.linha(papel, linha);
        }
    }

    /// Quem escuta em todas as interfaces não disse por qual se chega a ele.
    fn alcancavel(&self, endereco: &str) -> String {
        let geral = ["0.0.0.0:", "[::]:"];
        let porta = geral.iter().find_map(|g| endereco.strip_prefix(g));
        let do_cenario = self.cenario.endereco().ok();
        let maquina = do_cenario.as_deref().and_then(|e| e.rsplit_once(':'));
        match (porta, maquina) {
            (Some(porta), Some((maquina, _))) => format!("{maquina}:{porta}"),
            _ => endereco.to_owned(),
        }
    }

    fn digitar(&mut self, papel: usize, texto: &str) -> anyhow::Result<()> {
        let host = self.roteiro.papeis[papel].host;
        let texto = self.completar(texto, host)?;
        let ator = self.ator(papel)?;
        let pergunta = ator.retirar_tudo();
        let entrada = ator.entrada.as_mut().context("a entrada já fechou")?;
        entrada
            .write_all(format!("{texto}\n").as_bytes())
            .context("o programa não lê mais a entrada dele")?;
        self.tela.digitado(papel, &pergunta, &texto);
        Ok(())
    }

    fn fechar_a_entrada(&mut self, papel: usize) -> anyhow::Result<()> {
        self.ator(papel)?.entrada = None;
        self.tela.gesto(papel, "Ctrl-D");
        Ok(())
    }

    fn sinalizar(&mut self, papel: usize, sinal: Sinal) -> anyhow::Result<()> {
        let ator = self.ator(papel)?;
        bancada::sinalizar(&mut ator.filho, sinal)
            .with_context(|| format!("não mandei {}", sinal.nome()))?;
        let gesto = match sinal {
            Sinal::Int => "Ctrl-C",
            outro => outro.nome(),
        };
        self.tela.gesto(papel, gesto);
        Ok(())
    }

    fn terminar(
        &mut self,
        papel: usize,
        esperado: Fim,
        prazo: Instant,
    ) -> anyhow::Result<()> {
        let nome = self.roteiro.papeis[papel].nome.clone();
        let ator = self.ator(papel)?;
        let status = ator
            .terminar(prazo)
            .with_context(|| format!("esperei o fim de {nome}"))?;
        let linhas = ator.retirar_tudo();
        self.mostrar(papel, &linhas);
        if !confere(status, esperado) {
            bail!(
                "esperava que {nome} terminasse com {}, e ele terminou com {}",
                descrever(esperado),
                status
            );
        }
        Ok(())
    }

    /// Depois de uma falha: o que os programas escreveram e ninguém esperou.
    fn mostrar_o_resto(&mut self) {
        for papel in 0..self.atores.len() {
            let Some(ator) = &mut self.atores[papel] else {
                continue;
            };
            ator.parar();
            let linhas = ator.retirar_tudo();
            self.mostrar(papel, &linhas);
        }
    }
}

fn confere(status: ExitStatus, esperado: Fim) -> bool {
    match esperado {
        Fim::Codigo(codigo) => status.code() == Some(codigo),
        Fim::Sinal(sinal) => morto_por(status, sinal),
    }
}

/// O programa pode morrer diretamente do sinal, ou dentro da bancada, onde
/// quem o acompanha devolve 128 + número, como um shell.
#[cfg(unix)]
fn morto_por(status: ExitStatus, sinal: Sinal) -> bool {
    use std::os::unix::process::ExitStatusExt;
    let numero = sinal.numero();
    status.signal() == Some(numero) || status.code() == Some(128 + numero)
}

#[cfg(not(unix))]
fn morto_por(status: ExitStatus, sinal: Sinal) -> bool {
    sinal == Sinal::Kill && !status.success()
}

fn descrever(fim: Fim) -> String {
    match fim {
        Fim::Codigo(codigo) => format!("exit status: {codigo}"),
        Fim::Sinal(sinal) => sinal.nome().to_owned(),
    }
}
