//! Um socket UDP do palco, e uma rede que perde, repete e embaralha.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use super::cena::{Cena, Espera, Vigilia};
use super::conexao::{devagar, do_palco};
use super::entrega::Rede;
use super::espera_do_sistema::{Interesse, esperar_socket};
use super::evidencia::{Desfecho, Evidencia};
use super::programa::Situacao;
use super::sorte::Sorte;
use super::transcricao::amostra;
use super::veredicto::{Interrupcao, Passo};
use crate::erros_classicos::Codigo;

/// O maior datagrama que existe, com folga.
const MAIOR_DATAGRAMA: usize = 65_536;

/// Um datagrama que chegou.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagrama {
    pub de: SocketAddr,
    pub bytes: Vec<u8>,
}

/// Um socket UDP do palco, com uma rede no meio.
pub struct Datagramas {
    cena: Arc<Cena>,
    nome: String,
    socket: UdpSocket,
    rede: Rede,
    sorte: Sorte,
    /// Para onde `enviar` envia: o programa, quando se sabe onde ele está.
    pub(super) destino: Option<SocketAddr>,
    /// Se o programa é um servidor, que só responde de onde recebe.
    pub(super) serve: bool,
    /// O que a rede guarda para entregar depois do próximo.
    atrasado: Option<Vec<u8>>,
    /// O que chegou e a rede já decidiu entregar.
    chegados: VecDeque<Datagrama>,
    enviado: Vec<u8>,
    /// O que a rede já entregou ao programa, na ordem.
    entregues: Vec<Vec<u8>>,
}

impl Datagramas {
    pub(super) fn novo(
        cena: Arc<Cena>,
        nome: &str,
        socket: UdpSocket,
        rede: Rede,
        sorte: Sorte,
    ) -> Datagramas {
        Datagramas {
            cena,
            nome: nome.to_owned(),
            socket,
            rede,
            sorte,
            destino: None,
            serve: false,
            atrasado: None,
            chegados: VecDeque::new(),
            enviado: Vec::new(),
            entregues: Vec::new(),
        }
    }

    /// O endereço deste socket.
    pub fn endereco(&self) -> Passo<SocketAddr> {
        self.socket.local_addr().map_err(do_palco)
    }

    /// O que já foi entregue ao programa, na ordem em que chegou a ele.
    pub fn entregues(&self) -> &[Vec<u8>] {
        &self.entregues
    }

    /// O socket, para o que o palco não oferece pronto.
    pub fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    /// Envia ao programa através da rede: pode se perder, chegar duas vezes ou
    /// depois do próximo. O que a rede fez fica na transcrição.
    pub fn enviar(&mut self, mensagem: &[u8]) -> Passo<()> {
        let texto = amostra(mensagem);
        match self.rede {
            Rede::Perda if self.sorte.uma_em(3) => {
                self.narrar("enviei", &format!("{texto}: a rede perdeu"));
                return Ok(());
            }
            Rede::Duplicata if self.sorte.uma_em(2) => {
                self.narrar("enviei", &format!("{texto}: chega duas vezes"));
                self.entregar(mensagem)?;
                return self.entregar(mensagem);
            }
            Rede::ForaDeOrdem if self.atrasado.is_none() => {
                self.narrar("enviei", &format!("{texto}: chega depois"));
                self.atrasado = Some(mensagem.to_vec());
                return Ok(());
            }
            _ => self.narrar("enviei", &texto),
        }
        self.entregar(mensagem)?;
        self.soltar_atrasado()
    }

    /// Entrega o que a rede ainda guardava para depois.
    pub fn soltar_atrasado(&mut self) -> Passo<()> {
        match self.atrasado.take() {
            Some(atrasado) => self.entregar(&atrasado),
            None => Ok(()),
        }
    }

    /// Envia sem a rede no meio.
    pub fn enviar_direto(&mut self, mensagem: &[u8]) -> Passo<()> {
        self.narrar("enviei", &amostra(mensagem));
        self.entregar(mensagem)
    }

    /// Envia ao programa a partir de outro socket: um estranho na conversa.
    pub fn enviar_de_estranho(&mut self, mensagem: &[u8]) -> Passo<()> {
        let ip = self.endereco()?.ip();
        let destino = self.destino_certo()?;
        let estranho = UdpSocket::bind((ip, 0)).map_err(do_palco)?;
        self.cena.anotar("estranho", "enviei", &amostra(mensagem));
        estranho
            .send_to(mensagem, destino)
            .map(drop)
            .map_err(do_palco)
    }

    /// Um datagrama que vem da mesma porta que este socket, em outro endereço
    /// de loopback; nada, onde o sistema não tem um segundo (M30).
    pub fn enviar_de_outro_host(&mut self, mensagem: &[u8]) -> Passo<()> {
        let outro = (Ipv4Addr::new(127, 0, 0, 2), self.endereco()?.port());
        let destino = self.destino_certo()?;
        let estranho = UdpSocket::bind(outro).ok();
        let Some(estranho) = estranho.filter(|_| destino.is_ipv4()) else {
            return Ok(());
        };
        self.cena.anotar("outro host", "enviei", &amostra(mensagem));
        estranho
            .send_to(mensagem, destino)
            .map(drop)
            .map_err(do_palco)
    }

    /// Espera o próximo datagrama do programa; no modo *perda*, alguns dos que
    /// ele envia também se perdem (e a transcrição conta).
    pub fn receber(&mut self) -> Passo<Datagrama> {
        self.receber_com_paciencia(self.cena.relogio.paciencia())
    }

    /// O mesmo que [`Datagramas::receber`], com outra paciência: por exemplo,
    /// maior que o tempo limite do programa que deve retransmitir.
    pub fn receber_com_paciencia(
        &mut self,
        paciencia: Duration,
    ) -> Passo<Datagrama> {
        let rede = self.rede;
        self.receber_por(rede, paciencia)
    }

    /// Espera o próximo datagrama do programa, sem a rede no meio.
    pub fn receber_direto(&mut self) -> Passo<Datagrama> {
        self.receber_por(Rede::Direto, self.cena.relogio.paciencia())
    }

    fn receber_por(
        &mut self,
        rede: Rede,
        paciencia: Duration,
    ) -> Passo<Datagrama> {
        let cena = self.cena.clone();
        let mut vigilia = Vigilia::com_paciencia(&cena, paciencia);
        loop {
            let mut chegou = None;
            let espera = vigilia.aguardar(|fatia| {
                esperar_socket(&self.socket, Interesse::Leitura, fatia);
                chegou = self.ler_um();
                chegou.is_some()
            });
            let Some(datagrama) = chegou else {
                if espera == Espera::SemPrazo {
                    return Err(devagar());
                }
                return Err(self.nada_veio(espera));
            };
            let texto = amostra(&datagrama.bytes);
            self.conferir_origem(&datagrama, &texto)?;
            if rede == Rede::Perda && self.sorte.uma_em(3) {
                self.narrar("perdi", &format!("{texto}, de propósito"));
                vigilia.progresso();
                continue;
            }
            self.narrar("recebi", &texto);
            return Ok(datagrama);
        }
    }

    /// Um servidor responde de onde recebeu; um cliente diz agora onde está.
    fn conferir_origem(
        &mut self,
        datagrama: &Datagrama,
        texto: &str,
    ) -> Passo<()> {
        let de = datagrama.de;
        match self.destino.replace(de) {
            Some(destino) if self.serve && destino != de => {
                self.narrar("recebi", &format!("{texto}, de {de}"));
                Err(Interrupcao::falha(
                    Codigo::OutraOrigem,
                    format!("enviei a {destino}, e a resposta veio de {de}"),
                ))
            }
            _ => Ok(()),
        }
    }

    /// Espera um datagrama com exatamente estes bytes.
    pub fn esperar(&mut self, esperado: &[u8]) -> Passo<()> {
        let datagrama = self.receber().map_err(|erro| {
            self.narrar("esperava", &amostra(esperado));
            com_esperado(erro, esperado, &self.enviado)
        })?;
        self.comparar(&datagrama, esperado)
    }

    /// Confere que o datagrama recebido tem exatamente estes bytes.
    pub fn comparar(&self, recebido: &Datagrama, esperado: &[u8]) -> Passo<()> {
        if recebido.bytes == esperado {
            return Ok(());
        }
        self.narrar("esperava", &amostra(esperado));
        Err(Interrupcao::provada(Evidencia {
            esperado: esperado.to_vec(),
            recebido: recebido.bytes.clone(),
            desfecho: Desfecho::Diferente,
            enviado: self.enviado.clone(),
            por_enviar: 0,
            processador: None,
            segundos: 0.0,
            terminou: false,
            diagnosticada: false,
        }))
    }

    /// Confere que nada chega por este tempo, que passa inteiro quando tudo
    /// vai bem.
    pub fn esperar_silencio(&mut self, quanto: Duration) -> Passo<()> {
        esperar_socket(&self.socket, Interesse::Leitura, quanto);
        match self.ler_um() {
            None => {
                self.narrar("não recebi", "nada, como devia ser");
                Ok(())
            }
            Some(datagrama) => {
                self.narrar("recebi", &amostra(&datagrama.bytes));
                Err(Interrupcao::falha(
                    Codigo::Diferente,
                    format!(
                        "esperava silêncio; chegou {}",
                        amostra(&datagrama.bytes)
                    ),
                ))
            }
        }
    }

    fn entregar(&mut self, mensagem: &[u8]) -> Passo<()> {
        let destino = self.destino_certo()?;
        self.enviado.extend(mensagem);
        self.entregues.push(mensagem.to_vec());
        self.socket
            .send_to(mensagem, destino)
            .map(drop)
            .map_err(do_palco)
    }

    fn destino_certo(&self) -> Passo<SocketAddr> {
        self.destino.ok_or_else(|| {
            Interrupcao::Inconclusiva(
                "a etapa quis responder antes de receber".to_owned(),
            )
        })
    }

    fn ler_um(&mut self) -> Option<Datagrama> {
        if let Some(guardado) = self.chegados.pop_front() {
            return Some(guardado);
        }
        let mut buffer = vec![0; MAIOR_DATAGRAMA];
        loop {
            match self.socket.recv_from(&mut buffer) {
                Ok((lidos, de)) => {
                    buffer.truncate(lidos);
                    return Some(Datagrama { de, bytes: buffer });
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }

    fn nada_veio(&self, espera: Espera) -> Interrupcao {
        self.narrar("esperava", "um datagrama do programa");
        let situacao = self.cena.situacao();
        if let Situacao::Encerrado { .. } = situacao {
            return Interrupcao::falha(
                Codigo::Encerrou,
                "esperava um datagrama, e o programa terminou",
            );
        }
        let (segundos, processador) = match espera {
            Espera::Silencio {
                segundos,
                processador,
            } => (segundos, processador),
            _ => (0.0, None),
        };
        let codigo = match self.destino {
            Some(_) => Codigo::Calado,
            None => Codigo::NaoEnvia,
        };
        let mut falha = Interrupcao::provada(Evidencia {
            esperado: b"?".to_vec(),
            recebido: Vec::new(),
            desfecho: Desfecho::Silencio,
            enviado: self.enviado.clone(),
            por_enviar: 0,
            processador,
            segundos,
            terminou: false,
            diagnosticada: false,
        });
        if let Interrupcao::Falha(falha) = &mut falha {
            falha.codigo = codigo;
            "esperava um datagrama; não chegou nenhum"
                .clone_into(&mut falha.mensagem);
        }
        falha
    }

    pub(super) fn narrar(&self, verbo: &'static str, detalhe: &str) {
        self.cena.anotar(&self.nome, verbo, detalhe);
    }
}

fn com_esperado(
    mut erro: Interrupcao,
    esperado: &[u8],
    enviado: &[u8],
) -> Interrupcao {
    if let Interrupcao::Falha(falha) = &mut erro
        && let Some(prova) = &mut falha.evidencia
    {
        prova.esperado = esperado.to_vec();
        prova.enviado = enviado.to_vec();
    }
    erro
}
