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

/// Com as esperas do enunciado cabem seis tentativas no prazo.
const TENTATIVAS_DEMAIS: u32 = 12;

/// Quanto a conexão dura antes de cair: duas quedas já não cabem no prazo.
const DEMORA_DA_QUEDA: Duration = Duration::from_millis(700);

/// Repete o que pode, só o que pode, e com esperas que crescem.
pub fn repeticao(palco: &mut Palco) -> Veredicto {
    repete_a_leitura(palco)?;
    nao_repete_a_soma(palco)?;
    espera_cada_vez_mais(palco)?;
    nao_ganha_prazo_novo(palco)?;
    insiste_com_quem_recusa(palco)?;
    palco.titulo("ninguém chega a escutar");
    palco.argumentos(&["LER caixa"]);
    let reserva = palco.reservar()?;
    palco.apresentar_reserva(&reserva)?;
    let porque = "a conexão foi recusada até o prazo acabar";
    match palco.terminou_em(LIMITE)? {
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

/// A conexão cai, e a soma pode já ter sido feita.
fn nao_repete_a_soma(palco: &mut Palco) -> Veredicto {
    palco.titulo("a conexão cai antes da resposta a SOMAR");
    palco.argumentos(&["SOMAR caixa 10"]);
    let ouvinte = palco.ouvir()?;
    palco.apresentar(&ouvinte)?;
    let mut conexao = ouvinte.aceitar_em(LIMITE)?;
    receber(&mut conexao, "SOMAR caixa 10")?;
    palco.narrar("servidor", "somei", "10 à conta; agora são 10");
    conexao.fechar();
    let mut parada = palco.parada();
    let porque = "a conexão caiu depois de SOMAR";
    while !parada.passou_de(LIMITE, palco)? {
        if veio_outra(&ouvinte) {
            let mut outra = ouvinte.aceitar_em(LIMITE)?;
            if outra.ler(1).is_ok() {
                return palco.falhar(
                    Codigo::M34,
                    "a conexão caiu depois de SOMAR, e o programa enviou \
                     o pedido de novo: a conta receberia 20 em vez de 10",
                );
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

/// Todas as conexões caem: quantas cabem no prazo?
fn espera_cada_vez_mais(palco: &mut Palco) -> Veredicto {
    palco.titulo("a conexão cai sempre");
    palco.argumentos(&["LER caixa"]);
    let ouvinte = palco.ouvir()?;
    palco.apresentar(&ouvinte)?;
    let mut conexao = ouvinte.aceitar_em(LIMITE)?;
    let inicio = Instant::now();
    let mut parada = palco.parada();
    let mut tentativas = 0;
    let porque = "a conexão caiu sempre, até o prazo acabar";
    loop {
        receber(&mut conexao, "LER caixa")?;
        conexao.fechar();
        tentativas += 1;
        if tentativas > TENTATIVAS_DEMAIS {
            let em = inicio.elapsed().as_millis();
            return palco.falhar(
                Codigo::SemRecuo,
                format!(
                    "o programa tentou {tentativas} vezes em {em} ms; com \
                     esperas que dobram, cabem 6 no prazo inteiro"
                ),
            );
        }
        while !veio_outra(&ouvinte) {
            if let Some(saida) = palco.terminou() {
                let estados = [CORTADA, ESGOTADO];
                return conferir_estado(palco, saida, &estados, porque);
            }
            if parada.passou_de(LIMITE, palco)? {
                return nao_desistiu(palco, Codigo::M33, porque);
            }
        }
        conexao = ouvinte.aceitar_em(LIMITE)?;
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
    let demorei = inicio.elapsed();
    let resultado = (|| {
        let mut conexao = ouvinte.aceitar_em(LIMITE)?;
        receber(&mut conexao, "SOMAR caixa 10")?;
        conexao.enviar(&quadro("agora são 10"))?;
        esperar_respostas(palco, &["agora são 10"], Codigo::Encerrou)
    })();
    sem_culpa(resultado, demorei)
        .contexto("uma conexão recusada não enviou nada, e pode ser repetida")
}
