//! `oficina demo`: os dois lados de uma conversa do capítulo em um terminal.

use std::ffi::OsString;
use std::io;
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use bancada::{Host, Rede};
use clap::Args;

use oficina::processo::nomes;

use crate::roteiro::{Acao, Fim, Roteiro};
use crate::roteiro_palco::{self, Cenario};
use crate::roteiro_programas::{self, CODIGO_DE_AUSENTE, Capitulo, EmPython};
use crate::roteiro_tela::{Tela, quer_cor};

const SEM_DOIS_ENDERECOS: &str = "neste sistema `localhost` não tem um \
    endereço de cada família, e este roteiro precisa dos dois";

/// O status de um programa em Rust que entra em pânico.
const PANICO: i32 = 101;

/// O de um em Python que deixa escapar uma exceção.
const EXCECAO: i32 = 1;

/// Mostra os dois lados de uma conversa do capítulo em um só terminal
#[derive(Args, Debug)]
pub struct ArgumentosDaDemo {
    /// O capítulo, como cap05
    capitulo: String,
    /// O roteiro, sem a extensão (`--lista` mostra quais há)
    roteiro: Option<String>,
    /// Usa os programas em Python (ou, com =PAPEL, só o desse papel)
    #[arg(long, value_name = "PAPEL", num_args = 0..=1,
        require_equals = true)]
    python: Option<Option<String>>,
    /// Mostra só este papel, sem o nome dele antes de cada linha
    #[arg(long, value_name = "PAPEL")]
    so: Option<String>,
    /// Mostra os roteiros do capítulo
    #[arg(long)]
    lista: bool,
}

/// Encena o roteiro em loopback; 0 se a conversa correu como descrita.
pub fn executar(argumentos: &ArgumentosDaDemo) -> anyhow::Result<ExitCode> {
    let raiz = roteiro_programas::raiz()?;
    let capitulo = Capitulo::achar(&raiz, &argumentos.capitulo)?;
    if argumentos.lista {
        return listar(&capitulo);
    }
    let mut roteiro = escolher(&capitulo, argumentos.roteiro.as_deref())?;
    if matches!(roteiro.rede, Rede::Ruim(_)) {
        bail!(
            "“{nome}” é uma conversa em uma rede ruim, e aqui nada se perde; \
             encene-a na bancada: cargo oficina gravar {curto} --so {nome} \
             --forcar",
            nome = roteiro.nome(),
            curto = argumentos.capitulo
        );
    }
    if let Some(falta) = roteiro_programas::ausente(&roteiro) {
        eprintln!("falta o programa {falta}, que este roteiro usa");
        return Ok(ExitCode::from(CODIGO_DE_AUSENTE));
    }
    if roteiro.usa_nomes() && !nomes::localhost_duplo() {
        // Antes de qualquer thread.
        if nomes::entrar().is_err() {
            eprintln!("{SEM_DOIS_ENDERECOS}");
            return Ok(ExitCode::from(CODIGO_DE_AUSENTE));
        }
    }
    let em_python = match &argumentos.python {
        None => EmPython::Nenhum,
        Some(None) => EmPython::Todos,
        Some(Some(papel)) => EmPython::So(papel.clone()),
    };
    let programas =
        roteiro_programas::preparar(&roteiro, &capitulo, &em_python)?;
    panico_em_python(&mut roteiro, &em_python);
    let mut saida = io::stdout();
    let mut tela = Tela::do_roteiro(&roteiro, &mut saida, quer_cor());
    if let Some(papel) = &argumentos.so {
        tela.so(papel)?;
    }
    let cenario = Loopback { ipv6: roteiro.ipv6 };
    roteiro_palco::encenar(
        &roteiro,
        &programas,
        &cenario,
        &capitulo.pasta,
        &mut tela,
    )?;
    Ok(ExitCode::SUCCESS)
}

/// O gêmeo em Python que deixa escapar uma exceção termina com 1 onde o
/// programa em Rust, que entra em pânico, termina com 101.
fn panico_em_python(roteiro: &mut Roteiro, em_python: &EmPython) {
    for passo in &mut roteiro.passos {
        let papel = &roteiro.papeis[passo.papel].nome;
        if passo.acao == Acao::Terminar(Fim::Codigo(PANICO))
            && em_python.inclui(papel)
        {
            passo.acao = Acao::Terminar(Fim::Codigo(EXCECAO));
        }
    }
}

fn listar(capitulo: &Capitulo) -> anyhow::Result<ExitCode> {
    let roteiros = capitulo.roteiros()?;
    let roteiros = roteiros.iter().map(|arquivo| Roteiro::abrir(arquivo));
    let roteiros = roteiros.collect::<anyhow::Result<Vec<_>>>()?;
    let larguras = roteiros.iter().map(|r| r.nome().chars().count());
    let largura = larguras.max().unwrap_or_default();
    for roteiro in roteiros {
        println!("{:<largura$}  {}", roteiro.nome(), roteiro.titulo);
    }
    Ok(ExitCode::SUCCESS)
}

/// O roteiro pedido; sem pedido, o único, ou o que se chama `eco`.
fn escolher(
    capitulo: &Capitulo,
    pedido: Option<&str>,
) -> anyhow::Result<Roteiro> {
    let arquivos = capitulo.roteiros()?;
    let chamado = |nome: &str| {
        arquivos
            .iter()
            .find(|a| a.file_stem().is_some_and(|n| n == nome))
    };
    let arquivo = match (pedido, &arquivos[..]) {
        (_, []) => bail!("{} não tem roteiros", capitulo.nome),
        (Some(nome), _) => chamado(nome).with_context(|| {
            format!(
                "{} não tem o roteiro “{nome}”: veja --lista",
                capitulo.nome
            )
        })?,
        (None, [unico]) => unico,
        (None, [primeiro, ..]) => chamado("eco").unwrap_or(primeiro),
    };
    Roteiro::abrir(arquivo)
}

/// Os dois papéis nesta máquina, em loopback, com uma porta do sistema.
struct Loopback {
    ipv6: bool,
}

impl Cenario for Loopback {
    fn endereco(&self) -> io::Result<String> {
        let endereco = if self.ipv6 { "[::1]:0" } else { "127.0.0.1:0" };
        Ok(endereco.to_owned())
    }

    fn porta_do_sistema(&self) -> bool {
        true
    }

    fn comando(
        &self,
        _host: Host,
        programa: OsString,
        argumentos: &[OsString],
    ) -> io::Result<Command> {
        bancada::preso(programa, argumentos)
    }
}
