//! A conferência inteira: o plano, as ferramentas, a fila, e no fim, sozinhos,
//! os inconclusivos.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::ArgumentosDeConferir;
use super::andamento::{Andamento, duracao, linha};
use super::entregas::Forma;
use super::ferramentas::Ferramentas;
use super::fila::{self, Vagas};
use super::guarda::{Guarda, cabecalho};
use super::operario::{Origem, PROVA, Pedido};
use super::plano::{Item, Plano};
use crate::casa;
use crate::processo::Nivel;
use crate::turma::registro::Registro;
use crate::turma::relatorios::{self, jplag};
use crate::turma::{Situacao, Turma};

/// Quantas entregas por processador, se não se diz: quase todo o tempo de uma
/// conferência é espera.
const POR_PROCESSADOR: usize = 4;

/// Quantas vezes se tenta o que não deu para decidir.
const TENTATIVAS: u32 = 2;

pub fn executar(argumentos: &ArgumentosDeConferir) -> Result<ExitCode> {
    let inicio = Instant::now();
    let nivel = escolher_nivel(argumentos.nivel)?;
    let plano = Plano::novo(argumentos, nivel)?;
    let saida = pasta_da_saida(argumentos)?;
    let guarda = Guarda::abrir(&saida)?;
    let mut turma = plano.turma()?;
    anunciar(&turma, &plano);
    let mut coordenacao = Coordenacao {
        itens: plano.itens(&turma)?,
        plano: &plano,
        guarda: &guarda,
        saida: &saida,
        registros: BTreeMap::new(),
    };
    coordenacao.conferir(argumentos, &turma)?;
    turma.registros = coordenacao.registros.into_values().collect();
    turma.ordenar();
    relatorios::escrever(&turma, &saida, &argumentos.relatorios)?;
    despedir(&turma, &saida, inicio);
    Ok(ExitCode::SUCCESS)
}

/// O nível pedido, ou o mais forte que este sistema dá.
fn escolher_nivel(pedido: Option<Nivel>) -> Result<Nivel> {
    if let Some(pedido) = pedido {
        ensure!(
            ha(pedido),
            "o sistema não dá o isolamento {pedido}: `cargo oficina bancada \
             --diagnostico` diz por quê; sem --nivel, uso o mais forte que há"
        );
        return Ok(pedido);
    }
    let niveis = [Nivel::L2, Nivel::L1];
    Ok(niveis.into_iter().find(|n| ha(*n)).unwrap_or(Nivel::L0))
}

/// Tenta, em outro processo, tudo o que uma entrega vai precisar.
fn ha(nivel: Nivel) -> bool {
    let prova = Command::new(crate::processo::eu())
        .args([PROVA, &nivel.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    prova.is_ok_and(|fim| fim.success())
}

fn pasta_da_saida(argumentos: &ArgumentosDeConferir) -> Result<PathBuf> {
    let pasta = match &argumentos.saida {
        Some(pasta) => pasta.clone(),
        None => {
            let entregas = argumentos.entregas.canonicalize()?;
            let nome = entregas.file_name().unwrap_or_default();
            let nome = format!("{}-relatorio", nome.to_string_lossy());
            entregas.with_file_name(nome)
        }
    };
    let onde = || format!("não criei a pasta {}", pasta.display());
    fs::create_dir_all(&pasta).with_context(onde)?;
    let pasta = pasta.canonicalize().with_context(onde)?;
    ensure!(
        pasta.to_str().is_some(),
        "o nome da pasta {} não é UTF-8",
        pasta.display()
    );
    let entregas = argumentos.entregas.canonicalize()?;
    ensure!(
        !pasta.starts_with(&entregas),
        "a pasta dos relatórios não pode ficar dentro da das entregas"
    );
    Ok(pasta)
}

fn anunciar(turma: &Turma, plano: &Plano) {
    let quantas = plano.entregas.len();
    let fatia = plano.fatia.map(|f| format!(" · fatia {f}"));
    let capitulos: Vec<_> =
        turma.capitulos.iter().map(|c| c.curto.as_str()).collect();
    println!(
        "\n  {} · {} · {quantas} {}{}\n  isolamento {}: {}\n",
        turma.titulo,
        capitulos.join(", "),
        if quantas == 1 { "entrega" } else { "entregas" },
        fatia.unwrap_or_default(),
        turma.nivel,
        turma.nivel.descricao()
    );
}

struct Coordenacao<'a> {
    plano: &'a Plano,
    itens: Vec<Item<'a>>,
    guarda: &'a Guarda,
    saida: &'a Path,
    /// Os prontos, pela posição do item.
    registros: BTreeMap<usize, Registro>,
}

impl Coordenacao<'_> {
    fn conferir(
        &mut self,
        argumentos: &ArgumentosDeConferir,
        turma: &Turma,
    ) -> Result<()> {
        let mut andamento = Andamento::novo(self.itens.len());
        let ficam = match argumentos.retomar {
            true => self.itens.iter().map(|i| i.arquivo.clone()).collect(),
            false => Vec::new(),
        };
        self.guarda.so_estes(&[ficam, vec![cabecalho()]].concat())?;
        self.guarda.guardar_cabecalho(turma)?;
        self.retomar(&mut andamento, turma)?;
        let faltam: Vec<usize> = (0..self.itens.len())
            .filter(|posicao| !self.registros.contains_key(posicao))
            .collect();
        if faltam.is_empty() {
            andamento.terminar();
            return Ok(());
        }
        andamento.dizer("preparando o compilador e as dependências…");
        let ferramentas = self.ferramentas()?;
        let processadores =
            std::thread::available_parallelism().map_or(1, usize::from);
        let vagas = Vagas::novas(processadores);
        let padrao = POR_PROCESSADOR * processadores;
        let jobs = argumentos.jobs.unwrap_or(padrao).max(1);
        let (sozinhos, juntos): (Vec<usize>, Vec<usize>) = faltam
            .into_iter()
            .partition(|posicao| self.ja_tentado(*posicao));
        let pedidos = self.pedidos(&juntos, &ferramentas);
        let mut inconclusivos = sozinhos;
        fila::conferir(pedidos, jobs, &vagas, |posicao, pronto| {
            let registro = self.guardar(posicao, pronto)?;
            match registro.inconclusivo() {
                true => inconclusivos.push(posicao),
                false => andamento.pronto(posicao, linha(turma, registro)),
            }
            Ok(())
        })?;
        inconclusivos.sort_unstable();
        // Um de cada vez, com a máquina só para ele.
        let pedidos = self.pedidos(&inconclusivos, &ferramentas);
        fila::conferir(pedidos, 1, &vagas, |posicao, pronto| {
            let registro = self.guardar(posicao, pronto)?;
            andamento.pronto(posicao, linha(turma, registro));
            Ok(())
        })?;
        andamento.terminar();
        Ok(())
    }

    /// O que já está guardado e continua valendo não se confere de novo; o que
    /// nem se abre já está pronto.
    fn retomar(
        &mut self,
        andamento: &mut Andamento,
        turma: &Turma,
    ) -> Result<()> {
        for posicao in 0..self.itens.len() {
            let item = &self.itens[posicao];
            if matches!(item.entrega.forma, Forma::Estranha(_)) {
                let registro = item.registro.clone();
                self.guarda.guardar(&item.arquivo, &registro)?;
                andamento.pronto(posicao, linha(turma, &registro));
                self.registros.insert(posicao, registro);
                continue;
            }
            let Some(guardado) = self.guardado(posicao) else {
                continue;
            };
            if guardado.inconclusivo() && guardado.tentativas < TENTATIVAS {
                continue;
            }
            let registro = atualizado(guardado, &item.registro);
            self.guarda.guardar(&item.arquivo, &registro)?;
            andamento.ja_estava(posicao, linha(turma, &registro));
            self.registros.insert(posicao, registro);
        }
        Ok(())
    }

    /// O registro guardado desta entrega, se ela e as regras são as mesmas.
    fn guardado(&self, posicao: usize) -> Option<Registro> {
        let item = &self.itens[posicao];
        let guardado = self.guarda.ler(&item.arquivo)?;
        let vale = guardado.conteudo == item.registro.conteudo
            && guardado.regras == item.registro.regras
            && guardado.entrega == item.registro.entrega
            && guardado.capitulo == item.registro.capitulo;
        vale.then_some(guardado)
    }

    /// Se uma conferência interrompida já o achou inconclusivo uma vez.
    fn ja_tentado(&self, posicao: usize) -> bool {
        self.guardado(posicao)
            .is_some_and(|registro| registro.inconclusivo())
    }

    fn ferramentas(&self) -> Result<Ferramentas> {
        let bibliotecas = self.guarda.trabalho().join("bibliotecas");
        Ferramentas::preparar(&self.plano.exercicios, &bibliotecas)
    }

    fn pedidos(
        &self,
        posicoes: &[usize],
        ferramentas: &Ferramentas,
    ) -> Vec<(usize, Pedido)> {
        posicoes
            .iter()
            .map(|&posicao| (posicao, self.pedido(posicao, ferramentas)))
            .collect()
    }

    fn pedido(&self, posicao: usize, ferramentas: &Ferramentas) -> Pedido {
        let item = &self.itens[posicao];
        let entrega = item.entrega;
        let mut registro = item.registro.clone();
        let anterior = self.registros.get(&posicao).map(|r| r.tentativas);
        let anterior =
            anterior.or(self.guardado(posicao).map(|r| r.tentativas));
        registro.tentativas = anterior.unwrap_or(0) + 1;
        Pedido {
            capitulo: item.exercicio.capitulo.to_owned(),
            entrega: Origem {
                caminho: entrega.caminho.as_os_str().as_bytes().to_vec(),
                fechada: entrega.forma == Forma::Fechada,
                solta: entrega.forma == Forma::Solta,
            },
            pasta: self.guarda.trabalho().join(posicao.to_string()),
            nivel: self.plano.nivel,
            prazo: self.plano.prazo,
            ferramentas: ferramentas.so_de(item.exercicio),
            pasta_da_turma: self.plano.configuracao.pasta.clone(),
            etapas: self.plano.etapas(item.exercicio),
            parar_na_falha: self.plano.configuracao.parar_na_falha,
            so_este_capitulo: self.plano.exercicios.len() == 1,
            escondidos: self.escondidos(),
            registro,
        }
    }

    /// O que nenhuma entrega vê, esteja onde estiver.
    fn escondidos(&self) -> Vec<PathBuf> {
        let entregas = self.plano.entregas.first();
        let entregas = entregas.and_then(|e| e.caminho.parent());
        let casa_do_professor = std::env::var_os("HOME").map(PathBuf::from);
        let mut escondidos = vec![
            casa::raiz(),
            casa::alvo(),
            self.saida.to_owned(),
            self.plano.configuracao.pasta.clone(),
        ];
        escondidos.extend(entregas.map(Path::to_owned));
        escondidos.extend(casa_do_professor);
        escondidos
    }

    /// Guarda o registro no disco antes de contar com ele.
    fn guardar(
        &mut self,
        posicao: usize,
        pronto: fila::Pronto,
    ) -> Result<&Registro> {
        let registro = pronto.registro;
        self.guardar_a_fonte(&registro, pronto.fonte)?;
        self.guarda
            .guardar(&self.itens[posicao].arquivo, &registro)?;
        self.registros.insert(posicao, registro);
        Ok(&self.registros[&posicao])
    }
}

impl Coordenacao<'_> {
    /// O programa conferido, para quem procura semelhanças.
    fn guardar_a_fonte(
        &self,
        registro: &Registro,
        fonte: Option<Vec<u8>>,
    ) -> Result<()> {
        let onde = jplag::fonte(self.saida, registro);
        let Some(fonte) = fonte else {
            // A da entrega anterior já não é desta.
            let _ = fs::remove_file(onde);
            return Ok(());
        };
        let pasta = onde.parent().unwrap_or(self.saida);
        fs::create_dir_all(pasta)
            .and_then(|()| fs::write(&onde, fonte))
            .with_context(|| format!("não guardei {}", onde.display()))
    }
}

/// O resultado guardado, com os pontos, o prazo e as observações de agora.
fn atualizado(guardado: Registro, agora: &Registro) -> Registro {
    let mut etapas = guardado.etapas.clone();
    for (etapa, nova) in etapas.iter_mut().zip(&agora.etapas) {
        etapa.pontos = nova.pontos;
        etapa.extra = nova.extra;
        etapa.privada = nova.privada;
        etapa.nome.clone_from(&nova.nome);
    }
    let de_fora =
        |texto: &&String| texto.starts_with("há outra entrega deste aluno");
    let mut observacoes = agora.observacoes.clone();
    observacoes
        .extend(guardado.observacoes.iter().filter(|o| !de_fora(o)).cloned());
    Registro {
        etapas,
        observacoes,
        entregue_em: agora.entregue_em.clone(),
        atraso_min: agora.atraso_min,
        ..guardado
    }
}

fn despedir(turma: &Turma, saida: &Path, inicio: Instant) {
    println!();
    for situacao in [
        Situacao::Conferida,
        Situacao::NaoCompilou,
        Situacao::Recusada,
        Situacao::NaoEntregue,
        Situacao::Inconclusiva,
    ] {
        let quantos = turma.contar(situacao);
        if quantos > 0 {
            println!("  {quantos:>4} {}", situacao.descricao_de(quantos));
        }
    }
    if turma.nivel != Nivel::L2 {
        println!("\n  No nível {}, atenção:", turma.nivel);
        for residuo in &turma.residuos {
            println!("  · {residuo}");
        }
    }
    let relatorio = saida.join("relatorio.html");
    let aqui = std::env::current_dir().unwrap_or_default();
    println!(
        "\n  {} em {}",
        relatorio
            .strip_prefix(&aqui)
            .unwrap_or(&relatorio)
            .display(),
        duracao(inicio.elapsed())
    );
}
