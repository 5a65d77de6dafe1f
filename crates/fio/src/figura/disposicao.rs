//! A disposição: onde cada passo fica, antes de virar traço.

use crate::cena::{Cena, Passo};
use crate::estado::Estado;
use crate::figura::medida::{caber, largura, largura_fixa, quebrar};

/// Tamanho da letra comum, em unidades do desenho.
pub(super) const LETRA: f64 = 14.0;
/// Tamanho da letra de largura fixa (endereços, estados).
pub(super) const FIXA: f64 = 12.8;
pub(super) const ENTRELINHA: f64 = 18.0;
pub(super) const RAIO: f64 = 10.5;
/// Tamanho da letra do nome de um host.
const NOME: f64 = 15.0;
pub(super) const ALTURA_DA_PILULA: f64 = 22.0;
/// Quanto desce a pílula que cobriria a da raia ao lado.
pub(super) const DEGRAU: f64 = ALTURA_DA_PILULA + 4.0;
/// Altura da caixa de um host com o endereço em uma linha, e em duas.
const ALTURAS_DO_HOST: [f64; 2] = [48.0, 64.0];
pub(super) const INCLINACAO: f64 = 14.0;

/// As medidas de uma das duas disposições.
pub(crate) struct Medidas {
    pub(super) classe: &'static str,
    pub(super) largura: f64,
    pub(super) raias: Vec<f64>,
    pub(super) host: f64,
    /// Estados do lado de fora das linhas; senão, sobre elas.
    pub(super) fora: bool,
    pub(super) horas: bool,
    /// As linhas do endereço de cada raia.
    pub(super) enderecos: Vec<Vec<String>>,
    /// Onde as caixas dos hosts terminam.
    pub(super) topo: f64,
    /// Se algum nome só cabe na caixa em letra menor.
    pub(super) apertado: bool,
    /// Se os estados iniciais vão em dois andares, para um não cobrir outro.
    pub(super) em_andares: bool,
}

impl Medidas {
    /// Para colunas de 688 pixels (43rem) ou mais.
    pub fn larga(cena: &Cena) -> Medidas {
        let raias = match (cena.um_par, cena.raias.len()) {
            (true, _) => vec![208.0, 578.0],
            (false, quantas) => espalhar(quantas, 160.0, 630.0),
        };
        let host = menor_vao(&raias).min(190.0) - 8.0;
        Medidas {
            classe: "fio-largo",
            largura: 720.0,
            fora: cena.um_par,
            horas: true,
            ..Medidas::novas(cena, raias, host)
        }
        .com_andares(cena)
    }

    /// Para telas de celular.
    pub fn estreita(cena: &Cena) -> Medidas {
        let quantas = cena.raias.len();
        let largura = 320.0;
        // Com quatro, as caixas quase se tocam, e vão de borda a borda.
        let (margem, folga) = match quantas > 3 {
            true => (39.5, 2.5),
            false => (54.0, 6.0),
        };
        let raias = espalhar(quantas, margem, largura - margem);
        let cabe = (largura - 2.0) / quantas as f64 - folga;
        Medidas {
            classe: "fio-estreito",
            largura,
            ..Medidas::novas(cena, raias, cabe.min(152.0))
        }
        .com_andares(cena)
    }

    /// O que as duas disposições calculam do mesmo jeito.
    fn novas(cena: &Cena, raias: Vec<f64>, host: f64) -> Medidas {
        let (enderecos, topo) = enderecos(cena, host);
        let cabe = |nome: &str| largura(nome, NOME, true) <= host - 4.0;
        Medidas {
            classe: "",
            largura: 0.0,
            raias,
            host,
            fora: false,
            horas: false,
            enderecos,
            topo,
            apertado: !cena.raias.iter().all(|raia| cabe(&raia.nome)),
            em_andares: false,
        }
    }

    /// Separa os estados iniciais, se um cobre o da raia ao lado.
    fn com_andares(mut self, cena: &Cena) -> Medidas {
        let iniciais = cena.raias.iter().map(|raia| raia.inicial);
        let iniciais: Vec<_> = iniciais.enumerate().collect();
        let mut pares = iniciais.windows(2);
        self.em_andares = pares.any(|par| self.cobrem(par[0], par[1]));
        self
    }

    /// O centro mais perto de `x` em que algo desta largura cabe.
    pub(super) fn dentro(&self, x: f64, largura: f64) -> f64 {
        let metade = largura / 2.0 + 1.0;
        x.max(metade).min((self.largura - metade).max(metade))
    }

    /// O centro e a largura da pílula de um estado, na raia dela.
    pub(super) fn pilula(&self, raia: usize, estado: Estado) -> (f64, f64) {
        let w = largura_fixa(estado.nome(), FIXA) + 18.0;
        let x = self.raias[raia];
        let meio = match (self.fora, raia) {
            (true, 0) => x - 18.0 - w / 2.0,
            (true, _) => x + 18.0 + w / 2.0,
            (false, _) => self.dentro(x, w),
        };
        (meio, w)
    }

    /// Se, na mesma altura, a pílula de uma raia cobriria a de outra.
    fn cobrem(
        &self,
        (raia, um): (usize, Option<Estado>),
        (outra, outro): (usize, Option<Estado>),
    ) -> bool {
        let (Some(um), Some(outro)) = (um, outro) else {
            return false;
        };
        let (x, w) = self.pilula(raia, um);
        let (outro_x, outro_w) = self.pilula(outra, outro);
        (x - outro_x).abs() < (w + outro_w) / 2.0 + 2.0
    }
}

fn menor_vao(raias: &[f64]) -> f64 {
    let vaos = raias.windows(2).map(|par| par[1] - par[0]);
    vaos.fold(f64::MAX, f64::min)
}

/// O endereço de cada raia em uma linha; se algum não cabe, todos em duas.
fn enderecos(cena: &Cena, host: f64) -> (Vec<Vec<String>>, f64) {
    let cabem = ((host - 10.0) / (FIXA * 0.61)) as usize;
    let cabe = |texto: &str| largura_fixa(texto, FIXA) <= host - 10.0;
    let todos = || cena.raias.iter().map(|raia| raia.endereco.as_str());
    let em_uma = todos().all(cabe);
    let linhas = todos().map(|endereco| match endereco.rsplit_once(':') {
        // IPv6 sem porta também tem “:”, mas não os colchetes.
        Some((ip, porta))
            if !em_uma && (ip.ends_with(']') || !ip.contains(':')) =>
        {
            vec![encolher(ip, cabem), format!(":{porta}")]
        }
        _ => vec![encolher(endereco, cabem)],
    });
    (linhas.collect(), ALTURAS_DO_HOST[usize::from(!em_uma)])
}

fn espalhar(quantas: usize, de: f64, ate: f64) -> Vec<f64> {
    let vaos = quantas.saturating_sub(1).max(1) as f64;
    (0..quantas)
        .map(|i| de + (ate - de) * i as f64 / vaos)
        .collect()
}

/// Onde um passo fica.
pub(super) struct Lugar {
    pub(super) topo: f64,
    pub(super) linhas: Vec<String>,
    pub(super) partida: f64,
    pub(super) chegada: f64,
    pub(super) pilulas: f64,
    pub(super) legendas: Vec<String>,
    pub(super) legenda: f64,
    pub(super) fim: f64,
}

/// Onde fica cada passo da cena.
pub(super) fn dispor(cena: &Cena, medidas: &Medidas) -> Vec<Lugar> {
    Disposicao { cena, medidas }.medir()
}

struct Disposicao<'a> {
    cena: &'a Cena,
    medidas: &'a Medidas,
}

impl Disposicao<'_> {
    fn medir(&self) -> Vec<Lugar> {
        let iniciais = self.cena.raias.iter().any(|r| r.inicial.is_some());
        let mut y = self.medidas.topo + if iniciais { 42.0 } else { 14.0 };
        if self.medidas.em_andares {
            y += DEGRAU;
        }
        let mut lugares: Vec<Lugar> = Vec::new();
        for (i, passo) in self.cena.passos.iter().enumerate() {
            let lugar = self.lugar(passo, y);
            y = lugar.fim;
            lugares.push(lugar);
            for atrasado in self.chegam_depois(i) {
                lugares[atrasado].chegada = y;
                lugares[atrasado].pilulas = y + 19.0;
                y += self.altura_da_chegada(atrasado);
            }
        }
        if let Some(ultimo) = lugares.last_mut() {
            ultimo.fim = ultimo.fim.max(y);
        }
        lugares
    }

    /// Os passos que chegam logo depois deste, na ordem em que chegam: os de
    /// antes que se atrasaram e, se um deles chega primeiro, este também.
    fn chegam_depois(&self, i: usize) -> Vec<usize> {
        let passos = &self.cena.passos;
        let mut chegam: Vec<usize> =
            (0..i).filter(|k| passos[*k].pousa == i).collect();
        let chegada = |k: &usize| passos[*k].mensagem.chegada;
        let espera = chegam.iter().any(|k| chegada(k) < chegada(&i));
        if espera && passos[i].pousa == i {
            chegam.push(i);
        }
        chegam.sort_by_key(chegada);
        chegam
    }

    fn altura_da_chegada(&self, passo: usize) -> f64 {
        let muda = self.cena.passos[passo].mensagem.mudou_ao_chegar.is_some();
        match (muda, self.medidas.fora) {
            (false, _) => 16.0,
            (true, true) => ALTURA_DA_PILULA + 2.0,
            (true, false) => ALTURA_DA_PILULA + 16.0,
        }
    }

    fn lugar(&self, passo: &Passo, topo: f64) -> Lugar {
        let pausa = if passo.pausa.is_some() { 34.0 } else { 0.0 };
        let espaco = self.espaco(passo);
        let linhas = linhas_do_texto(passo, espaco);
        let texto = ENTRELINHA * linhas.len() as f64;
        let partida = topo + pausa + texto + 14.0;
        let chegada = partida + INCLINACAO;
        let muda = passo.mensagem.mudou_ao_enviar.is_some()
            || passo.mensagem.mudou_ao_chegar.is_some();
        let degrau = match self.medidas.cobrem(
            (passo.de, passo.mensagem.mudou_ao_enviar),
            (passo.para, passo.mensagem.mudou_ao_chegar),
        ) {
            true => DEGRAU,
            false => 0.0,
        };
        let abaixo = if muda && !self.medidas.fora {
            30.0 + degrau
        } else {
            0.0
        };
        let legendas =
            passo.legenda.as_deref().map_or_else(Vec::new, |texto| {
                quebrar(texto, LETRA, espaco.min(self.medidas.largura - 72.0))
            });
        let legenda = chegada + abaixo + 6.0;
        let altura = ENTRELINHA * legendas.len() as f64;
        let extra = if legendas.is_empty() { 0.0 } else { 8.0 };
        Lugar {
            topo: topo + pausa,
            linhas,
            partida,
            chegada,
            pilulas: chegada + 19.0 + degrau,
            legendas,
            legenda,
            fim: chegada + abaixo + altura + extra + 14.0,
        }
    }

    /// Quanto espaço o texto da seta tem.
    fn espaco(&self, passo: &Passo) -> f64 {
        let raias = &self.medidas.raias;
        let vao = (raias[passo.de] - raias[passo.para]).abs();
        if self.medidas.fora {
            vao - 2.0 * RAIO - 12.0
        } else {
            (vao - 20.0).max(self.medidas.largura.min(340.0) - 24.0)
        }
    }
}

/// Uma linha se cabe; senão, os bits em uma e a carga na outra.
fn linhas_do_texto(passo: &Passo, espaco: f64) -> Vec<String> {
    let cabeca = cabeca(passo);
    let carga = passo.carga.linha(usize::MAX);
    if carga.is_empty() {
        return vec![cabeca];
    }
    let junta = format!("{cabeca}  {carga}");
    if largura(&junta, LETRA, true) <= espaco {
        return vec![junta];
    }
    let tamanho = passo.carga.tamanho.as_deref().unwrap_or_default();
    let sobra = espaco - largura(tamanho, LETRA, false) - LETRA * 2.0;
    let trecho = passo.carga.trecho.as_deref().unwrap_or_default();
    let curto = caber(trecho, LETRA, sobra);
    vec![cabeca, passo.carga.linha(curto.chars().count())]
}

/// Os bits e as marcas.
pub(super) fn cabeca(passo: &Passo) -> String {
    let marcas = passo.mensagem.marcas.nomes();
    match marcas.is_empty() {
        true => passo.rotulo.clone(),
        false => format!("{} · {}", passo.rotulo, marcas.join(" · ")),
    }
}

/// Tira o meio de um endereço comprido demais.
fn encolher(endereco: &str, cabem: usize) -> String {
    let letras: Vec<char> = endereco.chars().collect();
    if letras.len() <= cabem || cabem < 8 {
        return endereco.to_owned();
    }
    let fim = (cabem - 1) / 2;
    let inicio: String = letras[..cabem - 1 - fim].iter().collect();
    let fim: String = letras[letras.len() - fim..].iter().collect();
    format!("{inicio}…{fim}")
}
