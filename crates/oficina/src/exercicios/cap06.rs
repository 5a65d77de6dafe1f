//! Capítulo 6: um servidor que acha a próxima mensagem, em dois formatos.

mod limites;

use limites::limites;

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Desfecho, Diagnosticar, Entrega, Evidencia, Interrupcao, Palco,
    Passo, Veredicto,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("linhas", linhas),
    Etapa::nova("prefixo", prefixo),
    Etapa::nova("coladas", coladas),
    Etapa::nova("partidas", partidas),
    Etapa::nova("limites", limites),
];

/// Um texto que volta como veio: com espaços nas pontas, um acento à parte da
/// letra, e um separador que não é `\n`.
const COMO_VEIO: &str = " pe\u{301} no\u{2028}chão ";

/// Cada emoji é um caractere, e são dois em UTF-16.
const EMOJIS: &str = "olá 🦀🌊";

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
    let como_veio = match formato {
        Linhas => format!("{COMO_VEIO}\r"), // só o `\n` separa
        Prefixo => format!("{COMO_VEIO}\n{COMO_VEIO}\0"), // tudo é do texto
    };
    let textos = ["oi", "coração", "", EMOJIS, &sorteada, &como_veio, "é"];
    let mut cliente = combinar(palco, formato, Entrega::Inteiro)?;
    for (vez, texto) in textos.into_iter().enumerate() {
        cliente.enviar(&formato.enquadrar(texto))?;
        let respondida = cliente
            .esperar_bytes(&formato.resposta(texto))
            .diagnosticar(|prova| ordem_trocada(prova, formato))
            .diagnosticar(outra_resposta);
        let respondida = explicar(respondida, formato, texto);
        if vez == 0 && formato == Prefixo && respondida.is_err() {
            cliente.fechar();
            return nomear_o_silencio(palco, respondida);
        }
        respondida?;
    }
    terminar(cliente)
}

/// Se a resposta é a que daria um destes enganos, diz qual é.
fn explicar(respondida: Passo<()>, formato: Formato, texto: &str) -> Passo<()> {
    let Err(Interrupcao::Falha(falha)) = &respondida else {
        return respondida;
    };
    let Some(prova) = &falha.evidencia else {
        return respondida;
    };
    let e_esta = |numero: usize, texto: &str| {
        let resposta = formato.enquadrar(&format!("{numero} {texto}"));
        prova.desfecho == Desfecho::Diferente && prova.recebido == resposta
    };
    let aparado = |texto: &str| e_esta(texto.chars().count(), texto);
    let engano = if e_esta(texto.len(), texto) {
        "o número é o de bytes, e não o de caracteres"
    } else if e_esta(texto.encode_utf16().count(), texto) {
        "o número é o de unidades de UTF-16 (o `length` de JavaScript e de \
         Java), em que um emoji vale 2; aqui, todo caractere vale 1"
    } else if aparado(texto.trim_end_matches('\r')) {
        "o `\\r` do fim também é do texto: só o `\\n` separa as mensagens"
    } else if aparado(texto.trim()) || aparado(texto.trim_end()) {
        "o texto volta como veio, e este perdeu os espaços das pontas"
    } else if formato == Prefixo && conta_caracteres(prova) {
        "o prefixo da resposta conta bytes, e veio o número de caracteres"
    } else {
        return respondida;
    };
    respondida.contexto(engano)
}

/// O prefixo que veio é o número de caracteres da resposta certa.
fn conta_caracteres(prova: &Evidencia) -> bool {
    let (Some((_, certa)), [a, b, ..]) = (
        prova.esperado.split_at_checked(2),
        prova.recebido.as_slice(),
    ) else {
        return false;
    };
    let caracteres = String::from_utf8_lossy(certa).chars().count();
    caracteres != certa.len()
        && caracteres == usize::from(u16::from_be_bytes([*a, *b]))
}

/// Quem lê o prefixo ao contrário toma 2 por 512, e espera o resto. Pergunta-se
/// de novo com os dois bytes trocados: só quem lê assim responde na hora.
fn nomear_o_silencio(palco: &mut Palco, silencio: Passo<()>) -> Veredicto {
    let calou =
        matches!(&silencio, Err(Interrupcao::Falha(f)) if f.por_silencio());
    if !calou {
        return silencio;
    }
    palco.titulo("para saber mais: o prefixo com os bytes trocados");
    match entende_trocado(palco) {
        Ok(true) => silencio.codigo(Codigo::M25).contexto(
            "o prefixo `00 02` foi lido como 512, e o programa espera o resto",
        ),
        _ => silencio,
    }
}

/// Se a resposta ao prefixo trocado é a certa, em uma ordem ou na outra.
fn entende_trocado(palco: &mut Palco) -> Passo<bool> {
    let mut cliente = combinar(palco, Prefixo, Entrega::Inteiro)?;
    let mut quadro = Prefixo.enquadrar("oi");
    quadro.swap(0, 1);
    cliente.enviar(&quadro)?;
    let resposta = Prefixo.resposta("oi");
    let mut veio = cliente.ler(resposta.len())?;
    if veio.first() != Some(&0) {
        veio.swap(0, 1);
    }
    Ok(veio == resposta)
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
        let pronto = cliente.esperar_linha("pronto");
        palco.se_saiu(pronto).codigo(Codigo::M01)?;
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

/// Respostas curtas saem inteiras: o que falta nelas, o programa não escreveu.
fn outra_resposta(prova: &Evidencia) -> Option<Codigo> {
    let faltou = prova.desfecho == Desfecho::Diferente
        && !prova.texto_corrompido()
        && prova.pulou().is_some();
    faltou.then_some(Codigo::Diferente)
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
