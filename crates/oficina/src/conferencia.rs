//! Conferir um programa: cada etapa com o programa recém-iniciado, até a
//! primeira que não passa.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::enunciado::{AMao, Enunciado, Papel};
use crate::erros_classicos::Codigo;
use crate::exercicios::Exercicio;
use crate::juntas::em_ordem;
use crate::palco::programa::LinhaEscrita;
use crate::palco::{
    Dispensa, Falha, Interrupcao, Linha, Palco, Relogio, Sorte, Veredicto,
    confissao,
};
use crate::processo::{Comando, Nivel, Submissao, Vista, Viveiro};

#[cfg(target_os = "linux")]
type Isolamento = crate::processo::isolamento::Isolamento;
#[cfg(not(target_os = "linux"))]
type Isolamento = ();

/// As portas oferecidas ao programa: fora da faixa de que o sistema sorteia as
/// portas de origem (no Linux, 32768 a 60999).
const PORTAS: std::ops::Range<usize> = 20_000..32_000;

/// Em rede própria as portas se dividem, de 16 em 16, entre as etapas: duas que
/// conversam ao mesmo tempo nunca recebem a mesma.
const ETAPAS: usize = 16;

/// O que aconteceu em uma etapa.
#[derive(Debug)]
pub enum Situacao {
    Passou,
    Falhou(Box<Falha>),
    Inconclusiva(String),
    NaoExecutada,
}

impl Situacao {
    /// Como a situação se chama no JSON.
    pub fn nome(&self) -> &'static str {
        match self {
            Situacao::Passou => "passou",
            Situacao::Falhou(_) => "falhou",
            Situacao::Inconclusiva(_) => "inconclusiva",
            Situacao::NaoExecutada => "nao_executada",
        }
    }

    pub fn passou(&self) -> bool {
        matches!(self, Situacao::Passou)
    }
}

/// O resultado de uma etapa.
#[derive(Debug)]
pub struct ResultadoDaEtapa {
    pub numero: usize,
    pub id: String,
    pub nome: String,
    pub tenta: String,
    pub pontos: u32,
    pub papel: Papel,
    /// O que o programa recebe depois do endereço.
    pub argumentos: Vec<String>,
    pub a_mao: AMao,
    pub situacao: Situacao,
    pub transcricao: Vec<Linha>,
    /// O que o programa escreveu durante a etapa.
    pub escrito: Vec<LinhaEscrita>,
    pub duracao: Duration,
}

/// O resultado de uma conferência.
#[derive(Debug)]
pub struct Resultado {
    pub capitulo: String,
    pub titulo: String,
    pub programa: String,
    pub nivel: Nivel,
    pub semente: u64,
    pub etapas: Vec<ResultadoDaEtapa>,
    /// Por que o programa nem começou a ser conferido.
    pub erro: Option<String>,
}

impl Resultado {
    pub fn passaram(&self) -> usize {
        let passou = |etapa: &&ResultadoDaEtapa| etapa.situacao.passou();
        self.etapas.iter().filter(passou).count()
    }

    /// A primeira etapa conferida que não passou.
    pub fn primeira_falha(&self) -> Option<&ResultadoDaEtapa> {
        self.etapas.iter().find(|etapa| {
            matches!(
                etapa.situacao,
                Situacao::Falhou(_) | Situacao::Inconclusiva(_)
            )
        })
    }

    /// Põe no lugar as etapas que não chegaram a ser conferidas.
    fn completar(&mut self, enunciado: &Enunciado) {
        for numero in 1..=enunciado.etapas.len() {
            let conferida = self.etapas.get(numero - 1);
            if conferida.is_none_or(|etapa| etapa.numero != numero) {
                self.etapas
                    .insert(numero - 1, nao_executada(numero, enunciado));
            }
        }
    }

    /// Se tudo o que foi pedido passou.
    pub fn tudo_certo(&self) -> bool {
        self.erro.is_none()
            && self.primeira_falha().is_none()
            && self.passaram() > 0
    }
}

/// O que conferir, e como.
pub struct Conferencia {
    pub exercicio: &'static Exercicio,
    pub comando: Comando,
    /// Só esta etapa (a partir de 1).
    pub so_a_etapa: Option<usize>,
    pub prazo: Duration,
    pub semente: u64,
    pub nivel: Nivel,
    pub isolamento: Option<Isolamento>,
    pub segredos: Vec<PathBuf>,
    /// Só o que o programa vê, em vez de tudo menos os segredos.
    pub vista: Option<Vista>,
    /// Se as etapas depois da primeira falha também são conferidas.
    pub ate_o_fim: bool,
    /// Quantas etapas podem conversar ao mesmo tempo, cada uma com o seu
    /// programa.
    pub juntas: usize,
}

impl Conferencia {
    /// Confere as etapas em ordem; `avisar` recebe cada resultado assim que
    /// ele existe. Depois da primeira falha, as outras não são executadas.
    pub fn conferir(
        &self,
        mut avisar: impl FnMut(&ResultadoDaEtapa),
    ) -> anyhow::Result<Resultado> {
        let juntas = self.quantas_juntas();
        let viveiros: Vec<_> =
            (0..juntas).map(|_| Viveiro::default()).collect();
        for viveiro in &viveiros {
            viveiro.preparar(self.isolamento, None);
        }
        let enunciado = self.exercicio.enunciado()?;
        let mut resultado = self.vazio(&enunciado);
        let mut receber = |etapa: ResultadoDaEtapa| {
            avisar(&etapa);
            let segue = etapa.situacao.passou() || self.ate_o_fim;
            resultado.etapas.push(etapa);
            segue
        };
        for grupo in self.grupos() {
            let fim =
                self.em_grupo(&grupo, &enunciado, &viveiros, &mut receber);
            let segue = match fim {
                Fim::Acabou => true,
                Fim::Parou => false,
                // Sem companhia se vê por que ele saiu.
                Fim::CaiuSozinho(posicao) => {
                    let (resto, um) = (&grupo[posicao..], &viveiros[..1]);
                    let fim =
                        self.em_grupo(resto, &enunciado, um, &mut receber);
                    fim == Fim::Acabou
                }
            };
            if !segue {
                break;
            }
        }
        resultado.completar(&enunciado);
        Ok(resultado)
    }

    /// Confere estas etapas, tantas ao mesmo tempo quantos são os viveiros.
    fn em_grupo(
        &self,
        grupo: &[usize],
        enunciado: &Enunciado,
        viveiros: &[Viveiro],
        mut receber: impl FnMut(ResultadoDaEtapa) -> bool,
    ) -> Fim {
        let dispensa = Dispensa::default();
        let fazer = |trabalhador: usize, posicao: usize| {
            let viveiro = &viveiros[trabalhador];
            self.executar(grupo[posicao], enunciado, viveiro, &dispensa)
        };
        let mut fim = Fim::Acabou;
        let mut posicao = 0;
        em_ordem(grupo.len(), viveiros.len(), fazer, |etapa| {
            if viveiros.len() > 1 && caiu_sozinho(&etapa) {
                fim = Fim::CaiuSozinho(posicao);
            } else if !receber(etapa) {
                fim = Fim::Parou;
            }
            posicao += 1;
            let segue = fim == Fim::Acabou;
            if !segue {
                dispensa.avisar();
            }
            segue
        });
        fim
    }

    /// Quantas etapas conversam ao mesmo tempo. Cada uma precisa de um programa
    /// que termine sem tocar nos das outras: só o L2 garante.
    fn quantas_juntas(&self) -> usize {
        match self.isolamento {
            Some(_) => self.juntas.max(1),
            None => 1,
        }
    }

    /// As etapas pedidas, em grupos que podem conversar ao mesmo tempo.
    fn grupos(&self) -> Vec<Vec<usize>> {
        let etapas = &self.exercicio.etapas;
        let pedida =
            |numero: &usize| self.so_a_etapa.is_none_or(|so| so == *numero);
        let pedidas: Vec<_> = (1..=etapas.len()).filter(pedida).collect();
        let sozinha = |numero: usize| etapas[numero - 1].sozinha;
        pedidas
            .chunk_by(|&a, &b| !sozinha(a) && !sozinha(b))
            .map(<[usize]>::to_vec)
            .collect()
    }

    /// O resultado de um programa que não chegou a ser conferido.
    pub fn sem_programa(
        exercicio: &Exercicio,
        programa: &str,
        erro: String,
    ) -> anyhow::Result<Resultado> {
        let enunciado = exercicio.enunciado()?;
        let etapas = 1..=enunciado.etapas.len();
        Ok(Resultado {
            capitulo: exercicio.capitulo.to_owned(),
            titulo: enunciado.titulo.clone(),
            programa: programa.to_owned(),
            nivel: Nivel::L0,
            semente: 0,
            etapas: etapas.map(|n| nao_executada(n, &enunciado)).collect(),
            erro: Some(erro),
        })
    }

    /// O que será conferido, antes de qualquer etapa.
    pub fn abertura(&self) -> anyhow::Result<Resultado> {
        Ok(self.vazio(&self.exercicio.enunciado()?))
    }

    fn vazio(&self, enunciado: &Enunciado) -> Resultado {
        Resultado {
            capitulo: self.exercicio.capitulo.to_owned(),
            titulo: enunciado.titulo.clone(),
            programa: self.comando.linha(),
            nivel: self.nivel,
            semente: self.semente,
            etapas: Vec::new(),
            erro: None,
        }
    }

    fn executar(
        &self,
        numero: usize,
        enunciado: &Enunciado,
        viveiro: &Viveiro,
        dispensa: &Dispensa,
    ) -> ResultadoDaEtapa {
        let inicio = Instant::now();
        let mut etapa = nao_executada(numero, enunciado);
        // Cada etapa tem o seu acaso: conferir só uma dá os mesmos bytes.
        let semente = self.semente.wrapping_add(numero as u64);
        let programa = self.submissao(etapa.papel).com_viveiro(viveiro);
        let relogio = Relogio::novo(self.prazo).com_dispensa(dispensa);
        let endereco = porta_livre(semente, numero, self.isolamento.is_some());
        let programa = Box::new(programa);
        let mut palco = Palco::novo(programa, endereco, relogio, semente);
        palco.argumentos(&etapa.argumentos);
        let cena = palco.cena().clone();
        let conferir = self.exercicio.etapas[numero - 1].conferir;
        etapa.situacao = situacao(self.sem_panico(conferir, &mut palco));
        cena.programa().encerrar();
        etapa.transcricao = cena.transcricao().linhas().to_vec();
        etapa.escrito = cena.programa().escrito();
        if let Situacao::Falhou(falha) = &mut etapa.situacao
            && let Some(dita) = confissao(&etapa.escrito)
        {
            falha.mensagem = format!("{}. {dita}", falha.mensagem);
        }
        etapa.duracao = inicio.elapsed();
        etapa
    }

    /// Um erro da própria oficina não acusa o programa.
    fn sem_panico(
        &self,
        conferir: fn(&mut Palco) -> Veredicto,
        palco: &mut Palco,
    ) -> Veredicto {
        let executar = AssertUnwindSafe(|| conferir(palco));
        catch_unwind(executar).unwrap_or_else(|_| {
            Err(Interrupcao::Inconclusiva(format!(
                "a oficina tem um defeito neste exercício \
                 (semente {}): por favor, conte para nós",
                self.semente
            )))
        })
    }

    fn submissao(&self, papel: Papel) -> Submissao {
        let segundos = self.prazo.as_secs() + 5;
        let submissao = Submissao::nova(
            self.comando.clone(),
            self.isolamento,
            self.nivel,
            segundos,
        )
        .esconder(&self.segredos)
        .com_vista(self.vista.clone());
        match papel.servidor() {
            true => submissao,
            false => submissao.cliente(),
        }
    }
}

/// Como acabou um grupo de etapas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fim {
    Acabou,
    /// Uma etapa não passou, e as outras não interessam.
    Parou,
    /// Na etapa desta posição, o servidor saiu sozinho, e havia outro no ar.
    CaiuSozinho(usize),
}

/// Se o servidor saiu sozinho. Quem escuta sempre na mesma porta sai porque o
/// programa da outra etapa já a tem: sem companhia se vê o que ele faz.
fn caiu_sozinho(etapa: &ResultadoDaEtapa) -> bool {
    etapa.papel.servidor()
        && matches!(&etapa.situacao, Situacao::Falhou(falha)
        if falha.codigo == Codigo::Encerrou)
}

fn situacao(veredicto: Veredicto) -> Situacao {
    match veredicto {
        Ok(()) => Situacao::Passou,
        Err(Interrupcao::Falha(falha)) => Situacao::Falhou(falha),
        Err(Interrupcao::Inconclusiva(motivo)) => {
            Situacao::Inconclusiva(motivo)
        }
    }
}

fn nao_executada(numero: usize, enunciado: &Enunciado) -> ResultadoDaEtapa {
    let texto = &enunciado.etapas[numero - 1];
    ResultadoDaEtapa {
        numero,
        id: texto.id.clone(),
        nome: texto.nome.clone(),
        tenta: texto.tenta.clone(),
        pontos: texto.pontos,
        papel: enunciado.papel_em(texto),
        argumentos: texto.argumentos.clone(),
        a_mao: texto.a_mao.clone(),
        situacao: Situacao::NaoExecutada,
        transcricao: Vec::new(),
        escrito: Vec::new(),
        duracao: Duration::ZERO,
    }
}

/// Uma porta de loopback em que ninguém escuta, em TCP e em UDP. Em uma rede
/// só desta conferência, a semente decide qual, e só esta etapa a recebe.
pub fn porta_livre(
    semente: u64,
    etapa: usize,
    rede_propria: bool,
) -> SocketAddr {
    let quem = if rede_propria { 0 } else { std::process::id() };
    let sorteio = semente ^ u64::from(quem).rotate_left(32);
    let mut sorte = Sorte::nova(sorteio);
    loop {
        let sorteada = sorte.entre(PORTAS.start, PORTAS.end);
        let porta = match rede_propria {
            true => sorteada - sorteada % ETAPAS + etapa % ETAPAS,
            false => sorteada,
        };
        let endereco = SocketAddr::from((Ipv4Addr::LOCALHOST, porta as u16));
        let livre = TcpListener::bind(endereco).is_ok()
            && UdpSocket::bind(endereco).is_ok();
        if livre {
            return endereco;
        }
    }
}
