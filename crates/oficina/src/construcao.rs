//! Compilar o programa do estudante com o cargo.

mod recusas;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::casa;
use crate::processo::Comando;

/// Por que não há programa para conferir.
#[derive(Debug)]
pub struct NaoCompilou {
    /// A mensagem do compilador, ou a frase que explica.
    pub mensagem: String,
}

/// O que compilar, e onde.
pub struct Construcao<'a> {
    pub capitulo: &'a str,
    /// O nome do programa: `cap05-exercicio`.
    pub programa: String,
    /// Pasta de saída própria, para não disputar a do editor.
    pub alvo: Option<PathBuf>,
    /// Se a mensagem do compilador vai para um terminal.
    pub colorida: bool,
}

impl Construcao<'_> {
    /// Compila e devolve o comando que inicia o programa.
    pub fn construir(&self) -> Result<Comando, NaoCompilou> {
        if let Some(mensagem) = recusas::motivo(self.capitulo) {
            return Err(NaoCompilou { mensagem });
        }
        let cor = if self.colorida { "always" } else { "never" };
        let mut comando = Command::new(cargo());
        sem_involucros(&mut comando);
        let saida = comando
            .current_dir(casa::raiz())
            .args(["build", "--quiet", "--color", cor])
            .args(["--package", self.capitulo, "--bin", &self.programa])
            .arg("--target-dir")
            .arg(self.pasta())
            .args(self.mais_depressa())
            .stdin(Stdio::null())
            .output()
            .map_err(|erro| NaoCompilou {
                mensagem: format!("não foi possível chamar o cargo: {erro}"),
            })?;
        if !saida.status.success() {
            let mensagem = String::from_utf8_lossy(&saida.stderr);
            return Err(NaoCompilou {
                mensagem: mensagem.trim_end().to_owned(),
            });
        }
        let nome = format!("{}{}", self.programa, std::env::consts::EXE_SUFFIX);
        let executavel = self.pasta().join("debug").join(nome);
        Ok(Comando {
            programa: executavel.to_string_lossy().into_owned(),
            argumentos: Vec::new(),
        })
    }

    /// Quem confere não depura: sem as informações para isso, e com o programa
    /// em 16 partes em vez de 256, compilar e ligar termina antes. Só em pasta
    /// própria, para não compilar em dobro na que o leitor usa.
    fn mais_depressa(&self) -> &'static [&'static str] {
        match self.alvo {
            Some(_) => &[
                "--config",
                "profile.dev.debug=false",
                "--config",
                "profile.dev.codegen-units=16",
            ],
            None => &[],
        }
    }

    fn pasta(&self) -> PathBuf {
        self.alvo.clone().unwrap_or_else(casa::alvo)
    }
}

/// As variáveis que põem um programa na frente do compilador.
const INVOLUCROS: [&str; 2] = ["RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"];

/// Um invólucro do compilador executaria fora do cerco: nenhum é chamado.
///
/// Vazias, as variáveis vencem as configurações, mas o cargo deixa de guardar o
/// que sabe do compilador e o chama três vezes a mais. Por isso só ficam vazias
/// se alguma configuração pode pedir um invólucro.
fn sem_involucros(comando: &mut Command) {
    let pedido = configuracoes().any(|arquivo| {
        let texto = std::fs::read_to_string(arquivo).unwrap_or_default();
        texto.contains("wrapper") || texto.contains("include")
    });
    for nome in INVOLUCROS {
        comando.env_remove(format!("CARGO_BUILD_{nome}"));
        match pedido {
            true => comando.env(nome, ""),
            false => comando.env_remove(nome),
        };
    }
}

/// Onde o cargo procura configurações quando roda na raiz.
fn configuracoes() -> impl Iterator<Item = PathBuf> {
    let raiz = casa::raiz();
    let subindo = raiz.ancestors().map(|pasta| pasta.join(".cargo"));
    let do_leitor = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let pastas: Vec<_> =
        subindo.chain(do_leitor).chain(casa_do_leitor()).collect();
    pastas.into_iter().flat_map(|pasta| {
        ["config.toml", "config"].map(|nome| pasta.join(nome))
    })
}

fn casa_do_leitor() -> Option<PathBuf> {
    Some(std::env::home_dir()?.join(".cargo"))
}

fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}
