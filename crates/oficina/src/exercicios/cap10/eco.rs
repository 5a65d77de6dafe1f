//! A primeira etapa: o programa é o servidor, e devolve a cada um o que
//! recebeu dele.

use std::thread;
use std::time::{Duration, Instant};

use super::{FATIA, MAIOR_TEXTO};
use crate::erros_classicos::Codigo;
use crate::palco::{
    Datagramas, Diagnosticar, Interrupcao, Palco, Passo, Rede, Veredicto, bytes,
};

/// O que se responde a um datagrama que passa do limite.
const LONGO_DEMAIS: &[u8] = b"longo demais";

/// Acima do limite. No Windows, ler um datagrama que não cabe no buffer é um
/// erro que não diz de quem ele veio: lá, só o que cabe no byte a mais.
const LONGOS: &[usize] = if cfg!(windows) {
    &[1201]
} else {
    &[1201, 5000]
};

/// Quantos datagramas passam por cada rede ruim.
const DATAGRAMAS: usize = 6;

/// Quanto se espera por uma resposta que não deve vir.
const SILENCIO: Duration = Duration::from_millis(50);

/// Quanto tempo se deixa o servidor sem ninguém: mais do que o segundo que o
/// cliente do mesmo exercício espera.
const SEM_NINGUEM: Duration = Duration::from_millis(1300);

/// Cada datagrama volta a quem o enviou, byte a byte.
pub fn eco(palco: &mut Palco) -> Veredicto {
    let mut ana = palco.datagramas_como("Ana", Rede::Direto)?;
    let mut beto = palco.datagramas_como("Beto", Rede::Direto)?;
    palco.titulo("um datagrama, e ele de volta");
    let texto = palco.sorte().linha(40);
    ecoar(&mut ana, texto.as_bytes())?;
    intercalados(palco, &mut ana, &mut beto)?;
    binario(palco, &mut ana)?;
    vazio(palco, &mut beto)?;
    grandes(palco, &mut ana)?;
    for rede in [Rede::Duplicata, Rede::ForaDeOrdem, Rede::Perda] {
        por_uma_rede(palco, rede)?;
    }
    depois_do_silencio(palco, &mut ana)
}

/// Ninguém envia nada por um tempo: quem copia do cliente o tempo limite da
/// leitura desiste, e o servidor não pode desistir.
fn depois_do_silencio(
    palco: &mut Palco,
    cliente: &mut Datagramas,
) -> Veredicto {
    palco.titulo("ninguém envia nada por um tempo, e Ana volta");
    let fim = Instant::now() + SEM_NINGUEM;
    while Instant::now() < fim {
        if palco.terminou().is_some() {
            return palco.falhar(
                Codigo::Encerrou,
                "ninguém enviava nada, e o programa terminou; um servidor \
                 espera o próximo, por mais que demore",
            );
        }
        thread::sleep(FATIA);
    }
    let mensagem = palco.sorte().linha(20);
    ecoar(cliente, mensagem.as_bytes())
        .contexto("depois de um tempo sem ninguém")
}

fn ecoar(cliente: &mut Datagramas, mensagem: &[u8]) -> Passo<()> {
    cliente.enviar_direto(mensagem)?;
    cliente.esperar(mensagem)
}

/// Dois enviam antes que alguém leia, duas vezes, em ordens trocadas.
fn intercalados(
    palco: &mut Palco,
    ana: &mut Datagramas,
    beto: &mut Datagramas,
) -> Veredicto {
    palco.titulo("dois remetentes, intercalados");
    for rodada in 1..=2 {
        let marca = palco.sorte().palavra();
        let dela = format!("Ana {rodada} {marca}");
        let dele = format!("Beto {rodada} {marca}");
        if rodada == 1 {
            ana.enviar_direto(dela.as_bytes())?;
            beto.enviar_direto(dele.as_bytes())?;
        } else {
            beto.enviar_direto(dele.as_bytes())?;
            ana.enviar_direto(dela.as_bytes())?;
        }
        ao_remetente(ana.esperar(dela.as_bytes()))?;
        ao_remetente(beto.esperar(dele.as_bytes()))?;
    }
    Ok(())
}

/// Quem não recebeu o que lhe cabia, com o programa no ar, não foi respondido.
fn ao_remetente(resultado: Veredicto) -> Veredicto {
    match resultado {
        Err(Interrupcao::Falha(mut falha))
            if matches!(falha.codigo, Codigo::Calado | Codigo::Diferente) =>
        {
            falha.codigo = Codigo::RemetenteErrado;
            Err(Interrupcao::Falha(falha))
        }
        resultado => resultado,
    }
}

/// Bytes que não são texto: fora do UTF-8, zeros e um fim de linha no fim.
fn binario(palco: &mut Palco, cliente: &mut Datagramas) -> Veredicto {
    palco.titulo("bytes que não são texto");
    let mut mensagem = palco.sorte().bytes(60);
    mensagem.extend([0xFF, 0x00, 0xC3, 0x28, 0x80, b'\n']);
    ecoar(cliente, &mensagem).codigo(Codigo::ComoTexto)
}

/// O vazio volta vazio, e não encerra nada.
fn vazio(palco: &mut Palco, cliente: &mut Datagramas) -> Veredicto {
    palco.titulo("um datagrama vazio volta vazio, e não encerra nada");
    let depois = format!("depois do vazio {}", palco.sorte().palavra());
    match ecoar(cliente, b"") {
        Err(Interrupcao::Falha(falha)) if falha.codigo == Codigo::Calado => {
            ecoar(cliente, depois.as_bytes()).codigo(Codigo::M28)?;
            palco.falhar(
                Codigo::Calado,
                "o datagrama vazio não voltou; o seguinte, sim",
            )
        }
        Err(Interrupcao::Falha(falha)) if falha.codigo == Codigo::Encerrou => {
            Err(Interrupcao::Falha(falha)).codigo(Codigo::M28)
        }
        voltou => {
            voltou?;
            ecoar(cliente, depois.as_bytes()).codigo(Codigo::M28)
        }
    }
}

/// O maior que pode volta inteiro; o que passa dele é percebido.
fn grandes(palco: &mut Palco, cliente: &mut Datagramas) -> Veredicto {
    palco.titulo(format!("{MAIOR_TEXTO} bytes ainda podem"));
    let cheio = palco.sorte().bytes(MAIOR_TEXTO);
    cliente.enviar_direto(&cheio)?;
    let chegou = cliente.receber()?;
    if chegou.bytes == LONGO_DEMAIS {
        return palco.falhar(
            Codigo::Diferente,
            format!(
                "um datagrama de {MAIOR_TEXTO} bytes não passa do limite, e o \
                 programa respondeu “longo demais”"
            ),
        );
    }
    cliente
        .comparar(&chegou, &cheio)
        .diagnosticar(|e| e.so_o_comeco().then_some(Codigo::M27))?;
    for &tamanho in LONGOS {
        longo(palco, cliente, tamanho)?;
    }
    palco.titulo("e depois dele, um curto");
    let curto = palco.sorte().linha(20);
    ecoar(cliente, curto.as_bytes())
}

fn longo(
    palco: &mut Palco,
    cliente: &mut Datagramas,
    tamanho: usize,
) -> Veredicto {
    palco.titulo(format!("{} passam do limite", bytes(tamanho)));
    let enviado = palco.sorte().bytes(tamanho);
    cliente.enviar_direto(&enviado)?;
    let chegou = cliente.receber().contexto(&format!(
        "enviei {}, mais do que {MAIOR_TEXTO}, e a resposta é “longo demais”",
        bytes(tamanho)
    ))?;
    let de_volta = chegou.bytes.len();
    if de_volta > 0 && enviado.starts_with(&chegou.bytes) {
        let (codigo, visto) = match de_volta < tamanho {
            true => (Codigo::M27, format!("voltaram só {}", bytes(de_volta))),
            false => (Codigo::Diferente, "ele voltou inteiro".to_owned()),
        };
        return palco.falhar(
            codigo,
            format!(
                "enviei {}, mais do que {MAIOR_TEXTO}, e {visto}; esperava \
                 “longo demais”",
                bytes(tamanho)
            ),
        );
    }
    cliente.comparar(&chegou, LONGO_DEMAIS)
}

/// Volta exatamente o que a rede entregou, na ordem que for.
fn por_uma_rede(palco: &mut Palco, rede: Rede) -> Veredicto {
    palco.titulo(format!("rede: {rede}"));
    let mut cliente = palco.datagramas_como("Ana", rede)?;
    for _ in 0..DATAGRAMAS {
        cliente.enviar(&palco.sorte().bytes(24))?;
    }
    cliente.soltar_atrasado()?;
    let mut faltam = cliente.entregues().to_vec();
    while !faltam.is_empty() {
        let falta = format!("de {DATAGRAMAS}, faltam voltar {}", faltam.len());
        let chegou = cliente.receber_direto().contexto(&falta)?;
        match faltam.iter().position(|falta| *falta == chegou.bytes) {
            Some(qual) => {
                faltam.swap_remove(qual);
            }
            None => return cliente.comparar(&chegou, &faltam[0]),
        }
    }
    cliente.esperar_silencio(SILENCIO)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::net::UdpSocket;

    use super::*;
    use crate::conferencia::porta_livre;
    use crate::palco::programa::{
        Escuta, Esforco, LinhaEscrita, Partida, Programa, Situacao,
    };
    use crate::palco::{PRAZO, Relogio};

    /// Quanto este eco demora a associar o endereço.
    const DEMORA: Duration = Duration::from_millis(200);

    /// Um eco em uma thread, onde o sistema não conta quem associou o quê.
    struct EcoTardio;

    impl Programa for EcoTardio {
        fn iniciar(&mut self, partida: &Partida) -> Result<(), String> {
            assert!(partida.argumentos.is_empty());
            let endereco = partida.endereco;
            thread::spawn(move || {
                thread::sleep(DEMORA);
                let socket = UdpSocket::bind(endereco).unwrap();
                socket.set_read_timeout(Some(PRAZO)).unwrap();
                let mut buffer = [0; MAIOR_TEXTO + 1];
                while let Ok((lidos, de)) = socket.recv_from(&mut buffer) {
                    let cabe = lidos <= MAIOR_TEXTO;
                    let eco =
                        if cabe { &buffer[..lidos] } else { LONGO_DEMAIS };
                    socket.send_to(eco, de).unwrap();
                }
            });
            Ok(())
        }

        fn encerrar(&mut self) {}

        fn situacao(&mut self) -> Situacao {
            Situacao::Vivo
        }

        fn esforco(&mut self) -> Esforco {
            Esforco::default()
        }

        fn escutas(&mut self) -> Option<Vec<Escuta>> {
            None
        }

        fn escrever(&mut self, _: &[u8]) -> io::Result<()> {
            Ok(())
        }

        fn fechar_entrada(&mut self) {}

        fn escrito(&mut self) -> Vec<LinhaEscrita> {
            Vec::new()
        }
    }

    #[test]
    fn o_eco_que_demora_a_comecar_passa_sem_que_o_sistema_o_anuncie() {
        let endereco = porta_livre(7, 0, false);
        let relogio = Relogio::novo(PRAZO);
        let mut palco = Palco::novo(Box::new(EcoTardio), endereco, relogio, 7);
        let veredicto = eco(&mut palco);
        let historia = format!("{:?}", palco.cena().transcricao().linhas());
        assert!(veredicto.is_ok(), "{veredicto:?}\n{historia}");
    }
}
