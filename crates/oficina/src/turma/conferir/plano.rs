//! O que será conferido: as entregas, os capítulos, as regras e a semente de
//! cada conferência. Nada aqui depende de quando nem de quantas por vez.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::ArgumentosDeConferir;
use super::entregas::{Entrega, Fatia, Forma, listar};
use super::resumo::Resumo;
use crate::casa;
use crate::exercicios::{EXERCICIOS, Exercicio};
use crate::palco::PRAZO;
use crate::processo::Nivel;
use crate::turma::configuracao::EtapaDoProfessor;
use crate::turma::datas::Instante;
use crate::turma::notas::{CapituloDaTurma, VERSAO};
use crate::turma::registro::{EtapaRegistrada, Registro, Situacao};
use crate::turma::{Configuracao, Turma, residuos};

/// De quantas sementes diferentes se sorteia: seis algarismos cabem em um
/// comando digitado (`oficina conferir --semente`).
const SEMENTES: u64 = 1_000_000;

/// Uma conferência por fazer: uma entrega em um capítulo.
pub struct Item<'a> {
    pub entrega: &'a Entrega,
    pub exercicio: &'static Exercicio,
    /// O registro por preencher.
    pub registro: Registro,
    /// O nome do arquivo do registro.
    pub arquivo: String,
}

/// O plano de uma conferência.
pub struct Plano {
    pub configuracao: Configuracao,
    pub exercicios: Vec<&'static Exercicio>,
    pub entregas: Vec<Entrega>,
    pub fatia: Option<Fatia>,
    pub nivel: Nivel,
    pub prazo: Duration,
    titulo: String,
}

impl Plano {
    pub fn novo(
        argumentos: &ArgumentosDeConferir,
        nivel: Nivel,
    ) -> Result<Plano> {
        let pasta = argumentos.entregas.canonicalize().with_context(|| {
            format!("não achei a pasta {}", argumentos.entregas.display())
        })?;
        ensure!(pasta.is_dir(), "{} não é uma pasta", pasta.display());
        let configuracao = ler_configuracao(argumentos, &pasta)?;
        let fatia: Option<Fatia> = match &argumentos.fatia {
            Some(texto) => Some(texto.parse().map_err(anyhow::Error::msg)?),
            None => None,
        };
        let mut entregas = listar(&pasta, &do_professor(&configuracao))?;
        if let Some(fatia) = fatia {
            entregas.retain(|entrega| entrega.da_fatia(fatia));
        }
        let nome = pasta.file_name().unwrap_or_default().to_string_lossy();
        Ok(Plano {
            titulo: configuracao.titulo.clone().unwrap_or(nome.into_owned()),
            exercicios: exercicios(argumentos, &configuracao)?,
            configuracao,
            entregas,
            fatia,
            nivel,
            prazo: prazo(argumentos)?,
        })
    }

    /// A turma, ainda sem registros.
    pub fn turma(&self) -> Result<Turma> {
        let capitulos = self.exercicios.iter();
        let capitulos = capitulos.map(|e| self.configuracao.capitulo(e));
        Ok(Turma {
            versao: VERSAO,
            titulo: self.titulo.clone(),
            nivel: self.nivel,
            fatia: self.fatia.map(|fatia| fatia.to_string()),
            capitulos: capitulos.collect::<Result<_>>()?,
            registros: Vec::new(),
            regras: self.configuracao.regras(),
            residuos: residuos::do_nivel(self.nivel),
        })
    }

    /// Tudo o que há por conferir, na ordem em que se mostra.
    pub fn itens(&self, turma: &Turma) -> Result<Vec<Item<'_>>> {
        let regras: Vec<String> = self
            .exercicios
            .iter()
            .map(|exercicio| self.regras(exercicio))
            .collect::<Result<_>>()?;
        let mut itens = Vec::new();
        for entrega in &self.entregas {
            let pares = self.exercicios.iter().zip(&turma.capitulos);
            for ((exercicio, capitulo), regras) in pares.zip(&regras) {
                itens.push(Item {
                    entrega,
                    exercicio,
                    registro: self
                        .por_fazer(entrega, exercicio, capitulo, regras),
                    arquivo: format!(
                        "{}.{}.json",
                        entrega.apelido(),
                        exercicio.curto()
                    ),
                });
            }
        }
        Ok(itens)
    }

    /// As etapas do professor em um capítulo.
    pub fn etapas(&self, exercicio: &Exercicio) -> Vec<EtapaDoProfessor> {
        self.configuracao.etapas_de(exercicio).cloned().collect()
    }

    fn por_fazer(
        &self,
        entrega: &Entrega,
        exercicio: &Exercicio,
        capitulo: &CapituloDaTurma,
        regras: &str,
    ) -> Registro {
        let etapas = capitulo.etapas.iter().enumerate();
        let etapas =
            etapas.map(|(n, e)| EtapaRegistrada::por_executar(n + 1, e));
        let entregue = self.configuracao.entregue_em(&entrega.aluno);
        let entregue =
            entregue.or(entrega.modificada.map(Instante::do_sistema));
        let prazo = self.configuracao.prazo(exercicio);
        let (situacao, erro) = match &entrega.forma {
            Forma::Estranha(motivo) => {
                (Situacao::Recusada, Some(motivo.clone()))
            }
            _ => (Situacao::NaoEntregue, None),
        };
        Registro {
            aluno: entrega.aluno.clone(),
            entrega: entrega.nome.clone(),
            capitulo: exercicio.capitulo.to_owned(),
            situacao,
            erro,
            nivel: self.nivel,
            linguagem: String::new(),
            arquivo: String::new(),
            etapas: etapas.collect(),
            observacoes: self.outras_do_aluno(entrega),
            entregue_em: entregue.map_or(String::new(), |e| e.to_string()),
            atraso_min: match (entregue, prazo) {
                (Some(entregue), Some(prazo)) => entregue.atraso(prazo),
                _ => 0,
            },
            semente: self.semente(&entrega.aluno, exercicio),
            tentativas: 0,
            conteudo: entrega.conteudo.clone(),
            regras: regras.to_owned(),
            duracao_ms: 0,
        }
    }

    fn outras_do_aluno(&self, entrega: &Entrega) -> Vec<String> {
        let outras = self.entregas.iter().filter(|outra| {
            outra.aluno == entrega.aluno && outra.nome != entrega.nome
        });
        outras
            .map(|o| format!("há outra entrega deste aluno: {}", o.nome))
            .collect()
    }

    /// O acaso de um aluno em um capítulo: o mesmo em toda máquina.
    fn semente(&self, aluno: &str, exercicio: &Exercicio) -> u64 {
        let da_turma = self.configuracao.semente.to_le_bytes();
        Resumo::novo()
            .com(aluno.as_bytes())
            .com(exercicio.capitulo.as_bytes())
            .com(&da_turma)
            .numero()
            % SEMENTES
    }

    /// O que decide o veredicto além da entrega; os pontos não, que se contam
    /// no fim.
    fn regras(&self, exercicio: &Exercicio) -> Result<String> {
        let enunciado =
            casa::pasta_do_capitulo(exercicio.capitulo).join("exercicio.toml");
        let mut resumo = Resumo::novo()
            .com(env!("CARGO_PKG_VERSION").as_bytes())
            .com(&std::fs::read(enunciado).unwrap_or_default())
            .com(self.nivel.to_string().as_bytes())
            .com(&self.prazo.as_millis().to_le_bytes())
            .com(&self.configuracao.semente.to_le_bytes())
            .com(&[u8::from(self.configuracao.parar_na_falha)])
            .com(&[u8::from(self.exercicios.len() == 1)]);
        for etapa in self.configuracao.etapas_de(exercicio) {
            resumo = resumo.com(serde_json::to_string(etapa)?.as_bytes());
            for parte in &etapa.programa {
                let arquivo = self.configuracao.pasta.join(parte);
                resumo =
                    resumo.com(&std::fs::read(arquivo).unwrap_or_default());
            }
        }
        Ok(resumo.texto())
    }
}

fn ler_configuracao(
    argumentos: &ArgumentosDeConferir,
    entregas: &Path,
) -> Result<Configuracao> {
    let da_pasta = entregas.join("turma.toml");
    let mut configuracao = match &argumentos.turma {
        Some(arquivo) => Configuracao::ler(arquivo)?,
        None if da_pasta.is_file() => Configuracao::ler(&da_pasta)?,
        None => Configuracao::default(),
    };
    if configuracao.pasta.as_os_str().is_empty() {
        entregas.clone_into(&mut configuracao.pasta);
    }
    Ok(configuracao)
}

/// Os programas do professor não são entregas, se ele os deixou ali.
fn do_professor(configuracao: &Configuracao) -> Vec<PathBuf> {
    let partes = configuracao.etapas.iter().flat_map(|e| &e.programa);
    let caminhos = partes.map(|parte| configuracao.pasta.join(parte));
    caminhos.filter_map(|c| c.canonicalize().ok()).collect()
}

fn exercicios(
    argumentos: &ArgumentosDeConferir,
    configuracao: &Configuracao,
) -> Result<Vec<&'static Exercicio>> {
    if argumentos.todos {
        return Ok(EXERCICIOS.iter().collect());
    }
    let pedidos = match &argumentos.capitulo {
        Some(capitulo) => vec![capitulo.clone()],
        None => configuracao.capitulos.clone(),
    };
    if pedidos.is_empty() {
        bail!(
            "diga o capítulo (--capitulo cap05), todos (--todos), ou ponha \
             `capitulos` na turma.toml"
        );
    }
    let mut achados: Vec<&'static Exercicio> = pedidos
        .iter()
        .map(|nome| {
            Exercicio::procurar(nome)
                .with_context(|| format!("não há exercício “{nome}”"))
        })
        .collect::<Result<_>>()?;
    achados.sort_by_key(|exercicio| exercicio.capitulo);
    achados.dedup_by_key(|exercicio| exercicio.capitulo);
    Ok(achados)
}

fn prazo(argumentos: &ArgumentosDeConferir) -> Result<Duration> {
    let Some(prazo) = argumentos.prazo else {
        return Ok(PRAZO);
    };
    ensure!(
        prazo.is_finite() && (0.1..=3600.0).contains(&prazo),
        "o prazo vai de 0.1 a 3600 segundos"
    );
    Ok(Duration::from_secs_f64(prazo))
}
