//! Arquivos .zip.

use std::io::{Read, Seek};

use anyhow::{Result, bail};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::destino::Destino;

/// Os bits de tipo de arquivo no modo do Unix, e os valores deles: inode(7).
const TIPO: u32 = 0o170_000;
const COMUM: u32 = 0o100_000;

pub fn abrir(arquivo: impl Read + Seek, destino: &mut Destino) -> Result<()> {
    let mut zip =
        ZipArchive::new(arquivo).map_err(|erro| em_portugues(&erro))?;
    if zip.is_empty() {
        bail!("o zip está vazio");
    }
    destino.caber(zip.len())?;
    if zip.has_duplicate_names() {
        destino
            .observar("há nomes repetidos no zip: valeu um de cada".to_owned());
    }
    if zip.has_overlapping_files().unwrap_or(true) {
        bail!("é uma bomba: há arquivos do zip uns por cima dos outros");
    }
    for numero in 0..zip.len() {
        let reserva = nome_de(&zip, numero);
        let entrada = match zip.by_index(numero) {
            Ok(entrada) => entrada,
            Err(erro) => {
                let erro = em_portugues(&erro);
                destino.observar(format!("ignorei “{reserva}”: {erro}"));
                continue;
            }
        };
        let nome = em_texto(entrada.name_raw(), entrada.name());
        // Quem fez o zip no Windows não diz o tipo.
        let tipo = entrada.unix_mode().map_or(0, |modo| modo & TIPO);
        if entrada.is_dir() {
            continue;
        }
        match tipo {
            0 | COMUM if !entrada.is_symlink() => {
                destino.guardar(&nome, entrada)?;
            }
            _ if entrada.is_symlink() => {
                destino.recusar(&nome, "um link simbólico");
            }
            _ => destino.recusar(&nome, "um arquivo especial"),
        }
    }
    Ok(())
}

fn nome_de<R>(zip: &ZipArchive<R>, numero: usize) -> String
where
    R: Read + Seek,
{
    match zip.name_for_index(numero) {
        Some(Ok(nome)) => nome.chars().take(60).collect(),
        _ => format!("entrada {numero}"),
    }
}

/// O zip diz se o nome é UTF-8; se não diz, pode ser assim mesmo, ou CP437.
fn em_texto(
    bytes: &[u8],
    decodificado: Result<std::borrow::Cow<'_, str>, ZipError>,
) -> String {
    match (std::str::from_utf8(bytes), decodificado) {
        (Ok(texto), _) => texto.to_owned(),
        (Err(_), Ok(texto)) => texto.into_owned(),
        (Err(_), Err(_)) => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

fn em_portugues(erro: &ZipError) -> anyhow::Error {
    let frase = match erro {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            "está protegido por senha"
        }
        ZipError::CompressionMethodNotSupported(_) => {
            "a compressão não é a comum dos zips (deflate)"
        }
        _ => "o zip está quebrado",
    };
    anyhow::anyhow!("{frase} ({erro})")
}
