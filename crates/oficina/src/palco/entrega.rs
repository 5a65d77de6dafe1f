//! Os modos de entrega: como os mesmos bytes chegam ao programa.

use std::fmt;

/// Como um fluxo de bytes é entregue ao programa.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrega {
    /// Uma escrita por mensagem.
    Inteiro,
    /// Um byte por segmento, com TCP_NODELAY, cada um depois que o programa
    /// leu o anterior.
    GotaAGota,
    /// Várias mensagens em uma escrita só.
    Colado,
    /// Um leitor sem pressa, com buffer de recepção pequeno: só lê depois de
    /// ter enviado o que pôde.
    Lento,
}

impl Entrega {
    pub const TODAS: [Entrega; 4] = [
        Entrega::Inteiro,
        Entrega::GotaAGota,
        Entrega::Colado,
        Entrega::Lento,
    ];
}

impl fmt::Display for Entrega {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Entrega::Inteiro => "inteiro",
            Entrega::GotaAGota => "gota a gota",
            Entrega::Colado => "colado",
            Entrega::Lento => "lento",
        })
    }
}

/// O que a rede faz com os datagramas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rede {
    Direto,
    /// Alguns datagramas não chegam.
    Perda,
    /// Alguns datagramas chegam duas vezes.
    Duplicata,
    /// Alguns datagramas chegam depois do seguinte.
    ForaDeOrdem,
}

impl Rede {
    pub const TODAS: [Rede; 4] = [
        Rede::Direto,
        Rede::Perda,
        Rede::Duplicata,
        Rede::ForaDeOrdem,
    ];
}

impl fmt::Display for Rede {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rede::Direto => "direto",
            Rede::Perda => "perda",
            Rede::Duplicata => "duplicata",
            Rede::ForaDeOrdem => "fora de ordem",
        })
    }
}
