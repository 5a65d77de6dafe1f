//! Capítulo 5: um servidor de eco que não perde nada.

mod causas;

use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use super::Etapa;
use crate::erros_classicos::Codigo;
use crate::palco::{
    Conexao, Diagnosticar, Entrega, Evidencia, Interrupcao, Palco, Passo,
    Veredicto,
};
use causas::{
    causa, como_texto, faltou_um_pedaco, guardou, parou_na_primeira,
    parou_no_zero, pelo_corte, quem_segura, sem_fim, so_a_primeira,
};

pub const ETAPAS: &[Etapa] = &[
    Etapa::nova("eco", eco),
    Etapa::nova("binario", binario),
    Etapa::nova("volume", volume),
    Etapa::nova("meio_fechamento", meio_fechamento),
    Etapa::nova("desistencia", desistencia),
];

/// Quanto o cliente envia na etapa de volume, em bytes.
const VOLUME: usize = 10 * 1024 * 1024;

/// Quanto Eva envia, no máximo, sem ler o eco, em bytes: mais do que cabe nos
/// buffers do sistema, para que o servidor fique parado em uma escrita.
const SEM_LER: usize = 16 * 1024 * 1024;

/// Um resto que cabe nos buffers do sistema, em bytes: o programa o devolve
/// sem que ninguém leia.
const CABE: usize = 200_000;

/// Um resto que não cabe, em bytes, se os segmentos são curtos: quem lê sem
/// esperar pelo próprio envio ainda tem o que devolver quando vê o fim.
const NAO_CABE: usize = 640 * 1024;

/// Quanto se espera que o programa leia o que foi enviado, para enviar mais.
const LEITURA: Duration = Duration::from_secs(1);

/// Visto parado tantas vezes seguidas, com bytes por ler, ele espera alguém
/// ler o que escreve.
const PARADO: u32 = 3;

/// O que se repete para encher os buffers, em bytes.
const BLOCO: usize = 64 * 1024;

/// Mais do que cabe em um buffer de quem escreve, ou de quem espera encher um.
const ENCHENTE: usize = 4 * BLOCO;

/// Depois do silêncio, quanto se espera pelo eco que só o fim do fluxo solta,
/// ou só mais bytes.
const DEPOIS_DO_SILENCIO: Duration = Duration::from_millis(100);

/// Os tamanhos que costuma ter um buffer, em bytes.
const EXATOS: [usize; 3] = [4096, 8192, 65_536];

/// O que se diz de um servidor de um cliente só.
const SO_UM: &str = "o programa terminou depois de atender o primeiro \
                     cliente; um servidor volta a aceitar";

/// Quanto um programa parado pode demorar a fechar uma conexão que acabou.
const DEMORA_PARA_FECHAR: Duration = Duration::from_millis(500);

/// De quanto em quanto tempo se olham os descritores do programa.
const OLHADA: Duration = Duration::from_millis(2);

/// Uma mensagem longa e uma curta, nos quatro modos de entrega, com a conexão
/// aberta. A curta depois da longa revela o buffer reaproveitado.
fn eco(palco: &mut Palco) -> Veredicto {
    // Sem acentos: quem toma bytes por texto é assunto da próxima etapa.
    let longa = palco.sorte().letras(48) + "\n";
    let curta = "oi\n";
    let mut livres = Vec::new();
    for entrega in Entrega::TODAS {
        palco.titulo(format!("entrega: {entrega}"));
        let conectado = palco.conectar_em(entrega);
        let depois = entrega != Entrega::Inteiro;
        if depois && conectado.is_err() && saiu(palco) {
            return palco.falhar(Codigo::Encerrou, SO_UM);
        }
        let mut cliente = conectado?;
        let mensagens = [longa.as_bytes(), curta.as_bytes()];
        if entrega == Entrega::Colado {
            cliente.enviar_mensagens(&mensagens)?;
            let juntas = mensagens.concat();
            cliente
                .esperar_bytes(&juntas)
                .diagnosticar(|e| so_a_primeira(e, longa.len()))
                .diagnosticar(causa)?;
        } else {
            let primeira = trocar_a_primeira(palco, &mut cliente, mensagens[0]);
            if depois && fechou_calado(&primeira) && saiu(palco) {
                return palco.falhar(Codigo::Encerrou, SO_UM);
            }
            primeira?;
            cliente.enviar(mensagens[1])?;
            cliente
                .esperar_bytes(mensagens[1])
                .diagnosticar(parou_na_primeira)
                .diagnosticar(causa)?;
        }
        terminar(cliente)?;
        livres.extend(palco.descritor_livre());
    }
    conferir_descritores(palco, &livres)
}

/// Depois de cada cliente, o menor descritor livre: se cada um deixou o seu
/// aberto, o programa encerrou o envio e esqueceu a conexão.
fn conferir_descritores(palco: &Palco, livres: &[u64]) -> Veredicto {
    let (Some(&primeiro), clientes) = (livres.first(), livres.len() as u64)
    else {
        return Ok(()); // este sistema não diz
    };
    let mut parada = palco.parada();
    loop {
        let livre = palco.descritor_livre().unwrap_or(primeiro);
        if livre + 1 < primeiro + clientes {
            return Ok(());
        }
        if parada.passou_de(DEMORA_PARA_FECHAR, palco)? {
            return palco.falhar(
                Codigo::NaoFecha,
                format!(
                    "depois de {clientes} clientes que já saíram, as \
                     conexões deles continuam abertas no programa"
                ),
            );
        }
        thread::sleep(OLHADA);
    }
}

/// Se a conexão acabou sem que viesse um byte.
fn fechou_calado(passo: &Passo<()>) -> bool {
    matches!(passo, Err(Interrupcao::Falha(falha))
    if falha.evidencia.as_ref().is_some_and(|prova| {
        prova.nada_chegou() && (prova.fim() || prova.redefinida())
    }))
}

/// Se o programa terminou, em vez de voltar a aceitar.
fn saiu(palco: &mut Palco) -> bool {
    palco.esperar_que_termine().is_ok()
}

/// A primeira mensagem da conversa: o que chega no lugar do eco diz muito.
fn trocar_a_primeira(
    palco: &Palco,
    cliente: &mut Conexao,
    mensagem: &[u8],
) -> Passo<()> {
    let entrega = cliente.entrega();
    cliente.enviar(mensagem)?;
    let resultado = cliente
        .esperar_bytes(mensagem)
        .diagnosticar(|e| pelo_corte(e, entrega))
        .diagnosticar(causa);
    let calado = matches!(
        &resultado,
        Err(Interrupcao::Falha(falha)) if falha.por_silencio()
            && falha.evidencia.as_ref().is_some_and(Evidencia::nada_chegou)
    );
    if !calado {
        return resultado;
    }
    let encheu = cliente.encher(&[b'x'; BLOCO], ENCHENTE) > 0;
    let soltos = solta(palco, cliente);
    if encheu && soltos > 0 {
        return resultado.codigo(quem_segura(soltos));
    }
    cliente.meio_fechar()?;
    match solta(palco, cliente) {
        0 => resultado,
        _ => resultado.codigo(Codigo::M09),
    }
}

/// Quantos bytes vêm, depois do silêncio, até que o programa pare de novo.
fn solta(palco: &Palco, cliente: &Conexao) -> usize {
    let mut fluxo = cliente.socket();
    let preparado = fluxo
        .set_nonblocking(false)
        .and_then(|()| fluxo.set_read_timeout(Some(OLHADA)));
    let mut buffer = vec![0; BLOCO];
    let mut soltos = 0;
    let mut parada = palco.parada();
    while preparado.is_ok() {
        match fluxo.read(&mut buffer) {
            Ok(0) => break,
            Ok(lidos) => {
                soltos += lidos;
                parada = palco.parada();
            }
            Err(_) => match parada.passou_de(DEPOIS_DO_SILENCIO, palco) {
                Ok(false) => {}
                _ => break,
            },
        }
    }
    soltos
}

/// Todos os valores de byte, e texto cortado dentro de um caractere.
fn binario(palco: &mut Palco) -> Veredicto {
    palco.titulo("um caractere cortado ao meio");
    let mut cliente = palco.conectar()?;
    let texto = "coração".as_bytes();
    // O ç são dois bytes: o corte fica entre eles.
    cliente.enviar_partes(&[&texto[..5], &texto[5..]])?;
    cliente
        .esperar_bytes(texto)
        .diagnosticar(como_texto)
        .contexto("um texto sem quebra de linha no fim")?;
    terminar(cliente)?;

    palco.titulo("bytes que não são texto");
    let todos: Vec<u8> = (0..=255).collect();
    // Os zeros não vêm no começo: quem para em um deles devolve o que há antes.
    let mais = [b"zero:", &todos[..], &palco.sorte().bytes(256)].concat();
    // Em gotas bastam os que não são ASCII e começam ou continuam caracteres.
    let gotas = todos[0x70..0xD0].to_vec();
    for (entrega, conteudo) in
        [(Entrega::Inteiro, mais), (Entrega::GotaAGota, gotas)]
    {
        let mut cliente = palco.conectar_em(entrega)?;
        cliente.enviar(&conteudo)?;
        cliente
            .esperar_bytes(&conteudo)
            .diagnosticar(parou_no_zero)
            .diagnosticar(como_texto)?;
        terminar(cliente)?;
    }
    Ok(())
}

/// O que enche um buffer até a borda; depois, muito mais do que cabe nos do
/// sistema, para quem lê sem pressa.
fn volume(palco: &mut Palco) -> Veredicto {
    palco.titulo("o tamanho exato de um buffer, e a conexão aberta");
    // O leitor lento confirma na hora, e o algoritmo de Nagle não atrasa o eco.
    let mut cliente = palco.conectar_em(Entrega::Lento)?;
    for quantos in EXATOS {
        let exatos = palco.sorte().bytes(quantos);
        cliente.enviar(&exatos)?;
        cliente.esperar_bytes(&exatos).diagnosticar(guardou)?;
    }
    terminar(cliente)?;

    palco.titulo("10 MiB, e um leitor lento");
    let tudo = palco.sorte().bytes(VOLUME);
    let mut cliente = palco.conectar_em(Entrega::Lento)?;
    cliente
        .conversar(&tudo)
        .diagnosticar(faltou_um_pedaco)
        .diagnosticar(causa)?;
    terminar(cliente)
}

/// O cliente avisa que não envia mais e ainda espera o resto.
fn meio_fechamento(palco: &mut Palco) -> Veredicto {
    palco.titulo("meio fechamento, com um resto que cabe no sistema");
    let resto = palco.sorte().bytes(CABE);
    let mut cliente = palco.conectar()?;
    cliente.enviar(&resto)?;
    cliente.meio_fechar()?;
    cobrar_o_resto(cliente, &resto)?;

    palco.titulo("meio fechamento, com um resto que não cabe");
    let resto = palco.sorte().bytes(NAO_CABE);
    palco.encurtar_segmentos();
    let mut cliente = palco.conectar_em(Entrega::Lento)?;
    let mut enviados = cliente.encher(&resto, NAO_CABE);
    let adiante = leu_tudo(palco, &cliente);
    if adiante && enviados < NAO_CABE {
        let mais = &resto[enviados..];
        enviados += cliente.encher(mais, mais.len());
    }
    cliente.meio_fechar()?;
    // Quem lê adiante vê o fim agora, com o resto ainda por enviar.
    if adiante {
        leu_tudo(palco, &cliente);
    }
    cobrar_o_resto(cliente, &resto[..enviados])
}

/// Se o programa lê, em pouco tempo, tudo o que foi enviado; parado em uma
/// escrita, não lê.
fn leu_tudo(palco: &Palco, cliente: &Conexao) -> bool {
    let inicio = Instant::now();
    let mut parado = 0;
    while inicio.elapsed() < LEITURA && parado < PARADO {
        if cliente.leu_tudo() == Some(true) {
            return true;
        }
        parado = match palco.cena().programa().esforco().ocupado {
            Some(false) => parado + 1,
            _ => 0,
        };
        thread::sleep(OLHADA / 2);
    }
    false
}

/// O cliente, que encerrou o envio, espera o que lhe devem e o fim.
fn cobrar_o_resto(mut cliente: Conexao, resto: &[u8]) -> Passo<()> {
    cliente.esperar_bytes(resto).diagnosticar(|e| {
        let cortou = e.fim() || e.redefinida();
        cortou.then_some(Codigo::M13)
    })?;
    cliente.esperar_fim().diagnosticar(sem_fim)
}

/// Um cliente aborta no meio, ou ainda na fila; o próximo é atendido, tenha o
/// servidor visto o aborto ao ler ou ao escrever, e com qualquer dos nomes.
/// Depois o servidor é encerrado com uma conexão aberta e tem de voltar à
/// mesma porta.
fn desistencia(palco: &mut Palco) -> Veredicto {
    palco.titulo("Ana aborta a conexão; Beto vem depois");
    let mut ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    ana.enviar(b"vou embora\n")?;
    ana.esperar_bytes(b"vou embora\n").diagnosticar(causa)?;
    ana.redefinir()?;
    atender_o_proximo(palco)?;

    palco.titulo("Eva envia sem ler, e aborta; Beto vem depois");
    let mut eva = palco.conectar_como("Eva", Entrega::Lento)?;
    let bloco = palco.sorte().bytes(BLOCO);
    eva.encher(&bloco, SEM_LER);
    eva.redefinir()?;
    atender_o_proximo(palco)?;

    palco.titulo("Caio desiste ainda na fila; Beto vem depois");
    let mut ana = palco.conectar_como("Ana", Entrega::Inteiro)?;
    ana.enviar(b"oi\n")?;
    ana.esperar_bytes(b"oi\n").diagnosticar(causa)?;
    let mut caio = palco
        .conectar_como("Caio", Entrega::Inteiro)
        .contexto("enquanto o programa atende Ana")?;
    caio.enviar(b"cansei\n")?;
    // Depois do FIN, o reset muda de nome: a escrita devolve EPIPE.
    caio.meio_fechar()?;
    caio.redefinir()?;
    terminar(ana)?;
    atender_o_proximo(palco)?;

    palco.titulo("o servidor é encerrado com uma conexão aberta e volta");
    let mut carla = palco.conectar_como("Carla", Entrega::Inteiro)?;
    carla.enviar(b"ainda aqui\n")?;
    carla.esperar_bytes(b"ainda aqui\n")?;
    palco.reiniciar()?;
    let volta = palco.conectar_como("Davi", Entrega::Inteiro);
    let mut davi = match volta {
        Err(Interrupcao::Falha(_)) if palco.terminou().is_some() => {
            return palco.falhar(
                Codigo::M21,
                "o programa terminou ao voltar à mesma porta, \
                 com uma conexão antiga ainda por acabar",
            );
        }
        outra => outra?,
    };
    davi.enviar(b"de volta\n")?;
    davi.esperar_bytes(b"de volta\n").diagnosticar(causa)?;
    carla.fechar();
    terminar(davi)
}

fn atender_o_proximo(palco: &mut Palco) -> Veredicto {
    let beto = palco.conectar_como("Beto", Entrega::Inteiro);
    let mut beto = beto.map_err(|erro| match erro {
        Interrupcao::Falha(_) => Interrupcao::falha(
            Codigo::M16,
            "depois que um cliente abortou, o servidor não atende mais",
        ),
        outra => outra,
    })?;
    beto.enviar(b"e eu?\n")?;
    beto.esperar_bytes(b"e eu?\n").codigo(Codigo::M16)?;
    terminar(beto)
}

/// O cliente encerra e confere que o servidor também encerra.
fn terminar(mut cliente: Conexao) -> Passo<()> {
    cliente.meio_fechar()?;
    cliente.esperar_fim().diagnosticar(sem_fim)
}
