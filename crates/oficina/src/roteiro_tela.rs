//! A tela de uma conversa: cada linha com o papel de quem a escreveu, na cor
//! dele (azul no host `a`, terracota no `b`, como no livro).

use std::io::{IsTerminal, Write};

use anyhow::Context;
use bancada::Host;

use crate::roteiro::Roteiro;

const AZUL: &str = "\x1b[38;5;33m";
const TERRACOTA: &str = "\x1b[38;5;173m";
const NEGRITO: &str = "\x1b[1m";
const NORMAL: &str = "\x1b[0m";

/// A cor de um host no terminal (sequência ANSI).
pub fn cor_do_host(host: Host) -> &'static str {
    match host {
        Host::A => AZUL,
        Host::B => TERRACOTA,
    }
}

/// Se a saída é um terminal que quer cores (<https://no-color.org>).
pub fn quer_cor() -> bool {
    let recusa = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    std::io::stdout().is_terminal() && !recusa
}

/// Onde se escreve a conversa.
pub struct Tela<'a> {
    destino: &'a mut dyn Write,
    papeis: Vec<(String, Host)>,
    largura: usize,
    cor: bool,
    /// Se preenchido, só este papel aparece, e sem nome.
    so: Option<usize>,
}

impl<'a> Tela<'a> {
    /// Uma tela para os papéis do roteiro.
    pub fn do_roteiro(
        roteiro: &Roteiro,
        destino: &'a mut dyn Write,
        cor: bool,
    ) -> Self {
        let papeis = roteiro.papeis.iter();
        let papeis = papeis.map(|p| (p.nome.clone(), p.host)).collect();
        Self::nova(papeis, destino, cor)
    }

    /// Uma tela para papéis dados pelo nome e pelo host.
    pub fn nova(
        papeis: Vec<(String, Host)>,
        destino: &'a mut dyn Write,
        cor: bool,
    ) -> Self {
        let tamanhos = papeis.iter().map(|(nome, _)| nome.chars().count());
        let largura = tamanhos.max().unwrap_or_default();
        Self {
            destino,
            papeis,
            largura,
            cor,
            so: None,
        }
    }

    /// Mostra só o papel com este nome.
    pub fn so(&mut self, papel: &str) -> anyhow::Result<()> {
        let posicao = self.papeis.iter().position(|(nome, _)| nome == papel);
        let posicao =
            posicao.with_context(|| format!("“{papel}” não é um papel"))?;
        self.so = Some(posicao);
        Ok(())
    }

    /// Uma linha que o programa escreveu.
    pub fn linha(&mut self, papel: usize, texto: &str) {
        self.escrever(papel, texto);
    }

    /// O comando que iniciou o programa.
    pub fn comando(&mut self, papel: usize, comando: &str) {
        let texto = format!("$ {}", self.forte(comando));
        self.escrever(papel, &texto);
    }

    /// O que se digitou, depois da pergunta do programa, se houve.
    pub fn digitado(&mut self, papel: usize, pergunta: &str, texto: &str) {
        let (anteriores, pergunta) =
            pergunta.rsplit_once('\n').unwrap_or(("", pergunta));
        for linha in anteriores.lines() {
            self.escrever(papel, linha);
        }
        let sinal = if pergunta.is_empty() { "> " } else { pergunta };
        let texto = format!("{sinal}{}", self.forte(texto));
        self.escrever(papel, &texto);
    }

    /// O que se fez no teclado sem escrever nada, como Ctrl-D.
    pub fn gesto(&mut self, papel: usize, gesto: &str) {
        let texto = format!("> {}", self.forte(&format!("({gesto})")));
        self.escrever(papel, &texto);
    }

    fn forte(&self, texto: &str) -> String {
        if self.cor {
            format!("{NEGRITO}{texto}{NORMAL}")
        } else {
            texto.to_owned()
        }
    }

    fn escrever(&mut self, papel: usize, texto: &str) {
        if self.so.is_some_and(|so| so != papel) {
            return;
        }
        let (nome, host) = &self.papeis[papel];
        let largura = self.largura;
        let prefixo = if self.cor {
            format!("{}{nome:largura$} │{NORMAL}", cor_do_host(*host))
        } else {
            format!("{nome:largura$} │")
        };
        let texto = texto.trim_end();
        let linha = match self.so {
            Some(_) => texto.to_owned(),
            None => format!("{prefixo} {texto}"),
        };
        // Uma tela que se fechou (`demo | head`) não interrompe a conversa:
        // quem a encena ainda tem programas a encerrar.
        let _ = writeln!(self.destino, "{}", linha.trim_end());
        let _ = self.destino.flush();
    }
}
