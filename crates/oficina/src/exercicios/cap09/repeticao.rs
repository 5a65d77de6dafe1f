//! Capítulo 9, a etapa da repetição: o que se tenta de novo, e quando.

use std::thread;
use std::time::{Duration, Instant};

use super::{
    CORTADA, ESGOTADO, LIMITE, OLHADA, RECUSADA, conferir_estado,
    esperar_respostas, nao_desistiu, quadro, receber, sem_culpa,
};
use crate::erros_classicos::Codigo;
use crate::palco::{
    Diagnosticar, Interesse, Ouvinte, Palco, Veredicto, esperar_socket,
};

/// Quanto o servidor demora para começar a escutar.
const DEMORA: Duration = Duration::from_millis(300);

/// A menor primeira espera do enunciado são 25 ms; a folga é para relógios
/// que acordam um pouco antes. Uma máquina lenta só a torna maior.
const PRIMEIRA_ESPERA: Duration = Duration::from_millis(20);

/// Com as esperas do enunciado, quem é recusado insiste por 375 ms ou mais.
const INSISTENCIA: Duration = Duration::from_millis(350);

/// Quanto a conexão dura antes de cair: duas quedas já não cabem no prazo.
const DEMORA_DA_QUEDA: Duration = Duration::from_millis(700);

/// O processador que só gasta, entre uma queda e a tentativa seguinte, quem gira
/// em falso: quem espera não gasta nada.
const GIRO: Duration = Duration::from_millis(300);

/// Como uma conexão cai.
#[derive(Clone, Copy)]
enum Queda {
    NoMeio,
    Reset,
}

/// Repete o que pode, só o que pode, e com esperas que crescem.
pub fn repeticao(palco: &mut Palco) -> Veredicto {
    repete_a_leitura(palco)?;
    for queda in [Queda::NoMeio, Queda::Reset] {
        nao_repete_a_soma(palco, queda)?;
    }
    espera_cada_vez_mais(palco)?;
    nao_ganha_prazo_novo(palco)?;
    insiste_com_quem_recusa(palco)?;
    desiste_de_quem_recusa(palco)
}

/// Ninguém escuta, nunca: insiste enquanto a espera cabe no prazo.
fn desiste_de_quem_recusa(palco: &mut Palco) -> Veredicto {
    palco.titulo("ninguém chega a escutar");
    palco.argumentos(&["LER caixa"]);
    let reserva = palco.reservar()?;
    let inicio = Instant::now();
    palco.apresentar_reserva(&reserva)?;
    let porque = "a conexão foi recusada até o prazo acabar";
    match palco.terminou_em(LIMITE)? {
        Some(_) if inicio.elapsed() < INSISTENCIA => palco.falhar(
            Codigo::Encerrou,
            format!(
                "a conexão foi recusada, e o programa desistiu em {} ms, \
                 quando mais uma espera ainda cabia no prazo",
                inicio.elapsed().as_millis()
            ),
        ),
        Some(saida) => {
            conferir_estado(palco, saida, &[RECUSADA, ESGOTADO], porque)
        }
        None => nao_desistiu(palco, Codigo::M33, porque),
    }
}

/// Duas quedas antes da resposta, e na terceira vez ela vem.
fn repete_a_leitura(palco: &mut Palco) -> Veredicto {
    palco.titulo("a conexão cai duas vezes antes da resposta a LER");
    palco.argumentos(&["LER caixa"]);
    let ouvinte = palco.ouvir()?;
    palco.apresentar(&ouvinte)?;
    let mut conexao = ouvinte.aceitar_em(LIMITE)?;
    let inicio = Instant::now();
    receber(&mut conexao, "LER caixa")?;
    conexao.fechar();
    nao_gira(palco, &ouvinte)?;
    let resultado = (|| {
        let mut conexao = ouvinte.aceitar_em(LIMITE)?;
        receber(&mut conexao, "LER caixa")?;
        conexao.redefinir()?;
        let mut conexao = ouvinte.aceitar_em(LIMITE)?;
        receber(&mut conexao, "LER caixa")?;
        conexao.enviar(&quadro("até que enfim"))?;
        esperar_respostas(palco, &["até que enfim"], Codigo::Encerrou)
    })();
    sem_culpa(resultado, inicio.elapsed())
        .contexto("LER só pergunta, e pode ser repetido")
}

/// Espera a conexão seguinte, ou que o programa desista. Quem, até lá, gasta o
/// processador em vez de esperar lê sem parar o fim de quem fechou.
fn nao_gira(palco: &mut Palco, ouvinte: &Ouvinte) -> Veredicto {
    let antes = palco.processador().unwrap_or_default();
    let mut gasto = Duration::ZERO;
    let mut parada = palco.parada();
    while !veio_outra(ouvinte) && palco.terminou().is_none() {
        // De quem terminou não se sabe mais: vale a última vez.
        if let Some(agora) = palco.processador() {
            gasto = gasto.max(agora.saturating_sub(antes));
        }
        if gasto >= GIRO {
            return palco.falhar(
                Codigo::M07,
                format!(
                    "a conexão foi fechada antes da resposta a LER, e em vez \
                     de tentar de novo o programa gastou {} ms de processador",
                    gasto.as_millis()
                ),
            );
        }
        if parada.passou_de(LIMITE, palco)? {
            break;
        }
    }
    Ok(())
}

/// A conexão cai, e a soma pode já ter sido feita.
fn nao_repete_a_soma(palco: &mut Palco, queda: Queda) -> Veredicto {
    palco.titulo(match queda {
        Queda::Reset => "um reset chega antes da resposta a SOMAR",
        Queda::NoMeio => "a conexão cai no meio da resposta a SOMAR",
    });
    palco.argumentos(&["SOMAR caixa 10", "LER caixa"]);
    let ouvinte = palco.ouvir()?;
    palco.apresentar(&ouvinte)?;
    let mut conexao = ouvinte.aceitar_em(LIMITE)?;
    receber(&mut conexao, "SOMAR caixa 10")?;
    palco.narrar("servidor", "somei", "10 à conta; agora são 10");
    match queda {
        Queda::NoMeio => {
            conexao.enviar(&quadro("agora são 10")[..5])?;
            conexao.fechar();
        }
        Queda::Reset => conexao.redefinir()?,
    }
    let mut parada = palco.parada();
    let porque = "a conexão caiu depois de SOMAR";
    while !parada.passou_de(LIMITE, palco)? {
        if veio_outra(&ouvinte) {
            let mut outra = ouvinte.aceitar_em(LIMITE)?;
            // O tamanho e a primeira letra já dizem qual é o pedido.
            match outra.ler(3) {
                Ok(comeco) if comeco[2] == b'L' => {
                    return palco.falhar(
                        Codigo::Diferente,
                        "SOMAR ficou sem resposta, e o programa passou ao \
                         pedido seguinte; o requisito pede que termine",
                    );
                }
                Ok(_) => {
                    return palco.falhar(
                        Codigo::M34,
                        "a conexão caiu depois de SOMAR, e o programa \
                         enviou o pedido de novo: a conta receberia 20 em \
                         vez de 10",
                    );
                }
                Err(_) => {}
            }
        }
        if let Some(saida) = palco.terminou() {
            return conferir_estado(palco, saida, &[CORTADA], porque);
        }
    }
    nao_desistiu(palco, Codigo::M32, porque)
}

/// Se há uma conexão nova na fila; espera um pouco por ela.
fn veio_outra(ouvinte: &Ouvinte) -> bool {
    esperar_socket(ouvinte.socket(), Interesse::Leitura, OLHADA)
}

/// Todas as conexões caem: a espera dobra de uma para a outra?
fn espera_cada_vez_mais(palco: &mut Palco) -> Veredicto {
    palco.titulo("a conexão cai sempre");
    palco.argumentos(&["LER caixa"]);
    let ouvinte = palco.ouvir()?;
    palco.apresentar(&ouvinte)?;
    let mut conexao = ouvinte.aceitar_em(LIMITE)?;
    let mut parada = palco.parada();
    let mut espera = PRIMEIRA_ESPERA;
    let mut tentativas = 0;
    let estados = [CORTADA, ESGOTADO];
    let porque = "a conexão caiu sempre, até o prazo acabar";
    loop {
        let pedido = receber(&mut conexao, "LER caixa");
        // O prazo também pode acabar entre conectar e enviar.
        if pedido.is_err()
            && tentativas > 0
            && let Ok(saida) = palco.esperar_que_termine()
        {
            return conferir_estado(palco, saida, &estados, porque);
        }
        pedido?;
        tentativas += 1;
        let queda = Instant::now();
        conexao.fechar();
        while !veio_outra(&ouvinte) {
            if let Some(saida) = palco.terminou() {
                return conferir_estado(palco, saida, &estados, porque);
            }
            if parada.passou_de(LIMITE, palco)? {
                return nao_desistiu(palco, Codigo::M33, porque);
            }
        }
        conexao = ouvinte.aceitar_em(LIMITE)?;
        let esperou = queda.elapsed();
        if esperou < espera {
            return palco.falhar(
                Codigo::SemRecuo,
                format!(
                    "o programa tentou de novo {} ms depois da queda; a \
                     espera desta vez é de {} ms ou mais",
                    esperou.as_millis(),
                    espera.as_millis() * 5 / 4
                ),
            );
        }
        espera *= 2;
    }
}

/// Cada tentativa demora, e a conexão cai: o prazo é um só para todas, e ele
/// já passou quando a segunda cai. Uma terceira só vem de quem ganhou outro.
fn nao_ganha_prazo_novo(palco: &mut Palco) -> Veredicto {
    palco.titulo("a conexão demora, cai, demora e cai");
    palco.argumentos(&["LER caixa"]);
    let ouvinte = palco.ouvir()?;
    palco.apresentar(&ouvinte)?;
    let porque = "a conexão caiu devagar até o prazo acabar";
    let inicio = Instant::now();
    let mut parada = palco.parada();
    for _ in 0..2 {
        let mut conexao = ouvinte.aceitar_em(LIMITE)?;
        receber(&mut conexao, "LER caixa")?;
        let queda = Instant::now() + DEMORA_DA_QUEDA;
        while palco.terminou().is_none() && Instant::now() < queda {
            thread::sleep(OLHADA);
        }
        conexao.fechar();
        while palco.terminou().is_none() && !veio_outra(&ouvinte) {
            if parada.passou_de(LIMITE, palco)? {
                return nao_desistiu(palco, Codigo::M33, porque);
            }
        }
        if let Some(saida) = palco.terminou() {
            return conferir_estado(palco, saida, &[ESGOTADO, CORTADA], porque);
        }
    }
    palco.falhar(
        Codigo::M33,
        format!(
            "o prazo é de 1 s para todas as tentativas, e o programa começou \
             a terceira {} ms depois da primeira",
            inicio.elapsed().as_millis()
        ),
    )
}

/// O servidor demora para começar: quem foi recusado não enviou nada, e pode
/// insistir até com SOMAR.
fn insiste_com_quem_recusa(palco: &mut Palco) -> Veredicto {
    palco.titulo("o servidor começa a escutar depois do programa");
    palco.argumentos(&["SOMAR caixa 10"]);
    let reserva = palco.reservar()?;
    palco.apresentar_reserva(&reserva)?;
    let inicio = Instant::now();
    thread::sleep(DEMORA);
    let ouvinte = palco.escutar(reserva, 1)?;
    let resultado = (|| {
        let mut conexao = ouvinte.aceitar_em(LIMITE)?;
        receber(&mut conexao, "SOMAR caixa 10")?;
        conexao.enviar(&quadro("agora são 10"))?;
        esperar_respostas(palco, &["agora são 10"], Codigo::Encerrou)
    })();
    sem_culpa(resultado, inicio.elapsed())
        .contexto("uma conexão recusada não enviou nada, e pode ser repetida")
}
