//! O comando que o leitor deu depois de `--`: o que ele inicia existe, e o
//! sistema sabe executá-lo?

use std::path::{Path, PathBuf};

use crate::processo::Comando;

/// O comando, pronto para iniciar, ou a frase que diz por que não há como.
pub fn obter(programa: &str, resto: &[String]) -> Result<Comando, String> {
    if let Some(arquivo) = script_que_nao_ha(programa, resto) {
        return Err(format!("não achei o arquivo “{arquivo}”"));
    }
    let caminho = achar(programa)?;
    #[cfg(unix)]
    if let Some(motivo) = executavel::impedimento(&caminho) {
        return Err(format!("“{programa}” {motivo}"));
    }
    Ok(Comando {
        programa: caminho.to_string_lossy().into_owned(),
        argumentos: resto.to_vec(),
    })
}

/// Em `python3 x.py`, o `x.py`, se ele não existe.
fn script_que_nao_ha<'a>(
    programa: &str,
    argumentos: &'a [String],
) -> Option<&'a str> {
    let nome = programa.rsplit(['/', '\\']).next().unwrap_or_default();
    let script = argumentos.iter().find(|a| a.ends_with(".py"))?;
    let falta = nome.starts_with("py") && !Path::new(script).exists();
    falta.then_some(script)
}

/// Um comando sem barra se procura no PATH, como no terminal.
fn achar(programa: &str) -> Result<PathBuf, String> {
    let caminhos = std::env::var_os("PATH").unwrap_or_default();
    let candidatos: Vec<PathBuf> = match programa.contains(['/', '\\']) {
        true if Path::new(programa).is_dir() => {
            return Err(format!("“{programa}” é uma pasta, não um programa"));
        }
        true => vec![programa.into()],
        false => std::env::split_paths(&caminhos)
            .map(|pasta| pasta.join(programa))
            .collect(),
    };
    let sufixo = std::env::consts::EXE_SUFFIX;
    let achado = candidatos.into_iter().find(|candidato| {
        candidato.is_file()
            || candidato
                .with_extension(sufixo.trim_start_matches('.'))
                .is_file()
    });
    let aqui = !programa.contains('/') && Path::new(programa).is_file();
    let dica = match aqui {
        true => format!(": o que está nesta pasta é “./{programa}”"),
        false => String::new(),
    };
    achado.ok_or_else(|| format!("não achei o programa “{programa}”{dica}"))
}

/// O que o sistema recusaria executar, dito antes de conferir.
#[cfg(unix)]
mod executavel {
    use std::fs::File;
    use std::io::Read;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    /// Quanto do começo do arquivo se lê: o kernel olha tanto quanto isto.
    const COMECO: u64 = 256;

    /// O complemento de “o programa …”, se o sistema não o executaria.
    pub fn impedimento(caminho: &Path) -> Option<String> {
        let modo = caminho.metadata().ok()?.permissions().mode();
        if modo & 0o111 == 0 {
            return Some(format!(
                "não tem permissão para ser executado: dê-a com chmod +x, ou \
                 comece por quem o executa{}",
                exemplo(caminho)
            ));
        }
        let comeco = comeco(caminho)?;
        match comeco.strip_prefix(b"#!") {
            Some(resto) => do_script(resto),
            None => do_binario(caminho, &comeco),
        }
    }

    fn comeco(caminho: &Path) -> Option<Vec<u8>> {
        let mut comeco = Vec::new();
        let arquivo = File::open(caminho).ok()?;
        arquivo.take(COMECO).read_to_end(&mut comeco).ok()?;
        Some(comeco)
    }

    fn exemplo(caminho: &Path) -> &'static str {
        match caminho.extension().and_then(|extensao| extensao.to_str()) {
            Some("py") => ", como em `-- python3 programa.py`",
            _ => ", como em `-- sh programa`",
        }
    }

    fn do_script(resto: &[u8]) -> Option<String> {
        let linha = resto.split(|&byte| byte == b'\n').next()?;
        if linha.ends_with(b"\r") {
            let motivo = "tem fins de linha do Windows (\\r\\n): a primeira \
                          linha pede um programa cujo nome acaba em \\r";
            return Some(motivo.to_owned());
        }
        let linha = String::from_utf8_lossy(linha);
        let interprete = linha.split_ascii_whitespace().next()?;
        let falta = !Path::new(interprete).is_file();
        falta.then(|| {
            format!("pede, na primeira linha, “{interprete}”, que não existe")
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn do_binario(_: &Path, _: &[u8]) -> Option<String> {
        None
    }

    /// No Linux, o que não é script é ELF, do processador desta máquina.
    #[cfg(target_os = "linux")]
    fn do_binario(caminho: &Path, comeco: &[u8]) -> Option<String> {
        if outros_formatos() {
            return None;
        }
        let nosso = self::comeco(Path::new("/proc/self/exe"))?;
        match (processador(comeco), processador(&nosso)) {
            (None, _) => Some(format!(
                "não é um programa que este sistema execute: um script começa \
                 pela linha `#!`, ou por quem o executa{}",
                exemplo(caminho)
            )),
            (Some(dele), Some(nosso)) if dele != nosso && dele != I386 => {
                let motivo = "foi compilado para outro tipo de processador";
                Some(motivo.to_owned())
            }
            _ => None,
        }
    }

    /// Um processador de 64 bits costuma executar também o que é deste.
    #[cfg(target_os = "linux")]
    const I386: [u8; 2] = [3, 0];

    /// O campo `e_machine` do cabeçalho, se o arquivo é ELF: elf(5).
    #[cfg(target_os = "linux")]
    fn processador(comeco: &[u8]) -> Option<[u8; 2]> {
        comeco.strip_prefix(b"\x7fELF")?;
        comeco.get(18..20)?.try_into().ok()
    }

    /// Se o sistema foi ensinado a executar mais do que ELF e scripts
    /// (binfmt_misc): então só ele sabe.
    #[cfg(target_os = "linux")]
    fn outros_formatos() -> bool {
        let registrados = std::fs::read_dir("/proc/sys/fs/binfmt_misc");
        registrados.into_iter().flatten().flatten().any(|formato| {
            !["register", "status"]
                .iter()
                .any(|fixo| formato.file_name() == *fixo)
        })
    }
}
