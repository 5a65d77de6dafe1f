//! Fora do Linux não há namespaces de rede: montar uma bancada é um erro que
//! diz o que fazer.

use std::ffi::OsString;
use std::io;
use std::process::{Child, Command};

use crate::plano::{Plano, Resumo};
use crate::rede::{Host, Rede};

const RAZAO: &str = "a bancada usa namespaces de rede, que só o Linux tem: \
    abra o livro no devcontainer, ou estude as capturas gravadas com \
    cargo oficina fio";

/// Dois hosts ligados; neste sistema, nunca existe.
#[derive(Debug)]
pub enum Bancada {}

impl Bancada {
    /// Sempre um erro, com a saída.
    pub fn montar(_plano: &Plano) -> io::Result<Self> {
        Err(io::Error::new(io::ErrorKind::Unsupported, RAZAO))
    }

    pub fn comando(
        &self,
        _host: Host,
        _programa: impl Into<OsString>,
        _argumentos: &[OsString],
    ) -> io::Result<Command> {
        match *self {}
    }

    pub fn escutando(&self, _filho: &Child) -> bool {
        match *self {}
    }

    pub fn rede(&self) -> &Rede {
        match *self {}
    }

    pub fn desmontar(self) -> io::Result<Resumo> {
        match self {}
    }
}

/// O que o sistema permite, em linhas para o leitor.
pub fn diagnosticar() -> (bool, Vec<String>) {
    (false, vec![RAZAO.to_owned()])
}
