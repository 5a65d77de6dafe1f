//! O servidor das perguntas: o palco recebe, responde e confere o que chega.

use super::{LONGA, MAIOR_TEXTO};
use crate::erros_classicos::Codigo;
use crate::palco::{
    Datagramas, Diagnosticar, Interrupcao, Palco, Passo, Rede, Veredicto,
    amostra,
};

/// O servidor, e as linhas que já chegaram a ele.
pub struct Servidor {
    pub socket: Datagramas,
    linhas: Vec<String>,
}

impl Servidor {
    fn ja_chegou(&self, linha: &str) -> bool {
        self.linhas.iter().any(|outra| outra == linha)
    }

    /// O que já chegou e ninguém leu: um reenvio feito enquanto o programa
    /// esperava.
    pub fn nada_mais(&mut self, palco: &Palco) -> Veredicto {
        let mut buffer = vec![0; MAIOR_TEXTO * 2];
        let Ok(lidos) = self.socket.socket().recv(&mut buffer) else {
            return Ok(());
        };
        let texto = String::from_utf8_lossy(&buffer[..lidos]);
        palco.narrar("servidor", "recebi", &amostra(&buffer[..lidos]));
        match texto.split_once(' ') {
            Some((_, linha)) if self.ja_chegou(linha) => {
                pergunta_de_novo(palco, linha)
            }
            _ => palco.falhar(
                Codigo::Diferente,
                format!("chegou um datagrama a mais: “{}”", curta(&texto)),
            ),
        }
    }
}

pub fn comecar(palco: &mut Palco) -> Passo<Servidor> {
    palco.com_entrada();
    let socket = palco.receber_datagramas_em(Rede::Direto)?;
    let linhas = Vec::new();
    Ok(Servidor { socket, linhas })
}

/// Digita a linha, recebe o datagrama e devolve o número que ele traz.
pub fn perguntar(
    palco: &mut Palco,
    servidor: &mut Servidor,
    linha: &str,
) -> Passo<String> {
    let escritas = palco.saida().len();
    palco.escrever_na_entrada(format!("{linha}\n").as_bytes())?;
    let chegou = match servidor.socket.receber() {
        Err(Interrupcao::Falha(falha)) => {
            if falha.codigo == Codigo::NaoEnvia {
                return Err(Interrupcao::Falha(falha)).contexto(
                    "digitei a primeira linha, e a entrada continua aberta",
                );
            }
            let escrita = palco.saida().into_iter().nth(escritas);
            if escrita.as_deref() != Some(LONGA) {
                return Err(Interrupcao::Falha(falha));
            }
            return palco.falhar(
                Codigo::Diferente,
                format!(
                    "a linha tem {} bytes, e o programa escreveu “{LONGA}”; \
                     o limite é de {MAIOR_TEXTO}, e o número e o espaço não \
                     contam",
                    linha.len()
                ),
            );
        }
        outro => outro?.bytes,
    };
    let texto = String::from_utf8_lossy(&chegou);
    match texto.split_once(' ') {
        Some((numero, resto))
            if resto == linha && numero.parse::<u64>().is_ok() =>
        {
            servidor.linhas.push(linha.to_owned());
            Ok(numero.to_owned())
        }
        Some((_, resto)) if servidor.ja_chegou(resto) => {
            pergunta_de_novo(palco, resto)
        }
        _ => palco.falhar(
            Codigo::Diferente,
            format!(
                "esperava um número decimal, um espaço e “{}”; veio {}",
                curta(linha),
                amostra(&chegou)
            ),
        ),
    }
}

fn pergunta_de_novo<T>(palco: &Palco, linha: &str) -> Passo<T> {
    palco.falhar(
        Codigo::PerguntaDeNovo,
        format!(
            "a pergunta “{}” chegou outra vez; é um datagrama por pergunta, e \
             quem não foi respondido não pergunta de novo",
            curta(linha)
        ),
    )
}

/// Responde e espera ver a resposta na saída do programa.
pub fn responder(
    palco: &mut Palco,
    servidor: &mut Servidor,
    numero: &str,
    texto: &str,
) -> Passo<()> {
    servidor
        .socket
        .enviar_direto(format!("{numero} {texto}").as_bytes())?;
    mostrar(palco, texto)
}

pub fn mostrar(palco: &mut Palco, texto: &str) -> Passo<()> {
    palco
        .esperar_na_saida(&format!("a linha “{texto}”"), |l| l == texto)
        .map(drop)
}

/// Fecha a entrada, espera o fim e confere que nada chegou a mais.
pub fn terminar(palco: &mut Palco, mut servidor: Servidor) -> Passo<()> {
    palco.fechar_entrada();
    palco
        .esperar_que_termine_bem()
        .contexto("a entrada acabou")?;
    servidor.nada_mais(palco)
}

fn curta(linha: &str) -> String {
    linha.chars().take(40).collect()
}
