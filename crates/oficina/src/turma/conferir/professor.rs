//! As etapas do professor: um programa dele, fora do cerco do aluno, conversa
//! com o do aluno e diz com o status se passou.
//!
//! Papel de servidor: o programa do aluno é iniciado e, quando o kernel mostra
//! que ele escuta (ninguém conecta para ver), o do professor recebe o endereço.
//! Papel de cliente: o do professor recebe o endereço em que deve escutar e,
//! quando escuta, o do aluno é iniciado com o mesmo endereço.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::preparo::Pronto;
use crate::conferencia::porta_livre;
use crate::enunciado::Papel;
use crate::palco::programa::{Escuta, Partida, Programa, Situacao};
use crate::processo::{
    Comando, Fim, Isolamento, Nivel, Submissao, Tarefa, Vista, arvore,
};
use crate::turma::configuracao::EtapaDoProfessor;
use crate::turma::registro::{
    Diagnostico, EtapaRegistrada, LinhaDoPrograma, SituacaoDaEtapa,
};

/// Quanto se espera que alguém comece a escutar.
const ESPERA: Duration = Duration::from_secs(5);

/// De quanto em quanto tempo se olha a tabela de sockets.
const OLHADA: Duration = Duration::from_millis(5);

/// Com que folga o prazo da etapa vira segundos de processador.
const FOLGA: u64 = 5;

/// Quanto da frase do professor se guarda, em caracteres.
const MAIOR_FRASE: usize = 300;

/// O que confere as etapas do professor em uma entrega.
pub struct Professor<'a> {
    pub pronto: &'a Pronto,
    /// O papel do exercício.
    pub papel: Papel,
    pub nivel: Nivel,
    pub isolamento: Option<Isolamento>,
    /// A pasta da `turma.toml`.
    pub pasta: &'a std::path::Path,
    pub semente: u64,
}

/// Como a etapa terminou: passou, ou falhou ou não se sabe, com a frase.
type Desfecho = Result<String, (SituacaoDaEtapa, String)>;

impl Professor<'_> {
    /// Confere uma etapa; `registro` já diz tudo menos o resultado.
    pub fn conferir(
        &self,
        etapa: &EtapaDoProfessor,
        mut registro: EtapaRegistrada,
    ) -> EtapaRegistrada {
        let inicio = Instant::now();
        let semente = self.semente.wrapping_add(registro.numero as u64);
        let endereco =
            porta_livre(semente, registro.numero, self.isolamento.is_some());
        let mut aluno = self.submissao(etapa);
        let desfecho = match self.papel(etapa).servidor() {
            true => self.conversar(etapa, &mut aluno, endereco),
            false => self.ser_ouvido(etapa, &mut aluno, endereco),
        };
        aluno.encerrar();
        let escrito = aluno.escrito().into_iter();
        registro.saida = escrito.map(LinhaDoPrograma::from).collect();
        registro.situacao = SituacaoDaEtapa::Passou;
        if let Err((situacao, mensagem)) = desfecho {
            registro.situacao = situacao;
            registro.diagnostico = Some(Diagnostico {
                codigo: None,
                mensagem,
                explicacao: String::new(),
                dica: String::new(),
            });
        }
        registro.duracao_ms = inicio.elapsed().as_millis() as u64;
        registro
    }

    /// O aluno é o servidor.
    fn conversar(
        &self,
        etapa: &EtapaDoProfessor,
        aluno: &mut Submissao,
        endereco: SocketAddr,
    ) -> Desfecho {
        iniciar(aluno, etapa, endereco)?;
        self.esperar_o_aluno(aluno, etapa, endereco)?;
        julgar(etapa, self.tarefa(etapa, endereco).executar())
    }

    /// O aluno é o cliente.
    fn ser_ouvido(
        &self,
        etapa: &EtapaDoProfessor,
        aluno: &mut Submissao,
        endereco: SocketAddr,
    ) -> Desfecho {
        let tarefa = self.tarefa(etapa, endereco);
        std::thread::scope(|escopo| {
            let correndo = escopo.spawn(|| tarefa.executar());
            let escuta = esperar(|| {
                let meus = arvore::descendentes(std::process::id());
                escuta_em(&arvore::escutas(&meus), endereco, self.udp(etapa))
                    || correndo.is_finished()
            });
            let comecou = match escuta {
                true => iniciar(aluno, etapa, endereco),
                false => Err(nao_se_sabe(format!(
                    "a etapa do professor não escutou em {endereco}"
                ))),
            };
            // O prazo da tarefa vale também aqui.
            let fim = correndo.join().unwrap_or_else(|_| {
                Err(std::io::Error::other("a oficina falhou"))
            });
            comecou.and_then(|()| julgar(etapa, fim))
        })
    }

    fn esperar_o_aluno(
        &self,
        aluno: &mut Submissao,
        etapa: &EtapaDoProfessor,
        endereco: SocketAddr,
    ) -> Result<(), (SituacaoDaEtapa, String)> {
        let udp = self.udp(etapa);
        let mut encerrou = false;
        let escuta = esperar(|| {
            encerrou = matches!(aluno.situacao(), Situacao::Encerrado { .. });
            let escutas = aluno.escutas().unwrap_or_default();
            encerrou || escuta_em(&escutas, endereco, udp)
        });
        if encerrou {
            let frase = "o programa terminou antes de escutar".to_owned();
            return Err((SituacaoDaEtapa::Falhou, frase));
        }
        if !escuta {
            let frase = format!("o programa não escutou em {endereco}");
            return Err((SituacaoDaEtapa::Falhou, frase));
        }
        Ok(())
    }

    /// O papel do programa do aluno nesta etapa.
    fn papel(&self, etapa: &EtapaDoProfessor) -> Papel {
        etapa.papel.unwrap_or(self.papel)
    }

    fn udp(&self, etapa: &EtapaDoProfessor) -> bool {
        let papel = self.papel(etapa);
        matches!(papel, Papel::ServidorUdp | Papel::ClienteUdp)
    }

    fn submissao(&self, etapa: &EtapaDoProfessor) -> Submissao {
        let submissao = Submissao::nova(
            self.pronto.comando.clone(),
            self.isolamento,
            self.nivel,
            etapa.prazo + FOLGA,
        );
        let vista = Some(self.pronto.vista.clone());
        match self.papel(etapa).servidor() {
            true => submissao.com_vista(vista),
            false => submissao.com_vista(vista).cliente(),
        }
    }

    /// O programa do professor: na rede da conferência, com limites e prazo, e
    /// vendo tudo o que o professor vê.
    fn tarefa(&self, etapa: &EtapaDoProfessor, onde: SocketAddr) -> Tarefa {
        let (programa, argumentos) = etapa
            .programa
            .split_first()
            .expect("a turma.toml é conferida");
        let endereco = [onde.to_string()];
        Tarefa {
            comando: Comando {
                programa: programa.clone(),
                argumentos: [argumentos, &endereco].concat(),
            },
            vista: Vista {
                pasta: self.pasta.to_owned(),
                ..Vista::default()
            },
            nivel: Nivel::L0,
            isolamento: None,
            segundos: etapa.prazo + FOLGA,
            prazo: Duration::from_secs(etapa.prazo),
            teto: u64::MAX,
        }
    }
}

fn iniciar(
    aluno: &mut Submissao,
    etapa: &EtapaDoProfessor,
    endereco: SocketAddr,
) -> Result<(), (SituacaoDaEtapa, String)> {
    let partida = Partida {
        endereco,
        caminho: None,
        nome: None,
        argumentos: etapa.argumentos.clone(),
        entrada: false,
        descritores: None,
    };
    aluno.iniciar(&partida).map_err(nao_se_sabe)
}

fn nao_se_sabe(frase: String) -> (SituacaoDaEtapa, String) {
    (SituacaoDaEtapa::Inconclusiva, frase)
}

/// Olha até que aconteça ou a espera acabe.
fn esperar(mut aconteceu: impl FnMut() -> bool) -> bool {
    let fim = Instant::now() + ESPERA;
    loop {
        if aconteceu() {
            return true;
        }
        if Instant::now() >= fim {
            return false;
        }
        std::thread::sleep(OLHADA);
    }
}

fn escuta_em(escutas: &[Escuta], endereco: SocketAddr, udp: bool) -> bool {
    escutas.iter().any(|escuta| {
        escuta.endereco.port() == endereco.port() && escuta.udp == udp
    })
}

/// 0 passou, 1 falhou; o resto é defeito da etapa, e não do aluno.
fn julgar(etapa: &EtapaDoProfessor, fim: std::io::Result<Fim>) -> Desfecho {
    let fim = fim.map_err(|erro| {
        nao_se_sabe(format!("a etapa “{}” não iniciou: {erro}", etapa.id))
    })?;
    let frase = frase(&fim);
    match fim.status {
        Some(0) => Ok(frase),
        Some(1) if frase.is_empty() => {
            let nome = &etapa.nome;
            Err((SituacaoDaEtapa::Falhou, format!("não passou: {nome}")))
        }
        Some(1) => Err((SituacaoDaEtapa::Falhou, frase)),
        Some(outro) => Err(nao_se_sabe(format!(
            "a etapa “{}” terminou com o status {outro}, que não é 0 nem 1",
            etapa.id
        ))),
        None if fim.interrompida => Err((
            SituacaoDaEtapa::Falhou,
            format!("o prazo de {} s acabou no meio", etapa.prazo),
        )),
        None => Err(nao_se_sabe(format!(
            "a etapa “{}” foi morta por um sinal",
            etapa.id
        ))),
    }
}

/// A primeira linha que o programa do professor escreveu na saída.
fn frase(fim: &Fim) -> String {
    let mut linhas = fim.escrito.iter().filter(|linha| !linha.erro);
    let primeira = linhas.find(|linha| !linha.texto.trim().is_empty());
    let texto = primeira.map_or("", |linha| linha.texto.trim());
    texto.chars().take(MAIOR_FRASE).collect()
}
