//! O progresso do leitor, em `.oficina/progresso.json` na raiz do projeto (o
//! git ignora a pasta):
//!
//! ```json
//! {"cap05-servidor-tcp": {
//!     "etapas": ["eco", "binario"],
//!     "total": 5,
//!     "resolvido": false,
//!     "dicas": {"volume": 1}
//! }}
//! ```
//!
//! `etapas`: as que passaram na última conferência; `total`: quantas há, desde
//! a primeira conferência; `resolvido`: se todas já
//! passaram alguma vez; `dicas`: quantos níveis de dica já foram pedidos;
//! `falha`, se a última conferência parou em uma etapa: qual, e o diagnóstico.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Once;

use serde::{Deserialize, Serialize};

use crate::casa;
use crate::conferencia::{Resultado, ResultadoDaEtapa, Situacao};
use crate::erro_do_sistema::em_portugues;
use crate::erros_classicos::Codigo;

/// O progresso em todos os capítulos.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Progresso {
    capitulos: BTreeMap<String, NoCapitulo>,
    /// Se o arquivo que há não foi entendido: guardar o põe de lado.
    #[serde(skip)]
    estragado: bool,
}

/// O progresso em um capítulo.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct NoCapitulo {
    pub etapas: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<usize>,
    pub resolvido: bool,
    pub dicas: BTreeMap<String, usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub falha: Option<FalhaAnotada>,
}

/// Onde a última conferência parou.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FalhaAnotada {
    pub etapa: String,
    /// O código do diagnóstico, como `M07`.
    pub codigo: String,
}

impl NoCapitulo {
    /// O diagnóstico da última conferência, se ela parou nesta etapa.
    pub fn diagnostico(&self, etapa: &str) -> Option<Codigo> {
        let falha = self.falha.as_ref().filter(|f| f.etapa == etapa)?;
        Codigo::do_rotulo(&falha.codigo)
    }
}

impl Progresso {
    /// Lê o que está guardado. De um arquivo que não se entende nada se perde:
    /// o leitor é avisado, e ele é posto de lado quando houver o que guardar.
    pub fn ler() -> Progresso {
        let arquivo = arquivo();
        let motivo = match fs::read(&arquivo) {
            Ok(texto) => match serde_json::from_slice(&texto) {
                Ok(progresso) => return progresso,
                Err(erro) => format!("não o entendi (linha {})", erro.line()),
            },
            Err(erro) if erro.kind() == ErrorKind::NotFound => {
                return Progresso::default();
            }
            Err(erro) => format!("não o li: {}", em_portugues(&erro)),
        };
        static UMA_VEZ: Once = Once::new();
        UMA_VEZ.call_once(|| {
            let onde = arquivo.display();
            avisar(&format!("{onde} conta como vazio, porque {motivo}"));
        });
        Progresso {
            estragado: true,
            ..Progresso::default()
        }
    }

    /// Guarda, ou avisa que não conseguiu: o veredicto não depende disso.
    pub fn guardar(&self) {
        if let Err(erro) = self.escrever() {
            let erro = em_portugues(&erro);
            let onde = arquivo();
            avisar(&format!(
                "não guardei o progresso em {}: {erro}",
                onde.display()
            ));
        }
    }

    /// De uma vez só: quem lê nunca vê um arquivo pela metade.
    fn escrever(&self) -> io::Result<()> {
        let arquivo = arquivo();
        if let Some(pasta) = arquivo.parent() {
            fs::create_dir_all(pasta)?;
        }
        if self.estragado {
            let antigo = livre(&arquivo);
            fs::rename(&arquivo, &antigo)?;
            avisar(&format!("o que havia ficou em {}", antigo.display()));
        }
        let novo = arquivo.with_extension(format!("{}", std::process::id()));
        fs::write(&novo, serde_json::to_string_pretty(self)? + "\n")?;
        fs::rename(&novo, &arquivo)
    }

    pub fn no_capitulo(&self, capitulo: &str) -> NoCapitulo {
        self.capitulos.get(capitulo).cloned().unwrap_or_default()
    }

    pub fn resolvido(&self, capitulo: &str) -> bool {
        self.no_capitulo(capitulo).resolvido
    }

    /// Anota o que uma conferência completa mostrou.
    pub fn anotar(&mut self, resultado: &Resultado) {
        let passaram = resultado.etapas.iter().filter(|e| e.situacao.passou());
        let etapas: Vec<_> = passaram.map(|e| e.id.clone()).collect();
        let todas = etapas.len() == resultado.etapas.len();
        let atual = self.capitulos.entry(resultado.capitulo.clone());
        let atual = atual.or_default();
        atual.etapas = etapas;
        atual.total = Some(resultado.etapas.len());
        atual.resolvido |= todas;
        atual.falha = resultado.primeira_falha().and_then(anotada);
    }

    /// Pede mais um nível de dica (no máximo `ha`); devolve quantos já valem.
    pub fn mais_uma_dica(
        &mut self,
        capitulo: &str,
        etapa: &str,
        ha: usize,
    ) -> usize {
        let atual = self.capitulos.entry(capitulo.to_owned()).or_default();
        let nivel = atual.dicas.entry(etapa.to_owned()).or_default();
        *nivel = (*nivel + 1).min(ha);
        *nivel
    }
}

/// A falha que se guarda; uma etapa inconclusiva não tem diagnóstico.
fn anotada(etapa: &ResultadoDaEtapa) -> Option<FalhaAnotada> {
    let Situacao::Falhou(falha) = &etapa.situacao else {
        return None;
    };
    Some(FalhaAnotada {
        etapa: etapa.id.clone(),
        codigo: falha.codigo.rotulo().to_owned(),
    })
}

/// Um nome ao lado que ainda não existe: `progresso.antigo-1.json`.
fn livre(arquivo: &Path) -> PathBuf {
    let nomes =
        (1..).map(|n| arquivo.with_extension(format!("antigo-{n}.json")));
    let mut nomes = nomes.skip_while(|nome| nome.exists());
    nomes.next().unwrap_or_default()
}

/// Uma linha, fora do relatório.
fn avisar(frase: &str) {
    eprintln!("aviso: {frase}");
}

/// Onde o progresso fica; `OFICINA_PROGRESSO` aponta outro arquivo.
fn arquivo() -> PathBuf {
    match std::env::var_os("OFICINA_PROGRESSO") {
        Some(outro) => PathBuf::from(outro),
        None => casa::raiz().join(".oficina/progresso.json"),
    }
}
