//! `oficina conferir`: o veredicto.

use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use super::{escolher, programa};
use crate::casa;
use crate::conferencia::{Conferencia, Resultado};
use crate::construcao::{Construcao, NaoCompilou};
use crate::exercicios::Exercicio;
use crate::palco::PRAZO;
use crate::processo::{Comando, Nivel};
use crate::progresso::Progresso;
use crate::relatorio::texto::Relatorio;
use crate::relatorio::tinta::Tinta;
use crate::relatorio::{em_json, em_junit};

/// Quantas etapas conversam ao mesmo tempo: enquanto uma espera, a outra anda.
const JUNTAS: usize = 2;

/// O status de saída quando alguma etapa falha.
const FALHOU: u8 = 1;

/// O status de saída quando o programa não compila ou não começa.
const SEM_PROGRAMA: u8 = 3;

/// Confere o seu programa, etapa por etapa, e diz que erro parece ser
#[derive(Args, Debug, Clone)]
pub struct ArgumentosDeConferir {
    /// O capítulo: cap05, 5 ou o nome inteiro. Sem ele, o primeiro por resolver
    #[arg(value_name = "CAPÍTULO")]
    pub capitulo: Option<String>,
    /// Confere só esta etapa
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub etapa: Option<usize>,
    /// Como mostrar o resultado: texto, json ou junit
    #[arg(
        long,
        value_name = "FORMATO",
        default_value = "texto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub formato: Formato,
    /// Fica de olho no arquivo e confere de novo a cada vez que você salva
    #[arg(long, conflicts_with_all = ["formato", "repetir"])]
    pub observar: bool,
    /// Confere N vezes, com sementes diferentes, e conta
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        hide_default_value = true,
        allow_negative_numbers = true
    )]
    pub repetir: u32,
    /// O prazo de cada etapa, em segundos (se não disser, 10)
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub prazo: Option<f64>,
    /// Repete os mesmos bytes aleatórios de uma conferência anterior
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub semente: Option<u64>,
    /// O nível de isolamento: L0, L1 ou L2. Sem ele, o mais forte que houver
    #[arg(long, value_name = "NÍVEL", hide_possible_values = true)]
    pub isolamento: Option<Nivel>,
    /// Pasta em que o cargo compila o programa
    #[arg(long, value_name = "PASTA", hide = true)]
    pub alvo: Option<std::path::PathBuf>,
    /// Termina junto com quem o iniciou
    #[arg(long, hide = true)]
    pub preso: bool,
    /// O comando que inicia o seu programa, em qualquer linguagem
    #[arg(last = true, value_name = "COMANDO")]
    pub comando: Vec<String>,
}

/// O formato do resultado.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Formato {
    Texto,
    Json,
    Junit,
}

pub fn executar(argumentos: &ArgumentosDeConferir) -> Result<ExitCode> {
    let exercicio = escolher(argumentos.capitulo.as_deref())?;
    conferir_argumentos(argumentos, exercicio)?;
    if argumentos.preso {
        prender();
    }
    if argumentos.observar {
        return super::observar::executar(argumentos, exercicio);
    }
    // A prova do isolamento roda enquanto o cargo compila.
    let prova = comecar_prova(argumentos.isolamento);
    let comando = match obter_programa(argumentos, exercicio) {
        Ok(comando) => comando,
        Err(erro) => return sem_programa(argumentos, exercicio, erro),
    };
    // A partir daqui o conferidor está em rede própria, se o sistema deixa.
    let (nivel, isolamento) = isolar(argumentos.isolamento, prova)?;
    let mut erradas = 0;
    for vez in 0..argumentos.repetir {
        let resultado = uma_vez(
            argumentos,
            &Conferencia {
                exercicio,
                comando: comando.clone(),
                so_a_etapa: argumentos.etapa,
                prazo: prazo(argumentos),
                semente: semente(argumentos, vez),
                nivel,
                isolamento,
                segredos: casa::segredos(),
                vista: None,
                ate_o_fim: false,
                juntas: JUNTAS,
            },
        )?;
        erradas += u32::from(!resultado.tudo_certo());
    }
    if argumentos.repetir > 1 && argumentos.formato == Formato::Texto {
        let certas = argumentos.repetir - erradas;
        println!("\n  {certas} de {} conferências certas", argumentos.repetir);
    }
    Ok(ExitCode::from(if erradas > 0 { FALHOU } else { 0 }))
}

/// Se quem observa terminar, esta conferência termina com ele.
fn prender() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        // Sem isso, a conferência ainda termina sozinha, no prazo.
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
}

fn conferir_argumentos(
    argumentos: &ArgumentosDeConferir,
    exercicio: &Exercicio,
) -> Result<()> {
    let total = exercicio.etapas.len();
    if let Some(etapa) = argumentos.etapa {
        ensure!(
            (1..=total).contains(&etapa),
            "a etapa {etapa} não existe: vão de 1 a {total}"
        );
    }
    if let Some(prazo) = argumentos.prazo {
        ensure!(
            prazo.is_finite() && (0.1..=3600.0).contains(&prazo),
            "o prazo vai de 0.1 a 3600 segundos"
        );
    }
    ensure!(argumentos.repetir > 0, "repetir 0 vezes não confere nada");
    Ok(())
}

fn prazo(argumentos: &ArgumentosDeConferir) -> Duration {
    argumentos.prazo.map_or(PRAZO, Duration::from_secs_f64)
}

/// Sem `--semente`, uma diferente a cada vez (de seis algarismos, para caber
/// em um comando digitado).
fn semente(argumentos: &ArgumentosDeConferir, vez: u32) -> u64 {
    let primeira = argumentos.semente.unwrap_or_else(|| {
        let agora = SystemTime::now().duration_since(UNIX_EPOCH);
        let agora = agora.map_or(0, |desde| desde.as_nanos() as u64);
        (agora / 1000 + u64::from(std::process::id())) % 1_000_000
    });
    primeira.wrapping_add(u64::from(vez) * 1000)
}

/// O comando dado depois de `--` ou o exercício compilado.
fn obter_programa(
    argumentos: &ArgumentosDeConferir,
    exercicio: &Exercicio,
) -> Result<Comando, NaoCompilou> {
    if let Some((programa, resto)) = argumentos.comando.split_first() {
        return programa::obter(programa, resto)
            .map_err(|mensagem| NaoCompilou { mensagem });
    }
    Construcao {
        capitulo: exercicio.capitulo,
        programa: format!("{}-exercicio", exercicio.curto()),
        alvo: argumentos.alvo.clone(),
        colorida: argumentos.formato == Formato::Texto
            && Tinta::da_saida().ligada(),
    }
    .construir()
}

#[cfg(target_os = "linux")]
use crate::processo::isolamento::{Isolamento, Prova};
#[cfg(not(target_os = "linux"))]
type Isolamento = ();
#[cfg(not(target_os = "linux"))]
type Prova = ();

/// Começa a provar que o sistema dá o L2, se ele pode ser usado.
#[cfg(target_os = "linux")]
fn comecar_prova(pedido: Option<Nivel>) -> Option<Prova> {
    matches!(pedido, None | Some(Nivel::L2)).then(Prova::comecar)
}

#[cfg(not(target_os = "linux"))]
fn comecar_prova(_: Option<Nivel>) -> Option<Prova> {
    None
}

/// O isolamento pedido ou, sem pedido, o mais forte que o sistema dá.
#[cfg(target_os = "linux")]
fn isolar(
    pedido: Option<Nivel>,
    prova: Option<Prova>,
) -> Result<(Nivel, Option<Isolamento>)> {
    if let Some(prova) = prova {
        match prova.entrar() {
            Ok(isolamento) => {
                return Ok((Nivel::L2, Some(isolamento)));
            }
            Err(erro) => ensure!(
                pedido.is_none(),
                "o sistema não dá o isolamento L2: {erro}"
            ),
        }
    }
    Ok((pedido.unwrap_or(Nivel::L1), None))
}

#[cfg(not(target_os = "linux"))]
fn isolar(
    pedido: Option<Nivel>,
    _: Option<Prova>,
) -> Result<(Nivel, Option<Isolamento>)> {
    ensure!(
        !matches!(pedido, Some(Nivel::L1 | Nivel::L2)),
        "este sistema só dá o isolamento L0"
    );
    Ok((Nivel::L0, None))
}

fn uma_vez(
    argumentos: &ArgumentosDeConferir,
    conferencia: &Conferencia,
) -> Result<Resultado> {
    let relatorio = Relatorio {
        tinta: Tinta::da_saida(),
        comando: &argumentos.comando,
    };
    let texto = argumentos.formato == Formato::Texto;
    if texto {
        print!("{}", relatorio.cabecalho(&conferencia.abertura()?));
    }
    let resultado = conferencia.conferir(|etapa| {
        if texto {
            print!("{}", relatorio.etapa(etapa));
        }
    })?;
    match argumentos.formato {
        Formato::Texto => {
            print!("{}", relatorio.fecho(&resultado));
            anotar(argumentos, &resultado);
        }
        Formato::Json => println!("{}", em_json(&resultado)),
        Formato::Junit => print!("{}", em_junit(&resultado)),
    }
    Ok(resultado)
}

/// Só uma conferência completa muda o progresso.
fn anotar(argumentos: &ArgumentosDeConferir, resultado: &Resultado) {
    if argumentos.etapa.is_some() || resultado.programa.contains("-solucao") {
        return;
    }
    let mut progresso = Progresso::ler();
    progresso.anotar(resultado);
    progresso.guardar();
}

fn sem_programa(
    argumentos: &ArgumentosDeConferir,
    exercicio: &Exercicio,
    erro: NaoCompilou,
) -> Result<ExitCode> {
    let programa = match argumentos.comando.is_empty() {
        true => format!("{}-exercicio", exercicio.curto()),
        false => argumentos.comando.join(" "),
    };
    let resultado =
        Conferencia::sem_programa(exercicio, &programa, erro.mensagem)?;
    match argumentos.formato {
        Formato::Texto => {
            let erro = resultado.erro.unwrap_or_default();
            println!("{erro}\n\n  {programa} não pôde ser iniciado.");
        }
        Formato::Json => println!("{}", em_json(&resultado)),
        Formato::Junit => print!("{}", em_junit(&resultado)),
    }
    Ok(ExitCode::from(SEM_PROGRAMA))
}
