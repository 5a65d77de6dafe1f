//! Roda os programas do capítulo, de verdade, uns contra os outros.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};

const CARTA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/carta.txt");
const RECIBO: &str = "recebi 170 bytes, soma f0503c54";

/// Um servidor que morre com o teste.
struct Servidor {
    processo: Child,
    endereco: String,
}

impl Servidor {
    fn iniciar(mut comando: Command) -> Self {
        let mut processo = comando
            .arg("127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("o servidor não iniciou");
        let saida = processo.stdout.take().expect("a saída foi pedida");
        let mut linhas = BufReader::new(saida).lines();
        let primeira = linhas.next().expect("o servidor não disse nada");
        let endereco = primeira
            .expect("a saída do servidor é texto")
            .strip_prefix("escutando em ")
            .expect("a primeira linha diz onde o servidor escuta")
            .to_owned();
        std::thread::spawn(move || linhas.for_each(drop)); // não enche o pipe
        Servidor { processo, endereco }
    }
}

impl Drop for Servidor {
    fn drop(&mut self) {
        let _ = self.processo.kill();
        let _ = self.processo.wait();
    }
}

fn rust(nome: &str) -> Command {
    Command::new(match nome {
        "recebe" => env!("CARGO_BIN_EXE_cap08-recebe"),
        "entrega" => env!("CARGO_BIN_EXE_cap08-entrega"),
        "desiste" => env!("CARGO_BIN_EXE_cap08-desiste"),
        "fins" => env!("CARGO_BIN_EXE_cap08-fins"),
        "reuso" => env!("CARGO_BIN_EXE_cap08-reuso"),
        "errado-clone" => env!("CARGO_BIN_EXE_cap08-errado-clone"),
        "errado-sem-recibo" => env!("CARGO_BIN_EXE_cap08-errado-sem-recibo"),
        "errado-fim-de-tudo" => env!("CARGO_BIN_EXE_cap08-errado-fim-de-tudo"),
        "errado-fecha-sem-ler" => {
            env!("CARGO_BIN_EXE_cap08-errado-fecha-sem-ler")
        }
        outro => panic!("não há listagem {outro}"),
    })
}

/// O gêmeo em Python; sem Python, só as listagens em Rust são testadas.
fn python(nome: &str) -> Option<Command> {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "falta o python3");
        let _ = writeln!(io::stderr(), "pulado: falta o python3");
        return None;
    }
    let mut comando = Command::new("python3");
    comando.env("PYTHONIOENCODING", "utf-8").arg(format!(
        "{}/python/cap08-{nome}.py",
        env!("CARGO_MANIFEST_DIR")
    ));
    Some(comando)
}

fn as_duas(nome: &str) -> Vec<Command> {
    [Some(rust(nome)), python(nome)]
        .into_iter()
        .flatten()
        .collect()
}

/// Roda `cliente` contra `servidor`, em Rust e em Python, nos quatro pares.
fn em_cada_par(
    servidor: &str,
    cliente: &str,
    arquivo: &str,
    conferir: impl Fn(&Output) + Sync,
) {
    std::thread::scope(|escopo| {
        for indice in 0..as_duas(cliente).len().pow(2) {
            let servidor = as_duas(servidor).swap_remove(indice / 2);
            let cliente = as_duas(cliente).swap_remove(indice % 2);
            let conferir = &conferir;
            escopo.spawn(move || {
                conferir(&conversar(servidor, cliente, arquivo));
            });
        }
    });
}

fn conversar(servidor: Command, mut cliente: Command, arquivo: &str) -> Output {
    let servidor = Servidor::iniciar(servidor);
    cliente.args([&servidor.endereco, arquivo]);
    let saida = cliente.env("RUST_BACKTRACE", "0").output();
    saida.expect("o cliente não iniciou")
}

fn texto(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn o_recibo_confere_e_o_arquivo_foi_entregue() {
    em_cada_par("recebe", "entrega", CARTA, |saida| {
        assert_eq!(texto(&saida.stdout), format!("entregue: {RECIBO}\n"));
        assert!(saida.status.success());
    });
}

#[test]
fn um_arquivo_de_varios_mebibytes_chega_inteiro() {
    let grande = std::env::temp_dir()
        .join(format!("cap08-grande-{}", std::process::id()));
    let bytes: Vec<u8> = (0..=250).cycle().take(3 << 20).collect();
    std::fs::write(&grande, &bytes).unwrap();
    em_cada_par("recebe", "entrega", grande.to_str().unwrap(), |saida| {
        let esperado = "entregue: recebi 3145728 bytes";
        assert!(texto(&saida.stdout).starts_with(esperado), "{saida:?}");
    });
    std::fs::remove_file(&grande).unwrap();
}

#[test]
fn sem_recibo_nao_ha_entrega() {
    em_cada_par("desiste", "entrega", CARTA, |saida| {
        assert!(texto(&saida.stderr).contains("o recibo não confere"));
        assert_eq!(saida.status.code(), Some(1));
    });
}

#[test]
fn quem_nao_pede_recibo_acredita_no_que_se_perdeu() {
    em_cada_par("desiste", "errado-sem-recibo", CARTA, |saida| {
        assert_eq!(texto(&saida.stdout), "entregue: 170 bytes\n");
        assert!(saida.status.success());
    });
}

#[test]
fn fechar_sem_ler_apaga_a_resposta() {
    em_cada_par("errado-fecha-sem-ler", "entrega", CARTA, |saida| {
        assert!(texto(&saida.stderr).contains("reset by peer"), "{saida:?}");
        assert_eq!(saida.status.code(), Some(1));
    });
}

#[test]
fn tomar_o_fim_do_fluxo_pelo_fim_de_tudo_nao_da_recibo() {
    em_cada_par("errado-fim-de-tudo", "entrega", CARTA, |saida| {
        assert!(texto(&saida.stderr).contains("o recibo não confere"));
        assert_eq!(saida.status.code(), Some(1));
    });
}

#[test]
fn descartar_um_clone_nao_encerra_o_envio() {
    em_cada_par("recebe", "errado-clone", CARTA, |saida| {
        assert!(texto(&saida.stderr).contains("não sei se"), "{saida:?}");
        assert_eq!(saida.status.code(), Some(1));
    });
}

/// O mesmo texto nas duas linguagens, e o que o Linux faz.
#[test]
fn cada_fim_e_visto_de_um_jeito() {
    for mut comando in as_duas("fins") {
        let saida = texto(&comando.output().unwrap().stdout);
        let quantos = |parte: &str| saida.matches(parte).count();
        assert_eq!(quantos("o outro lado lê 0 bytes"), 2, "{saida}");
        if cfg!(target_os = "linux") {
            assert_eq!(quantos("lê Connection reset by peer"), 2, "{saida}");
            assert_eq!(quantos("de novo: Broken pipe"), 3, "{saida}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_porta_so_reabre_se_os_dois_servidores_pedem() {
    for mut comando in as_duas("reuso") {
        let saida = texto(&comando.output().unwrap().stdout);
        let recusa = "Address already in use (os error 98)";
        let esperado = format!(
            "antes: sem  depois: sem  {recusa}\n\
             antes: sem  depois: com  {recusa}\n\
             antes: com  depois: sem  {recusa}\n\
             antes: com  depois: com  escutou\n"
        );
        assert_eq!(saida, esperado);
    }
}
