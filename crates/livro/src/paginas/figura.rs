//! `{{#fio captura.pcap}}`: a escada de uma captura, desenhada pela sala
//! `fio`.

use super::Lugar;
use super::argumentos::separar;
use crate::falha::Falha;
use crate::html::em_uma_linha;
use crate::memoria::Memoria;
use fio::Captura;
use fio::figura::Pedido;
use std::path::Path;

/// A figura da captura; `linhas` são as de dentro do bloco, se ele existe.
pub fn figura(
    lugar: Lugar<'_>,
    argumentos: &str,
    linhas: &[&str],
) -> Result<String, Falha> {
    let (caminho, mut pedido) = ler_argumentos(lugar, argumentos)?;
    ler_legendas(lugar, linhas, &mut pedido)?;
    let (arquivo, bytes) = lugar.ler(&caminho)?;
    pedido.nome = nome(&arquivo);
    static PRONTAS: Memoria<Result<String, fio::Erro>> = Memoria::nova();
    let chave = (&bytes, format!("{pedido:?}"));
    let captura = Captura::ler(&bytes)
        .map_err(|erro| lugar.falha_em(&arquivo, 1, erro.to_string()))?;
    let pronta = PRONTAS.lembrar(chave, || {
        let html = fio::figura::html(&captura, &pedido)?;
        Ok(em_uma_linha(&html))
    });
    match &*pronta {
        Ok(html) => Ok(html.clone()),
        Err(erro) => Err(lugar.falha(format!("a figura não sai: {erro}"))),
    }
}

/// `fio/eco.pcap`: o nome como ele aparece na figura.
fn nome(arquivo: &Path) -> String {
    let partes: Vec<String> = arquivo
        .iter()
        .rev()
        .take(2)
        .map(|parte| parte.to_string_lossy().into_owned())
        .collect();
    partes.into_iter().rev().collect::<Vec<_>>().join("/")
}

fn ler_argumentos(
    lugar: Lugar<'_>,
    argumentos: &str,
) -> Result<(String, Pedido), Falha> {
    let lidos = separar(argumentos).map_err(|texto| lugar.falha(texto))?;
    let mut caminho = String::new();
    let mut pedido = Pedido::default();
    for (nome, valor) in lidos {
        match nome.as_deref() {
            None if caminho.is_empty() => caminho = valor,
            Some("filtro") => pedido.filtro = valor,
            _ => return Err(forma(lugar)),
        }
    }
    if caminho.is_empty() {
        return Err(forma(lugar));
    }
    Ok((caminho, pedido))
}

fn forma(lugar: Lugar<'_>) -> Falha {
    lugar.falha(
        "escreva `{{#fio ../crates/…/fio/nome.pcap filtro=\"tcp\"}}`; o \
         filtro pode faltar",
    )
}

fn ler_legendas(
    lugar: Lugar<'_>,
    linhas: &[&str],
    pedido: &mut Pedido,
) -> Result<(), Falha> {
    for (posicao, linha) in linhas.iter().enumerate() {
        if linha.trim().is_empty() {
            continue;
        }
        let partes = linha
            .split_once(':')
            .map(|(quem, texto)| (quem.trim(), texto.trim().to_string()));
        match partes {
            Some(("legenda", texto)) => pedido.legenda = texto,
            Some((numero, texto)) if numero.parse::<usize>().is_ok() => {
                let numero = numero.parse().unwrap_or_default();
                pedido.legendas.push((numero, texto));
            }
            _ => {
                return Err(lugar.abaixo(posicao + 1).falha(
                    "dentro de `{{#fio}}` cada linha é `4: legenda do pacote \
                     4` ou `legenda: texto da figura`",
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod testes {
    use crate::paginas::bancada_de_teste::Mesa;

    /// Uma captura (pcap, IP direto) com um SYN de 10.0.0.1 para 10.0.0.2.
    fn captura() -> Vec<u8> {
        let syn: [u8; 40] = [
            0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0x26, 0xce, 10, 0, 0, 1, 10,
            0, 0, 2, 0xbd, 0x96, 0x1b, 0x5d, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2,
            0xfa, 0xf0, 0, 0, 0, 0,
        ];
        let mut bytes = Vec::new();
        let cabecalho = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65535, 101];
        let registro = [1_u32, 0, 40, 40];
        for numero in cabecalho.into_iter().chain(registro) {
            bytes.extend(numero.to_le_bytes());
        }
        bytes.extend(syn);
        bytes
    }

    fn mesa() -> Mesa {
        let mesa = Mesa::com(&[
            ("book/cap05-teste.md", ""),
            ("crates/a/fio/ruim.pcap", "isto não é uma captura"),
        ]);
        let destino = mesa.contexto.raiz.join("crates/a/fio/eco.pcap");
        std::fs::write(destino, captura()).expect("escrever a captura");
        mesa
    }

    #[test]
    fn a_captura_vira_uma_figura_em_uma_linha() {
        let html = mesa().html("{{#fio ../crates/a/fio/eco.pcap}}");

        assert!(html.contains("<figure class=\"fio\""), "{html}");
        assert_eq!(html.trim().lines().count(), 1);
    }

    #[test]
    fn a_forma_em_bloco_leva_legendas() {
        let html = mesa().html(
            "{{#fio ../crates/a/fio/eco.pcap filtro=\"tcp\"}}\n\
             1: o cliente bate à porta\n\
             legenda: A conversa inteira\n{{/fio}}",
        );

        assert!(html.contains("o cliente bate à porta"), "{html}");
        assert!(html.contains("A conversa inteira"), "{html}");
    }

    #[test]
    fn um_arquivo_que_nao_e_captura_e_uma_falha_no_arquivo() {
        let falha = mesa().falha("{{#fio ../crates/a/fio/ruim.pcap}}");

        assert!(falha.starts_with("crates/a/fio/ruim.pcap:1: "), "{falha}");
    }

    #[test]
    fn uma_legenda_de_um_pacote_que_nao_existe_e_uma_falha() {
        let falha = mesa()
            .falha("{{#fio ../crates/a/fio/eco.pcap}}\n999: nada\n{{/fio}}");

        assert!(falha.starts_with("book/cap05-teste.md:1: "), "{falha}");
        assert!(falha.contains("999"), "{falha}");
    }

    #[test]
    fn uma_linha_sem_numero_e_uma_falha() {
        let falha =
            mesa().falha("{{#fio ../crates/a/fio/eco.pcap}}\nolá\n{{/fio}}");

        assert!(falha.starts_with("book/cap05-teste.md:2: "), "{falha}");
    }

    #[test]
    fn um_filtro_errado_e_uma_falha() {
        let falha = mesa()
            .falha("{{#fio ../crates/a/fio/eco.pcap filtro=\"porta porta\"}}");

        assert!(falha.contains("a figura não sai"), "{falha}");
    }

    #[test]
    fn uma_figura_sem_captura_e_uma_falha() {
        let falha = mesa().falha("{{#fio}}");

        assert!(falha.contains("escreva `{{#fio"), "{falha}");
    }
}
