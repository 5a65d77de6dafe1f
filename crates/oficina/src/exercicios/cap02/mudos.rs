//! Quem não responde, quem se cala, quem fecha sem saudar, ou no meio.

use std::net::SocketAddr;
use std::time::Duration;

use super::relatorio::conferir_relatorio;
use super::vagas::{reservar, vizinho};
use super::{LIMITE, chamar, saudar};
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Entrega, Interesse, Ouvinte, Palco, Passo, Veredicto,
    esperar_socket,
};

/// De quanto em quanto tempo se olha para o programa.
const OLHADA: Duration = Duration::from_millis(5);

/// O processador que só gasta, com uma conexão já acabada, quem gira em falso:
/// em um segundo, que é o que se dá à saudação, não cabe tanto.
const GIRO: Duration = Duration::from_millis(1500);

/// Um que não responde, um que aceita e se cala, um que fecha, um que fecha no
/// meio da linha, um que aborta no meio dela, um que saúda.
pub fn mudos(palco: &mut Palco) -> Veredicto {
    let vagas = reservar([2, 3, 4, 5, 6, 1].map(vizinho))?;
    let onde = vagas.each_ref().map(|vaga| vaga.endereco);
    let [fila, cala, fecha, corta, aborta, atende] = vagas;
    let mudo = fila.emudecer(palco)?;
    let cala = cala.atender(palco, "calado", Entrega::Inteiro)?;
    let fecha = fecha.atender(palco, "apressado", Entrega::Inteiro)?;
    let corta = corta.atender(palco, "cortado", Entrega::Inteiro)?;
    let aborta = aborta.atender(palco, "abortado", Entrega::Inteiro)?;
    let ouvinte = atende.atender(palco, "servidor", Entrega::Inteiro)?;

    chamar(palco, &onde.map(|e| e.to_string()))?;
    let calada = esperar_visita(palco, &cala, Antes::Mudo)?;
    let visita = esperar_visita(palco, &fecha, Antes::Calado);
    let apressada = explicar_engano(palco, onde[1], Codigo::M18, visita)?;
    palco.narrar("apressado", "fechei", "sem saudar");
    apressada.fechar();
    let visita = esperar_visita(palco, &corta, Antes::Fechou);
    let mut cortada = explicar_engano(palco, onde[2], Codigo::M07, visita)?;
    enviar_meia_linha(palco, &mut cortada)?;
    cortada.fechar();
    let visita = esperar_visita(palco, &aborta, Antes::Cortou);
    let mut abortada = explicar_engano(palco, onde[3], Codigo::M07, visita)?;
    enviar_meia_linha(palco, &mut abortada)?;
    // O reset que chegasse antes de ele ler seria um erro de conexão.
    match abortada.leu_tudo() {
        Some(true) => abortada.redefinir()?,
        _ => abortada.fechar(),
    }
    let visita = esperar_visita(palco, &ouvinte, Antes::Abortou);
    let conexao = explicar_engano(palco, onde[4], Codigo::M07, visita)?;
    saudar(palco, conexao)?;
    drop((mudo, calada));
    let mut esperado = ["não saudou"; 6];
    (esperado[0], esperado[5]) = ("tempo esgotado", "conectou");
    let linhas: Vec<String> = onde
        .iter()
        .zip(esperado)
        .map(|(endereco, palavra)| format!("{endereco} {palavra}"))
        .collect();
    conferir_relatorio(palco, &linhas)
}

/// O começo de uma saudação, sem o `\n` que a termina.
fn enviar_meia_linha(palco: &mut Palco, conexao: &mut Conexao) -> Passo<()> {
    let meia = format!("olá, {}", palco.sorte().texto(12));
    conexao.enviar_partes(&[meia.as_bytes()])
}

/// A próxima tentativa, depois de uma que esgota o tempo, ou que acaba na hora.
fn esperar_visita(
    palco: &Palco,
    ouvinte: &Ouvinte,
    antes: Antes,
) -> Passo<Conexao> {
    let comeco = palco.processador().unwrap_or_default();
    let mut parada = palco.parada();
    while palco.terminou().is_none() {
        if esperar_socket(ouvinte.socket(), Interesse::Leitura, OLHADA) {
            break;
        }
        let agora = palco.processador().unwrap_or_default();
        let (codigo, visto) =
            if antes.fechou() && agora.saturating_sub(comeco) >= GIRO {
                (Codigo::M07, "o programa gasta o processador e não sai dali")
            } else if parada.passou_de(LIMITE, palco)? {
                (Codigo::M32, "ela não veio")
            } else {
                continue;
            };
        return palco.falhar(
            codigo,
            format!(
                "depois de {}, esperava a tentativa em {} dentro de {} s; \
                 {visto}",
                antes.nome(),
                ouvinte.endereco()?,
                LIMITE.as_secs()
            ),
        );
    }
    ouvinte.aceitar_em(LIMITE)
}

/// O que o programa acabou de encontrar.
#[derive(Clone, Copy)]
enum Antes {
    Mudo,
    Calado,
    Fechou,
    Cortou,
    Abortou,
}

impl Antes {
    fn nome(self) -> &'static str {
        match self {
            Antes::Mudo => "o endereço mudo",
            Antes::Calado => "o servidor calado",
            Antes::Fechou => "quem fechou sem saudar",
            Antes::Cortou => "quem fechou no meio da linha",
            Antes::Abortou => "quem abortou a conexão",
        }
    }

    /// Se a leitura acabou, e quem insiste nela gira em falso.
    fn fechou(self) -> bool {
        matches!(self, Antes::Fechou | Antes::Cortou | Antes::Abortou)
    }
}

/// Se o programa deu por bom um endereço que não saudou, é esse o motivo.
fn explicar_engano(
    palco: &Palco,
    endereco: SocketAddr,
    codigo: Codigo,
    visita: Passo<Conexao>,
) -> Passo<Conexao> {
    let engano = format!("{endereco} conectou");
    if visita.is_err() && palco.saida().contains(&engano) {
        return palco.falhar(
            codigo,
            format!(
                "de {endereco} não veio uma linha inteira, e o relatório diz \
                 “{engano}”"
            ),
        );
    }
    visita
}
