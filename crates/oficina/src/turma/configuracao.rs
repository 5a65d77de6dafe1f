//! O `turma.toml`: o que o professor decide, em um arquivo pequeno. Tudo pode
//! faltar.
//!
//! ```toml
//! titulo = "Redes de Computadores, turma A"
//! capitulos = ["cap05"]
//! nota_maxima = 10
//! semente = 2026               # o acaso da turma; cada aluno tem o seu
//! parar_na_falha = true        # como em `oficina conferir` (o padrão)
//!
//! [prazo]
//! ate = 2026-11-20T23:59:00-03:00
//! desconto_por_dia = 10        # porcento, por dia começado
//! desconto_maximo = 50
//!
//! [prazo.capitulos]            # quem não está aqui usa `ate`
//! cap06 = 2026-11-27T23:59:00-03:00
//!
//! [entregas]                   # sem isto vale a data do arquivo
//! "Fulano de Tal" = 2026-11-21T08:10:00-03:00
//!
//! [pontos.cap05]               # no lugar dos do exercicio.toml
//! volume = 4
//!
//! [[etapas]]                   # uma etapa do professor
//! capitulo = "cap05"
//! id = "rajada"
//! nome = "aguenta uma rajada"
//! pontos = 2
//! privada = true               # o padrão
//! extra = false                # se vale pontos a mais
//! programa = ["python3", "privadas/rajada.py"]
//! prazo = 10                   # segundos
//! papel = "servidor"           # do aluno; o padrão é o do exercício
//! argumentos = []              # o que ele recebe depois do endereço
//! ```
//!
//! Os caminhos de `programa` contam da pasta da `turma.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use toml::value::Datetime;

use super::datas::Instante;
use super::notas::{CapituloDaTurma, EtapaDaTurma};
use crate::enunciado::Papel;
use crate::exercicios::Exercicio;

/// O prazo de uma etapa do professor, se a `turma.toml` não diz outro.
const PRAZO_DA_ETAPA: u64 = 10;

/// O que a `turma.toml` diz.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Configuracao {
    pub titulo: Option<String>,
    pub capitulos: Vec<String>,
    pub nota_maxima: u32,
    pub semente: u64,
    pub parar_na_falha: bool,
    prazo: Option<Prazo>,
    entregas: BTreeMap<String, Datetime>,
    pub pontos: BTreeMap<String, BTreeMap<String, u32>>,
    pub etapas: Vec<EtapaDoProfessor>,
    /// A pasta de onde contam os caminhos.
    #[serde(skip)]
    pub pasta: PathBuf,
}

impl Default for Configuracao {
    fn default() -> Configuracao {
        Configuracao {
            titulo: None,
            capitulos: Vec::new(),
            nota_maxima: 10,
            semente: 0,
            parar_na_falha: true,
            prazo: None,
            entregas: BTreeMap::new(),
            pontos: BTreeMap::new(),
            etapas: Vec::new(),
            pasta: PathBuf::new(),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Prazo {
    ate: Datetime,
    #[serde(default)]
    desconto_por_dia: u32,
    #[serde(default = "cem")]
    desconto_maximo: u32,
    #[serde(default)]
    capitulos: BTreeMap<String, Datetime>,
}

fn cem() -> u32 {
    100
}

/// Uma etapa que o professor escreveu: um programa, em qualquer linguagem, que
/// conversa com o do aluno e termina com 0 (passou) ou 1 (falhou), depois de
/// escrever uma frase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EtapaDoProfessor {
    pub capitulo: String,
    pub id: String,
    pub nome: String,
    pub pontos: u32,
    #[serde(default = "sim")]
    pub privada: bool,
    #[serde(default)]
    pub extra: bool,
    pub programa: Vec<String>,
    /// Em segundos.
    #[serde(default = "prazo_da_etapa")]
    pub prazo: u64,
    /// O papel do programa do aluno; se falta, o do exercício.
    pub papel: Option<Papel>,
    /// O que ele recebe depois do endereço.
    #[serde(default)]
    pub argumentos: Vec<String>,
}

fn sim() -> bool {
    true
}

fn prazo_da_etapa() -> u64 {
    PRAZO_DA_ETAPA
}

/// O que decide a nota a partir de um registro.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegrasDaNota {
    pub nota_maxima: u32,
    /// Porcento por dia começado de atraso.
    pub desconto_por_dia: u32,
    /// O maior desconto, em porcento.
    pub desconto_maximo: u32,
}

impl RegrasDaNota {
    /// O desconto por atraso, em porcento.
    pub fn desconto(&self, atraso_min: u64) -> u32 {
        let dias = u32::try_from(atraso_min.div_ceil(24 * 60));
        let dias = dias.unwrap_or(u32::MAX);
        let desconto = dias.saturating_mul(self.desconto_por_dia);
        desconto.min(self.desconto_maximo)
    }
}

impl Configuracao {
    /// Lê e confere uma `turma.toml`.
    pub fn ler(arquivo: &Path) -> Result<Configuracao> {
        let onde = arquivo.display();
        let texto = fs::read_to_string(arquivo)
            .with_context(|| format!("não li {onde}"))?;
        let arquivo = std::path::absolute(arquivo)?;
        let pasta = arquivo.parent().unwrap_or(&arquivo).to_owned();
        Self::do_texto(&texto, pasta).with_context(|| format!("{onde}"))
    }

    /// O mesmo, de um texto; os caminhos contam de `pasta`.
    pub fn do_texto(texto: &str, pasta: PathBuf) -> Result<Configuracao> {
        let mut lida: Configuracao = toml::from_str(texto)?;
        lida.pasta = pasta;
        lida.conferir()?;
        Ok(lida)
    }

    fn conferir(&self) -> Result<()> {
        ensure!(self.nota_maxima > 0, "nota_maxima tem de ser maior que 0");
        ensure!(self.nota_maxima <= 1000, "nota_maxima vai até 1000");
        for (capitulo, pontos) in &self.pontos {
            let exercicio = conhecido(capitulo)?;
            for id in pontos.keys() {
                ensure!(
                    exercicio.etapas.iter().any(|etapa| etapa.id == id),
                    "pontos.{capitulo}: não há etapa “{id}”"
                );
            }
        }
        for etapa in &self.etapas {
            self.conferir_etapa(etapa)?;
        }
        if let Some(prazo) = &self.prazo {
            Instante::do_toml(&prazo.ate).context("prazo.ate")?;
            for (capitulo, ate) in &prazo.capitulos {
                conhecido(capitulo)?;
                Instante::do_toml(ate)
                    .with_context(|| format!("prazo.capitulos.{capitulo}"))?;
            }
        }
        for (aluno, data) in &self.entregas {
            Instante::do_toml(data)
                .with_context(|| format!("entregas.\"{aluno}\""))?;
        }
        Ok(())
    }

    fn conferir_etapa(&self, etapa: &EtapaDoProfessor) -> Result<()> {
        let onde = format!("etapa “{}”", etapa.id);
        let exercicio = conhecido(&etapa.capitulo).context(onde.clone())?;
        ensure!(!etapa.programa.is_empty(), "{onde}: falta o programa");
        ensure!(
            (1..=600).contains(&etapa.prazo),
            "{onde}: o prazo vai de 1 a 600 segundos"
        );
        let repetida = exercicio.etapas.iter().any(|e| e.id == etapa.id)
            || self
                .etapas
                .iter()
                .filter(|e| {
                    e.id == etapa.id
                        && Exercicio::procurar(&e.capitulo)
                            .is_some_and(|x| std::ptr::eq(x, exercicio))
                })
                .count()
                > 1;
        ensure!(!repetida, "{onde}: já há uma etapa com este id");
        Ok(())
    }

    /// O que decide a nota.
    pub fn regras(&self) -> RegrasDaNota {
        RegrasDaNota {
            nota_maxima: self.nota_maxima,
            desconto_por_dia: self
                .prazo
                .as_ref()
                .map_or(0, |p| p.desconto_por_dia),
            desconto_maximo: self
                .prazo
                .as_ref()
                .map_or(100, |p| p.desconto_maximo.min(100)),
        }
    }

    /// Até quando se entrega o capítulo.
    pub fn prazo(&self, exercicio: &Exercicio) -> Option<Instante> {
        let prazo = self.prazo.as_ref()?;
        let dele = prazo.capitulos.iter().find(|(nome, _)| {
            Exercicio::procurar(nome)
                .is_some_and(|e| e.capitulo == exercicio.capitulo)
        });
        let data = dele.map_or(&prazo.ate, |(_, data)| data);
        Instante::do_toml(data).ok()
    }

    /// Quando este aluno entregou, se a `turma.toml` diz.
    pub fn entregue_em(&self, aluno: &str) -> Option<Instante> {
        let data = self.entregas.get(aluno)?;
        Instante::do_toml(data).ok()
    }

    /// As etapas do professor neste capítulo, na ordem em que estão escritas.
    pub fn etapas_de<'a>(
        &'a self,
        exercicio: &'a Exercicio,
    ) -> impl Iterator<Item = &'a EtapaDoProfessor> {
        self.etapas.iter().filter(|etapa| {
            Exercicio::procurar(&etapa.capitulo)
                .is_some_and(|e| e.capitulo == exercicio.capitulo)
        })
    }

    /// Quanto vale uma etapa do capítulo nesta turma.
    pub fn pontos_de(&self, exercicio: &Exercicio, id: &str) -> Option<u32> {
        let do_capitulo = self.pontos.iter().find(|(nome, _)| {
            Exercicio::procurar(nome)
                .is_some_and(|e| e.capitulo == exercicio.capitulo)
        });
        do_capitulo?.1.get(id).copied()
    }

    /// O capítulo como esta turma o vê.
    pub fn capitulo(&self, exercicio: &Exercicio) -> Result<CapituloDaTurma> {
        let enunciado = exercicio.enunciado()?;
        let do_livro = enunciado.etapas.iter().map(|etapa| EtapaDaTurma {
            id: etapa.id.clone(),
            nome: etapa.nome.clone(),
            pontos: self
                .pontos_de(exercicio, &etapa.id)
                .unwrap_or(etapa.pontos),
            extra: false,
            privada: false,
        });
        let dele = self.etapas_de(exercicio).map(|etapa| EtapaDaTurma {
            id: etapa.id.clone(),
            nome: etapa.nome.clone(),
            pontos: etapa.pontos,
            extra: etapa.extra,
            privada: etapa.privada,
        });
        Ok(CapituloDaTurma {
            nome: exercicio.capitulo.to_owned(),
            curto: exercicio.curto().to_owned(),
            titulo: enunciado.titulo.clone(),
            etapas: do_livro.chain(dele).collect(),
        })
    }
}

fn conhecido(capitulo: &str) -> Result<&'static Exercicio> {
    Exercicio::procurar(capitulo)
        .with_context(|| format!("não há exercício “{capitulo}”"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ler(texto: &str) -> Result<Configuracao> {
        Configuracao::do_texto(texto, PathBuf::from("/turma"))
    }

    #[test]
    fn o_exemplo_da_documentacao_e_aceito() {
        let fonte = include_str!("configuracao.rs");
        let exemplo: String = fonte
            .lines()
            .skip_while(|linha| *linha != "//! ```toml")
            .skip(1)
            .take_while(|linha| *linha != "//! ```")
            .map(|linha| linha.trim_start_matches("//!").to_owned() + "\n")
            .collect();
        let lida = ler(&exemplo).unwrap();
        assert_eq!(lida.etapas.len(), 1);
        let cap05 = Exercicio::procurar("cap05").unwrap();
        let capitulo = lida.capitulo(cap05).unwrap();
        assert_eq!(capitulo.etapas.last().unwrap().id, "rajada");
        assert!(lida.entregue_em("Fulano de Tal").is_some());
    }

    #[test]
    fn uma_etapa_que_nao_existe_e_dita() {
        let erro = ler("[pontos.cap05]\nnada = 1").unwrap_err().to_string();
        assert_eq!(erro, "pontos.cap05: não há etapa “nada”");
    }

    #[test]
    fn o_desconto_conta_dias_comecados_ate_o_maximo() {
        let regras = RegrasDaNota {
            nota_maxima: 10,
            desconto_por_dia: 10,
            desconto_maximo: 25,
        };
        let descontos =
            [0, 1, 24 * 60, 24 * 60 + 1, 90 * 60].map(|m| regras.desconto(m));
        assert_eq!(descontos, [0, 10, 10, 20, 25]);
    }
}
