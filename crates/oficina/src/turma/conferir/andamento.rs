//! O que se vê enquanto a turma é conferida: uma linha por entrega, sempre na
//! mesma ordem, e uma barra com o tempo que falta.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::turma::registro::{Registro, Situacao};
use crate::turma::{Turma, notas};

/// O tamanho da barra, em caracteres.
const BARRA: usize = 24;

/// O maior nome de aluno em uma linha, em caracteres.
const NOME: usize = 28;

/// O andamento de uma conferência.
pub struct Andamento {
    total: usize,
    prontos: usize,
    /// Os que já vieram prontos de antes não dizem quanto demora um.
    de_antes: usize,
    inicio: Instant,
    barra: bool,
    /// As linhas que esperam as de antes delas.
    guardadas: BTreeMap<usize, String>,
    proxima: usize,
}

impl Andamento {
    pub fn novo(total: usize) -> Andamento {
        Andamento {
            total,
            prontos: 0,
            de_antes: 0,
            inicio: Instant::now(),
            barra: std::io::stderr().is_terminal(),
            guardadas: BTreeMap::new(),
            proxima: 0,
        }
    }

    /// Um registro que já estava guardado.
    pub fn ja_estava(&mut self, posicao: usize, linha: String) {
        self.de_antes += 1;
        self.pronto(posicao, linha);
    }

    /// Mais um registro; a linha dele sai quando as anteriores tiverem saído.
    pub fn pronto(&mut self, posicao: usize, linha: String) {
        self.prontos += 1;
        self.guardadas.insert(posicao, linha);
        self.apagar();
        while let Some(linha) = self.guardadas.remove(&self.proxima) {
            println!("{linha}");
            self.proxima += 1;
        }
        self.desenhar();
    }

    /// O que está acontecendo agora.
    pub fn dizer(&self, texto: &str) {
        self.apagar();
        if self.barra {
            eprint!("  {texto}");
            let _ = std::io::stderr().flush();
        }
    }

    /// Sem mais nada por fazer.
    pub fn terminar(&self) {
        self.apagar();
    }

    fn apagar(&self) {
        if self.barra {
            eprint!("\r\x1b[K");
        }
    }

    fn desenhar(&self) {
        if !self.barra || self.prontos == self.total {
            return;
        }
        let cheia = BARRA * self.prontos / self.total.max(1);
        let barra = "█".repeat(cheia) + &"░".repeat(BARRA - cheia);
        let (prontos, total) = (self.prontos, self.total);
        eprint!("  {barra} {prontos}/{total}{}", self.falta());
        let _ = std::io::stderr().flush();
    }

    fn falta(&self) -> String {
        let feitos = self.prontos - self.de_antes;
        if feitos == 0 {
            return String::new();
        }
        let por_um = self.inicio.elapsed() / feitos as u32;
        let falta = por_um * (self.total - self.prontos) as u32;
        format!(" · faltam {}", duracao(falta))
    }
}

/// `8 s`, `3 min`.
pub fn duracao(tempo: Duration) -> String {
    match tempo.as_secs() {
        segundos @ 0..=99 => format!("{} s", segundos + 1),
        segundos => format!("{} min", segundos.div_ceil(60)),
    }
}

/// `  Fulano de Tal   8,00  4/5  M06 volume`.
pub fn linha(turma: &Turma, registro: &Registro) -> String {
    let nome: String = registro.aluno.chars().take(NOME).collect();
    let capitulo = match turma.capitulos.len() {
        1 => String::new(),
        _ => format!("{} ", registro.curto()),
    };
    let nota = notas::em_portugues(turma.nota(registro).centesimos);
    let etapas = registro.etapas.iter().filter(|etapa| !etapa.extra).count();
    let passaram = registro.passaram();
    let resumo = resumo(registro);
    format!(
        "  {nome:<NOME$} {capitulo}{nota:>6}  {passaram}/{etapas}  {resumo}"
    )
    .trim_end()
    .to_owned()
}

/// Onde parou, ou por que não foi conferida.
fn resumo(registro: &Registro) -> String {
    let situacao = registro.situacao;
    if situacao == Situacao::Conferida {
        let Some(etapa) = registro.primeira_falha() else {
            return String::new();
        };
        let codigo = registro.codigo().unwrap_or(etapa.situacao.nome());
        return format!("{codigo} em {}", etapa.id);
    }
    let erro = registro.erro.as_deref().unwrap_or_default();
    let primeira = erro.lines().next().unwrap_or_default();
    match situacao {
        Situacao::NaoCompilou => situacao.descricao().to_owned(),
        _ => format!("{}: {primeira}", situacao.descricao()),
    }
}
