//! O que foi visto no fio quando uma expectativa não se cumpriu, e as
//! perguntas que separam uma causa de outra.

use crate::erros_classicos::Codigo;

/// Bytes iguais a partir dos quais um realinhamento não é acaso.
const AMOSTRA: usize = 12;

/// Uma escrita deste tamanho, ou menor, o sistema aceita inteira.
const ESCRITA_CURTA: usize = 4096;

/// Bytes já enviados que bastam para reconhecer um resto de buffer.
const AMOSTRA_VELHA: usize = 4;

/// A fração do processador a partir da qual quem devia esperar está girando.
pub const GIRANDO: f64 = 0.3;

/// A marca que um decodificador UTF-8 põe no lugar do que não entendeu (U+FFFD).
const SUBSTITUICAO: &[u8] = "\u{FFFD}".as_bytes();

/// Como a espera terminou.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desfecho {
    /// Chegou um byte diferente do esperado.
    Diferente,
    /// O outro lado ficou em silêncio até o fim da paciência.
    Silencio,
    /// O outro lado encerrou (FIN) antes da hora.
    Fim,
    /// A conexão foi redefinida (RST).
    Redefinida,
    /// O programa terminou.
    Encerrou,
}

/// A prova de uma falha.
#[derive(Debug, Clone)]
pub struct Evidencia {
    /// O que se esperava; vazio quando se esperava o fim do fluxo.
    pub esperado: Vec<u8>,
    /// O que chegou no lugar.
    pub recebido: Vec<u8>,
    pub desfecho: Desfecho,
    /// O que já tinha passado por esta conexão: o que foi enviado ao programa.
    pub enviado: Vec<u8>,
    /// Quantos bytes ainda faltava enviar quando o outro lado fechou.
    pub por_enviar: usize,
    /// Fração de um processador usada pelo programa durante a espera, se se sabe.
    pub processador: Option<f64>,
    /// Quanto tempo durou o silêncio, em segundos.
    pub segundos: f64,
    /// Se o programa já tinha terminado quando a espera acabou.
    pub terminou: bool,
    /// Se alguém já deu nome a esta falha.
    pub diagnosticada: bool,
}

impl Evidencia {
    /// Onde está o primeiro byte que difere.
    pub fn primeira_diferenca(&self) -> usize {
        self.esperado
            .iter()
            .zip(&self.recebido)
            .position(|(a, b)| a != b)
            .unwrap_or(self.esperado.len().min(self.recebido.len()))
    }

    /// Nenhum byte chegou.
    pub fn nada_chegou(&self) -> bool {
        self.recebido.is_empty()
    }

    /// Chegou o começo certo (não vazio), e só ele.
    pub fn so_o_comeco(&self) -> bool {
        !self.recebido.is_empty()
            && self.recebido.len() < self.esperado.len()
            && self.esperado.starts_with(&self.recebido)
    }

    /// Chegou tudo, menos o `\n` do fim, e o fluxo acabou ou se calou.
    pub fn so_falta_o_fim_de_linha(&self) -> bool {
        self.so_o_comeco()
            && self.esperado[self.recebido.len()..] == *b"\n"
            && matches!(self.desfecho, Desfecho::Fim | Desfecho::Silencio)
    }

    /// Chegou tudo o que se esperava e mais alguma coisa.
    pub fn bytes_a_mais(&self) -> bool {
        self.recebido.len() > self.esperado.len()
            && self.recebido.starts_with(&self.esperado)
    }

    /// O outro lado encerrou (FIN), sem reset.
    pub fn fim(&self) -> bool {
        self.desfecho == Desfecho::Fim
    }

    /// A conexão foi redefinida (RST).
    pub fn redefinida(&self) -> bool {
        self.desfecho == Desfecho::Redefinida
    }

    /// O outro lado ficou em silêncio.
    pub fn silencio(&self) -> bool {
        self.desfecho == Desfecho::Silencio
    }

    /// O programa terminou.
    pub fn encerrou(&self) -> bool {
        self.desfecho == Desfecho::Encerrou
    }

    /// A espera era pelo fim do fluxo.
    pub fn esperava_o_fim(&self) -> bool {
        self.esperado.is_empty()
    }

    /// O programa ocupou o processador enquanto devia estar esperando.
    pub fn girando(&self) -> bool {
        self.processador.is_some_and(|fracao| fracao >= GIRANDO)
    }

    /// O que veio a partir da primeira diferença.
    pub fn sobra(&self) -> &[u8] {
        &self.recebido[self.primeira_diferenca()..]
    }

    /// No lugar do esperado veio a marca de texto mal decodificado (“�”).
    pub fn texto_corrompido(&self) -> bool {
        let de = self.primeira_diferenca().saturating_sub(2);
        contem(&self.recebido[de..], SUBSTITUICAO)
            && !contem(&self.esperado, SUBSTITUICAO)
    }

    /// No lugar do esperado vieram bytes zero que ninguém enviou.
    pub fn com_zeros(&self) -> bool {
        let sobra = self.sobra();
        let zeros = sobra.iter().take_while(|&&b| b == 0).count();
        zeros > 0 && (zeros >= 4 || zeros == sobra.len())
    }

    /// No lugar do esperado vieram bytes que já tinham sido enviados antes.
    pub fn com_bytes_velhos(&self) -> bool {
        let sobra = self.sobra();
        let amostra = &sobra[..sobra.len().min(AMOSTRA_VELHA)];
        amostra.len() >= 3
            && contem(&self.enviado, amostra)
            && !self.entrou_pouco()
            && self.pulou().is_none()
    }

    /// O esperado está ali, depois de um ou dois bytes que entraram antes: um
    /// fim de linha a mais na resposta anterior, e não um resto de buffer.
    fn entrou_pouco(&self) -> bool {
        let inicio = posicao(&self.recebido, &self.esperado);
        matches!(inicio, Some(1 | 2))
    }

    /// Quantos bytes do esperado faltam no meio do que chegou. Se veio mais do
    /// que se esperava, não é isso: alguém enviou o que não devia.
    pub fn pulou(&self) -> Option<usize> {
        if self.recebido.len() > self.esperado.len() {
            return None;
        }
        let aqui = self.primeira_diferenca();
        let sobra = &self.recebido[aqui..];
        if sobra.len() < AMOSTRA {
            return None;
        }
        let faltante = &self.esperado[aqui.min(self.esperado.len())..];
        posicao(faltante, &sobra[..AMOSTRA]).filter(|&pulo| pulo > 0)
    }

    /// O palpite geral, quando a etapa não reconhece nada de mais preciso.
    pub fn palpite(&self) -> Codigo {
        match self.desfecho {
            Desfecho::Diferente if self.texto_corrompido() => Codigo::M04,
            Desfecho::Diferente if self.pulou().is_some() => {
                match self.esperado.len() > ESCRITA_CURTA {
                    true => Codigo::M06,
                    false => Codigo::Diferente,
                }
            }
            Desfecho::Diferente
                if self.com_zeros() || self.com_bytes_velhos() =>
            {
                Codigo::M05
            }
            Desfecho::Diferente => Codigo::Diferente,
            Desfecho::Silencio if self.esperava_o_fim() && self.girando() => {
                Codigo::M07
            }
            Desfecho::Silencio if self.esperava_o_fim() => Codigo::M13,
            Desfecho::Silencio if self.so_falta_o_fim_de_linha() => {
                Codigo::Diferente
            }
            Desfecho::Silencio => Codigo::Calado,
            Desfecho::Redefinida if self.esperava_o_fim() => Codigo::M12,
            Desfecho::Fim | Desfecho::Redefinida if self.terminou => {
                Codigo::Encerrou
            }
            Desfecho::Fim if self.so_falta_o_fim_de_linha() => {
                Codigo::Diferente
            }
            Desfecho::Fim | Desfecho::Redefinida => Codigo::FechouCedo,
            Desfecho::Encerrou => Codigo::Encerrou,
        }
    }

    /// O esperado e o visto, em uma frase.
    pub fn frase(&self) -> String {
        let alvo = if self.esperava_o_fim() {
            "esperava o fim do fluxo".to_owned()
        } else {
            format!("esperava {}", bytes(self.esperado.len()))
        };
        let visto = match self.recebido.len() {
            // Só um datagrama pode chegar assim.
            0 if self.desfecho == Desfecho::Diferente => {
                "chegou um datagrama vazio".to_owned()
            }
            0 => "não chegou nada".to_owned(),
            1 => "chegou 1 byte".to_owned(),
            n => format!("chegaram {}", bytes(n)),
        };
        let falta = match self.so_falta_o_fim_de_linha() {
            true => "; faltou o fim de linha (0a)",
            false => "",
        };
        format!("{alvo}; {visto}{}{falta}", self.desfecho_em_palavras())
    }

    fn desfecho_em_palavras(&self) -> String {
        match self.desfecho {
            Desfecho::Diferente if self.esperava_o_fim() => String::new(),
            Desfecho::Diferente if self.bytes_a_mais() => {
                match &self.recebido[self.esperado.len()..] {
                    b"\n" => "; sobrou um fim de linha (0a)".to_owned(),
                    resto => format!("; sobrou o fim, {}", bytes(resto.len())),
                }
            }
            Desfecho::Diferente
                if self.esperado.starts_with(&self.recebido) =>
            {
                let faltam = self.esperado.len() - self.recebido.len();
                format!("; faltou o fim, {}", bytes(faltam))
            }
            Desfecho::Diferente => {
                format!(
                    ", e o byte {} é outro",
                    milhar(self.primeira_diferenca())
                )
            }
            Desfecho::Silencio => {
                let tempo = format!("{:.1}", self.segundos).replace('.', ",");
                format!(", e depois silêncio por {tempo} s")
            }
            Desfecho::Fim => ", e o programa encerrou a conexão".to_owned(),
            Desfecho::Redefinida => {
                ", e a conexão foi redefinida (RST)".to_owned()
            }
            Desfecho::Encerrou => ", e o programa terminou".to_owned(),
        }
    }
}

/// `1 byte`, `12 bytes`, `10.485.760 bytes`.
pub fn bytes(quantos: usize) -> String {
    match quantos {
        1 => "1 byte".to_owned(),
        n => format!("{} bytes", milhar(n)),
    }
}

/// O número com ponto a cada três algarismos, como se escreve em português.
pub fn milhar(numero: usize) -> String {
    let algarismos = numero.to_string();
    let mut texto = String::new();
    for (posicao, algarismo) in algarismos.chars().enumerate() {
        if posicao > 0 && (algarismos.len() - posicao).is_multiple_of(3) {
            texto.push('.');
        }
        texto.push(algarismo);
    }
    texto
}

fn contem(palheiro: &[u8], agulha: &[u8]) -> bool {
    posicao(palheiro, agulha).is_some()
}

fn posicao(palheiro: &[u8], agulha: &[u8]) -> Option<usize> {
    if agulha.is_empty() || palheiro.len() < agulha.len() {
        return None;
    }
    palheiro
        .windows(agulha.len())
        .position(|janela| janela == agulha)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidencia(esperado: &[u8], recebido: &[u8]) -> Evidencia {
        Evidencia {
            esperado: esperado.to_vec(),
            recebido: recebido.to_vec(),
            desfecho: Desfecho::Diferente,
            enviado: esperado.to_vec(),
            por_enviar: 0,
            processador: None,
            segundos: 0.0,
            terminou: false,
            diagnosticada: false,
        }
    }

    #[test]
    fn bytes_que_faltam_no_meio_sao_um_pulo() {
        let esperado: Vec<u8> = (0..200).collect();
        let recebido = [&esperado[..50], &esperado[80..]].concat();
        assert_eq!(evidencia(&esperado, &recebido).pulou(), Some(30));
    }

    #[test]
    fn so_uma_resposta_grande_e_escrita_pela_metade() {
        let pulada = |tamanho: usize| {
            let esperado: Vec<u8> =
                (0..tamanho).map(|n| (n % 251) as u8).collect();
            evidencia(&esperado, &esperado[5..tamanho - 1]).palpite()
        };
        assert_eq!(pulada(10_000), Codigo::M06);
        assert_eq!(pulada(40), Codigo::Diferente);
    }

    #[test]
    fn quem_envia_mais_do_que_recebeu_nao_pulou_nada() {
        let mensagem = b"uma mensagem longa, que fica no buffer\n";
        let velhos = [&mensagem[8..], &mensagem[4..]].concat();
        let prova = evidencia(mensagem, &velhos);
        assert_eq!(prova.palpite(), Codigo::M05);
    }

    #[test]
    fn a_frase_conta_o_que_falta_e_o_que_sobra_no_fim() {
        let a_menos = evidencia(b"azul\n", b"azul").frase();
        assert!(a_menos.ends_with("; faltou o fim, 1 byte"), "{a_menos}");
        let a_mais = evidencia(b"azul", b"azul e verde").frase();
        assert!(a_mais.ends_with("; sobrou o fim, 8 bytes"), "{a_mais}");
    }

    #[test]
    fn o_caractere_cortado_ao_meio_vira_texto_corrompido() {
        let prova = evidencia("coração".as_bytes(), "cora\u{FFFD}".as_bytes());
        assert!(prova.texto_corrompido());
        assert_eq!(prova.palpite(), Codigo::M04);
    }

    #[test]
    fn a_linha_sem_fim_de_linha_e_outra_resposta() {
        let mut prova = evidencia(b"VAZIO\n", b"VAZIO");
        prova.desfecho = Desfecho::Fim;
        assert_eq!(prova.palpite(), Codigo::Diferente);
        assert!(prova.frase().ends_with("; faltou o fim de linha (0a)"));
        prova.recebido.truncate(4);
        assert_eq!(prova.palpite(), Codigo::FechouCedo);
    }

    #[test]
    fn o_que_sobra_no_fim_tem_nome() {
        let frase = evidencia(b"oi", b"oi\n").frase();
        assert!(frase.ends_with("3 bytes; sobrou um fim de linha (0a)"));
        let frase = evidencia(b"oi", b"oi, Ana").frase();
        assert!(frase.ends_with("7 bytes; sobrou o fim, 5 bytes"));
    }

    #[test]
    fn um_fim_de_linha_a_mais_nao_e_resto_de_buffer() {
        let mut prova = evidencia(b"oi\n", b"\noi\n\n");
        prova.enviado = b"ontem\noi\n".to_vec();
        assert_eq!(prova.palpite(), Codigo::Diferente);
    }

    #[test]
    fn zeros_que_ninguem_enviou_sao_resto_de_buffer() {
        let prova = evidencia(b"oi\noutra", b"oi\n\0\0\0\0\0\0");
        assert_eq!(prova.palpite(), Codigo::M05);
    }

    #[test]
    fn o_milhar_usa_ponto() {
        assert_eq!(milhar(10_485_760), "10.485.760");
        assert_eq!(milhar(999), "999");
    }
}
