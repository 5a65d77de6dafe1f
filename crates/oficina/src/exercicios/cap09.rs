//! Capítulo 9: um cliente com prazo, que repete só o que pode ser repetido.

mod fatias;
mod repeticao;
mod rodadas;

use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Interrupcao, Ouvinte, Palco, Parada, Passo, Saida,
    Veredicto,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("fatias", fatias::fatias),
    Etapa::nova("silencio", silencio),
    Etapa::nova("conta_gotas", conta_gotas),
    Etapa::nova("repeticao", repeticao::repeticao),
    Etapa::nova("rodadas", rodadas::rodadas),
];

/// Os estados de saída que o enunciado pede.
const RECUSADA: i32 = 3;
const ESGOTADO: i32 = 4;
const CORTADA: i32 = 5;

/// O prazo de cada pedido, no enunciado.
const PRAZO: Duration = Duration::from_secs(1);

/// Quanto se espera o fim de um programa que tem esse prazo.
const LIMITE: Duration = Duration::from_secs(4);

/// Quem termina antes disto não esperou o prazo.
const CEDO: Duration = Duration::from_millis(300);

/// Um atraso do palco que já não deixa acusar quem desistiu.
const TARDE: Duration = Duration::from_millis(600);

/// A pausa entre as fatias de uma resposta lenta, e entre as gotas.
const PAUSA: Duration = Duration::from_millis(150);

/// De quanto em quanto tempo se olha para o programa.
const OLHADA: Duration = Duration::from_millis(5);

/// Quanto se insiste para saber se a fila do servidor já está cheia.
const SEM_RESPOSTA: Duration = Duration::from_millis(100);

/// Nenhum sistema guarda mais do que isto em uma fila que se pediu mínima.
const FILA_MAXIMA: usize = 300;

/// Um texto com o tamanho na frente: dois bytes, na ordem da rede.
fn quadro(texto: &str) -> Vec<u8> {
    let tamanho = texto.len() as u16;
    [&tamanho.to_be_bytes(), texto.as_bytes()].concat()
}

/// Três silêncios: na fila do servidor, no lugar da resposta e no meio dela.
fn silencio(palco: &mut Palco) -> Veredicto {
    palco.titulo("o servidor escuta, e a fila dele está cheia");
    palco.argumentos(&["LER caixa"]);
    let reserva = palco.reservar()?;
    let ouvinte = palco.escutar(reserva, 0)?;
    let _ocupantes = encher_a_fila(palco, &ouvinte)?;
    palco.apresentar(&ouvinte)?;
    esperar_que_desista(palco, "o servidor não respondeu ao SYN")?;

    palco.titulo("o servidor recebe o pedido e se cala");
    let mut conexao = chamar(palco)?;
    receber(&mut conexao, "LER caixa")?;
    esperar_que_desista(palco, "o servidor não respondeu")?;

    palco.titulo("o servidor se cala no meio da resposta");
    let mut conexao = chamar(palco)?;
    receber(&mut conexao, "LER caixa")?;
    let resposta = quadro(&palco.sorte().texto(20));
    conexao.enviar(&resposta[..12])?;
    esperar_que_desista(palco, "o servidor se calou no meio da resposta")
}

/// Ocupa a fila de conexões pendentes até um SYN ficar sem resposta.
fn encher_a_fila(
    palco: &mut Palco,
    ouvinte: &Ouvinte,
) -> Passo<Vec<TcpStream>> {
    let destino = ouvinte.endereco()?;
    let mut ocupantes = Vec::new();
    while ocupantes.len() < FILA_MAXIMA {
        match TcpStream::connect_timeout(&destino, SEM_RESPOSTA) {
            Ok(ocupante) => ocupantes.push(ocupante),
            Err(_) => {
                let quantas = format!("com {}", ocupantes.len());
                palco.narrar("servidor", "enchi a fila", &quantas);
                return Ok(ocupantes);
            }
        }
    }
    Err(Interrupcao::Inconclusiva(
        "não consegui encher a fila deste sistema".to_owned(),
    ))
}

/// Um byte de cada vez: cada leitura dá certo, e a resposta não acaba.
fn conta_gotas(palco: &mut Palco) -> Veredicto {
    for (onde, ja_enviados) in [("desde o tamanho", 0), ("no texto", 2)] {
        palco
            .titulo(format!("um byte a cada {} ms, {onde}", PAUSA.as_millis()));
        palco.argumentos(&["LER caixa"]);
        let mut conexao = chamar(palco)?;
        receber(&mut conexao, "LER caixa")?;
        let mut parada = palco.parada();
        let resposta = quadro(&palco.sorte().letras(100));
        conexao.enviar(&resposta[..ja_enviados])?;
        for gota in resposta[ja_enviados..].chunks(1) {
            conexao.enviar(gota)?;
            if esperar_a_gota(palco, &mut parada)? {
                break;
            }
        }
        match palco.terminou() {
            Some(saida) => conferir_estado(
                palco,
                saida,
                &[ESGOTADO],
                "o prazo acabou com a resposta pela metade",
            )?,
            None => palco.falhar(
                Codigo::M33,
                format!(
                    "o prazo era de 1 s; passaram {} s, um byte a cada \
                     {} ms, e o programa continua lendo",
                    LIMITE.as_secs(),
                    PAUSA.as_millis()
                ),
            )?,
        }
    }
    Ok(())
}

/// A pausa entre duas gotas; diz se é hora de parar, porque o programa
/// terminou ou porque já devia ter terminado.
fn esperar_a_gota(palco: &Palco, parada: &mut Parada) -> Passo<bool> {
    let proxima = Instant::now() + PAUSA;
    while Instant::now() < proxima {
        if palco.terminou().is_some() || parada.passou_de(LIMITE, palco)? {
            return Ok(true);
        }
        thread::sleep(OLHADA);
    }
    Ok(false)
}

/// Inicia o programa e aceita a conexão dele.
fn chamar(palco: &mut Palco) -> Passo<Conexao> {
    let ouvinte = palco.ouvir()?;
    palco.apresentar(&ouvinte)?;
    ouvinte.aceitar_em(LIMITE)
}

/// O pedido inteiro, com o tamanho na frente.
fn receber(conexao: &mut Conexao, pedido: &str) -> Passo<()> {
    conexao
        .esperar_bytes(&quadro(pedido))
        .diagnosticar(|prova| {
            prova.so_o_comeco().then_some(Codigo::PedidoIncompleto)
        })
        .contexto("o pedido")
}

/// As respostas na saída padrão, uma por linha, e o estado 0.
fn esperar_respostas(
    palco: &mut Palco,
    textos: &[impl AsRef<str>],
    codigo: Codigo,
) -> Veredicto {
    let Some(saida) = palco.terminou_em(LIMITE)? else {
        return palco.falhar(
            codigo,
            "a resposta chegou inteira, e o programa não terminou",
        );
    };
    // Quem terminou com 0 não encerrou antes da hora: escreveu outra coisa.
    let outra_coisa = match codigo {
        Codigo::Encerrou => Codigo::Diferente,
        codigo => codigo,
    };
    let esperadas: Vec<&str> = textos.iter().map(AsRef::as_ref).collect();
    if saida.status != Some(0) {
        return palco.falhar(
            codigo,
            format!(
                "a resposta chegou inteira; esperava o estado 0, e o \
                 programa terminou {}",
                saida.em_palavras()
            ),
        );
    }
    for (numero, esperada) in esperadas.iter().enumerate() {
        let vista = linha_da_saida(palco, numero);
        if vista.as_deref() != Some(*esperada) {
            let vista = vista.unwrap_or("nada".to_owned());
            return palco.falhar(
                outra_coisa,
                format!(
                    "esperava na linha {} da saída “{esperada}”; veio “{vista}”",
                    numero + 1
                ),
            );
        }
    }
    so_respostas(palco, esperadas.len())
}

/// Na saída padrão não há mais nada: as mensagens vão para a de erros.
fn so_respostas(palco: &Palco, respostas: usize) -> Veredicto {
    match palco.saida().get(respostas) {
        Some(linha) => palco.falhar(
            Codigo::Diferente,
            format!(
                "a saída padrão é só para as respostas, e veio “{linha}”; \
                 as mensagens vão para a saída de erros"
            ),
        ),
        None => Ok(()),
    }
}

/// Uma linha da saída; a de quem acabou de terminar pode estar a caminho.
fn linha_da_saida(palco: &Palco, numero: usize) -> Option<String> {
    let inicio = Instant::now();
    loop {
        let linha = palco.saida().get(numero).cloned();
        if linha.is_some() || inicio.elapsed() > CEDO {
            return linha;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// O programa espera o prazo, e não mais, e termina com o estado 4.
fn esperar_que_desista(palco: &mut Palco, porque: &str) -> Veredicto {
    let inicio = Instant::now();
    let Some(saida) = palco.terminou_em(LIMITE)? else {
        return nao_desistiu(palco, Codigo::M32, porque);
    };
    let esperou = inicio.elapsed();
    if esperou < CEDO {
        return palco.falhar(
            Codigo::Encerrou,
            format!(
                "{porque}: o programa tinha 1 s e terminou em {} ms {}",
                esperou.as_millis(),
                saida.em_palavras()
            ),
        );
    }
    // Quem termina com 0 não se enganou no nome do erro: não falou dele.
    let sem_erro = saida.status == Some(0);
    if saida.status == Some(ESGOTADO) || sem_erro || esperou > LIMITE / 2 {
        return conferir_estado(palco, saida, &[ESGOTADO], porque);
    }
    palco.falhar(
        Codigo::M32,
        format!(
            "{porque}: o programa esperou e desistiu, mas não reconheceu o \
             tempo esgotado: terminou {}, e o requisito pede 4",
            saida.em_palavras()
        ),
    )
}

fn nao_desistiu(palco: &Palco, codigo: Codigo, porque: &str) -> Veredicto {
    palco.falhar(
        codigo,
        format!(
            "{porque}: o prazo era de {} s, e depois de {} s o programa \
             continua esperando",
            PRAZO.as_secs(),
            LIMITE.as_secs()
        ),
    )
}

/// Um dos estados de saída que servem (o primeiro é o do requisito), e
/// nenhuma resposta.
fn conferir_estado(
    palco: &Palco,
    saida: Saida,
    servem: &[i32],
    porque: &str,
) -> Veredicto {
    if saida.status.is_some_and(|status| servem.contains(&status)) {
        return so_respostas(palco, 0);
    }
    palco.falhar(
        Codigo::EstadoErrado,
        format!(
            "{porque}: o programa terminou {}; o requisito pede {}",
            saida.em_palavras(),
            servem[0]
        ),
    )
}

/// Se foi o palco que demorou, quem desistiu no prazo tem razão.
fn sem_culpa(resultado: Veredicto, demorei: Duration) -> Veredicto {
    match resultado {
        Err(Interrupcao::Falha(falha))
            if falha.codigo == Codigo::Encerrou && demorei > TARDE =>
        {
            Err(Interrupcao::Inconclusiva(format!(
                "a máquina está ocupada: a conferência levou {} ms para \
                 fazer a parte dela, e o prazo do programa é de 1 s",
                demorei.as_millis()
            )))
        }
        resultado => resultado,
    }
}
