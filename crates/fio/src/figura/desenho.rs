//! O desenho: a cena vira um SVG largo ou um estreito.

use std::fmt::Write as _;

use crate::cena::{Cena, Papel, Passo};
use crate::estado::Estado;
use crate::figura::disposicao::{
    ALTURA_DA_PILULA, DEGRAU, ENTRELINHA, FIXA, INCLINACAO, LETRA, Lugar,
    Medidas, RAIO, cabeca, dispor,
};
use crate::figura::escrita::{escapar, ponto};
use crate::figura::medida::{largura, largura_fixa};
use crate::frase;

/// Onde a seta de um pacote perdido para.
const ATE_ONDE_VAI_O_PERDIDO: f64 = 0.62;

struct Desenho<'a> {
    cena: &'a Cena,
    medidas: Medidas,
    svg: String,
}

/// Escreve um SVG da cena; `rotulo` e `descricao` são os ids e os textos do
/// título e da descrição.
pub(crate) fn svg(
    cena: &Cena,
    medidas: Medidas,
    id: &str,
    titulo: &str,
    descricao: &str,
) -> String {
    let mut desenho = Desenho {
        cena,
        medidas,
        svg: String::new(),
    };
    let lugares = dispor(cena, &desenho.medidas);
    let altura = lugares.last().map_or(0.0, |lugar| lugar.fim) + 6.0;
    desenho.abrir(id, titulo, descricao, altura);
    desenho.linhas_de_vida(altura);
    desenho.faixas(&lugares, altura);
    for (passo, lugar) in cena.passos.iter().zip(&lugares) {
        desenho.passo(passo, lugar);
    }
    desenho.hosts();
    desenho.svg.push_str("</svg>");
    desenho.svg
}

/// A letra da cor de uma raia: `c` cliente, `s` servidor, `r` nenhum dos dois.
pub(crate) fn cor(cena: &Cena, raia: usize) -> char {
    let ha_papeis = cena
        .raias
        .iter()
        .any(|raia| matches!(raia.papel, Papel::Cliente | Papel::Servidor));
    match cena.raias[raia].papel {
        Papel::Cliente => 'c',
        Papel::Servidor => 's',
        Papel::Outro if !ha_papeis && raia == 0 => 'c',
        Papel::Outro if !ha_papeis && raia + 1 == cena.raias.len() => 's',
        Papel::Outro | Papel::Roteador => 'r',
    }
}

impl Desenho<'_> {
    fn abrir(&mut self, id: &str, titulo: &str, descricao: &str, altura: f64) {
        let _ = write!(
            self.svg,
            "<svg class=\"{classe}\" viewBox=\"0 0 {largura} {altura}\" \
             width=\"{largura}\" height=\"{altura}\" \
             role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
             <title id=\"{id}-t\">{titulo}</title>\
             <desc id=\"{id}-d\">{descricao}</desc>",
            classe = self.medidas.classe,
            largura = self.medidas.largura,
            altura = ponto(altura),
            titulo = escapar(titulo),
            descricao = escapar(descricao),
        );
    }

    fn linhas_de_vida(&mut self, altura: f64) {
        for x in &self.medidas.raias {
            let _ = write!(
                self.svg,
                "<path class=\"v\" d=\"M{} {}V{}\"/>",
                ponto(*x),
                ponto(self.medidas.topo),
                ponto(altura)
            );
        }
    }

    /// Uma faixa sobre a linha enquanto aquele lado tem uma conexão.
    fn faixas(&mut self, lugares: &[Lugar], altura: f64) {
        for raia in 0..self.cena.raias.len() {
            let mut aberta = None;
            for (y, estado) in self.mudancas(raia, lugares) {
                match (estado.conectado(), aberta) {
                    (true, None) => aberta = Some(y),
                    (false, Some(de)) => {
                        self.faixa(raia, de, y);
                        aberta = None;
                    }
                    _ => {}
                }
            }
            if let Some(de) = aberta {
                self.faixa(raia, de, altura - 4.0);
            }
        }
    }

    fn mudancas(&self, raia: usize, lugares: &[Lugar]) -> Vec<(f64, Estado)> {
        let inicial = self.cena.raias[raia].inicial;
        let mut mudancas: Vec<(f64, Estado)> = inicial
            .map(|e| (self.medidas.topo, e))
            .into_iter()
            .collect();
        for (passo, lugar) in self.cena.passos.iter().zip(lugares) {
            let enviou = passo.mensagem.mudou_ao_enviar;
            let chegou = passo.mensagem.mudou_ao_chegar;
            if let Some(estado) = enviou.filter(|_| passo.de == raia) {
                mudancas.push((lugar.partida, estado));
            }
            if let Some(estado) = chegou.filter(|_| passo.para == raia) {
                mudancas.push((lugar.chegada, estado));
            }
        }
        mudancas.sort_by(|um, outro| um.0.total_cmp(&outro.0));
        mudancas
    }

    fn faixa(&mut self, raia: usize, de: f64, ate: f64) {
        let _ = write!(
            self.svg,
            "<path class=\"w {}\" d=\"M{} {}V{}\"/>",
            cor(self.cena, raia),
            ponto(self.medidas.raias[raia]),
            ponto(de),
            ponto(ate)
        );
    }

    fn hosts(&mut self) {
        for i in 0..self.cena.raias.len() {
            let cor = cor(self.cena, i);
            let raia = &self.cena.raias[i];
            let meio = self
                .medidas
                .dentro(self.medidas.raias[i], self.medidas.host);
            let _ = write!(
                self.svg,
                "<g class=\"h {cor}\"><rect x=\"{x}\" y=\"1\" \
                 width=\"{w}\" height=\"{h}\" rx=\"9\"/>\
                 <text class=\"{letra}\" x=\"{meio}\" y=\"20\">{nome}</text>",
                x = ponto(meio - self.medidas.host / 2.0),
                w = ponto(self.medidas.host),
                h = ponto(self.medidas.topo - 2.0),
                meio = ponto(meio),
                letra = if self.medidas.apertado { "f j" } else { "f" },
                nome = escapar(&raia.nome),
            );
            for (linha, y) in self.medidas.enderecos[i].iter().zip([38, 54]) {
                let _ = write!(
                    self.svg,
                    "<text class=\"o\" x=\"{}\" y=\"{y}\">{}</text>",
                    ponto(meio),
                    escapar(linha)
                );
            }
            self.svg.push_str("</g>");
            if let Some(estado) = raia.inicial {
                let desce = self.medidas.em_andares && i % 2 == 1;
                let desce = if desce { DEGRAU } else { 0.0 };
                let y = self.medidas.topo + 20.0 + desce;
                self.pilula(i, estado, y, "i");
            }
        }
    }

    fn passo(&mut self, passo: &Passo, lugar: &Lugar) {
        if let Some(pausa) = passo.pausa {
            self.pausa(lugar.topo, &frase::duracao(pausa));
        }
        let marca = if passo.mensagem.marcas.perdida {
            " p"
        } else {
            ""
        };
        let repete = passo.mensagem.marcas.retransmissao;
        let repete = if repete { " re" } else { "" };
        let _ = write!(
            self.svg,
            "<g class=\"k {}{marca}{repete}\">\
             <rect class=\"z\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\"/>",
            cor(self.cena, passo.de),
            ponto(lugar.topo),
            self.medidas.largura,
            ponto(lugar.fim - lugar.topo),
        );
        self.seta(passo, lugar);
        self.texto(passo, lugar);
        self.estados(passo, lugar);
        self.svg.push_str("</g>");
    }

    fn pausa(&mut self, y: f64, quanto: &str) {
        let y = y - 17.0;
        for x in &self.medidas.raias {
            let _ = write!(
                self.svg,
                "<path class=\"q\" d=\"M{x} {y}v24\"/>\
                 <path class=\"y\" d=\"M{x} {y}v24\"/>",
                y = ponto(y - 12.0),
                x = ponto(*x)
            );
        }
        let meio = self.medidas.raias.iter().sum::<f64>()
            / self.medidas.raias.len() as f64;
        let _ = write!(
            self.svg,
            "<text class=\"g\" x=\"{}\" y=\"{}\">{quanto} depois</text>",
            ponto(meio),
            ponto(y + 5.0)
        );
    }

    fn seta(&mut self, passo: &Passo, lugar: &Lugar) {
        let (de, para) =
            (self.medidas.raias[passo.de], self.medidas.raias[passo.para]);
        let sentido = (para - de).signum();
        let inicio = (de + sentido * RAIO, lugar.partida);
        let mut fim = (para - sentido * 2.0, lugar.chegada);
        let perdido = passo.mensagem.marcas.perdida;
        if perdido {
            fim.0 = de + (para - de) * ATE_ONDE_VAI_O_PERDIDO;
        }
        self.caminho(inicio, fim, perdido);
        let numero = passo.mensagem.numero().to_string();
        let meia = (largura_fixa(&numero, FIXA) / 2.0 + 4.0).max(RAIO);
        let _ = write!(
            self.svg,
            "<rect class=\"b\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" \
             rx=\"{RAIO}\"/><text class=\"n\" x=\"{}\" y=\"{}\">{numero}</text>",
            ponto(de - meia),
            ponto(lugar.partida - RAIO),
            ponto(meia * 2.0),
            ponto(RAIO * 2.0),
            ponto(de),
            ponto(lugar.partida + 4.5),
        );
        if self.medidas.horas {
            let tempo = frase::duracao(self.cena.tempo(passo));
            let _ = write!(
                self.svg,
                "<text class=\"t\" x=\"68\" y=\"{}\">{tempo}</text>",
                ponto(lugar.partida + 4.5)
            );
        }
    }

    /// Uma linha com ponta de seta ou, se o pacote se perdeu, com um ✕.
    fn caminho(&mut self, de: (f64, f64), para: (f64, f64), perdido: bool) {
        let (dx, dy) = (para.0 - de.0, para.1 - de.1);
        let tamanho = dx.hypot(dy).max(1.0);
        let (ux, uy) = (dx / tamanho, dy / tamanho);
        let (x, y) = para;
        let _ = write!(
            self.svg,
            "<path class=\"a\" d=\"M{} {}L{} {}\"/>",
            ponto(de.0),
            ponto(de.1),
            ponto(x - ux * if perdido { 0.0 } else { 8.0 }),
            ponto(y - uy * if perdido { 0.0 } else { 8.0 }),
        );
        if perdido {
            let _ = write!(
                self.svg,
                "<path class=\"x\" d=\"M{} {}l14 14m0-14l-14 14\"/>",
                ponto(x - 7.0),
                ponto(y - 7.0)
            );
            return;
        }
        let (bx, by) = (x - ux * 11.0, y - uy * 11.0);
        let _ = write!(
            self.svg,
            "<path class=\"b\" d=\"M{} {}L{} {} {} {}z\"/>",
            ponto(x),
            ponto(y),
            ponto(bx - uy * 5.5),
            ponto(by + ux * 5.5),
            ponto(bx + uy * 5.5),
            ponto(by - ux * 5.5),
        );
    }

    fn texto(&mut self, passo: &Passo, lugar: &Lugar) {
        let raias = &self.medidas.raias;
        let meio = (raias[passo.de] + raias[passo.para]) / 2.0;
        let larga = lugar
            .linhas
            .iter()
            .map(|linha| largura(linha, LETRA, true))
            .fold(0.0, f64::max);
        let x = ponto(self.medidas.dentro(meio, larga));
        let mut y = lugar.topo + ENTRELINHA - 2.0;
        for (i, linha) in lugar.linhas.iter().enumerate() {
            let corpo = if i == 0 {
                primeira_linha(passo, linha)
            } else {
                escapar(linha)
            };
            let _ = write!(
                self.svg,
                "<text x=\"{x}\" y=\"{}\">{corpo}</text>",
                ponto(y)
            );
            y += ENTRELINHA;
        }
        let mut y = lugar.legenda + ENTRELINHA - 4.0;
        for linha in &lugar.legendas {
            let _ = write!(
                self.svg,
                "<text class=\"l\" x=\"{}\" y=\"{}\">{}</text>",
                ponto(self.medidas.dentro(meio, largura(linha, LETRA, false))),
                ponto(y),
                escapar(linha)
            );
            y += ENTRELINHA;
        }
    }

    fn estados(&mut self, passo: &Passo, lugar: &Lugar) {
        let de_saida = match self.medidas.fora {
            true => lugar.partida,
            false => lugar.partida + INCLINACAO + 19.0,
        };
        let de_chegada = match self.medidas.fora {
            true => lugar.chegada,
            false => lugar.pilulas,
        };
        if let Some(estado) = passo.mensagem.mudou_ao_enviar {
            self.pilula(passo.de, estado, de_saida, "e");
        }
        if let Some(estado) = passo.mensagem.mudou_ao_chegar {
            self.pilula(passo.para, estado, de_chegada, "e");
        }
    }

    fn pilula(&mut self, raia: usize, estado: Estado, y: f64, classe: &str) {
        let nome = estado.nome();
        let (meio, w) = self.medidas.pilula(raia, estado);
        let cor = cor(self.cena, raia);
        let _ = write!(
            self.svg,
            "<g class=\"{classe} {cor}\"><rect x=\"{}\" y=\"{}\" \
             width=\"{}\" height=\"{}\" rx=\"11\"/>\
             <text x=\"{}\" y=\"{}\">{nome}</text></g>",
            ponto(meio - w / 2.0),
            ponto(y - ALTURA_DA_PILULA / 2.0),
            ponto(w),
            ponto(ALTURA_DA_PILULA),
            ponto(meio),
            ponto(y + 4.5),
        );
    }
}

/// Os bits em negrito, as marcas em vermelho, a carga em letra comum.
fn primeira_linha(passo: &Passo, linha: &str) -> String {
    let cabeca = cabeca(passo);
    let resto = linha.strip_prefix(cabeca.as_str()).unwrap_or_default();
    let marcas = cabeca.strip_prefix(&passo.rotulo).unwrap_or_default();
    let mut texto =
        format!("<tspan class=\"f\">{}</tspan>", escapar(&passo.rotulo));
    if !marcas.is_empty() {
        let _ = write!(texto, "<tspan class=\"m\">{}</tspan>", escapar(marcas));
    }
    if !resto.is_empty() {
        let _ = write!(texto, "\u{2002}{}", escapar(resto.trim_start()));
    }
    texto
}
