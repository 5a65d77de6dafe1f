//! TCP e UDP: portas, bits de controle, opções e onde estão os dados.

use etherparse::{TcpOptionElement, TcpSlice, UdpSlice};

use crate::camadas::TipoDeCamada;
use crate::decodificar::{dentro, marcar, onde};
use crate::pacote::{Conteudo, Flags, Opcoes, Pacote, Tcp, Udp};

const TAMANHO_UDP: usize = 8;

fn portas(pacote: &mut Pacote, origem: u16, destino: u16) {
    pacote.origem = pacote.origem.map(|ponta| ponta.na_porta(origem));
    pacote.destino = pacote.destino.map(|ponta| ponta.na_porta(destino));
}

pub(super) fn tcp(
    pacote: &mut Pacote,
    bytes: &[u8],
    tcp: &TcpSlice<'_>,
    fim: usize,
) {
    let cabecalho = onde(bytes, tcp.header_slice());
    let dados = cabecalho.end..fim.max(cabecalho.end);
    portas(pacote, tcp.source_port(), tcp.destination_port());
    let comprimento = dados.len();
    marcar(pacote, TipoDeCamada::Tcp, cabecalho, bytes);
    marcar(pacote, TipoDeCamada::Dados, dados.clone(), bytes);
    pacote.conteudo = Conteudo::Tcp(Tcp {
        seq: tcp.sequence_number(),
        ack: tcp.acknowledgment_number(),
        flags: flags_de(tcp),
        janela: tcp.window_size(),
        opcoes: opcoes_de(tcp),
        dados: dentro(&dados, bytes),
        comprimento,
    });
}

fn flags_de(tcp: &TcpSlice<'_>) -> Flags {
    let bits = [
        (tcp.fin(), Flags::FIN),
        (tcp.syn(), Flags::SYN),
        (tcp.rst(), Flags::RST),
        (tcp.psh(), Flags::PSH),
        (tcp.ack(), Flags::ACK),
        (tcp.urg(), Flags::URG),
        (tcp.ece(), Flags::ECE),
        (tcp.cwr(), Flags::CWR),
        (tcp.ns(), Flags::AE),
    ];
    let ligados = bits.iter().filter(|(ligado, _)| *ligado);
    Flags(ligados.fold(0, |soma, (_, flag)| soma | flag.0))
}

fn opcoes_de(tcp: &TcpSlice<'_>) -> Opcoes {
    let mut opcoes = Opcoes::default();
    // O iterador para na primeira opção que não entende.
    for elemento in tcp.options_iterator().map_while(Result::ok) {
        match elemento {
            TcpOptionElement::Noop => {}
            TcpOptionElement::MaximumSegmentSize(mss) => {
                opcoes.mss = Some(mss);
            }
            TcpOptionElement::WindowScale(escala) => {
                opcoes.escala = Some(escala);
            }
            TcpOptionElement::SelectiveAcknowledgementPermitted => {
                opcoes.sack_permitido = true;
            }
            TcpOptionElement::SelectiveAcknowledgement(um, outros) => {
                opcoes.sack.push(um);
                opcoes.sack.extend(outros.into_iter().flatten());
            }
            TcpOptionElement::Timestamp(tempo, eco) => {
                opcoes.tempos = Some((tempo, eco));
            }
        }
    }
    opcoes
}

pub(super) fn udp(pacote: &mut Pacote, bytes: &[u8], udp: &UdpSlice<'_>) {
    let inicio = onde(bytes, udp.slice()).start;
    let cabecalho = inicio..inicio + TAMANHO_UDP;
    let fim = match udp.length() {
        0 => bytes.len(),
        total => inicio + usize::from(total).max(TAMANHO_UDP),
    };
    let dados = cabecalho.end..fim;
    portas(pacote, udp.source_port(), udp.destination_port());
    marcar(pacote, TipoDeCamada::Udp, cabecalho, bytes);
    marcar(pacote, TipoDeCamada::Dados, dados.clone(), bytes);
    pacote.conteudo = Conteudo::Udp(Udp {
        comprimento: dados.len(),
        dados: dentro(&dados, bytes),
    });
}
