//! Capítulo 9, a etapa das fatias: a resposta chega em pedaços, e a conexão
//! serve ao pedido seguinte.

use std::thread;
use std::time::{Duration, Instant};

use super::{
    LIMITE, OLHADA, PAUSA, PRAZO, chamar, esperar_respostas, quadro, receber,
    sem_culpa,
};
use crate::erros_classicos::Codigo;
use crate::palco::{
    Diagnosticar, Interrupcao, Ouvinte, Palco, Passo, Veredicto,
};

/// Quanto demora cada uma das três respostas: juntas, mais do que o prazo.
const DEMORA: Duration = Duration::from_millis(400);

/// Um tamanho que se lê igual nas duas ordens dos bytes: 0x0101.
const DOS_DOIS_LADOS: usize = 257;

/// A resposta inteira chega dentro do prazo, em qualquer corte.
pub fn fatias(palco: &mut Palco) -> Veredicto {
    let texto = palco.sorte().texto(12) + ": são 30";
    let resposta = quadro(&texto);
    inteira(palco, &texto)?;
    // O texto termina em “são 30”: o corte separa o ã.
    let no_texto = resposta.len() - 6;
    for (onde, corte, codigo) in [
        ("no meio do texto", no_texto, Codigo::M02),
        ("depois do tamanho", 2, Codigo::M02),
        ("no meio do tamanho", 1, Codigo::M03),
    ] {
        palco.titulo(format!("a resposta vem com um corte {onde}"));
        palco.argumentos(&["LER caixa"]);
        let mut conexao = chamar(palco)?;
        receber(&mut conexao, "LER caixa")?;
        conexao.enviar_partes(&[&resposta[..corte], &resposta[corte..]])?;
        esperar_respostas(palco, &[&texto], codigo)?;
    }
    fatias_lentas(palco, &texto)?;
    uma_conexao(palco, &texto)
}

/// A resposta vem de uma vez: quem não a entende não errou na leitura.
fn inteira(palco: &mut Palco, texto: &str) -> Veredicto {
    palco.titulo("a resposta vem inteira");
    let resultado = entregar(palco, texto);
    if !matches!(resultado, Err(Interrupcao::Falha(_))) {
        return resultado;
    }
    // Sem acentos, para que a única diferença seja o tamanho.
    palco.titulo("e uma sem acentos?");
    let curta = palco.sorte().letras(texto.len());
    if entregar(palco, &curta).is_ok() {
        return resultado;
    }
    palco.titulo(format!(
        "e uma de {DOS_DOIS_LADOS} bytes? O tamanho dela é 01 01"
    ));
    let igual = palco.sorte().letras(DOS_DOIS_LADOS);
    if entregar(palco, &igual).is_err() {
        return resultado;
    }
    palco.falhar(
        Codigo::M25,
        format!(
            "uma resposta de {DOS_DOIS_LADOS} bytes, cujo tamanho é o mesmo \
             nas duas ordens, foi entendida; uma de {}, não",
            texto.len()
        ),
    )
}

/// Um pedido, e a resposta a ele em um segmento só.
fn entregar(palco: &mut Palco, texto: &str) -> Veredicto {
    palco.argumentos(&["LER caixa"]);
    let mut conexao = chamar(palco)?;
    receber(&mut conexao, "LER caixa")?;
    conexao.enviar(&quadro(texto))?;
    esperar_respostas(palco, &[texto], Codigo::Diferente)
}

/// Quatro fatias com pausas entre elas, todas antes do prazo.
fn fatias_lentas(palco: &mut Palco, texto: &str) -> Veredicto {
    palco.titulo("a resposta vem devagar, dentro do prazo");
    palco.argumentos(&["SOMAR caixa 10"]);
    let mut conexao = chamar(palco)?;
    let inicio = Instant::now();
    receber(&mut conexao, "SOMAR caixa 10")?;
    let resposta = quadro(texto);
    for (numero, fatia) in
        resposta.chunks(resposta.len().div_ceil(4)).enumerate()
    {
        thread::sleep(if numero > 0 { PAUSA } else { Duration::ZERO });
        conexao.enviar(fatia)?;
    }
    let demorei = inicio.elapsed();
    let resultado = esperar_respostas(palco, &[texto], Codigo::Encerrou);
    sem_culpa(resultado, demorei)
}

/// Três pedidos, um depois da resposta ao outro, na mesma conexão, e um prazo
/// para cada um.
fn uma_conexao(palco: &mut Palco, texto: &str) -> Veredicto {
    palco.titulo("três pedidos, uma conexão");
    let pedidos = ["SOMAR caixa 10", "LER caixa", "LER poupança"];
    palco.argumentos(&pedidos);
    let ouvinte = palco.ouvir()?;
    palco.apresentar(&ouvinte)?;
    let mut conexao = ouvinte.aceitar_em(LIMITE)?;
    let mut inicio = Instant::now();
    let mut demorei = Duration::ZERO;
    for pedido in pedidos {
        inicio = Instant::now();
        let veio = receber(&mut conexao, pedido)
            .contexto("na mesma conexão (o tamanho conta bytes)");
        let levou = inicio.elapsed();
        let veio = explicar_outra(palco, &ouvinte, pedido, veio);
        sem_culpa(veio, levou)?;
        conexao
            .esperar_silencio(DEMORA)
            .diagnosticar(|prova| {
                (!prova.nada_chegou()).then_some(Codigo::Diferente)
            })
            .contexto("o pedido seguinte só parte depois da resposta a este")?;
        conexao.enviar(&quadro(&format!("{texto} ({pedido})")))?;
        demorei = demorei.max(inicio.elapsed());
    }
    let esperadas = pedidos.map(|pedido| format!("{texto} ({pedido})"));
    let resultado = esperar_respostas(palco, &esperadas, Codigo::Encerrou);
    sem_culpa(resultado, demorei.max(inicio.elapsed()))
        .contexto("cada pedido tem o seu segundo")
}

/// Se o pedido não veio, pode ter ido por outra conexão: é isso que se diz.
fn explicar_outra(
    palco: &Palco,
    ouvinte: &Ouvinte,
    pedido: &str,
    veio: Passo<()>,
) -> Passo<()> {
    if !matches!(veio, Err(Interrupcao::Falha(_))) {
        return veio;
    }
    let inicio = Instant::now();
    while inicio.elapsed() < PRAZO {
        if ouvinte.socket().accept().is_ok() {
            return palco.falhar(
                Codigo::OutraConexao,
                format!(
                    "com a primeira conexão em ordem, o programa abriu outra \
                     para “{pedido}”; o requisito pede uma para todos os \
                     pedidos"
                ),
            );
        }
        thread::sleep(OLHADA);
    }
    veio
}
