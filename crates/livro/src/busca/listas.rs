//! As listas do índice: para cada palavra, as seções em que ela está e o
//! quanto ela pesa em cada uma.

use super::radical::{cada_palavra, comum, radical};
use super::secoes::{Secao, da_linguagem};
use std::collections::{BTreeMap, HashMap};

/// As palavras do livro, em ordem, e a lista de cada uma, em código.
#[derive(Debug, Default)]
pub struct Listas {
    pub palavras: Vec<String>,
    pub codigos: Vec<String>,
}

/// O peso vai de 1 a este valor.
const PESO_MAXIMO: u32 = 15;
const PESO_DO_TITULO: f64 = 6.0;
const PESO_DO_CODIGO: f64 = 0.5;
/// Por quanto se divide o peso do que cita o assunto sem explicar.
const FOLGA_DE_APOIO: f64 = 1.6;

/// Uma seção, com as palavras contadas.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    pub contas: &'a Contas,
    /// Cita o assunto sem explicar: perguntas, exercício, leituras.
    pub de_apoio: bool,
}

impl Listas {
    /// Monta as listas; a seção é conhecida pela posição dela.
    pub fn montar(secoes: &[Item<'_>]) -> Listas {
        let tamanhos = secoes.iter().map(|item| item.contas.tamanho());
        let medio = tamanhos.sum::<f64>() / secoes.len().max(1) as f64;
        let mut listas: BTreeMap<&str, Vec<(usize, u32)>> = BTreeMap::new();
        for (numero, item) in secoes.iter().enumerate() {
            let tamanho = item.contas.tamanho() / medio.max(1.0);
            let apoio = if item.de_apoio { FOLGA_DE_APOIO } else { 1.0 };
            for (palavra, vezes) in &item.contas.vezes {
                if numero_de_passagem(palavra, *vezes) {
                    continue;
                }
                let peso = vezes.peso(0.65 + 0.35 * tamanho, apoio);
                listas.entry(palavra).or_default().push((numero, peso));
            }
        }
        let codigos = listas.values().map(|lista| codificar(lista)).collect();
        Listas {
            palavras: listas.into_keys().map(str::to_string).collect(),
            codigos,
        }
    }
}

/// Quantas vezes uma palavra aparece em cada parte da seção.
#[derive(Debug, Default, Clone, Copy)]
struct Vezes {
    titulo: u32,
    texto: u32,
    codigo: u32,
}

impl Vezes {
    fn somar(&mut self, outras: Vezes) {
        self.titulo += outras.titulo;
        self.texto += outras.texto;
        self.codigo += outras.codigo;
    }

    /// O peso da palavra na seção: o título vale muito, a repetição vale cada
    /// vez menos, e uma seção longa precisa de mais.
    fn peso(self, folga: f64, apoio: f64) -> u32 {
        let corpo =
            f64::from(self.texto) + PESO_DO_CODIGO * f64::from(self.codigo);
        let corpo = 2.0 * (1.0 + corpo).log2() / folga;
        let titulo = if self.titulo > 0 { PESO_DO_TITULO } else { 0.0 };
        let peso = (corpo + titulo) / apoio;
        (peso.round() as u32).clamp(1, PESO_MAXIMO)
    }
}

/// Uma porta ou um número de processo que só aparece em uma saída: ninguém o
/// procura. Os códigos de erro (111, 10061) estão também no texto.
fn numero_de_passagem(palavra: &str, vezes: Vezes) -> bool {
    vezes.titulo + vezes.texto == 0
        && palavra.starts_with(|letra: char| letra.is_ascii_digit())
        && !palavra.contains('.')
}

/// As palavras de uma seção, já cortadas, e quantas vezes cada uma aparece.
#[derive(Debug, Default)]
pub struct Contas {
    vezes: HashMap<String, Vezes>,
}

impl Contas {
    fn tamanho(&self) -> f64 {
        let total: u32 = self.vezes.values().map(|v| v.texto + v.codigo).sum();
        f64::from(total)
    }

    fn somar(&mut self, palavra: &str, novas: Vezes) {
        if comum(palavra) {
            return;
        }
        self.vezes.entry(radical(palavra)).or_default().somar(novas);
        if palavra.contains('_') {
            for parte in palavra.split('_').filter(|p| p.len() > 2) {
                self.vezes.entry(radical(parte)).or_default().somar(novas);
            }
        }
    }
}

/// Conta as palavras de uma seção. Primeiro as inteiras: cada uma se corta uma
/// vez só.
pub fn contar(secao: &Secao) -> Contas {
    let mut inteiras: HashMap<String, Vezes> = HashMap::new();
    let mut anotar = |texto: &str, conta: fn(&mut Vezes) -> &mut u32| {
        cada_palavra(texto, |palavra| match inteiras.get_mut(palavra) {
            Some(vezes) => *conta(vezes) += 1,
            None => {
                let mut vezes = Vezes::default();
                *conta(&mut vezes) += 1;
                inteiras.insert(palavra.to_string(), vezes);
            }
        });
    };
    anotar(&secao.nome, |vezes| &mut vezes.titulo);
    anotar(&secao.texto, |vezes| &mut vezes.texto);
    anotar(&secao.codigo, |vezes| &mut vezes.codigo);
    let mut contas = Contas::default();
    for (palavra, mut vezes) in inteiras {
        if vezes.codigo > 0 && da_linguagem(&palavra) {
            vezes.codigo = 0;
        }
        if vezes.titulo + vezes.texto + vezes.codigo > 0 {
            contas.somar(&palavra, vezes);
        }
    }
    contas
}

/// As letras do código: tudo o que se imprime em ASCII, menos o espaço, as
/// aspas e a barra invertida, que o JSON teria de escapar.
pub const LETRAS: &str = "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ\
    [^_`abcdefghijklmnopqrstuvwxyz{|}";
/// Metade das letras termina um número; a outra metade diz que ele continua.
const META: usize = 45;

/// Escreve a lista como números `passo × 16 + peso`, em base 45.
fn codificar(lista: &[(usize, u32)]) -> String {
    let letras = LETRAS.as_bytes();
    let mut saida = String::new();
    let mut anterior = 0;
    for &(secao, peso) in lista {
        let mut numero = (secao - anterior) * 16 + peso as usize;
        while numero >= META {
            saida.push(char::from(letras[META + numero % META]));
            numero /= META;
        }
        saida.push(char::from(letras[numero]));
        anterior = secao;
    }
    saida
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn o_codigo_cabe_em_letras_que_o_json_nao_escapa() {
        assert_eq!(LETRAS.len(), 2 * META);
        assert_eq!(codificar(&[(0, 3), (2, 15)]), "%Q#");
        assert!(!codificar(&[(900, 9)]).contains(['"', '\\', ' ']));
    }

    #[test]
    fn o_titulo_pesa_mais_do_que_o_texto() {
        let titulo = Vezes {
            titulo: 1,
            texto: 1,
            codigo: 0,
        };
        let texto = Vezes {
            titulo: 0,
            texto: 5,
            codigo: 0,
        };

        assert!(titulo.peso(1.0, 1.0) > texto.peso(1.0, 1.0));
        assert!(texto.peso(1.0, 1.0) > texto.peso(2.0, 1.0));
        assert!(texto.peso(1.0, 1.0) > texto.peso(1.0, FOLGA_DE_APOIO));
    }

    #[test]
    fn as_palavras_saem_em_ordem_e_uma_vez_so() {
        let secao = Secao {
            texto: "Conexões e conexão. SO_REUSEADDR".to_string(),
            ..Secao::default()
        };
        let contas = &contar(&secao);
        let item = Item {
            contas,
            de_apoio: false,
        };
        let listas = Listas::montar(&[item]);

        assert_eq!(listas.palavras, ["conect", "reuseaddr", "so_reuseaddr"]);
    }
}
