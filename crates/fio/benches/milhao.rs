//! Lê um milhão de pacotes e compara com o `tshark` no mesmo arquivo.
//!
//!     cargo bench -p fio
//!
//! Mede três leituras: só os registros, os registros decodificados (as duas com
//! memória limitada) e a captura inteira, com as conversas. O pico de memória
//! vem de `VmHWM` (proc_pid_status(5)).

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use etherparse::PacketBuilder;
use fio::{Captura, Leitor, Pacote};

const PACOTES: u32 = 1_000_000;
/// Quantas conexões dividem os pacotes.
const CONEXOES: u32 = 1000;
/// O combinado: no máximo o dobro do tempo do `tshark`.
const VEZES_O_TSHARK: f64 = 2.0;
/// Folga sobre os cerca de 1 MiB que o leitor guarda.
const MEMORIA_DA_LEITURA_KIB: u64 = 32 * 1024;

fn main() {
    let pasta = std::env::temp_dir();
    let caminho = pasta.join(format!("fio-milhao-{}.pcap", std::process::id()));
    gravar(&caminho).expect("grava a captura");
    let tamanho = caminho.metadata().map_or(0, |dados| dados.len());
    println!("{PACOTES} pacotes, {} MB", tamanho / 1_000_000);

    let leitura = medir("registros", || {
        ler(&caminho, |registro| registro.bytes.len())
    });
    let decodificada = medir("registros decodificados", || {
        ler(&caminho, |registro| Pacote::from(registro).dados().len())
    });
    let pico = pico_de_memoria_kib();
    println!("pico de memória até aqui: {} MiB", pico / 1024);
    assert!(pico < MEMORIA_DA_LEITURA_KIB, "a memória não tem limite");

    let inteira = medir("captura inteira e conversas", || conversar(&caminho));
    println!(
        "pico de memória no fim: {} MiB",
        pico_de_memoria_kib() / 1024
    );
    println!("leitura: {leitura:?}, decodificada: {decodificada:?}");
    comparar(&caminho, decodificada, inteira);
    std::fs::remove_file(&caminho).expect("apaga a captura");
}

fn medir(nome: &str, acao: impl FnOnce() -> usize) -> Duration {
    let antes = Instant::now();
    let resultado = acao();
    let tempo = antes.elapsed();
    println!("{nome}: {tempo:.2?} ({resultado})");
    tempo
}

fn ler(caminho: &Path, usar: impl Fn(fio::Registro) -> usize) -> usize {
    let arquivo = File::open(caminho).expect("abre");
    let leitor = Leitor::novo(arquivo).expect("é captura");
    leitor.map(|registro| usar(registro.expect("se lê"))).sum()
}

fn conversar(caminho: &Path) -> usize {
    let arquivo = File::open(caminho).expect("abre");
    let leitor = Leitor::novo(arquivo).expect("é captura");
    let captura = Captura::de_leitor(leitor).expect("se lê");
    captura.conversas().len()
}

fn comparar(caminho: &Path, decodificada: Duration, inteira: Duration) {
    let mut tshark = Command::new("tshark");
    tshark
        .arg("-r")
        .arg(caminho)
        .args(["-T", "fields", "-e", "tcp.seq"]);
    tshark.stdout(Stdio::null()).stderr(Stdio::null());
    let antes = Instant::now();
    match tshark.status() {
        Ok(estado) if estado.success() => {}
        _ => {
            println!("pulado: o tshark não está instalado");
            return;
        }
    }
    let dele = antes.elapsed();
    let vezes = |nosso: Duration| nosso.as_secs_f64() / dele.as_secs_f64();
    println!("tshark: {dele:.2?}");
    println!("nós ÷ tshark, decodificada: {:.2}", vezes(decodificada));
    println!("nós ÷ tshark, inteira: {:.2}", vezes(inteira));
    assert!(
        vezes(inteira) <= VEZES_O_TSHARK,
        "mais lento que o combinado"
    );
}

fn pico_de_memoria_kib() -> u64 {
    let estado =
        std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    estado
        .lines()
        .find_map(|linha| linha.strip_prefix("VmHWM:"))
        .and_then(|resto| resto.split_whitespace().next())
        .and_then(|numero| numero.parse().ok())
        .unwrap_or(0)
}

/// Mil conexões que enviam, cada uma, mil segmentos de 100 bytes.
fn gravar(caminho: &Path) -> std::io::Result<()> {
    let mut saida = BufWriter::new(File::create(caminho)?);
    for campo in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1] {
        saida.write_all(&campo.to_le_bytes())?;
    }
    let dados = [b'x'; 100];
    let mut pacote = Vec::new();
    for i in 0..PACOTES {
        pacote.clear();
        let conexao = i % CONEXOES;
        let seq = (i / CONEXOES).wrapping_mul(100);
        PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2])
            .ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
            .tcp(20_000 + conexao as u16, 7005, seq, 64_000)
            .ack(1)
            .write(&mut pacote, &dados)
            .expect("cabe");
        let tamanho = pacote.len() as u32;
        for campo in [i / 100_000, i % 100_000 * 10, tamanho, tamanho] {
            saida.write_all(&campo.to_le_bytes())?;
        }
        saida.write_all(&pacote)?;
    }
    saida.flush()
}
