//! As sessões gravadas: roda de novo o comando da primeira linha e compara o
//! que ele escreve, sem o que muda a cada vez.

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use crate::roteiro::dividir_comando;
use crate::roteiro_programas::{self, BINARIOS, CODIGO_DE_AUSENTE, PYTHON};

/// Quanto uma sessão pode demorar.
const PRAZO: Duration = Duration::from_secs(60);

/// O que a gravação deu.
pub enum Gravacao {
    Texto(String),
    /// Este comando não se grava sozinho, ou não aqui, e por quê.
    Impossivel(String),
}

/// O comando de uma sessão: a primeira linha, depois de `$ `.
pub fn comando(sessao: &str) -> anyhow::Result<&str> {
    sessao
        .lines()
        .next()
        .and_then(|linha| linha.strip_prefix("$ "))
        .context("a primeira linha deve ser “$ comando”")
}

/// Se a sessão é uma demonstração, que pode rodar ao lado de outras.
pub fn e_demo(sessao: &Path) -> bool {
    std::fs::read_to_string(sessao)
        .is_ok_and(|texto| texto.starts_with("$ cargo oficina demo "))
}

/// Se o comando resolve um nome, e não só endereços.
pub fn usa_nomes(comando: &str) -> bool {
    ["localhost:", ".invalid:"]
        .iter()
        .any(|n| comando.contains(n))
}

/// Roda o comando na raiz do livro; o texto começa pela linha do comando.
pub fn gravar(linha: &str, raiz: &Path) -> anyhow::Result<Gravacao> {
    let palavras = dividir_comando(linha)?;
    let palavras: Vec<&str> = palavras.iter().map(String::as_str).collect();
    let (programa, argumentos) = match &palavras[..] {
        ["cargo", "oficina", argumentos @ ..] => {
            (std::env::current_exe()?, argumentos)
        }
        ["cargo", "run", "--bin", nome, argumentos @ ..] => {
            let mut binarios = roteiro_programas::compilar(&[nome])?;
            let caminho = binarios.remove(*nome).context("sem executável")?;
            let resto = argumentos.strip_prefix(&["--"]);
            (caminho, resto.unwrap_or(argumentos))
        }
        ["python3" | "python", ..] if !roteiro_programas::instalado(PYTHON) => {
            let falta = format!("falta o programa {PYTHON}");
            return Ok(Gravacao::Impossivel(falta));
        }
        ["python3" | "python", argumentos @ ..] => (PYTHON.into(), argumentos),
        _ => {
            return Ok(Gravacao::Impossivel(
                "só se grava cargo oficina …, cargo run --bin … e python3 …"
                    .into(),
            ));
        }
    };
    let argumentos: Vec<OsString> =
        argumentos.iter().map(OsString::from).collect();
    let mut comando = bancada::preso(programa, &argumentos)?;
    comando.envs(roteiro_programas::compilados().map(|b| (BINARIOS, b)));
    let (texto, codigo) = rodar(&mut comando, raiz)?;
    if codigo == Some(CODIGO_DE_AUSENTE.into()) {
        return Ok(Gravacao::Impossivel(texto.trim().to_owned()));
    }
    // Um roteiro que parou no meio não é uma sessão; o erro de um programa,
    // ou de um exercício que falha, pode ser.
    let parou = codigo != Some(0)
        && palavras.starts_with(&["cargo", "oficina", "demo"]);
    ensure!(!parou, "{}", texto.trim_end());
    Ok(Gravacao::Texto(format!(
        "$ {linha}\n{}",
        limpar(&texto, raiz)
    )))
}

fn rodar(
    comando: &mut Command,
    raiz: &Path,
) -> anyhow::Result<(String, Option<i32>)> {
    let (mut leitor, escritor) = io::pipe()?;
    let mut filho = comando
        .current_dir(raiz)
        .env("PYTHONUNBUFFERED", "1")
        .env("PYTHONIOENCODING", "utf-8")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("RUST_BACKTRACE")
        .env_remove("RUST_LIB_BACKTRACE")
        .stdin(Stdio::null())
        .stdout(escritor.try_clone()?)
        .stderr(escritor)
        .spawn()
        .context("não consegui iniciar o comando")?;
    comando.stdout(Stdio::null()).stderr(Stdio::null());
    let (envia, recebe) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let lido = leitor.read_to_end(&mut bytes).map(|_| bytes);
        let _ = envia.send(lido);
    });
    let bytes = recebe.recv_timeout(PRAZO);
    if bytes.is_err() {
        bancada::encerrar(&mut filho)?;
    }
    let status = filho.wait()?;
    let Ok(bytes) = bytes else {
        bail!("não terminou em {} s", PRAZO.as_secs());
    };
    let texto = String::from_utf8_lossy(&bytes?).into_owned();
    Ok((texto, status.code()))
}

/// Tira o que é desta máquina: onde o livro e o que se compilou estão.
fn limpar(texto: &str, raiz: &Path) -> String {
    let mut limpo = texto.to_owned();
    if let Some(alvo) = std::env::var_os("CARGO_TARGET_DIR") {
        limpo = limpo.replace(&*alvo.to_string_lossy(), "target");
    }
    limpo = limpo.replace(&format!("{}/", raiz.display()), "");
    let linhas = limpo.lines().map(|linha| format!("{}\n", linha.trim_end()));
    linhas.collect()
}

/// Onde as duas sessões se separam, sem contar o que muda a cada vez.
pub fn diferenca(antes: &str, agora: &str) -> Option<String> {
    let (antes, agora) = (mascarar(antes), mascarar(agora));
    if antes == agora {
        return None;
    }
    let (mut de, mut para) = (antes.lines(), agora.lines());
    let mut numero = 0;
    loop {
        numero += 1;
        let (uma, outra) = (de.next(), para.next());
        if uma != outra || uma.is_none() {
            return Some(format!(
                "a sessão mudou na linha {numero}\n    gravada: {}\n    \
                 agora:   {}",
                uma.unwrap_or("(fim)"),
                outra.unwrap_or("(fim)")
            ));
        }
    }
}

/// O que vem antes de um número que muda a cada vez.
const ANTES_DE_NUMERO: [&str; 8] = [
    "pid ",
    "htons(",
    "', ",
    "0x",
    "' (",
    "porta ",
    "cerca de ",
    " 127.0.0.1 ",
];

/// O que vem depois de um tempo medido.
const UNIDADES_DE_TEMPO: [&str; 5] = ["ms", "µs", "us", "ns", "s"];

/// Troca portas, tempos, números de processo e endereços de memória por `#`.
pub fn mascarar(texto: &str) -> String {
    let mut saida = String::with_capacity(texto.len());
    let mut resto = texto;
    while let Some(inicio) = resto.find(|c: char| c.is_ascii_digit()) {
        let (antes, numero) = resto.split_at(inicio);
        saida.push_str(antes);
        let hexadecimal = saida.ends_with('x');
        let fim = numero
            .find(|c: char| {
                !(c.is_ascii_digit() || hexadecimal && c.is_ascii_hexdigit())
            })
            .unwrap_or(numero.len());
        let (digitos, depois) = numero.split_at(fim);
        let (numero_inteiro, depois) = com_a_fracao(digitos, depois);
        if muda(&saida, &numero_inteiro, depois) {
            saida.push('#');
        } else {
            saida.push_str(&numero_inteiro);
        }
        // "0x" leva ao hexadecimal na volta seguinte.
        resto = depois;
        if let ("0", Some(hex)) = (&*numero_inteiro, resto.strip_prefix('x')) {
            saida.push('x');
            let fim = hex
                .find(|c: char| !c.is_ascii_hexdigit())
                .unwrap_or(hex.len());
            saida.push('#');
            resto = &hex[fim..];
        }
    }
    saida + resto
}

/// Junta a parte depois da vírgula ou do ponto, se isto é um decimal.
fn com_a_fracao<'a>(digitos: &str, depois: &'a str) -> (String, &'a str) {
    let decimal = depois.strip_prefix([',', '.']).and_then(|fracao| {
        let fim = fracao
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(fracao.len());
        // Um endereço (127.0.0.1) tem mais pontos; um decimal, um só.
        let endereco = fracao[fim..].starts_with('.');
        (fim > 0 && !endereco).then(|| (fim + 1, &fracao[fim..]))
    });
    match decimal {
        Some((tamanho, resto)) if tempo(resto) => {
            (format!("{digitos}{}", &depois[..tamanho]), resto)
        }
        _ => (digitos.to_owned(), depois),
    }
}

fn muda(antes: &str, numero: &str, depois: &str) -> bool {
    // Uma porta tem quatro ou cinco dígitos; minutos e segundos, dois.
    let porta = antes.ends_with(':') && numero.len() >= 4;
    porta || ANTES_DE_NUMERO.iter().any(|a| antes.ends_with(a)) || tempo(depois)
}

/// Se o que vem depois do número é uma unidade de tempo.
fn tempo(depois: &str) -> bool {
    let depois = depois.strip_prefix([' ', '\u{a0}']).unwrap_or(depois);
    UNIDADES_DE_TEMPO.iter().any(|unidade| {
        depois.strip_prefix(unidade).is_some_and(|resto| {
            !resto.starts_with(|c: char| c.is_alphanumeric())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o_que_muda_a_cada_vez_fica_mascarado() {
        for (texto, esperado) in [
            ("escutando em 127.0.0.1:38225", "escutando em 127.0.0.1:#"),
            ("[::1]:38225 conectou", "[::1]:# conectou"),
            ("levou 1,25 s e 300ms", "levou # s e #ms"),
            ("encerrou (13 bytes)", "encerrou (13 bytes)"),
            ("[pid 1234] accept(3)", "[pid #] accept(3)"),
            (
                "htons(34874), inet_addr(\"10.0.0.1\")",
                "htons(#), inet_addr(\"10.0.0.1\")",
            ),
            ("em 0x7ffd12ab34 fim", "em 0x# fim"),
            ("('127.0.0.1', 41234)", "('127.0.0.1', #)"),
            (
                "thread 'main' (4321) panicked",
                "thread 'main' (#) panicked",
            ),
            ("3 sockets e 12:30", "3 sockets e 12:30"),
            ("Python 3.11, porta 7005", "Python 3.11, porta #"),
        ] {
            assert_eq!(mascarar(texto), esperado);
        }
    }

    #[test]
    fn a_diferenca_mostra_a_linha() {
        let antes = "$ x\num 127.0.0.1:5000\ndois\n";
        let igual = "$ x\num 127.0.0.1:6000\ndois\n";
        assert_eq!(diferenca(antes, igual), None);
        let outra = "$ x\num 127.0.0.1:6000\ntrês\n";
        let texto = diferenca(antes, outra).unwrap();
        assert!(texto.contains("linha 3"), "{texto}");
        assert!(texto.contains("dois") && texto.contains("três"), "{texto}");
        let texto = diferenca(antes, "$ x\n").unwrap();
        assert!(texto.contains("(fim)"), "{texto}");
    }
}
