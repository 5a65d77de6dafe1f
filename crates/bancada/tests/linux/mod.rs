//! Os testes, um depois do outro: cada um monta as suas bancadas.

mod fim;
mod programas;
mod redes;

use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use bancada::{Bancada, Plano};

/// Se esta variável vale 1, um sistema que proíbe a bancada reprova o teste.
const EXIGIR: &str = "OFICINA_EXIGIR_BANCADA";

type Teste = (&'static str, fn());

const TESTES: [Teste; 11] = [
    (
        "o_cabo_liga_os_dois_hosts",
        redes::o_cabo_liga_os_dois_hosts,
    ),
    ("a_captura_do_cabo_tem_a_conversa", redes::a_captura_do_cabo),
    (
        "o_loopback_fica_em_um_host",
        redes::o_loopback_fica_em_um_host,
    ),
    (
        "a_rede_ruim_entrega_tudo_com_perdas",
        redes::a_rede_ruim_entrega_tudo,
    ),
    (
        "a_mesma_semente_perde_o_mesmo",
        redes::a_mesma_semente_perde_o_mesmo,
    ),
    (
        "o_pacote_marcado_se_perde",
        redes::o_pacote_marcado_se_perde,
    ),
    (
        "o_ping_chega_e_o_ttl_acaba",
        redes::o_ping_chega_e_o_ttl_acaba,
    ),
    (
        "o_pacote_grande_recebe_aviso",
        redes::o_pacote_grande_recebe_aviso,
    ),
    (
        "o_status_e_o_sinal_atravessam",
        fim::o_status_e_o_sinal_atravessam,
    ),
    (
        "cem_bancadas_nao_deixam_nada",
        fim::cem_bancadas_nao_deixam_nada,
    ),
    ("a_morte_do_dono_leva_tudo", fim::a_morte_do_dono_leva_tudo),
];

pub fn principal() -> ExitCode {
    let argumentos: Vec<String> = std::env::args().skip(1).collect();
    if let [programa, resto @ ..] = &argumentos[..]
        && programa == programas::PROGRAMA
    {
        return programas::rodar(resto);
    }
    if let Err(erro) = Bancada::montar(&Plano::default()) {
        println!("a bancada não é permitida aqui: {erro}");
        let exigida = std::env::var(EXIGIR).is_ok_and(|v| v == "1");
        let falhas = usize::from(exigida);
        println!("test result: 0 passed; {falhas} failed; 11 ignored");
        return ExitCode::from(u8::from(exigida));
    }
    if argumentos.iter().any(|a| a == "--medir") {
        redes::medir_o_cabo();
        return ExitCode::SUCCESS;
    }
    // Como no libtest: um argumento sem hífen escolhe testes pelo nome.
    let filtro = argumentos.iter().find(|a| !a.starts_with('-'));
    rodar_testes(filtro.map_or("", String::as_str))
}

fn rodar_testes(filtro: &str) -> ExitCode {
    let (mut passaram, mut falharam) = (0, 0);
    for (nome, teste) in TESTES {
        if !nome.contains(filtro) {
            continue;
        }
        let inicio = Instant::now();
        let passou = panic::catch_unwind(teste).is_ok();
        let veredito = if passou { "ok" } else { "FAILED" };
        let tempo = inicio.elapsed().as_secs_f64();
        println!("test {nome} ... {veredito} ({tempo:.2} s)");
        passaram += usize::from(passou);
        falharam += usize::from(!passou);
    }
    let veredito = if falharam == 0 { "ok" } else { "FAILED" };
    println!(
        "test result: {veredito}. {passaram} passed; {falharam} failed; \
         0 ignored"
    );
    ExitCode::from(u8::from(falharam > 0))
}

/// Um arquivo de passagem, que some no fim.
pub struct Provisorio(pub PathBuf);

impl Provisorio {
    pub fn novo(nome: &str) -> Self {
        let nome = format!("bancada-{}-{nome}", std::process::id());
        Self(std::env::temp_dir().join(nome))
    }
}

impl Drop for Provisorio {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
