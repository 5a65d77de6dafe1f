//! A captura inteira na memória, e o que dela se vê.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use crate::Erro;
use crate::conversa::{self, Conversa};
use crate::filtro::Filtro;
use crate::leitor::{Leitor, Registro};
use crate::pacote::Pacote;
use crate::pares::{self, Par};

/// Os pacotes de uma captura, decodificados.
///
/// Um filtro esconde pacotes, mas não os esquece: os números relativos e os
/// estados do TCP continuam certos.
#[derive(Debug, Clone)]
pub struct Captura {
    todos: Arc<[Arc<Pacote>]>,
    pares: Arc<[Par]>,
    visiveis: Vec<bool>,
    inicio: u64,
    aviso: Option<Erro>,
}

impl Captura {
    /// Lê um arquivo pcap ou pcapng inteiro.
    ///
    /// Uma captura cortada no meio de um pacote (o `tcpdump` foi interrompido)
    /// rende os pacotes inteiros, e [`Captura::aviso`] diz o que faltou.
    ///
    /// # Errors
    ///
    /// Quando não é captura, ou quando nenhum pacote se salva.
    pub fn ler(bytes: &[u8]) -> Result<Captura, Erro> {
        Captura::de_leitor(Leitor::novo(bytes)?)
    }

    /// Lê tudo o que o leitor tem.
    ///
    /// # Errors
    ///
    /// Como [`Captura::ler`].
    pub fn de_leitor<R: Read>(leitor: Leitor<R>) -> Result<Captura, Erro> {
        Captura::comeco(leitor, usize::MAX)
    }

    /// Lê os primeiros `limite` pacotes: uma captura enorme não precisa caber
    /// na memória para que se veja o começo dela.
    ///
    /// # Errors
    ///
    /// Como [`Captura::ler`].
    pub fn comeco<R: Read>(
        leitor: Leitor<R>,
        limite: usize,
    ) -> Result<Captura, Erro> {
        let mut registros = Vec::new();
        let mut aviso = None;
        for registro in leitor.take(limite) {
            match registro {
                Ok(registro) => registros.push(registro),
                Err(erro) if registros.is_empty() => return Err(erro),
                Err(erro) => aviso = Some(erro),
            }
        }
        Ok(Captura {
            aviso,
            ..Captura::de_registros(registros)
        })
    }

    /// Decodifica registros já lidos, na ordem em que vêm.
    pub fn de_registros(
        registros: impl IntoIterator<Item = Registro>,
    ) -> Captura {
        let mut pacotes: Vec<Pacote> =
            registros.into_iter().map(Pacote::from).collect();
        let pares = pares::emparelhar(&pacotes);
        pares::numerar(&mut pacotes, &pares);
        let todos: Arc<[Arc<Pacote>]> =
            pacotes.into_iter().map(Arc::new).collect();
        let visiveis = vec![true; todos.len()];
        let instantes = todos.iter().map(|pacote| pacote.instante);
        let inicio = instantes.min().unwrap_or_default();
        Captura {
            todos,
            pares: pares.into(),
            visiveis,
            inicio,
            aviso: None,
        }
    }

    /// Junta capturas feitas nos dois lados do fio, com o mesmo relógio: cada
    /// uma vira uma interface, e os pacotes ficam em ordem de tempo.
    ///
    /// Assim dá para ver o que se perdeu no caminho.
    pub fn juntar(capturas: &[Captura]) -> Captura {
        let mut registros = Vec::new();
        for (interface, captura) in (0..).zip(capturas) {
            registros.extend(captura.pacotes().map(|pacote| Registro {
                instante: pacote.instante,
                interface,
                ligacao: pacote.ligacao,
                comprimento: pacote.comprimento,
                bytes: pacote.bytes.clone(),
            }));
        }
        registros.sort_by_key(|registro| registro.instante);
        Captura::de_registros(registros)
    }

    /// Os pacotes visíveis, na ordem da captura.
    pub fn pacotes(&self) -> impl Iterator<Item = &Arc<Pacote>> {
        self.todos
            .iter()
            .zip(&self.visiveis)
            .filter(|(_, visivel)| **visivel)
            .map(|(pacote, _)| pacote)
    }

    /// Só os pacotes que passam no filtro (veja [`Filtro`]).
    ///
    /// # Errors
    ///
    /// [`Erro::Filtro`], com a coluna, quando o filtro não faz sentido.
    pub fn filtrar(&self, filtro: &str) -> Result<Captura, Erro> {
        let filtro = Filtro::ler(filtro)?;
        let visiveis = self
            .todos
            .iter()
            .zip(&self.visiveis)
            .map(|(pacote, visivel)| *visivel && filtro.aceita(pacote))
            .collect();
        Ok(Captura {
            visiveis,
            ..self.clone()
        })
    }

    /// As conversas, na ordem em que começam.
    pub fn conversas(&self) -> Vec<Conversa> {
        conversa::separar(self)
    }

    /// O que faltou ler, quando a captura está cortada.
    pub fn aviso(&self) -> Option<&Erro> {
        self.aviso.as_ref()
    }

    /// Tempo do pacote desde o começo da captura.
    pub fn tempo(&self, pacote: &Pacote) -> Duration {
        Duration::from_nanos(pacote.instante.saturating_sub(self.inicio))
    }

    pub(crate) fn todos(&self) -> &[Arc<Pacote>] {
        &self.todos
    }

    pub(crate) fn pares(&self) -> &[Par] {
        &self.pares
    }

    /// Se o filtro deixa ver o pacote deste índice.
    pub(crate) fn visivel(&self, indice: usize) -> bool {
        self.visiveis[indice]
    }
}
