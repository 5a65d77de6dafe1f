//! O relatório que o estudante lê.

use super::a_mao::{a_mao, digitavel};
use super::pagina;
use super::tinta::{Cor, Tinta};
use crate::conferencia::{Resultado, ResultadoDaEtapa, Situacao};
use crate::enunciado::Papel;
use crate::erros_classicos::Codigo;
use crate::exercicios::EXERCICIOS;
use crate::palco::programa::LinhaEscrita;
use crate::palco::{Autor, Falha, Linha, comparar};

/// Quantas linhas da transcrição aparecem; as do começo se resumem.
const LINHAS_DA_TRANSCRICAO: usize = 18;

/// Quantas linhas do que o programa escreveu aparecem.
const LINHAS_DO_PROGRAMA: usize = 12;

/// As colunas de um terminal comum.
const COLUNAS: usize = 80;

/// A coluna em que começa o que a etapa tenta.
const COLUNA: usize = 46;

/// Quem escreve o relatório.
#[derive(Clone, Copy)]
pub struct Relatorio<'a> {
    pub tinta: Tinta,
    /// O comando que o leitor deu depois de `--`; vazio, é o exercício do
    /// capítulo.
    pub comando: &'a [String],
}

impl Relatorio<'_> {
    /// O título e o que está sendo conferido.
    pub fn cabecalho(self, resultado: &Resultado) -> String {
        let titulo = self.tinta.pintar(Cor::Forte, &resultado.titulo);
        let capitulo = self.suave(&resultado.capitulo);
        let detalhe = format!(
            "programa {} · semente {} · isolamento {} ({})",
            nome_curto(&resultado.programa),
            resultado.semente,
            resultado.nivel,
            resultado.nivel.descricao()
        );
        let detalhe = linhas(&detalhe, COLUNAS).into_iter();
        let detalhe = detalhe.map(|linha| self.suave(&linha) + "\n");
        let detalhe: String = detalhe.collect();
        format!("\n{titulo}  {capitulo}\n{detalhe}\n")
    }

    /// A linha de uma etapa: marca, número, nome, o que tenta, tempo.
    pub fn etapa(self, etapa: &ResultadoDaEtapa) -> String {
        let (marca, cor, fim) = match &etapa.situacao {
            Situacao::Passou => {
                let tempo = format!("{} ms", etapa.duracao.as_millis());
                ("✓", Cor::Certo, format!("{}  {tempo}", etapa.tenta))
            }
            Situacao::Falhou(falha) => {
                ("✗", Cor::Errado, titulo_do_erro(falha.codigo))
            }
            Situacao::Inconclusiva(_) => {
                ("?", Cor::Acento, "não deu para saber".to_owned())
            }
            Situacao::NaoExecutada => ("·", Cor::Suave, etapa.tenta.clone()),
        };
        let marca = self.tinta.pintar(cor, marca);
        let nome = match &etapa.situacao {
            Situacao::NaoExecutada => self.suave(&etapa.nome),
            Situacao::Falhou(_) => self.tinta.pintar(Cor::Forte, &etapa.nome),
            _ => etapa.nome.clone(),
        };
        let espaco = COLUNA.saturating_sub(7 + etapa.nome.chars().count());
        let cor = match &etapa.situacao {
            Situacao::Falhou(_) => Cor::Errado,
            _ => Cor::Suave,
        };
        let fim = linhas(&fim, COLUNAS - COLUNA).into_iter();
        let fim: Vec<_> = fim.map(|l| self.tinta.pintar(cor, &l)).collect();
        let fim = fim.join(&format!("\n{}", " ".repeat(COLUNA)));
        let espaco = " ".repeat(espaco.max(2));
        format!("  {marca} {}  {nome}{espaco}{fim}\n", etapa.numero)
    }

    /// A barra, o que falhou e o que fazer agora.
    pub fn fecho(self, resultado: &Resultado) -> String {
        let mut texto = String::new();
        if let Some(erro) = &resultado.erro {
            return format!("{erro}\n");
        }
        if let Some(etapa) = resultado.primeira_falha() {
            texto.push_str(&self.explicar(resultado, etapa));
        }
        texto.push('\n');
        texto.push_str(&self.barra(resultado));
        texto.push_str(&self.proximo_passo(resultado));
        texto
    }

    fn explicar(
        self,
        resultado: &Resultado,
        etapa: &ResultadoDaEtapa,
    ) -> String {
        let mut texto = format!("\n{}\n", self.regua(etapa));
        texto.push_str(&self.transcricao(etapa));
        match &etapa.situacao {
            Situacao::Falhou(falha) => {
                texto.push_str(&self.falha(falha, resultado));
            }
            Situacao::Inconclusiva(motivo) => {
                let frase = format!("Não deu para saber: {motivo}");
                texto.push_str(&format!("\n{}", dobrar(&frase)));
            }
            _ => {}
        }
        texto.push_str(&self.do_programa(&etapa.escrito, etapa.papel));
        texto
    }

    fn regua(self, etapa: &ResultadoDaEtapa) -> String {
        let titulo = format!("Etapa {}: {}", etapa.numero, etapa.nome);
        let traco = "─".repeat(70_usize.saturating_sub(titulo.chars().count()));
        format!(
            "{} {}",
            self.tinta.pintar(Cor::Forte, &titulo),
            self.suave(&traco)
        )
    }

    /// A conversa, numerada, com uma cor por papel.
    fn transcricao(self, etapa: &ResultadoDaEtapa) -> String {
        let linhas = &etapa.transcricao;
        let pular = linhas.len().saturating_sub(LINHAS_DA_TRANSCRICAO);
        let mut texto = String::new();
        if pular > 0 {
            let resumo = format!("    … {}", antes(pular));
            texto.push_str(&format!("{}\n", self.suave(&resumo)));
        }
        let larguras = linhas.iter().map(|l| nome(l).chars().count());
        let largura = larguras.max().unwrap_or(0);
        for linha in &linhas[pular..] {
            texto.push_str(&self.linha(linha, etapa.papel, largura));
        }
        texto
    }

    fn linha(self, linha: &Linha, papel: Papel, largura: usize) -> String {
        let numero = self.suave(&format!("{:>4}", linha.numero));
        if linha.autor == Autor::Titulo {
            let titulo = format!("— {} —", linha.detalhe);
            return format!("{numero}  {}\n", self.suave(&titulo));
        }
        let do_programa = linha.autor == Autor::Programa;
        let cor = cor_do_papel(papel, do_programa);
        let nome = format!("{:largura$}", nome(linha));
        let nome = self.tinta.pintar(cor, &nome);
        let verbo = match linha.verbo {
            "esperava" => self.tinta.pintar(Cor::Errado, "esperava"),
            verbo => verbo.to_owned(),
        };
        let frase = format!("{verbo} {}", linha.detalhe);
        format!("{numero}  {nome} │ {}\n", frase.trim_end())
    }

    /// Esperado × recebido, o nome do erro, a explicação e a página.
    fn falha(self, falha: &Falha, resultado: &Resultado) -> String {
        let mensagem = inicial_maiuscula(&falha.mensagem);
        let mut texto = format!("\n{}", dobrar(&mensagem));
        if let Some(prova) = &falha.evidencia
            && !prova.recebido.is_empty()
            && prova.esperado != b"?"
        {
            for (posicao, linha) in comparar(prova).iter().enumerate() {
                let linha = match posicao {
                    0 => self.tinta.pintar(Cor::Certo, linha),
                    _ => self.tinta.pintar(Cor::Errado, linha),
                };
                texto.push_str(&format!("    {linha}\n"));
            }
        }
        let erro = falha.codigo.erro();
        let titulo = inicial_maiuscula(&titulo_do_erro(falha.codigo));
        texto.push_str(&format!(
            "\n  {}\n",
            self.tinta.pintar(Cor::Errado, &titulo)
        ));
        texto.push_str(&dobrar(erro.explicacao));
        texto.push_str(&dobrar(&format!("Pista: {}", falha.pista())));
        if let Some(pagina) = pagina(falha.codigo, &resultado.capitulo) {
            let link = self.tinta.pintar(Cor::Acento, &pagina);
            texto.push_str(&format!("  No livro: {link}\n"));
        }
        texto
    }

    /// O que o programa escreveu, sempre marcado como dele.
    fn do_programa(self, escrito: &[LinhaEscrita], papel: Papel) -> String {
        if escrito.is_empty() {
            return String::new();
        }
        let marca = self
            .tinta
            .pintar(cor_do_papel(papel, true), "[seu programa]");
        let pular = escrito.len().saturating_sub(LINHAS_DO_PROGRAMA);
        let mut texto = "\n".to_owned();
        if pular > 0 {
            texto.push_str(&format!("  {marca} … {}\n", antes(pular)));
        }
        for linha in &escrito[pular..] {
            texto.push_str(&format!("  {marca} {}\n", linha.texto));
        }
        texto
    }

    fn barra(self, resultado: &Resultado) -> String {
        let (passaram, total) = (resultado.passaram(), resultado.etapas.len());
        let cheia = self.tinta.pintar(Cor::Certo, &"━━━━".repeat(passaram));
        let vazia = self.suave(&"╌╌╌╌".repeat(total - passaram));
        format!("  {cheia}{vazia}  {passaram} de {total} etapas\n")
    }

    fn proximo_passo(self, resultado: &Resultado) -> String {
        let curto = resultado.capitulo.split('-').next().unwrap_or_default();
        let Some(etapa) = resultado.primeira_falha() else {
            return match resultado.passaram() == resultado.etapas.len() {
                true => self.resolvido(&resultado.capitulo),
                false => String::new(),
            };
        };
        let dica =
            self.acao("Uma dica:", &format!("cargo oficina dica {curto}"));
        let programa = match self.comando.is_empty() {
            true => String::new(),
            false => format!(" -- {}", digitavel(self.comando)),
        };
        let repetir = format!(
            "cargo oficina conferir {curto} --etapa {} --semente {}{programa}",
            etapa.numero, resultado.semente
        );
        let manual = a_mao(&resultado.capitulo, etapa, self.comando);
        format!(
            "{dica}{}{}",
            self.acao("Só esta etapa, com os mesmos bytes:", &repetir),
            self.acao("À mão, em dois terminais:", &manual),
        )
    }

    fn resolvido(self, capitulo: &str) -> String {
        let mut depois =
            EXERCICIOS.iter().skip_while(|e| e.capitulo != capitulo);
        let proximo = depois.nth(1).map_or(String::new(), |proximo| {
            let curto = proximo.curto();
            let comando = format!("cargo oficina conferir {curto}");
            self.acao("O próximo:", &comando)
        });
        format!("  Exercício resolvido.\n{proximo}")
    }

    /// Um rótulo e o comando; na linha seguinte, se não cabem em uma só.
    fn acao(self, rotulo: &str, comando: &str) -> String {
        let largura = 3 + rotulo.chars().count() + comando.chars().count();
        let comando = self.tinta.pintar(Cor::Acento, comando);
        match largura <= COLUNAS {
            true => format!("  {rotulo} {comando}\n"),
            false => format!("  {rotulo}\n    {comando}\n"),
        }
    }

    fn suave(self, texto: &str) -> String {
        self.tinta.pintar(Cor::Suave, texto)
    }
}

/// `1 linha antes`, `7 linhas antes`.
fn antes(linhas: usize) -> String {
    let plural = if linhas == 1 { "" } else { "s" };
    format!("{linhas} linha{plural} antes")
}

/// `M07 · ignora o fim do fluxo`; um fato do programa não tem número.
fn titulo_do_erro(codigo: Codigo) -> String {
    match codigo.classico() {
        true => format!("{codigo} · {}", codigo.erro().nome),
        false => codigo.erro().nome.to_owned(),
    }
}

/// O palco faz o papel contrário ao do programa.
fn cor_do_papel(papel: Papel, do_programa: bool) -> Cor {
    match papel.servidor() == do_programa {
        true => Cor::Servidor,
        false => Cor::Cliente,
    }
}

fn nome(linha: &Linha) -> &str {
    match &linha.autor {
        Autor::Palco(nome) => nome,
        Autor::Programa => "programa",
        Autor::Titulo => "",
    }
}

fn nome_curto(programa: &str) -> String {
    let mut partes = programa.split(' ');
    let primeira = partes.next().unwrap_or_default();
    let arquivo = primeira.rsplit(['/', '\\']).next().unwrap_or_default();
    let resto: Vec<_> = partes.collect();
    [&[arquivo], resto.as_slice()].concat().join(" ")
}

fn inicial_maiuscula(texto: &str) -> String {
    let mut letras = texto.chars();
    match letras.next() {
        Some(primeira) => primeira.to_uppercase().chain(letras).collect(),
        None => String::new(),
    }
}

/// O texto em linhas de até 76 colunas, com recuo.
pub fn dobrar(texto: &str) -> String {
    const LARGURA: usize = 74;
    let linhas = linhas(texto, LARGURA).into_iter();
    linhas.map(|linha| format!("  {linha}\n")).collect()
}

/// O texto em linhas de até `largura` colunas, cortadas entre palavras.
fn linhas(texto: &str, largura: usize) -> Vec<String> {
    let mut linhas = Vec::new();
    let mut atual = String::new();
    for palavra in texto.split(' ') {
        let cabe = atual.chars().count() + palavra.chars().count() < largura;
        if !cabe && !atual.is_empty() {
            linhas.push(std::mem::take(&mut atual));
        }
        if !atual.is_empty() {
            atual.push(' ');
        }
        atual.push_str(palavra);
    }
    linhas.push(atual);
    linhas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nenhuma_linha_passa_da_largura_nem_corta_palavras() {
        let texto = "inteiro · gota a gota · colado · lento  12 ms";
        let cortadas = linhas(texto, 20);
        assert!(cortadas.iter().all(|l| l.chars().count() <= 20));
        let juntas = cortadas.join(" ");
        assert!(juntas.split_whitespace().eq(texto.split_whitespace()));
    }
}
