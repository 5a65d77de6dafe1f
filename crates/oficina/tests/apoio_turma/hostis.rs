//! Entregas que não querem ser conferidas.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use super::{fonte, gravar_gz, pasta, solto, tar_gz};

/// As que cabem em uma turma comum: sete.
pub fn de_uma_turma(turma: &Path) {
    solto(
        turma,
        "x bomba de fork.py",
        &fonte("falsificacoes/bomba_de_fork.py"),
    );
    solto(
        turma,
        "x saida sem fim.py",
        &fonte("falsificacoes/saida_sem_fim.py"),
    );
    solto(turma, "x gira.rs", "fn main() { loop {} }\n");
    let inclui = "const S: &str = include_str!(\"/etc/passwd\");\n\
                  fn main() { println!(\"{S}\") }\n";
    tar_gz(turma, "x inclui", &[("exercicio.rs", inclui)]);
    zip_bomba(turma, "x bomba");
    fora_da_pasta(turma, "x sai da pasta");
    pasta(
        turma,
        "x compila sem fim",
        &[("exercicio.rs", &compila_sem_fim())],
    );
}

/// Macros que dobram a cada nível: a memória acaba antes.
fn compila_sem_fim() -> String {
    "macro_rules! m {\n\
     ($($t:tt)*) => { m!($($t)* $($t)*); };\n\
     }\n\
     m!(a);\n\
     fn main() {}\n"
        .to_owned()
}

/// Sete mebibytes de zeros em sete quilobytes.
pub fn zip_bomba(turma: &Path, nome: &str) {
    let mut novo = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let opcoes = zip::write::SimpleFileOptions::default();
    novo.start_file("zeros", opcoes).unwrap();
    novo.write_all(&vec![0; 7 * 1024 * 1024]).unwrap();
    let bytes = novo.finish().unwrap().into_inner();
    fs::write(turma.join(format!("{nome}.zip")), bytes).unwrap();
}

/// Um tar com um arquivo que sai da pasta, links e dispositivos, e no fim um
/// exercício de verdade.
pub fn fora_da_pasta(turma: &Path, nome: &str) {
    let mut bytes = Vec::new();
    cru(&mut bytes, b"../../fora.txt", b'0', b"", b"x");
    cru(&mut bytes, b"/tmp/fora-absoluto.txt", b'0', b"", b"x");
    cru(&mut bytes, b"link", b'2', b"/etc", b"");
    cru(&mut bytes, b"link/dentro.txt", b'0', b"", b"x");
    cru(&mut bytes, b"duro", b'1', b"/etc/passwd", b"");
    cru(&mut bytes, b"disco", b'4', b"", b"");
    cru(&mut bytes, b"tubo", b'6', b"", b"");
    let solucao = fonte(super::SOLUCAO_PY);
    cru(&mut bytes, b"exercicio.py", b'0', b"", solucao.as_bytes());
    bytes.extend([0; 1024]);
    gravar_gz(turma, nome, &bytes);
}

/// Um membro de tar escrito à mão: nenhuma biblioteca aceita estes nomes.
pub fn cru(
    saida: &mut Vec<u8>,
    nome: &[u8],
    tipo: u8,
    link: &[u8],
    dados: &[u8],
) {
    let mut cabecalho = [0_u8; 512];
    cabecalho[..nome.len()].copy_from_slice(nome);
    cabecalho[100..108].copy_from_slice(b"0000644\0");
    cabecalho[108..116].copy_from_slice(b"0000000\0");
    cabecalho[116..124].copy_from_slice(b"0000000\0");
    let tamanho = format!("{:011o}\0", dados.len());
    cabecalho[124..136].copy_from_slice(tamanho.as_bytes());
    cabecalho[136..148].copy_from_slice(b"00000000000\0");
    cabecalho[148..156].copy_from_slice(b"        ");
    cabecalho[156] = tipo;
    cabecalho[157..157 + link.len()].copy_from_slice(link);
    cabecalho[257..263].copy_from_slice(b"ustar\0");
    cabecalho[263..265].copy_from_slice(b"00");
    let soma: u32 = cabecalho.iter().map(|&b| u32::from(b)).sum();
    let soma = format!("{soma:06o}\0 ");
    cabecalho[148..156].copy_from_slice(soma.as_bytes());
    saida.extend(cabecalho);
    saida.extend(dados);
    saida.resize(saida.len().next_multiple_of(512), 0);
}

/// Um zip com o nome em Latin-1 (ou CP437), e o exercício.
pub fn zip_cru(turma: &Path, nome: &str, arquivos: &[(&[u8], &[u8])]) {
    let mut bytes = Vec::new();
    let mut diretorio = Vec::new();
    for (arquivo, dados) in arquivos {
        let onde = bytes.len() as u32;
        let mut soma = flate2::Crc::new();
        soma.update(dados);
        // APPNOTE.TXT, §4.3.7: versão, sinais, método e hora.
        let comum = |b: &mut Vec<u8>| {
            b.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
            b.extend(soma.sum().to_le_bytes());
            b.extend((dados.len() as u32).to_le_bytes());
            b.extend((dados.len() as u32).to_le_bytes());
            b.extend((arquivo.len() as u16).to_le_bytes());
            b.extend([0, 0]);
        };
        bytes.extend(b"PK\x03\x04");
        comum(&mut bytes);
        bytes.extend(*arquivo);
        bytes.extend(*dados);
        diretorio.extend(b"PK\x01\x02\x14\0");
        comum(&mut diretorio);
        diretorio.extend([0; 10]);
        diretorio.extend(onde.to_le_bytes());
        diretorio.extend(*arquivo);
    }
    let inicio = bytes.len() as u32;
    let quantos = arquivos.len() as u16;
    bytes.extend(&diretorio);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(quantos.to_le_bytes());
    bytes.extend(quantos.to_le_bytes());
    bytes.extend((diretorio.len() as u32).to_le_bytes());
    bytes.extend(inicio.to_le_bytes());
    bytes.extend([0, 0]);
    fs::write(turma.join(format!("{nome}.zip")), bytes).unwrap();
}
