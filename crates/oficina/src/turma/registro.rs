//! O que se guarda de cada entrega conferida: um arquivo JSON por entrega e
//! capítulo, com tudo o que os relatórios mostram.

use serde::{Deserialize, Serialize};

use super::notas::EtapaDaTurma;
use crate::conferencia::{self, ResultadoDaEtapa};
use crate::palco::programa::LinhaEscrita;
use crate::processo::Nivel;

/// O resultado de uma entrega em um capítulo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registro {
    /// O nome do aluno, tirado do nome da entrega: "Fulano de Tal".
    pub aluno: String,
    /// O arquivo ou a pasta, dentro da pasta das entregas, como o sistema o
    /// chama (o que não for UTF-8 aparece como `\xNN`).
    pub entrega: String,
    /// O nome inteiro do capítulo: `cap05-servidor-tcp`.
    pub capitulo: String,
    pub situacao: Situacao,
    /// Por que não foi conferida, em uma frase; com [`Situacao::NaoCompilou`],
    /// a mensagem do compilador (várias linhas).
    pub erro: Option<String>,
    /// O nível de isolamento em que foi compilada e conferida.
    pub nivel: Nivel,
    /// A linguagem ou o modo de rodar: `rust`, `python`, `c` ou `comando`;
    /// vazio se não se achou o exercício.
    pub linguagem: String,
    /// O arquivo conferido, dentro da entrega: `src/bin/cap05-exercicio.rs`.
    pub arquivo: String,
    /// Todas as etapas do capítulo, na ordem; depois as da `turma.toml`. Quem
    /// não foi conferido tem todas como `nao_executada`.
    pub etapas: Vec<EtapaRegistrada>,
    /// O que o professor deve saber: partes ignoradas do arquivo, um segundo
    /// exercício na mesma entrega, …
    pub observacoes: Vec<String>,
    /// Quando foi entregue, em ISO 8601 com fuso; vazio se não se sabe.
    pub entregue_em: String,
    /// Quantos minutos depois do prazo (0: em dia, ou não há prazo).
    pub atraso_min: u64,
    /// A semente do acaso desta conferência: repete os mesmos bytes.
    pub semente: u64,
    /// Quantas vezes foi conferida: 2 se a primeira foi inconclusiva.
    pub tentativas: u32,
    /// O resumo do conteúdo entregue: se muda, confere-se de novo.
    pub conteudo: String,
    /// O resumo do que decide o resultado além da entrega (o exercício, as
    /// opções e a `turma.toml`).
    pub regras: String,
    /// Quanto levou, da abertura ao veredicto.
    pub duracao_ms: u64,
}

/// O que se pôde fazer com a entrega.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Situacao {
    /// As etapas foram conferidas: o resultado está nelas.
    Conferida,
    /// O compilador recusou o programa.
    NaoCompilou,
    /// O arquivo não pôde ser aberto com segurança, ou o que ele pede não
    /// existe nesta máquina.
    Recusada,
    /// Não há exercício deste capítulo, ou é o esqueleto sem mudança.
    NaoEntregue,
    /// Nem na segunda vez, sozinha, deu para saber: confira à mão.
    Inconclusiva,
}

impl Situacao {
    /// Como a situação se chama no JSON: `nao_compilou`.
    pub fn nome(self) -> &'static str {
        match self {
            Situacao::Conferida => "conferida",
            Situacao::NaoCompilou => "nao_compilou",
            Situacao::Recusada => "recusada",
            Situacao::NaoEntregue => "nao_entregue",
            Situacao::Inconclusiva => "inconclusiva",
        }
    }

    /// Como se diz a um leitor.
    pub fn descricao(self) -> &'static str {
        match self {
            Situacao::Conferida => "conferida",
            Situacao::NaoCompilou => "não compilou",
            Situacao::Recusada => "recusada",
            Situacao::NaoEntregue => "não entregue",
            Situacao::Inconclusiva => "inconclusiva",
        }
    }
}

impl Situacao {
    /// Como se diz de tantas entregas: “2 conferidas”, “1 não compilou”.
    pub fn descricao_de(self, quantas: usize) -> &'static str {
        match self {
            _ if quantas == 1 => self.descricao(),
            Situacao::Conferida => "conferidas",
            Situacao::NaoCompilou => "não compilaram",
            Situacao::Recusada => "recusadas",
            Situacao::NaoEntregue => "não entregues",
            Situacao::Inconclusiva => "inconclusivas",
        }
    }
}

/// O resultado de uma etapa.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EtapaRegistrada {
    /// A partir de 1, sem recomeçar nas etapas da `turma.toml`.
    pub numero: usize,
    pub id: String,
    pub nome: String,
    /// O que a etapa provoca, em uma linha; vazio nas da `turma.toml`.
    pub tenta: String,
    /// Quanto vale, já com o que a `turma.toml` mudou.
    pub pontos: u32,
    /// Vale pontos a mais, fora do total.
    pub extra: bool,
    /// Só o professor a conhece: não se mostra ao aluno o que ela faz.
    pub privada: bool,
    pub situacao: SituacaoDaEtapa,
    /// Só em `falhou` e `inconclusiva`.
    pub diagnostico: Option<Diagnostico>,
    /// As linhas numeradas da conversa; vazia nas privadas.
    pub transcricao: Vec<String>,
    /// O que o programa do aluno escreveu durante a etapa.
    pub saida: Vec<LinhaDoPrograma>,
    pub duracao_ms: u64,
}

/// Como a etapa terminou.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SituacaoDaEtapa {
    Passou,
    Falhou,
    Inconclusiva,
    NaoExecutada,
}

impl SituacaoDaEtapa {
    /// Como a situação se chama no JSON: `nao_executada`.
    pub fn nome(self) -> &'static str {
        match self {
            SituacaoDaEtapa::Passou => "passou",
            SituacaoDaEtapa::Falhou => "falhou",
            SituacaoDaEtapa::Inconclusiva => "inconclusiva",
            SituacaoDaEtapa::NaoExecutada => "nao_executada",
        }
    }
}

/// Por que uma etapa não passou.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Diagnostico {
    /// `M07`, um fato (`calado`, `nao-escuta`, …) ou nenhum (inconclusiva e
    /// etapas da `turma.toml`).
    pub codigo: Option<String>,
    /// O que se esperava e o que se viu.
    pub mensagem: String,
    /// O que esse erro é, para um iniciante; vazio sem código.
    pub explicacao: String,
    /// Por onde começar a procurar; vazia sem código.
    pub dica: String,
}

/// Uma linha que o programa do aluno escreveu, sem sequências de controle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinhaDoPrograma {
    pub texto: String,
    /// Se veio da saída de erros.
    pub erro: bool,
}

impl Registro {
    /// `cap05`.
    pub fn curto(&self) -> &str {
        self.capitulo.split('-').next().unwrap_or(&self.capitulo)
    }

    /// Quantas etapas que valem para o total passaram.
    pub fn passaram(&self) -> usize {
        let passou = |e: &&EtapaRegistrada| e.passou() && !e.extra;
        self.etapas.iter().filter(passou).count()
    }

    /// A primeira etapa, na ordem, que falhou ou foi inconclusiva.
    pub fn primeira_falha(&self) -> Option<&EtapaRegistrada> {
        self.etapas.iter().find(|etapa| {
            matches!(
                etapa.situacao,
                SituacaoDaEtapa::Falhou | SituacaoDaEtapa::Inconclusiva
            )
        })
    }

    /// O código do primeiro diagnóstico: onde este aluno está parado.
    pub fn codigo(&self) -> Option<&str> {
        let etapa = self.primeira_falha()?;
        etapa.diagnostico.as_ref()?.codigo.as_deref()
    }

    /// Se alguma etapa não pôde ser decidida.
    pub fn inconclusivo(&self) -> bool {
        self.situacao == Situacao::Inconclusiva
            || self
                .etapas
                .iter()
                .any(|e| e.situacao == SituacaoDaEtapa::Inconclusiva)
    }
}

impl EtapaRegistrada {
    pub fn passou(&self) -> bool {
        self.situacao == SituacaoDaEtapa::Passou
    }

    /// Uma etapa que ainda não foi executada.
    pub fn por_executar(numero: usize, etapa: &EtapaDaTurma) -> Self {
        EtapaRegistrada {
            numero,
            id: etapa.id.clone(),
            nome: etapa.nome.clone(),
            tenta: String::new(),
            pontos: etapa.pontos,
            extra: etapa.extra,
            privada: etapa.privada,
            situacao: SituacaoDaEtapa::NaoExecutada,
            diagnostico: None,
            transcricao: Vec::new(),
            saida: Vec::new(),
            duracao_ms: 0,
        }
    }

    /// Copia o resultado de uma conferência.
    pub fn anotar(&mut self, conferida: &ResultadoDaEtapa) {
        self.tenta.clone_from(&conferida.tenta);
        self.situacao = match conferida.situacao {
            conferencia::Situacao::Passou => SituacaoDaEtapa::Passou,
            conferencia::Situacao::Falhou(_) => SituacaoDaEtapa::Falhou,
            conferencia::Situacao::Inconclusiva(_) => {
                SituacaoDaEtapa::Inconclusiva
            }
            conferencia::Situacao::NaoExecutada => {
                SituacaoDaEtapa::NaoExecutada
            }
        };
        self.diagnostico = diagnostico(&conferida.situacao);
        let linhas = conferida.transcricao.iter();
        self.transcricao = linhas.map(|linha| linha.texto()).collect();
        let escrito = conferida.escrito.iter().cloned();
        self.saida = escrito.map(LinhaDoPrograma::from).collect();
        self.duracao_ms = conferida.duracao.as_millis() as u64;
    }
}

fn diagnostico(situacao: &conferencia::Situacao) -> Option<Diagnostico> {
    match situacao {
        conferencia::Situacao::Falhou(falha) => {
            let erro = falha.codigo.erro();
            Some(Diagnostico {
                codigo: Some(erro.rotulo.to_owned()),
                mensagem: falha.mensagem.clone(),
                explicacao: erro.explicacao.to_owned(),
                dica: falha.pista(),
            })
        }
        conferencia::Situacao::Inconclusiva(motivo) => Some(Diagnostico {
            codigo: None,
            mensagem: motivo.clone(),
            explicacao: String::new(),
            dica: String::new(),
        }),
        _ => None,
    }
}

impl From<LinhaEscrita> for LinhaDoPrograma {
    fn from(linha: LinhaEscrita) -> Self {
        LinhaDoPrograma {
            texto: linha.texto,
            erro: linha.erro,
        }
    }
}
