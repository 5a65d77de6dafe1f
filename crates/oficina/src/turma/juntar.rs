//! `oficina turma juntar`: um relatório só, das fatias de uma turma.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Args;

use super::conferir::guarda::ler_turma;
use super::relatorios::{self, OpcoesDosRelatorios, jplag};
use super::{Registro, Turma};

/// Junta em um relatório os resultados de várias fatias
#[derive(Args, Debug, Clone)]
pub struct ArgumentosDeJuntar {
    /// As pastas de relatórios das fatias
    #[arg(value_name = "PASTA", required = true)]
    pub pastas: Vec<PathBuf>,
    /// A pasta do relatório inteiro
    #[arg(long, value_name = "PASTA")]
    pub saida: PathBuf,
    #[command(flatten)]
    pub relatorios: OpcoesDosRelatorios,
}

pub fn executar(argumentos: &ArgumentosDeJuntar) -> Result<ExitCode> {
    let mut partes = Vec::new();
    for pasta in &argumentos.pastas {
        partes.push((pasta.clone(), ler_turma(pasta)?));
    }
    let turma = juntar(&partes)?;
    let saida = &argumentos.saida;
    fs::create_dir_all(saida)
        .with_context(|| format!("não criei a pasta {}", saida.display()))?;
    for (pasta, parte) in &partes {
        for registro in &parte.registros {
            copiar_fonte(pasta, saida, registro)?;
        }
    }
    relatorios::escrever(&turma, saida, &argumentos.relatorios)?;
    println!(
        "  {} registros de {} pastas em {}",
        turma.registros.len(),
        partes.len(),
        saida.join("relatorio.html").display()
    );
    Ok(ExitCode::SUCCESS)
}

/// A turma inteira. O que está em duas pastas tem de ser o mesmo nas duas.
pub fn juntar(partes: &[(PathBuf, Turma)]) -> Result<Turma> {
    let (primeira_pasta, primeira) =
        partes.first().context("não há o que juntar")?;
    let mut turma = Turma {
        registros: Vec::new(),
        fatia: None,
        ..primeira.clone()
    };
    let mut vistos: BTreeMap<(String, String), (&Path, Registro)> =
        BTreeMap::new();
    for (pasta, parte) in partes {
        conferir_cabecalhos(primeira_pasta, primeira, pasta, parte)?;
        for registro in &parte.registros {
            let chave = (registro.entrega.clone(), registro.capitulo.clone());
            if let Some((outra, repetido)) = vistos.get(&chave) {
                ensure!(
                    mesmo_resultado(repetido, registro),
                    "{} ({}) está em {} e em {} com resultados diferentes",
                    registro.entrega,
                    registro.curto(),
                    outra.display(),
                    pasta.display()
                );
                continue;
            }
            vistos.insert(chave, (pasta, registro.clone()));
        }
    }
    turma.registros = vistos.into_values().map(|(_, r)| r).collect();
    turma.ordenar();
    Ok(turma)
}

/// Só se juntam partes da mesma turma, conferidas do mesmo jeito.
fn conferir_cabecalhos(
    primeira_pasta: &Path,
    primeira: &Turma,
    pasta: &Path,
    parte: &Turma,
) -> Result<()> {
    let iguais = parte.versao == primeira.versao
        && parte.capitulos == primeira.capitulos
        && parte.regras == primeira.regras
        && parte.nivel == primeira.nivel;
    ensure!(
        iguais,
        "{} e {} não são da mesma turma: capítulos, pontos, regras ou nível \
         de isolamento diferentes",
        primeira_pasta.display(),
        pasta.display()
    );
    Ok(())
}

/// O mesmo conteúdo, as mesmas regras e o mesmo veredicto; os tempos não
/// contam.
fn mesmo_resultado(um: &Registro, outro: &Registro) -> bool {
    let veredicto = |registro: &Registro| {
        let etapas = registro.etapas.iter();
        let etapas: Vec<_> = etapas.map(|e| (e.situacao, e.pontos)).collect();
        (registro.situacao, etapas)
    };
    um.conteudo == outro.conteudo
        && um.regras == outro.regras
        && veredicto(um) == veredicto(outro)
}

fn copiar_fonte(de: &Path, para: &Path, registro: &Registro) -> Result<()> {
    let origem = jplag::fonte(de, registro);
    let destino = jplag::fonte(para, registro);
    if !origem.is_file() || origem == destino {
        return Ok(());
    }
    if let Some(pasta) = destino.parent() {
        fs::create_dir_all(pasta)?;
    }
    fs::copy(&origem, &destino)
        .with_context(|| format!("não copiei {}", origem.display()))?;
    Ok(())
}
