//! Quem não responde, quem se cala e quem fecha sem saudar.

use std::net::SocketAddr;

use super::relatorio::conferir_relatorio;
use super::vagas::{reservar, vizinho};
use super::{LIMITE, SAUDADO, chamar, esperar_estado, saudar};
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Entrega, Interrupcao, Ouvinte, Palco, Passo, Veredicto,
};

/// Um que não responde, um que aceita e se cala, um que fecha, um que saúda.
pub fn mudos(palco: &mut Palco) -> Veredicto {
    let ips = [vizinho(2), vizinho(3), vizinho(4), vizinho(1)];
    let vagas = reservar(ips)?;
    let onde = vagas.each_ref().map(|vaga| vaga.endereco);
    let [fila, cala, fecha, atende] = vagas;
    let mudo = fila.emudecer(palco)?;
    let cala = cala.atender(palco, "calado", Entrega::Inteiro)?;
    let fecha = fecha.atender(palco, "apressado", Entrega::Inteiro)?;
    let ouvinte = atende.atender(palco, "servidor", Entrega::Inteiro)?;

    chamar(palco, &onde.map(|e| e.to_string()))?;
    let calada = esperar_visita(palco, &cala, "o endereço mudo")?;
    let visita = esperar_visita(palco, &fecha, "o servidor calado");
    let apressada = explicar_engano(palco, onde[1], Codigo::M18, visita)?;
    palco.narrar("apressado", "fechei", "sem saudar");
    apressada.fechar();
    let visita = esperar_visita(palco, &ouvinte, "quem fechou sem saudar");
    let mut conexao = explicar_engano(palco, onde[2], Codigo::M07, visita)?;
    saudar(palco, &mut conexao)?;
    esperar_estado(palco, SAUDADO, Codigo::M09)?;
    drop((mudo, calada));
    let esperado = ["tempo esgotado", "não saudou", "não saudou", "conectou"];
    let linhas: Vec<String> = onde
        .iter()
        .zip(esperado)
        .map(|(endereco, palavra)| format!("{endereco} {palavra}"))
        .collect();
    conferir_relatorio(palco, &linhas)
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
                "ninguém saudou em {endereco}, e o relatório diz “{engano}”"
            ),
        );
    }
    visita
}
