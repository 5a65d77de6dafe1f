//! Ler a entrega de um aluno, que é hostil até prova em contrário: sem seguir
//! links, sem abrir o que não é arquivo comum, sem ler demais.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::turma::notas::traicoeira;

/// Quantos arquivos e pastas uma entrega pode ter.
pub const ENTRADAS: usize = 10_000;

/// Quantas pastas uma dentro da outra.
const FUNDURA: usize = 24;

/// O maior arquivo que se lê, em bytes.
pub const MAIOR_ARQUIVO: u64 = 8 * 1024 * 1024;

/// A maior entrega, em bytes.
pub const TOTAL: u64 = 64 * 1024 * 1024;

/// O que vem junto com um projeto e não é o exercício.
const DISPENSADOS: [&str; 8] = [
    ".git",
    "target",
    "node_modules",
    "__MACOSX",
    "__pycache__",
    ".venv",
    ".vscode",
    ".idea",
];

/// Um arquivo comum dentro de uma entrega.
#[derive(Debug, Clone)]
pub struct Achado {
    /// O caminho dentro da entrega, com `/`, como se mostra.
    pub nome: String,
    pub caminho: PathBuf,
    pub tamanho: u64,
    pub modificado: Option<SystemTime>,
}

/// O que há em uma pasta entregue.
#[derive(Debug, Default)]
pub struct Conteudo {
    /// Em ordem de nome.
    pub arquivos: Vec<Achado>,
    /// O que ficou de fora, e por quê.
    pub observacoes: Vec<String>,
}

/// Os arquivos comuns de uma pasta. O erro é a frase da recusa.
pub fn percorrer(pasta: &Path) -> Result<Conteudo, String> {
    let mut conteudo = Conteudo::default();
    let mut vistos = 0;
    let mut fila = vec![(pasta.to_owned(), 0)];
    while let Some((atual, fundura)) = fila.pop() {
        let lida = fs::read_dir(&atual).map_err(|e| {
            format!("não li a pasta “{}”: {e}", nome(pasta, &atual))
        })?;
        for entrada in lida.flatten() {
            vistos += 1;
            if vistos > ENTRADAS {
                return Err(format!("tem mais de {ENTRADAS} arquivos"));
            }
            let caminho = entrada.path();
            if dispensada(&caminho) {
                continue;
            }
            let Ok(dados) = fs::symlink_metadata(&caminho) else {
                continue;
            };
            let nome = nome(pasta, &caminho);
            if dados.is_dir() && fundura < FUNDURA {
                fila.push((caminho, fundura + 1));
            } else if dados.is_dir() {
                conteudo
                    .observar(&nome, "há pastas demais uma dentro da outra");
            } else if dados.is_symlink() {
                conteudo.observar(&nome, "é um link simbólico");
            } else if !dados.is_file() {
                conteudo.observar(&nome, "é um arquivo especial");
            } else if dados.len() > MAIOR_ARQUIVO {
                conteudo.observar(&nome, "passa de 8 MiB");
            } else {
                conteudo.arquivos.push(Achado {
                    nome,
                    caminho,
                    tamanho: dados.len(),
                    modificado: dados.modified().ok(),
                });
            }
        }
    }
    conteudo.arquivos.sort_by(|a, b| a.nome.cmp(&b.nome));
    conteudo.observacoes.sort();
    Ok(conteudo)
}

impl Conteudo {
    fn observar(&mut self, nome: &str, motivo: &str) {
        const OBSERVACOES: usize = 8;
        match self.observacoes.len() {
            n if n < OBSERVACOES => {
                self.observacoes.push(format!("ignorei “{nome}”: {motivo}"));
            }
            OBSERVACOES => self.observacoes.push("ignorei outros assim".into()),
            _ => {}
        }
    }
}

fn dispensada(caminho: &Path) -> bool {
    let nome = caminho.file_name().unwrap_or_default();
    DISPENSADOS.iter().any(|dispensado| nome == *dispensado)
}

fn nome(pasta: &Path, caminho: &Path) -> String {
    let dentro = caminho.strip_prefix(pasta).unwrap_or(caminho);
    let partes: Vec<_> = dentro.iter().map(visivel).collect();
    partes.join("/")
}

/// Um nome do sistema como texto: o que não é UTF-8 aparece como `\xNN`.
pub fn visivel(nome: &OsStr) -> String {
    let mut texto = String::new();
    for pedaco in nome.as_encoded_bytes().utf8_chunks() {
        let trocar = |c: char| if traicoeira(c) { '·' } else { c };
        texto.extend(pedaco.valid().chars().map(trocar));
        for byte in pedaco.invalid() {
            texto.push_str(&format!("\\x{byte:02x}"));
        }
    }
    texto
}

/// O conteúdo de um arquivo comum, até `limite` bytes.
pub fn ler(caminho: &Path, limite: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    abrir(caminho)?.take(limite + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limite {
        true => Err(io::ErrorKind::FileTooLarge.into()),
        false => Ok(bytes),
    }
}

/// Abre só um arquivo comum: nem link, nem tubo, que prenderia a leitura.
pub fn abrir(caminho: &Path) -> io::Result<File> {
    let mut opcoes = OpenOptions::new();
    opcoes.read(true);
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::OpenOptionsExt;
        opcoes.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    let arquivo = opcoes.open(caminho)?;
    match arquivo.metadata()?.is_file() {
        true => Ok(arquivo),
        false => Err(io::ErrorKind::InvalidInput.into()),
    }
}
