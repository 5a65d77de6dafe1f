//! Números relativos e marcas de cada segmento de uma conversa TCP.

use std::time::Duration;

use crate::conversa::{Mensagem, Numeros};
use crate::pacote::{Flags, Tcp};

/// Maior escala válida da janela (RFC 7323, §2.3).
const MAIOR_ESCALA: u8 = 14;
/// Um segmento atrasado há menos que isto se atrasou na rede; há mais, foi
/// enviado de novo (o mesmo limite do Wireshark).
const ATRASO_DA_REDE: Duration = Duration::from_millis(3);

/// Preenche [`Mensagem::tcp`]: sequência e confirmação relativas, janela.
pub(crate) fn numerar(mensagens: &mut [Mensagem]) {
    let mut inicios: [Option<u32>; 2] = [None; 2];
    let mut escalas: [Option<u8>; 2] = [None; 2];
    for mensagem in mensagens {
        let lado = mensagem.direcao as usize;
        let Some(tcp) = mensagem.cabecalho_tcp().cloned() else {
            continue;
        };
        let (syn, ack) = (tcp.flags.tem(Flags::SYN), tcp.flags.tem(Flags::ACK));
        // Sem ter visto o SYN, o primeiro número visto vale 1.
        let inicio =
            *inicios[lado].get_or_insert(tcp.seq.wrapping_sub(u32::from(!syn)));
        if ack {
            inicios[1 - lado].get_or_insert(tcp.ack.wrapping_sub(1));
        }
        if syn {
            escalas[lado] = tcp.opcoes.escala;
        }
        let seq = tcp.seq.wrapping_sub(inicio);
        let zero = inicios[1 - lado].unwrap_or_default();
        mensagem.tcp = Some(Numeros {
            seq,
            fim: seq.wrapping_add(tcp.ocupa()),
            ack: ack.then(|| tcp.ack.wrapping_sub(zero)),
            janela: janela(&tcp, escalas, lado),
        });
    }
}

/// A escala só vale se os dois lados a ofereceram, e nunca em um SYN
/// (RFC 7323, §2.2).
fn janela(tcp: &Tcp, escalas: [Option<u8>; 2], lado: usize) -> u32 {
    let janela = u32::from(tcp.janela);
    match (escalas[lado], escalas[1 - lado]) {
        (Some(escala), Some(_)) if !tcp.flags.tem(Flags::SYN) => {
            janela << escala.min(MAIOR_ESCALA)
        }
        _ => janela,
    }
}

/// Quantos trechos separados de sequência se guardam de cada lado.
const MAIS_BURACOS: usize = 256;

/// O que já se viu de um lado.
#[derive(Default, Clone)]
struct Lado {
    /// Intervalos de sequência já vistos, em ordem e sem se tocar.
    vistos: Vec<(u32, u32)>,
    /// Maior número já enviado, mais um.
    topo: Option<u32>,
    /// Quando o topo andou.
    quando: Duration,
    /// Maior marca de tempo já enviada.
    marca: Option<u32>,
    /// Última confirmação e janela.
    confirmou: Option<(u32, u32)>,
    /// Identificação do IPv4 e sequência dos últimos segmentos.
    identificacoes: Vec<(u16, u32)>,
}

/// Preenche retransmissão, duplicata, fora de ordem e ACK duplicado.
pub(crate) fn marcar(mensagens: &mut [Mensagem]) {
    let mut lados = [Lado::default(), Lado::default()];
    for mensagem in mensagens {
        let (Some(tcp), Some(numeros)) =
            (mensagem.cabecalho_tcp().cloned(), mensagem.tcp)
        else {
            continue;
        };
        let sem_janela = [Flags::RST, Flags::SYN];
        mensagem.marcas.janela_zero = numeros.janela == 0
            && !sem_janela.iter().any(|flag| tcp.flags.tem(*flag));
        let qual = mensagem.direcao as usize;
        let enviado_pelo_outro = lados[1 - qual].topo;
        let lado = &mut lados[qual];
        confirmacao(lado, mensagem, &tcp, numeros, enviado_pelo_outro);
        if numeros.fim != numeros.seq {
            sequencia(lado, mensagem, &tcp, numeros);
        } else {
            mensagem.marcas.mantem_viva = vazia_e_velha(lado, &tcp, numeros);
        }
    }
}

fn vazia_e_velha(lado: &Lado, tcp: &Tcp, numeros: Numeros) -> bool {
    let uma_antes = lado.topo == Some(numeros.seq.wrapping_add(1));
    uma_antes && !tcp.flags.tem(Flags::RST)
}

fn confirmacao(
    lado: &mut Lado,
    mensagem: &mut Mensagem,
    tcp: &Tcp,
    numeros: Numeros,
    enviado: Option<u32>,
) {
    let Some(ack) = numeros.ack else { return };
    let puro = numeros.fim == numeros.seq && !tcp.flags.tem(Flags::RST);
    let falta = enviado.is_some_and(|topo| depois(topo, ack));
    let igual = lado.confirmou == Some((ack, numeros.janela));
    mensagem.marcas.ack_duplicado = puro && falta && igual;
    lado.confirmou = Some((ack, numeros.janela));
}

fn sequencia(
    lado: &mut Lado,
    mensagem: &mut Mensagem,
    tcp: &Tcp,
    numeros: Numeros,
) {
    let topo = lado.topo.unwrap_or(numeros.seq);
    let impressao = (mensagem.pacote.identificacao, numeros.seq);
    // Com os dois lados à vista, a duplicata e a troca já se sabem.
    let dois_lados = mensagem.chegada.is_some() || mensagem.marcas.perdida;
    if mensagem.marcas.duplicada {
        return;
    }
    if depois(topo, numeros.seq) {
        let marcas = &mut mensagem.marcas;
        if coberto(lado, numeros) {
            let repetida =
                impressao.0 != 0 && lado.identificacoes.contains(&impressao);
            marcas.duplicada = repetida;
            marcas.retransmissao = !repetida;
        } else if !dois_lados && atrasado(lado, mensagem.tempo, tcp) {
            marcas.fora_de_ordem = true;
        } else {
            marcas.retransmissao = true;
        }
    }
    if depois(numeros.fim, topo) || lado.topo.is_none() {
        lado.topo = Some(numeros.fim);
        lado.quando = mensagem.tempo;
    }
    lado.marca = lado.marca.max(tcp.opcoes.tempos.map(|(marca, _)| marca));
    lembrar(lado, impressao);
    cobrir(lado, numeros);
}

/// Quantas identificações recentes se guardam para reconhecer duplicatas.
const MEMORIA: usize = 64;

fn lembrar(lado: &mut Lado, impressao: (u16, u32)) {
    if lado.identificacoes.len() == MEMORIA {
        lado.identificacoes.remove(0);
    }
    lado.identificacoes.push(impressao);
}

/// Se `um` vem depois de `outro`, contando a volta dos 32 bits.
fn depois(um: u32, outro: u32) -> bool {
    um != outro && um.wrapping_sub(outro) < 1 << 31
}

fn atrasado(lado: &Lado, agora: Duration, tcp: &Tcp) -> bool {
    match (lado.marca, tcp.opcoes.tempos) {
        (Some(maior), Some((esta, _))) if esta != maior => depois(maior, esta),
        _ => agora.saturating_sub(lado.quando) < ATRASO_DA_REDE,
    }
}

fn coberto(lado: &Lado, numeros: Numeros) -> bool {
    lado.vistos.iter().any(|(inicio, fim)| {
        !depois(*inicio, numeros.seq) && !depois(numeros.fim, *fim)
    })
}

/// Acrescenta o intervalo aos vistos, juntando os que se tocam.
fn cobrir(lado: &mut Lado, numeros: Numeros) {
    let (mut inicio, mut fim) = (numeros.seq, numeros.fim);
    lado.vistos.retain(|(a, b)| {
        let separado = depois(*a, fim) || depois(inicio, *b);
        if !separado {
            inicio = if depois(inicio, *a) { *a } else { inicio };
            fim = if depois(*b, fim) { *b } else { fim };
        }
        separado
    });
    if lado.vistos.len() == MAIS_BURACOS {
        lado.vistos.remove(0);
    }
    lado.vistos.push((inicio, fim));
}
