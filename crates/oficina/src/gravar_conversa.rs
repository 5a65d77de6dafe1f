//! O que há de constante em uma conversa gravada: quem disse o quê, com que
//! flags, números relativos, carga e estados. Portas, números iniciais e
//! tempos mudam a cada vez e ficam de fora.

use fio::{Captura, Conteudo, Conversa, Direcao, Mensagem};

/// Quantos bytes da carga o relato mostra.
const CARGA_MOSTRADA: usize = 24;

/// Uma linha por mensagem (ou, em uma rede ruim, por sentido).
#[derive(Debug, PartialEq, Eq)]
pub struct Relato(Vec<String>);

impl Relato {
    /// O relato das conversas da captura. Em uma rede ruim o que se repete e
    /// quando depende de relógios; o que chega, e que algo se perdeu, não.
    pub fn da_captura(captura: &Captura, rede_ruim: bool) -> Self {
        let conversas = captura.conversas();
        let linhas = if rede_ruim {
            conversas.iter().flat_map(resumir).collect()
        } else {
            conversas.iter().flat_map(detalhar).collect()
        };
        Self(linhas)
    }

    /// Onde os dois relatos se separam, para o leitor.
    pub fn diferenca(&self, outro: &Self) -> String {
        let iguais = self
            .0
            .iter()
            .zip(&outro.0)
            .take_while(|(antes, agora)| antes == agora)
            .count();
        let linha = |relato: &Self| {
            relato.0.get(iguais).cloned().unwrap_or("(fim)".to_owned())
        };
        format!(
            "a conversa mudou na mensagem {}\n    gravada: {}\n    agora:   {}",
            iguais + 1,
            linha(self),
            linha(outro)
        )
    }
}

fn detalhar(conversa: &Conversa) -> Vec<String> {
    let protocolo = conversa.protocolo.nome();
    conversa
        .mensagens
        .iter()
        .map(|mensagem| format!("{protocolo} {}", descrever(mensagem)))
        .collect()
}

fn descrever(mensagem: &Mensagem) -> String {
    let mut partes = vec![seta(mensagem.direcao).to_owned()];
    if let Some(flags) = mensagem.flags() {
        partes.push(flags.to_string());
    }
    if let Some(numeros) = &mensagem.tcp {
        partes.push(format!("seq {}", numeros.seq));
        partes.extend(numeros.ack.map(|ack| format!("ack {ack}")));
    }
    partes.push(match &mensagem.pacote.conteudo {
        // Devolve o começo de outro pacote, com portas e somas que mudam.
        Conteudo::Icmp(icmp) if icmp.citado.is_some() => {
            format!("erro ICMP {}.{}", icmp.tipo, icmp.codigo)
        }
        _ => carga(mensagem.dados()),
    });
    if let Some(estados) = &mensagem.estados {
        partes.push(format!("{estados:?}"));
    }
    partes.extend(mensagem.marcas.nomes().iter().map(|n| (*n).to_owned()));
    partes.join(", ")
}

fn seta(direcao: Direcao) -> &'static str {
    match direcao {
        Direcao::Ida => "→",
        Direcao::Volta => "←",
    }
}

/// Tamanho, começo e um resumo da carga inteira.
fn carga(dados: &[u8]) -> String {
    let inicio = &dados[..dados.len().min(CARGA_MOSTRADA)];
    let texto = inicio.escape_ascii();
    format!("{} bytes “{texto}” {:08x}", dados.len(), resumo(dados))
}

/// FNV-1a de 32 bits.
fn resumo(dados: &[u8]) -> u32 {
    dados.iter().fold(0x811C_9DC5, |h, byte| {
        (h ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

/// De cada sentido: os bytes que o fluxo leva, na ordem, e se houve perdas.
fn resumir(conversa: &Conversa) -> Vec<String> {
    [Direcao::Ida, Direcao::Volta]
        .into_iter()
        .map(|direcao| {
            let mensagens =
                || conversa.mensagens.iter().filter(|m| m.direcao == direcao);
            let perdeu = mensagens().any(|m| m.marcas.perdida);
            format!(
                "{} {} {}, {}",
                conversa.protocolo.nome(),
                seta(direcao),
                carga(&fluxo(mensagens())),
                if perdeu { "com perdas" } else { "sem perdas" }
            )
        })
        .collect()
}

/// Os bytes de um sentido: em TCP, sem as repetições.
fn fluxo<'a>(mensagens: impl Iterator<Item = &'a Mensagem>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for mensagem in mensagens {
        let dados = mensagem.dados();
        let Some(numeros) = &mensagem.tcp else {
            bytes.extend_from_slice(dados);
            continue;
        };
        // O byte de número relativo 1 é o primeiro do fluxo.
        let inicio = (numeros.seq as usize).saturating_sub(1);
        let fim = inicio + dados.len();
        if bytes.len() < fim {
            bytes.resize(fim, 0);
        }
        bytes[inicio..fim].copy_from_slice(dados);
    }
    bytes
}
