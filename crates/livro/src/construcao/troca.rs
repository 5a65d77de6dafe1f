//! A troca da pasta velha pela nova, em um passo só.

use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};

const MARCA: &str = ".em-obra-";

/// Uma pasta em construção, ao lado do destino. Some se não for entregue.
pub struct Obra {
    pasta: PathBuf,
    destino: PathBuf,
}

impl Obra {
    /// Abre uma pasta nova, no mesmo disco do destino.
    pub fn abrir(destino: &Path) -> Result<Obra> {
        let destino = std::path::absolute(destino)?;
        let acima = destino.parent().context("a saída não pode ser a raiz")?;
        fs::create_dir_all(acima).with_context(|| {
            format!("não foi possível criar {}", acima.display())
        })?;
        let prefixo = prefixo(&destino);
        limpar_restos(acima, &prefixo);
        let pasta = acima.join(format!("{prefixo}{}", std::process::id()));
        remover(&pasta)?;
        fs::create_dir(&pasta).with_context(|| {
            format!("não foi possível criar {}", pasta.display())
        })?;
        Ok(Obra { pasta, destino })
    }

    /// A pasta em que se monta.
    pub fn pasta(&self) -> &Path {
        &self.pasta
    }

    /// Põe a pasta pronta no lugar da antiga.
    pub fn entregar(self) -> Result<()> {
        trocar(&self.pasta, &self.destino).with_context(|| {
            format!("não foi possível trocar {}", self.destino.display())
        })
    }
}

impl Drop for Obra {
    fn drop(&mut self) {
        // Depois da troca, o que está aqui é o livro antigo. Se a remoção
        // falhar, a próxima montagem tenta de novo.
        let _ = remover(&self.pasta);
    }
}

/// `.livro.em-obra-`
fn prefixo(destino: &Path) -> String {
    let nome = destino.file_name().unwrap_or_default();
    format!(".{}{MARCA}", nome.to_string_lossy())
}

/// Tira as obras que um processo já morto deixou.
fn limpar_restos(acima: &Path, prefixo: &str) {
    let Ok(entradas) = fs::read_dir(acima) else {
        return;
    };
    for entrada in entradas.flatten() {
        let nome = entrada.file_name();
        let dono = nome
            .to_string_lossy()
            .strip_prefix(prefixo)
            .and_then(|dono| dono.parse::<u32>().ok());
        if dono.is_some_and(|dono| !vivo(dono)) {
            let _ = remover(&entrada.path());
        }
    }
}

/// Se o processo ainda existe. Onde não há `/proc`, na dúvida, existe.
fn vivo(processo: u32) -> bool {
    let proc = Path::new("/proc");
    !proc.join("self").exists() || proc.join(processo.to_string()).exists()
}

fn remover(pasta: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(pasta) {
        Err(erro) if erro.kind() == std::io::ErrorKind::NotFound => Ok(()),
        outro => outro,
    }
}

/// Troca as duas pastas de nome: `renameat2(2)` com `RENAME_EXCHANGE`.
#[cfg(target_os = "linux")]
fn trocar(nova: &Path, destino: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    if !destino.exists() {
        return fs::rename(nova, destino);
    }
    match renameat_with(CWD, nova, CWD, destino, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        Err(_) => trocar_em_dois_passos(nova, destino),
    }
}

#[cfg(not(target_os = "linux"))]
fn trocar(nova: &Path, destino: &Path) -> std::io::Result<()> {
    if !destino.exists() {
        return fs::rename(nova, destino);
    }
    trocar_em_dois_passos(nova, destino)
}

/// Onde o sistema não troca de uma vez: a antiga sai, a nova entra. Se a
/// segunda parte falha, a antiga volta.
fn trocar_em_dois_passos(nova: &Path, destino: &Path) -> std::io::Result<()> {
    let antiga = nova.with_extension("antiga");
    remover(&antiga)?;
    fs::rename(destino, &antiga)?;
    if let Err(erro) = fs::rename(nova, destino) {
        fs::rename(&antiga, destino)?;
        return Err(erro);
    }
    remover(&antiga)
}

#[cfg(test)]
mod testes {
    use super::*;

    fn escrever(pasta: &Path, texto: &str) {
        fs::create_dir_all(pasta).expect("criar a pasta");
        fs::write(pasta.join("a.txt"), texto).expect("escrever");
    }

    fn nomes(pasta: &Path) -> Vec<String> {
        let mut nomes: Vec<String> = fs::read_dir(pasta)
            .expect("ler a pasta")
            .map(|e| e.expect("entrada").file_name().into_string())
            .map(|nome| nome.expect("nome em UTF-8"))
            .collect();
        nomes.sort();
        nomes
    }

    #[test]
    fn a_obra_entregue_toma_o_lugar_da_antiga_e_nao_deixa_resto() {
        let mesa = tempfile::tempdir().expect("pasta temporária");
        let destino = mesa.path().join("livro");
        escrever(&destino, "velho");
        let obra = Obra::abrir(&destino).expect("abrir");
        escrever(obra.pasta(), "novo");
        obra.entregar().expect("entregar");

        let lido = fs::read_to_string(destino.join("a.txt")).expect("ler");
        assert_eq!(lido, "novo");
        assert_eq!(nomes(mesa.path()), ["livro"]);
    }

    #[test]
    fn a_obra_abandonada_deixa_a_antiga_como_estava() {
        let mesa = tempfile::tempdir().expect("pasta temporária");
        let destino = mesa.path().join("livro");
        escrever(&destino, "velho");
        drop(Obra::abrir(&destino).expect("abrir"));

        let lido = fs::read_to_string(destino.join("a.txt")).expect("ler");
        assert_eq!(lido, "velho");
        assert_eq!(nomes(mesa.path()), ["livro"]);
    }

    #[test]
    fn os_dois_passos_dao_no_mesmo() {
        let mesa = tempfile::tempdir().expect("pasta temporária");
        let (nova, destino) =
            (mesa.path().join("nova"), mesa.path().join("livro"));
        escrever(&nova, "novo");
        escrever(&destino, "velho");
        trocar_em_dois_passos(&nova, &destino).expect("trocar");

        let lido = fs::read_to_string(destino.join("a.txt")).expect("ler");
        assert_eq!(lido, "novo");
        assert_eq!(nomes(mesa.path()), ["livro"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn o_resto_de_um_processo_morto_e_tirado() {
        let mesa = tempfile::tempdir().expect("pasta temporária");
        let destino = mesa.path().join("livro");
        // Nenhum processo do Linux tem este número (PID_MAX_LIMIT é 2^22).
        let resto = format!(".livro{MARCA}4294967295");
        escrever(&mesa.path().join(resto), "resto");
        drop(Obra::abrir(&destino).expect("abrir"));

        assert!(nomes(mesa.path()).is_empty());
    }
}
