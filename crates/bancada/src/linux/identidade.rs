//! Quem é este pacote na conversa, para que a mesma semente estrague o mesmo
//! pedaço dela em outra execução.
//!
//! Contar pacotes não chega: um ACK a mais, por causa do relógio, mudaria a
//! sorte de todos os seguintes. Um segmento TCP com dados é o trecho do fluxo
//! que ele leva e a vez em que o leva; os outros pacotes contam-se entre si.

use std::collections::HashMap;
use std::net::IpAddr;

use etherparse::{LaxPacketHeaders, TransportHeader};

use super::pacote::rotulo;

/// Trechos do fluxo, em bytes: a carga de um segmento em Ethernet com a opção
/// de tempos (1500 − 20 − 32).
const TRECHO: u32 = 1448;

/// Os números que identificam um pacote; entram na mistura da semente.
pub type Identidade = [u64; 3];

/// O que já passou por um sentido da rede.
#[derive(Default)]
pub struct Identidades {
    fluxos: HashMap<Fluxo, Numerado>,
    vezes: HashMap<(u64, u32), u64>,
    outros: u64,
}

#[derive(PartialEq, Eq, Hash)]
struct Fluxo(IpAddr, u16, IpAddr, u16);

/// Um fluxo TCP: a ordem em que apareceu e o primeiro número de sequência.
#[derive(Clone, Copy)]
struct Numerado {
    ordem: u64,
    inicio: u32,
}

impl Identidades {
    /// A identidade do próximo pacote; a mesma nunca se repete.
    pub fn proxima(&mut self, pacote: &[u8]) -> Identidade {
        if let Some((fluxo, trecho)) = self.trecho(pacote) {
            let vezes = self.vezes.entry((fluxo, trecho)).or_default();
            *vezes += 1;
            // O fluxo 0 é dos outros pacotes.
            return [fluxo + 1, trecho.into(), *vezes];
        }
        self.outros += 1;
        [0, 0, self.outros]
    }

    /// O fluxo e o trecho dele que o segmento leva, se leva dados.
    fn trecho(&mut self, pacote: &[u8]) -> Option<(u64, u32)> {
        let rotulo = rotulo(pacote)?;
        let partes = LaxPacketHeaders::from_ip(pacote).ok()?;
        let Some(TransportHeader::Tcp(tcp)) = &partes.transport else {
            return None;
        };
        let Numerado { ordem, inicio } = self.numerar(
            Fluxo(
                rotulo.origem,
                tcp.source_port,
                rotulo.destino,
                tcp.destination_port,
            ),
            tcp.sequence_number,
            tcp.syn,
        );
        let leva_dados = !partes.payload.slice().is_empty();
        let posicao = tcp.sequence_number.wrapping_sub(inicio);
        leva_dados.then_some((ordem, posicao / TRECHO))
    }

    /// Um SYN com outro número começa um fluxo novo nas mesmas portas.
    fn numerar(&mut self, fluxo: Fluxo, seq: u32, syn: bool) -> Numerado {
        let ordem = self.fluxos.len() as u64;
        let novo = Numerado { ordem, inicio: seq };
        let conhecido = self.fluxos.entry(fluxo).or_insert(novo);
        if syn && conhecido.inicio != seq {
            conhecido.inicio = seq;
        }
        *conhecido
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::PacketBuilder;

    fn segmento(porta: u16, seq: u32, carga: usize) -> Vec<u8> {
        let mut pacote = Vec::new();
        PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
            .tcp(porta, 7000, seq, 100)
            .write(&mut pacote, &vec![0; carga])
            .unwrap();
        pacote
    }

    #[test]
    fn um_segmento_e_o_trecho_que_leva_e_a_vez() {
        let mut ids = Identidades::default();
        let isn = u32::MAX - 10;
        assert_eq!(ids.proxima(&segmento(5, isn, 0)), [0, 0, 1]);
        let primeiro = segmento(5, isn.wrapping_add(1), 1448);
        assert_eq!(ids.proxima(&primeiro), [1, 0, 1]);
        let segundo = segmento(5, isn.wrapping_add(1 + 1448), 1448);
        assert_eq!(ids.proxima(&segundo), [1, 1, 1]);
        assert_eq!(ids.proxima(&primeiro), [1, 0, 2]);
        assert_eq!(ids.proxima(&segmento(6, 9, 10)), [2, 0, 1]);
        assert_eq!(ids.proxima(b"nada"), [0, 0, 2]);
    }
}
