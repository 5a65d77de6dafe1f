//! Uma conexão do palco com o programa, TCP ou Unix: enviar.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::Socket;

use super::cena::{Cena, Espera, Vigilia};
use super::entrega::Entrega;
use super::espera_do_sistema::{Interesse, esperar_socket};
use super::evidencia::{Desfecho, bytes};
use super::leitura_do_par::Sonda;
use super::transcricao::amostra;
use super::veredicto::Interrupcao;
use super::veredicto::Passo;
use crate::erro_do_sistema::em_portugues;

/// Quanto o modo gota a gota espera, somado, o programa ler cada byte.
const ESPERA_DAS_GOTAS: Duration = Duration::from_millis(30);

/// Depois de quanto tempo sem aceitar um byte uma conexão está cheia, se não
/// se vê o que o programa está fazendo.
const CHEIO: Duration = Duration::from_millis(30);

/// O mesmo, se o programa dorme com bytes por ler: ele está parado em uma
/// escrita.
const CHEIO_E_PARADO: Duration = Duration::from_millis(4);

/// Quanto o leitor lento deixa um programa parado antes de começar a ler: mais
/// do que o tempo limite de uma escrita apressada.
const INSISTENCIA: Duration = Duration::from_millis(8);

/// De quanto em quanto tempo se olha o que o programa faz.
const OLHADA: Duration = Duration::from_millis(2);

/// Quanto se insiste em encher a conexão de um programa que anda devagar.
const TEMPO_DE_ENCHER: Duration = Duration::from_secs(2);

/// O buffer de recepção do leitor lento depois que ele começa a ler.
const BUFFER_DE_QUEM_LE: usize = 1024 * 1024;

/// Quanto cabe em uma leitura do palco.
const TAMANHO_DO_BUFFER: usize = 64 * 1024;

/// Quanto do que foi enviado fica guardado para reconhecer bytes velhos.
const MEMORIA: usize = 64 * 1024;

/// Uma ponta de conexão com o programa conferido.
pub struct Conexao {
    pub(super) cena: Arc<Cena>,
    pub(super) nome: String,
    pub(super) fluxo: Socket,
    pub(super) entrega: Entrega,
    /// O que chegou e nenhuma expectativa consumiu ainda.
    pub(super) entrada: Vec<u8>,
    /// Como o outro lado encerrou, se encerrou.
    pub(super) fim: Option<Desfecho>,
    /// O fim do que já foi enviado.
    pub(super) enviado: Vec<u8>,
    /// O que não pôde ser enviado porque o outro lado fechou.
    pub(super) por_enviar: usize,
    buffer: Vec<u8>,
    sonda: Sonda,
    /// Se o leitor lento já começou a ler.
    lendo: bool,
    /// Se cada byte que chega é confirmado (ACK) na hora, e não depois de
    /// 40 ms: um programa com o algoritmo de Nagle ligado espera por isso.
    confirmar_logo: bool,
}

impl Conexao {
    pub(super) fn nova(
        cena: Arc<Cena>,
        nome: &str,
        fluxo: Socket,
        entrega: Entrega,
    ) -> Passo<Conexao> {
        let preparar = || -> io::Result<()> {
            fluxo.set_nonblocking(true)?;
            match da_rede(fluxo.local_addr()) {
                Ok(_) => fluxo.set_tcp_nodelay(true),
                // Um socket Unix não junta escritas.
                Err(_) => Ok(()),
            }
        };
        preparar().map_err(do_palco)?;
        Ok(Conexao {
            cena,
            nome: nome.to_owned(),
            fluxo,
            entrega,
            entrada: Vec::new(),
            fim: None,
            enviado: Vec::new(),
            por_enviar: 0,
            buffer: vec![0; TAMANHO_DO_BUFFER],
            sonda: Sonda::nova(),
            lendo: false,
            confirmar_logo: entrega == Entrega::Lento,
        })
    }

    /// O modo de entrega desta conexão.
    pub fn entrega(&self) -> Entrega {
        self.entrega
    }

    /// Daqui em diante, envia de outro modo. O leitor *lento* o é desde que
    /// conecta: este não muda.
    pub fn mudar_entrega(&mut self, entrega: Entrega) {
        self.entrega = entrega;
    }

    /// O endereço do programa nesta conexão.
    pub fn endereco_do_par(&self) -> io::Result<SocketAddr> {
        da_rede(self.fluxo.peer_addr())
    }

    /// O endereço do palco nesta conexão.
    pub fn endereco_local(&self) -> io::Result<SocketAddr> {
        da_rede(self.fluxo.local_addr())
    }

    /// O socket, para o que o palco não oferece pronto.
    pub fn socket(&self) -> &Socket {
        &self.fluxo
    }

    /// Envia uma mensagem no modo de entrega da conexão. Se o outro lado fecha
    /// no meio, o envio para; quem acusa é a próxima expectativa.
    pub fn enviar(&mut self, mensagem: &[u8]) -> Passo<()> {
        if mensagem.is_empty() {
            return Ok(());
        }
        self.narrar("enviei", &amostra(mensagem));
        match self.entrega {
            Entrega::GotaAGota => self.gotejar(mensagem),
            _ => self.escrever(mensagem),
        }
    }

    /// Envia várias mensagens: coladas em um segmento só no modo *colado*, uma
    /// de cada vez nos outros.
    pub fn enviar_mensagens(&mut self, mensagens: &[&[u8]]) -> Passo<()> {
        if self.entrega == Entrega::Colado {
            let tudo = mensagens.concat();
            let quantas = mensagens.len();
            self.narrar(
                "enviei",
                &format!("{quantas} mensagens juntas: {}", amostra(&tudo)),
            );
            return self.escrever(&tudo);
        }
        mensagens.iter().try_for_each(|m| self.enviar(m))
    }

    /// Envia cada parte em um segmento próprio, esperando o programa ler a
    /// anterior. Serve para cortar uma mensagem em um ponto escolhido.
    pub fn enviar_partes(&mut self, partes: &[&[u8]]) -> Passo<()> {
        let mut sobra = ESPERA_DAS_GOTAS;
        for parte in partes {
            self.narrar("enviei", &format!("o pedaço {}", amostra(parte)));
            self.escrever(parte)?;
            self.dar_tempo_de_ler(&mut sobra);
        }
        Ok(())
    }

    /// Envia sem ler nada, até o sistema não aceitar mais: daí em diante os
    /// buffers dos dois lados estão cheios, e quem devolve o que recebe está
    /// parado em uma escrita. Repete `bloco` até `maximo` bytes ou até
    /// [`TEMPO_DE_ENCHER`], e devolve quantos foram; quem acusa é a próxima
    /// expectativa.
    pub fn encher(&mut self, bloco: &[u8], maximo: usize) -> usize {
        let inicio = Instant::now();
        let mut enviados = 0;
        while enviados < maximo && inicio.elapsed() < TEMPO_DE_ENCHER {
            match (&self.fluxo).write(&bloco[enviados % bloco.len()..]) {
                Ok(escritos) => enviados += escritos,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    if !self.abriu_espaco(CHEIO_E_PARADO) {
                        break;
                    }
                }
                Err(_) => break,
            }
        }
        self.narrar("enviei", &format!("{}, sem ler", bytes(enviados)));
        enviados
    }

    /// Encerra o envio (FIN) e continua recebendo: o meio fechamento.
    pub fn meio_fechar(&mut self) -> Passo<()> {
        self.narrar("encerrei o envio", "(shutdown): não envio mais nada");
        // Se o outro lado já fechou, a próxima expectativa dirá.
        let _ = self.fluxo.shutdown(Shutdown::Write);
        Ok(())
    }

    /// Aborta a conexão: o outro lado recebe RST, não FIN.
    pub fn redefinir(self) -> Passo<()> {
        self.narrar("abortei", "a conexão (RST)");
        let ja = Some(Duration::ZERO);
        self.fluxo.set_linger(ja).map_err(do_palco)
    }

    /// Fecha a conexão nas duas direções.
    pub fn fechar(self) {
        self.narrar("fechei", "a conexão");
    }

    pub(super) fn narrar(&self, verbo: &'static str, detalhe: &str) {
        self.cena.anotar(&self.nome, verbo, detalhe);
    }

    fn gotejar(&mut self, mensagem: &[u8]) -> Passo<()> {
        let mut sobra = ESPERA_DAS_GOTAS;
        for (n, gota) in mensagem.chunks(1).enumerate() {
            if self.por_enviar > 0 {
                return self.escrever(&mensagem[n..]);
            }
            self.escrever(gota)?;
            self.dar_tempo_de_ler(&mut sobra);
        }
        Ok(())
    }

    /// Se o programa já leu tudo o que foi enviado; `None` se não se sabe.
    pub fn leu_tudo(&self) -> Option<bool> {
        self.sonda.leu_tudo(&self.fluxo)
    }

    /// Espera o programa ler o que já foi enviado, enquanto houver sobra de
    /// tempo: assim cada pedaço chega a ele em uma leitura própria.
    fn dar_tempo_de_ler(&mut self, sobra: &mut Duration) {
        self.confirmar_logo = true;
        let inicio = Instant::now();
        while inicio.elapsed() < *sobra && self.fim.is_none() {
            self.receber_o_que_houver();
            if self.leu_tudo() == Some(true) {
                break;
            }
            let fatia = Duration::from_millis(1);
            esperar_socket(&self.fluxo, Interesse::Leitura, fatia);
        }
        *sobra = sobra.saturating_sub(inicio.elapsed());
    }

    /// Escreve tudo, recebendo enquanto escreve para que ninguém trave.
    pub(super) fn escrever(&mut self, conteudo: &[u8]) -> Passo<()> {
        self.lembrar(conteudo);
        let cena = self.cena.clone();
        let mut vigilia = Vigilia::nova(&cena);
        let mut resto = conteudo;
        while !resto.is_empty() && !self.caiu() {
            match (&self.fluxo).write(resto) {
                Ok(escritos) => {
                    resto = &resto[escritos..];
                    vigilia.progresso();
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    match self.abrir_espaco(&mut vigilia) {
                        Espera::Pronto => {}
                        Espera::SemPrazo => return Err(devagar()),
                        _ => return self.nao_le(resto.len()),
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => {
                    self.receber_o_que_houver();
                    self.fim.get_or_insert(Desfecho::Redefinida);
                    self.por_enviar += resto.len();
                    let faltou = bytes(resto.len());
                    self.narrar(
                        "não enviei",
                        &format!("{faltou}: o programa já tinha fechado"),
                    );
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Se a conexão já foi redefinida: escrever mais não leva a nada.
    fn caiu(&self) -> bool {
        self.fim == Some(Desfecho::Redefinida)
    }

    /// Espera poder escrever, recebendo enquanto isso (o leitor lento insiste
    /// um pouco antes).
    fn abrir_espaco(&mut self, vigilia: &mut Vigilia) -> Espera {
        if self.entrega == Entrega::Lento && !self.lendo {
            if self.abriu_espaco(INSISTENCIA) {
                return Espera::Pronto;
            }
            self.comecar_a_ler();
        }
        let interesse = if self.fim.is_some() {
            Interesse::Escrita
        } else {
            Interesse::Ambos
        };
        let espera = vigilia
            .aguardar(|fatia| esperar_socket(&self.fluxo, interesse, fatia));
        if self.receber_o_que_houver() > 0 {
            vigilia.progresso();
        }
        espera
    }

    /// Se a conexão aceita mais bytes; senão, os buffers dos dois lados estão
    /// cheios: o programa dorme, com bytes por ler, há `parado`.
    fn abriu_espaco(&self, parado: Duration) -> bool {
        let inicio = Instant::now();
        let mut parado_desde = None;
        while inicio.elapsed() < CHEIO {
            let antes = Instant::now();
            if esperar_socket(&self.fluxo, Interesse::Escrita, OLHADA) {
                return true;
            }
            let ocupado = self.cena.programa().esforco().ocupado;
            let por_ler = self.leu_tudo() == Some(false);
            if ocupado == Some(false) && por_ler {
                let desde = parado_desde.get_or_insert(antes);
                if desde.elapsed() >= parado {
                    return false;
                }
            } else {
                parado_desde = None;
            }
        }
        false
    }

    /// O leitor lento já mostrou que não lê enquanto envia; daqui em diante o
    /// buffer de recepção cresce, para que a conferência não demore.
    pub(super) fn comecar_a_ler(&mut self) {
        if self.entrega == Entrega::Lento && !self.lendo {
            self.lendo = true;
            // Sem isso a etapa só fica mais lenta.
            let _ = self.fluxo.set_recv_buffer_size(BUFFER_DE_QUEM_LE);
        }
    }

    /// Se o leitor lento já encheu os buffers e passou a ler.
    pub(super) fn lendo(&self) -> bool {
        self.lendo
    }

    fn nao_le(&mut self, faltou: usize) -> Passo<()> {
        use crate::erros_classicos::Codigo;
        self.por_enviar += faltou;
        let faltou = bytes(faltou);
        Err(Interrupcao::falha(
            Codigo::Calado,
            format!(
                "o programa parou de ler: faltou enviar {faltou}, \
                 e a conexão está cheia"
            ),
        ))
    }

    fn lembrar(&mut self, conteudo: &[u8]) {
        let de = conteudo.len().saturating_sub(MEMORIA);
        self.enviado.extend(&conteudo[de..]);
        if self.enviado.len() > 2 * MEMORIA {
            let velhos = self.enviado.len() - MEMORIA;
            self.enviado.drain(..velhos);
        }
    }

    /// Recebe sem esperar; devolve quantos bytes chegaram.
    pub(super) fn receber_o_que_houver(&mut self) -> usize {
        let mut chegaram = 0;
        while self.fim.is_none() {
            match (&self.fluxo).read(&mut self.buffer) {
                Ok(0) => self.fim = Some(Desfecho::Fim),
                Ok(lidos) => {
                    self.entrada.extend(&self.buffer[..lidos]);
                    chegaram += lidos;
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => self.fim = Some(Desfecho::Redefinida),
            }
        }
        if self.confirmar_logo && chegaram > 0 {
            confirmar(&self.fluxo);
        }
        chegaram
    }
}

/// O endereço IP e a porta; um socket Unix não os tem.
pub(super) fn da_rede(
    endereco: io::Result<socket2::SockAddr>,
) -> io::Result<SocketAddr> {
    let sem_porta = io::ErrorKind::Unsupported;
    endereco?.as_socket().ok_or_else(|| sem_porta.into())
}

/// Confirma já o que chegou: TCP_QUICKACK, tcp(7). Vale só desta vez.
fn confirmar(fluxo: &Socket) {
    #[cfg(target_os = "linux")]
    // Em um socket Unix não há o que confirmar.
    let _ = fluxo.set_tcp_quickack(true);
    #[cfg(not(target_os = "linux"))]
    let _ = fluxo;
}

/// Um erro que é do palco, não do programa: não acusa ninguém.
#[expect(clippy::needless_pass_by_value, reason = "é o que map_err entrega")]
pub(super) fn do_palco(erro: io::Error) -> Interrupcao {
    let erro = em_portugues(&erro);
    Interrupcao::Inconclusiva(format!("o sistema não deixou conferir: {erro}"))
}

/// O prazo acabou com o programa ainda trabalhando.
pub(super) fn devagar() -> Interrupcao {
    Interrupcao::Inconclusiva(
        "o prazo acabou com o programa ainda trabalhando: a máquina está \
         ocupada, ou ele precisa de um --prazo maior"
            .to_owned(),
    )
}
