//! Os relatórios de uma turma: todos saem de uma [`Turma`], para uma pasta.
//!
//! | arquivo | para quem |
//! |--|--|
//! | `relatorio.html` | quem ensina: a turma, cada aluno, cada etapa |
//! | `alunos/NOME.html` | cada aluno: o que é dele, sem o que é privado |
//! | `notas.csv` | a planilha; com mais de um capítulo, também `medias.csv` |
//! | `turma.json` | outros programas, e `turma juntar` |
//! | `junit.xml` | servidores de integração contínua |
//! | `classroom50/`, `gradescope/`, `vpl/` | um arquivo por entrega |

pub mod classroom50;
pub mod csv;
pub mod gradescope;
mod html;
pub mod jplag;
mod junit;
pub mod vpl;

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;

use super::notas::sem_acento;
use super::registro::{EtapaRegistrada, Registro, SituacaoDaEtapa};
use super::{Situacao, Turma};
use crate::erros_classicos::Codigo;

pub use html::{em_html, em_html_do_aluno};
pub use junit::em_junit;

/// Como escrever os relatórios.
#[derive(Args, Debug, Clone, Default)]
pub struct OpcoesDosRelatorios {
    /// Escreve as notas com vírgula entre colunas e ponto decimal (RFC 4180)
    #[arg(long)]
    pub csv_internacional: bool,
    /// Exporta os programas entregues como o JPlag e o Dolos os leem
    #[arg(long, value_name = "PASTA")]
    pub exportar_jplag: Option<PathBuf>,
}

/// Escreve em `pasta` (que já existe) os relatórios da turma.
pub fn escrever(
    turma: &Turma,
    pasta: &Path,
    opcoes: &OpcoesDosRelatorios,
) -> Result<()> {
    let dialeto = match opcoes.csv_internacional {
        true => csv::INTERNACIONAL,
        false => csv::BRASILEIRO,
    };
    let json = serde_json::to_string_pretty(turma)? + "\n";
    gravar(&pasta.join("turma.json"), &json)?;
    gravar(&pasta.join("notas.csv"), &csv::notas(turma, dialeto))?;
    if turma.capitulos.len() > 1 {
        gravar(&pasta.join("medias.csv"), &csv::medias(turma, dialeto))?;
    }
    gravar(&pasta.join("junit.xml"), &em_junit(turma))?;
    gravar(&pasta.join("relatorio.html"), &em_html(turma))?;
    let alunos = turma.alunos().into_iter().map(|aluno| {
        let nome = format!("{}.html", nome_do_aluno(aluno));
        Ok((nome, em_html_do_aluno(turma, aluno)))
    });
    gravar_todos(&pasta.join("alunos"), alunos)?;
    por_entrega(turma, pasta)?;
    if let Some(destino) = &opcoes.exportar_jplag {
        jplag::exportar(turma, pasta, destino)?;
    }
    Ok(())
}

/// Um arquivo por entrega para cada serviço que recebe uma de cada vez.
fn por_entrega(turma: &Turma, pasta: &Path) -> Result<()> {
    let registros = || turma.registros.iter();
    let json = |registro: &Registro, valor: Value| {
        let nome = format!("{}.json", nome_de_arquivo(registro));
        Ok((nome, serde_json::to_string_pretty(&valor)?))
    };
    let contexto = classroom50::Contexto::do_ambiente();
    gravar_todos(
        &pasta.join("classroom50"),
        registros().map(|r| json(r, classroom50::resultado(r, &contexto))),
    )?;
    gravar_todos(
        &pasta.join("gradescope"),
        registros().map(|r| json(r, gradescope::resultado(turma, r))),
    )?;
    gravar_todos(
        &pasta.join("vpl"),
        registros().map(|r| {
            let nome = format!("{}.txt", nome_de_arquivo(r));
            Ok((nome, vpl::saida(turma, r)))
        }),
    )
}

/// Escreve os arquivos de uma pasta nossa e apaga os de outra vez: o de quem
/// já não está na turma não fica para trás.
fn gravar_todos(
    pasta: &Path,
    arquivos: impl Iterator<Item = Result<(String, String)>>,
) -> Result<()> {
    let mut ficam = HashSet::new();
    for arquivo in arquivos {
        let (nome, texto) = arquivo?;
        gravar(&pasta.join(&nome), &texto)?;
        ficam.insert(nome);
    }
    for entrada in fs::read_dir(pasta).into_iter().flatten().flatten() {
        let nome = entrada.file_name();
        if !nome.to_str().is_some_and(|nome| ficam.contains(nome)) {
            fs::remove_file(entrada.path()).with_context(|| {
                format!("não apaguei {}", entrada.path().display())
            })?;
        }
    }
    Ok(())
}

/// Escreve ao lado e troca de uma vez: quem lê nunca vê um relatório pela
/// metade.
fn gravar(arquivo: &Path, texto: &str) -> Result<()> {
    let ao_lado = arquivo.with_extension("parcial");
    let escrever = || -> Result<()> {
        if let Some(pasta) = arquivo.parent() {
            fs::create_dir_all(pasta)?;
        }
        let mut saida = fs::File::create(&ao_lado)?;
        saida.write_all(texto.as_bytes())?;
        Ok(fs::rename(&ao_lado, arquivo)?)
    };
    escrever().with_context(|| format!("não escrevi {}", arquivo.display()))
}

/// Um nome que serve de arquivo em qualquer sistema e não se repete na turma:
/// `ana-souza-cap05-1f2e3d4c`.
pub fn nome_de_arquivo(registro: &Registro) -> String {
    // De duas entregas com o mesmo nome sem acentos, o resumo as distingue.
    let resumo = resumo(&registro.entrega);
    format!(
        "{}-{}-{resumo:08x}",
        simplificado(&registro.aluno),
        registro.curto()
    )
}

/// O mesmo, do aluno: `ana-souza-1f2e3d4c`.
fn nome_do_aluno(aluno: &str) -> String {
    format!("{}-{:08x}", simplificado(aluno), resumo(aluno))
}

/// Só letras sem acento, algarismos e hífens, no máximo quarenta.
fn simplificado(texto: &str) -> String {
    let mut simples = String::new();
    for letra in texto.chars().flat_map(char::to_lowercase) {
        match sem_acento(letra) {
            letra if letra.is_ascii_alphanumeric() => simples.push(letra),
            _ if simples.ends_with('-') || simples.is_empty() => {}
            _ => simples.push('-'),
        }
    }
    simples.truncate(40);
    let simples = simples.trim_matches('-');
    match simples {
        "" => "entrega".to_owned(),
        simples => simples.to_owned(),
    }
}

/// FNV-1a de 32 bits: o mesmo resumo em toda máquina, sem segredo nenhum.
fn resumo(texto: &str) -> u32 {
    texto.bytes().fold(0x811c_9dc5, |soma, byte| {
        (soma ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// O nome de um código: `M07` é “ignora o fim do fluxo”.
fn nome_do_codigo(codigo: &str) -> &'static str {
    Codigo::do_rotulo(codigo).map_or("", |codigo| codigo.erro().nome)
}

/// A situação de uma etapa, como se lê.
fn situacao_da_etapa(situacao: SituacaoDaEtapa) -> &'static str {
    match situacao {
        SituacaoDaEtapa::Passou => "passou",
        SituacaoDaEtapa::Falhou => "falhou",
        SituacaoDaEtapa::Inconclusiva => "inconclusiva",
        SituacaoDaEtapa::NaoExecutada => "não executada",
    }
}

/// O que se diz ao aluno de uma etapa: de uma privada, só se passou.
fn recado(etapa: &EtapaRegistrada) -> String {
    if etapa.privada {
        return String::new();
    }
    let Some(diagnostico) = &etapa.diagnostico else {
        return String::new();
    };
    let partes = [
        diagnostico.codigo.clone().unwrap_or_default(),
        diagnostico.mensagem.clone(),
        diagnostico.explicacao.clone(),
        diagnostico.dica.clone(),
    ];
    let partes = partes.into_iter().filter(|parte| !parte.is_empty());
    partes.collect::<Vec<_>>().join("\n")
}

/// O nome da etapa para o aluno.
fn nome_para_o_aluno(etapa: &EtapaRegistrada) -> String {
    match etapa.privada {
        true => format!("{}. etapa privada", etapa.numero),
        false => format!("{}. {}", etapa.numero, etapa.nome),
    }
}

/// O que houve com a entrega inteira, se ela não foi conferida.
fn impedimento(registro: &Registro) -> Option<String> {
    if registro.situacao == Situacao::Conferida {
        return None;
    }
    let descricao = registro.situacao.descricao();
    Some(match &registro.erro {
        Some(erro) => format!("{descricao}: {erro}"),
        None => descricao.to_owned(),
    })
}
