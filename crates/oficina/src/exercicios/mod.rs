//! Os exercícios que a oficina sabe conferir.
//!
//! O que se pede é texto (`crates/capNN-…/exercicio.toml`); como se confere é
//! código (`capNN.rs`, aqui). Esta lista junta os dois: um exercício novo é
//! aquele texto, um arquivo novo e uma linha a mais na lista.

use crate::enunciado::Enunciado;
use crate::palco::{Palco, Veredicto};

/// Uma etapa: o nome dela no `exercicio.toml` e a função que a confere.
#[derive(Clone, Copy)]
pub struct Etapa {
    pub id: &'static str,
    pub conferir: fn(&mut Palco) -> Veredicto,
    /// Se nenhuma outra pode conversar enquanto ela conversa.
    pub sozinha: bool,
}

impl Etapa {
    pub const fn nova(
        id: &'static str,
        conferir: fn(&mut Palco) -> Veredicto,
    ) -> Etapa {
        let sozinha = false;
        Etapa {
            id,
            conferir,
            sozinha,
        }
    }

    /// A mesma etapa, que muda o sistema ou mede o tempo, e por isso não tem
    /// companhia.
    pub const fn sozinha(self) -> Etapa {
        let sozinha = true;
        Etapa { sozinha, ..self }
    }
}

/// Um exercício conhecido pela oficina.
pub struct Exercicio {
    /// O nome da pasta e da página: `cap05-servidor-tcp`.
    pub capitulo: &'static str,
    texto: &'static str,
    pub etapas: &'static [Etapa],
}

macro_rules! exercicios {
    ($($modulo:ident => $capitulo:literal,)+) => {
        $(pub mod $modulo;)+

        /// Todos os exercícios, na ordem do livro.
        pub static EXERCICIOS: &[Exercicio] = &[
            $(Exercicio {
                capitulo: $capitulo,
                texto: include_str!(concat!(
                    "../../../", $capitulo, "/exercicio.toml"
                )),
                etapas: $modulo::ETAPAS,
            }),+
        ];
    };
}

exercicios! {
    cap01 => "cap01-o-que-e-um-socket",
    cap02 => "cap02-enderecos-e-nomes",
    cap03 => "cap03-as-dez-chamadas",
    cap04 => "cap04-cliente-tcp",
    cap05 => "cap05-servidor-tcp",
    cap06 => "cap06-enquadramento",
    cap07 => "cap07-ordem-dos-bytes",
    cap08 => "cap08-encerramento",
    cap09 => "cap09-prazos-e-erros",
    cap10 => "cap10-udp",
}

impl Exercicio {
    /// O que o exercício pede.
    pub fn enunciado(&self) -> anyhow::Result<Enunciado> {
        Enunciado::ler(self.capitulo, self.texto)
    }

    /// `cap05`, o começo do nome.
    pub fn curto(&self) -> &'static str {
        self.capitulo.split('-').next().unwrap_or(self.capitulo)
    }

    /// O exercício com este nome: `cap05-servidor-tcp`, `cap05`, `05` ou `5`.
    pub fn procurar(nome: &str) -> Option<&'static Exercicio> {
        let numero = nome.trim_start_matches("cap").parse::<u32>().ok();
        EXERCICIOS.iter().find(|exercicio| {
            exercicio.capitulo == nome
                || numero.is_some() && exercicio.numero() == numero
        })
    }

    fn numero(&self) -> Option<u32> {
        self.curto().trim_start_matches("cap").parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cada_exercicio_tem_as_etapas_do_enunciado_na_mesma_ordem() {
        for exercicio in EXERCICIOS {
            let enunciado = exercicio.enunciado().unwrap();
            let pedidas: Vec<_> =
                enunciado.etapas.iter().map(|e| e.id.as_str()).collect();
            let conferidas: Vec<_> =
                exercicio.etapas.iter().map(|e| e.id).collect();
            assert_eq!(pedidas, conferidas, "{}", exercicio.capitulo);
        }
    }

    #[test]
    fn o_capitulo_e_achado_pelo_nome_e_pelo_numero() {
        for exercicio in EXERCICIOS {
            let curto = exercicio.curto();
            let numero = curto.trim_start_matches("cap");
            let sem_zero = numero.trim_start_matches('0');
            for nome in [sem_zero, numero, curto, exercicio.capitulo] {
                let achado = Exercicio::procurar(nome).map(|e| e.capitulo);
                assert_eq!(achado, Some(exercicio.capitulo), "{nome}");
            }
        }
        assert!(Exercicio::procurar("cap99").is_none());
    }

    #[test]
    fn os_arquivos_dos_exercicios_estao_formatados() {
        // O rustfmt não segue módulos declarados dentro de uma macro.
        let pasta = concat!(env!("CARGO_MANIFEST_DIR"), "/src/exercicios");
        for exercicio in EXERCICIOS {
            let arquivo = format!("{pasta}/{}.rs", exercicio.curto());
            let saida = std::process::Command::new("rustfmt")
                .args(["--check", "--edition", "2024", &arquivo])
                .output()
                .expect("o rustfmt deve estar instalado");
            let diferenca = String::from_utf8_lossy(&saida.stdout);
            assert!(saida.status.success(), "{arquivo}:\n{diferenca}");
        }
    }
}
