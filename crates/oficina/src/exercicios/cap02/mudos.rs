//! Quem não responde, quem se cala, quem fecha sem saudar, ou no meio.

use std::net::SocketAddr;

use super::relatorio::conferir_relatorio;
use super::vagas::{reservar, vizinho};
use super::{LIMITE, chamar, saudar};
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Entrega, Interrupcao, Ouvinte, Palco, Passo, Veredicto,
};

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
    let calada = esperar_visita(palco, &cala, "o endereço mudo")?;
    let visita = esperar_visita(palco, &fecha, "o servidor calado");
    let apressada = explicar_engano(palco, onde[1], Codigo::M18, visita)?;
    palco.narrar("apressado", "fechei", "sem saudar");
    apressada.fechar();
    let visita = esperar_visita(palco, &corta, "quem fechou sem saudar");
    let mut cortada = explicar_engano(palco, onde[2], Codigo::M07, visita)?;
    enviar_meia_linha(palco, &mut cortada)?;
    cortada.fechar();
    let visita = esperar_visita(palco, &aborta, "quem fechou no meio da linha");
    let mut abortada = explicar_engano(palco, onde[3], Codigo::M07, visita)?;
    enviar_meia_linha(palco, &mut abortada)?;
    // O reset que chegasse antes de ele ler seria um erro de conexão.
    match abortada.leu_tudo() {
        Some(true) => abortada.redefinir()?,
        _ => abortada.fechar(),
    }
    let visita = esperar_visita(palco, &ouvinte, "quem abortou a conexão");
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

/// A próxima tentativa, depois de uma que esgota o tempo.
fn esperar_visita(
    palco: &Palco,
    ouvinte: &Ouvinte,
    antes: &str,
) -> Passo<Conexao> {
    match ouvinte.aceitar_em(LIMITE) {
        Err(Interrupcao::Falha(falha))
            if falha.codigo == Codigo::NaoConecta =>
        {
            palco.falhar(
                Codigo::M32,
                format!(
                    "depois de {antes}, esperava a tentativa em {} dentro de \
                     {} s, e ela não veio",
                    ouvinte.endereco()?,
                    LIMITE.as_secs()
                ),
            )
        }
        resultado => resultado,
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
