//! Além de um endereço IPv4 de loopback: o arquivo de um socket Unix e a pilha
//! dupla, que atende IPv4 e IPv6.

use std::net::{IpAddr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fs, io};

use super::Palco;
use super::conexao::{Conexao, do_palco};
use super::destino::Destino;
use super::entrega::Entrega;
use super::veredicto::{Interrupcao, Passo};

/// Onde o programa pode escrever em qualquer nível de isolamento. O nome é
/// curto de propósito: o endereço Unix tem uma centena de bytes (unix(7)).
const MEMORIA: &str = "/dev/shm";

/// O nome do arquivo do socket.
const ARQUIVO: &str = "eco.sock";

/// Quantas pastas este processo já criou.
static CRIADAS: AtomicU32 = AtomicU32::new(0);

/// Uma pasta que o conferidor e o programa veem com o mesmo nome.
pub struct Pasta(PathBuf);

impl Pasta {
    fn nova() -> io::Result<Pasta> {
        let memoria = PathBuf::from(MEMORIA);
        let onde = match memoria.is_dir() {
            true => memoria,
            false => std::env::temp_dir(),
        };
        let (eu, vez) =
            (std::process::id(), CRIADAS.fetch_add(1, Ordering::Relaxed));
        let pasta = onde.join(format!("oficina-{eu}-{vez}"));
        fs::create_dir(&pasta)?;
        Ok(Pasta(pasta))
    }
}

impl Drop for Pasta {
    fn drop(&mut self) {
        // O que sobrar está em memória, e some quando a máquina reinicia.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Palco {
    /// Passa a usar um socket Unix: o primeiro argumento vira
    /// `unix:/caminho`, e as conexões vão para lá. Antes da primeira conexão.
    pub fn usar_unix(&mut self) -> Passo<PathBuf> {
        if !cfg!(unix) {
            return Err(Interrupcao::Inconclusiva(
                "a oficina não confere sockets Unix neste sistema".to_owned(),
            ));
        }
        let pasta = Pasta::nova().map_err(do_palco)?;
        let caminho = pasta.0.join(ARQUIVO);
        self.pasta = Some(pasta);
        self.partida.caminho = Some(caminho.clone());
        Ok(caminho)
    }

    /// Passa a pedir `[::]:porta`, todas as interfaces. Onde o conferidor tem
    /// rede própria (L2), o padrão do sistema passa a ser só IPv6: quem conta
    /// com o padrão é visto. Diz se o padrão mudou. Antes da primeira conexão.
    pub fn usar_pilha_dupla(&mut self) -> Passo<bool> {
        let ha_ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0));
        if ha_ipv6.is_err() {
            return Err(Interrupcao::Inconclusiva(
                "este sistema não tem IPv6".to_owned(),
            ));
        }
        let todas = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        self.partida.endereco.set_ip(todas);
        let mudou = self.cena.programa().so_ipv6_por_padrao().is_ok();
        let padrao = match mudou {
            true => "com bindv6only=1: em [::], sem pedir, só vem IPv6",
            false => "com o padrão do sistema",
        };
        self.narrar("rede", "está", padrao);
        Ok(mudou)
    }

    /// Conecta à porta do programa por um endereço à escolha.
    pub fn conectar_por(
        &mut self,
        nome: &str,
        endereco: impl Into<IpAddr>,
    ) -> Passo<Conexao> {
        let porta = self.partida.endereco.port();
        let destino = Destino::Rede(SocketAddr::new(endereco.into(), porta));
        self.conectar_a(nome, &destino, Entrega::Inteiro)
    }
}
