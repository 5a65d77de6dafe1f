//! Tirar do programa, que já roda, os descritores de arquivo, e ver o que ele
//! faz sem eles.

use std::thread;
use std::time::Duration;

use super::Palco;
use super::cena::{Espera, Vigilia};
use super::conexao::{devagar, do_palco};
use super::evidencia::GIRANDO;
use super::veredicto::{Interrupcao, Passo};

/// De quanto em quanto tempo se pergunta se o programa já escuta.
const INTERVALO: Duration = Duration::from_millis(2);

impl Palco {
    /// Inicia o programa e espera que ele escute, sem conectar. Devolve o menor
    /// descritor que ele não usa: com esse limite, não consegue outro.
    pub fn esperar_que_escute(&mut self) -> Passo<u64> {
        self.iniciar()?;
        let mut vigilia = Vigilia::nova(&self.cena);
        let espera = vigilia.aguardar(|fatia| {
            thread::sleep(fatia.min(INTERVALO));
            let escutas = self.cena.programa().escutas();
            escutas.is_none_or(|escutas| self.escuta_aqui(&escutas))
        });
        if espera != Espera::Pronto {
            let destino = self.partida.destino();
            return Err(self.porque_nao_conectou(&destino, espera, false));
        }
        let livre = self.cena.programa().descritor_livre();
        livre.ok_or_else(|| {
            Interrupcao::Inconclusiva(
                "a oficina não vê os descritores do programa neste sistema"
                    .to_owned(),
            )
        })
    }

    /// O menor descritor que o programa não usa, se o sistema diz: cresce a
    /// cada conexão que ele esquece aberta.
    pub fn descritor_livre(&self) -> Option<u64> {
        self.cena.programa().descritor_livre()
    }

    /// Daqui em diante o programa só tem descritores menores que este. Os que
    /// já abriu continuam com ele.
    pub fn tirar_descritores(&mut self, limite: u64) -> Passo<()> {
        let tirou = self.cena.programa().mudar_limite(Some(limite));
        tirou.map_err(do_palco)?;
        let detalhe = format!("os descritores de 0 a {}", limite - 1);
        self.anotar_programa("ficou só com", &detalhe);
        Ok(())
    }

    /// Espera que o menor descritor livre do programa fique abaixo deste: ele
    /// devolve os das conexões que acabaram. `false` se para sem devolver.
    pub fn espera_descritor_abaixo_de(&mut self, teto: u64) -> Passo<bool> {
        let mut vigilia = Vigilia::nova(&self.cena);
        let espera = vigilia.aguardar(|fatia| {
            let livre = self.cena.programa().descritor_livre();
            if livre.is_none_or(|livre| livre < teto) {
                return true;
            }
            thread::sleep(fatia.min(INTERVALO));
            false
        });
        match espera {
            Espera::SemPrazo => Err(devagar()),
            espera => Ok(!matches!(espera, Espera::Silencio { .. })),
        }
    }

    /// Devolve o limite de sempre.
    pub fn devolver_descritores(&mut self) -> Passo<()> {
        let devolveu = self.cena.programa().mudar_limite(None);
        devolveu.map_err(do_palco)?;
        self.anotar_programa("recebeu", "os descritores de volta");
        Ok(())
    }

    /// Olha para o programa por este tempo (ou o dobro, se ele não para), sem
    /// falar com ele. Devolve a fração de um processador que ele quis, ou
    /// `None` se terminou.
    pub fn observar(&mut self, quanto: Duration) -> Passo<Option<f64>> {
        let mut vigilia = Vigilia::com_paciencia(&self.cena, quanto);
        let espera = vigilia.aguardar(|fatia| {
            thread::sleep(fatia);
            false
        });
        match espera {
            Espera::Silencio {
                segundos,
                processador,
            } => {
                let fracao = processador.unwrap_or_default();
                let tempo = format!("{segundos:.1}").replace('.', ",");
                if fracao >= GIRANDO {
                    let usou = 100.0 * fracao;
                    let detalhe =
                        format!("{usou:.0} % do processador em {tempo} s");
                    self.anotar_programa("usou", &detalhe);
                } else {
                    self.anotar_programa("ficou", &format!("{tempo} s parado"));
                }
                Ok(Some(fracao))
            }
            Espera::SemPrazo => Err(devagar()),
            Espera::Encerrou | Espera::Pronto => Ok(None),
        }
    }
}
