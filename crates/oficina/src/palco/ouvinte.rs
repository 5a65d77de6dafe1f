//! O palco no papel de servidor: espera a conexão do programa.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use super::Palco;
use super::cena::{Cena, Espera, Vigilia};
use super::conexao::{Conexao, devagar, do_palco};
use super::entrega::Entrega;
use super::espera_do_sistema::{Interesse, esperar_socket};
use super::veredicto::{Interrupcao, Passo};
use crate::erros_classicos::Codigo;

/// Um endereço que já é do palco e em que ninguém escuta ainda: quem se
/// conecta a ele é recusado.
pub struct Reserva {
    socket: Socket,
}

/// Um socket de escuta do palco.
pub struct Ouvinte {
    cena: Arc<Cena>,
    nome: String,
    socket: TcpListener,
    entrega: Entrega,
}

impl Palco {
    /// Papel de cliente em uma linha: escuta, inicia o programa com esse
    /// endereço e aceita a primeira conexão dele. Cada chamada é uma execução
    /// nova do programa.
    pub fn receber_em(&mut self, entrega: Entrega) -> Passo<Conexao> {
        let ouvinte = self.ouvir_em(entrega)?;
        self.apresentar(&ouvinte)?;
        ouvinte.aceitar()
    }

    /// Abre um socket de escuta em uma porta livre de loopback.
    pub fn ouvir(&mut self) -> Passo<Ouvinte> {
        self.ouvir_em(Entrega::Inteiro)
    }

    /// O mesmo que [`Palco::ouvir`], com outro modo de entrega.
    pub fn ouvir_em(&mut self, entrega: Entrega) -> Passo<Ouvinte> {
        let ip = match self.partida.endereco.ip() {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            v6 => v6,
        };
        let socket = TcpListener::bind((ip, 0)).map_err(do_palco)?;
        self.ouvir_por("servidor", socket, entrega)
    }

    /// Ouve por um socket de escuta que a etapa preparou, com nome próprio:
    /// para a etapa que precisa de mais de um, ou de um endereço escolhido.
    pub fn ouvir_por(
        &self,
        nome: &str,
        socket: TcpListener,
        entrega: Entrega,
    ) -> Passo<Ouvinte> {
        socket.set_nonblocking(true).map_err(do_palco)?;
        if entrega == Entrega::Lento {
            let opcoes = socket2::SockRef::from(&socket);
            let pequeno = super::BUFFER_DO_LENTO;
            opcoes.set_recv_buffer_size(pequeno).map_err(do_palco)?;
        }
        let ouvinte = Ouvinte {
            cena: self.cena.clone(),
            nome: nome.to_owned(),
            socket,
            entrega,
        };
        let onde = ouvinte.endereco()?;
        ouvinte.narrar("escuto", &format!("em {onde}"));
        Ok(ouvinte)
    }

    /// Reserva uma porta livre de loopback, sem escutar nela.
    pub fn reservar(&self) -> Passo<Reserva> {
        let familia = Domain::for_address(self.partida.endereco);
        let socket =
            Socket::new(familia, Type::STREAM, None).map_err(do_palco)?;
        let livre = SocketAddr::new(self.partida.endereco.ip(), 0);
        socket.bind(&livre.into()).map_err(do_palco)?;
        let reserva = Reserva { socket };
        let onde = reserva.endereco()?;
        self.narrar("servidor", "ainda não escuto", &format!("em {onde}"));
        Ok(reserva)
    }

    /// Passa a escutar no endereço reservado, com uma fila de `fila`.
    pub fn escutar(&self, reserva: Reserva, fila: i32) -> Passo<Ouvinte> {
        reserva.socket.listen(fila).map_err(do_palco)?;
        self.ouvir_por("servidor", reserva.socket.into(), Entrega::Inteiro)
    }

    /// Inicia o programa (de novo, se já rodava) com o endereço do ouvinte.
    pub fn apresentar(&mut self, ouvinte: &Ouvinte) -> Passo<()> {
        self.partida.endereco = ouvinte.endereco()?;
        self.recomecar()
    }

    /// O mesmo que [`Palco::apresentar`], com um endereço que ainda recusa.
    pub fn apresentar_reserva(&mut self, reserva: &Reserva) -> Passo<()> {
        self.partida.endereco = reserva.endereco()?;
        self.recomecar()
    }

    /// Inicia o programa (de novo, se já rodava) com estes argumentos: nomes
    /// ou endereços com porta. No isolamento L1 o programa só se conecta à
    /// porta dada, qualquer que seja o endereço.
    pub fn chamar(&mut self, porta: u16, argumentos: &[String]) -> Passo<()> {
        self.partida.endereco.set_port(porta);
        self.partida.nome = argumentos.first().cloned();
        self.partida.argumentos = argumentos[1..].to_vec();
        self.recomecar()
    }

    fn recomecar(&mut self) -> Passo<()> {
        if self.iniciado {
            self.cena.programa().encerrar();
        }
        self.iniciado = false;
        self.iniciar()
    }
}

impl Reserva {
    /// O endereço reservado.
    pub fn endereco(&self) -> Passo<SocketAddr> {
        let local = self.socket.local_addr().map_err(do_palco)?;
        let sem_porta = || std::io::Error::other("a reserva não tem endereço");
        local.as_socket().ok_or_else(|| do_palco(sem_porta()))
    }
}

impl Ouvinte {
    /// Onde o palco escuta.
    pub fn endereco(&self) -> Passo<SocketAddr> {
        self.socket.local_addr().map_err(do_palco)
    }

    /// Espera a próxima conexão do programa.
    pub fn aceitar(&self) -> Passo<Conexao> {
        self.aceitar_em(self.cena.relogio.paciencia())
    }

    /// O mesmo que [`Ouvinte::aceitar`], com outra paciência: para o programa
    /// que antes disso tem por que ficar parado.
    pub fn aceitar_em(&self, paciencia: Duration) -> Passo<Conexao> {
        let mut aceita = None;
        let mut vigilia = Vigilia::com_paciencia(&self.cena, paciencia);
        let espera = vigilia.aguardar(|fatia| {
            esperar_socket(&self.socket, Interesse::Leitura, fatia);
            aceita = self.socket.accept().ok();
            aceita.is_some()
        });
        let Some((fluxo, de)) = aceita else {
            return Err(self.ninguem_veio(espera));
        };
        self.narrar("aceitei", &format!("a conexão de {de}"));
        let fluxo = fluxo.into();
        Conexao::nova(self.cena.clone(), &self.nome, fluxo, self.entrega)
    }

    /// O socket, para o que o palco não oferece pronto.
    pub fn socket(&self) -> &TcpListener {
        &self.socket
    }

    fn ninguem_veio(&self, espera: Espera) -> Interrupcao {
        self.narrar("esperava", "uma conexão do programa");
        let onde = self.endereco().map_or(String::new(), |e| e.to_string());
        match espera {
            Espera::SemPrazo => devagar(),
            Espera::Encerrou => Interrupcao::falha(
                Codigo::Encerrou,
                format!("o programa terminou sem se conectar a {onde}"),
            ),
            _ => Interrupcao::falha(
                Codigo::NaoConecta,
                format!(
                    "o programa não se conectou a {onde}{}",
                    espera.ressalva()
                ),
            ),
        }
    }

    fn narrar(&self, verbo: &'static str, detalhe: &str) {
        self.cena.anotar(&self.nome, verbo, detalhe);
    }
}
