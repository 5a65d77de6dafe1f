//! Capítulo 6: um servidor que acha a próxima mensagem, em dois formatos.

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, Evidencia, Falha, Interrupcao, Palco,
    Passo, Veredicto,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("linhas", linhas),
    Etapa::nova("prefixo", prefixo),
    Etapa::nova("coladas", coladas),
    Etapa::nova("partidas", partidas),
    Etapa::nova("limites", limites),
];

/// O maior tamanho de mensagem que o servidor deve aceitar, em bytes.
const LIMITE: usize = 1024;

/// Como as mensagens de uma conexão são separadas.
#[derive(Clone, Copy, PartialEq)]
enum Formato {
    Linhas,
    Prefixo,
}
use Formato::{Linhas, Prefixo};

const FORMATOS: [Formato; 2] = [Linhas, Prefixo];

impl Formato {
    fn nome(self) -> &'static str {
        match self {
            Linhas => "linhas",
            Prefixo => "prefixo",
        }
    }

    /// Os bytes da mensagem na rede.
    fn enquadrar(self, texto: &str) -> Vec<u8> {
        match self {
            Linhas => [texto.as_bytes(), b"\n"].concat(),
            Prefixo => {
                let tamanho = texto.len() as u16;
                [&tamanho.to_be_bytes(), texto.as_bytes()].concat()
            }
        }
    }

    /// Os bytes da resposta certa a uma mensagem.
    fn resposta(self, texto: &str) -> Vec<u8> {
        self.enquadrar(&format!("{} {texto}", texto.chars().count()))
    }
}

/// Uma mensagem de cada vez, e a seguinte só depois da resposta.
fn linhas(palco: &mut Palco) -> Veredicto {
    uma_de_cada_vez(palco, Linhas)
}

/// O mesmo com o tamanho na frente; 300 bytes usam os dois bytes dele.
fn prefixo(palco: &mut Palco) -> Veredicto {
    uma_de_cada_vez(palco, Prefixo)
}

fn uma_de_cada_vez(palco: &mut Palco, formato: Formato) -> Veredicto {
    let sorteada = palco.sorte().texto(300);
    let mut cliente = combinar(palco, formato, Entrega::Inteiro)?;
    for texto in ["oi", "coração", "", &sorteada, "é"] {
        cliente.enviar(&formato.enquadrar(texto))?;
        cliente
            .esperar_bytes(&formato.resposta(texto))
            .diagnosticar(|prova| ordem_trocada(prova, formato))?;
    }
    terminar(cliente)
}

/// Seis mensagens em um segmento: primeiro depois do `pronto`, em seguida com
/// o próprio formato colado a elas.
fn coladas(palco: &mut Palco) -> Veredicto {
    for formato in FORMATOS {
        let sorteada = palco.sorte().texto(20);
        let textos = ["oi", "coração", "", "pão", &sorteada, "fim"];
        palco.titulo(format!("{}: seis mensagens juntas", formato.nome()));
        let mut cliente = combinar(palco, formato, Entrega::Colado)?;
        let quadros = textos.map(|texto| formato.enquadrar(texto));
        cliente.enviar_mensagens(&quadros.each_ref().map(Vec::as_slice))?;
        let respondidas = esperar_todas(&mut cliente, formato, &textos);
        if respondidas.is_err() {
            cliente.fechar();
            return nomear_a_perda(palco, formato, respondidas);
        }
        terminar(cliente)?;

        palco.titulo(format!("{}: o formato também vem junto", formato.nome()));
        let mut cliente = palco.conectar_em(Entrega::Colado)?;
        let abertura = format!("{}\n", formato.nome()).into_bytes();
        let tudo = [&[abertura][..], &quadros].concat();
        let tudo: Vec<&[u8]> = tudo.iter().map(Vec::as_slice).collect();
        cliente.enviar_mensagens(&tudo)?;
        cliente.esperar_linha("pronto").codigo(Codigo::M01)?;
        esperar_todas(&mut cliente, formato, &textos).codigo(Codigo::M11)?;
        terminar(cliente)?;
    }
    Ok(())
}

/// A mesma mensagem com um corte em cada posição. Vêm primeiro os cortes que
/// não caem dentro de nada; depois, dentro do prefixo; por fim, dentro de um
/// caractere. O primeiro que falha já diz qual é o erro.
fn partidas(palco: &mut Palco) -> Veredicto {
    let sorteada = palco.sorte().palavra();
    let texto = format!("{sorteada} 🦀 pão");
    for formato in FORMATOS {
        let quadro = formato.enquadrar(&texto);
        let codigo_do = |corte: &usize| onde_corta(formato, &quadro, *corte);
        // Só um corte cai no prefixo: três vezes, para não depender da sorte.
        let mut cortes: Vec<usize> = (1..quadro.len()).chain([1, 1]).collect();
        cortes.sort_by_key(codigo_do);
        palco.titulo(format!("{}: um corte por vez", formato.nome()));
        let mut cliente = combinar(palco, formato, Entrega::Inteiro)?;
        for corte in &cortes {
            let (antes, depois) = quadro.split_at(*corte);
            cliente.enviar_partes(&[antes, depois])?;
            cliente
                .esperar_bytes(&formato.resposta(&texto))
                .codigo(codigo_do(corte))?;
        }
        terminar(cliente)?;
    }
    for formato in FORMATOS {
        palco.titulo(format!("{}: byte a byte", formato.nome()));
        let mut cliente = combinar(palco, formato, Entrega::GotaAGota)?;
        for texto in [&texto, ""] {
            cliente.enviar(&formato.enquadrar(texto))?;
            cliente
                .esperar_bytes(&formato.resposta(texto))
                .codigo(Codigo::M02)?;
        }
        terminar(cliente)?;
    }
    Ok(())
}

/// A maior mensagem permitida, a primeira proibida, e o fim antes da hora.
fn limites(palco: &mut Palco) -> Veredicto {
    for formato in FORMATOS {
        let nome = formato.nome();
        palco.titulo(format!("{nome}: 1024 bytes ainda podem"));
        let cheia = "ã".repeat(LIMITE / 2);
        let mut cliente = combinar(palco, formato, Entrega::Inteiro)?;
        for texto in [&cheia, "e mais uma"] {
            cliente.enviar(&formato.enquadrar(texto))?;
            cliente.esperar_bytes(&formato.resposta(texto))?;
        }
        terminar(cliente)?;
    }
    longa_demais(palco, Linhas, &[b'x'; LIMITE + 1])?;
    longa_demais(palco, Prefixo, &(LIMITE as u16 + 1).to_be_bytes())?;
    longa_demais(palco, Prefixo, &u16::MAX.to_be_bytes())?;
    incompleta(palco, Linhas, "pão sem fi".as_bytes())?;
    incompleta(palco, Prefixo, &[0])?;
    incompleta(palco, Prefixo, &[0, 9, b'c', b'o'])?;
    sem_formato(palco)?;
    palco.titulo("depois de tudo isso, mais um cliente");
    let mut cliente = proximo(palco)?;
    cliente.enviar(b"linhas\noi\n")?;
    cliente.esperar_bytes(b"pronto\n2 oi\n")?;
    terminar(cliente)
}

/// Uma linha do formato que não acaba, e uma que o fim cortou.
fn sem_formato(palco: &mut Palco) -> Veredicto {
    palco.titulo("a linha do formato passa de 1024 bytes");
    let mut cliente = proximo(palco)?;
    cliente.enviar(&[b'x'; LIMITE + 1])?;
    ver_fechar(cliente).codigo(Codigo::M26)?;
    palco.titulo("o fim no meio da linha do formato");
    let mut cliente = proximo(palco)?;
    cliente.enviar(b"lin")?;
    cliente.meio_fechar()?;
    ver_fechar(cliente).codigo(Codigo::M07)
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
        .diagnosticar(|prova| prova.silencio().then_some(Codigo::M26))?;
    cliente.esperar_fim()
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
        })?;
    cliente.esperar_fim()
}

/// Conecta, diz o formato e espera o `pronto`.
fn combinar(
    palco: &mut Palco,
    formato: Formato,
    entrega: Entrega,
) -> Passo<Conexao> {
    let mut cliente = palco.conectar_em(entrega)?;
    cliente.enviar(format!("{}\n", formato.nome()).as_bytes())?;
    let pronto = cliente.esperar_linha("pronto");
    match entrega {
        Entrega::GotaAGota => pronto.codigo(Codigo::M02)?,
        _ => pronto?,
    }
    Ok(cliente)
}

fn esperar_todas(
    cliente: &mut Conexao,
    formato: Formato,
    textos: &[&str],
) -> Passo<()> {
    textos
        .iter()
        .try_for_each(|t| cliente.esperar_bytes(&formato.resposta(t)))
}

/// O cliente encerra e confere que o servidor também encerra.
fn terminar(mut cliente: Conexao) -> Passo<()> {
    cliente.meio_fechar()?;
    cliente.esperar_fim()
}

/// Quem remonta uma mensagem cortada lê em laço; se mesmo assim perde as
/// seguintes, é porque joga fora o que leu adiante. Quem não remonta toma a
/// leitura por mensagem.
fn nomear_a_perda(
    palco: &mut Palco,
    formato: Formato,
    perda: Passo<()>,
) -> Veredicto {
    let calou =
        matches!(&perda, Err(Interrupcao::Falha(f)) if f.por_silencio());
    palco.titulo("para saber mais: uma mensagem em dois pedaços");
    let codigo = match calou && remonta(palco, formato).is_ok() {
        true => Codigo::M11,
        false => Codigo::M01,
    };
    perda.codigo(codigo)
}

fn remonta(palco: &mut Palco, formato: Formato) -> Passo<()> {
    let mut cliente = combinar(palco, formato, Entrega::Inteiro)?;
    let quadro = formato.enquadrar("duas partes");
    cliente.enviar_partes(&[&quadro[..5], &quadro[5..]])?;
    cliente.esperar_bytes(&formato.resposta("duas partes"))
}

/// O erro que um corte nesta posição revela.
fn onde_corta(formato: Formato, quadro: &[u8], corte: usize) -> Codigo {
    let comeco_de_caractere = quadro[corte] & 0xC0 != 0x80;
    match formato {
        Prefixo if corte < 2 => Codigo::M03,
        _ if comeco_de_caractere => Codigo::M02,
        _ => Codigo::M04,
    }
}

/// O prefixo da resposta veio com os bytes trocados.
fn ordem_trocada(prova: &Evidencia, formato: Formato) -> Option<Codigo> {
    let (&[a, b, ..], &[c, d, ..]) =
        (prova.esperado.as_slice(), prova.recebido.as_slice())
    else {
        return None;
    };
    (formato == Prefixo && a != b && (a, b) == (d, c)).then_some(Codigo::M25)
}
