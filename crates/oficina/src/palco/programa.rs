//! O pouco que uma etapa pode saber do programa conferido. Quem fala pela rede
//! é o palco; o processo, se há um, fica atrás desta trait, e um par de dentro
//! do próprio teste pode ocupar o lugar dele.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::destino::Destino;

/// Como iniciar o programa.
#[derive(Debug, Clone)]
pub struct Partida {
    /// Onde escutar, ou aonde se conectar.
    pub endereco: SocketAddr,
    /// No lugar do endereço, o arquivo de um socket Unix. A pasta dele é a
    /// única, fora da temporária, em que o programa pode escrever.
    pub caminho: Option<PathBuf>,
    /// O primeiro argumento, quando ele é um nome e uma porta.
    pub nome: Option<String>,
    /// Os argumentos que vêm depois do primeiro.
    pub argumentos: Vec<String>,
    /// Se a entrada padrão fica aberta para o palco escrever nela.
    pub entrada: bool,
    /// Limite de descritores abertos (RLIMIT_NOFILE), quando a etapa o aperta.
    pub descritores: Option<u64>,
}

impl Partida {
    /// Onde o programa encontra o palco, ou o palco o programa.
    pub fn destino(&self) -> Destino {
        match &self.caminho {
            Some(caminho) => Destino::Unix(caminho.clone()),
            None => Destino::Rede(self.endereco),
        }
    }

    /// Os argumentos do programa, na ordem.
    pub fn linha(&self) -> Vec<String> {
        let destino = || self.destino().to_string();
        let primeiro = self.nome.clone().unwrap_or_else(destino);
        [vec![primeiro], self.argumentos.clone()].concat()
    }
}

/// Em que pé está o programa.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Situacao {
    NaoIniciado,
    Vivo,
    /// Terminou com este status de saída ou por este sinal.
    Encerrado {
        status: Option<i32>,
        sinal: Option<i32>,
    },
}

/// O trabalho do programa e de seus descendentes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Esforco {
    /// Tempo de processador usado até agora; `None` onde não se sabe medir.
    pub processador: Option<Duration>,
    /// Se alguma thread está executando, ou pronta para isso, agora.
    pub ocupado: Option<bool>,
}

/// Um socket de escuta do programa.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escuta {
    pub endereco: SocketAddr,
    /// `true` para UDP (um socket associado), `false` para TCP.
    pub udp: bool,
}

/// Uma linha que o programa escreveu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinhaEscrita {
    pub texto: String,
    /// `true` se veio da saída de erros.
    pub erro: bool,
}

/// O programa conferido, visto de longe.
pub trait Programa: Send {
    /// Inicia (ou inicia de novo) o programa. O erro é uma frase para o leitor.
    fn iniciar(&mut self, partida: &Partida) -> Result<(), String>;
    /// Encerra o programa e tudo o que ele iniciou.
    fn encerrar(&mut self);
    fn situacao(&mut self) -> Situacao;
    fn esforco(&mut self) -> Esforco;
    /// Onde o programa escuta; `None` onde não se sabe perguntar.
    fn escutas(&mut self) -> Option<Vec<Escuta>>;
    /// Escreve na entrada padrão do programa.
    fn escrever(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Fecha a entrada padrão do programa.
    fn fechar_entrada(&mut self);
    /// O que esta execução do programa já escreveu, na ordem em que chegou.
    fn escrito(&mut self) -> Vec<LinhaEscrita>;

    /// O que esta execução escreveu na saída padrão, byte a byte.
    fn saida_crua(&mut self) -> Vec<u8> {
        Vec::new()
    }

    /// O menor descritor que o programa não usa; `None` onde não se sabe.
    fn descritor_livre(&mut self) -> Option<u64> {
        None
    }

    /// Muda o limite de descritores do programa, que já roda; `None` devolve
    /// o de sempre.
    fn mudar_limite(&mut self, _: Option<u64>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Faz com que `[::]` não receba IPv4, a menos que o programa peça.
    fn so_ipv6_por_padrao(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
