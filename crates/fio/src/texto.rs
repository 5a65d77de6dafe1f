//! A mesma escada no terminal: texto puro, em qualquer largura.

use crate::captura::Captura;
use crate::cena::{Cena, Passo};
use crate::estado::Estado;
use crate::frase;

/// Largura comum de um terminal, em colunas.
pub const LARGURA: usize = 80;
/// Quantos pacotes a escada do terminal mostra.
pub const MAIS_PACOTES: usize = 200;

/// Menor largura em que uma escada se lê.
const MENOR_LARGURA: usize = 40;
/// Colunas de cada lado para os estados (`SYN-RECEIVED` tem 12).
const MARGEM: usize = 13;
/// Abaixo disto os estados ficam sobre as linhas, como na tela do celular.
const LARGURA_COM_MARGENS: usize = 72;

/// Desenha os pacotes visíveis em até `largura` colunas (ao menos 40).
///
/// ```
/// let bytes = std::fs::read("tests/capturas/eco.pcap").unwrap();
/// let captura = fio::Captura::ler(&bytes).unwrap();
/// let escada = fio::texto::escada(&captura, 80);
/// assert!(escada.contains("“olá, mundo!” · 12 bytes"));
/// ```
pub fn escada(captura: &Captura, largura: usize) -> String {
    let cena = Cena::montar(captura, MAIS_PACOTES);
    if cena.passos.is_empty() {
        return "nenhum pacote para mostrar\n".to_owned();
    }
    let mut escada = Escada::nova(&cena, largura.max(MENOR_LARGURA));
    escada.cabecalho();
    for (i, passo) in cena.passos.iter().enumerate() {
        escada.passo(i, passo);
    }
    let mut saida = escada.linhas.join("\n");
    saida.push('\n');
    for nota in notas(captura, &cena) {
        saida.push_str(&nota);
        saida.push('\n');
    }
    saida
}

fn notas(captura: &Captura, cena: &Cena) -> Vec<String> {
    let mut notas = Vec::new();
    if cena.resto > 0 {
        notas.push(format!(
            "… e mais {}: escolha com um filtro, como “pacotes 1-60”",
            frase::plural(cena.resto, "pacote", "pacotes")
        ));
    }
    if cena.fora > 0 {
        notas.push(format!(
            "({} de outras conversas: escolha com um filtro, como “porta 7005”)",
            frase::plural(cena.fora, "pacote", "pacotes")
        ));
    }
    if let Some(aviso) = captura.aviso() {
        notas.push(format!("aviso: {aviso}"));
    }
    notas
}

/// Os mesmos pacotes em tabela: número, tempo, quem, flags, números, carga.
pub fn tabela(captura: &Captura) -> String {
    let cena = Cena::montar(captura, usize::MAX);
    let mut linhas = vec![
        [
            "nº",
            "tempo (s)",
            "de → para",
            "pacote",
            "seq",
            "ack",
            "bytes",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    linhas[0].extend(["janela", "o que leva"].map(str::to_owned));
    linhas.extend(cena.passos.iter().map(|passo| celulas(&cena, passo)));
    alinhar(&linhas)
}

fn celulas(cena: &Cena, passo: &Passo) -> Vec<String> {
    let tcp = passo.mensagem.tcp;
    let opcional = |valor: Option<u32>| {
        valor.map_or_else(|| "-".to_owned(), |n| n.to_string())
    };
    let (de, para) = (&cena.raias[passo.de], &cena.raias[passo.para]);
    let marcas = passo.mensagem.marcas.nomes().join(", ");
    let carga = frase::carga(&passo.mensagem.pacote).linha(40);
    let leva: Vec<&str> = [carga.as_str(), marcas.as_str()]
        .into_iter()
        .filter(|parte| !parte.is_empty())
        .collect();
    vec![
        passo.mensagem.numero().to_string(),
        frase::segundos(cena.tempo(passo)),
        format!("{} → {}", de.nome, para.nome),
        passo.rotulo.clone(),
        opcional(tcp.map(|numeros| numeros.seq)),
        opcional(tcp.and_then(|numeros| numeros.ack)),
        passo.mensagem.pacote.comprimento_dos_dados().to_string(),
        opcional(tcp.map(|numeros| numeros.janela)),
        leva.join("; "),
    ]
}

fn alinhar(linhas: &[Vec<String>]) -> String {
    let larguras: Vec<usize> = (0..linhas[0].len())
        .map(|i| linhas.iter().map(|l| colunas(&l[i])).max().unwrap_or(0))
        .collect();
    let mut saida = String::new();
    for linha in linhas {
        let mut texto = String::new();
        for (celula, largura) in linha.iter().zip(&larguras) {
            let falta = largura - colunas(celula);
            texto.push_str(celula);
            texto.push_str(&" ".repeat(falta + 2));
        }
        saida.push_str(texto.trim_end());
        saida.push('\n');
    }
    saida
}

/// Quantas colunas um texto ocupa.
fn colunas(texto: &str) -> usize {
    texto.chars().map(colunas_da_letra).sum()
}

/// Ideogramas e emojis ocupam duas colunas.
fn colunas_da_letra(letra: char) -> usize {
    match letra {
        '\u{0300}'..='\u{036f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}' => 2,
        _ => 1,
    }
}

/// Uma linha da tela, coluna a coluna.
struct Linha(Vec<String>);

impl Linha {
    fn nova(largura: usize, raias: &[usize], traco: &str) -> Linha {
        let mut linha = Linha(vec![" ".to_owned(); largura]);
        for raia in raias {
            traco.clone_into(&mut linha.0[*raia]);
        }
        linha
    }

    /// Escreve a partir da coluna; o que não cabe é cortado.
    fn por(&mut self, coluna: usize, texto: &str) {
        let mut coluna = coluna;
        let mut ultima = None;
        for letra in texto.chars() {
            match colunas_da_letra(letra) {
                0 => {
                    let anterior =
                        ultima.and_then(|c: usize| self.0.get_mut(c));
                    if let Some(celula) = anterior {
                        celula.push(letra);
                    }
                }
                largura if coluna + largura <= self.0.len() => {
                    self.0[coluna] = letra.to_string();
                    for celula in &mut self.0[coluna + 1..coluna + largura] {
                        celula.clear();
                    }
                    ultima = Some(coluna);
                    coluna += largura;
                }
                _ => return,
            }
        }
    }

    /// Escreve com o meio na coluna, sem sair da tela.
    fn centrar(&mut self, meio: usize, texto: &str) {
        let tamanho = colunas(texto);
        let sobra = self.0.len().saturating_sub(tamanho);
        self.por(meio.saturating_sub(tamanho / 2).min(sobra), texto);
    }

    fn pronta(self) -> String {
        self.0.concat().trim_end().to_owned()
    }
}

struct Escada<'a> {
    cena: &'a Cena,
    largura: usize,
    raias: Vec<usize>,
    /// Estados nas margens; senão, sobre as linhas.
    margens: bool,
    linhas: Vec<String>,
}

impl<'a> Escada<'a> {
    fn nova(cena: &'a Cena, largura: usize) -> Self {
        let margens = cena.um_par && largura >= LARGURA_COM_MARGENS;
        let quantas = cena.raias.len();
        let margem = if margens { MARGEM } else { 9 };
        let vao = (largura - 1 - 2 * margem) / quantas.saturating_sub(1).max(1);
        let raias = (0..quantas).map(|i| margem + i * vao).collect();
        Escada {
            cena,
            largura,
            raias,
            margens,
            linhas: Vec::new(),
        }
    }

    fn linha(&self, traco: &str) -> Linha {
        Linha::nova(self.largura, &self.raias, traco)
    }

    fn guardar(&mut self, linha: Linha) {
        self.linhas.push(linha.pronta());
    }

    fn cabecalho(&mut self) {
        let mut nomes = self.linha(" ");
        let mut enderecos = self.linha(" ");
        let cabem = self.largura / self.raias.len() - 1;
        for (raia, coluna) in self.cena.raias.iter().zip(&self.raias) {
            nomes.centrar(*coluna, &raia.nome);
            let endereco = frase::encurtar(&raia.endereco, cabem);
            enderecos.centrar(*coluna, &endereco);
        }
        self.guardar(nomes);
        self.guardar(enderecos);
        let iniciais: Vec<(usize, Estado)> = self
            .cena
            .raias
            .iter()
            .enumerate()
            .filter_map(|(i, raia)| Some((i, raia.inicial?)))
            .collect();
        let mut linha = self.linha("│");
        self.estados(&mut linha, &iniciais);
        self.guardar(linha);
    }

    fn estados(&self, linha: &mut Linha, estados: &[(usize, Estado)]) {
        for (raia, estado) in estados {
            let nome = estado.nome();
            let coluna = self.raias[*raia];
            match (self.margens, raia) {
                (true, 0) => linha.por(coluna - 1 - nome.len(), nome),
                (true, _) => linha.por(coluna + 2, nome),
                (false, _) => linha.centrar(coluna, nome),
            }
        }
    }

    fn passo(&mut self, i: usize, passo: &Passo) {
        if let Some(pausa) = passo.pausa {
            let mut linha = self.linha("┊");
            let aviso = format!(" {} depois ", frase::duracao(pausa));
            linha.centrar(self.meio(0, self.raias.len() - 1), &aviso);
            self.guardar(linha);
        }
        self.texto(passo);
        let mut mudancas = Vec::new();
        let enviou = passo.mensagem.mudou_ao_enviar;
        let chegou = passo.mensagem.mudou_ao_chegar;
        mudancas.extend(enviou.map(|estado| (passo.de, estado)));
        mudancas.extend(chegou.map(|estado| (passo.para, estado)));
        let mut seta = self.seta(i, passo);
        if self.margens {
            self.estados(&mut seta, &mudancas);
        }
        self.guardar(seta);
        if !self.margens && !mudancas.is_empty() {
            let mut linha = self.linha("│");
            self.estados(&mut linha, &mudancas);
            self.guardar(linha);
        }
    }

    /// Se no caminho cruza com outro: um da volta, ou um da ida que o passou.
    fn cruza(&self, i: usize, passo: &Passo) -> bool {
        let no_meio = self.cena.passos.get(i + 1..=passo.pousa);
        let da_volta = |outro: &Passo| outro.de != passo.de;
        let ha_volta = no_meio.is_some_and(|p| p.iter().any(da_volta));
        let fora_de_ordem = passo.mensagem.marcas.fora_de_ordem;
        passo.pousa > i && (ha_volta || fora_de_ordem)
    }

    fn meio(&self, um: usize, outro: usize) -> usize {
        (self.raias[um] + self.raias[outro]) / 2
    }

    fn texto(&mut self, passo: &Passo) {
        let vao = self.raias[passo.de].abs_diff(self.raias[passo.para]);
        let espaco = if self.margens {
            vao - 3
        } else {
            self.largura - 2
        };
        let mut cabeca = vec![passo.rotulo.clone()];
        let nomes = passo.mensagem.marcas.nomes();
        cabeca.extend(nomes.into_iter().map(str::to_owned));
        let cabeca = frase::encurtar(&cabeca.join(" · "), espaco);
        let sobra = espaco.saturating_sub(colunas(&cabeca) + 2);
        let inteira = passo.carga.linha(usize::MAX);
        let mut textos = vec![cabeca];
        if colunas(&inteira) <= sobra && !inteira.is_empty() {
            textos[0] = format!("{}  {inteira}", textos[0]);
        } else if !inteira.is_empty() {
            let fixo = passo.carga.tamanho.as_deref().map_or(0, colunas) + 5;
            let cabem = espaco.saturating_sub(fixo).max(8);
            textos.push(passo.carga.linha(cabem));
        }
        let meio = self.meio(passo.de, passo.para);
        for (i, texto) in textos.iter().enumerate() {
            let mut linha = self.linha("│");
            if i == 0 && self.margens {
                let tempo = frase::duracao(self.cena.tempo(passo));
                linha.por(0, &tempo);
            }
            linha.centrar(meio, texto);
            self.guardar(linha);
        }
    }

    /// `├─4──────▶│`, ou `├─4───✕   │` quando o pacote se perdeu.
    fn seta(&self, i: usize, passo: &Passo) -> Linha {
        let (de, para) = (self.raias[passo.de], self.raias[passo.para]);
        let marcas = passo.mensagem.marcas;
        let mut linha = self.linha("│");
        let traco = if marcas.retransmissao { "╌" } else { "─" };
        let ate = if marcas.perdida {
            (de * 2 + para * 3) / 5
        } else {
            para
        };
        let (menor, maior) = (de.min(ate), de.max(ate));
        for coluna in menor + 1..maior {
            linha.por(coluna, traco);
        }
        let numero = passo.mensagem.numero().to_string();
        let direita = para > de;
        linha.por(de, if direita { "├" } else { "┤" });
        if direita {
            linha.por(de + 2, &numero);
        } else {
            linha.por(de - 1 - numero.len(), &numero);
        }
        let ponta = match (marcas.perdida, direita) {
            (true, _) => "✕",
            (false, true) => "▶",
            (false, false) => "◀",
        };
        let coluna = match (marcas.perdida, direita) {
            (true, _) => ate,
            (false, true) => para - 1,
            (false, false) => para + 1,
        };
        linha.por(coluna, ponta);
        if self.cruza(i, passo) {
            let depois = self.cena.passos[passo.pousa].mensagem.numero();
            let aviso = format!("(chega depois do {depois})");
            linha.centrar(self.meio(passo.de, passo.para), &aviso);
        }
        linha
    }
}
