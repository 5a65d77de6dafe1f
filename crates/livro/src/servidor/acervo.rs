//! O livro inteiro na memória: só se serve o que está aqui, e um caminho
//! malicioso não tem aonde ir.

use anyhow::{Context as _, Result};
use hyper::body::Bytes;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Um arquivo servido.
#[derive(Debug)]
pub struct Arquivo {
    pub tipo: &'static str,
    pub bytes: Bytes,
    /// A versão do livro em que o conteúdo passou a ser este.
    pub marca: u64,
}

/// Os arquivos do livro, pelo caminho a partir da raiz do site.
#[derive(Debug, Default)]
pub struct Acervo {
    arquivos: BTreeMap<String, Arc<Arquivo>>,
    /// Muda quando qualquer arquivo muda.
    pub versao: u64,
}

impl Acervo {
    /// Lê a pasta em que o livro foi montado. O que está igual ao `anterior`
    /// fica com a marca que tinha: comparar custa menos do que somar tudo.
    pub fn ler(pasta: &Path, anterior: &Acervo) -> Result<Acervo> {
        let versao = match anterior.versao {
            0 => momento(),
            antes => antes + 1,
        };
        let mut acervo = Acervo {
            arquivos: BTreeMap::new(),
            versao,
        };
        acervo.juntar(pasta, "", anterior)?;
        if acervo.igual(anterior) {
            acervo.versao = anterior.versao;
        }
        Ok(acervo)
    }

    /// Se os arquivos são os mesmos, com o mesmo conteúdo.
    fn igual(&self, outro: &Acervo) -> bool {
        let marcas = |acervo: &Acervo| -> Vec<u64> {
            acervo.arquivos.values().map(|a| a.marca).collect()
        };
        self.arquivos.keys().eq(outro.arquivos.keys())
            && marcas(self) == marcas(outro)
    }

    fn juntar(
        &mut self,
        pasta: &Path,
        prefixo: &str,
        anterior: &Acervo,
    ) -> Result<()> {
        let entradas = fs::read_dir(pasta)
            .with_context(|| format!("ler {}", pasta.display()))?;
        for entrada in entradas {
            let entrada = entrada?;
            let nome = entrada.file_name().to_string_lossy().into_owned();
            let nome = format!("{prefixo}{nome}");
            let tipo = entrada.file_type()?;
            if tipo.is_dir() {
                let pasta = entrada.path();
                self.juntar(&pasta, &format!("{nome}/"), anterior)?;
            } else if tipo.is_file() {
                let bytes = fs::read(entrada.path())?;
                let arquivo = match anterior.arquivos.get(&nome) {
                    Some(antes) if antes.bytes == bytes => Arc::clone(antes),
                    _ => Arc::new(Arquivo {
                        tipo: tipo_de(&nome),
                        bytes: bytes.into(),
                        marca: self.versao,
                    }),
                };
                self.arquivos.insert(nome, arquivo);
            }
        }
        Ok(())
    }

    /// O arquivo de um caminho pedido, que começa com `/` e já não tem `%`.
    pub fn achar(&self, caminho: &str) -> Option<&Arquivo> {
        let nome = caminho.strip_prefix('/')?;
        if nome.is_empty() || nome.ends_with('/') {
            let indice = format!("{nome}index.html");
            return self.arquivos.get(&indice).map(Arc::as_ref);
        }
        self.arquivos.get(nome).map(Arc::as_ref)
    }
}

/// A primeira versão de uma execução: nenhuma outra começa na mesma, e o que o
/// navegador guardou da anterior não se confunde com o de agora.
fn momento() -> u64 {
    let desde = SystemTime::now().duration_since(UNIX_EPOCH);
    desde.map_or(1, |desde| desde.as_nanos() as u64)
}

fn tipo_de(nome: &str) -> &'static str {
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
        let acervo = Acervo::ler(&saida, &Acervo::default()).expect("ler");

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

        let acervo = Acervo::ler(mesa.path(), &Acervo::default()).expect("ler");
        assert!(acervo.achar("/a.txt").is_none());
    }

    #[test]
    fn a_versao_e_a_marca_mudam_so_com_o_conteudo() {
        let mesa = tempfile::tempdir().expect("pasta temporária");
        let escrever = |nome: &str, texto: &str| {
            fs::write(mesa.path().join(nome), texto).expect("escrever");
        };
        let ler = |anterior: &Acervo| {
            Acervo::ler(mesa.path(), anterior).expect("ler")
        };
        let marca = |acervo: &Acervo, nome: &str| {
            acervo.achar(nome).expect("arquivo").marca
        };
        escrever("a.html", "1");
        escrever("b.html", "1");
        let primeiro = ler(&Acervo::default());
        let igual = ler(&primeiro);
        escrever("a.html", "2");
        let outro = ler(&igual);
        fs::remove_file(mesa.path().join("b.html")).expect("remover");
        let menor = ler(&outro);

        assert_ne!(primeiro.versao, 0);
        assert_eq!(primeiro.versao, igual.versao);
        assert_ne!(igual.versao, outro.versao);
        assert_ne!(outro.versao, menor.versao);
        assert_ne!(marca(&igual, "/a.html"), marca(&outro, "/a.html"));
        assert_eq!(marca(&igual, "/b.html"), marca(&outro, "/b.html"));
    }
}
