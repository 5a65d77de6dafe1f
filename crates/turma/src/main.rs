//! Abre o arquivo que um aluno entregou, sem confiar nele.
//!
//!     abre-entrega ARQUIVO DESTINO
//!
//! É um programa à parte, que a oficina inicia dentro do cerco, por dois
//! motivos: quem lê bytes hostis não é quem guarda as notas, e quem só quer
//! resolver um exercício não compila as bibliotecas de zip e tar.
//!
//! Na saída, uma linha `observacao: …` por coisa ignorada; se o arquivo não
//! pode ser aberto, uma linha `recusada: …` e o status 1.

mod destino;
mod em_tar;
mod em_zip;

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use destino::Destino;

/// O começo de um arquivo zip (APPNOTE.TXT, §4.3.7) e o de um zip vazio.
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// O começo de um gzip (RFC 1952, §2.3.1).
const GZIP: &[u8] = b"\x1f\x8b";

/// Onde e o que está escrito em um cabeçalho de tar (tar(5), “ustar”).
const TAR: (usize, &[u8]) = (257, b"ustar");

fn main() -> ExitCode {
    let argumentos: Vec<_> = std::env::args_os().skip(1).collect();
    let [arquivo, pasta] = argumentos.as_slice() else {
        eprintln!("uso: abre-entrega ARQUIVO DESTINO");
        return ExitCode::from(2);
    };
    let aberto = abrir(Path::new(arquivo), Path::new(pasta));
    match aberto {
        Ok(destino) => {
            for observacao in destino.observacoes() {
                println!("observacao: {observacao}");
            }
            ExitCode::SUCCESS
        }
        Err(erro) => {
            println!("recusada: {erro:#}");
            ExitCode::FAILURE
        }
    }
}

/// O conteúdo diz o formato; a extensão pode estar errada.
fn abrir(arquivo: &Path, pasta: &Path) -> Result<Destino> {
    let mut aberto = File::open(arquivo).context("não abri o arquivo")?;
    let tamanho = aberto.metadata()?.len();
    let mut comeco = Vec::new();
    let primeiros = 512;
    aberto.by_ref().take(primeiros).read_to_end(&mut comeco)?;
    aberto.rewind()?;
    let mut destino = Destino::novo(pasta, tamanho);
    let aberto = BufReader::new(aberto);
    match comeco.as_slice() {
        [] => bail!("o arquivo está vazio"),
        bytes if ZIP.iter().any(|marca| bytes.starts_with(marca)) => {
            em_zip::abrir(aberto, &mut destino)?;
        }
        bytes if bytes.starts_with(GZIP) => {
            let fluxo = flate2::read::MultiGzDecoder::new(aberto);
            em_tar::abrir(fluxo, &mut destino)?;
        }
        bytes if bytes.get(TAR.0..).is_some_and(|b| b.starts_with(TAR.1)) => {
            em_tar::abrir(aberto, &mut destino)?;
        }
        _ => bail!("não é um .zip nem um .tar.gz, ou está quebrado"),
    }
    Ok(destino)
}
