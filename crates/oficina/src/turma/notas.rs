//! A turma inteira e a conta da nota, que só existe aqui.

use serde::{Deserialize, Serialize};

use super::configuracao::RegrasDaNota;
use super::registro::{Registro, Situacao};
use crate::processo::Nivel;

/// A versão do formato de `turma.json` e dos registros.
pub const VERSAO: u32 = 1;

/// Tudo o que os relatórios precisam saber de uma turma.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turma {
    /// A versão do formato: [`VERSAO`].
    pub versao: u32,
    /// O título da `turma.toml`, ou o nome da pasta das entregas.
    pub titulo: String,
    /// O nível de isolamento em que todas as entregas foram conferidas.
    pub nivel: Nivel,
    /// A fatia conferida ("3/10"), se não foi a turma toda.
    pub fatia: Option<String>,
    /// Os capítulos conferidos, na ordem do livro.
    pub capitulos: Vec<CapituloDaTurma>,
    /// Um por aluno e capítulo, por nome de aluno, entrega e capítulo.
    pub registros: Vec<Registro>,
    pub regras: RegrasDaNota,
    /// O que este nível de isolamento não protege, uma frase por item.
    pub residuos: Vec<String>,
}

/// Um capítulo conferido.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapituloDaTurma {
    /// `cap05-servidor-tcp`.
    pub nome: String,
    /// `cap05`.
    pub curto: String,
    /// O título do exercício.
    pub titulo: String,
    /// As etapas do capítulo e depois as da `turma.toml`.
    pub etapas: Vec<EtapaDaTurma>,
}

/// Uma etapa, antes de qualquer conferência.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EtapaDaTurma {
    pub id: String,
    pub nome: String,
    pub pontos: u32,
    pub extra: bool,
    pub privada: bool,
}

impl CapituloDaTurma {
    /// A soma dos pontos que valem para o total.
    pub fn pontos(&self) -> u32 {
        let valem = self.etapas.iter().filter(|etapa| !etapa.extra);
        valem.map(|etapa| etapa.pontos).sum()
    }
}

/// A nota de um registro, em centésimos para que a conta seja exata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nota {
    /// Os pontos das etapas que passaram, sem as extras.
    pub pontos: u32,
    /// Os pontos das extras que passaram.
    pub pontos_extras: u32,
    /// Quanto vale o capítulo, sem as extras.
    pub total: u32,
    /// O desconto por atraso, em porcento.
    pub desconto: u32,
    /// A nota final, em centésimos: 875 é 8,75. Nunca passa da máxima.
    pub centesimos: u32,
}

impl Turma {
    /// A nota de um registro desta turma.
    ///
    /// `máxima × (pontos + extras) ÷ total`, menos o desconto por atraso,
    /// arredondada ao centésimo (a metade sobe) e nunca acima da máxima.
    pub fn nota(&self, registro: &Registro) -> Nota {
        let dele = |c: &&CapituloDaTurma| c.nome == registro.capitulo;
        let capitulo = self.capitulos.iter().find(dele);
        let total = capitulo.map_or(0, CapituloDaTurma::pontos);
        let soma = |extra: bool| -> u32 {
            let etapas = registro.etapas.iter();
            let contam = etapas.filter(|e| e.passou() && e.extra == extra);
            contam.map(|etapa| etapa.pontos).sum()
        };
        let (pontos, pontos_extras) = (soma(false), soma(true));
        let desconto = self.regras.desconto(registro.atraso_min);
        Nota {
            pontos,
            pontos_extras,
            total,
            desconto,
            centesimos: centesimos(
                self.regras.nota_maxima,
                pontos + pontos_extras,
                total,
                desconto,
            ),
        }
    }

    /// A nota de um aluno na turma: a média dos capítulos, em centésimos; o
    /// que não foi entregue vale zero.
    pub fn media(&self, aluno: &str) -> u32 {
        let deste = self.registros.iter().filter(|r| r.aluno == aluno);
        let mut notas = std::collections::BTreeMap::new();
        for registro in deste {
            // De duas entregas do mesmo capítulo, vale a melhor.
            let nota = self.nota(registro).centesimos;
            let melhor: &mut u32 = notas.entry(&registro.capitulo).or_default();
            *melhor = nota.max(*melhor);
        }
        let soma: u32 = notas.values().sum();
        divisao(u64::from(soma), self.capitulos.len() as u64)
    }

    /// Os nomes dos alunos, em ordem, sem repetir.
    pub fn alunos(&self) -> Vec<&str> {
        let mut nomes: Vec<&str> =
            self.registros.iter().map(|r| r.aluno.as_str()).collect();
        nomes.sort_by_key(|nome| alfabetica(nome));
        nomes.dedup();
        nomes
    }

    /// Quantos registros há em cada situação.
    pub fn contar(&self, situacao: Situacao) -> usize {
        let nela = |r: &&Registro| r.situacao == situacao;
        self.registros.iter().filter(nela).count()
    }

    /// Põe os registros na ordem em que todo relatório os mostra.
    pub fn ordenar(&mut self) {
        self.registros.sort_by(|a, b| {
            let ordem = alfabetica(&a.aluno).cmp(&alfabetica(&b.aluno));
            let ordem = ordem.then_with(|| a.entrega.cmp(&b.entrega));
            ordem.then_with(|| a.capitulo.cmp(&b.capitulo))
        });
    }
}

fn centesimos(maxima: u32, pontos: u32, total: u32, desconto: u32) -> u32 {
    let cheia = u64::from(maxima) * 100;
    let vale = 100 - u64::from(desconto.min(100));
    let nota =
        divisao(cheia * u64::from(pontos) * vale, u64::from(total) * 100);
    nota.min(maxima * 100)
}

/// A divisão inteira arredondada, a metade para cima; 0 se não há por quê.
fn divisao(dividendo: u64, divisor: u64) -> u32 {
    if divisor == 0 {
        return 0;
    }
    u32::try_from((2 * dividendo + divisor) / (2 * divisor)).unwrap_or(u32::MAX)
}

/// A chave da ordem em que se lê uma lista de nomes: sem distinguir acentos nem
/// maiúsculas e, entre iguais, a do próprio nome.
pub fn alfabetica(nome: &str) -> (String, &str) {
    let letras = nome.chars().flat_map(char::to_lowercase);
    (letras.map(sem_acento).collect(), nome)
}

/// Se a letra não se vê e muda o que vem depois: os controles e as marcas que
/// invertem a escrita
/// ([UAX #9, §2](https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters)).
pub fn traicoeira(letra: char) -> bool {
    letra.is_control()
        || matches!(
            letra,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
                | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// A letra minúscula sem o acento do português e dos vizinhos.
pub fn sem_acento(letra: char) -> char {
    match letra {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        outra => outra,
    }
}

impl Nota {
    /// `8,75`: com vírgula e dois algarismos.
    pub fn em_portugues(&self) -> String {
        em_portugues(self.centesimos)
    }
}

/// Centésimos como se lê no Brasil: 875 é `8,75`.
pub fn em_portugues(centesimos: u32) -> String {
    format!("{},{:02}", centesimos / 100, centesimos % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nota_e_proporcional_aos_pontos_e_perde_o_desconto() {
        assert_eq!(centesimos(10, 7, 10, 0), 700);
        assert_eq!(centesimos(10, 1, 3, 0), 333);
        assert_eq!(centesimos(10, 2, 3, 0), 667);
        assert_eq!(centesimos(10, 10, 10, 25), 750);
        assert_eq!(centesimos(100, 10, 10, 0), 10_000);
    }

    #[test]
    fn as_extras_nao_passam_da_nota_maxima() {
        assert_eq!(centesimos(10, 14, 10, 0), 1000);
        assert_eq!(centesimos(10, 12, 10, 50), 600);
    }

    #[test]
    fn um_capitulo_sem_pontos_vale_zero() {
        assert_eq!(centesimos(10, 0, 0, 0), 0);
    }

    #[test]
    fn a_lista_fica_como_em_um_diario_de_classe() {
        let mut nomes = ["Zeca", "ana", "Álvaro", "Ana", "João", "Joana"];
        nomes.sort_by_key(|nome| alfabetica(nome));
        assert_eq!(nomes, ["Álvaro", "Ana", "ana", "Joana", "João", "Zeca"]);
    }

    #[test]
    fn a_nota_se_escreve_com_virgula() {
        assert_eq!(em_portugues(875), "8,75");
        assert_eq!(em_portugues(5), "0,05");
    }
}
