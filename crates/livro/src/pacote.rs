//! Um arquivo `.zip` com uma pasta dentro, para levar em um pendrive, e o
//! `.epub`, que é um zip com regras.

use anyhow::{Context as _, Result};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Um zip que só aparece no destino depois de inteiro.
pub struct Pacote {
    zip: ZipWriter<BufWriter<File>>,
    parcial: PathBuf,
    destino: PathBuf,
}

impl Pacote {
    /// Abre um pacote vazio; o arquivo final só existe depois de `fechar`.
    pub fn abrir(destino: &Path) -> Result<Pacote> {
        let destino = std::path::absolute(destino)?;
        let nome = destino.file_name().unwrap_or_default().to_string_lossy();
        let parcial = destino
            .with_file_name(format!(".{nome}.em-obra-{}", std::process::id()));
        let pasta = destino.parent().unwrap_or(Path::new(""));
        fs::create_dir_all(pasta)?;
        let arquivo = File::create(&parcial).with_context(|| {
            format!("não foi possível escrever em {}", pasta.display())
        })?;
        let zip = ZipWriter::new(BufWriter::new(arquivo));
        Ok(Pacote {
            zip,
            parcial,
            destino,
        })
    }

    /// Põe um arquivo comprimido.
    pub fn por(&mut self, nome: &str, bytes: &[u8]) -> Result<()> {
        self.por_com(nome, bytes, CompressionMethod::Deflated)
    }

    /// Põe um arquivo como ele é, sem comprimir.
    pub fn por_cru(&mut self, nome: &str, bytes: &[u8]) -> Result<()> {
        self.por_com(nome, bytes, CompressionMethod::Stored)
    }

    fn por_com(
        &mut self,
        nome: &str,
        bytes: &[u8],
        metodo: CompressionMethod,
    ) -> Result<()> {
        let opcoes = SimpleFileOptions::default().compression_method(metodo);
        self.zip.start_file(nome, opcoes)?;
        self.zip.write_all(bytes)?;
        Ok(())
    }

    /// Termina o zip e o põe no destino, de uma vez.
    pub fn fechar(self) -> Result<PathBuf> {
        self.zip.finish()?.flush()?;
        fs::rename(&self.parcial, &self.destino).with_context(|| {
            format!("não foi possível escrever {}", self.destino.display())
        })?;
        Ok(self.destino)
    }
}

/// Empacota a pasta inteira; dentro do zip, tudo fica embaixo de `raiz`.
pub fn zipar(pasta: &Path, raiz: &str, destino: &Path) -> Result<PathBuf> {
    let mut pacote = Pacote::abrir(destino)?;
    for (nome, caminho) in arquivos(pasta)? {
        let bytes = fs::read(&caminho)
            .with_context(|| format!("ler {}", caminho.display()))?;
        pacote.por(&format!("{raiz}/{nome}"), &bytes)?;
    }
    pacote.fechar()
}

/// Os arquivos da pasta, em ordem, com o nome a partir dela.
pub fn arquivos(pasta: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut saida = Vec::new();
    for entrada in fs::read_dir(pasta)
        .with_context(|| format!("ler {}", pasta.display()))?
    {
        let entrada = entrada?;
        let nome = entrada.file_name().to_string_lossy().into_owned();
        if entrada.file_type()?.is_dir() {
            let dentro = arquivos(&entrada.path())?;
            saida.extend(
                dentro.into_iter().map(|(resto, caminho)| {
                    (format!("{nome}/{resto}"), caminho)
                }),
            );
        } else {
            saida.push((nome, entrada.path()));
        }
    }
    saida.sort();
    Ok(saida)
}
