//! As cores do terminal: uma por papel, as mesmas do livro. Nunca dizem nada
//! sozinhas, e somem quando a saída não é um terminal ou `NO_COLOR` existe.

use std::io::IsTerminal;

/// Quem escreve com ou sem cor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tinta {
    ligada: bool,
}

/// O que a cor significa.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cor {
    Cliente,
    Servidor,
    Certo,
    Errado,
    /// O que o leitor pode fazer.
    Acento,
    Suave,
    Forte,
}

impl Tinta {
    pub fn sem_cor() -> Tinta {
        Tinta { ligada: false }
    }

    pub fn com_cor() -> Tinta {
        Tinta { ligada: true }
    }

    /// Com cor se a saída padrão é um terminal que a quer.
    pub fn da_saida() -> Tinta {
        let recusada = std::env::var_os("NO_COLOR")
            .is_some_and(|valor| !valor.is_empty())
            || std::env::var_os("TERM").is_some_and(|t| t == "dumb");
        Tinta {
            ligada: std::io::stdout().is_terminal() && !recusada,
        }
    }

    pub fn ligada(self) -> bool {
        self.ligada
    }

    /// O texto na cor pedida.
    pub fn pintar(self, cor: Cor, texto: &str) -> String {
        if !self.ligada || texto.is_empty() {
            return texto.to_owned();
        }
        // Tons médios da paleta de 256 cores: legíveis em fundo claro e escuro.
        let codigo = match cor {
            Cor::Cliente => "38;5;69",
            Cor::Servidor => "38;5;173",
            Cor::Certo => "38;5;71",
            Cor::Errado => "38;5;167",
            Cor::Acento => "38;5;37",
            Cor::Suave => "38;5;245",
            Cor::Forte => "1",
        };
        format!("\x1b[{codigo}m{texto}\x1b[0m")
    }
}
