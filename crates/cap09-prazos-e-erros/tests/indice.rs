//! O apêndice “Índice de erros por código” diz o que o Linux diz: nomes,
//! números, textos, tipos do Rust e exceções do Python.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use socket2::{Domain, Socket, Type};

const PAGINA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../book/erros-por-codigo.md"
);

/// Para cada nome: o número, o texto e a exceção que o Python lhe dá.
const PERGUNTA: &str = "
import ctypes, errno, os, socket, sys
texto_de_nome = ctypes.CDLL(None).gai_strerror
texto_de_nome.restype = ctypes.c_char_p
for nome in sys.argv[1:]:
    if nome.startswith('EAI_'):
        numero = getattr(socket, nome)
        print(nome, numero, texto_de_nome(numero).decode(), '-', sep='|')
    else:
        numero = getattr(errno, nome)
        excecao = type(OSError(numero, '')).__name__
        print(nome, numero, os.strerror(numero), excecao, sep='|')
";

/// Uma linha de tabela da página: o título da coluna e o que há nela.
type Linha = BTreeMap<String, String>;

/// As linhas de todas as tabelas que têm estas colunas.
fn linhas(colunas: &[&str]) -> Vec<Linha> {
    let pagina = std::fs::read_to_string(PAGINA).expect("a página existe");
    let (mut titulos, mut linhas) = (Vec::new(), Vec::new());
    for linha in pagina.lines() {
        let Some(meio) = linha.strip_prefix('|') else {
            titulos.clear();
            continue;
        };
        let meio = meio.trim_end().trim_end_matches('|');
        let celulas = meio.split('|').map(|c| c.trim().replace('`', ""));
        let celulas: Vec<_> = celulas.collect();
        if titulos.is_empty() {
            titulos = celulas;
        } else if !celulas[0].starts_with("--")
            && colunas.iter().all(|c| titulos.iter().any(|t| t == c))
        {
            linhas.push(titulos.iter().cloned().zip(celulas).collect());
        }
    }
    linhas
}

#[test]
fn cada_codigo_tem_o_numero_e_o_texto_deste_linux() {
    let linhas = linhas(&["nome", "Linux", "texto no Linux"]);
    assert!(linhas.len() >= 25, "a página tem {} códigos", linhas.len());
    let mut pergunta = Command::new("python3");
    pergunta.args(["-c", PERGUNTA]);
    pergunta.args(linhas.iter().map(|linha| &linha["nome"]));
    let Ok(saida) = pergunta.output() else {
        assert!(std::env::var_os("CI").is_none(), "falta o python3");
        let _ = writeln!(io::stderr(), "pulado: falta o python3");
        return;
    };
    let resposta = String::from_utf8_lossy(&saida.stdout).into_owned();
    assert!(saida.status.success(), "{saida:?}");
    for (linha, dito) in linhas.iter().zip(resposta.lines()) {
        let ditos: Vec<_> = dito.split('|').collect();
        let (nome, numero) = (&linha["nome"], &linha["Linux"]);
        assert_eq!(nome, ditos[0]);
        assert_eq!(numero, ditos[1], "o número de {nome}");
        assert_eq!(linha["texto no Linux"], ditos[2], "o texto de {nome}");
        if let Some(excecao) = linha.get("Python") {
            assert_eq!(excecao, ditos[3], "a exceção de {nome}");
        }
    }
}

#[test]
fn cada_codigo_tem_o_tipo_que_o_rust_lhe_da() {
    for linha in linhas(&["nome", "Linux", "Rust: ErrorKind"]) {
        let (nome, tipo) = (&linha["nome"], &linha["Rust: ErrorKind"]);
        let numero = linha["Linux"].parse().expect("um número");
        let visto = io::Error::from_raw_os_error(numero).kind();
        let visto = format!("{visto:?}");
        match tipo.as_str() {
            // `InProgress` já tem nome, mas ainda não pode ser usado.
            "sem nome próprio" => {
                let nomes = ["Uncategorized", "InProgress"];
                assert!(nomes.contains(&visto.as_str()), "{nome}: {visto}");
            }
            tipo => assert_eq!(tipo, visto, "o tipo de {nome}"),
        }
    }
}

#[test]
fn os_erros_sem_numero_tem_o_texto_da_biblioteca() {
    let provocados = [
        (&b"ab"[..]).read_exact(&mut [0; 4]).unwrap_err(),
        (&mut [0; 1][..]).write_all(b"abc").unwrap_err(),
        (&b"\xff"[..])
            .read_to_string(&mut String::new())
            .unwrap_err(),
        conectar_a_uma_fila_cheia().unwrap_err(),
        tempo_limite_de_zero().unwrap_err(),
    ];
    let linhas = linhas(&["Rust: ErrorKind", "o que houve"]);
    assert_eq!(linhas.len(), provocados.len());
    for (linha, erro) in linhas.iter().zip(provocados) {
        assert_eq!(linha["Rust: ErrorKind"], format!("{:?}", erro.kind()));
        assert_eq!(linha["texto"], erro.to_string());
        assert_eq!(erro.raw_os_error(), None);
    }
}

fn conectar_a_uma_fila_cheia() -> io::Result<()> {
    let ouvinte = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    ouvinte.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
    ouvinte.listen(0)?;
    let ouvinte = TcpListener::from(ouvinte);
    let destino = ouvinte.local_addr()?;
    let _ocupante = TcpStream::connect(destino)?;
    let tempo = Duration::from_millis(100);
    TcpStream::connect_timeout(&destino, tempo).map(drop)
}

fn tempo_limite_de_zero() -> io::Result<()> {
    let ouvinte = TcpListener::bind("127.0.0.1:0")?;
    let conexao = TcpStream::connect(ouvinte.local_addr()?)?;
    conexao.set_read_timeout(Some(Duration::ZERO))
}

/// Os tipos que a página manda comparar existem com esse nome.
#[test]
fn os_dois_nomes_do_tempo_esgotado_sao_dois() {
    assert_ne!(ErrorKind::TimedOut, ErrorKind::WouldBlock);
    let agora_nao = io::Error::from_raw_os_error(11);
    assert_eq!(agora_nao.kind(), ErrorKind::WouldBlock);
    let cansou = io::Error::from_raw_os_error(110);
    assert_eq!(cansou.kind(), ErrorKind::TimedOut);
}
