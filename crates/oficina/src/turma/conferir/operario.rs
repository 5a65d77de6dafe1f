//! O operário: o processo que confere uma entrega em um capítulo, e só ela.
//!
//! A oficina inicia um por vez e por entrega, como subcomando escondido,
//! porque o isolamento do conferidor vale para o processo inteiro: cada
//! entrega ganha a própria rede, e o fim de uma não alcança os processos de
//! outra. O operário não escreve resultado nenhum: devolve o [`Registro`] a
//! quem o iniciou, e é este que o guarda.

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::escolha::{Escolhido, escolher};
use super::ferramentas::Ferramentas;
use super::leitura::{self, Achado, Conteudo};
use super::preparo::{Preparo, Pronto, Recusa};
use super::professor::Professor;
use crate::casa;
use crate::conferencia::Conferencia;
use crate::exercicios::Exercicio;
use crate::processo::{Comando, Isolamento, Nivel, Tarefa, Vista};
use crate::turma::configuracao::EtapaDoProfessor;
use crate::turma::registro::{Registro, Situacao, SituacaoDaEtapa};

/// O subcomando escondido.
pub const SUBCOMANDO: &str = "__entrega";

/// O subcomando que prova um nível de isolamento, que vem depois dele.
pub const PROVA: &str = "__entrega-prova";

/// O que o operário pede antes de compilar, e como se responde.
pub const PEDE_VEZ: &str = "vez";
pub const LARGA_VEZ: &str = "pronto";

/// Onde fica, na pasta da conferência, o arquivo conferido.
pub const FONTE: &str = "conferido";

/// Segundos de processador, e de relógio, para abrir um arquivo.
const PARA_ABRIR: u64 = 20;

/// O que conferir.
#[derive(Debug, Serialize, Deserialize)]
pub struct Pedido {
    pub capitulo: String,
    pub entrega: Origem,
    /// A pasta só desta conferência, que já existe e está vazia.
    pub pasta: PathBuf,
    pub nivel: Nivel,
    pub prazo: Duration,
    pub ferramentas: Ferramentas,
    /// A pasta da `turma.toml`, de onde contam os programas das etapas.
    pub pasta_da_turma: PathBuf,
    pub etapas: Vec<EtapaDoProfessor>,
    pub parar_na_falha: bool,
    /// Se um nome sem o número do capítulo serve.
    pub so_este_capitulo: bool,
    pub escondidos: Vec<PathBuf>,
    /// O registro por preencher: todas as etapas, nenhuma executada.
    pub registro: Registro,
}

/// De onde vem o conteúdo: um caminho pode não ser UTF-8.
#[derive(Debug, Serialize, Deserialize)]
pub struct Origem {
    pub caminho: Vec<u8>,
    pub fechada: bool,
    pub solta: bool,
}

/// Lê o pedido da entrada, confere e escreve o registro na saída.
pub fn executar() -> ExitCode {
    match conferir() {
        Ok(()) => ExitCode::SUCCESS,
        Err(erro) => {
            eprintln!("o operário falhou: {erro:#}");
            ExitCode::FAILURE
        }
    }
}

/// Faz, com um programa que nada faz, tudo o que uma entrega precisa.
pub fn provar() -> ExitCode {
    let pedido = std::env::args().nth(2).unwrap_or_default();
    let niveis = [Nivel::L0, Nivel::L1, Nivel::L2];
    let nivel = niveis.into_iter().find(|n| n.to_string() == pedido);
    let prova = || -> Result<bool> {
        let nivel = nivel.context("que nível?")?;
        let isolamento = isolar(nivel)?;
        let tarefa = Tarefa {
            comando: Comando {
                programa: "/bin/sh".to_owned(),
                argumentos: ["-c", ":"].map(str::to_owned).to_vec(),
            },
            vista: Vista {
                pasta: PathBuf::from("/"),
                ..Vista::default()
            },
            nivel,
            isolamento,
            segundos: PARA_ABRIR,
            prazo: Duration::from_secs(PARA_ABRIR),
            teto: 0,
        };
        Ok(tarefa.executar()?.status == Some(0))
    };
    match prova() {
        Ok(true) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn isolar(nivel: Nivel) -> Result<Option<Isolamento>> {
    if nivel != Nivel::L2 {
        return Ok(None);
    }
    let isolamento = crate::processo::isolamento::entrar();
    isolamento
        .map(Some)
        .context("o sistema não deu o isolamento L2")
}

fn conferir() -> Result<()> {
    use rustix::process::{Signal, getpid, set_parent_process_death_signal};
    set_parent_process_death_signal(Some(Signal::KILL))?;
    rustix::process::set_child_subreaper(Some(getpid()))?;
    let mut linha = String::new();
    io::stdin().lock().read_line(&mut linha)?;
    let pedido: Pedido = serde_json::from_str(&linha)?;
    let operario = Operario {
        exercicio: Exercicio::procurar(&pedido.capitulo)
            .context("o capítulo não existe")?,
        isolamento: isolar(pedido.nivel)?,
        pedido: &pedido,
    };
    let registro = operario.registro()?;
    println!("{}", serde_json::to_string(&registro)?);
    Ok(())
}

struct Operario<'a> {
    pedido: &'a Pedido,
    exercicio: &'static Exercicio,
    isolamento: Option<Isolamento>,
}

impl Operario<'_> {
    fn registro(&self) -> Result<Registro> {
        let inicio = Instant::now();
        let mut registro = self.pedido.registro.clone();
        if let Err((situacao, erro)) = self.preencher(&mut registro)? {
            registro.situacao = situacao;
            registro.erro = Some(erro);
            registro.etapas.clone_from(&self.pedido.registro.etapas);
        }
        registro.duracao_ms = inicio.elapsed().as_millis() as u64;
        Ok(registro)
    }

    fn preencher(&self, registro: &mut Registro) -> Result<Result<(), Recusa>> {
        let conteudo = match self.abrir() {
            Ok(conteudo) => conteudo,
            Err(recusa) => return Ok(Err(recusa)),
        };
        registro.observacoes.extend(conteudo.observacoes.clone());
        let Some(escolhido) = self.escolher(&conteudo.arquivos) else {
            return Ok(Err(self.sem_exercicio()));
        };
        escolhido
            .linguagem
            .nome()
            .clone_into(&mut registro.linguagem);
        registro.arquivo.clone_from(&escolhido.arquivo.nome);
        if let Some(outro) = &escolhido.outro {
            let conferido = &escolhido.arquivo.nome;
            registro
                .observacoes
                .push(format!("há também {outro}; conferi {conferido}"));
        }
        self.deixar_a_fonte(&escolhido.arquivo)?;
        self.esperar_a_vez()?;
        let pronto = self.preparo().preparar(&escolhido, &conteudo.arquivos);
        self.largar_a_vez()?;
        let pronto = match pronto {
            Ok(pronto) => pronto,
            Err(recusa) => return Ok(Err(recusa)),
        };
        registro.situacao = Situacao::Conferida;
        let parou = self.conferir_etapas(&pronto, registro)?;
        if !parou || !self.pedido.parar_na_falha {
            self.conferir_do_professor(&pronto, registro)?;
        }
        if self.e_o_esqueleto(&escolhido.arquivo) && registro.passaram() == 0 {
            let frase = "é o esqueleto, intacto".to_owned();
            return Ok(Err((Situacao::NaoEntregue, frase)));
        }
        Ok(Ok(()))
    }

    /// Os arquivos da entrega: os da pasta, o único que veio, ou os que saem
    /// do arquivo fechado, aberto dentro do cerco.
    fn abrir(&self) -> Result<Conteudo, Recusa> {
        let recusada = |frase| (Situacao::Recusada, frase);
        let caminho = caminho_de(&self.pedido.entrega.caminho);
        if self.pedido.entrega.solta {
            let arquivo = sozinho(&caminho).map_err(|erro| {
                recusada(format!("não li o arquivo: {erro}"))
            })?;
            return Ok(Conteudo {
                arquivos: vec![arquivo],
                observacoes: Vec::new(),
            });
        }
        if !self.pedido.entrega.fechada {
            return leitura::percorrer(&caminho).map_err(recusada);
        }
        let aberta = self.pedido.pasta.join("aberta");
        fs::create_dir(&aberta).map_err(|erro| {
            (Situacao::Inconclusiva, format!("a oficina falhou: {erro}"))
        })?;
        let observacoes = self.abrir_fechada(&caminho, &aberta)?;
        let mut conteudo = leitura::percorrer(&aberta).map_err(recusada)?;
        conteudo.observacoes.splice(0..0, observacoes);
        Ok(conteudo)
    }

    fn abrir_fechada(
        &self,
        caminho: &Path,
        aberta: &Path,
    ) -> Result<Vec<String>, Recusa> {
        // Um nome só com ASCII, que cabe em um argumento e na raiz nova.
        let fechada = self.pedido.pasta.join("fechada");
        let bytes = leitura::ler(caminho, leitura::TOTAL);
        bytes
            .and_then(|bytes| fs::write(&fechada, bytes))
            .map_err(|erro| {
                (Situacao::Recusada, format!("não li o arquivo: {erro}"))
            })?;
        let abridor = &self.pedido.ferramentas.abridor;
        let texto = |caminho: &Path| caminho.to_string_lossy().into_owned();
        let tarefa = Tarefa {
            comando: Comando {
                programa: texto(abridor),
                argumentos: vec![texto(&fechada), texto(aberta)],
            },
            vista: Vista {
                leitura: vec![abridor.clone(), fechada.clone()],
                escrita: vec![aberta.to_owned()],
                escondidos: self.pedido.escondidos.clone(),
                pasta: aberta.to_owned(),
                ambiente: Vec::new(),
            },
            nivel: self.pedido.nivel,
            isolamento: self.isolamento,
            segundos: PARA_ABRIR,
            prazo: Duration::from_secs(PARA_ABRIR),
            teto: 2 * leitura::TOTAL,
        };
        let fim = tarefa.executar().map_err(|erro| {
            (Situacao::Inconclusiva, format!("a oficina falhou: {erro}"))
        })?;
        let linhas = |prefixo: &str| -> Vec<String> {
            let linhas = fim.escrito.iter().filter(|linha| !linha.erro);
            let dele = linhas.filter_map(|l| l.texto.strip_prefix(prefixo));
            dele.map(str::to_owned).collect()
        };
        match (fim.status, linhas("recusada: ").pop()) {
            (Some(0), None) => Ok(linhas("observacao: ")),
            (_, Some(motivo)) => Err((Situacao::Recusada, motivo)),
            _ => Err((
                Situacao::Recusada,
                format!("abrir o arquivo passou de {PARA_ABRIR} s"),
            )),
        }
    }

    fn escolher(&self, arquivos: &[Achado]) -> Option<Escolhido> {
        let so_este = self.pedido.so_este_capitulo;
        let intacto = |arquivo: &Achado| self.e_o_esqueleto(arquivo);
        escolher(arquivos, self.exercicio, so_este, intacto)
    }

    /// Se é igual ao exercício desta pasta, byte a byte.
    fn e_o_esqueleto(&self, arquivo: &Achado) -> bool {
        let curto = self.exercicio.curto();
        let pasta = casa::pasta_do_capitulo(self.exercicio.capitulo);
        let esqueletos = [
            pasta.join(format!("src/bin/{curto}-exercicio.rs")),
            pasta.join(format!("python/{curto}-exercicio.py")),
        ];
        let Ok(dele) = leitura::ler(&arquivo.caminho, leitura::MAIOR_ARQUIVO)
        else {
            return false;
        };
        esqueletos
            .iter()
            .any(|esqueleto| fs::read(esqueleto).is_ok_and(|o| o == dele))
    }

    /// O arquivo conferido, para quem guarda os resultados guardar também.
    fn deixar_a_fonte(&self, arquivo: &Achado) -> Result<()> {
        if let Ok(bytes) =
            leitura::ler(&arquivo.caminho, leitura::MAIOR_ARQUIVO)
        {
            fs::write(self.pedido.pasta.join(FONTE), bytes)?;
        }
        Ok(())
    }

    fn sem_exercicio(&self) -> Recusa {
        let curto = self.exercicio.curto();
        let frase = format!(
            "não achei o exercício: esperava {curto}-exercicio.rs (ou .py, \
             .c), ou um arquivo `comando`"
        );
        (Situacao::NaoEntregue, frase)
    }

    fn preparo(&self) -> Preparo<'_> {
        Preparo {
            exercicio: self.exercicio,
            ferramentas: &self.pedido.ferramentas,
            nivel: self.pedido.nivel,
            isolamento: self.isolamento,
            pasta: &self.pedido.pasta,
            escondidos: &self.pedido.escondidos,
        }
    }

    /// Compilar usa um processador inteiro: quem inicia os operários diz
    /// quantos compilam ao mesmo tempo.
    fn esperar_a_vez(&self) -> Result<()> {
        println!("{PEDE_VEZ}");
        io::stdout().flush()?;
        let mut resposta = String::new();
        io::stdin().lock().read_line(&mut resposta)?;
        Ok(())
    }

    fn largar_a_vez(&self) -> Result<()> {
        println!("{LARGA_VEZ}");
        Ok(io::stdout().flush()?)
    }

    /// As etapas do capítulo; diz se alguma não passou.
    fn conferir_etapas(
        &self,
        pronto: &Pronto,
        registro: &mut Registro,
    ) -> Result<bool> {
        let conferencia = Conferencia {
            exercicio: self.exercicio,
            comando: pronto.comando.clone(),
            so_a_etapa: None,
            prazo: self.pedido.prazo,
            semente: registro.semente,
            nivel: self.pedido.nivel,
            isolamento: self.isolamento,
            segredos: Vec::new(),
            vista: Some(pronto.vista.clone()),
            ate_o_fim: !self.pedido.parar_na_falha,
            // Quem ocupa os processadores são os operários.
            juntas: 1,
        };
        let resultado = conferencia.conferir(|_| {})?;
        let do_livro = registro.etapas.iter_mut();
        for (etapa, conferida) in do_livro.zip(&resultado.etapas) {
            etapa.anotar(conferida);
        }
        Ok(!resultado.tudo_certo())
    }

    /// As etapas da `turma.toml`, depois das do capítulo.
    fn conferir_do_professor(
        &self,
        pronto: &Pronto,
        registro: &mut Registro,
    ) -> Result<()> {
        let professor = Professor {
            pronto,
            papel: self.exercicio.enunciado()?.papel,
            nivel: self.pedido.nivel,
            isolamento: self.isolamento,
            pasta: &self.pedido.pasta_da_turma,
            semente: registro.semente,
        };
        for etapa in &self.pedido.etapas {
            let vaga = registro.etapas.iter_mut().find(|e| e.id == etapa.id);
            let Some(vaga) = vaga else { continue };
            *vaga = professor.conferir(etapa, vaga.clone());
            let parar = self.pedido.parar_na_falha && !vaga.extra;
            if parar && vaga.situacao != SituacaoDaEtapa::Passou {
                break;
            }
        }
        Ok(())
    }
}

fn sozinho(caminho: &Path) -> io::Result<Achado> {
    let dados = leitura::abrir(caminho)?.metadata()?;
    Ok(Achado {
        nome: leitura::visivel(caminho.file_name().unwrap_or_default()),
        caminho: caminho.to_owned(),
        tamanho: dados.len(),
        modificado: dados.modified().ok(),
    })
}

fn caminho_de(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}
