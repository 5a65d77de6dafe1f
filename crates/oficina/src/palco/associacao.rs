//! O palco em UDP, nos dois papéis: quem associa (bind) um endereço, e quem o
//! procura.

use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use super::Palco;
use super::cena::{Espera, Vigilia};
use super::conexao::{devagar, do_palco};
use super::datagramas::Datagramas;
use super::entrega::Rede;
use super::espera_do_sistema::{Interesse, esperar_socket};
use super::programa::Escuta;
use super::sorte::Sorte;
use super::veredicto::{Interrupcao, Passo};
use crate::erros_classicos::Codigo;

/// O que se pergunta a quem não se sabe se já associou o endereço.
const SONDA: &[u8] = b"?";

impl Palco {
    /// Papel de servidor UDP: inicia o programa, se preciso, e devolve um
    /// socket de cliente que fala com ele através desta rede.
    pub fn datagramas_em(&mut self, rede: Rede) -> Passo<Datagramas> {
        self.datagramas_como("cliente", rede)
    }

    /// O mesmo que [`Palco::datagramas_em`], com um nome próprio ("Ana",
    /// "Beto"), para mais de um cliente.
    pub fn datagramas_como(
        &mut self,
        nome: &str,
        rede: Rede,
    ) -> Passo<Datagramas> {
        self.iniciar()?;
        self.esperar_associacao()?;
        self.conferir_interfaces()?;
        let destino = self.endereco();
        let mut socket = self.socket_udp(nome, rede)?;
        socket.destino = Some(destino);
        socket.serve = true;
        socket.narrar("vou falar", &format!("com {destino}; rede: {rede}"));
        Ok(socket)
    }

    /// Papel de cliente UDP: abre um socket, inicia o programa com o endereço
    /// dele e espera. `enviar` responde ao remetente do último datagrama.
    pub fn receber_datagramas_em(&mut self, rede: Rede) -> Passo<Datagramas> {
        let socket = self.socket_udp("servidor", rede)?;
        self.partida.endereco = socket.endereco()?;
        if self.iniciado {
            self.cena.programa().encerrar();
        }
        self.iniciado = false;
        socket.narrar(
            "espero",
            &format!("em {}; rede: {rede}", self.partida.endereco),
        );
        self.iniciar()?;
        Ok(socket)
    }

    fn socket_udp(&mut self, nome: &str, rede: Rede) -> Passo<Datagramas> {
        let socket = self.associar_um()?;
        let sorte = Sorte::nova(self.sorte.numero());
        Ok(Datagramas::novo(
            self.cena.clone(),
            nome,
            socket,
            rede,
            sorte,
        ))
    }

    /// Um socket não bloqueante em uma porta livre, ao lado do programa.
    fn associar_um(&self) -> Passo<UdpSocket> {
        let socket = UdpSocket::bind((self.endereco().ip(), 0));
        let socket = socket.map_err(do_palco)?;
        socket.set_nonblocking(true).map_err(do_palco)?;
        Ok(socket)
    }

    /// Espera o programa associar o endereço. Onde o sistema não conta quem o
    /// associou, só uma resposta diz.
    fn esperar_associacao(&mut self) -> Passo<()> {
        if self.cena.programa().escutas().is_none() {
            return self.sondar();
        }
        let endereco = self.endereco();
        let associado = || {
            let escutas = self.cena.programa().escutas().unwrap_or_default();
            escutas.iter().any(|e| associa(*e, endereco))
        };
        let mut vigilia = Vigilia::nova(&self.cena);
        let espera = vigilia.aguardar(|fatia| {
            if associado() {
                return true;
            }
            std::thread::sleep(fatia.min(Duration::from_millis(2)));
            associado()
        });
        match espera {
            Espera::Pronto => Ok(()),
            outra => Err(self.porque_nao_associou(outra)),
        }
    }

    /// Pergunta até que haja uma resposta ou a paciência acabe; se acaba, é a
    /// primeira expectativa da etapa que dirá o que falta. O socket da sonda
    /// fica aberto: uma resposta atrasada não deve achar a porta fechada.
    fn sondar(&mut self) -> Passo<()> {
        let endereco = self.endereco();
        let sonda = self.associar_um()?;
        let mut vigilia = Vigilia::nova(&self.cena);
        vigilia.aguardar(|fatia| {
            // Um envio recusado só quer dizer que ainda é cedo.
            let _ = sonda.send_to(SONDA, endereco);
            esperar_socket(&sonda, Interesse::Leitura, fatia);
            sonda.recv_from(&mut [0; 16]).is_ok()
        });
        self.sondas.push(sonda);
        Ok(())
    }

    fn porque_nao_associou(&self, espera: Espera) -> Interrupcao {
        let (endereco, destino) = (self.endereco(), self.partida.destino());
        let escutas = self.cena.programa().escutas().unwrap_or_default();
        let por_tcp = escutas.iter().any(|e| !e.udp && e.endereco == endereco);
        if espera == Espera::SemPrazo {
            return devagar();
        }
        if self.terminou().is_some() || (!por_tcp && !escutas.is_empty()) {
            return self.porque_nao_conectou(&destino, espera, false);
        }
        let (codigo, visto) = match por_tcp {
            true => (Codigo::PorTcp, "o programa escuta nele por TCP"),
            false => (Codigo::NaoEscuta, "o programa não o associou (bind)"),
        };
        Interrupcao::falha(
            codigo,
            format!(
                "esperava um socket UDP em {endereco}; {visto}{}",
                espera.ressalva()
            ),
        )
    }
}

/// Se é este o endereço, ou a mesma porta em todas as interfaces.
fn associa(escuta: Escuta, endereco: SocketAddr) -> bool {
    escuta.udp
        && escuta.endereco.port() == endereco.port()
        && (escuta.endereco.ip() == endereco.ip()
            || escuta.endereco.ip().is_unspecified())
}
