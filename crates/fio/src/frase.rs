//! As palavras: o que um pacote leva e o que ele faz, em português.

use std::fmt::Write as _;
use std::time::Duration;

use crate::conversa::Mensagem;
use crate::pacote::{Arp, Conteudo, Flags, Icmp, Pacote};

/// Quantos caracteres dos dados valem a pena guardar para mostrar.
const MAIOR_TRECHO: usize = 64;

/// Um número inteiro com ponto de milhar.
pub(crate) fn inteiro(numero: u64) -> String {
    let digitos = numero.to_string();
    let mut texto = String::new();
    for (i, digito) in digitos.chars().enumerate() {
        if i > 0 && (digitos.len() - i).is_multiple_of(3) {
            texto.push('.');
        }
        texto.push(digito);
    }
    texto
}

/// “1 byte”, “12 bytes”, “1.460 bytes”.
pub(crate) fn bytes(quantos: usize) -> String {
    plural(quantos, "byte", "bytes")
}

/// Um número e o nome do que se conta, no singular ou no plural.
pub(crate) fn plural(quantos: usize, um: &str, muitos: &str) -> String {
    let nome = if quantos == 1 { um } else { muitos };
    format!("{} {nome}", inteiro(quantos as u64))
}

/// Segundos com seis casas, como o `tcpdump` os mostra, com vírgula.
pub(crate) fn segundos(tempo: Duration) -> String {
    format!("{}.{:06}", tempo.as_secs(), tempo.subsec_micros())
        .replace('.', ",")
}

/// Uma duração com a unidade que a deixa curta: “1,25 s”, “210 ms”, “35 µs”.
pub(crate) fn duracao(tempo: Duration) -> String {
    let micros = tempo.as_micros();
    let texto = match micros {
        0 => return "0".to_owned(),
        1..1_000 => return format!("{micros} µs"),
        1_000..10_000 => format!("{:.1} ms", micros as f64 / 1e3),
        10_000..1_000_000 => format!("{:.0} ms", micros as f64 / 1e3),
        _ => format!("{:.2} s", tempo.as_secs_f64()),
    };
    texto.replace('.', ",")
}

/// Os dados como texto, se são texto: UTF-8 sem caracteres de controle.
///
/// Fim de linha vira `↵` e tabulação vira `⇥`; o que passa do limite vira `…`.
pub(crate) fn trecho(dados: &[u8]) -> Option<String> {
    let texto = match std::str::from_utf8(dados) {
        Ok(texto) => texto,
        // Um segmento pode terminar no meio de um caractere.
        Err(erro) if erro.error_len().is_none() && erro.valid_up_to() > 0 => {
            std::str::from_utf8(&dados[..erro.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    if texto.is_empty() || texto.chars().any(escondido) {
        return None;
    }
    let limpo = texto.replace("\r\n", "↵").replace('\n', "↵");
    let limpo = limpo.replace('\t', "⇥");
    Some(encurtar(&limpo, MAIOR_TRECHO))
}

fn escondido(letra: char) -> bool {
    let quebra = matches!(letra, '\n' | '\r' | '\t');
    // Marcas de direção trocariam a ordem do texto em volta.
    let direcao = matches!(letra,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}');
    (letra.is_control() && !quebra) || direcao
}

/// Corta em `limite` caracteres, com reticências.
pub(crate) fn encurtar(texto: &str, limite: usize) -> String {
    if texto.chars().count() <= limite {
        return texto.to_owned();
    }
    let inicio: String = texto.chars().take(limite.max(1) - 1).collect();
    format!("{inicio}…")
}

/// O nome do pacote: os bits do TCP, ou o protocolo.
pub(crate) fn rotulo(pacote: &Pacote) -> String {
    match &pacote.conteudo {
        Conteudo::Tcp(tcp) if tcp.flags == Flags::default() => {
            "TCP sem flags".to_owned()
        }
        Conteudo::Tcp(tcp) => tcp.flags.to_string(),
        Conteudo::Udp(_) => "UDP".to_owned(),
        Conteudo::Icmp(icmp) if icmp.v6 => "ICMPv6".to_owned(),
        Conteudo::Icmp(_) => "ICMP".to_owned(),
        Conteudo::Arp(_) => "ARP".to_owned(),
        Conteudo::Outro(nome) => nome.clone(),
    }
}

/// O que o pacote leva, em duas partes: o trecho e o tamanho.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Carga {
    /// Texto entre aspas, ou o que a mensagem diz.
    pub trecho: Option<String>,
    /// Se o trecho são dados do programa, que vão entre aspas.
    pub citado: bool,
    /// “12 bytes”, quando há dados.
    pub tamanho: Option<String>,
}

impl Carga {
    /// As duas partes em uma linha de até `limite` caracteres de trecho.
    pub fn linha(&self, limite: usize) -> String {
        let trecho = self.trecho.as_ref().map(|trecho| {
            let trecho = encurtar(trecho, limite);
            if self.citado {
                format!("“{trecho}”")
            } else {
                trecho
            }
        });
        let partes: Vec<String> =
            trecho.into_iter().chain(self.tamanho.clone()).collect();
        partes.join(" · ")
    }
}

/// O que o pacote leva.
pub(crate) fn carga(pacote: &Pacote) -> Carga {
    let quantos = pacote.comprimento_dos_dados();
    let (fala, citado) = match &pacote.conteudo {
        Conteudo::Tcp(_) | Conteudo::Udp(_) => (trecho(pacote.dados()), true),
        Conteudo::Icmp(icmp) => (Some(icmp_por_extenso(icmp)), false),
        Conteudo::Arp(arp) => (Some(arp_por_extenso(pacote, arp)), false),
        Conteudo::Outro(_) => (None, false),
    };
    let conta = match &pacote.conteudo {
        Conteudo::Tcp(_) => quantos > 0,
        Conteudo::Udp(_) => true,
        Conteudo::Icmp(icmp) => icmp.eco.is_some() && quantos > 0,
        _ => false,
    };
    let tamanho = conta.then(|| bytes(quantos));
    Carga {
        trecho: fala,
        citado,
        tamanho,
    }
}

fn arp_por_extenso(pacote: &Pacote, arp: &Arp) -> String {
    let (Some(de), Some(para)) = (pacote.origem, pacote.destino) else {
        return "ARP".to_owned();
    };
    match arp.operacao {
        1 if de == para => format!("{de} é meu"),
        1 => format!("quem tem {para}?"),
        2 => format!("{de} está em {}", fisico(arp.fisico)),
        outra => format!("operação {outra}"),
    }
}

fn fisico(endereco: [u8; 6]) -> String {
    let pares: Vec<String> =
        endereco.iter().map(|byte| format!("{byte:02x}")).collect();
    pares.join(":")
}

/// O nome da mensagem ICMP (RFC 792) ou ICMPv6 (RFC 4443 e RFC 4861).
pub(crate) fn icmp_por_extenso(icmp: &Icmp) -> String {
    let eco = icmp
        .eco
        .map_or(String::new(), |(_, seq)| format!(" nº {seq}"));
    let alvo = icmp.alvo.map_or(String::new(), |alvo| alvo.to_string());
    let fixo = match (icmp.v6, icmp.tipo, icmp.codigo) {
        (false, 0, _) | (true, 129, _) => {
            return format!("resposta de eco{eco}");
        }
        (false, 8, _) | (true, 128, _) => return format!("pedido de eco{eco}"),
        (true, 135, _) => return format!("quem tem {alvo}?"),
        (true, 136, _) => return format!("{alvo} está aqui"),
        (false, 3, 0) | (true, 1, 0) => "rede inalcançável",
        (false, 3, 1) | (true, 1, 3) => "host inalcançável",
        (false, 3, 2) => "protocolo inalcançável",
        (false, 3, 3) | (true, 1, 4) => "porta inalcançável",
        (false, 3, 4) => "precisa fragmentar, e não pode",
        (false, 3, 9 | 10 | 13) | (true, 1, 1) => "proibido por um filtro",
        (false, 3, _) | (true, 1, _) => "destino inalcançável",
        (true, 2, _) => "pacote grande demais",
        (false, 5, _) | (true, 137, _) => "use outro caminho",
        (false, 11, 0) | (true, 3, 0) => "TTL esgotado no caminho",
        (false, 11, _) | (true, 3, _) => "fragmentos não chegaram a tempo",
        (false, 12, _) | (true, 4, _) => "cabeçalho errado",
        (true, 133, _) => "procura um roteador",
        (true, 134, _) => "anuncia um roteador",
        (true, 143, _) => "entra em um grupo multicast",
        (_, tipo, codigo) => return format!("tipo {tipo}, código {codigo}"),
    };
    fixo.to_owned()
}

/// Uma frase curta: “o cliente envia 12 bytes”.
pub(crate) fn acao(mensagem: &Mensagem, quem: &str) -> String {
    let mut frase = match &mensagem.pacote.conteudo {
        Conteudo::Tcp(tcp) => acao_tcp(tcp.flags, tcp.comprimento, quem),
        Conteudo::Udp(udp) => {
            format!("{quem} envia um datagrama de {}", bytes(udp.comprimento))
        }
        Conteudo::Icmp(icmp) => {
            format!("{quem} diz: {}", icmp_por_extenso(icmp))
        }
        Conteudo::Arp(arp) if arp.operacao == 1 => {
            format!(
                "{quem} pergunta {}",
                arp_por_extenso(&mensagem.pacote, arp)
            )
        }
        Conteudo::Arp(arp) => {
            format!(
                "{quem} responde {}",
                arp_por_extenso(&mensagem.pacote, arp)
            )
        }
        Conteudo::Outro(nome) => format!("{quem} envia {nome}"),
    };
    for marca in mensagem.marcas.nomes() {
        let _ = write!(frase, " ({marca})");
    }
    frase
}

fn acao_tcp(flags: Flags, comprimento: usize, quem: &str) -> String {
    let dados = match comprimento {
        0 => String::new(),
        quantos => format!("envia {}", bytes(quantos)),
    };
    let resto = if flags.tem(Flags::RST) {
        "desiste da conexão"
    } else if flags.tem(Flags::SYN) && flags.tem(Flags::ACK) {
        "aceita a conexão"
    } else if flags.tem(Flags::SYN) {
        "pede uma conexão"
    } else if flags.tem(Flags::FIN) {
        "avisa que não envia mais nada"
    } else if comprimento == 0 {
        "confirma o que recebeu"
    } else {
        ""
    };
    match (dados.is_empty(), resto.is_empty()) {
        (false, false) => format!("{quem} {dados} e {resto}"),
        (false, true) => format!("{quem} {dados}"),
        _ => format!("{quem} {resto}"),
    }
}
