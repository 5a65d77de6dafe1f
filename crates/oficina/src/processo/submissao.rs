//! O programa do estudante no Linux: nasce dentro do cerco e termina com todos
//! os seus descendentes.

use std::io::{self, BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Child;
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::isolamento::Isolamento;
use super::viveiro::{Recem, Viveiro, nascer};
use super::{Comando, Escritos, Nivel, Ordem, Preparo, Vista, arvore};
use crate::erro_do_sistema::em_portugues;
use crate::palco::programa::{
    Escuta, Esforco, LinhaEscrita, Partida, Programa, Situacao,
};

/// Descritores abertos, se a etapa não pede menos.
const DESCRITORES: u64 = 1024;

/// Quantos descendentes do programa se olham enquanto ele roda.
const OBSERVADOS: usize = 64;

/// Quanto se espera o cerco dizer em que pé está.
const PRAZO_DO_CERCO: Duration = Duration::from_secs(10);

/// Quanto se espera o resto do que o programa escreveu antes de terminar.
const PRAZO_DOS_LEITORES: Duration = Duration::from_millis(200);

/// Um programa a conferir.
pub struct Submissao {
    comando: Comando,
    nivel: Nivel,
    isolamento: Option<Isolamento>,
    escondidos: Vec<PathBuf>,
    vista: Option<Vista>,
    segundos: u64,
    servidor: bool,
    vivo: Option<Vivo>,
    escritos: Escritos,
    situacao: Situacao,
    viveiro: Option<Viveiro>,
}

/// O cerco que está de pé e as threads que leem o que o programa escreve.
struct Vivo {
    cerco: Child,
    socket: UnixStream,
    noticias: BufReader<UnixStream>,
    /// O começo de uma notícia cujo resto ainda não chegou.
    pela_metade: String,
    leitores: Vec<JoinHandle<()>>,
    /// A thread de que o cerco é filho: se ela terminasse, ele terminaria.
    _mae: Sender<()>,
}

impl Vivo {
    /// Depois que o programa terminou, o que ele escreveu ainda pode estar no
    /// caminho: espera os leitores chegarem ao fim.
    fn esperar_leitores(&mut self) {
        let prazo = Instant::now() + PRAZO_DOS_LEITORES;
        for leitor in &self.leitores {
            while !leitor.is_finished() && Instant::now() < prazo {
                std::thread::sleep(Duration::from_micros(200));
            }
        }
    }
}

impl Submissao {
    /// `escritos` junta o que o programa escreve; `segundos` limita o tempo de
    /// processador dele.
    pub fn nova(
        comando: Comando,
        isolamento: Option<Isolamento>,
        nivel: Nivel,
        segundos: u64,
    ) -> Submissao {
        // Quem sair da sessão do cerco é adotado pelo conferidor.
        let _ = rustix::process::set_child_subreaper(Some(
            rustix::process::getpid(),
        ));
        Submissao {
            comando,
            nivel,
            isolamento,
            escondidos: Vec::new(),
            vista: None,
            segundos,
            servidor: true,
            vivo: None,
            escritos: Escritos::default(),
            situacao: Situacao::NaoIniciado,
            viveiro: None,
        }
    }

    /// Os cercos vêm daqui: o seguinte nasce enquanto este programa conversa.
    pub fn com_viveiro(mut self, viveiro: &Viveiro) -> Submissao {
        self.viveiro = Some(viveiro.clone());
        self
    }

    /// O que o programa não deve ver.
    pub fn esconder(mut self, caminhos: &[PathBuf]) -> Submissao {
        self.escondidos = caminhos.to_vec();
        self
    }

    /// O programa só vê o sistema e isto.
    pub fn com_vista(mut self, vista: Option<Vista>) -> Submissao {
        self.vista = vista;
        self
    }

    /// O programa é cliente: pode conectar só ao endereço que recebe.
    pub fn cliente(mut self) -> Submissao {
        self.servidor = false;
        self
    }

    fn ordem(&self, partida: &Partida) -> Ordem {
        let fixos = self.comando.argumentos.clone();
        Ordem {
            programa: self.comando.programa.clone(),
            argumentos: [fixos, partida.linha()].concat(),
            entrada: partida.entrada,
            descritores: partida.descritores.unwrap_or(DESCRITORES),
            segundos: self.segundos,
        }
    }

    fn preparo(&self, partida: &Partida) -> Preparo {
        let programa = std::slice::from_ref(&self.comando.programa);
        // No L2 a rede é própria, e nenhuma porta precisa ser fechada.
        let aberta = self.nivel == Nivel::L2;
        Preparo {
            nivel: self.nivel,
            conferidor: std::process::id(),
            usados: [programa, &self.comando.argumentos].concat(),
            escondidos: self.escondidos.clone(),
            porta: (!aberta).then(|| partida.endereco.port()),
            pasta: pasta_de(partida),
            vista: self.vista.clone(),
        }
    }

    fn recem(&self, preparo: &Preparo) -> io::Result<Recem> {
        match &self.viveiro {
            Some(viveiro) => viveiro.retirar(self.isolamento, preparo),
            None => nascer(self.isolamento)?.com_preparo(preparo),
        }
    }

    fn cercar(&mut self, partida: &Partida) -> io::Result<Vivo> {
        let Recem {
            mut cerco,
            mut socket,
            mae,
            ..
        } = self.recem(&self.preparo(partida))?;
        let noticias = BufReader::new(socket.try_clone()?);
        writeln!(socket, "{}", serde_json::to_string(&self.ordem(partida))?)?;
        // O que uma execução anterior escreveu já não interessa.
        self.escritos = Escritos::default();
        let escritos = &self.escritos;
        let saida = cerco.stdout.take().map(|s| escritos.acompanhar(s, false));
        let erros = cerco.stderr.take().map(|s| escritos.acompanhar(s, true));
        Ok(Vivo {
            cerco,
            socket,
            noticias,
            pela_metade: String::new(),
            leitores: saida.into_iter().chain(erros).collect(),
            _mae: mae,
        })
    }

    /// Lê as notícias que já chegaram, sem esperar.
    fn atualizar(&mut self) {
        let Some(vivo) = &mut self.vivo else { return };
        if matches!(self.situacao, Situacao::Encerrado { .. }) {
            return;
        }
        let _ = vivo.noticias.get_ref().set_nonblocking(true);
        match vivo.noticias.read_line(&mut vivo.pela_metade) {
            Ok(0) => self.situacao = terminado(None, None),
            Ok(_) => {
                self.situacao = da_noticia(vivo.pela_metade.trim_end());
                vivo.pela_metade.clear();
            }
            // O que já veio fica guardado para a próxima vez.
            Err(_) => {}
        }
    }

    fn pids(&self) -> Vec<u32> {
        match &self.vivo {
            Some(vivo) => {
                let cerco = vivo.cerco.id();
                let dele = arvore::descendentes_ate(cerco, OBSERVADOS);
                [vec![cerco], dele].concat()
            }
            None => Vec::new(),
        }
    }

    /// Os processos do programa, sem o cerco.
    fn pids_do_programa(&self) -> Vec<u32> {
        self.pids().split_off(usize::from(self.vivo.is_some()))
    }

    /// Se o programa terminou, espera o que ele escreveu acabar de chegar.
    fn esperar_o_fim_da_saida(&mut self) {
        let terminou = matches!(self.situacao, Situacao::Encerrado { .. });
        if let Some(vivo) = self.vivo.as_mut().filter(|_| terminou) {
            vivo.esperar_leitores();
        }
    }
}

fn terminado(status: Option<i32>, sinal: Option<i32>) -> Situacao {
    Situacao::Encerrado { status, sinal }
}

/// A pasta do socket Unix.
fn pasta_de(partida: &Partida) -> Option<PathBuf> {
    partida.caminho.as_ref()?.parent().map(PathBuf::from)
}

/// `status 3`, `sinal 11`.
fn da_noticia(noticia: &str) -> Situacao {
    let (verbo, valor) = noticia.split_once(' ').unwrap_or((noticia, ""));
    let valor = valor.parse().ok();
    match verbo {
        "status" => terminado(valor, None),
        "sinal" => terminado(None, valor),
        _ => Situacao::Vivo,
    }
}

impl Programa for Submissao {
    fn iniciar(&mut self, partida: &Partida) -> Result<(), String> {
        self.encerrar();
        let falhou = |erro: io::Error| {
            let erro = em_portugues(&erro);
            format!("não foi possível iniciar o programa: {erro}")
        };
        let mut vivo = self.cercar(partida).map_err(falhou)?;
        let espera = vivo.socket.set_read_timeout(Some(PRAZO_DO_CERCO));
        espera.map_err(falhou)?;
        let mut noticia = || {
            let mut linha = String::new();
            let lida = vivo.noticias.read_line(&mut linha);
            lida.map(|_| linha.trim_end().to_owned()).map_err(falhou)
        };
        let nivel = noticia()?;
        let inicio = noticia()?;
        self.vivo = Some(vivo);
        self.situacao = Situacao::Vivo;
        if nivel != format!("nivel {}", self.nivel) {
            let pedido = self.nivel;
            return Err(format!("o isolamento {pedido} não pôde ser aplicado"));
        }
        if let Some(viveiro) = &self.viveiro {
            viveiro.preparar(self.isolamento, Some(&self.preparo(partida)));
        }
        match inicio.strip_prefix("recusado ") {
            Some(erro) => Err(format!("o programa não iniciou: {erro}")),
            None => Ok(()),
        }
    }

    fn encerrar(&mut self) {
        self.atualizar();
        let Some(mut vivo) = self.vivo.take() else {
            return;
        };
        let _ = vivo.cerco.kill();
        let _ = vivo.cerco.wait();
        // No L2 o cerco é o primeiro processo do namespace: com ele já foram
        // todos, e o que resta é de outra etapa.
        if self.isolamento.is_none() {
            let poupado = self.viveiro.as_ref().and_then(Viveiro::pid);
            arvore::encerrar_descendentes(std::process::id(), poupado);
        }
        vivo.esperar_leitores();
        if self.situacao == Situacao::Vivo {
            self.situacao = Situacao::NaoIniciado;
        }
    }

    fn situacao(&mut self) -> Situacao {
        self.atualizar();
        self.situacao
    }

    fn esforco(&mut self) -> Esforco {
        arvore::esforco(&self.pids())
    }

    fn escutas(&mut self) -> Option<Vec<Escuta>> {
        Some(arvore::escutas(&self.pids()))
    }

    fn escrever(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.vivo {
            Some(vivo) => vivo.socket.write_all(bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn fechar_entrada(&mut self) {
        if let Some(vivo) = &self.vivo {
            // Se o cerco já terminou, a entrada já está fechada.
            let _ = vivo.socket.shutdown(Shutdown::Write);
        }
    }

    fn escrito(&mut self) -> Vec<LinhaEscrita> {
        self.esperar_o_fim_da_saida();
        self.escritos.linhas()
    }

    fn saida_crua(&mut self) -> Vec<u8> {
        self.esperar_o_fim_da_saida();
        self.escritos.saida()
    }

    fn descritor_livre(&mut self) -> Option<u64> {
        arvore::descritor_livre(&self.pids_do_programa())
    }

    fn mudar_limite(&mut self, limite: Option<u64>) -> io::Result<()> {
        let limite = limite.unwrap_or(DESCRITORES);
        let pids = self.pids_do_programa();
        arvore::mudar_limite(&pids, limite, DESCRITORES)
    }

    fn so_ipv6_por_padrao(&mut self) -> io::Result<()> {
        let fora = io::ErrorKind::Unsupported;
        self.isolamento.ok_or(fora)?.so_ipv6_por_padrao()
    }
}

impl Drop for Submissao {
    fn drop(&mut self) {
        self.encerrar();
    }
}
