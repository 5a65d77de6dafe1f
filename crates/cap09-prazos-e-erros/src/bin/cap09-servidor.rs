//! Servidor de uma linha por pedido, que sabe se comportar mal.
//!
//!     cargo run --bin cap09-servidor -- 127.0.0.1:7009
//!
//! `agora` responde na hora; `fatias`, aos poucos; `gotas`, um byte de cada
//! vez; `muda` não responde; `eco TEXTO` devolve o texto; `derruba` encerra
//! sem responder, e só na terceira vez responde; `soma N` soma, e da primeira
//! vez encerra antes de contar que somou. Uma linha longa demais fica sem ler.

// longo: são sete pedidos, cada um com o seu mau comportamento.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::{env, thread, time::Duration};

use anyhow::anyhow;

const ENDERECO: &str = "127.0.0.1:7009";
const LINHA_MAXIMA: u64 = 1024;
const RESPOSTA: &[u8] = b"demorou, mas chegou inteira\n";
const TAMANHO_DA_FATIA: usize = 7;
const PAUSA_ENTRE_FATIAS: Duration = Duration::from_millis(300);
const PAUSA_ENTRE_GOTAS: Duration = Duration::from_millis(200);
const PACIENCIA: Duration = Duration::from_secs(20);

/// O que o servidor lembra de um cliente para o outro.
#[derive(Default)]
struct Memoria {
    derrubadas: u32,
    somas: u32,
    total: i64,
}

fn main() -> anyhow::Result<()> {
    let endereco = env::args().nth(1).unwrap_or(ENDERECO.into());
    let ouvinte = TcpListener::bind(&endereco)
        .map_err(|erro| anyhow!("não escutei em {endereco} ({erro})"))?;
    println!("escutando em {}", ouvinte.local_addr()?);
    let mut memoria = Memoria::default();
    for conexao in ouvinte.incoming() {
        if let Err(erro) = conexao.and_then(|c| atender(c, &mut memoria)) {
            println!("o cliente foi embora ({erro})");
        }
    }
    Ok(())
}

/// Responde a um pedido depois do outro, até o cliente encerrar.
fn atender(conexao: TcpStream, memoria: &mut Memoria) -> io::Result<()> {
    conexao.set_read_timeout(Some(PACIENCIA))?;
    conexao.set_write_timeout(Some(PACIENCIA))?;
    let mut leitor = BufReader::new(conexao);
    while let Some(pedido) = ler_pedido(&mut leitor)? {
        let (verbo, texto) = pedido.split_once(' ').unwrap_or((&pedido, ""));
        if verbo != "eco" {
            println!("pedido: {pedido}");
        }
        let conexao = leitor.get_mut();
        match verbo {
            "fatias" => pausado(conexao, TAMANHO_DA_FATIA, PAUSA_ENTRE_FATIAS)?,
            "gotas" => pausado(conexao, 1, PAUSA_ENTRE_GOTAS)?,
            "muda" => {}
            _ => match responder(verbo, texto, memoria) {
                Some(resposta) => conexao.write_all(resposta.as_bytes())?,
                None => return Ok(()), // encerra sem responder
            },
        }
    }
    Ok(())
}

/// Lê uma linha; de uma que passa do limite, deixa o resto sem ler.
fn ler_pedido(leitor: &mut BufReader<TcpStream>) -> io::Result<Option<String>> {
    let mut linha = String::new();
    leitor.take(LINHA_MAXIMA).read_line(&mut linha)?;
    if linha.len() as u64 == LINHA_MAXIMA && !linha.ends_with('\n') {
        println!("pedido longo demais: parei de ler");
        thread::sleep(PACIENCIA);
        return Ok(None);
    }
    Ok(linha.strip_suffix('\n').map(str::to_owned))
}

/// A resposta, ou nada se a conexão deve cair sem ela.
fn responder(
    verbo: &str,
    texto: &str,
    memoria: &mut Memoria,
) -> Option<String> {
    match verbo {
        "agora" => Some("agora mesmo\n".into()),
        "eco" => Some(format!("{texto}\n")),
        "derruba" => {
            memoria.derrubadas += 1;
            (memoria.derrubadas > 2).then(|| "até que enfim\n".into())
        }
        "soma" => {
            memoria.somas += 1;
            memoria.total += texto.trim().parse::<i64>().unwrap_or(0);
            println!("o total agora é {}", memoria.total);
            (memoria.somas > 1).then(|| format!("total {}\n", memoria.total))
        }
        _ => Some("não conheço esse pedido\n".into()),
    }
}

/// Envia a resposta aos pedaços, com uma pausa depois de cada um.
fn pausado(
    conexao: &mut TcpStream,
    tamanho: usize,
    pausa: Duration,
) -> io::Result<()> {
    conexao.set_nodelay(true)?;
    for pedaco in RESPOSTA.chunks(tamanho) {
        conexao.write_all(pedaco)?;
        thread::sleep(pausa);
    }
    Ok(())
}
