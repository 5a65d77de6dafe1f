//! O livro inteiro na memória: só se serve o que está aqui, e um caminho
//! malicioso não tem aonde ir.

use anyhow::{Context as _, Result};
use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

/// Um arquivo servido.
#[derive(Debug, Clone)]
pub struct Arquivo {
    pub tipo: &'static str,
    pub bytes: Vec<u8>,
    /// Muda quando o conteúdo muda.
    pub marca: u64,
}

/// Os arquivos do livro, pelo caminho a partir da raiz do site.
#[derive(Debug, Clone, Default)]
pub struct Acervo {
    arquivos: BTreeMap<String, Arquivo>,
    /// Muda quando qualquer arquivo muda.
    pub versao: u64,
}

impl Acervo {
    /// Lê a pasta em que o livro foi montado.
    pub fn ler(pasta: &Path) -> Result<Acervo> {
        let mut acervo = Acervo::default();
        acervo.juntar(pasta, "")?;
        let mut soma = DefaultHasher::new();
        for (nome, arquivo) in &acervo.arquivos {
            (nome, arquivo.marca).hash(&mut soma);
        }
        acervo.versao = soma.finish();
        Ok(acervo)
    }

    fn juntar(&mut self, pasta: &Path, prefixo: &str) -> Result<()> {
        let entradas = fs::read_dir(pasta)
            .with_context(|| format!("ler {}", pasta.display()))?;
        for entrada in entradas {
            let entrada = entrada?;
            let nome = entrada.file_name().to_string_lossy().into_owned();
            let nome = format!("{prefixo}{nome}");
            let tipo = entrada.file_type()?;
            if tipo.is_dir() {
                self.juntar(&entrada.path(), &format!("{nome}/"))?;
            } else if tipo.is_file() {
                let bytes = fs::read(entrada.path())?;
                self.arquivos.insert(nome.clone(), arquivo(&nome, bytes));
            }
        }
        Ok(())
    }

    /// O arquivo de um caminho pedido, que começa com `/` e já não tem `%`.
    pub fn achar(&self, caminho: &str) -> Option<&Arquivo> {
        let nome = caminho.strip_prefix('/')?;
        if nome.is_empty() || nome.ends_with('/') {
            return self.arquivos.get(&format!("{nome}index.html"));
        }
        self.arquivos.get(nome)
    }
}

fn arquivo(nome: &str, bytes: Vec<u8>) -> Arquivo {
    let mut soma = DefaultHasher::new();
    bytes.hash(&mut soma);
    Arquivo {
        tipo: tipo(nome),
        bytes,
        marca: soma.finish(),
    }
}

fn tipo(nome: &str) -> &'static str {
    match nome.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "txt" | "py" | "rs" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "pcap" | "pcapng" => "application/vnd.tcpdump.pcap",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod testes {
    use super::*;

    #[test]
    fn so_o_que_esta_na_pasta_e_achado() {
        let mesa = tempfile::tempdir().expect("pasta temporária");
        let saida = mesa.path().join("livro");
        fs::create_dir_all(saida.join("a")).expect("criar a pasta");
        fs::write(mesa.path().join("segredo"), "x").expect("escrever");
        fs::write(saida.join("a/index.html"), "oi").expect("escrever");
        let acervo = Acervo::ler(&saida).expect("ler");

        assert!(acervo.achar("/a/").is_some());
        assert!(acervo.achar("/a/index.html").is_some());
        assert!(acervo.achar("/../segredo").is_none());
        assert!(acervo.achar("/").is_none());
    }

    #[cfg(unix)]
    #[test]
    fn um_atalho_para_fora_nao_e_servido() {
        let mesa = tempfile::tempdir().expect("pasta temporária");
        std::os::unix::fs::symlink("/etc/passwd", mesa.path().join("a.txt"))
            .expect("criar o atalho");

        let acervo = Acervo::ler(mesa.path()).expect("ler");
        assert!(acervo.achar("/a.txt").is_none());
    }

    #[test]
    fn a_versao_muda_com_o_conteudo() {
        let mesa = tempfile::tempdir().expect("pasta temporária");
        let ler = || Acervo::ler(mesa.path()).expect("ler").versao;
        fs::write(mesa.path().join("a.html"), "1").expect("escrever");
        let (antes, igual) = (ler(), ler());
        fs::write(mesa.path().join("a.html"), "2").expect("escrever");

        assert_eq!(antes, igual);
        assert_ne!(antes, ler());
    }
}
