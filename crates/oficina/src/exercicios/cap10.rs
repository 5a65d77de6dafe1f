//! Capítulo 10: um eco em UDP, e um cliente que só aceita a resposta à sua
//! pergunta.

mod eco;
mod servidor;

use std::collections::HashSet;
use std::thread;
use std::time::{Duration, Instant};

use servidor::{Servidor, comecar, mostrar, perguntar, responder, terminar};

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{Diagnosticar, Interrupcao, Palco, Veredicto};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("eco", eco::eco),
    Etapa::nova("consulta", consulta),
    Etapa::nova("tamanhos", tamanhos),
    Etapa::nova("vazio", vazio),
    Etapa::nova("estranho", estranho),
];

/// O maior texto que se devolve, ou que se pergunta, em bytes.
const MAIOR_TEXTO: usize = 1200;

/// Quanto se espera um `sem resposta` de um programa que espera 1 s.
const LIMITE: Duration = Duration::from_secs(4);

/// Quem desiste antes disto, contado da linha digitada, não esperou 1 s. A
/// folga é a do relógio do sistema.
const CEDO: Duration = Duration::from_millis(950);

/// De quanto em quanto tempo chega um datagrama que não responde.
const INSISTENCIA: Duration = Duration::from_millis(400);

/// Quanto eles insistem com um programa que espera 1 s ao todo.
const LIMITE_COM_ESTRANHOS: Duration = Duration::from_millis(2500);

/// De quanto em quanto tempo se olha para o programa.
const FATIA: Duration = Duration::from_millis(5);

const SEM_RESPOSTA: &str = "sem resposta";
const LONGA: &str = "longa demais";

/// Guarda e consulta, com um número novo em cada pergunta; depois, a resposta
/// que não vem.
fn consulta(palco: &mut Palco) -> Veredicto {
    let sorteada = palco.sorte().palavra();
    let mut servidor = comecar(palco)?;
    let mut numeros = HashSet::new();
    for (linha, resposta) in [
        ("nome=Ana", "guardado".to_owned()),
        ("nome", format!("Ana {sorteada}")),
        (" refeição ", format!(" pão de queijo e {sorteada} ")),
    ] {
        let numero = perguntar(palco, &mut servidor, linha)?;
        if !numeros.insert(numero.clone()) {
            return palco.falhar(
                Codigo::Diferente,
                format!("o número {numero} já tinha sido usado"),
            );
        }
        responder(palco, &mut servidor, &numero, &resposta)?;
    }
    calado(palco, &mut servidor)?;
    ninguem(palco, servidor)
}

/// O pedido chega, e a resposta não vem; a seguinte vem.
fn calado(palco: &mut Palco, servidor: &mut Servidor) -> Veredicto {
    palco.titulo("o servidor recebe e não responde");
    let linhas = palco.saida().len();
    let digitada = Instant::now();
    perguntar(palco, servidor, "idade=20")?;
    esperar_desistencia(palco, linhas)?;
    let levou = digitada.elapsed();
    if levou < CEDO {
        return palco.falhar(
            Codigo::DesisteCedo,
            format!(
                "“{SEM_RESPOSTA}” veio {} ms depois de digitada a linha; a \
                 resposta tem 1 s, contado do envio",
                levou.as_millis()
            ),
        );
    }
    palco.titulo("a pergunta seguinte é respondida");
    let numero = perguntar(palco, servidor, "idade")?;
    responder(palco, servidor, &numero, "aqui estou")
}

/// O servidor se vai no meio da conversa.
fn ninguem(palco: &mut Palco, mut servidor: Servidor) -> Veredicto {
    palco.titulo("não há mais ninguém na porta");
    servidor.nada_mais(palco)?;
    drop(servidor);
    let linhas = palco.saida().len();
    palco.escrever_na_entrada("cor=azul\n".as_bytes())?;
    esperar_desistencia(palco, linhas).contexto(
        "o sistema avisa que não há ninguém na porta, e em um socket \
         conectado o aviso é um erro de leitura ou de envio",
    )?;
    palco.fechar_entrada();
    palco.esperar_que_termine_bem().contexto("a entrada acabou")
}

/// Respostas maiores que os buffers de costume, e linhas que não podem partir.
fn tamanhos(palco: &mut Palco) -> Veredicto {
    let mut servidor = comecar(palco)?;
    for linhas in [50, 1000] {
        let marca = palco.sorte().palavra();
        palco.titulo(format!("uma resposta de {} bytes", linhas * 60));
        let numero = perguntar(palco, &mut servidor, "lema")?;
        let fim = format!("fim das {linhas}, {marca}");
        let texto = linha_de_60().repeat(linhas) + &fim;
        let escritas = palco.saida().len();
        servidor
            .socket
            .enviar_direto(format!("{numero} {texto}").as_bytes())?;
        let mostrada = mostrar(palco, &fim);
        if mostrada.is_err() && so_a_primeira(palco, escritas) {
            return palco.falhar(
                Codigo::Diferente,
                "a resposta tem várias linhas, e o programa só mostrou a \
                 primeira; a resposta é tudo o que vem depois do espaço",
            );
        }
        mostrada.codigo(Codigo::M27)?;
    }
    palco.titulo("uma linha de 1200 bytes ainda pode");
    let cheia = format!("a={}", "ã".repeat(MAIOR_TEXTO / 2 - 1));
    let numero = perguntar(palco, &mut servidor, &cheia)?;
    responder(palco, &mut servidor, &numero, "guardado")?;
    // Um byte a mais que o limite, em metade dos caracteres.
    for linha in ["x".repeat(70_000), cheia + "!"] {
        recusar(palco, &linha)?;
    }
    servidor
        .socket
        .esperar_silencio(Duration::from_millis(100))
        .codigo(Codigo::M31)?;
    let numero = perguntar(palco, &mut servidor, "e agora")?;
    responder(palco, &mut servidor, &numero, "tudo bem")?;
    terminar(palco, servidor)
}

/// Digita uma linha acima do limite e espera que o programa a recuse.
fn recusar(palco: &mut Palco, linha: &str) -> Veredicto {
    let (tamanho, caracteres) = (linha.len(), linha.chars().count());
    palco.titulo(format!("uma linha de {tamanho} bytes não parte"));
    let linhas = palco.saida().len();
    palco.escrever_na_entrada(format!("{linha}\n").as_bytes())?;
    if proxima_linha(palco, linhas).as_deref() == Some(LONGA) {
        palco.narrar("programa", "escreveu", "“longa demais”");
        return Ok(());
    }
    let mut mensagem = format!("esperava “{LONGA}” depois de {tamanho} bytes");
    if caracteres < tamanho {
        mensagem += &format!(
            "; eles são {caracteres} caracteres, e o limite é em bytes"
        );
    }
    palco.falhar(Codigo::M31, mensagem)
}

/// Se, depois das primeiras, o programa só escreveu uma linha inteira da
/// resposta: quem a corta no fim de uma linha não tem um buffer pequeno.
fn so_a_primeira(palco: &Palco, escritas: usize) -> bool {
    let saida = palco.saida();
    saida.len() == escritas + 1 && saida[escritas] == linha_de_60().trim_end()
}

fn linha_de_60() -> String {
    "devagar ".repeat(7) + "...\n"
}

/// Um datagrama de 0 bytes não responde nem encerra.
fn vazio(palco: &mut Palco) -> Veredicto {
    let marca = palco.sorte().palavra();
    let mut servidor = comecar(palco)?;
    let numero = perguntar(palco, &mut servidor, "nome")?;
    servidor.socket.enviar_direto(b"")?;
    responder(palco, &mut servidor, &numero, &format!("Ana {marca}"))
        .codigo(Codigo::M28)?;
    let numero = perguntar(palco, &mut servidor, "outro nome");
    let numero = match numero {
        Err(Interrupcao::Falha(falha))
            if falha.codigo == Codigo::PerguntaDeNovo =>
        {
            return Err(Interrupcao::Falha(falha));
        }
        outro => outro.codigo(Codigo::M28)?,
    };
    responder(palco, &mut servidor, &numero, &format!("Bia {marca}"))?;

    palco.titulo("uma linha vazia também é uma pergunta");
    let numero = perguntar(palco, &mut servidor, "")
        .contexto("depois de uma linha vazia")?;
    responder(palco, &mut servidor, &numero, &format!("Caio {marca}"))?;
    terminar(palco, servidor)
}

/// Espera que a próxima linha, depois destas, seja `sem resposta`.
fn esperar_desistencia(palco: &mut Palco, linhas: usize) -> Veredicto {
    match proxima_linha(palco, linhas) {
        Some(linha) if linha == SEM_RESPOSTA => {
            palco.narrar("programa", "escreveu", "“sem resposta”");
            Ok(())
        }
        Some(outra) => palco.falhar(
            Codigo::M29,
            format!("esperava “{SEM_RESPOSTA}”; o programa disse “{outra}”"),
        ),
        None if palco.terminou().is_some() => palco.falhar(
            Codigo::Encerrou,
            format!("esperava “{SEM_RESPOSTA}”, e o programa terminou"),
        ),
        None => palco.falhar(
            Codigo::M32,
            format!("esperava “{SEM_RESPOSTA}”; o programa ainda espera"),
        ),
    }
}

/// Datagramas que não são a resposta, cada um antes dela; depois, muitos
/// sem ela.
fn estranho(palco: &mut Palco) -> Veredicto {
    let marca = palco.sorte().palavra();
    let mut servidor = comecar(palco)?;
    palco.titulo("um estranho responde antes, e outro, de outro host");
    let numero = perguntar(palco, &mut servidor, "saldo")?;
    servidor
        .socket
        .enviar_de_estranho(format!("{numero} 1000000").as_bytes())?;
    servidor
        .socket
        .enviar_de_outro_host(format!("{numero} 2000000").as_bytes())?;
    responder(palco, &mut servidor, &numero, &format!("vinte {marca}"))
        .codigo(Codigo::M30)?;

    palco.titulo("a resposta atrasa e chega na pergunta seguinte");
    let linhas = palco.saida().len();
    let digitada = Instant::now();
    let velho = perguntar(palco, &mut servidor, "dia")?;
    esperar_desistencia(palco, linhas)?;
    let sozinho = digitada.elapsed();
    let numero = perguntar(palco, &mut servidor, "noite")?;
    servidor
        .socket
        .enviar_direto(format!("{velho} claro").as_bytes())?;
    responder(palco, &mut servidor, &numero, &format!("escura {marca}"))
        .codigo(Codigo::M30)?;

    palco.titulo("a resposta vem duas vezes; depois, uma sem número e outra");
    servidor
        .socket
        .enviar_direto(format!("{numero} escura").as_bytes())?;
    let novo = perguntar(palco, &mut servidor, "mar")?;
    servidor.socket.enviar_direto("oi".as_bytes())?;
    // Um número que só começa como o da pergunta.
    servidor
        .socket
        .enviar_direto(format!("{novo}0 cinza").as_bytes())?;
    responder(palco, &mut servidor, &novo, &format!("azul {marca}"))
        .codigo(Codigo::M30)?;
    insistir(palco, &mut servidor, &novo, sozinho)?;
    terminar(palco, servidor)
}

/// Chegam datagramas o tempo todo, e nenhum responde: o segundo é contado
/// desde o envio, e nenhum deles o recomeça. A quem já levava quase o mesmo
/// tempo `sozinho`, sem datagrama nenhum, não foram eles que o atrasaram.
fn insistir(
    palco: &mut Palco,
    servidor: &mut Servidor,
    velho: &str,
    sozinho: Duration,
) -> Veredicto {
    palco.titulo("a resposta não vem, e outros datagramas não param de vir");
    let linhas = palco.saida().len();
    perguntar(palco, servidor, "vento")?;
    let mut parada = palco.parada();
    let mut proximo = Instant::now() + INSISTENCIA;
    while palco.saida().len() <= linhas && palco.terminou().is_none() {
        if parada.passou_de(LIMITE_COM_ESTRANHOS, palco)? {
            let codigo = match sozinho >= LIMITE_COM_ESTRANHOS - INSISTENCIA {
                true => Codigo::M32,
                false => Codigo::M33,
            };
            return palco.falhar(
                codigo,
                format!(
                    "esperava “{SEM_RESPOSTA}” 1 s depois do envio; chega um \
                     datagrama que não responde a cada {} ms, e o programa \
                     ainda espera",
                    INSISTENCIA.as_millis()
                ),
            );
        }
        if Instant::now() >= proximo {
            proximo = Instant::now() + INSISTENCIA;
            servidor
                .socket
                .enviar_direto(format!("{velho} azul").as_bytes())?;
        }
        thread::sleep(FATIA);
    }
    esperar_desistencia(palco, linhas)
}

/// A linha que o programa escreveu depois das primeiras; `None` se ele
/// terminou ou se o limite passou antes dela.
fn proxima_linha(palco: &Palco, linhas: usize) -> Option<String> {
    let fim = Instant::now() + LIMITE;
    while Instant::now() < fim && palco.saida().len() <= linhas {
        if palco.terminou().is_some() {
            thread::sleep(FATIA);
            break;
        }
        thread::sleep(FATIA);
    }
    palco.saida().into_iter().nth(linhas)
}
