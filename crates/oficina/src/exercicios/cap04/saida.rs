//! O que o programa deixou na saída padrão, e com que estado terminou.

use std::thread;
use std::time::{Duration, Instant};

use super::Recado;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Desfecho, Diagnosticar, Evidencia, Interrupcao, Palco, Saida, Veredicto,
    amostra, bytes,
};

/// Quanto um programa que tem 1 s de paciência pode passar parado, ou girando,
/// sem terminar.
const LIMITE: Duration = Duration::from_secs(2);

/// O que a saída ainda pode demorar depois que o programa termina.
const RESTO_DA_SAIDA: Duration = Duration::from_millis(500);

/// De quanto em quanto tempo se olha para a saída.
const FATIA: Duration = Duration::from_millis(5);

/// O recado na saída padrão, e nada mais, e o estado 0.
pub fn esperar_recado(palco: &mut Palco, recado: &Recado) -> Veredicto {
    let saida = palco.terminou_em(LIMITE)?;
    let esperado = recado.texto.as_bytes();
    let recebido = ler_saida(palco, esperado);
    let certo = recebido == esperado;
    palco.narrar("saída", "vi", &bytes(recebido.len()));
    match saida {
        Some(Saida {
            status: Some(0), ..
        }) if certo => Ok(()),
        Some(saida) if certo => palco.falhar(
            Codigo::EstadoErrado,
            format!(
                "o recado está na saída, mas o programa terminou {}; \
                 o requisito pede 0",
                saida.em_palavras()
            ),
        ),
        Some(_) if recebido == recado.resposta => palco.falhar(
            Codigo::Diferente,
            "na saída do programa está também a linha do tamanho; nela vai só \
             o recado",
        ),
        _ => Err(outra_saida(recado, recebido, saida))
            .contexto("na saída do programa"),
    }
}

/// A prova de que a saída não é o recado. Um cliente tem de terminar: se
/// terminou, o que está errado é a saída.
fn outra_saida(
    recado: &Recado,
    recebido: Vec<u8>,
    saida: Option<Saida>,
) -> Interrupcao {
    let esperado = recado.texto.as_bytes();
    let resto = esperado.strip_prefix(&recebido[..]);
    let uma_linha = recebido.ends_with(b"\n")
        || resto.is_some_and(|resto| resto.starts_with(b"\n"));
    let uma_linha = uma_linha && resto.is_some() && !recebido.is_empty();
    let mut interrupcao = Interrupcao::provada(Evidencia {
        esperado: esperado.to_vec(),
        desfecho: match saida {
            None => Desfecho::Silencio,
            Some(_) if resto.is_some() => Desfecho::Encerrou,
            Some(_) => Desfecho::Diferente,
        },
        recebido,
        enviado: recado.resposta.clone(),
        por_enviar: 0,
        processador: None,
        segundos: LIMITE.as_secs_f64(),
        terminou: saida.is_some_and(|saida| saida.status == Some(0)),
        diagnosticada: false,
    });
    if let Interrupcao::Falha(falha) = &mut interrupcao {
        if falha.codigo == Codigo::Encerrou {
            falha.codigo = Codigo::Diferente;
        }
        if uma_linha {
            falha.mensagem += "; veio só a primeira linha, e o recado tem mais";
        }
    }
    interrupcao
}

/// O que o programa escreveu na saída padrão.
fn ler_saida(palco: &Palco, esperado: &[u8]) -> Vec<u8> {
    let inicio = Instant::now();
    loop {
        let escrito = palco.saida_em_bytes();
        if escrito == esperado || inicio.elapsed() > RESTO_DA_SAIDA {
            return escrito;
        }
        thread::sleep(FATIA);
    }
}

/// Um fracasso que o programa tem de dizer no estado de saída.
pub struct Fracasso<'a> {
    estado: i32,
    porque: &'a str,
    calado: Codigo,
    chegou: &'a [u8],
}

impl<'a> Fracasso<'a> {
    /// `estado` é o que o requisito pede, e `porque` diz o que houve; quem não
    /// termina recebe o código `calado`.
    pub fn novo(estado: i32, porque: &'a str, calado: Codigo) -> Self {
        Fracasso {
            estado,
            porque,
            calado,
            chegou: &[],
        }
    }

    /// O pedaço do recado que chegou antes, e que pode estar na saída.
    pub fn depois_de(self, chegou: &'a [u8]) -> Self {
        Fracasso { chegou, ..self }
    }

    pub fn esperar(self, palco: &mut Palco) -> Veredicto {
        let Fracasso { estado, porque, .. } = self;
        match palco.terminou_em(LIMITE)? {
            Some(saida) if saida.status == Some(estado) => {
                self.conferir_a_saida(palco)
            }
            Some(saida) => palco.falhar(
                Codigo::EstadoErrado,
                format!(
                    "{porque}: o programa terminou {}; o requisito pede \
                     {estado}",
                    saida.em_palavras()
                ),
            ),
            None => palco.falhar(
                self.calado,
                format!(
                    "{porque}: esperava o estado de saída {estado}, \
                     e o programa não terminou em {} s",
                    LIMITE.as_secs()
                ),
            ),
        }
    }

    /// Na saída padrão só cabe recado: a mensagem vai para a de erros.
    fn conferir_a_saida(&self, palco: &Palco) -> Veredicto {
        let escrito = palco.saida_em_bytes();
        if self.chegou.starts_with(&escrito) {
            return Ok(());
        }
        palco.falhar(
            Codigo::Diferente,
            format!(
                "{}: o estado está certo, mas na saída padrão há {}, que o \
                 servidor não enviou; mensagens vão para a saída de erros",
                self.porque,
                amostra(&escrito)
            ),
        )
    }
}
