//! O que uma etapa conclui: passou, falhou (e por quê) ou não deu para saber.

use super::evidencia::{Desfecho, Evidencia};
use crate::erros_classicos::Codigo;

/// Por onde começar quando não há bytes a comparar, e sim uma frase.
const SEM_BYTES: &str = "Compare o que se viu com o que o requisito pede.";

/// O resultado de uma etapa. `Ok` é "passou"; `?` interrompe na primeira
/// expectativa que não se cumpriu.
pub type Veredicto = Result<(), Interrupcao>;

/// O resultado de um passo da etapa.
pub type Passo<T> = Result<T, Interrupcao>;

/// Por que a etapa parou antes do fim.
#[derive(Debug)]
pub enum Interrupcao {
    /// O programa não fez o que a etapa pede.
    Falha(Box<Falha>),
    /// Não dá para acusar o programa: a máquina ou o sistema atrapalhou.
    Inconclusiva(String),
}

/// O que deu errado, com a prova.
#[derive(Debug)]
pub struct Falha {
    /// O diagnóstico: um erro clássico ou um fato do programa.
    pub codigo: Codigo,
    /// Uma frase com o que se esperava e o que se viu.
    pub mensagem: String,
    /// O que foi visto no fio, quando houve comparação.
    pub evidencia: Option<Evidencia>,
}

impl Interrupcao {
    /// Uma falha sem bytes para comparar.
    pub fn falha(codigo: Codigo, mensagem: impl Into<String>) -> Interrupcao {
        Interrupcao::Falha(Box::new(Falha {
            codigo,
            mensagem: mensagem.into(),
            evidencia: None,
        }))
    }

    /// Uma falha provada por bytes.
    pub fn provada(evidencia: Evidencia) -> Interrupcao {
        Interrupcao::Falha(Box::new(Falha {
            codigo: evidencia.palpite(),
            mensagem: evidencia.frase(),
            evidencia: Some(evidencia),
        }))
    }
}

/// Dá nome à falha de um passo, a partir da evidência.
pub trait Diagnosticar<T> {
    /// Se o passo falhou e `examinar` reconhece a evidência, o código dela
    /// substitui o palpite geral. A primeira chamada da cadeia que reconhece
    /// é a que vale.
    fn diagnosticar(
        self,
        examinar: impl FnOnce(&Evidencia) -> Option<Codigo>,
    ) -> Passo<T>;

    /// Se o passo falhou, o motivo é este, qualquer que seja a evidência.
    fn codigo(self, codigo: Codigo) -> Passo<T>;

    /// Acrescenta à mensagem o contexto da etapa ("no segundo cliente").
    fn contexto(self, texto: &str) -> Passo<T>;
}

impl<T> Diagnosticar<T> for Passo<T> {
    fn diagnosticar(
        self,
        examinar: impl FnOnce(&Evidencia) -> Option<Codigo>,
    ) -> Passo<T> {
        self.map_err(|interrupcao| match interrupcao {
            Interrupcao::Falha(mut falha) => {
                let prova = falha.evidencia.as_mut();
                if let Some(prova) = prova.filter(|p| !p.diagnosticada)
                    && let Some(codigo) = examinar(prova)
                {
                    prova.diagnosticada = true;
                    falha.codigo = codigo;
                }
                Interrupcao::Falha(falha)
            }
            outra => outra,
        })
    }

    fn codigo(self, codigo: Codigo) -> Passo<T> {
        self.map_err(|interrupcao| match interrupcao {
            Interrupcao::Falha(mut falha) => {
                if !falha.evidencia.as_ref().is_some_and(|p| p.diagnosticada) {
                    falha.codigo = codigo;
                }
                if let Some(prova) = falha.evidencia.as_mut() {
                    prova.diagnosticada = true;
                }
                Interrupcao::Falha(falha)
            }
            outra => outra,
        })
    }

    fn contexto(self, texto: &str) -> Passo<T> {
        self.map_err(|interrupcao| match interrupcao {
            Interrupcao::Falha(mut falha) => {
                falha.mensagem = format!("{texto}: {}", falha.mensagem);
                Interrupcao::Falha(falha)
            }
            outra => outra,
        })
    }
}

impl Falha {
    /// Por onde começar a procurar: a pista do diagnóstico e, se o programa
    /// pode estar esperando o fim de uma linha, também isso. Sem bytes a
    /// comparar, o que se compara é a mensagem.
    pub fn pista(&self) -> String {
        let pista = self.codigo.erro().pista;
        let sem_linha = self.evidencia.as_ref().is_some_and(|prova| {
            let texto = std::str::from_utf8(&prova.enviado);
            texto.is_ok_and(|t| !t.is_empty() && !t.contains(char::is_control))
        });
        match self.codigo {
            Codigo::Calado if sem_linha => {
                format!("{pista} Ou espera um `\\n` que não vem?")
            }
            Codigo::Diferente if self.evidencia.is_none() => {
                SEM_BYTES.to_owned()
            }
            _ => pista.to_owned(),
        }
    }

    /// Se o passo terminou porque o outro lado ficou em silêncio.
    pub fn por_silencio(&self) -> bool {
        self.evidencia
            .as_ref()
            .is_some_and(|prova| prova.desfecho == Desfecho::Silencio)
    }
}
