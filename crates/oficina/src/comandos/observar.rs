//! `oficina conferir --observar`: confere de novo a cada vez que se salva.
//!
//! Quem confere é outro processo, em um grupo próprio. Assim um programa
//! travado nunca trava esta tela: salvar ou apertar uma tecla encerra a
//! conferência em andamento e tudo o que ela iniciou.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::SystemTime;

use anyhow::{Context, Result};

use super::conferir::ArgumentosDeConferir;
use super::dica;
use super::teclado::Teclado;
use super::vigia::Vigia;
use crate::casa;
use crate::exercicios::{EXERCICIOS, Exercicio};
use crate::processo::eu;
use crate::relatorio::tinta::{Cor, Tinta};

/// O que a tela de observação está fazendo.
struct Observacao<'a> {
    argumentos: &'a ArgumentosDeConferir,
    exercicio: &'static Exercicio,
    teclado: Teclado,
    vigia: Vigia,
    conferencia: Option<Child>,
    visto: Vec<Option<SystemTime>>,
}

pub fn executar(
    argumentos: &ArgumentosDeConferir,
    exercicio: &'static Exercicio,
) -> Result<ExitCode> {
    let mut observacao = Observacao {
        argumentos,
        exercicio,
        teclado: Teclado::tecla_a_tecla()?,
        vigia: Vigia::nova(&[]),
        conferencia: None,
        visto: Vec::new(),
    };
    observacao.vigiar();
    observacao.conferir()?;
    observacao.girar()
}

impl Observacao<'_> {
    fn girar(&mut self) -> Result<ExitCode> {
        loop {
            if self.mudou() {
                self.conferir()?;
            }
            self.recolher()?;
            match self.teclado.tecla_ou_aviso(&self.vigia) {
                Some(b'q' | 3 | 4) => {
                    self.interromper();
                    return Ok(ExitCode::SUCCESS);
                }
                Some(b'r') => self.conferir()?,
                Some(b'd') => self.dar_dica()?,
                Some(b'p') => self.ir_ao_proximo()?,
                _ => {}
            }
        }
    }

    fn vigiar(&mut self) {
        self.vigia = Vigia::nova(&self.arquivos());
    }

    /// Encerra a conferência em andamento e começa outra.
    fn conferir(&mut self) -> Result<()> {
        self.interromper();
        self.visto = self.datas();
        limpar_tela();
        let mut comando = Command::new(eu());
        comando
            .args(["conferir", self.exercicio.capitulo])
            .arg("--alvo")
            .arg(casa::alvo().join("oficina"))
            .arg("--preso")
            .stdin(Stdio::null());
        repassar(&mut comando, self.argumentos);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut comando, 0);
        let filho = comando.spawn().context("não foi possível conferir")?;
        self.vigia.acompanhar(&filho);
        self.conferencia = Some(filho);
        Ok(())
    }

    /// Encerra a conferência, o cargo e o programa que ela iniciou.
    fn interromper(&mut self) {
        if let Some(mut conferencia) = self.conferencia.take() {
            self.vigia.dispensar();
            encerrar_grupo(&mut conferencia);
            let _ = conferencia.wait();
        }
    }

    /// Se a conferência terminou, mostra o que se pode fazer.
    fn recolher(&mut self) -> Result<()> {
        if let Some(conferencia) = &mut self.conferencia
            && conferencia.try_wait()?.is_some()
        {
            self.vigia.dispensar();
            self.conferencia = None;
            self.mostrar_teclas();
        }
        Ok(())
    }

    fn dar_dica(&mut self) -> Result<()> {
        self.interromper();
        print!(
            "{}",
            dica::uma_a_mais(self.exercicio, self.argumentos.etapa)?
        );
        self.mostrar_teclas();
        Ok(())
    }

    fn ir_ao_proximo(&mut self) -> Result<()> {
        let aqui = self.exercicio.capitulo;
        let mut depois = EXERCICIOS.iter().skip_while(|e| e.capitulo != aqui);
        match depois.nth(1).filter(|_| self.do_livro()) {
            Some(proximo) => {
                self.exercicio = proximo;
                self.vigiar();
                self.conferir()
            }
            None => {
                println!("\n  Este é o último exercício.");
                Ok(())
            }
        }
    }

    /// Se confere o exercício do capítulo, e não um comando do leitor.
    fn do_livro(&self) -> bool {
        self.argumentos.comando.is_empty()
    }

    fn mostrar_teclas(&self) {
        let tinta = Tinta::da_saida();
        let tecla = |letra: &str, o_que: &str| {
            format!("{} {o_que}", tinta.pintar(Cor::Acento, letra))
        };
        let teclas = [
            tecla("d", "dica"),
            tecla("p", "próximo"),
            tecla("r", "de novo"),
            tecla("q", "sair"),
        ];
        let arquivo = self.arquivos().into_iter().next().unwrap_or_default();
        let curto = arquivo.strip_prefix(casa::raiz()).unwrap_or(&arquivo);
        let olho = format!("de olho em {}", curto.display());
        println!(
            "\n  {}   {}",
            teclas.join(" · "),
            tinta.pintar(Cor::Suave, &olho)
        );
        let _ = std::io::stdout().flush();
    }

    fn mudou(&self) -> bool {
        self.vigia.descartar();
        self.datas() != self.visto
    }

    fn datas(&self) -> Vec<Option<SystemTime>> {
        let data = |arquivo: &PathBuf| arquivo.metadata()?.modified();
        self.arquivos().iter().map(|a| data(a).ok()).collect()
    }

    /// O que se observa: o exercício e a biblioteca do capítulo, ou os
    /// arquivos que o comando do leitor nomeia.
    fn arquivos(&self) -> Vec<PathBuf> {
        if !self.do_livro() {
            let nomes = self.argumentos.comando.iter().map(PathBuf::from);
            return nomes.rev().filter(|nome| nome.is_file()).collect();
        }
        let pasta = casa::pasta_do_capitulo(self.exercicio.capitulo);
        let curto = self.exercicio.curto();
        vec![
            pasta.join(format!("src/bin/{curto}-exercicio.rs")),
            pasta.join("src/lib.rs"),
            pasta.join("Cargo.toml"),
        ]
    }
}

impl Drop for Observacao<'_> {
    fn drop(&mut self) {
        self.interromper();
    }
}

fn repassar(comando: &mut Command, argumentos: &ArgumentosDeConferir) {
    let valores = [
        ("--etapa", argumentos.etapa.map(|v| v.to_string())),
        ("--prazo", argumentos.prazo.map(|v| v.to_string())),
        ("--semente", argumentos.semente.map(|v| v.to_string())),
        ("--isolamento", argumentos.isolamento.map(|v| v.to_string())),
    ];
    for (nome, valor) in valores {
        if let Some(valor) = valor {
            comando.args([nome, &valor]);
        }
    }
    if !argumentos.comando.is_empty() {
        comando.arg("--").args(&argumentos.comando);
    }
}

#[cfg(unix)]
fn encerrar_grupo(conferencia: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let pid = i32::try_from(conferencia.id()).ok().and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // Se já terminou, não há o que encerrar.
        let _ = kill_process_group(pid, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn encerrar_grupo(conferencia: &mut Child) {
    let _ = conferencia.kill();
}

fn limpar_tela() {
    if std::io::stdout().is_terminal() {
        print!("\x1b[2J\x1b[H");
        let _ = std::io::stdout().flush();
    }
}
