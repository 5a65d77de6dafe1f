//! Capítulo 7: uma estação que guarda medidas e responde em nove bytes.

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Desfecho, Diagnosticar, Entrega, Evidencia, Interrupcao, Palco,
    Passo, Veredicto,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("ordem", ordem),
    Etapa::nova("pedacos", pedacos),
    Etapa::nova("sinais", sinais),
    Etapa::nova("intervalos", intervalos),
    Etapa::nova("lotes", lotes),
];

/// O maior lote que o servidor deve aceitar, em medidas.
const LIMITE_DO_LOTE: u32 = 1000;

/// Um instante e uma temperatura, como vão na rede.
type Medida = (u32, i32);

/// Na primeira consulta, os instantes são os mesmos lidos em qualquer ordem:
/// assim a resposta mostra em que ordem o programa lê e escreve o resto.
fn ordem(palco: &mut Palco) -> Veredicto {
    let mut cliente = palco.conectar()?;
    let capicua = 0x0100_0001;
    let pergunta = consulta(0, 0x7f00_007f);
    cliente.enviar_partes(&[&medida((capicua, 2150)), &pergunta])?;
    cliente
        .esperar_bytes(&resposta(b'R', 1, 2150))
        .diagnosticar(ordem_trocada)
        .diagnosticar(outra_resposta)
        .map_err(em_campos)?;
    cliente.enviar_partes(&[&medida((5000, 300)), &consulta(4999, 5001)])?;
    responder(&mut cliente, 1, 300)?;
    terminar(cliente)
}

/// Temperaturas só negativas, depois uma positiva; e instantes que não cabem
/// em um i32.
fn sinais(palco: &mut Palco) -> Veredicto {
    palco.titulo("só temperaturas abaixo de zero");
    let mut cliente = palco.conectar()?;
    for (instante, centesimos) in [(10, -325), (20, -1000), (30, -40_000)] {
        cliente.enviar(&medida((instante, centesimos)))?;
    }
    cliente.enviar(&consulta(0, 100))?;
    responder(&mut cliente, 3, -325)?;
    cliente.enviar(&medida((40, 50)))?;
    cliente.enviar(&consulta(0, 100))?;
    responder(&mut cliente, 4, 50)?;
    terminar(cliente)?;

    palco.titulo("instantes acima de 2147483647");
    let mut cliente = palco.conectar()?;
    for (instante, centesimos) in
        [(90, 5), (4_000_000_000, 7), (4_294_967_290, 6)]
    {
        cliente.enviar(&medida((instante, centesimos)))?;
    }
    cliente.enviar(&consulta(50, u32::MAX))?;
    responder(&mut cliente, 3, 7)?;
    cliente.enviar(&consulta(3_000_000_000, 4_100_000_000))?;
    responder(&mut cliente, 1, 7)?;
    terminar(cliente)
}

/// Medidas sorteadas, fora de ordem e com instantes repetidos.
fn intervalos(palco: &mut Palco) -> Veredicto {
    palco.titulo("nenhuma medida ainda");
    let mut cliente = palco.conectar_em(Entrega::Colado)?;
    perguntar(&mut cliente, &[], 0, u32::MAX)?;

    let mut medidas: Vec<Medida> = (0..199).map(|_| sortear(palco)).collect();
    medidas.push(medidas[0]); // a mesma medida, duas vezes
    let mensagens: Vec<_> = medidas.iter().map(|&m| medida(m)).collect();
    let mensagens: Vec<_> = mensagens.iter().map(Vec::as_slice).collect();
    cliente.enviar_mensagens(&mensagens)?;
    let (inicio, fim) = (medidas[0].0, medidas[0].0);
    perguntar(&mut cliente, &medidas, inicio, fim)?;
    perguntar(&mut cliente, &medidas, 900, 100)?;
    for _ in 0..40 {
        let inicio = palco.sorte().entre(0, 1000) as u32;
        let fim = inicio + palco.sorte().entre(0, 300) as u32;
        perguntar(&mut cliente, &medidas, inicio, fim)?;
    }
    terminar(cliente)?;

    palco.titulo("outra conexão começa sem medidas");
    let mut cliente = palco.conectar()?;
    perguntar(&mut cliente, &[], 0, u32::MAX)?;
    terminar(cliente)
}

/// Três medidas e três consultas em um segmento; depois, a mesma dupla com um
/// corte em cada byte; por fim, gota a gota.
fn pedacos(palco: &mut Palco) -> Veredicto {
    palco.titulo("seis mensagens juntas");
    let medidas = [(10, 1), (20, 2), (30, 3)];
    let mut cliente = palco.conectar_em(Entrega::Colado)?;
    let [a, b, c] = medidas.map(medida);
    let (d, e, f) = (consulta(5, 15), consulta(5, 25), consulta(5, 99));
    cliente.enviar_mensagens(&[&a, &b, &c, &d, &e, &f])?;
    for (quantidade, maior) in [(1, 1), (2, 2), (3, 3)] {
        cliente
            .esperar_bytes(&resposta(b'R', quantidade, maior))
            .diagnosticar(respondeu_outra_coisa)
            .codigo(Codigo::M01)
            .map_err(em_campos)?;
    }
    terminar(cliente)?;

    palco.titulo("um corte por vez");
    let mut cliente = palco.conectar()?;
    for corte in 1..18 {
        let instante = 100 * corte;
        let pergunta = consulta(instante - 9, instante + 9);
        let dupla = [medida((instante, corte as i32)), pergunta].concat();
        let (antes, depois) = dupla.split_at(corte as usize);
        cliente.enviar_partes(&[antes, depois])?;
        let respondida =
            cliente.esperar_bytes(&resposta(b'R', 1, corte as i32));
        palco.se_saiu(respondida).codigo(Codigo::M02)?;
    }
    terminar(cliente)?;

    palco.titulo("byte a byte");
    let mut cliente = palco.conectar_em(Entrega::GotaAGota)?;
    cliente.enviar(&medida((5010, 1)))?;
    cliente.enviar(&medida((5020, 2)))?;
    cliente.enviar(&consulta(5005, 5025))?;
    cliente
        .esperar_bytes(&resposta(b'R', 2, 2))
        .codigo(Codigo::M02)?;
    terminar(cliente)
}

/// Lotes de zero a mil medidas, e o que o servidor deve recusar.
fn lotes(palco: &mut Palco) -> Veredicto {
    lote_de(palco, 0)?;
    lote_de(palco, 3)?;
    palco.titulo("um lote byte a byte");
    let mut cliente = palco.conectar_em(Entrega::GotaAGota)?;
    cliente.enviar(&lote(&[(10, 1), (20, 2)]))?;
    cliente.enviar(&consulta(5, 25))?;
    cliente
        .esperar_bytes(&resposta(b'R', 2, 2))
        .codigo(Codigo::M02)?;
    terminar(cliente)?;
    lote_de(palco, LIMITE_DO_LOTE as usize)?;
    // Em 32 bits, 536870913 × 8 dá a volta e vale 8.
    for quantas in [LIMITE_DO_LOTE + 1, u32::MAX, 536_870_913] {
        palco.titulo(format!("um lote que promete {quantas}"));
        let mut cliente = palco.conectar()?;
        cliente.enviar(&[&b"L"[..], &quantas.to_be_bytes()].concat())?;
        cliente
            .esperar_bytes(&resposta(b'E', LIMITE_DO_LOTE, 0))
            .diagnosticar(outra_resposta)
            .diagnosticar(|prova| {
                // Quem não tem limite espera as medidas: este o tem, e não diz.
                let fechou = prova.fim() && !prova.terminou;
                let calado = fechou && quantas == LIMITE_DO_LOTE + 1;
                (calado || prova.so_o_comeco()).then_some(Codigo::FechouCedo)
            })
            .codigo(Codigo::M26)
            .map_err(em_campos)
            .contexto("a um lote longo demais se responde `E`, 1000, 0")?;
        cliente.esperar_fim().contexto("depois do `E`, feche")?;
    }
    for tipo in [b'X', b'm', 0] {
        tipo_desconhecido(palco, tipo)?;
    }
    cortada(palco, "uma consulta", b"C")?;
    cortada(palco, "uma consulta", &consulta(0, 99)[..8])?;
    cortada(palco, "um lote", &lote(&[(1, 1), (2, 2), (3, 3)])[..17])?;
    palco.titulo("um cliente cai no meio de uma medida");
    let mut cliente = proximo(palco)?;
    cliente.enviar(&consulta(0, 99))?;
    responder(&mut cliente, 0, 0)?;
    cliente.enviar_partes(&[&medida((1, 1))[..4]])?; // e espera que o leia
    cliente.redefinir()?;
    palco.titulo("depois disso, mais um cliente");
    let mut cliente = proximo(palco)?;
    cliente.enviar(&medida((1, 1)))?;
    cliente.enviar(&consulta(0, 1))?;
    responder(&mut cliente, 1, 1)
        .diagnosticar(|prova| prova.nada_chegou().then_some(Codigo::M16))?;
    terminar(cliente)
}

/// Um lote permitido entre duas medidas: tudo vale.
fn lote_de(palco: &mut Palco, quantas: usize) -> Veredicto {
    palco.titulo(format!("uma medida, um lote de {quantas}, e outra medida"));
    let mut medidas = vec![sortear(palco)];
    let mut cliente = palco.conectar()?;
    cliente.enviar(&medida(medidas[0]))?;
    let no_lote: Vec<_> = (0..quantas).map(|_| sortear(palco)).collect();
    cliente.enviar(&lote(&no_lote))?;
    medidas.extend(no_lote);
    perguntar(&mut cliente, &medidas, 0, u32::MAX)?;
    let ultima = sortear(palco);
    cliente.enviar(&medida(ultima))?;
    medidas.push(ultima);
    perguntar(&mut cliente, &medidas, 0, u32::MAX)?;
    terminar(cliente)
}

/// Depois de uma consulta, um tipo que não existe, e mais nada: não há o que
/// esperar depois dele.
fn tipo_desconhecido(palco: &mut Palco, tipo: u8) -> Veredicto {
    palco.titulo(format!("um tipo que não existe: {tipo:02x}"));
    let mut cliente = proximo(palco)?;
    cliente.enviar(&consulta(0, 99))?;
    let respondida = responder(&mut cliente, 0, 0);
    se_caiu(palco, respondida)?;
    cliente.enviar(&[tipo])?;
    cliente
        .esperar_fim()
        .diagnosticar(|prova| {
            let calou = prova.silencio() && !prova.girando();
            calou.then_some(Codigo::Calado)
        })
        .contexto("os tipos são `M`, `C` e `L`; a outro, feche na hora")
}

/// Envia o começo de uma mensagem e encerra o envio.
fn cortada(palco: &mut Palco, qual: &str, comeco: &[u8]) -> Veredicto {
    palco.titulo(format!("o fim do fluxo no meio de {qual}"));
    let mut cliente = proximo(palco)?;
    cliente.enviar(comeco)?;
    cliente.meio_fechar()?;
    let fim = cliente
        .esperar_fim()
        .diagnosticar(|prova| (!prova.nada_chegou()).then_some(Codigo::M07));
    se_caiu(palco, fim)
}

/// O programa terminou, e foi por causa de um cliente anterior.
fn se_caiu(palco: &Palco, passo: Passo<()>) -> Passo<()> {
    match palco.terminou_na_queda(&passo) {
        Some(_) => passo.codigo(Codigo::M16),
        None => passo,
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

fn sortear(palco: &mut Palco) -> Medida {
    let instante = palco.sorte().entre(0, 1000) as u32;
    let centesimos = palco.sorte().entre(0, 8000) as i32 - 4000;
    (instante, centesimos)
}

fn perguntar(
    cliente: &mut Conexao,
    medidas: &[Medida],
    inicio: u32,
    fim: u32,
) -> Passo<()> {
    let dentro = |m: &&Medida| (inicio..=fim).contains(&m.0);
    let temperaturas = medidas.iter().filter(dentro).map(|m| m.1);
    let quantas = temperaturas.clone().count() as u32;
    cliente.enviar(&consulta(inicio, fim))?;
    responder(cliente, quantas, temperaturas.max().unwrap_or(0))
}

/// Espera a resposta a uma consulta.
fn responder(cliente: &mut Conexao, quantas: u32, maior: i32) -> Passo<()> {
    cliente
        .esperar_bytes(&resposta(b'R', quantas, maior))
        .diagnosticar(outra_resposta)
        .map_err(em_campos)
}

/// Diz o esperado e o recebido em números, e não só em bytes.
fn em_campos(erro: Interrupcao) -> Interrupcao {
    let dito = match &erro {
        Interrupcao::Falha(falha) => falha.evidencia.as_ref().and_then(campos),
        Interrupcao::Inconclusiva(_) => None,
    };
    match dito {
        Some(dito) => Err::<(), _>(erro).contexto(&dito).unwrap_err(),
        None => erro,
    }
}

fn campos(prova: &Evidencia) -> Option<String> {
    if prova.desfecho != Desfecho::Diferente {
        return None;
    }
    let (certo, veio) = (&prova.esperado, &prova.recebido);
    let nove = [&veio[..1], &veio[4.min(veio.len())..]].concat();
    if veio.len() == 12 && (nove == *certo || trocada(certo, &nove)) {
        return Some(
            "vieram 12 bytes: o primeiro inteiro foi alinhado (a `struct` do \
             C e o `struct.pack` sem `>` põem 3 bytes depois do tipo)"
                .to_owned(),
        );
    }
    veio.len().is_multiple_of(9).then(|| {
        format!(
            "esperava {}, e veio {}",
            em_numeros(certo),
            em_numeros(veio)
        )
    })
}

/// `R, 3, -325`.
fn em_numeros(mensagem: &[u8]) -> String {
    let quatro = |de: usize| mensagem[de..de + 4].try_into().unwrap_or([0; 4]);
    let tipo = mensagem[0].escape_ascii();
    let primeiro = u32::from_be_bytes(quatro(1));
    let segundo = i32::from_be_bytes(quatro(5));
    format!("{tipo}, {primeiro}, {segundo}")
}

fn medida((instante, centesimos): Medida) -> Vec<u8> {
    [&b"M"[..], &par(instante, centesimos)].concat()
}

fn lote(medidas: &[Medida]) -> Vec<u8> {
    let quantas = medidas.len() as u32;
    let pares = medidas.iter().flat_map(|m| par(m.0, m.1));
    [b'L']
        .into_iter()
        .chain(quantas.to_be_bytes())
        .chain(pares)
        .collect()
}

fn consulta(inicio: u32, fim: u32) -> Vec<u8> {
    [&b"C"[..], &inicio.to_be_bytes(), &fim.to_be_bytes()].concat()
}

fn resposta(tipo: u8, primeiro: u32, segundo: i32) -> Vec<u8> {
    [&[tipo][..], &par(primeiro, segundo)].concat()
}

fn par(primeiro: u32, segundo: i32) -> Vec<u8> {
    [primeiro.to_be_bytes(), segundo.to_be_bytes()].concat()
}

/// O cliente encerra e confere que o servidor também encerra.
fn terminar(mut cliente: Conexao) -> Passo<()> {
    cliente.meio_fechar()?;
    cliente.esperar_fim()
}

/// Algum dos dois números da resposta veio com os bytes ao contrário.
fn ordem_trocada(prova: &Evidencia) -> Option<Codigo> {
    trocada(&prova.esperado, &prova.recebido).then_some(Codigo::M25)
}

fn trocada(certo: &[u8], veio: &[u8]) -> bool {
    if certo.len() != 9 || veio.len() != 9 || certo[0] != veio[0] {
        return false;
    }
    let igual_ou_trocado = |campo: std::ops::Range<usize>| {
        let mut trocado = veio[campo.clone()].to_vec();
        trocado.reverse();
        certo[campo.clone()] == veio[campo.clone()] || certo[campo] == trocado
    };
    igual_ou_trocado(1..5) && igual_ou_trocado(5..9)
}

/// Uma resposta inteira, com outros números: a leitura achou a mensagem.
fn respondeu_outra_coisa(prova: &Evidencia) -> Option<Codigo> {
    let inteira = prova.recebido.len() >= 9 && prova.recebido[0] == b'R';
    outra_resposta(prova).filter(|_| inteira)
}

/// Zeros em uma resposta binária são um número, não restos de um buffer.
fn outra_resposta(prova: &Evidencia) -> Option<Codigo> {
    (prova.desfecho == Desfecho::Diferente).then_some(Codigo::Diferente)
}
