//! O programa do estudante fora do Linux: um processo filho, com a entrada
//! vazia e encerrado no fim. Sem os limites e a visão que só o Linux dá.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::{Comando, Escritos, Nivel, Vista};
use crate::palco::programa::{
    Escuta, Esforco, LinhaEscrita, Partida, Programa, Situacao,
};

/// Um programa a conferir.
pub struct Submissao {
    comando: Comando,
    filho: Option<Child>,
    escritos: Escritos,
    situacao: Situacao,
}

/// Fora do Linux não há cerco a preparar.
#[derive(Clone, Default)]
pub struct Viveiro;

impl Viveiro {
    pub fn preparar<T>(&self, _: Option<T>, _: Option<&super::Preparo>) {}
}

impl Submissao {
    pub fn nova<T>(
        comando: Comando,
        _isolamento: Option<T>,
        _nivel: Nivel,
        _segundos: u64,
    ) -> Submissao {
        Submissao {
            comando,
            filho: None,
            escritos: Escritos::default(),
            situacao: Situacao::NaoIniciado,
        }
    }

    pub fn esconder(self, _caminhos: &[PathBuf]) -> Submissao {
        self
    }

    pub fn com_vista(self, _vista: Option<Vista>) -> Submissao {
        self
    }

    pub fn cliente(self) -> Submissao {
        self
    }

    pub fn com_viveiro(self, _viveiro: &Viveiro) -> Submissao {
        self
    }
}

impl Programa for Submissao {
    fn iniciar(&mut self, partida: &Partida) -> Result<(), String> {
        self.encerrar();
        let entrada = if partida.entrada {
            Stdio::piped()
        } else {
            Stdio::null()
        };
        let mut filho = Command::new(&self.comando.programa)
            .args(&self.comando.argumentos)
            .args(partida.linha())
            .env_remove("RUST_BACKTRACE")
            .env_remove("RUST_LIB_BACKTRACE")
            .stdin(entrada)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| format!("não foi possível iniciar o programa: {e}"))?;
        self.escritos = Escritos::default();
        if let Some(saida) = filho.stdout.take() {
            self.escritos.acompanhar(saida, false);
        }
        if let Some(erros) = filho.stderr.take() {
            self.escritos.acompanhar(erros, true);
        }
        self.filho = Some(filho);
        self.situacao = Situacao::Vivo;
        Ok(())
    }

    fn encerrar(&mut self) {
        if let Some(mut filho) = self.filho.take() {
            let _ = filho.kill();
            let _ = filho.wait();
        }
    }

    fn situacao(&mut self) -> Situacao {
        if let Some(filho) = &mut self.filho
            && let Ok(Some(fim)) = filho.try_wait()
        {
            self.situacao = Situacao::Encerrado {
                status: fim.code(),
                sinal: None,
            };
        }
        self.situacao
    }

    fn esforco(&mut self) -> Esforco {
        Esforco::default()
    }

    fn escutas(&mut self) -> Option<Vec<Escuta>> {
        None
    }

    fn escrever(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self.filho.as_mut().and_then(|filho| filho.stdin.as_mut()) {
            Some(entrada) => entrada.write_all(bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn fechar_entrada(&mut self) {
        if let Some(filho) = &mut self.filho {
            filho.stdin.take();
        }
    }

    fn escrito(&mut self) -> Vec<LinhaEscrita> {
        self.escritos.linhas()
    }

    fn saida_crua(&mut self) -> Vec<u8> {
        self.escritos.saida()
    }
}

impl Drop for Submissao {
    fn drop(&mut self) {
        self.encerrar();
    }
}
