//! Capítulo 6, a etapa dos limites: a maior mensagem, a primeira proibida, os
//! fins antes da hora, e o cliente que cai.

use super::{
    FORMATOS, Formato, LIMITE, Linhas, Prefixo, combinar, outra_resposta,
    terminar,
};
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, Falha, Interrupcao, Palco, Passo, Veredicto,
};

/// Um tamanho cujo segundo byte passa de 127: quem o lê com sinal erra.
const TAMANHO_COM_SINAL: usize = 400;

/// A maior mensagem permitida, a primeira proibida, e o fim antes da hora.
pub fn limites(palco: &mut Palco) -> Veredicto {
    com_byte_alto(palco)?;
    for formato in FORMATOS {
        let nome = formato.nome();
        palco.titulo(format!("{nome}: 1024 bytes ainda podem"));
        let cheia = "ã".repeat(LIMITE / 2);
        let mut cliente = combinar(palco, formato, Entrega::Inteiro)?;
        for texto in [&cheia, "e mais uma"] {
            cliente.enviar(&formato.enquadrar(texto))?;
            cliente
                .esperar_bytes(&formato.resposta(texto))
                .contexto("uma mensagem de 1024 bytes ainda pode")?;
        }
        terminar(cliente)?;
    }
    let longa = "ã".repeat(LIMITE / 2) + "x"; // 1025 bytes, 513 caracteres
    longa_demais(palco, Linhas, longa.as_bytes())?;
    longa_demais(palco, Prefixo, &(LIMITE as u16 + 1).to_be_bytes())?;
    longa_demais(palco, Prefixo, &u16::MAX.to_be_bytes())?;
    incompleta(palco, Linhas, "pão sem fi".as_bytes())?;
    incompleta(palco, Linhas, &[b'x'; LIMITE])?;
    incompleta(palco, Prefixo, &[0])?;
    incompleta(palco, Prefixo, &[0, 9])?;
    incompleta(palco, Prefixo, &[0, 9, b'c', b'o'])?;
    sem_formato(palco)?;
    palco.titulo("um cliente cai no meio de uma mensagem");
    saudar(palco)?.redefinir()?;
    palco.titulo("depois de tudo isso, mais um cliente");
    let mut cliente = saudar(palco)?;
    cliente.enviar(b" fim\n")?;
    cliente.esperar_linha("6 oi fim")?;
    terminar(cliente)
}

/// Um prefixo que não cabe em dois bytes com sinal, um a um.
fn com_byte_alto(palco: &mut Palco) -> Veredicto {
    palco.titulo(format!(
        "prefixo: uma mensagem de {TAMANHO_COM_SINAL} bytes"
    ));
    let texto = "x".repeat(TAMANHO_COM_SINAL);
    let mut cliente = combinar(palco, Prefixo, Entrega::Inteiro)?;
    cliente.enviar(&Prefixo.enquadrar(&texto))?;
    cliente
        .esperar_bytes(&Prefixo.resposta(&texto))
        .diagnosticar(outra_resposta)
        .contexto(
            "o tamanho vai como `01 90`, e 90 (144) é um byte sem sinal",
        )?;
    terminar(cliente)
}

/// O próximo cliente: combina `linhas` e fica no meio de uma mensagem.
fn saudar(palco: &mut Palco) -> Passo<Conexao> {
    let mut cliente = proximo(palco)?;
    cliente.enviar(b"linhas\noi")?;
    cliente
        .esperar_linha("pronto")
        .diagnosticar(|prova| prova.nada_chegou().then_some(Codigo::M16))?;
    Ok(cliente)
}

/// Uma linha do formato que não acaba, uma que o fim cortou, e uma que não diz
/// nem `linhas` nem `prefixo`.
fn sem_formato(palco: &mut Palco) -> Veredicto {
    palco.titulo("a linha do formato passa de 1024 bytes");
    let mut cliente = proximo(palco)?;
    cliente.enviar(&[b'x'; LIMITE + 1])?;
    ver_fechar(cliente).codigo(Codigo::M26)?;
    palco.titulo("o fim no meio da linha do formato");
    let mut cliente = proximo(palco)?;
    cliente.enviar(b"lin")?;
    cliente.meio_fechar()?;
    ver_fechar(cliente).codigo(Codigo::M07)?;
    palco.titulo("um formato que não existe");
    let mut cliente = proximo(palco)?;
    cliente.enviar(b"colunas\n")?;
    ver_fechar(cliente)
        .diagnosticar(|prova| {
            (!prova.nada_chegou()).then_some(Codigo::Diferente)
        })
        .codigo(Codigo::Calado)
        .contexto("a um formato que não existe, o servidor fecha a conexão")
}

/// O servidor fecha: com ou sem resposta, e com bytes por ler ou não.
fn ver_fechar(mut cliente: Conexao) -> Passo<()> {
    match cliente.ler_ate_o_fim() {
        Err(Interrupcao::Falha(falha)) if fechou(&falha) => Ok(()),
        outra => outra.map(|_| ()),
    }
}

/// O próximo cliente, depois de um que errou.
fn proximo(palco: &mut Palco) -> Passo<Conexao> {
    palco.conectar().map_err(|erro| match erro {
        Interrupcao::Falha(_) => Interrupcao::falha(
            Codigo::M16,
            "depois que um cliente errou, o servidor não atende mais",
        ),
        outra => outra,
    })
}

/// Se o outro lado foi embora, por FIN, por RST ou porque terminou.
fn fechou(falha: &Falha) -> bool {
    let prova = falha.evidencia.as_ref();
    prova.is_some_and(|p| p.fim() || p.redefinida() || p.encerrou())
}

/// Envia só o que já prova que a mensagem passa do limite.
fn longa_demais(
    palco: &mut Palco,
    formato: Formato,
    comeco: &[u8],
) -> Veredicto {
    let nome = formato.nome();
    palco.titulo(format!("{nome}: uma mensagem de mais de 1024 bytes"));
    let mut cliente = combinar(palco, formato, Entrega::Inteiro)?;
    cliente.enviar(comeco)?;
    cliente
        .esperar_bytes(&formato.enquadrar("erro: mensagem longa demais"))
        .diagnosticar(|prova| prova.silencio().then_some(Codigo::M26))
        .diagnosticar(outra_resposta)?;
    cliente
        .esperar_fim()
        .contexto("depois de recusar a mensagem, o servidor fecha")
}

/// Envia o começo de uma mensagem e encerra o envio.
fn incompleta(palco: &mut Palco, formato: Formato, comeco: &[u8]) -> Veredicto {
    let nome = formato.nome();
    palco.titulo(format!("{nome}: o fim no meio de uma mensagem"));
    let mut cliente = combinar(palco, formato, Entrega::Inteiro)?;
    cliente.enviar(comeco)?;
    cliente.meio_fechar()?;
    cliente
        .esperar_bytes(&formato.enquadrar("erro: mensagem incompleta"))
        .diagnosticar(|prova| {
            (prova.silencio() && prova.girando()).then_some(Codigo::M07)
        })
        .diagnosticar(outra_resposta)
        .contexto("o fim no meio também tem resposta")?;
    cliente.esperar_fim()
}
