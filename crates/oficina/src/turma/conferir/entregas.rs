//! O que há na pasta das entregas: quem entregou, o quê e quando.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};

use super::leitura::{self, visivel};
use super::resumo::Resumo;
use crate::turma::notas::{alfabetica, traicoeira};

/// As extensões de um arquivo fechado que se sabe abrir.
const FECHADOS: [&str; 4] = [".zip", ".tar.gz", ".tgz", ".tar"];

/// As extensões de um programa entregue sozinho.
const PROGRAMAS: [&str; 3] = [".rs", ".py", ".c"];

/// O que o Moodle põe depois do nome do aluno e do número da entrega.
const DO_MOODLE: &str = "_assignsubmission_";

/// Uma entrega.
#[derive(Debug, Clone)]
pub struct Entrega {
    pub aluno: String,
    /// O nome na pasta das entregas, como se mostra.
    pub nome: String,
    pub caminho: PathBuf,
    pub forma: Forma,
    /// A data do arquivo; a de uma pasta é a do arquivo mais novo dela.
    pub modificada: Option<SystemTime>,
    /// O resumo do conteúdo.
    pub conteudo: String,
}

/// Como veio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forma {
    Pasta,
    /// Um .zip ou .tar.gz.
    Fechada,
    /// Um programa sozinho, com qualquer nome.
    Solta,
    /// Nem se tenta abrir, pelo motivo dito.
    Estranha(String),
}

/// As entregas de uma pasta, em ordem de aluno. O que está em `menos` não é
/// entrega.
pub fn listar(pasta: &Path, menos: &[PathBuf]) -> Result<Vec<Entrega>> {
    let lida = fs::read_dir(pasta)
        .with_context(|| format!("não li a pasta {}", pasta.display()))?;
    let mut entregas = Vec::new();
    for entrada in lida {
        let caminho = entrada?.path();
        let nome = visivel(caminho.file_name().unwrap_or_default());
        let escondida = nome.starts_with('.') || nome == "turma.toml";
        if escondida || menos.iter().any(|fora| fora.starts_with(&caminho)) {
            continue;
        }
        entregas.push(Entrega::ler(caminho, nome));
    }
    ensure!(
        !entregas.is_empty(),
        "não há nenhuma entrega em {}",
        pasta.display()
    );
    entregas.sort_by(|a, b| {
        let ordem = alfabetica(&a.aluno).cmp(&alfabetica(&b.aluno));
        ordem.then_with(|| a.nome.cmp(&b.nome))
    });
    Ok(entregas)
}

impl Entrega {
    fn ler(caminho: PathBuf, nome: String) -> Entrega {
        let bruto = caminho.file_name().unwrap_or_default().to_owned();
        let aluno = aluno(&em_texto(&bruto));
        let mut entrega = Entrega {
            aluno,
            forma: forma(&caminho, &nome),
            nome,
            modificada: None,
            conteudo: String::new(),
            caminho,
        };
        if let Err(motivo) = entrega.resumir() {
            entrega.forma = Forma::Estranha(motivo);
        }
        entrega
    }

    /// Lê tudo uma vez: a data e o resumo do conteúdo.
    fn resumir(&mut self) -> Result<(), String> {
        if self.forma == Forma::Pasta {
            return self.resumir_pasta();
        }
        let dados = fs::symlink_metadata(&self.caminho);
        self.modificada = dados.and_then(|dados| dados.modified()).ok();
        if matches!(self.forma, Forma::Estranha(_)) {
            return Ok(());
        }
        let bytes =
            leitura::ler(&self.caminho, leitura::TOTAL).map_err(|erro| {
                match erro.kind() {
                    std::io::ErrorKind::FileTooLarge => {
                        "passa de 64 MiB".to_owned()
                    }
                    _ => format!("não li o arquivo: {erro}"),
                }
            })?;
        self.conteudo = Resumo::novo().com(&bytes).texto();
        Ok(())
    }

    fn resumir_pasta(&mut self) -> Result<(), String> {
        let arquivos = leitura::percorrer(&self.caminho)?.arquivos;
        let total: u64 = arquivos.iter().map(|a| a.tamanho).sum();
        if total > leitura::TOTAL {
            return Err("passa de 64 MiB".to_owned());
        }
        self.modificada = arquivos.iter().filter_map(|a| a.modificado).max();
        let mut resumo = Resumo::novo();
        for arquivo in &arquivos {
            let bytes = leitura::ler(&arquivo.caminho, leitura::MAIOR_ARQUIVO);
            let bytes = bytes.unwrap_or_default();
            resumo = resumo.com(arquivo.nome.as_bytes()).com(&bytes);
        }
        self.conteudo = resumo.texto();
        Ok(())
    }

    /// Um nome de arquivo só desta entrega, em ASCII.
    pub fn apelido(&self) -> String {
        let simples = |c: char| match c {
            c if c.is_ascii_alphanumeric() || c == '-' => c,
            _ => '-',
        };
        let curto: String = self.nome.chars().map(simples).take(40).collect();
        let bytes = self.caminho.file_name().unwrap_or_default();
        let resumo = Resumo::novo().com(bytes.as_encoded_bytes()).texto();
        format!("{}-{}", curto.trim_matches('-'), &resumo[8..])
    }

    /// Se esta entrega é da fatia `i` de `n`. As de um aluno vão juntas.
    pub fn da_fatia(&self, fatia: Fatia) -> bool {
        let numero = Resumo::novo().com(self.aluno.as_bytes()).numero();
        numero % fatia.de == fatia.qual - 1
    }
}

/// Uma parte da turma: a `qual` (a partir de 1) de `de`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fatia {
    qual: u64,
    de: u64,
}

impl std::str::FromStr for Fatia {
    type Err = String;

    fn from_str(texto: &str) -> Result<Fatia, String> {
        let erro = || "escreva a fatia como 3/10".to_owned();
        let (qual, de) = texto.split_once('/').ok_or_else(erro)?;
        let numero = |texto: &str| texto.trim().parse().map_err(|_| erro());
        let (qual, de) = (numero(qual)?, numero(de)?);
        match (1..=de).contains(&qual) {
            true => Ok(Fatia { qual, de }),
            false => Err(format!("de {de} fatias, não há a {qual}")),
        }
    }
}

impl std::fmt::Display for Fatia {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.qual, self.de)
    }
}

fn forma(caminho: &Path, nome: &str) -> Forma {
    let Ok(dados) = fs::symlink_metadata(caminho) else {
        return Forma::Estranha("não li o arquivo".to_owned());
    };
    let minusculo = nome.to_lowercase();
    let termina = |fins: &[&str]| fins.iter().any(|f| minusculo.ends_with(f));
    if dados.is_symlink() {
        return Forma::Estranha("é um link simbólico".to_owned());
    }
    if dados.is_dir() {
        return Forma::Pasta;
    }
    if !dados.is_file() {
        return Forma::Estranha("é um arquivo especial".to_owned());
    }
    if termina(&FECHADOS) {
        return Forma::Fechada;
    }
    if termina(&PROGRAMAS) {
        return Forma::Solta;
    }
    Forma::Estranha(match minusculo.rsplit_once('.') {
        Some((_, fim)) => format!(
            "não sei abrir um .{fim}: peça uma pasta, um .zip, um .tar.gz ou \
             o programa"
        ),
        None => "não é uma pasta, nem um .zip, nem um programa".to_owned(),
    })
}

/// O nome do aluno, tirado do nome da entrega:
/// `Fulano de Tal_1234_assignsubmission_file_` é `Fulano de Tal`, e
/// `fulano.tar.gz` é `fulano`.
fn aluno(nome: &str) -> String {
    if let Some((antes, _)) = nome.split_once(DO_MOODLE) {
        let sem_numero = antes.rsplit_once('_').map(|(aluno, numero)| {
            match numero.bytes().all(|b| b.is_ascii_digit()) {
                true => aluno,
                false => antes,
            }
        });
        return sem_numero.unwrap_or(antes).trim().to_owned();
    }
    let fins = FECHADOS.iter().chain(&PROGRAMAS);
    let minusculo = nome.to_ascii_lowercase();
    let fim = fins
        .filter(|fim| minusculo.ends_with(**fim))
        .map(|fim| fim.len())
        .max();
    let sem_fim = &nome[..nome.len() - fim.unwrap_or(0)];
    match sem_fim.trim() {
        "" => nome.to_owned(),
        aluno => aluno.to_owned(),
    }
}

/// Um nome que não é UTF-8 costuma ser Latin-1: “José” vem em quatro bytes.
fn em_texto(nome: &OsStr) -> String {
    let bytes = nome.as_encoded_bytes();
    let texto = match std::str::from_utf8(bytes) {
        Ok(texto) => texto.to_owned(),
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    };
    let trocar = |c: char| if traicoeira(c) { '·' } else { c };
    texto.chars().map(trocar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o_aluno_sai_do_nome_da_entrega() {
        for (nome, esperado) in [
            ("Fulano de Tal_1234_assignsubmission_file_", "Fulano de Tal"),
            ("Ana_99_assignsubmission_file_exercicio.rs", "Ana"),
            ("ana_maria.tar.gz", "ana_maria"),
            ("Beto.ZIP", "Beto"),
            ("caio.py", "caio"),
            ("dora", "dora"),
            (".zip", ".zip"),
        ] {
            assert_eq!(aluno(nome), esperado, "{nome}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn um_nome_em_latin_1_vira_texto() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(em_texto(OsStr::from_bytes(b"Jos\xe9")), "José");
        assert_eq!(visivel(OsStr::from_bytes(b"Jos\xe9")), "Jos\\xe9");
    }

    #[test]
    fn a_fatia_se_escreve_com_barra() {
        let fatia: Fatia = "3/10".parse().unwrap();
        assert_eq!(fatia.to_string(), "3/10");
        for errada in ["0/10", "11/10", "3", "a/b", "1/0"] {
            assert!(errada.parse::<Fatia>().is_err(), "{errada}");
        }
    }
}
